"""How fast the classifier scores, against ``str.lower`` and against bare hashing of the same texts.

Run it with ``python tests/benchmarks/classify.py``; it prints one line for each shape. Bare hashing
is one number for each letter and its neighbours in one array, and no more: what any model of
hashed n-grams has to do at least. All times are of the processor, of one process.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

import numpy as np

WORDS = (
    "this lovely ceramic mug arrived late and the handle was broken but the seller sent a new one "
    "within three days so i would buy again from them you are not an idiot if you order two sizes "
    "free shipping to women men and kids in black white or red call the shop about your prize "
    "i hate the smell of the box people say that the colour is wrong thank you for your help 2019"
)


def _texts(count: int, letters: int) -> list[str]:
    chance, known = random.Random(5), WORDS.split()
    texts = []
    for _ in range(count):
        words: list[str] = []
        while sum(map(len, words)) + len(words) < letters:
            words.append(chance.choice(known))
        texts.append(" ".join(words)[:letters].capitalize())
    return texts


def _hashed(texts: list[str]) -> None:
    codes = np.frombuffer("\x1e".join(texts).encode(), dtype=np.uint8).astype(np.uint64)
    row = codes[:-2] * np.uint64(0x9E3779B1) + codes[1:-1] * np.uint64(0x85EBCA77) + codes[2:]
    np.bincount((row & np.uint64(0xFFFF)).astype(np.int64))


def _seconds(run: Callable[[], object], rounds: int = 3) -> float:
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> None:
    """Prints the time to load, then texts a second and ratios for each shape."""
    start = time.process_time()
    from policyenforce.checks.user_content.classifier.linear import shipped_classifier

    classifier = shipped_classifier()
    classifier.scores(["begin"])
    print(f"load, with the first text and without numpy: {time.process_time() - start:.3f} s")
    for count, letters in ((20_000, 100), (2_000, 1_500)):
        texts = _texts(count, letters)
        batch = _seconds(lambda texts=texts: classifier.scores(texts))
        lower = _seconds(lambda texts=texts: [text.lower() for text in texts], rounds=9)
        hashed = _seconds(lambda texts=texts: _hashed(texts))
        single = _seconds(lambda texts=texts: [classifier.scores([t]) for t in texts[:500]], 1)
        print(
            f"{letters:5} letters: batch {count / batch:>8,.0f}/s ({batch / lower:,.0f} times "
            f"str.lower, {batch / hashed:.1f} times bare hashing), "
            f"one by one {500 / single:>6,.0f}/s"
        )


if __name__ == "__main__":
    main()
