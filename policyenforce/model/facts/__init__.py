"""The facts: one frozen class for each thing that can happen, grouped as in the design.

``FACT_TYPES`` maps each stable tag to its class.
"""

from __future__ import annotations

from policyenforce.model.fact import FACT_TYPES, Fact
from policyenforce.model.facts import content, dealings, procedure, registration, sessions

__all__ = ["FACT_TYPES", "Fact", "content", "dealings", "procedure", "registration", "sessions"]
