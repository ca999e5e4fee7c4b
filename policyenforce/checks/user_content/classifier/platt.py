"""Platt scaling: from the margin of a linear model to a probability (Platt 1999).

A line is fitted through the log-odds by Newton's method, with the paper's smoothed targets, so
that few samples do not end in certainty. Its slope is never negative: order is kept.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS = 50
_CLOSE = 1e-9
_RIDGE = 1e-6  # keeps Newton's step defined where the samples are parted cleanly
_STEEPEST = 60.0


@frozen
class Platt:
    """``1 / (1 + exp(-(slope * margin + offset)))``."""

    slope: float
    offset: float

    def probabilities(self, margins: Floats) -> Floats:
        """The probability at each margin, rising with it."""
        odds = np.clip(self.slope * margins + self.offset, -_STEEPEST, _STEEPEST)
        scaled: Floats = 1.0 / (1.0 + np.exp(-odds))
        return scaled

    @staticmethod
    def fitted(margins: Floats, labels: NDArray[np.bool_]) -> Platt:
        """The line that fits labelled margins best; both labels must be there.

        >>> line = Platt.fitted(np.array([-2.0, -1.0, 1.0, 2.0]), np.array([0, 0, 1, 1], bool))
        >>> line.slope > 0
        True
        """
        positive, total = int(labels.sum()), len(labels)
        targets = np.where(labels, (positive + 1) / (positive + 2), 1 / (total - positive + 2))
        scale = float(np.std(margins)) or 1.0
        rows = np.stack([margins / scale, np.ones(total)], axis=1)
        line = np.array([0.0, np.log((positive + 1) / (total - positive + 1))])
        for _ in range(_STEPS):
            guesses = Platt(*line).probabilities(margins / scale)
            slopes = rows.T @ (guesses - targets) + _RIDGE * line
            bends = (rows * (guesses * (1 - guesses))[:, None]).T @ rows + _RIDGE * np.eye(2)
            step = np.linalg.solve(bends, slopes)
            line = line - step
            if np.abs(step).max() < _CLOSE:
                break
        return Platt(max(float(line[0]) / scale, 0.0), float(line[1]))
