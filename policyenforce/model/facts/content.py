"""Facts of User Content: revisions, labels, links, claims of right (5.4–5.7)."""

from __future__ import annotations

import re
from datetime import datetime
from enum import Enum

from policyenforce.errors import FactError
from policyenforce.model.fact import Fact, fact, key, personal, values
from policyenforce.model.findings import Severity

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def is_language_tag(text: str) -> bool:
    """True for what has the form of a language tag (BCP 47), known or not.

    >>> is_language_tag("zh-Hant"), is_language_tag("Chinese, I think")
    (True, False)
    """
    return _LANGUAGE_TAG.fullmatch(text) is not None


class ContentKind(str, Enum):
    """What kind of User Content."""

    LISTING = "listing"
    MESSAGE = "message"
    PROFILE = "profile"
    ADVERT = "advert"
    FEEDBACK = "feedback"
    OTHER = "other"


class Labeller(str, Enum):
    """A person, or a model outside the library."""

    PERSON = "person"
    MODEL = "model"


@values
class Content:
    """One revision of a piece of User Content. ``language`` is a tag, as ``en`` or ``zh-Hant``.

    ``about_account_id`` is the account a piece of feedback speaks of, ``rating`` its stars.
    """

    content_id: str
    revision: int = 1
    kind: ContentKind = ContentKind.LISTING
    title: str | None = personal(default=None)
    description: str | None = personal(default=None)
    fields: dict[str, str] = personal(default={})
    language: str | None = None
    about_account_id: str | None = None
    rating: int | None = None

    def __attrs_post_init__(self) -> None:
        if self.language is not None and not is_language_tag(self.language):
            raise FactError("no language tag", where="language", hint="`en`, `zh-Hant`")

    @property
    def target(self) -> str:
        """The name of this revision, ``content-3@2``."""
        return f"{self.content_id}@{self.revision}"


@fact("content_submitted", rank=40)
class ContentSubmitted(Fact):
    """User Content is handed in, before it is shown."""

    account_id: str
    content: Content


@fact("content_revised", rank=41)
class ContentRevised(Fact):
    """A new revision of known content."""

    account_id: str
    content: Content


@fact("content_displayed", rank=42)
class ContentDisplayed(Fact):
    """A revision is shown."""

    account_id: str
    content_id: str = key("content")
    revision: int = 1


@fact("content_withdrawn", rank=43)
class ContentWithdrawn(Fact):
    """The Member takes a revision back."""

    account_id: str
    content_id: str = key("content")
    revision: int = 1


@fact("content_restored", rank=44)
class ContentRestored(Fact):
    """A removed revision is shown again."""

    account_id: str
    content_id: str = key("content")
    revision: int = 1


@fact("content_labelled", rank=46)
class ContentLabelled(Fact):
    """A person or an outside model says which clause a revision engages, and how sure."""

    account_id: str
    content_id: str = key("content")
    revision: int = 1
    clause: str
    category: str | None = None
    labeller: Labeller
    labelled_by: str
    confidence: float = 1.0
    breach: bool = True
    severity: Severity = Severity.SERIOUS


@fact("link_resolved", rank=47)
class LinkResolved(Fact):
    """A link was followed outside the library: the chain of addresses, and when (5.5(g), T5)."""

    account_id: str
    content_id: str = key("content")
    revision: int = 1
    chain: tuple[str, ...] = ()
    captured_at: datetime
    harmful: bool | None = None
    clause: str | None = None


@fact("rights_claimed", rank=48)
class RightsClaimed(Fact):
    """Somebody claims a right in the content (5.4(b)); a claim alone is suspicion."""

    account_id: str
    claim_id: str = key("claim")
    content_id: str = key("content")
    revision: int = 1
    right: str
    owner: str
    claimant: str = personal()


@fact("rights_claim_answered", rank=49)
class RightsClaimAnswered(Fact):
    """The Member answers a claim; ``licensed`` when it shows a licence."""

    account_id: str
    claim_id: str = key("claim")
    licensed: bool = False


@fact("rights_claim_withdrawn", rank=50)
class RightsClaimWithdrawn(Fact):
    """The claimant takes the claim back."""

    account_id: str
    claim_id: str = key("claim")


@fact("rights_claim_decided", rank=51)
class RightsClaimDecided(Fact):
    """A person or court decides the claim."""

    account_id: str
    claim_id: str = key("claim")
    upheld: bool
    decided_by: str
