"""What enforces each statement: a check, a procedure, or a person and why.

Coverage binds every statement: one that nothing enforces cannot be loaded.
"""

from __future__ import annotations

from policyenforce.terms.timeline import Terms
from policyenforce.terms.versions import TermsVersion


def coverage(version: TermsVersion | None = None) -> list[dict[str, object]]:
    """One row for each statement of a version, in printed order; the newest shipped for None.

    Each row is ``{"ref", "kind", "standard", "enforced_by"}``: texts, and a list of texts
    that is never empty.

    >>> coverage()[0]["ref"], coverage()[0]["enforced_by"]
    ('preamble', ['procedure:terms.versions'])
    """
    version = version or Terms.load().versions[-1]
    return [
        {
            "ref": statement.ref.text,
            "kind": statement.kind.value,
            "standard": statement.standard.label,
            "enforced_by": list(statement.enforced_by),
        }
        for statement in version.statements
    ]
