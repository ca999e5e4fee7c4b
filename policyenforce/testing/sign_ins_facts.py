"""The rows of a log of sessions as facts, for whoever records them one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policyenforce.model.fact import Fact
from policyenforce.model.facts.sessions import (
    Network,
    SecuritySettingChanged,
    Setting,
    SignedIn,
    SignInFailed,
)
from policyenforce.testing.sign_ins_rows import Row

_CHANGED = "_changed"


def facts_of(rows: Iterable[Row]) -> Iterator[Fact]:
    """What a backend would record of the rows of one account, in their order.

    A changed setting is two facts, the session and the change. What a program did is none: no
    person signed in.

    >>> from policyenforce.testing.sign_ins import sign_ins
    >>> rows, _, _ = next(sign_ins(1, accounts=1))
    >>> next(facts_of(rows)).tag
    'signed_in'
    """
    for number, row in enumerate(rows):
        name, at, account = f"{row['account_id']}-{number:05d}", row["at"], row["account_id"]
        device, event, network = row["device_id"], row["event"], row["network"]
        if event == "api":
            continue
        if event == SignInFailed.tag:
            yield SignInFailed(id=name, at=at, account_id=account, device_id=device)
            continue
        yield SignedIn(
            id=name,
            at=at,
            account_id=account,
            device_id=device,
            ip=row["ip"],
            network=Network(network) if network else None,
            country=row["country"],
            latitude=row["latitude"],
            longitude=row["longitude"],
        )
        if event.endswith(_CHANGED):
            setting = Setting(event.removesuffix(_CHANGED))
            yield SecuritySettingChanged(
                id=f"{name}-{setting.value}",
                at=at,
                account_id=account,
                setting=setting,
                device_id=device,
            )
