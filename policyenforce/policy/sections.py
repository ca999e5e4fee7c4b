"""The smaller sections of the house rules; each field is explained in ``house.toml``."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from policyenforce.errors import PolicyError
from policyenforce.model.facts.procedure import MeasureKind
from policyenforce.model.facts.registration import Entity
from policyenforce.terms.gates import Standard

_COUNTRY_LENGTH = 2


class Uncovered(str, Enum):
    """What happens to content in a language that no pack covers."""

    HOLD = "hold"
    PUBLISH = "publish"


def _at_least(section: object, least: int, *names: str) -> None:
    for name in names:
        value = getattr(section, name)
        if value < least:
            raise PolicyError(f"`{name}` is {value}", hint=f"{least} or more")


def _share(section: object, *names: str) -> None:
    for name in names:
        value = getattr(section, name)
        if not 0.0 < value <= 1.0:
            raise PolicyError(f"`{name}` is {value}", hint="above 0, at most 1")


def _countries(codes: tuple[str, ...]) -> None:
    for code in codes:
        if len(code) != _COUNTRY_LENGTH or not (code.isascii() and code.isupper()):
            raise PolicyError(f"`{code[:20]}` is no country code", hint="two capitals, as in `HK`")


@frozen
class Registration:
    """Who may register, and what must be told (1.2, 4.1, 5.1, 5.2)."""

    minimum_age: dict[str, int] = field(factory=lambda: {"default": 18})
    barred_countries: tuple[str, ...] = ()
    business_only_sites: tuple[str, ...] = ("alibaba",)
    prompt_amendment_days: int = 30
    required_entity: tuple[str, ...] = ("legal_name", "registration_number", "registration_country")
    approval_notice_days: int = 30
    approval_grace_days: int = 14
    information_due_days: int = 14

    def __attrs_post_init__(self) -> None:
        if "default" not in self.minimum_age:
            raise PolicyError("`minimum_age` names no default", hint="default = 18")
        _countries((*(set(self.minimum_age) - {"default"}), *self.barred_countries))
        for name in self.required_entity:
            if name not in Entity.__annotations__:
                known = ", ".join(Entity.__annotations__)
                raise PolicyError(f"an entity has no `{name[:40]}`", hint=f"one of: {known}")
        _at_least(
            self, 0,
            "prompt_amendment_days", "approval_notice_days", "approval_grace_days",
            "information_due_days",
        )  # fmt: skip

    def age_in(self, country: str | None) -> int:
        """The age from which one can contract in a country, in years."""
        default = self.minimum_age["default"]
        return default if country is None else self.minimum_age.get(country, default)


class ClassifierUse(str, Enum):
    """Whether the content classifier reads what is handed in."""

    NEVER = "never"
    UNDECIDED = "undecided"


@frozen
class ClassifierRules:
    """From which score (0–1) on the classifier's word is a finding, and how sure it can make one.

    ``most`` caps its confidence: below a category's threshold of belief, a score alone is never
    more than suspicion.
    """

    use: ClassifierUse = ClassifierUse.NEVER
    toxic: float = 0.9
    hate: float = 0.9
    sexual: float = 0.9
    spam: float = 0.95
    most: float = 0.8

    def __attrs_post_init__(self) -> None:
        _share(self, "toxic", "hate", "sexual", "spam", "most")


@frozen
class ContentRules:
    """How User Content is read before it is shown (5.4–5.7, 6.1)."""

    hold_at: Standard = Standard.SUSPICION
    uncovered_language: Uncovered = Uncovered.HOLD
    text_limit: int = 1_000_000
    brands: tuple[str, ...] = ()
    block_hosts: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    max_hops: int = 5
    hold_hours: int = 72
    disabled_categories: tuple[str, ...] = ()
    classifier: ClassifierRules = ClassifierRules()

    def __attrs_post_init__(self) -> None:
        _at_least(self, 1, "text_limit", "max_hops", "hold_hours")
        both = set(self.block_hosts) & set(self.allow_hosts)
        if both:
            raise PolicyError(f"`{min(both)[:80]}` is both blocked and allowed", hint="choose one")


@frozen
class Sharing:
    """What reports of sharing are worth, and when one of a stranger is prompt (4.3, 4.5)."""

    report_prompt_hours: int = 24
    reported_confidence: float = 0.6

    def __attrs_post_init__(self) -> None:
        _at_least(self, 1, "report_prompt_hours")
        _share(self, "reported_confidence")


@frozen
class Dealings:
    """Orders and complaints (6.3(a))."""

    delivery_grace_days: int = 7

    def __attrs_post_init__(self) -> None:
        _at_least(self, 0, "delivery_grace_days")


@frozen
class Cooperation:
    """Requests and answers (5.2, 5.9, 7.5)."""

    answer_grace_hours: int = 24

    def __attrs_post_init__(self) -> None:
        _at_least(self, 0, "answer_grace_hours")


@frozen
class Appeals:
    """How long after a decision it can be appealed."""

    window_days: int = 183

    def __attrs_post_init__(self) -> None:
        _at_least(self, 1, "window_days")


@frozen
class Retention:
    """How long decisions and the facts under them are kept."""

    history_days: int = 1_830

    def __attrs_post_init__(self) -> None:
        _at_least(self, 1, "history_days")


def _longest() -> dict[str, int]:
    return {
        MeasureKind.FORCE_REAUTHENTICATION.value: 72,
        MeasureKind.HOLD_CONTENT.value: 72,
        MeasureKind.PAUSE_PAYOUTS.value: 240,
        MeasureKind.DENY_SERVICE.value: 720,
    }


@frozen
class Protective:
    """The longest each protective measure may last, in hours."""

    maximum_hours: dict[str, int] = field(factory=_longest)

    def __attrs_post_init__(self) -> None:
        known = {kind.value for kind in MeasureKind}
        wrong = known ^ set(self.maximum_hours)
        if wrong:
            raise PolicyError(
                f"`{min(wrong)[:40]}` is an unknown measure or has no maximum",
                hint=f"give hours for each of: {', '.join(sorted(known))}",
            )
        for name, hours in self.maximum_hours.items():
            if hours < 1:
                raise PolicyError(f"the maximum of `{name}` is {hours}", hint="1 hour or more")


@frozen
class Cascade:
    """How far a decision reaches into related accounts (6.2(i)); by default a person decides."""

    hop_limit: int = 1
    minimum_weight: int = 100
    cap: int = 20
    milder_rung: str | None = None
    approver_role: str = "senior_moderator"
    automatic: bool = False

    def __attrs_post_init__(self) -> None:
        _at_least(self, 0, "hop_limit", "cap")
        _at_least(self, 1, "minimum_weight")


@frozen
class Profiles:
    """Which transparency regimes this house states its decisions under; none by itself."""

    dsa: bool = False
    p2b: bool = False
    santa_clara: bool = False


@frozen
class Brake:
    """What stops a rule that hits too many: when it is young, and how often at most."""

    young_hours: int = 24
    subjects: int = 2
    share: float = 0.05
    per_hour: int = 50
    per_day: int = 500

    def __attrs_post_init__(self) -> None:
        _at_least(self, 0, "young_hours", "subjects")
        _at_least(self, 1, "per_hour")
        _at_least(self, self.per_hour, "per_day")
        _share(self, "share")
