"""The ledger: what is remembered, chained, and found again (one contract, three stores)."""

from policyenforce.ledger.memory import MemoryLedger
from policyenforce.ledger.open import open_ledger, upgrade_ledger
from policyenforce.ledger.port import (
    AMENDMENT,
    FACT,
    OUTCOME,
    Entry,
    Head,
    Ledger,
    MarkRow,
    Problem,
    Stored,
    Transaction,
)

__all__ = [
    "AMENDMENT",
    "FACT",
    "OUTCOME",
    "Entry",
    "Head",
    "Ledger",
    "MarkRow",
    "MemoryLedger",
    "Problem",
    "Stored",
    "Transaction",
    "open_ledger",
    "upgrade_ledger",
]
