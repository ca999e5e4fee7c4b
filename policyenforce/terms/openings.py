"""Which powers a ground opens, and behind which gate: worked out once for each version.

Gates stand before powers, not before duties: the power brings its own gate, whatever the row
of the ground says. The exception is a ground that is *deemed* a breach: there the deeming gate
stands in the place of the power's belief, and its triggers are added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from policyenforce.terms.gates import Gate, Opening, Power
from policyenforce.terms.readings import Reading
from policyenforce.terms.statements import Statement, lies_in

PATTERN = "duties of "

Choice = tuple[str, ...]
Doors = dict[str, dict[str, Opening]]


def relevant(statements: Iterable[Statement]) -> tuple[str, ...]:
    """The ids of the readings on which some power depends, in order."""
    return tuple(sorted({when.partition("=")[0] for s in statements for when in s.powers_when}))


def all_doors(
    statements: tuple[Statement, ...], readings: Mapping[str, Reading]
) -> dict[Choice, Doors]:
    """For each choice of the relevant readings: ground -> power clause -> Opening."""
    ids = relevant(statements)
    options = [tuple(readings[id_].options) for id_ in ids]
    matched = {s.ref.text: grounds_of(s, statements) for s in statements if s.powers}
    return {
        choice: _doors(statements, matched, set(map("=".join, zip(ids, choice, strict=True))))
        for choice in product(*options)
    }


def grounds_of(power: Statement, statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """The statements whose breach, or whose own condition, may use the power."""
    exact = set(power.grounds)
    chapters = [g.removeprefix(PATTERN) for g in power.grounds if g.startswith(PATTERN)]
    return tuple(
        s
        for s in statements
        if s.ref.text in exact or (s.owed and any(lies_in(s.ref, chapter) for chapter in chapters))
    )


def _doors(
    statements: Iterable[Statement],
    matched: Mapping[str, tuple[Statement, ...]],
    holding: set[str],
) -> Doors:
    doors: Doors = {s.ref.text: {} for s in statements}
    for power in statements:
        powers = _powers(power, holding)
        for ground in matched.get(power.ref.text, ()):
            gate = combined(ground, power)
            doors[ground.ref.text][power.ref.text] = Opening(power.ref, powers, gate)
    return doors


def _powers(statement: Statement, holding: set[str]) -> frozenset[Power]:
    more = (powers for when, powers in statement.powers_when.items() if when in holding)
    return statement.powers.union(*more)


def combined(ground: Statement, power: Statement) -> Gate:
    """The gate before ``power`` when ``ground`` is the reason."""
    deemed = ground.deems
    if deemed is None:
        return power.gate
    triggers = (*deemed.triggers, *(t for t in power.triggers if t not in deemed.triggers))
    return Gate(deemed.standard, deemed.reasonable, triggers, power.discretion)
