"""Any outside model or service as a ``Classifier``: in time, or it cannot tell.

The call runs in a thread of its own. When it is late, fails, or answers with what are no scores,
the answer for its texts is None, as for a text that nobody can read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Thread

from attrs import field, frozen

from policyenforce.checks.user_content.classifier.protocol import HEADS, Scores
from policyenforce.errors import InputError

Answer = Sequence[Mapping[str, float] | None]
Ask = Callable[[Sequence[str]], Answer]

_MOST_LATE = 4  # calls left alone at one time, so that a dead service does not fill the process


@frozen
class OutsideClassifier:
    """``ask`` takes a batch of texts and answers for each, by head, or None where it cannot tell.

    A head it does not know is 0: it says nothing of it. ``timeout`` is in seconds for one call;
    a call that is late is left alone, and its answer is thrown away when it comes; while four of
    those are still running nothing more is asked. ``most`` is how many texts it takes at once.
    Raises InputError where one of the two leaves no room for an answer.

    >>> shouting = OutsideClassifier(
    ...     "shouting", "1", lambda texts: [{"toxic": float(t.isupper())} for t in texts])
    >>> [answer.toxic for answer in shouting.scores(["HEY", "hey"])]
    [1.0, 0.0]
    """

    name: str
    version: str
    ask: Ask = field(repr=False)
    timeout: float = 5.0
    most: int = 256
    _late: list[Thread] = field(factory=list, init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.timeout <= 0 or self.most < 1:
            hint = "a timeout above 0 seconds, and at least 1 text at once"
            raise InputError("an outside classifier that could never answer", hint=hint)

    def scores(self, texts: Sequence[str]) -> list[Scores | None]:
        """One answer for each text; None for all texts of a call that went wrong."""
        answers: list[Scores | None] = []
        for first in range(0, len(texts), self.most):
            batch = texts[first : first + self.most]
            answers += _scores(self._asked(batch), len(batch))
        return answers

    def _asked(self, batch: Sequence[str]) -> Answer | None:
        kept: list[Answer] = []
        self._late[:] = [thread for thread in self._late if thread.is_alive()]
        if len(self._late) >= _MOST_LATE:
            return None

        def call() -> None:
            try:
                kept.append(self.ask(batch))
            except Exception:
                kept.clear()

        thread = Thread(target=call, name=f"classifier {self.name}", daemon=True)
        thread.start()
        thread.join(self.timeout)
        if thread.is_alive():
            self._late.append(thread)
            return None
        return kept[0] if kept else None


def _scores(answer: Answer | None, count: int) -> list[Scores | None]:
    if answer is None or len(answer) != count:
        return [None] * count
    return [_one(told) for told in answer]


def _one(told: Mapping[str, float] | None) -> Scores | None:
    if told is None or not set(told) <= set(HEADS):
        return None
    try:
        return Scores(**{head: float(told.get(head, 0.0)) for head in HEADS})
    except (InputError, TypeError, ValueError):
        return None
