"""Reads what ``policyenforce screen`` writes, and prints a moderator's queue, gravest first.

One line for each listing with a finding: its id, what to do, and why. A finding that is believed
keeps the listing off the shelf; one that is suspected waits for a person.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator

GRAVITY = ("grave", "serious", "minor")
TO_DO = {"belief": "take down", "suspicion": "look at"}


def queue(lines: Iterable[str]) -> Iterator[str]:
    """A line for each listing that somebody has to look at."""
    waiting = []
    for line in filter(str.strip, lines):
        listing = json.loads(line)
        worst = min(listing["findings"], key=_rank, default=None)
        if worst is not None and worst["standard"] in TO_DO:
            waiting.append((_rank(worst), listing["id"], worst))
    for _, name, worst in sorted(waiting, key=lambda row: row[:2]):
        place = ", ".join(sorted({field for field, _, _ in worst["spans"]}))
        yield (
            f"{name}\t{TO_DO[worst['standard']]}\t{worst['clause']} "
            f"{worst['category'].replace('_', ' ')}, {worst['severity']}, in {place}"
        )


def _rank(finding: dict[str, str]) -> tuple[bool, int]:
    return finding["standard"] != "belief", GRAVITY.index(finding["severity"])


if __name__ == "__main__":
    for row in queue(sys.stdin):
        print(row)
