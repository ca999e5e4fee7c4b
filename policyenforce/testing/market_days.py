"""What ordinary Members do all day: sign in, list, trade, pay fees, say what they thought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import (
    Content,
    ContentDisplayed,
    ContentKind,
    ContentSubmitted,
)
from policyenforce.model.facts.dealings import (
    FeePaid,
    InformationVerified,
    Money,
    TransactionRecorded,
)
from policyenforce.model.facts.registration import DetailsAmended, SignalKind, SignalObserved
from policyenforce.model.facts.sessions import (
    Network,
    SecuritySettingChanged,
    SessionActive,
    Setting,
    SignedIn,
    SignedOut,
    SignInFailed,
)
from policyenforce.testing.market_members import CHANGE, DAYS, START, Member
from policyenforce.testing.market_words import FLAWED, GOODS, GRUMBLES, PRAISE

_END = START + timedelta(days=DAYS)
_LATE_SHARE = 0.35  # of all activity falls into the days around the change of Terms


def days_of(member: Member, everyone: Sequence[Member], rng: Random) -> Iterator[Fact]:
    """All that a Member does from its registration to the last day."""
    yield from _sessions(member, rng)
    yield from _settings(member, rng)
    if member.sells:
        yield from _listings(member, rng)
        yield from _fees(member, rng)
    yield from _orders(member, everyone, rng)


def _moment(member: Member, rng: Random) -> datetime:
    """An instant after the account is open, often close to the change of Terms."""
    first = member.joined + timedelta(hours=31)
    around = CHANGE - timedelta(days=3), CHANGE + timedelta(days=3)
    low, high = around if first < around[0] and rng.random() < _LATE_SHARE else (first, _END)
    return low + timedelta(seconds=rng.randrange(int((high - low).total_seconds())))


def _sessions(member: Member, rng: Random) -> Iterator[Fact]:
    for n in range(rng.randrange(3, 6)):
        at = _moment(member, rng)
        mobile = rng.random() < 0.2
        device = member.phone_device if mobile else member.device
        network = Network.MOBILE if mobile else Network.FIXED
        name = f"{member.account_id}-s{n}"
        if rng.random() < 0.06:
            yield SignInFailed(
                id=f"{name}-failed", at=at - timedelta(seconds=20), site=member.site,
                account_id=member.account_id, device_id=device, ip=member.ip, network=network,
                country=member.place.country,
            )  # fmt: skip
        yield SignedIn(
            id=f"{name}-in", at=at, site=member.site, account_id=member.account_id,
            device_id=device, ip=None if mobile else member.ip, network=network,
            country=member.place.country,
        )  # fmt: skip
        minutes = rng.randrange(2, 90)
        if rng.random() < 0.75:
            yield SessionActive(
                id=f"{name}-active", at=at + timedelta(minutes=1), site=member.site,
                account_id=member.account_id, device_id=device, network=network,
                country=member.place.country, duration_s=minutes * 60.0,
            )  # fmt: skip
        if rng.random() < 0.6:
            yield SignedOut(
                id=f"{name}-out", at=at + timedelta(minutes=minutes), site=member.site,
                account_id=member.account_id, device_id=device,
            )  # fmt: skip


def _settings(member: Member, rng: Random) -> Iterator[Fact]:
    """The little things: a password, a new number, a cookie, a document that was checked."""
    account, site = member.account_id, member.site
    if rng.random() < 0.12:
        yield SecuritySettingChanged(
            id=f"{account}-password", at=_moment(member, rng), site=site, account_id=account,
            setting=Setting.PASSWORD, device_id=member.device,
        )  # fmt: skip
    if rng.random() < 0.1:
        at = _moment(member, rng)
        yield DetailsAmended(
            id=f"{account}-amended", at=at, site=site, account_id=account,
            changed={"phone": f"+1{601 + member.number // 100}55501{member.number % 100:02d}"},
            true_since=at - timedelta(days=rng.randrange(1, 40)),
        )  # fmt: skip
    if rng.random() < 0.15:
        at = _moment(member, rng)
        yield SignalObserved(
            id=f"{account}-cookie", at=at, site=site, account_id=account, kind=SignalKind.COOKIE,
            value=f"ck-{member.number:04d}-{rng.getrandbits(32):08x}", collected_at=at,
            policy_version="2019-01-17", purpose="account_security", legal_basis="contract",
        )  # fmt: skip
    if rng.random() < 0.12:
        yield InformationVerified(
            id=f"{account}-verified", at=_moment(member, rng), site=site, account_id=account,
            topic="registered_address", true=True, verified_by="document desk",
        )  # fmt: skip


def _listings(member: Member, rng: Random) -> Iterator[Fact]:
    for n in range(rng.randrange(1, 4)):
        at = _moment(member, rng)
        good = rng.choice(GOODS)
        variant = rng.choice(good.variants)
        title, description = (
            good.title.format(variant=variant),
            good.description.format(variant=variant),
        )
        if rng.random() < 0.025:
            (title, description), good = rng.choice(FLAWED), GOODS[0]
        content = Content(
            content_id=f"c-{member.number:04d}-{n}", title=title, description=description,
            fields={"price": f"{good.price}.00 USD"}, language=good.language,
        )  # fmt: skip
        yield ContentSubmitted(
            id=f"{content.content_id}-submitted", at=at, site=member.site,
            account_id=member.account_id, content=content,
        )  # fmt: skip
        if good.language != "de" and (title, description) not in FLAWED:
            yield ContentDisplayed(
                id=f"{content.content_id}-displayed", at=at + timedelta(minutes=5),
                site=member.site, account_id=member.account_id, content_id=content.content_id,
            )  # fmt: skip


def _fees(member: Member, rng: Random) -> Iterator[Fact]:
    if rng.random() < 0.5:
        yield FeePaid(
            id=f"{member.account_id}-fee", at=_moment(member, rng), site=member.site,
            account_id=member.account_id,
            amount=Money(Decimal(rng.choice((29, 99, 299))), "USD"),
        )  # fmt: skip


def _orders(member: Member, everyone: Sequence[Member], rng: Random) -> Iterator[Fact]:
    """Orders this Member places, each once paid and, mostly, delivered; some with a word on it."""
    sellers = [m for m in everyone if m.sells and m is not member]
    for n in range(rng.randrange(0, 4) if sellers else 0):
        seller = rng.choice(sellers)
        at = max(_moment(member, rng), _moment(seller, rng))
        order = f"o-{member.number:04d}-{n}"
        delivered = at + timedelta(days=rng.randrange(2, 9))
        yield TransactionRecorded(
            id=order, at=at, site=seller.site, account_id=seller.account_id, order_id=order,
            buyer_id=member.account_id,
            amount=Money(Decimal(rng.choice(GOODS).price * rng.randrange(1, 40)), "USD"),
            paid_at=at, due_at=at + timedelta(days=14),
        )  # fmt: skip
        if delivered >= _END or rng.random() > 0.4:
            continue
        happy = rng.random() < 0.85
        content = Content(
            content_id=f"r-{member.number:04d}-{n}", kind=ContentKind.FEEDBACK,
            description=rng.choice(PRAISE if happy else GRUMBLES), language="en",
            about_account_id=seller.account_id, rating=rng.choice((4, 5) if happy else (2, 3)),
        )  # fmt: skip
        yield ContentSubmitted(
            id=f"{content.content_id}-submitted", at=delivered, site=seller.site,
            account_id=member.account_id, content=content,
        )  # fmt: skip
