"""What a connection knows already, so that it is not read again."""

from __future__ import annotations

from policyenforce.ledger.port import Head, Projected


class Remembered:
    """What one connection has read and written, good for as long as nobody else writes."""

    __slots__ = ("heads", "histories", "latest", "members", "named", "once_more", "sessions")

    def __init__(self) -> None:
        self.once_more = False  # whether an earlier transaction has left this
        self.latest: str | None = None  # the position after which no fact stands, if that is known
        self.heads: dict[str, Head | None] = {}
        self.members: dict[str, tuple[str, ...]] = {}
        self.named: dict[str, str | None] = {}
        self.histories: dict[str, Projected | None] = {}
        self.sessions: dict[str, bytes | None] = {}

    def __len__(self) -> int:
        whose = len(self.members) + len(self.named)
        return whose + len(self.heads) + len(self.histories) + len(self.sessions)
