"""The voice of the registration check: its name and version on every answer."""

from __future__ import annotations

from policyenforce.checks.answers import Answers

ANSWERS = Answers("registration", 1)
