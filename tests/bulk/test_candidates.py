"""Which pairs are compared: all that could reach the review band, and few besides."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from attrs import evolve

from policyenforce.bulk.candidates import Candidates, candidates
from policyenforce.bulk.columns import COMPARED, PLACE, Coded, coded
from policyenforce.bulk.normalising import normalised
from policyenforce.bulk.scoring import score
from policyenforce.policy.load import load_rules
from policyenforce.policy.relations import IMPLIED
from policyenforce.testing.population import Mix, simulate_population

HOUSE = load_rules().accounts


@pytest.fixture(scope="module", params=[1, 2])
def known(request: pytest.FixtureRequest) -> Coded:
    made = simulate_population(3_000, request.param, mix=Mix.drawn(request.param))
    table = pa.table({name: pa.array(told, pa.string()) for name, told in made.columns.items()})
    return coded(normalised(table), len(table))


def told(pairs: Candidates, known: Coded) -> set[tuple[int, int, int]]:
    """The pairs that reach the review band of the house, with their points."""
    points = score(pairs, known, HOUSE).points
    rows = zip(pairs.left.tolist(), pairs.right.tolist(), points.tolist(), strict=True)
    return {row for row in rows if row[2] >= HOUSE.review}


def test_no_pair_that_reaches_the_review_band_is_left_out(known: Coded) -> None:
    every = candidates(known, evolve(HOUSE, review=1))
    some = candidates(known, HOUSE)

    assert len(some) < len(every) / 2
    assert told(some, known) == told(every, known)


def test_a_pair_is_made_once_with_what_it_shares_and_tells(known: Coded) -> None:
    pairs = candidates(known, HOUSE)
    first, second = known.rows[pairs.left], known.rows[pairs.right]
    bits = 1 << np.arange(len(COMPARED))
    both = (first >= 0) & (second >= 0)
    same = (first == second) & both
    for kind, likeness in IMPLIED.items():
        same[:, PLACE[likeness]] |= same[:, PLACE[kind]]

    assert len(set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))) == len(pairs)
    assert (pairs.left < pairs.right).all()
    assert np.array_equal(same @ bits, pairs.shared)
    assert np.array_equal(both @ bits, pairs.told)
