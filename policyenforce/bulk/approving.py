"""What the platform approved (4.1), for tables: accounts, entities, and shared infrastructure.

A link, an approval and a shield are three things. Two accounts that one approval names are as
related as they were and keep their score; they are in no band, since nothing follows from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np
import pyarrow as pa
from attrs import evolve, field, frozen

from policyenforce.bulk.columns import PLACE, UNSHARED, Coded, Codes
from policyenforce.checks.multiple_accounts.approvals import approvals as in_writing
from policyenforce.checks.multiple_accounts.identifiers import marks_of_approval
from policyenforce.checks.multiple_accounts.registers import without_country
from policyenforce.checks.multiple_accounts.spelling import UNVERIFIED
from policyenforce.model.fact import Fact
from policyenforce.model.facts.registration import ApprovalScope


@frozen
class Approvals:
    """Approvals in force: whom each names, and which values several may share.

    ``accounts`` has account ids, and registration numbers without their country.
    """

    accounts: Mapping[str, frozenset[str]] = field(factory=dict)
    shared: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, facts: Iterable[Fact], at: datetime) -> Approvals:
        """The approvals among these facts that are in force at this instant (1.6, 4.1)."""
        accounts: dict[str, frozenset[str]] = {}
        shared: set[tuple[str, str]] = set()
        for approval in in_writing(facts):
            granted = approval.granted
            if not approval.in_force(at):
                continue
            if granted.scope is ApprovalScope.INFRASTRUCTURE:
                marks = marks_of_approval(granted)
                shared |= {(mark.kind, mark.value.removeprefix(UNVERIFIED)) for mark in marks}
            else:
                named = set(granted.subjects)
                if granted.scope is ApprovalScope.ENTITY:
                    named |= {without_country(subject) for subject in named}
                accounts[granted.approval_id] = frozenset(named - {""})
        return cls(accounts, frozenset(shared))

    def without_shared(self, known: Coded) -> Coded:
        """The accounts with the values that several may share as ones that nobody shares.

        They stay told, so that another value is another one still.
        """
        if not self.shared:
            return known
        rows = known.rows.copy()
        for kind, value in sorted(self.shared):
            if kind in known.values:
                code = known.values[kind].index(pa.scalar(value, pa.string())).as_py()
                if code >= 0:
                    column = rows[:, PLACE[kind]]
                    column[column == code] = UNSHARED - code
        return evolve(known, rows=rows)

    def of_pairs(self, ids: pa.Array, known: Coded, left: Codes, right: Codes) -> pa.Array | None:
        """For each pair the first approval that names both, or None where nothing is approved."""
        if not self.accounts:
            return None
        named = self._naming(ids, known)
        found: list[str | None] = [None] * len(left)
        several = np.flatnonzero(np.isin(left, list(named)) & np.isin(right, list(named)))
        for at in several.tolist():
            both = named[int(left[at])] & named[int(right[at])]
            found[at] = min(both, default=None)
        return pa.array(found, pa.string())

    def _naming(self, ids: pa.Array, known: Coded) -> dict[int, set[str]]:
        """The approvals that name each row, by its account id or its registration number."""
        place = {str(name): row for row, name in enumerate(ids.to_pylist())}
        numbers: dict[str, list[int]] = defaultdict(list)
        for code, value in enumerate(known.values["registration"].to_pylist()):
            numbers[without_country(value)].append(code)
        codes = known.rows[:, PLACE["registration"]]
        named: dict[int, set[str]] = defaultdict(set)
        for approval, subjects in self.accounts.items():
            for subject in subjects:
                if subject in place:
                    named[place[subject]].add(approval)
                if subject in numbers:
                    for row in np.flatnonzero(np.isin(codes, numbers[subject])).tolist():
                        named[row].add(approval)
        return named
