"""Learns the points of related accounts on the project's own simulator, and prints them.

    python tests/benchmarks/fit_points.py [--accounts N] [--worlds N]

Each world is another mix (``Mix.drawn``) of another seed. The points are learnt on pairs of the
first worlds, round after round, since reach is counted in clusters that the points themselves make;
the bands are chosen on three further worlds; the figures told come from two that neither has seen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from policyenforce.bulk.candidates import candidates
from policyenforce.bulk.columns import Coded, coded
from policyenforce.bulk.fitting import Fitted, World, as_toml, fit_worlds
from policyenforce.bulk.normalising import normalised
from policyenforce.bulk.relating import clusters_so_far, relate
from policyenforce.policy.load import load_rules
from policyenforce.policy.relations import IDENTIFIERS, LIKENESSES, AccountRelations
from policyenforce.testing.population import Mix, simulate_population

_ROUNDS = 3
_ACT = 0.995
_AS_GOOD = 0.0005
_MOST = 231  # points that an act band may ask for
_BEGIN = AccountRelations(  # every pair that shares anything of one hand, or two other things
    row_cap=50,
    points=dict.fromkeys(IDENTIFIERS, ((50, 40), (200, 20))),
    alike=dict.fromkeys(LIKENESSES, 5),
    review=40,
)


@frozen
class Simulated:
    """One world: its accounts and who is behind each."""

    table: pa.Table
    controllers: np.ndarray


def simulated(accounts: int, seed: int, *, usual: bool = False) -> Simulated:
    """A world of another mix, or of the usual one."""
    mix = Mix() if usual else Mix.drawn(seed)
    population = simulate_population(accounts, seed, mix=mix)
    columns = {name: pa.array(told, pa.string()) for name, told in population.columns.items()}
    return Simulated(pa.table(columns), np.array(population.controllers))


def learnt(worlds: Sequence[Simulated], told: Sequence[str]) -> Fitted:
    """The points after a few rounds, each with the clusters that those before it make."""
    known: list[Coded] = [coded(normalised(one.table), len(one.table)) for one in worlds]
    base, fitted = evolve(load_rules().accounts, points={}, settled={}), None
    for number in range(_ROUNDS):
        reviewed = []
        for one, each in zip(worlds, known, strict=True):
            pairs = candidates(each, _BEGIN)
            sure = None if fitted is None else clusters_so_far(pairs, each, fitted.accounts)
            same = one.controllers[pairs.left] == one.controllers[pairs.right]
            reviewed.append(World(pairs, same, each, sure))
        fitted = fit_worlds(reviewed, base, precision=_ACT, told=told)
        print(f"round {number + 1}: Brier score {fitted.brier:.4f}", file=sys.stderr)
    assert fitted is not None
    return fitted


def quality(world: Simulated, accounts: AccountRelations) -> tuple[float, float, float, float]:
    """Precision and recall of all pairs told, and of those in the act band."""
    found = relate(world.table, accounts)
    ids = world.table["account_id"].combine_chunks()
    sides = [
        world.controllers[pc.index_in(found.pairs[side].combine_chunks(), value_set=ids).to_numpy()]
        for side in ("left", "right")
    ]
    same = sides[0] == sides[1]
    act = pc.equal(found.pairs["band"], "act").to_numpy()
    held = np.bincount(world.controllers)
    every = int((held * (held - 1) // 2).sum())
    return (
        float(same.mean()),
        float(same.sum() / every),
        float(same[act].mean()),
        float((same & act).sum() / every),
    )


def banded(fitted: AccountRelations, worlds: Sequence[Simulated]) -> AccountRelations:
    """The bands: review where pairs are told best, act where they are sure enough in every world.

    Of reviews as good as each other the lowest is chosen: there a person sees more of them.
    """
    balance = {}
    for review in range(34, 56, 2):
        rules = evolve(fitted, review=review)
        precision, recall, _, _ = np.mean([quality(one, rules) for one in worlds], axis=0)
        balance[review] = 2 * precision * recall / (precision + recall)
        print(f"review {review}: {balance[review]:.4f}", file=sys.stderr)
    best = max(balance.values())
    review = min(review for review, value in balance.items() if value > best - _AS_GOOD)
    chosen = evolve(fitted, review=review)
    for act in range(chosen.review + 20, _MOST, 5):
        rules = evolve(chosen, act=act)
        worst = min(quality(one, rules)[2] for one in worlds)
        print(f"act {act}: {worst:.4f}", file=sys.stderr)
        if worst >= _ACT:
            return rules
    return evolve(chosen, act=_MOST)


def main() -> None:
    """Fit, choose the bands, and print the section of the house rules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=40_000)
    parser.add_argument("--worlds", type=int, default=9)
    asked = parser.parse_args()
    seeds = range(201, 201 + asked.worlds)
    told = (
        "Learnt by tests/benchmarks/fit_points.py on simulated marketplaces: "
        f"{asked.worlds} of {asked.accounts} accounts, seeds {seeds[0]} to {seeds[-1]}",
    )
    fitted = learnt([simulated(asked.accounts, seed) for seed in seeds], told)
    mixed = [simulated(asked.accounts, seed) for seed in (301, 302, 303)]
    usual = [simulated(asked.accounts, seed, usual=True) for seed in (304, 305, 306)]
    rules = banded(fitted.accounts, [*mixed, *usual])
    provenance = list(fitted.provenance)
    for seed in (401, 402):
        figures = quality(simulated(asked.accounts, seed), rules)
        line = "pairs told: precision {:.3f}, recall {:.3f}; act {:.4f}, {:.3f}".format(*figures)
        provenance.append(f"seed {seed}, not learnt from: {line}")
    print(as_toml(rules, provenance))


if __name__ == "__main__":
    main()
