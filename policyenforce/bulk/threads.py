"""Two threads for what Arrow and numpy do without holding Python up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_THREADS = 2
Item = TypeVar("Item")
Made = TypeVar("Made")


def each(work: Callable[[Item], Made], items: Iterable[Item]) -> list[Made]:
    """What ``work`` makes of each item, in order.

    An item is made when a thread is free to take it, so that no more than two are held.

    >>> each(len, iter(["a", "bcd", ""]))
    [1, 3, 0]
    """
    left, turn = enumerate(items), threading.Lock()
    made: dict[int, Made] = {}

    def take_turns() -> None:
        while True:
            with turn:
                number, item = next(left, (-1, None))
            if item is None:
                return
            made[number] = work(item)

    with ThreadPoolExecutor(_THREADS) as pool:
        for done in [pool.submit(take_turns) for _ in range(_THREADS)]:
            done.result()
    return [made[number] for number in sorted(made)]
