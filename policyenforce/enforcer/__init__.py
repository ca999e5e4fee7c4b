"""The use cases: the only place where ledger and evaluation meet."""

from __future__ import annotations

from policyenforce.enforcer.enforcer import Enforcer
from policyenforce.enforcer.opening import open_enforcer

__all__ = ["Enforcer", "open_enforcer"]
