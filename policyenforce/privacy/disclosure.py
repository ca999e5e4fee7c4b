"""Cooperation and disclosure (6.4): two procedures that cannot be begun without their gates.

Cooperation (6.4/s1) needs the suspicion of a crime or civil wrong, and hands nothing over.
Disclosure (6.4/s2) needs a request, and two gates of reading T10: the Terms name whom data may
go to, and so must the privacy version; where it does not, consent or a legal permission must.
Private investigators are named for cooperation only.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import field, frozen

from policyenforce.errors import GateError
from policyenforce.model.facts.procedure import Actor, DisclosureRequested, Requester
from policyenforce.terms.gates import Standard
from policyenforce.terms.privacy import Disclosure as Answer
from policyenforce.terms.privacy import PrivacyVersion
from policyenforce.terms.privacy import disclosure as answer_of
from policyenforce.terms.versions import TermsVersion


class Wrong(str, Enum):
    """What is suspected when the platform cooperates."""

    CRIME = "crime"
    CIVIL_WRONG = "civil_wrong"


class Item(str, Enum):
    """What may be disclosed; the list of 6.4/s2, and it is closed."""

    IDENTITY = "identity"
    CONTACT = "contact"
    ACCOUNT = "account"
    TRANSACTIONS = "transactions"
    ACTIVITIES = "activities"


# How the Terms call a requester, and how the privacy policies do.
_IN_TERMS = {
    Requester.GOVERNMENT: "government",
    Requester.REGULATOR: "government",
    Requester.POLICE: "law_enforcement",
    Requester.COURT: "legal_process",
    Requester.INJURED_THIRD_PARTY: "injured_third_party",
    Requester.PRIVATE_INVESTIGATOR: "private_investigator",
}


@frozen
class Cooperation:
    """Working with somebody who looks into a crime or civil wrong; no data goes out.

    ``suspected`` is the standard reached. Raises GateError below suspicion, for a requester
    6.4/s1 does not list, and without a request.
    """

    request: DisclosureRequested
    terms: TermsVersion = field(repr=lambda terms: repr(terms.id))
    wrong: Wrong
    suspected: Standard
    finding_ids: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        recipient = _recipient(self.request)
        if not self.terms.cooperates_with(recipient):
            raise _refused(self.request, f"6.4/s1 names no cooperation with `{recipient}`")
        if self.suspected < Standard.SUSPICION:
            raise _refused(self.request, "cooperation needs a crime or civil wrong to be suspected")


@frozen
class DisclosedItem:
    """One line of the log: what went, to whom, on whose decision, when, and on which basis."""

    request_id: str
    account_id: str
    item: Item
    requester: Requester
    basis: str
    by: str
    at: datetime


@frozen
class Disclosure:
    """Handing over items of a Member's data on request, once both gates are open.

    ``items`` must be asked for. ``permission`` is the legal permission somebody established,
    in words (a warrant, a statute); the requester's own claim of one is in the request.
    ``roles`` are those that the house lets disclose, and ``by`` needs one of them; ``privacy`` is
    the version in force at the request, for its site where it names one. Raises GateError when a
    gate stays shut, and says which.
    """

    request: DisclosureRequested
    terms: TermsVersion = field(repr=lambda terms: repr(terms.id))
    privacy: PrivacyVersion | None = field(repr=lambda privacy: repr(privacy and privacy.id))
    items: tuple[Item, ...]
    by: Actor
    at: datetime
    roles: tuple[str, ...]
    permission: str | None = None
    basis: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        if self.at.tzinfo is None or self.at < getattr(self.request, "at", self.at):
            raise _refused(self.request, "a disclosure has a zoned time after its request")
        if set(self.roles).isdisjoint(self.by.roles):
            raise _refused(self.request, f"no role of `{self.by.id}` may disclose")
        object.__setattr__(self, "basis", self._open())
        asked = set(self.request.items)
        unasked = [item.value for item in self.items if item.value not in asked]
        if not self.items or unasked:
            named = ", ".join(f"`{item}`" for item in unasked) or "nothing"
            raise _refused(self.request, f"{named} was not asked for")

    def _open(self) -> str:
        """The basis that opens the second gate, once the first is open."""
        recipient = _recipient(self.request)
        self._require_privacy_of_the_day()
        answer = answer_of(self.terms, self.privacy, recipient)
        if answer is Answer.COOPERATION_ONLY:
            raise _refused(self.request, f"6.4 lets the platform only cooperate with `{recipient}`")
        if answer is Answer.REFUSED:
            raise _refused(self.request, f"6.4/s2 names no disclosure to `{recipient}`")
        if answer is Answer.ALLOWED:
            gate = "the Terms alone (T10)"
            if self.privacy is not None and self.privacy.discloses_to(recipient):
                gate = f"privacy policy {self.privacy.id}"
            return f"{gate}: {recipient}"
        permission = (self.permission or "").strip()
        if permission:
            return f"legal permission: {permission}"
        if self.request.consent:
            return "consent"
        raise _refused(
            self.request,
            f"no privacy policy lets data go to `{recipient}` here",
            "consent of the person or a legal permission opens this gate (T10)",
        )

    def _require_privacy_of_the_day(self) -> None:
        """Refuse a privacy version of another time, or of other sites than the request's."""
        if self.privacy is None:
            return
        if not self.privacy.holds(self.request.at):
            when = f"{self.request.at:%Y-%m-%d}"
            raise _refused(self.request, f"privacy policy {self.privacy.id} did not hold on {when}")
        site = self.terms.family_of(self.request.site)
        if site is not None and site not in self.privacy.sites:
            raise _refused(
                self.request,
                f"privacy policy {self.privacy.id} does not cover `{site[:40]}`",
                f"it covers {', '.join(self.privacy.sites)}",
            )

    @property
    def log(self) -> tuple[DisclosedItem, ...]:
        """What was disclosed, item by item, in the order it was named."""
        return tuple(
            DisclosedItem(
                request_id=self.request.request_id,
                account_id=self.request.account_id,
                item=item,
                requester=self.request.requester,
                basis=self.basis,
                by=self.by.id,
                at=self.at,
            )
            for item in self.items
        )


def _recipient(request: object) -> str:
    # INVARIANT: nothing happens under 6.4 without the fact that somebody asked.
    if not isinstance(request, DisclosureRequested):
        raise GateError("nobody asked", hint="record a `disclosure_requested` first")
    return _IN_TERMS[request.requester]


def _refused(request: object, why: str, hint: str | None = None) -> GateError:
    return GateError(why, where=getattr(request, "request_id", None), hint=hint)
