"""Texts laid out for counting, all at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from policyenforce.checks.user_content.classifier.classes import Classes, classes
from policyenforce.checks.user_content.classifier.letters import Letters, Places, letters_of
from policyenforce.checks.user_content.classifier.marks import marks_of
from policyenforce.checks.user_content.classifier.words import Words, words_of


@frozen(eq=False)
class Batch:
    """The letters of some texts, their words, and their marks; ``kinds`` is a row for each word.

    Rows are those of ``classes``.
    """

    letters: Letters
    words: Words
    marks: tuple[Places, Places]
    kinds: NDArray[np.int64]
    classes: Classes = field(factory=classes, repr=False)

    @staticmethod
    def of(forms: Sequence[bytes]) -> Batch:
        """The batch of folded texts; none may hold the separator of records."""
        letters = letters_of(forms)
        words = words_of(letters)
        return Batch(letters, words, marks_of(forms), classes().rows_of(words.hashes))

    def is_a(self, *names: str) -> NDArray[np.bool_]:
        """True for each word that is in one of these classes."""
        within = (self.classes.bits & self.classes.bits_of(*names)) != 0
        found: NDArray[np.bool_] = within[self.kinds]
        return found
