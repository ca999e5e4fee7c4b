"""What was agreed: statements, gates, powers, versions, contracting parties, readings, privacy.

The words live in ``catalogue/``, one folder for one operator's Terms; the code knows how to
read such a folder and not whose it is. Nothing is parsed before ``Terms.load()``.
"""

from __future__ import annotations

from policyenforce.terms.additional import AdditionalAgreement, Override
from policyenforce.terms.coverage import coverage
from policyenforce.terms.differences import Area, Change, Difference, diff
from policyenforce.terms.entities import Address, Entity
from policyenforce.terms.gates import Discretion, Gate, Opening, Power, Standard, Trigger
from policyenforce.terms.parties import Ambiguous, Party, contracting_party
from policyenforce.terms.privacy import (
    Disclosure,
    PrivacyVersion,
    Provision,
    Region,
    disclosure,
    privacy_in_force,
    privacy_versions,
)
from policyenforce.terms.readings import Reading, choose_readings, readings
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.statements import Bearer, Clause, Kind, Statement
from policyenforce.terms.timeline import Terms
from policyenforce.terms.versions import TermsVersion

__all__ = [
    "AdditionalAgreement",
    "Address",
    "Ambiguous",
    "Area",
    "Bearer",
    "Change",
    "Clause",
    "ClauseRef",
    "Difference",
    "Disclosure",
    "Discretion",
    "Entity",
    "Gate",
    "Kind",
    "Opening",
    "Override",
    "Party",
    "Power",
    "PrivacyVersion",
    "Provision",
    "Reading",
    "Region",
    "Standard",
    "Statement",
    "Terms",
    "TermsVersion",
    "Trigger",
    "choose_readings",
    "contracting_party",
    "coverage",
    "diff",
    "disclosure",
    "privacy_in_force",
    "privacy_versions",
    "readings",
]
