"""What a classifier is: texts in, probabilities out, and nothing where it cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from attrs import field, frozen

from policyenforce.errors import InputError

HEADS = ("toxic", "hate", "sexual", "spam")
"""What a text is weighed for; each stands alone, and a text may be all of them."""


@frozen
class Scores:
    """Calibrated probabilities, each 0–1. Raises InputError outside of that.

    >>> Scores(toxic=0.1, hate=0.0, sexual=0.0, spam=0.9).highest
    'spam'
    """

    toxic: float
    hate: float
    sexual: float
    spam: float

    def __attrs_post_init__(self) -> None:
        for head in HEADS:
            if not 0.0 <= self.of(head) <= 1.0:  # also refuses what is no number
                raise InputError(f"the score `{head}` lies outside 0 to 1")

    @property
    def highest(self) -> str:
        """The head with the highest score; of equals the first."""
        return max(HEADS, key=self.of)

    def of(self, head: str) -> float:
        """The score of one head, by its name."""
        score: float = getattr(self, head)
        return score


class Classifier(Protocol):
    """Anything that scores a batch of texts: the shipped model, an encoder, a service."""

    @property
    def name(self) -> str:
        """What findings call it, with ``version``."""

    @property
    def version(self) -> str:
        """Changes whenever its scores can."""

    def scores(self, texts: Sequence[str]) -> Sequence[Scores | None]:
        """One answer for each text, in order; None where it cannot tell, never a guess."""


@frozen
class Reason:
    """A piece of a text that spoke for a score: where it stands, how much of the margin it is.

    ``start:end`` are code points of the original text. Of an n-gram of classes or of words apart
    from each other, the stretch from the first to the last.
    """

    start: int
    end: int
    gram: str = field(repr=False)  # a piece of what somebody wrote
    weight: float


@runtime_checkable
class Explaining(Classifier, Protocol):
    """A classifier that can say what decided."""

    def reasons(self, text: str, head: str) -> tuple[Reason, ...]:
        """The pieces that spoke most for a score, the strongest first."""
