"""``Notices``: what a Member is told, in which form and where to, and what may be stated of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from policyenforce.discipline.addresses import addresses
from policyenforce.discipline.letter import Form, Translation, letter, require_true
from policyenforce.discipline.notice import notice_of, with_sending
from policyenforce.discipline.profiles import dsa, p2b, santa_clara
from policyenforce.enforcer import acts
from policyenforce.enforcer.desk import Desk
from policyenforce.enforcer.instants import aware
from policyenforce.enforcer.modifying import Modified, modifications
from policyenforce.errors import ConflictError, InputError, NoticeError
from policyenforce.model.decisions import Decision, Status
from policyenforce.model.facts.procedure import Actor
from policyenforce.model.outcome import History, Notice, Outcome
from policyenforce.policy.rules import HouseRules

Statement = Callable[[Decision, History, HouseRules], Mapping[str, Any]]
PROFILES: Mapping[str, Statement] = {
    "dsa": lambda decision, history, rules: dsa.statement(decision, history),
    "p2b": p2b.statement,
    "santa_clara": santa_clara.statement,
}
"""Each regime and what states a decision under it."""


_NO_TEXT = "none on record"


@frozen
class Exported:
    """A decision stated under a profile, or why it cannot be."""

    decision_id: str
    statement: Mapping[str, Any] | None = None
    refused: str | None = None


def _texts(modified: Iterable[Modified]) -> dict[str, str]:
    """What a letter tells of changed content: each field as it was, and as it is since."""
    told: dict[str, list[str]] = {"before": [], "after": []}
    for one in modified:
        for name in one.parts:
            told["before"].append(f"{name}: {one.before.get(name, _NO_TEXT)}")
            told["after"].append(f"{name}: {one.after.get(name, _NO_TEXT)}")
    return {when: "; ".join(texts) for when, texts in told.items() if texts}


class Notices(Desk):
    """Notices, letters and statements: all projections of decisions, none a record of its own."""

    def notice(self, decision_id: str) -> Notice:
        """The notice of a decision that binds; raises NoticeError when a field is missing."""
        decision, history = self._decided(decision_id)
        if decision.status is Status.PROPOSED:
            raise ConflictError(f"decision {decision_id} is only proposed; nothing to notify yet")
        with self.ledger.reading() as tx:
            about = self._reader.bearing(tx, "decision", decision_id)
            facts = [self._reader.fact(stored) for stored in tx.facts(history.user)]
        last = max((fact.at for fact in (*about, *facts)), default=decision.decided_at)
        known = addresses(facts, history, last)
        return with_sending(notice_of(decision, history, self.rules), about, self.rules, known)

    def letter(
        self, decision_id: str, form: str | Form = Form.TEXT, translation: Translation | None = None
    ) -> str:
        """The notice as text, Markdown or HTML; a translation stands beside the English text."""
        decision, history = self._decided(decision_id)
        notice = require_true(self.notice(decision_id), decision, history, self.rules)
        try:
            chosen = Form(form)
        except ValueError:
            forms = ", ".join(one.value for one in Form)
            raise InputError(f"no form `{str(form)[:20]}`", hint=f"one of: {forms}") from None
        texts = _texts(self.modifications(decision_id))
        return letter(evolve(notice, fields={**notice.fields, **texts}), chosen, translation)

    def modifications(self, decision_id: str) -> tuple[Modified, ...]:
        """What a decision changes in content: the text before, and the one a person wrote.

        Empty where it modifies nothing. Personal: show it to the Member, to who applies it or
        takes it back, and keep it nowhere.
        """
        decision, _ = self._decided(decision_id)
        with self.ledger.reading() as tx:
            return tuple(modifications(self._reader, tx, decision))

    def addresses(self, account_id: str, *, at: datetime) -> tuple[str, ...]:
        """Where to send notices of an account, the first one first: personal, keep it nowhere.

        What a stranger set on the account is not among them, and what one may have set comes
        last (T25).
        """
        aware(at, "at")
        with self.ledger.reading() as tx:
            user = self._user(tx, account_id)
            history = self._reader.history(tx, user)
            facts = [self._reader.fact(stored) for stored in tx.facts(user)]
        return addresses(facts, history, at)

    def defer_notice(
        self,
        decision_id: str,
        until: datetime,
        *,
        legal_reason: str,
        by: Actor,
        reason: str,
        now: datetime,
    ) -> Outcome:
        """A person puts a notice off until an instant, for a legal reason."""
        account = self._account_of("decided", decision_id)
        return self._act(acts.deferral(account, decision_id, until, legal_reason, by, reason, now))

    def export(self, profile: str) -> Iterator[Exported]:
        """Every binding decision stated under a profile, or why it cannot be.

        Raises InputError for an unknown profile and ConflictError for one the house has off.
        """
        state = PROFILES.get(profile)
        if state is None:
            raise InputError(f"no profile `{profile[:20]}`", hint=f"one of: {', '.join(PROFILES)}")
        if not getattr(self.rules.profiles, profile):
            hint = f"set `{profile} = true` under `[profiles]` of the house rules"
            raise ConflictError(f"the profile `{profile}` is off", hint=hint)
        for decision in self.decisions():
            if decision.in_force:
                yield self._stated(decision, state)

    def _stated(self, decision: Decision, state: Statement) -> Exported:
        _, history = self._decided(decision.id)
        try:
            return Exported(decision.id, state(decision, history, self.rules))
        except NoticeError as error:
            return Exported(decision.id, refused=error.message)
