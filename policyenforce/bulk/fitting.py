"""Learning the points from pairs that people have reviewed.

Penalised logistic regression with signs: an agreement never counts against, a common value never
counts for more than a rare one, a difference never counts for. So every table that is learnt keeps
the promises of ``AccountRelations``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csc_array, csr_array, hstack, vstack
from scipy.special import expit

from policyenforce.bulk.candidates import Candidates, candidates, compared
from policyenforce.bulk.columns import Coded, Codes, coded
from policyenforce.bulk.normalising import normalised
from policyenforce.bulk.relating import clusters_so_far
from policyenforce.bulk.scoring import alone, beside_the_best, reach_of, score
from policyenforce.errors import InputError
from policyenforce.policy.load import load_rules
from policyenforce.policy.relations import GROUPS, HAND_KINDS, LIKENESSES, AccountRelations

REACHES = (2, 3, 5, 10, 20, 50, 200)
"""The reaches at which a value may change its worth."""
_COMMON = 20
_PENALTY = 1e-5

_FEWEST, _FEWEST_OF_EACH = 200, 20
_FOLDS = 3
_STRONG = 0.985  # of the pairs from there on are one hand, where clusters are counted
_LEAST_APART = 0.5  # in log odds, between the two bands

Vector = NDArray[np.float64]


@frozen
class Features:
    """One column for each row of points that could be learnt, named ``(table, row, reach)``."""

    names: tuple[tuple[str, str, int], ...]
    matrix: csr_array


def features(pairs: Candidates, coded: Coded, clusters: Codes | None) -> Features:
    """What of each pair speaks for or against it, as 0 and 1."""
    clusters = alone(coded) if clusters is None else clusters
    every = _everything()
    scored = score(pairs, coded, every, clusters)
    names: list[tuple[str, str, int]] = []
    columns: list[NDArray[np.bool_]] = []
    for number, (group, kinds) in enumerate(GROUPS.items()):
        for level, kind in enumerate(kinds):
            counts = scored.open[group].level == level
            if kind in LIKENESSES:
                names.append(("alike", kind, 0))
                columns.append(counts)
                continue
            which, found = reach_of(pairs, kind, coded, clusters, scored.inside)
            reach = np.full(len(pairs), np.iinfo(np.int32).max, np.int32)
            reach[which] = found
            tables = {"points": counts}
            if kind in HAND_KINDS:
                at_place = scored.settled[group].level == level
                tables["settled"] = at_place & (scored.place == number)
            for table, those in tables.items():
                for limit in REACHES:
                    names.append((table, kind, limit))
                    columns.append(those & (reach <= limit))
    for table, rows in (("together", scored.together), ("against", scored.against)):
        for name, column in rows.items():
            names.append((table, name, 0))
            columns.append(column)
    sparse = [csc_array(column.astype(np.float64)[:, None]) for column in columns]
    return Features(tuple(names), hstack(sparse, format="csr"))


_FIRST = ("email", "bank", "card", "phone", "phone_tail", "device", "cookie")


def _everything() -> AccountRelations:
    """A table in which the strongest kind of a group always counts, whatever its reach."""
    always = (*REACHES, 1 << 30)
    points = {
        kind: tuple((limit, 1) for limit in always)
        for kinds in GROUPS.values()
        for kind in kinds
        if kind not in LIKENESSES
    }
    settled = {kind: tuple((n, 20 - at) for n in always) for at, kind in enumerate(_FIRST)}
    return AccountRelations(points=points, settled=settled, alike=dict.fromkeys(LIKENESSES, 1))


@frozen
class Model:
    """What was learnt: the log odds of a pair that shares nothing, and what each column adds."""

    intercept: float
    weights: Vector


def learn(found: Features, same: NDArray[np.bool_], penalty: float = _PENALTY) -> Model:
    """The weights that explain the answers best, each with its sign."""
    matrix, signs = found.matrix, np.array([-1 if n[0] == "against" else 1 for n in found.names])
    answer = same.astype(np.float64)

    def loss(theta: Vector) -> tuple[float, Vector]:
        z = theta[0] + matrix @ theta[1:]
        value = float(np.mean(np.logaddexp(0, z) - answer * z)) + penalty * float(
            theta[1:] @ theta[1:]
        )
        slope = (expit(z) - answer) / len(answer)
        gradient = np.concatenate(([slope.sum()], turned @ slope + 2 * penalty * theta[1:]))
        return value, gradient

    bounds = [(None, None), *((0, None) if s > 0 else (None, 0) for s in signs)]
    start = np.zeros(matrix.shape[1] + 1)
    turned = matrix.T.tocsr()
    found_theta = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return Model(float(found_theta[0]), found_theta[1:])


def tabled(
    model: Model, names: Sequence[tuple[str, str, int]], base: AccountRelations, scale: float
) -> AccountRelations:
    """The weights as whole points, ``scale`` of them to one unit of log odds."""
    single: dict[str, dict[str, int]] = {"alike": {}, "together": {}, "against": {}}
    steps: dict[str, dict[str, dict[int, float]]] = {"points": {}, "settled": {}}
    for (table, name, limit), weight in zip(names, model.weights.tolist(), strict=True):
        if table in steps:
            steps[table].setdefault(name, {})[limit] = weight
        elif points := round(weight * scale):
            single[table][name] = points
    rows = {kind: _rows(those, scale) for kind, those in steps["points"].items()}
    # No table of accounts tells tax numbers; one names a company as its register does.
    rows["tax"] = base.points.get("tax") or rows["registration"]
    return evolve(
        base,
        points={kind: those for kind, those in rows.items() if those},
        settled={kind: _rows(those, scale) for kind, those in steps["settled"].items()},
        alike=single["alike"],
        together={**single["together"], **_unlearnt(base)},
        against=single["against"],
    )


def _unlearnt(base: AccountRelations) -> dict[str, int]:
    """What no table of accounts can show, and so stays as it was."""
    kept = "same_entity_users"
    return {kept: base.together[kept]} if kept in base.together else {}


def _rows(steps: dict[int, float], scale: float) -> tuple[tuple[int, int], ...]:
    """The points by reach. What very many bear is rarely met, so its worth falls with reach."""
    common = sum(weight for limit, weight in steps.items() if limit >= _COMMON)
    rows: list[tuple[int, int]] = []
    total = 0.0
    for limit in sorted(steps, reverse=True):
        total += steps[limit]
        points = round(scale * (min(total, common * _COMMON / limit) if limit > _COMMON else total))
        if points and not (rows and rows[-1][1] == points):
            rows.append((limit, points))
    return tuple(reversed(rows))


@frozen
class Bin:
    """Reviewed pairs of about one probability: how many, what was foretold, what came out."""

    pairs: int
    foretold: float
    observed: float


@frozen
class Fitted:
    """The points learnt, how well probabilities foretell (pairs not learnt from), and from what.

    ``calibration`` has ten bins by probability, ``brier`` is the mean squared error (0 is best).
    """

    accounts: AccountRelations
    calibration: tuple[Bin, ...]
    brier: float
    provenance: tuple[str, ...]

    def as_toml(self) -> str:
        """The section ``[accounts]`` of the house rules, with its provenance above it."""
        return as_toml(self.accounts, self.provenance)


@frozen
class World:
    """Reviewed pairs of one table, with the clusters that reach is counted in."""

    pairs: Candidates
    same: NDArray[np.bool_]
    coded: Coded
    clusters: Codes | None


def fit_worlds(
    worlds: Sequence[World], base: AccountRelations, *, precision: float, told: Sequence[str]
) -> Fitted:
    """The points that explain all of these reviewed pairs best.

    ``base`` gives the row cap and what is not learnt. The review band begins where precision and
    recall balance best, the act band where ``precision`` is reached from there on up. Raises
    InputError for fewer than 200 pairs, or fewer than 20 of either answer.
    """
    found = [features(world.pairs, world.coded, world.clusters) for world in worlds]
    every = Features(found[0].names, vstack([one.matrix for one in found], format="csr"))
    same = np.concatenate([world.same for world in worlds])
    if len(same) < _FEWEST or min(same.sum(), (~same).sum()) < _FEWEST_OF_EACH:
        raise InputError(
            f"{len(same)} reviewed pairs are too few to learn from",
            hint=f"{_FEWEST} or more, {_FEWEST_OF_EACH} of them related and as many not",
        )
    model = learn(every, same)
    odds = every.matrix @ model.weights
    review = _balanced(odds, same)
    act = _sure(odds, same, precision, review + _LEAST_APART)
    scale = 100 / act
    learnt = tabled(model, every.names, base, scale)
    band = max(1, round(review * scale))
    beside = [
        beside_the_best(
            world.pairs,
            world.coded,
            learnt,
            alone(world.coded) if world.clusters is None else world.clusters,
        )
        for world in worlds
    ]
    strong = int(_sure(np.concatenate(beside).astype(np.float64), same, _STRONG, 1.0))
    accounts = evolve(learnt, act=100, review=min(band, 100), strong=strong)
    foretold = _held_out(every, same)
    brier = float(np.mean((foretold - same) ** 2))
    provenance = (
        *told,
        f"{len(same)} reviewed pairs, {int(same.sum())} of them related",
        f"act from a precision of {precision} on; Brier score {brier:.4f} on pairs not learnt from",
    )
    return Fitted(accounts, _binned(foretold, same), brier, provenance)


def fit(
    reviewed_pairs: pa.Table,
    table: pa.Table,
    accounts: AccountRelations | None = None,
    *,
    precision: float = 0.995,
    source: str = "reviewed pairs",
) -> Fitted:
    """Learn the points from pairs that people reviewed.

    ``reviewed_pairs`` has ``left``, ``right`` (account ids of ``table``) and ``same`` (true for
    one hand); take them from all that was compared, not from one band alone. ``accounts`` is the
    table of points so far. A few thousand pairs are enough. Raises InputError for a column that is
    missing, an account that ``table`` does not have, a pair without an answer, or too few pairs.
    """
    base = accounts or load_rules().accounts
    for name in ("left", "right", "same"):
        if name not in reviewed_pairs.column_names:
            raise InputError(f"the reviewed pairs have no column `{name}`")
    if "account_id" not in table.column_names:
        raise InputError("there is no column `account_id`", hint="one row an account")
    same = reviewed_pairs["same"]
    if not pa.types.is_boolean(same.type) or same.null_count:
        raise InputError("`same` is not true or false for every reviewed pair")
    ids = table["account_id"].combine_chunks().cast(pa.string())
    sides = []
    for name in ("left", "right"):
        place = pc.index_in(reviewed_pairs[name].combine_chunks().cast(ids.type), value_set=ids)
        if place.null_count:
            row = pc.index(pc.is_null(place), True).as_py()
            said = f"a reviewed pair names an account in `{name}` that the table does not have"
            raise InputError(said, where=f"row {row + 1}")
        sides.append(place.to_numpy().astype(np.int32))
    known = coded(normalised(table), len(table))
    clusters = clusters_so_far(candidates(known, base), known, base)
    world = World(
        pairs=compared(known, *sides),
        same=same.to_numpy().astype(np.bool_),
        coded=known,
        clusters=clusters,
    )
    return fit_worlds([world], base, precision=precision, told=(f"learnt from {source}",))


def _balanced(odds: Vector, same: NDArray[np.bool_]) -> float:
    """How far above a pair that shares nothing, in log odds, the review band begins.

    What differs may take related pairs below that; no band begins there.
    """
    order = np.argsort(-odds, kind="stable")
    right = np.cumsum(same[order])
    review = int(np.argmax(2 * right / (np.arange(1, len(same) + 1) + same.sum())))
    return max(0.0, float(odds[order][review]))


def _sure(odds: Vector, same: NDArray[np.bool_], precision: float, least: float) -> float:
    """From where on, ``least`` or more, so many of the pairs are one hand."""
    order = np.argsort(-odds, kind="stable")
    sure = np.flatnonzero(np.cumsum(same[order]) >= precision * np.arange(1, len(same) + 1))
    last = int(sure[-1]) if len(sure) else 0
    return max(float(odds[order][last]), least)


def _held_out(found: Features, same: NDArray[np.bool_]) -> Vector:
    """For each pair the probability that a model gives which has not seen it."""
    fold = np.arange(len(same)) % _FOLDS
    foretold = np.zeros(len(same))
    for number in range(_FOLDS):
        seen, unseen = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        model = learn(Features(found.names, found.matrix[seen]), same[seen])
        foretold[unseen] = expit(model.intercept + found.matrix[unseen] @ model.weights)
    return foretold


def _binned(foretold: Vector, same: NDArray[np.bool_]) -> tuple[Bin, ...]:
    place = np.minimum((foretold * 10).astype(int), 9)
    return tuple(
        Bin(int(here.sum()), float(foretold[here].mean()), float(same[here].mean()))
        for here in (place == number for number in range(10))
        if here.any()
    )


def as_toml(accounts: AccountRelations, told: Sequence[str] = ()) -> str:
    """The table as a section of the house rules, with what is told above it as comments."""
    lines = [*(f"# {' '.join(line.split())}" for line in told), "[accounts]"]
    lines += [f"{name} = {getattr(accounts, name)}" for name in _NUMBERS]
    for table in ("points", "settled"):
        lines += ["", f"[accounts.{table}]"]
        for kind, rows in getattr(accounts, table).items():
            lines.append(f"{kind} = [{', '.join(f'[{reach}, {worth}]' for reach, worth in rows)}]")
    for table in ("alike", "together", "against"):
        lines += ["", f"[accounts.{table}]"]
        lines += [f"{name} = {worth}" for name, worth in getattr(accounts, table).items()]
    return "\n".join(lines) + "\n"


_NUMBERS = ("row_cap", "act", "strong", "review", "growth", "cluster_cap")
