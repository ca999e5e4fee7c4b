"""``Stage``: a small world in memory, and what the facts and acts told to it led to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from attrs import frozen

from policyenforce.enforcer import open_enforcer
from policyenforce.errors import UnknownError
from policyenforce.model.decisions import Decision
from policyenforce.model.fact import Fact
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import Notice, Outcome
from policyenforce.model.standing import Capability, Permission, Standing
from policyenforce.policy.rules import HouseRules
from policyenforce.privacy.disclosure import Cooperation, Disclosure
from policyenforce.terms.parties import Ambiguous, Party
from policyenforce.terms.versions import TermsVersion
from policyenforce.testing.shorthands import Facts

Answer: TypeAlias = Outcome | Permission | Party | Ambiguous | Disclosure | Cooperation


@frozen
class Told:
    """One step as it was told, and what came of it; ``refused`` says why nothing did."""

    words: str
    at: datetime
    answers: tuple[Answer, ...] = ()
    refused: str | None = None


class Stage:
    """An enforcer with its own store, what was told to it and what came of that."""

    def __init__(self, rules: HouseRules | None = None) -> None:
        self.enforcer = open_enforcer(policy=rules)
        self.rules = self.enforcer.rules
        self.facts = Facts(self.rules.terms.zone)
        self.now: datetime | None = None
        self.background: list[Told] = []
        self.told: list[Told] = []

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
