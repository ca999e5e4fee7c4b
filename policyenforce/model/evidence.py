"""``Evidence``: one plain sentence, its weight, and the facts it rests on."""

from __future__ import annotations

from enum import Enum

from attrs import frozen


class Bearing(str, Enum):
    """Which way a piece of evidence points."""

    INCRIMINATING = "incriminating"
    MITIGATING = "mitigating"
    COUNTER = "counter"


@frozen
class Span:
    """Code points ``start:end`` of one field of the original text."""

    field: str
    start: int
    end: int


@frozen
class Evidence:
    """One reason for or against a finding. The sentence carries masked values only.

    ``kind`` is a stable word (``"shared_device"``); ``points`` is a whole number, positive
    whichever way the evidence bears.
    """

    kind: str
    sentence: str
    points: int = 0
    fact_ids: tuple[str, ...] = ()
    bearing: Bearing = Bearing.INCRIMINATING
    spans: tuple[Span, ...] = ()
