"""Four scores for an account, the verdict they amount to, and the reasons in plain sentences.

A take-over suppresses sharing: its Member is a victim, and the thief's devices are no guests (T25).
INVARIANT: more of what speaks for a verdict never lowers its score.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum

from attrs import frozen

from policyenforce.checks.account_sharing.arrivals import Numbers, arrivals
from policyenforce.checks.account_sharing.features import sharing
from policyenforce.checks.account_sharing.state import AccountState
from policyenforce.checks.account_sharing.telling import told as evidence_of
from policyenforce.model.evidence import Evidence
from policyenforce.policy.sessions import SessionPoints, VerdictPoints, probability

_NOBODY = -100
"""Points of an account on which no second device ever came: no take-over can be seen there."""


class Verdict(str, Enum):
    """What the sessions of an account look like; the first two concern 4.3 and 4.5."""

    OUTSIDE = "outside"
    INSIDE = "inside"
    TAKEOVER = "takeover"
    TRANSFERRED = "transferred"
    NONE = "none"


@frozen
class Judged:
    """The four scores between 0 and 1, the verdict, and what speaks for and against it.

    ``counted`` names it, with the number and the points of each.
    """

    outside: float
    inside: float
    takeover: float
    transferred: float
    verdict: Verdict
    counted: tuple[tuple[str, int, int], ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What speaks for and against the verdict, in sentences."""
        return tuple(evidence_of(name, number, worth) for name, number, worth in self.counted)

    def score(self, verdict: Verdict) -> float:
        """The score of one of the four.

        >>> Judged(0.1, 0.2, 0.3, 0.4, Verdict.NONE).score(Verdict.TAKEOVER)
        0.3
        """
        found: float = getattr(self, verdict.value)
        return found


def judged(state: AccountState, points: SessionPoints, common: Collection[str] = ()) -> Judged:
    """What the sessions of an account amount to; ``common`` are devices that many accounts use."""
    numbers = sharing(state, common)
    came = list(arrivals(state))
    sums = {
        Verdict.OUTSIDE: (points.outside.total(numbers), numbers),
        Verdict.INSIDE: (points.inside.total(numbers), numbers),
        Verdict.TAKEOVER: _best(points.takeover, came),
        Verdict.TRANSFERRED: _best(points.transferred, came),
    }
    verdict = _verdict({name: sums[name][0] - _table(points, name).found for name in sums})
    scores = {name.value: probability(total) for name, (total, _) in sums.items()}
    if verdict in _CHANGES_HANDS:
        most = 1 - scores[verdict.value]
        for name in (Verdict.OUTSIDE.value, Verdict.INSIDE.value):
            scores[name] = min(scores[name], most)
    counted: tuple[tuple[str, int, int], ...] = ()
    if verdict is not Verdict.NONE:
        counted = tuple(_counted(_table(points, verdict), sums[verdict][1]))
    told = {name: round(score, 4) for name, score in scores.items()}
    return Judged(**told, verdict=verdict, counted=counted)


def _best(table: VerdictPoints, came: Sequence[Numbers]) -> tuple[int, Numbers]:
    """The device that speaks most for the verdict, with its points; of equals the first."""
    if not came:
        return _NOBODY, {}
    totals = [table.total(one) for one in came]
    most = max(totals)
    return most, came[totals.index(most)]


_CHANGES_HANDS = (Verdict.TAKEOVER, Verdict.TRANSFERRED)


def _table(points: SessionPoints, verdict: Verdict) -> VerdictPoints:
    found: VerdictPoints = getattr(points, verdict.value)
    return found


def _verdict(sums: Mapping[Verdict, int]) -> Verdict:
    """The verdict of most points beyond what it is found from; a change of hands comes first."""
    for verdicts in (_CHANGES_HANDS, (Verdict.OUTSIDE, Verdict.INSIDE)):
        best = max(verdicts, key=lambda verdict: sums[verdict])
        if sums[best] >= 0:
            return best
    return Verdict.NONE


def _counted(table: VerdictPoints, numbers: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    for name, number in numbers.items():
        worth = table.worth(name, number)
        if worth:
            yield name, number, worth
