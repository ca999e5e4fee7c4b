"""``Plans``: what reaches several Members at once is planned first, and a person approves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from policyenforce.discipline.cascade import CascadePlan, Related, plan_cascade, told_to_member
from policyenforce.discipline.falling import LIVE
from policyenforce.discipline.reversal import ReversalPlan, plan_reversal
from policyenforce.discipline.setting import identity
from policyenforce.enforcer import acts
from policyenforce.enforcer.desk import Desk
from policyenforce.enforcer.instants import aware
from policyenforce.enforcer.ties import exemptions, ties_around
from policyenforce.errors import ConflictError, UnknownError
from policyenforce.model.facts.procedure import Actor, ReviewRecorded
from policyenforce.model.outcome import Outcome


class Plans(Desk):
    """The cascade to related accounts, and the undoing of what a bad rule did.

    Making a plan records nothing. Approving one is a single transaction: all of it, or nothing.
    """

    def cascade(self, decision_id: str, *, now: datetime) -> CascadePlan:
        """Which related accounts a decision could reach (6.2(i)), on what evidence, and which not.

        Raises UnknownError, and ConflictError for a decision that does not bind.
        """
        aware(now)
        decision, _ = self._decided(decision_id)
        if not decision.in_force:
            raise ConflictError(f"decision {decision_id} does not bind, so nothing follows from it")
        with self.ledger.reading() as tx:
            reader = self._reader
            ties = ties_around(reader, tx, decision.user, self.rules.cascade.hop_limit)
            users = sorted({user for tie in ties for user in tie.users} - {decision.user})
            accounts = {
                user: [a.account_id for a in reader.history(tx, user).accounts if a.open_at(now)]
                for user in users
            }
            exempt = exemptions(reader, tx, decision, accounts, now)
        return plan_cascade(decision, ties, accounts, exempt, self.rules)

    def approve_cascade(
        self,
        decision_id: str,
        *,
        by: Actor,
        reason: str,
        now: datetime,
        only: Sequence[str] = (),
    ) -> tuple[str, tuple[Outcome, ...]]:
        """A person approves a cascade, all of it or ``only`` some accounts: its id, and outcomes.

        Each related Member gets a decision and notice of its own. Raises ConflictError for an
        account that the plan of this instant exempts or does not name.
        """
        decision = self.decision(decision_id)
        plan = self.cascade(decision_id, now=now)
        reached = {one.account_id: one for one in plan.reached}
        chosen = tuple(dict.fromkeys(only)) or tuple(reached)
        for account in chosen:
            if account not in reached:
                raise ConflictError(f"account `{account}` {_why_not(account, plan)}")
        if not chosen:
            raise ConflictError(f"the cascade of {decision_id} reaches no account")
        name = identity("cascade", decision_id, by.id, now.isoformat(), *chosen)
        with self.ledger.reading() as tx:
            history = self._reader.history(tx, decision.user)
            hidden = (decision.user, *(account.account_id for account in history.accounts))
        facts = [
            acts.relation(
                account, decision, plan.actions, tuple(told_to_member(reached[account], hidden)),
                by, reason, now, name,
            )
            for account in chosen
        ]  # fmt: skip
        return name, self._acts(facts)

    def unwind(
        self, cascade_id: str, *, by: Actor, reason: str, now: datetime
    ) -> tuple[Outcome, ...]:
        """A person takes back exactly what one approved cascade did, and nothing else.

        Raises UnknownError for a cascade nobody approved.
        """
        with self.ledger.reading() as tx:
            made = {
                (fact.account_id, decision.id)
                for fact in self._reader.bearing(tx, "plan", cascade_id, ReviewRecorded.tag)
                if isinstance(fact, ReviewRecorded)
                for decision in self._reader.history(tx, self._user(tx, fact.account_id)).decisions
                if decision.fact_id == fact.id and decision.status in LIVE
            }
            known = bool(self._reader.bearing(tx, "plan", cascade_id))
        if not known:
            raise UnknownError(f"no cascade `{cascade_id}`")
        return self._acts(
            [
                acts.reversal(account, one, cascade_id, by, reason, now)
                for account, one in sorted(made)
            ]
        )

    def reverse(self, rule_version: str, *, since: datetime) -> ReversalPlan:
        """What undoing a rule would take back: the live decisions drawn from it since an instant.

        ``rule_version`` is as decisions tell it (``remove_content@3f2a…``), or a rule's bare name
        for every version of it.
        """
        return plan_reversal(self.decisions(), rule_version, aware(since, "since"))

    def approve_reversal(
        self, plan: ReversalPlan, *, by: Actor, reason: str, now: datetime
    ) -> tuple[Outcome, ...]:
        """A person approves a plan to undo what a rule did; each Member concerned is told.

        Raises ConflictError when the plan is empty or no longer what it was.
        """
        if not plan.reversals:
            raise ConflictError("the plan takes nothing back")
        if self.reverse(plan.rule_version, since=plan.since) != plan:
            raise ConflictError(
                "what the plan names has changed since", hint="make it anew and look at it again"
            )
        return self._acts(
            [
                acts.reversal(one.account_id, one.decision_id, plan.id, by, reason, now)
                for one in plan.reversals
            ]
        )


def _why_not(account: str, plan: CascadePlan) -> str:
    found: Related | None = next((one for one in plan.related if one.account_id == account), None)
    return "is not in the plan" if found is None else f"is exempt: {found.exempt}"
