"""The voice of the conduct check: its name and version on every answer."""

from __future__ import annotations

from policyenforce.checks.answers import Answers

ANSWERS = Answers("conduct", 2)
