"""Learning the points of sessions from accounts whose truth is known.

Penalised logistic regression with signs, a step for each count: what speaks for a verdict never
takes points away as it grows, and what speaks against it never adds any. So every table that is
learnt keeps the promises of ``SessionPoints``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit

from policyenforce.policy.sessions import (
    COUNTED,
    FOR,
    POINTS_A_UNIT,
    Rows,
    SessionPoints,
    VerdictPoints,
)

STEPS = (1, 2, 3, 4, 5, 7, 10, 14, 20, 30)
"""The counts at which something may change its worth."""

_PENALTY = 2e-5
_ROUNDS = 4
_RARE = 20  # rows below which a step is not learnt
_ALL = ("outside", "inside", "takeover", "transferred")
_OTHER = {"outside": "inside", "inside": "outside"}

Numbers = Mapping[str, int]
Vector = NDArray[np.float64]


@frozen
class Known:
    """What is counted of one account, all devices and each that came later, and what it was."""

    sharing: Numbers
    arrivals: Sequence[Numbers]
    truth: str


def fit_sessions(known: Sequence[Known]) -> SessionPoints:
    """The points that explain best what these accounts were: a verdict's name, or ``none``."""
    truth = np.array([account.truth for account in known])
    found = {}
    for verdict in ("outside", "inside"):
        others = ["takeover", "transferred", _OTHER[verdict]]
        use = np.flatnonzero(~np.isin(truth, others))
        numbers = [known[at].sharing for at in use.tolist()]
        found[verdict] = _learnt(verdict, numbers, truth[use] == verdict)
    for verdict in ("takeover", "transferred"):
        found[verdict] = _learnt_of_best(verdict, known, truth == verdict)
    return SessionPoints(**found)


def _learnt_of_best(
    verdict: str, known: Sequence[Known], answer: NDArray[np.bool_]
) -> VerdictPoints:
    """Of each account the arrival counts that has most points, which the points themselves say."""
    owner = np.array([at for at, account in enumerate(known) for _ in account.arrivals])
    numbers = [one for account in known for one in account.arrivals]
    worth = np.array([_guess(one) for one in numbers])
    for _ in range(_ROUNDS):
        order = np.lexsort((-worth, owner))
        best = order[np.append(True, np.diff(owner[order]) != 0)]
        table = _learnt(verdict, [numbers[at] for at in best.tolist()], answer[owner[best]])
        worth = np.array([table.total(one) for one in numbers])
    return table


def _guess(arrival: Numbers) -> float:
    """Which arrival to begin with: one that changes something, in a place nobody knows."""
    return arrival.get("changes", 0) - 2 * arrival.get("known_network", 0)


def _learnt(verdict: str, numbers: Sequence[Numbers], answer: NDArray[np.bool_]) -> VerdictPoints:
    names, matrix = _steps(verdict, numbers)
    signs = [name in FOR[verdict] for name, _ in names]
    turned, target = matrix.T.tocsr(), answer.astype(np.float64)

    def loss(theta: Vector) -> tuple[float, Vector]:
        z = theta[0] + matrix @ theta[1:]
        size = float(np.abs(theta[1:]).sum() + theta[1:] @ theta[1:] / 2)
        value = float(np.mean(np.logaddexp(0, z) - target * z)) + _PENALTY * size
        slope = (expit(z) - target) / len(target)
        bend = _PENALTY * (np.sign(theta[1:]) + theta[1:])
        return value, np.concatenate(([slope.sum()], turned @ slope + bend))

    bounds = [(None, None), *((0, None) if positive else (None, 0) for positive in signs)]
    weights = minimize(
        loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B"
    ).x.tolist()
    steps: dict[str, list[tuple[int, float]]] = {}
    for (name, least), weight in zip(names, weights[1:], strict=True):
        steps.setdefault(name, []).append((least, weight))
    rows = {name: _rows(those) for name, those in steps.items()}
    return VerdictPoints(
        start=round(POINTS_A_UNIT * weights[0]),
        rows={name: those for name, those in rows.items() if those},
    )


def _steps(verdict: str, numbers: Sequence[Numbers]) -> tuple[list[tuple[str, int]], csr_array]:
    """One column for each count that a name reaches often enough to be learnt."""
    names: list[tuple[str, int]] = []
    columns: list[NDArray[np.bool_]] = []
    for name in COUNTED[verdict]:
        told = np.array([one.get(name, 0) for one in numbers])
        for least in STEPS:
            reached = told >= least
            if reached.sum() >= _RARE:
                names.append((name, least))
                columns.append(reached)
    return names, csr_array(np.array(columns, np.float64).T)


def _rows(steps: Sequence[tuple[int, float]]) -> Rows:
    """What each count is worth in all, told only where it changes."""
    rows: list[tuple[int, int]] = []
    total = 0.0
    for least, weight in steps:
        total += weight
        points = round(POINTS_A_UNIT * total)
        if points and not (rows and rows[-1][1] == points):
            rows.append((least, points))
    return tuple(rows)


def as_toml(points: SessionPoints, told: Sequence[str] = ()) -> str:
    """The section ``[sessions]`` of the house rules, with what is told above it as comments."""
    lines = [f"# {' '.join(line.split())}" for line in told]
    for verdict in _ALL:
        table: VerdictPoints = getattr(points, verdict)
        lines += [f"[sessions.{verdict}]", f"found = {table.found}", f"start = {table.start}", ""]
        lines.append(f"[sessions.{verdict}.rows]")
        for name, rows in table.rows.items():
            lines.append(f"{name} = [{', '.join(f'[{least}, {worth}]' for least, worth in rows)}]")
        lines.append("")
    return "\n".join(lines)
