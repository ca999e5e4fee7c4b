"""Work shared out to threads comes back whole, in order, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from time import sleep

import pytest

pytest.importorskip("pyarrow")
threads = pytest.importorskip("policyenforce.bulk.threads")


def test_what_is_made_comes_in_the_order_of_the_items() -> None:
    def slow_first(number: int) -> int:
        sleep(0.02 if number == 0 else 0)
        return number * 10

    assert threads.each(slow_first, range(5)) == [0, 10, 20, 30, 40]
    assert threads.each(slow_first, []) == []


def test_an_item_is_made_only_when_a_thread_is_free_for_it() -> None:
    waiting: list[int] = []
    most = 0

    def items() -> Iterator[int]:
        nonlocal most
        for number in range(50):
            waiting.append(number)
            most = max(most, len(waiting))
            yield number

    threads.each(waiting.remove, items())

    assert waiting == []
    assert most <= 2


def test_what_goes_wrong_in_a_thread_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        threads.each(lambda number: 1 // number, [1, 0, 2])
