"""Lists of picture hashes: the same file, and the same picture in another size."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.user_content.pictures import ALIKE, PictureList
from policyenforce.errors import PolicyError

HASHES = st.integers(0, 2**256 - 1)


def digits(number: int) -> str:
    return f"{number:064x}"


@given(HASHES, st.integers(0, 256), st.randoms(use_true_random=False))
def test_a_picture_is_found_up_to_the_threshold_and_no_further(
    number: int, wrong: int, chance: random.Random
) -> None:
    other = number
    for bit in chance.sample(range(256), wrong):
        other ^= 1 << bit

    found = PictureList(pdq=[digits(number)]).distance(digits(other))

    assert found == (wrong if wrong <= ALIKE else None)


def test_the_nearest_of_several_is_told() -> None:
    listed = PictureList(pdq=["0" * 64, "0" * 63 + "3"])

    assert listed.distance("0" * 63 + "1") == 1
    assert len(listed) == 2


def test_a_file_is_found_by_its_exact_hash_in_either_case() -> None:
    listed = PictureList(exact=["AB" * 32, "cd" * 16])

    assert listed.lists("ab" * 32)
    assert listed.lists("CD" * 16)
    assert not listed.lists("ab" * 16)


def test_a_list_of_nothing_finds_nothing() -> None:
    assert PictureList().distance("0" * 64) is None
    assert not PictureList().lists("0" * 64)


@pytest.mark.parametrize("text", ["", "zz" * 32, "ab" * 31, "ab" * 33])
def test_what_is_no_hash_is_refused(text: str) -> None:
    for ask in (PictureList().lists, PictureList().distance, lambda t: PictureList(pdq=[t])):
        with pytest.raises(PolicyError, match="is no hash"):
            ask(text)


def test_a_threshold_that_the_search_cannot_keep_is_refused() -> None:
    with pytest.raises(PolicyError, match="`most` is 32"):
        PictureList(most=32)
