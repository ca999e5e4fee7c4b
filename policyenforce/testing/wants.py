"""What a policy case may want, and how each want is held against what came of it.

INVARIANT: a list of findings, cannot-tells, decisions or measures is the whole list; what is
not in it must not have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from policyenforce.discipline.grounds import GIVEN_BY_MACHINE
from policyenforce.discipline.notice import MANDATORY
from policyenforce.errors import InputError, PolicyEnforceError
from policyenforce.model.decisions import Decision, DisciplinaryAction
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.outcome import CaseStatus
from policyenforce.model.refusals import nearest
from policyenforce.model.standing import Capability, Permission
from policyenforce.privacy.disclosure import Cooperation, Disclosure
from policyenforce.terms.gates import Standard
from policyenforce.terms.parties import Ambiguous, Party
from policyenforce.testing.scenario import Scenario

Differences = Iterator[str]
