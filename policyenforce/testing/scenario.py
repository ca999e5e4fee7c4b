"""``Scenario``: facts and acts told one after the other to an enforcer in memory.

Policy cases are run by it, and tests get one as the fixture ``policy``. Steps are facts, or
mappings as policy cases write them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from attrs import frozen

from policyenforce.enforcer import open_enforcer
from policyenforce.errors import InputError, PolicyEnforceError, UnknownError
from policyenforce.model.decisions import Decision
from policyenforce.model.fact import Fact
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import Notice, Outcome
from policyenforce.model.refusals import nearest
from policyenforce.model.standing import Capability, Permission, Standing
from policyenforce.policy.rules import HouseRules
from policyenforce.privacy.disclosure import Cooperation, Disclosure
from policyenforce.terms.parties import Ambiguous, Party
from policyenforce.terms.versions import TermsVersion
from policyenforce.testing.acts import ACTS, KEYS
from policyenforce.testing.shorthands import Facts

Step: TypeAlias = Fact | Mapping[str, Any]
Answer: TypeAlias = Outcome | Permission | Party | Ambiguous | Disclosure | Cooperation


@frozen
class Told:
    """One step as it was told, and what came of it; ``refused`` says why nothing did."""

    words: str
    at: datetime
    answers: tuple[Answer, ...] = ()
    refused: str | None = None


class Scenario:
    """A small world with its own store: tell it facts and acts, ask it what holds.

    >>> scenario = Scenario()
    >>> _ = scenario.given(account="a-1")
    >>> listing = {"content_id": "c-1", "title": "AAA quality handbags"}
    >>> _ = scenario.when(fact="content_submitted", content=listing)
    >>> scenario.outcome.disposition.value, str(scenario.outcome.findings[0].clause)
    ('reject', '5.4(c)')
    """

    def __init__(self, rules: HouseRules | None = None) -> None:
        self.enforcer = open_enforcer(policy=rules)
        self.rules = self.enforcer.rules
        self.facts = Facts(self.rules.terms.zone)
        self.now: datetime | None = None
        self.background: list[Told] = []
        self.told: list[Told] = []

    def given(self, *steps: Step, **step: Any) -> Scenario:
        """Tell what had happened before; errors are raised as they come."""
        for one in (*steps, *((step,) if step else ())):
            self.background.append(self._tell(one))
        return self

    def when(self, *steps: Step, **step: Any) -> Scenario:
        """Tell what the scenario is about; errors are raised as they come."""
        for one in (*steps, *((step,) if step else ())):
            self.told.append(self._tell(one))
        return self

    def attempt(self, step: Step) -> None:
        """``when`` for one step; what is refused is kept as told instead of raised."""
        try:
            self.told.append(self._tell(step))
        except PolicyEnforceError as error:
            at = self.now or self.facts.at({})
            self.told.append(Told(_words(step), at, refused=str(error)))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the facts and acts of ``when`` led to, in order."""
        return tuple(a for told in self.told for a in told.answers if isinstance(a, Outcome))

    @property
    def outcome(self) -> Outcome:
        """What the last fact or act of ``when`` led to; raises UnknownError before the first."""
        if not self.outcomes:
            raise UnknownError("nothing has happened yet", hint="tell `when` a fact first")
        return self.outcomes[-1]

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why steps of ``when`` were refused, by an error or by what their outcome says."""
        said = [told.refused for told in self.told if told.refused is not None]
        return (*said, *(error for outcome in self.outcomes for error in outcome.errors))

    @property
    def terms(self) -> TermsVersion:
        """The Terms in force at the last instant that was told."""
        return self.rules.terms.in_force(self.now or self.facts.at({}))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions that ``when`` made or changed, each in its newest revision."""
        touched = dict.fromkeys(d.id for outcome in self.outcomes for d in outcome.decisions)
        return tuple(map(self.enforcer.decision, touched))

    def answer(self, *kinds: type[Any]) -> Any:
        """The newest answer of one of these kinds; raises UnknownError without one."""
        for told in reversed(self.told):
            for answer in told.answers:
                if isinstance(answer, kinds):
                    return answer
        raise UnknownError("nothing of that kind was asked for in `when`")

    def standing(self, account: str | None = None, at: str | datetime | None = None) -> Standing:
        """What holds for an account (the only one, if none is named), now or at an instant."""
        return self.enforcer.standing(self._account(account), at=self._instant(at))

    def may(self, capability: str | Capability, account: str | None = None) -> Permission:
        """Whether an account may do something now."""
        return self.standing(account).may(Capability(capability))

    def finding(self, clause: str, account: str | None = None) -> Finding:
        """The newest finding on a clause; raises UnknownError without one."""
        for told in reversed((*self.background, *self.told)):
            for outcome in told.answers:
                for finding in getattr(outcome, "findings", ()):
                    if str(finding.clause) == clause and account in (None, finding.subject):
                        return finding  # type: ignore[no-any-return]  # only outcomes have any
        raise UnknownError(f"no finding on `{clause}`")

    def decision(
        self,
        clause: str | None = None,
        account: str | None = None,
        fits: Callable[[Decision], bool] = lambda _: True,
    ) -> Decision:
        """The newest decision on a clause that fits; raises UnknownError without one."""
        found = [
            d
            for d in self.enforcer.decisions()
            if clause is None or any(str(g.clause) == clause for g in d.grounds)
            if account in (None, d.account_id)
        ]
        # A case speaks of the decision on the breach itself, not of the rung its points reached.
        found.sort(key=lambda d: (fits(d), d.points > 0, d.decided_at, d.conduct_at, d.id))
        if not found:
            raise UnknownError(f"no decision on `{clause or 'anything'}`")
        return found[-1]

    def notice(self, clause: str | None = None, account: str | None = None) -> Notice:
        """The notice of the newest decision that binds, or else of the newest one."""
        decision = self.decision(clause, account, lambda d: d.in_force)
        return self.enforcer.notice(decision.id)

    def record(self, fact: Fact, known: datetime | None = None) -> Outcome:
        """Record a fact, learnt of at its own time or ``known``; time never runs back."""
        return self.enforcer.record(fact, now=self.moment(known or fact.at))

    def moment(self, at: datetime) -> datetime:
        """The instant at which something told for ``at`` is known: no earlier than the last."""
        self.now = at if self.now is None else max(self.now, at)
        return self.now

    def _account(self, account: str | None) -> str:
        return self.facts.account({"account": account})

    def _instant(self, at: str | datetime | None) -> datetime:
        if isinstance(at, datetime):
            return at
        return (self.now or self.facts.at({})) if at is None else self.facts.when(at)

    def _tell(self, step: Step) -> Told:
        if isinstance(step, Fact):
            return Told(_words(step), step.at, (self.record(step),))
        verb = verb_of(step)
        answers = ACTS[verb](self, step)
        return Told(_words(step), self.now or self.facts.at({}), tuple(answers))


def verb_of(step: Mapping[str, Any]) -> str:
    """Which kind of step a mapping is; raises InputError for none, several, or a key too many."""
    verbs = [key for key in step if key in ACTS]
    if not verbs:
        first = next(iter(step), "")
        raise InputError("a step says what it is", hint=nearest(first, [*ACTS]) or _listed(ACTS))
    verb = verbs[0]
    allowed = KEYS.get(verb)
    extra = [key for key in step if allowed is not None and key != verb and key not in allowed]
    if extra and allowed is not None:
        hint = nearest(extra[0], [*allowed]) or _listed(allowed)
        raise InputError(f"`{verb}` knows no `{extra[0][:40]}`", where=verb, hint=hint)
    return verb


def _listed(words: Any) -> str:
    return "one of " + ", ".join(f"`{word}`" for word in words)


def _words(step: Step) -> str:
    if isinstance(step, Fact):
        return f"{step.tag} {step.id}"
    verb = next((key for key in step if key in ACTS), "a step")
    return f"{verb}: {step.get(verb)}"
