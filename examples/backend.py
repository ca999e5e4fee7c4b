"""A marketplace's backend: three plain functions around ``record``, ``may`` and ``review``.

Run it with ``python examples/backend.py``. It keeps everything in memory; give ``open_enforcer`` an
address such as ``sqlite:///enforcement.db`` to keep it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import policyenforce as pe

NOON = datetime(2019, 10, 7, 4, 0, tzinfo=UTC)  # noon in Hong Kong
LIN = pe.Actor(id="mod-lin", roles=("moderator",))


def hand_in(enforcer: pe.Enforcer, account: str, listing: pe.Content, now: datetime) -> str:
    """What the shop page does with a listing: "publish", "hold" or "reject".

    First ask whether the account may list at all; then let the library read the listing. The id
    of the fact is ours: sending the same listing twice, as a retry would, records it once.
    """
    permission = enforcer.may(account, pe.Capability.CREATE_LISTING, at=now, site="alibaba")
    if not permission:
        return f"reject: {permission.reason}"
    outcome = enforcer.record(
        pe.ContentSubmitted(
            id=f"submitted-{listing.target}",
            at=now,
            account_id=account,
            site="alibaba",
            content=listing,
        ),
        now=now,
    )
    return outcome.disposition.value


def report(
    enforcer: pe.Enforcer, account: str, clause: str, sure: float, now: datetime
) -> str | None:
    """A colleague reports conduct. Returns the decision that waits for a person, if any."""
    outcome = enforcer.record(
        pe.ConductReported(
            id=f"report-{account}-{now:%H%M}",
            at=now,
            account_id=account,
            clause=clause,
            reported_by="trust desk",
            confidence=sure,
            severity=pe.Severity.SERIOUS,
        ),
        now=now,
    )
    waiting = [d for d in outcome.decisions if d.status is pe.Status.PROPOSED]
    return waiting[0].id if waiting else None


def approve(enforcer: pe.Enforcer, decision_id: str, why: str, now: datetime) -> str:
    """A moderator approves what the house rules proposed. Returns the notice, ready to be sent."""
    enforcer.review(decision_id, "approve", by=LIN, reason=why, now=now)
    notice = enforcer.notice(decision_id)
    return "\n".join(f"{name}: {text}" for name, text in notice.fields.items())


def main() -> None:
    """A day in the life of one seller."""
    enforcer = pe.open_enforcer()
    enforcer.record(
        pe.AccountOpened(id="opened-17", at=NOON, user_id="u-17", account_id="a-17"), now=NOON
    )

    tea = pe.Content(content_id="c-1", title="Ceramic tea set, six cups", language="en")
    bags = pe.Content(content_id="c-2", title="AAA quality handbags", language="en")
    print("tea set: ", hand_in(enforcer, "a-17", tea, NOON))
    print("handbags:", hand_in(enforcer, "a-17", bags, NOON + timedelta(minutes=5)))

    waiting = report(enforcer, "a-17", "12.6", 0.9, NOON + timedelta(hours=1))
    print("account passed on? waits for a person:", waiting is not None)
    if waiting is not None:
        print(approve(enforcer, waiting, "the new owner wrote to us", NOON + timedelta(hours=2)))

    lamp = pe.Content(content_id="c-3", title="LED desk lamp", language="en")
    print("desk lamp:", hand_in(enforcer, "a-17", lamp, NOON + timedelta(hours=3)))
    enforcer.close()


if __name__ == "__main__":
    main()
