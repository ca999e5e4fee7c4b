"""The example marketplace: some hundred Members, some thousand facts, the same from the same seed.

The facts run from 12 September to the end of October 2019, across the change of Terms on
4 October. Most Members are ordinary; a small cast plays the scenes of ``market_cases`` and
``market_scenes``. Everything and everybody is invented; nothing beyond the core is imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from policyenforce.enforcer import Enforcer, open_enforcer
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.structuring import checked
from policyenforce.testing.market_cases import TEN_CASES
from policyenforce.testing.market_days import days_of
from policyenforce.testing.market_members import people, registration
from policyenforce.testing.market_scenes import MORE_SCENES
from policyenforce.testing.market_stage import Stage

__all__ = ["marketplace"]


def marketplace(seed: int = 2019, members: int = 320) -> list[Fact]:
    """The facts of a marketplace of ``members`` ordinary Members and the cast, in order.

    The order is that of ``position_of``: time, kind, id. The same arguments give the same
    facts, byte for byte. Recorded under the default house rules, each fact at its own time,
    everything people decide finds the finding or decision it names.

    >>> facts = marketplace(members=0)
    >>> len({fact.tag for fact in facts}) > 40
    True
    """
    rng = Random(seed)
    told = [*_ordinary(rng, members), *_scenes()]
    return sorted(map(checked, told), key=position_of)


def _ordinary(rng: Random, members: int) -> Iterator[Fact]:
    everyone = tuple(people(rng, members))
    for member in everyone:
        # One generator each, so that a Member's days do not depend on how many others there are.
        own = Random(f"{rng.getrandbits(64)}")
        yield from registration(member, own)
        yield from days_of(member, everyone, own)


def _scenes() -> Iterator[Fact]:
    enforcer: Enforcer = open_enforcer()
    for name, play in (*TEN_CASES, *MORE_SCENES):
        stage = Stage(enforcer, name)
        play(stage)
        yield from stage.facts
    enforcer.close()
