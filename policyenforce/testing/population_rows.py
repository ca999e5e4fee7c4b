"""How people write down what they are asked: left out, mistyped, in another shape, made up."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from attrs import frozen

from policyenforce.testing.population_words import DUMMIES, REGIONS

COLUMNS = (
    "email", "phone", "device_id", "cookie_id", "ip", "card_token", "bank_account",
    "registration_number", "company_name", "first_name", "last_name", "address", "postcode",
    "city", "country",
)  # fmt: skip
_TRUNK = {region.code: (region.calling, region.trunk) for region in REGIONS}
_MISTYPED = ("first_name", "last_name", "company_name", "address", "phone", "postcode")
_SELDOM_MISSING = frozenset({"email", "first_name", "last_name", "country"})
_OFTEN_MISSING = frozenset({"cookie_id", "card_token", "bank_account", "address", "postcode"})
_SHORTEST = 4


@frozen
class Noise:
    """How often a value is missing, mistyped, or a mere filler."""

    missing: float
    typos: float
    dummies: float


def written(rng: Random, row: Mapping[str, str | None], noise: Noise) -> dict[str, str | None]:
    """The row as it was filled in."""
    told: dict[str, str | None] = {}
    random = rng.random
    for name in COLUMNS:
        value = row[name]
        rate = noise.missing
        rate *= 0.1 if name in _SELDOM_MISSING else 1.6 if name in _OFTEN_MISSING else 1.0
        if value is None or random() < rate:
            told[name] = rng.choice(DUMMIES[name]) if _fills(rng, name, noise) else None
            continue
        if name in _MISTYPED and random() < noise.typos:
            value = mistyped(rng, value)
        told[name] = value if random() < 0.5 else _restyled(rng, name, value, row["country"])
    return told


def mistyped(rng: Random, value: str) -> str:
    """The text with one letter left out, doubled, changed or moved.

    >>> len(mistyped(Random(3), "market")) in (5, 6, 7)
    True
    """
    if len(value) < _SHORTEST:
        return value
    at = rng.randrange(1, len(value) - 1)
    match rng.randrange(4):
        case 0:
            return value[:at] + value[at + 1 :]
        case 1:
            return value[:at] + value[at] + value[at:]
        case 2:
            other = rng.choice("0123456789" if value[at].isdigit() else "aeioulnrst")
            return value[:at] + other + value[at + 1 :]
        case _:
            return value[: at - 1] + value[at] + value[at - 1] + value[at + 1 :]


def _fills(rng: Random, name: str, noise: Noise) -> bool:
    return name in DUMMIES and rng.random() < noise.dummies * 5


def _restyled(rng: Random, name: str, value: str, country: str | None) -> str:
    match name:
        case "phone":
            return _phone(rng, value, country)
        case "email":
            return _mail(rng, value)
        case "first_name" | "last_name" | "company_name" | "city":
            return value.upper() if rng.random() < 0.3 else value.lower()
        case "address":
            return value.replace("Road", "Rd.").replace("Street", "St.").replace("Room", "Rm")
        case "bank_account":
            return " ".join(value[at : at + 4] for at in range(0, len(value), 4))
        case "registration_number":
            return value.lower()
        case _:
            return value


def _phone(rng: Random, value: str, country: str | None) -> str:
    calling, trunk = _TRUNK.get(country or "", ("", ""))
    national = value.removeprefix(f"+{calling}")
    if not calling or national == value:
        return value
    match rng.randrange(4):
        case 0:
            return f"00{calling}{national}"
        case 1:
            return f"{trunk}{national}"
        case 2:
            return f"+{calling} {national[:3]} {national[3:]}"
        case _:
            return f"{trunk}{national[:4]}-{national[4:]}"


def _mail(rng: Random, value: str) -> str:
    local, _, domain = value.partition("@")
    match rng.randrange(4):
        case 0:
            return f"{local}@{domain}".upper()
        case 1 if domain == "gmail.com":
            return f"{local[:2]}.{local[2:]}@googlemail.com"
        case 2 if domain in ("gmail.com", "outlook.com"):
            return f"{local}+{rng.randrange(9)}@{domain}"
        case _:
            return value
