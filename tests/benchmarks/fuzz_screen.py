"""Random texts through the screen, and adversarial ones of doubling length: what they cost.

Run it with ``python -m tests.benchmarks.fuzz_screen [COUNT]`` (default a million texts). It stops
at the first exception or span outside its text, and prints how time grows with length: about 2.0
for twice the text is linear.
"""

from __future__ import annotations

import sys
import time
from itertools import islice

from policyenforce.checks.user_content.screen import Screen
from tests.checks.user_content.random_texts import random_texts

HOSTILE = (
    "a\u0301", "\u0301", "&amp;", "&#38;", "%25", "<b", "a<b>", "x|", "().", "aaaa!", "a.b.",
    "c o c a i n e ", "cocaine", "cocaine ", "passport pasport ", "not ", "1k1ll ", "http://a.b/",
    "a,b ", "🅰", "купить ", "fake passport ", "ZmFrZSBwYXNzcG9ydA== ",
)  # fmt: skip
SHORT = 60_000
ALLOWED = 2.6  # times for twice the length; the rest is noise


def fuzz(count: int) -> None:
    """Screens ``count`` random texts in batches; an AssertionError is a span that does not fit."""
    screen = Screen(brands=["Acme"], block_hosts=["evil.com"])
    rest, done = random_texts(count, seed=1), 0
    while texts := list(islice(rest, 5_000)):
        for text, hits in zip(texts, screen.batch([{"t": text} for text in texts]), strict=True):
            for span in (span for hit in hits for span in hit.spans):
                assert 0 <= span.start < span.end <= len(text), (text, span)
        done += len(texts)
        print(f"\r{done:,} random texts", end="", flush=True)
    print(": no exception, every span inside its text")


def grow() -> None:
    """Prints how much longer twice the text takes, for each hostile repetition."""
    screen = Screen()
    screen.texts({"t": ""})
    for piece in HOSTILE:
        taken = []
        for length in (SHORT, 2 * SHORT):
            text = piece * (length // len(piece))
            runs = []
            for _ in range(3):
                start = time.process_time()
                screen.texts({"t": text})
                runs.append(time.process_time() - start)
            taken.append(min(runs))
        ratio = taken[1] / max(taken[0], 1e-4)
        verdict = "linear" if ratio <= ALLOWED else "NOT LINEAR"
        print(f"{piece!r:24} {taken[1]:6.2f} s at {2 * SHORT:,}: x {ratio:.2f} {verdict}")


if __name__ == "__main__":
    grow()
    fuzz(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
