"""Related accounts (6.2(i)): what may be carried over to one, and on what it goes on resting.

Relation is no guilt. A decision on a related account rests on a decision about another User, takes
its ground from there, and is in doubt as soon as that ground no longer stands (T8).
"""

from __future__ import annotations

from attrs import evolve

from policyenforce.discipline.actions import chosen_actions
from policyenforce.discipline.decide import appeal_until
from policyenforce.discipline.setting import Setting, identity
from policyenforce.model.decisions import Decision, DisciplinaryAction, Ground, Status
from policyenforce.model.evidence import Evidence
from policyenforce.model.fact import Fact
from policyenforce.model.facts.procedure import DeadlinePassed, ReviewRecorded, Verdict
from policyenforce.model.outcome import History
from policyenforce.model.questions import Question, Wants
from policyenforce.terms.gates import Power, Standard
from policyenforce.terms.references import ClauseRef

BASIS_FELL = "related_decision_fell"
"""The deadline that is told to a related account when what its decision rests on has changed."""
_POWER = ClauseRef.parse("6.2(i)")
_WARNING = "formal_warning"


def basis_asked(fact: Fact, history: History) -> tuple[Question, ...]:
    """The question for the decision about another User that this act depends on."""
    named = basis_named(fact, history)
    return () if named is None else (Question("decided", named, Wants.DECISION, limit=1),)


def basis_named(fact: Fact, history: History) -> str | None:
    """Which decision about another User this act depends on, if on any."""
    if isinstance(fact, DeadlinePassed):
        return fact.concerns if fact.deadline == BASIS_FELL else None
    if not isinstance(fact, ReviewRecorded):
        return None
    if fact.related_to is not None or fact.decision_id is None:
        return fact.related_to
    reviewed = history.decision(fact.decision_id)
    return None if reviewed is None else reviewed.related_to


def refusal(fact: ReviewRecorded, basis: Decision, setting: Setting) -> str | None:
    """Why the decision cannot be carried over to this account, or None."""
    if fact.verdict is Verdict.REJECT:
        return "what a person rejects is not carried over"
    if not fact.actions or not fact.evidence or not all(e.strip() for e in fact.evidence):
        return "a related account needs actions, and the evidence that it is related, T8"
    if any(chosen.power_clause != _POWER.text for chosen in fact.actions):
        return f"only {_POWER} reaches related accounts"
    if basis.user == setting.history.user or basis.account_id == setting.account_id:
        return f"decision {basis.id} is about this User itself"
    if not basis.in_force:
        return f"decision {basis.id} is {basis.status.value}, so nothing follows from it"
    if carried(basis, fact.clause) is None:
        return f"decision {basis.id} does not rest on {fact.clause}"
    return None


def related_decision(fact: ReviewRecorded, basis: Decision, setting: Setting) -> Decision:
    """The decision on the related account.

    Its ground, and by the date of the conduct its Terms (T17), are those of what it rests on.
    Raises GateError, TermsError or ValueError for actions that the ground does not open.
    """
    ground = _ground(fact, basis)
    at, service = basis.conduct_at, basis.service
    terms = setting.rules.terms_at(at, service=service, jurisdiction=setting.history.law)
    return Decision(
        id=identity("d", fact.id, "related"),
        account_id=setting.account_id,
        user=setting.history.user,
        fact_id=fact.id,
        status=Status.IN_FORCE,
        grounds=(ground,),
        actions=tuple(map(_within, chosen_actions(fact.actions, ground, setting, fact.service))),
        terms=terms,
        policy_hash=setting.rules.hash,
        rule="related account",
        conduct_at=at,
        decided_at=setting.starts,
        automated_detection=False,
        automated_decision=False,
        readings=setting.touched("T8", "T23"),
        actor=fact.by,
        reason=fact.reason,
        appeal_until=appeal_until(setting),
        related_to=basis.id,
        site=fact.site,
        service=fact.service,
        hands=(fact.by.id,),
    )


def rests(decision: Decision, basis: Decision | None) -> bool:
    """True while the decision about another User still bears what was carried over from it."""
    standing = () if basis is None else standing_clauses(basis)
    return all(ground.clause in standing for ground in decision.grounds if not ground.fallen)


def carried(basis: Decision, clause: str | None = None) -> Ground | None:
    """The ground of a decision that can be carried over: of the clause named, or of any.

    Of those that still stand one that opens the power comes first, then the surest.
    """

    def order(ground: Ground) -> tuple[bool, Standard]:
        opening = basis.terms.opening(ground.clause, _POWER)
        passed = opening is not None and opening.gate.passed(ground.standard, ground.triggers)
        return passed, ground.standard

    standing = (g for g in basis.grounds if not g.fallen and clause in (None, str(g.clause)))
    return max(standing, key=order, default=None)


def standing_clauses(basis: Decision) -> frozenset[ClauseRef]:
    """The clauses that a decision rests on and that may be carried over from it."""
    if not basis.in_force:
        return frozenset()
    return frozenset(ground.clause for ground in basis.grounds if not ground.fallen)


def unfounded(fact: ReviewRecorded, basis: Decision | None, setting: Setting) -> str | None:
    """Why a decision on a related account cannot be put in force by a review, or None."""
    reviewed = setting.history.decision(fact.decision_id or "")
    if reviewed is None or reviewed.related_to is None or fact.verdict is Verdict.REJECT:
        return None
    if rests(reviewed, basis):
        return None
    return (
        f"decision {reviewed.related_to}, which {reviewed.id} rests on, does not bear it any more"
    )


def _ground(fact: ReviewRecorded, basis: Decision) -> Ground:
    """The ground as it was established, on the evidence of the relation and on nothing personal."""
    ground = carried(basis, fact.clause)
    assert ground is not None  # `refusal` has seen to it
    return evolve(
        ground,
        explanation="determined to be related to an account in breach",
        finding_ids=(),
        fact_ids=(fact.id,),
        evidence=tuple(
            Evidence("account_relation", sentence, fact_ids=(fact.id,))
            for sentence in fact.evidence
        ),
        target=basis.id,
    )


def _within(action: DisciplinaryAction) -> DisciplinaryAction:
    """Of other correctives only a warning is a milder step of the same kind (T23)."""
    if action.power is not Power.OTHER_CORRECTIVE:
        return action
    return evolve(action, label=_WARNING)
