"""From what a policy case writes to facts: defaults for what does not matter to the case.

``account: a-1`` stands for an application and the account opened on it, by a User of whom
nothing is wrong; ``application: u-1`` for the application alone. Times without a zone are in
that of the Terms, and a missing time is an hour after the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, cast, get_args
from zoneinfo import ZoneInfo

from attrs import fields, resolve_types

from policyenforce.errors import FactError, InputError
from policyenforce.model.codec import json_name
from policyenforce.model.fact import FACT_TYPES, Fact, position_of
from policyenforce.model.facts.dealings import Money
from policyenforce.model.facts.procedure import Actor
from policyenforce.model.structuring import fact_from_json

FIRST: Final = "2019-09-12T09:00:00"
"""When a case begins that says nothing of time."""

_OF_OPENING = ("memberships",)
_HOUR = timedelta(hours=1)
_ONCE: Final = {"first": 0, "every": 1, "times": 1}
_A_ROW = "as in `{device_id: laptop, first: 0, every: 2, times: 20}`"


def instant(written: object, zone: ZoneInfo, where: str = "at") -> datetime:
    """A time as a case writes it: ``2019-10-04``, ``2019-10-04 09:30``, or with its own zone.

    Raises InputError for anything else.

    >>> instant("2019-10-04 09:30", ZoneInfo("Asia/Hong_Kong")).isoformat()
    '2019-10-04T09:30:00+08:00'
    """
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError:
        raise InputError(
            f"`{str(written)[:40]}` is no time", where=where, hint="write `2019-10-04 09:30`"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def actor(written: object, role: str) -> Actor:
    """Whoever acts: a role (``by: moderator``), or an id with roles; ``role`` if nothing is said.

    >>> actor(None, "moderator").roles
    ('moderator',)
    """
    if isinstance(written, Actor):
        return written
    if isinstance(written, Mapping):
        return Actor(str(written.get("id")), roles=tuple(written.get("roles", ())))
    name = role if written is None else str(written)
    return Actor(f"the {name}", roles=(name,))


class Facts:
    """Makes the facts of one case; remembers the accounts it named and the last time."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._last: datetime | None = None
        self._made = 0
        self.accounts: list[str] = []
        self.site: str | None = None

    def when(self, written: object) -> datetime:
        """A time that an entry names, without its becoming the last one."""
        return instant(written, self._zone)

    def at(self, entry: Mapping[str, Any]) -> datetime:
        """When an entry happens; remembered for the next one that does not say."""
        if entry.get("at") is not None:
            self._last = instant(entry["at"], self._zone)
        elif self._last is None:
            self._last = instant(FIRST, self._zone)
        else:
            self._last += _HOUR
        return self._last

    def account(self, entry: Mapping[str, Any], key: str = "account") -> str:
        """The account an entry is about: the one it names, else the only one of the case."""
        named = entry.get(key)
        if named is not None:
            return str(named)
        if len(self.accounts) != 1:
            known = ", ".join(self.accounts) or "none yet"
            raise InputError("say which account", where=key, hint=f"the case names: {known}")
        return self.accounts[0]

    def opened(self, entry: Mapping[str, Any]) -> tuple[Fact, Fact]:
        """``account: a-1``: the application of a User, and the account opened on it."""
        account = str(entry["account"])
        told = {key: value for key, value in entry.items() if key not in ("account", *_OF_OPENING)}
        user = str(told.setdefault("user_id", f"u-{account}"))
        named = {"id": f"{account}-applied", "application_id": f"{account}-application"}
        applied = self.applied({"application": user, **named, **told})
        self.accounts.append(account)
        opening = {
            "fact": "account_opened",
            "id": f"{account}-opened",
            "at": applied.at.isoformat(),
            "site": applied.site,
            "user_id": user,
            "account_id": account,
            "application_id": f"{account}-application",
            "memberships": [applied.site] if applied.site else [],
            **{key: entry[key] for key in _OF_OPENING if key in entry},
        }
        return applied, self.fact(opening)

    def applied(self, entry: Mapping[str, Any]) -> Fact:
        """``application: u-1``: an application in which nothing is wrong, but for what is said."""
        user = str(entry["application"])
        kind = entry.get("kind", "sole_trader")
        country = entry.get("country", "CN")
        self.site = entry.get("site", "alibaba")
        told = {
            "fact": "application_received",
            "id": f"{user}-applied",
            "user_id": user,
            "application_id": f"{user}-application",
            "kind": kind,
            "site": self.site,
            "country": country,
            "residence": country,
            "access_country": entry.get("residence", country),
            "birth_date": None if kind == "entity" else "1980-01-01",
            "business_use": True,
            **(_company(user, country) if kind == "entity" else {}),
        }
        told.update({k: v for k, v in entry.items() if k not in ("application", "entity")})
        if isinstance(entry.get("entity"), Mapping):
            told["entity"] = {**told.get("entity", {}), **entry["entity"]}
        return self.fact(told)

    def fact(self, entry: Mapping[str, Any]) -> Fact:
        """A fact as in a file of facts, with an id and a time if it says none; raises FactError."""
        tag = str(entry.get("fact"))
        self._made += 1
        told = {key: value for key, value in entry.items() if key != "at"}
        told.setdefault("id", f"{tag}-{self._made}")
        told["at"] = self.at(entry).isoformat()
        if tag in FACT_TYPES:
            told = _spelled(tag, told, self._zone)
            names = _kinds(tag)
            if "account_id" in names and "account_id" not in told and self.accounts:
                told["account_id"] = self.account({})
            if told.get("site") is None and "site" in names and self.site:
                told["site"] = self.site
        try:
            return fact_from_json(told)
        except FactError as error:
            raise error.at(str(told["id"])) from None

    def sessions(self, entry: Mapping[str, Any]) -> tuple[Fact, ...]:
        """``sessions: [...]``: sign-ins of weeks, in order of time.

        Each row is a fact, ``signed_in`` unless it says otherwise, that comes ``times`` times,
        ``every`` so many days, for the first time ``first`` days after the step begins.
        """
        start, made = self.at(entry), []
        rows = entry["sessions"]
        if not isinstance(rows, list):
            raise InputError("expected a list of rows", where="sessions", hint=_A_ROW)
        for row in rows:
            told = {"fact": "signed_in", **row}
            first, every, times = (_days(told, name) for name in ("first", "every", "times"))
            account = {"account_id": self.account(entry)}
            for number in range(int(times)):
                at = start + timedelta(days=first + every * number)
                made.append(self.fact({**account, **told, "at": at.isoformat()}))
        made.sort(key=position_of)
        self._last = made[-1].at if made else start
        return tuple(made)


def _days(row: dict[str, Any], name: str) -> float:
    number = _number(str(row.pop(name, _ONCE[name])))
    if not isinstance(number, float) or number < 0:
        raise InputError("is no number of days or times", where=name, hint=_A_ROW)
    return number


def _company(user: str, country: object) -> dict[str, Any]:
    """An entity of which everything is known and nothing is wrong."""
    place = {"lines": [f"Harbour Road, house of {user}"], "city": "Linhu", "country": country}
    return {
        "entity": {
            "legal_name": f"{user} Limited",
            "registration_number": f"{user.upper()}-7741",
            "registration_country": country,
            "principal_place": place,
            "registered_address": place,
        },
        "representative": {"name": f"the director of {user}", "authority": True},
    }


@cache
def _kinds(tag: str) -> dict[str, frozenset[Any]]:
    """The name of each field of a kind of fact, as in files, with the types it may hold."""
    cls: Any = resolve_types(cast("Any", FACT_TYPES[tag]))
    return {json_name(a): frozenset({a.type, *get_args(a.type)}) for a in fields(cls)}


def _spelled(tag: str, told: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """The same entry as a file of facts spells it: zones, numbers with a point, amounts."""
    made = dict(told)
    for name, kinds in _kinds(tag).items():
        value = made.get(name)
        if value is None:
            continue
        if datetime in kinds:
            made[name] = instant(value, zone, name).isoformat()
        elif float in kinds:
            made[name] = _number(value)
        elif Money in kinds and isinstance(value, Mapping):
            made[name] = {**value, "amount": str(value.get("amount"))}
    return made


def _number(value: object) -> object:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value
