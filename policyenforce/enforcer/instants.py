"""The instants a caller hands over: none without a zone, nothing that only looks like one."""

from __future__ import annotations

from datetime import datetime

from policyenforce.errors import InputError


def aware(instant: datetime, called: str = "now") -> datetime:
    """The instant itself; raises InputError, naming the argument, for what is none with a zone.

    >>> aware(datetime(2019, 10, 4), "since")
    Traceback (most recent call last):
    policyenforce.errors.InputError: `since` has no zone (hint: use `datetime.now(UTC)`)
    """
    if not isinstance(instant, datetime):
        raise InputError(f"`{called}` is no `datetime`", hint="use `datetime.now(UTC)`")
    if instant.tzinfo is None:
        raise InputError(f"`{called}` has no zone", hint="use `datetime.now(UTC)`")
    return instant
