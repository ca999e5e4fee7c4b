"""``Condition``: one thing that was looked at on the way to a decision, with its value."""

from __future__ import annotations

from attrs import frozen


@frozen
class Condition:
    """What was asked, what was found, and whether that suffices.

    ``about`` names the thing looked at. A condition that does not hold is no error: it is why
    something did not follow.

    >>> str(Condition("5.6(d): confidence", "at least 0.85 for belief", "0.90", True))
    '+ 5.6(d): confidence: asked at least 0.85 for belief, found 0.90'
    """

    about: str
    asked: str
    found: str
    holds: bool

    def __str__(self) -> str:
        return f"{'+' if self.holds else '-'} {self.about}: asked {self.asked}, found {self.found}"
