"""The voice of the dealings check: its name and version on every answer."""

from __future__ import annotations

from policyenforce.checks.answers import Answers
from policyenforce.terms.gates import Standard

ANSWERS = Answers("dealings", 2)

SURE_BY_STANDARD = {
    Standard.NONE: 0.0,
    Standard.SUSPICION: 0.5,
    Standard.BELIEF: 0.9,
    Standard.FACT: 1.0,
}
"""The confidence (0–1) that goes with a standard a person states."""
