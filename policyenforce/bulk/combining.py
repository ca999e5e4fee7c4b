"""What several agreements are worth together, for many pairs at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from policyenforce.policy.relations import TO_A_CLUSTER

Flags = NDArray[np.bool_]
Counts = NDArray[np.int8]
Ratios = NDArray[np.float32]


def combined(
    shared: Mapping[str, Flags], hand: Counts, settled: Counts, to_a_cluster: Ratios
) -> dict[str, Flags]:
    """The vectorised ``AccountRelations.combined``.

    ``shared`` says for each group where it is worth something; ``hand`` and ``settled`` count the
    things of one hand, and those of them used in one place, that agree; ``to_a_cluster`` says how
    many accounts to a cluster bear one of them, at most.
    """
    office = shared["company"] | shared["address"] | shared["registration"] | shared["tax"]
    return {
        "two_of_hand": hand > 1,
        "three_of_hand": hand > 2,
        "four_of_hand": hand > 3,
        "two_settled": settled > 1,
        "three_settled": settled > 2,
        "four_settled": settled > 3,
        "hand_and_person": (hand > 0) & shared["person"],
        "hand_and_network": (hand > 0) & shared["network"],
        "hand_and_office": (hand > 0) & office,
        "person_and_address": shared["person"] & shared["address"],
        **{name: to_a_cluster >= accounts for name, accounts in TO_A_CLUSTER},
    }


def counted(flags: Sequence[Flags]) -> Counts:
    """How many of these hold, for each pair."""
    count: Counts = np.sum(flags, axis=0, dtype=np.int8)
    return count
