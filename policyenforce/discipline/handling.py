"""What is done with a case apart from deciding in it: opened, handed to somebody, put aside."""

from __future__ import annotations

from attrs import evolve

from policyenforce.discipline.acting import Act, role_refused, unknown
from policyenforce.discipline.setting import Setting, identity
from policyenforce.model.facts.procedure import CaseAct, CaseHandled
from policyenforce.model.outcome import Case


def handled(fact: CaseHandled, setting: Setting) -> Act:
    """A User has one open case, however often somebody opens one."""
    if not setting.rules.allows("handle_case", fact.by.roles):
        return Act(refused=(role_refused("handle_case", fact.by),))
    case = setting.open_case()
    if fact.act is CaseAct.OPEN:
        if case is not None:
            return Act(refused=(f"case {case.id} of this User is open already",))
        return Act(cases=(_opened(fact, setting),))
    if case is None or case.id != fact.case_id:
        return Act(cannot_tell=(unknown(setting, f"open case {fact.case_id}"),))
    if fact.act is CaseAct.ASSIGN:
        if not fact.to:
            return Act(refused=("to assign a case say to whom",))
        return Act(cases=(evolve(case, assigned_to=fact.to),))
    if fact.until is None or fact.until <= fact.at:
        return Act(refused=("a case rests until an instant that is still to come",))
    return Act(cases=(evolve(case, snoozed_until=fact.until, snoozed_by=fact.by.id),))


def _opened(fact: CaseHandled, setting: Setting) -> Case:
    return Case(
        id=identity("case", setting.history.user, fact.id),
        account_id=setting.account_id,
        opened_at=setting.starts,
        reason=fact.reason,
        assigned_to=fact.to,
    )
