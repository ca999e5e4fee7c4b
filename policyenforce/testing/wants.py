"""What a policy case may want, and how each want is held against what came of it.

INVARIANT: a list of findings, cannot-tells, decisions or measures is the whole list; what is
not in it must not have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from policyenforce.discipline.notice import MANDATORY
from policyenforce.errors import InputError, PolicyEnforceError
from policyenforce.model.decisions import Decision, DisciplinaryAction
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.outcome import CaseStatus
from policyenforce.model.refusals import nearest
from policyenforce.model.standing import Capability, Permission
from policyenforce.privacy.disclosure import Cooperation, Disclosure
from policyenforce.terms.gates import Standard
from policyenforce.terms.parties import Ambiguous, Party
from policyenforce.testing.scenario import Scenario


def standard_of(finding: Finding, scenario: Scenario) -> Standard:
    """What a finding amounts to under the scenario's house rules; a machine's is no fact."""
    if finding.attested is not None:
        return finding.attested
    rules = scenario.rules
    reached = rules.standard_of(finding.clause, finding.category, finding.confidence)
    return min(reached, Standard.BELIEF)


def _finding(finding: Finding, scenario: Scenario) -> dict[str, Any]:
    return {
        "clause": str(finding.clause),
        "standard": standard_of(finding, scenario).label,
        "category": finding.category,
        "severity": finding.severity.value,
        "target": finding.target,
        "evidence": [e.kind for e in finding.evidence],
    }


def _cannot_tell(answer: CannotTell, scenario: Scenario) -> dict[str, Any]:
    return {"clause": str(answer.clause), "missing": [*answer.missing], "target": answer.target}


def _action(pair: tuple[Decision, DisciplinaryAction], scenario: Scenario) -> dict[str, Any]:
    decision, action = pair
    ground = next(g for g in decision.grounds if g.clause == action.ground)
    days = None if action.end.at is None else (action.end.at - action.starts).days
    return {
        "ground": str(action.ground),
        "power": action.power.value,
        "power_clause": str(action.power_clause),
        "status": decision.status.value,
        "standard": ground.standard.label,
        "account": decision.account_id,
        "points": action.points,
        "days": days,
        "cure": action.end.cure,
        "label": action.label,
        "scope": action.scope.value,
        "capabilities": [c.value for c in action.scope.capabilities],
        "readings": [*decision.readings],
        "terms": decision.terms.id,
        "automatic": decision.automated_decision,
    }


def _findings(scenario: Scenario) -> list[Any]:
    return [f for outcome in scenario.outcomes for f in outcome.findings]


def _untold(scenario: Scenario) -> list[Any]:
    return [c for outcome in scenario.outcomes for c in outcome.cannot_tell]


def _actions(scenario: Scenario) -> list[Any]:
    return [(decision, action) for decision in scenario.decisions for action in decision.actions]


@frozen
class _Listed:
    """A want that lists records: where they are, how one is described, which key names it."""

    records: Callable[[Scenario], list[Any]]
    description: Callable[[Any, Scenario], dict[str, Any]]
    names: tuple[str, ...]
    keys: tuple[str, ...]

    def shape(self, wanted: object, where: str) -> None:
        """Raises InputError for what is no list of clauses or of mappings with known keys."""
        if not isinstance(wanted, list):
            raise InputError("expected a list", where=where, hint="`[]` for none at all")
        for number, item in enumerate(wanted):
            place = f"{where}[{number}]"
            if isinstance(item, Mapping):
                known(item, self.keys, place)
                lacking = [name for name in self.names if name not in item]
                if lacking:
                    raise InputError(f"a missing key `{lacking[0]}`", where=place)
            elif len(self.names) > 1 or not isinstance(item, (str, int)):
                raise InputError("expected a mapping", where=place, hint=", ".join(self.keys))

    def differences(self, wanted: list[Any], scenario: Scenario) -> Iterator[str]:
        """What is listed and is not there, and what is there and is not listed."""
        there = [self.description(record, scenario) for record in self.records(scenario)]
        items = [i if isinstance(i, Mapping) else {self.names[0]: str(i)} for i in wanted]
        for item in items:
            if not any(_fits(item, record) for record in there):
                closest = _closest(item, there, self.names)
                yield f"wanted {_told(item)}, and it is not there{closest}"
        for record in there:
            if not any(_fits(item, record) for item in items):
                named = {name: record[name] for name in self.names}
                yield f"not wanted, and there: {_told(named)}"


def _fits(item: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    return all(_same(value, record[key]) for key, value in item.items())


def _same(wanted: object, got: object) -> bool:
    """Equal; and where a list is wanted, all of it is there."""
    if isinstance(wanted, list):
        return isinstance(got, list) and {str(w) for w in wanted} <= {str(g) for g in got}
    return wanted == got or (isinstance(wanted, (str, int)) and str(wanted) == str(got))


def _closest(
    item: Mapping[str, Any], there: Iterable[Mapping[str, Any]], names: tuple[str, ...]
) -> str:
    """How a record of the same name differs, if there is one."""
    for record in there:
        if all(_same(item[name], record[name]) for name in names):
            off = {key: record[key] for key in item if not _same(item[key], record[key])}
            return f"; it has {_told(off)}"
    return ""


def _told(item: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in item.items())


LISTED = {
    "findings": _Listed(
        _findings,
        _finding,
        ("clause",),
        ("clause", "standard", "category", "severity", "target", "evidence"),
    ),
    "cannot_tell": _Listed(_untold, _cannot_tell, ("clause",), ("clause", "missing", "target")),
    "decisions": _Listed(
        _actions,
        _action,
        ("ground", "power", "power_clause", "status"),
        (
            "ground", "power", "power_clause", "status", "standard", "account", "points", "days",
            "cure", "label", "scope", "capabilities", "readings", "terms", "automatic",
        ),
    ),
}  # fmt: skip


def _words(of: Callable[[Scenario], Iterable[str]]) -> Callable[[Any, Scenario], Iterator[str]]:
    """A want that is a list of words, or one word, and all of what is there."""

    def differences(wanted: Any, scenario: Scenario) -> Iterator[str]:
        words = sorted(map(str, wanted if isinstance(wanted, list) else [wanted]))
        got = sorted(of(scenario))
        if words != got:
            yield f"wanted {', '.join(words) or 'nothing'}; got {', '.join(got) or 'nothing'}"

    return differences


def _part(of: Callable[[Scenario], Iterable[str]]) -> Callable[[Any, Scenario], Iterator[str]]:
    """A want that is part of a text, or a list of parts."""

    def differences(wanted: Any, scenario: Scenario) -> Iterator[str]:
        texts = [*of(scenario)]
        for part in wanted if isinstance(wanted, list) else [wanted]:
            if not any(str(part) in text for text in texts):
                yield f"wanted `{part}` in: {' | '.join(texts) or 'nothing'}"

    return differences


def _candidates(scenario: Scenario) -> tuple[Party, ...]:
    found = scenario.answer(Party, Ambiguous)
    return found.candidates if isinstance(found, Ambiguous) else (found,)


def _standing(wanted: Any, scenario: Scenario) -> Iterator[str]:
    for item in wanted if isinstance(wanted, list) else [wanted]:
        standing = scenario.standing(item.get("account"), item.get("at"))
        where = item.get("site"), item.get("service")
        may = {w: standing.may(Capability(w), *where).allowed for w in item.get("may", {})}
        got = {
            "state": standing.state.value,
            "points": standing.points,
            "cap": standing.listing_cap,
            "removed": sorted(standing.removed),
            "modified": sorted(standing.modified),
            "may": may,
        }
        for key in (key for key in item if key in got):
            asked = sorted(item[key]) if key in ("removed", "modified") else item[key]
            if asked != got[key]:
                yield f"{standing.account_id}: {key}: wanted {item[key]}, got {got[key]}"


def _notice(wanted: Mapping[str, Any], scenario: Scenario) -> Iterator[str]:
    notice = scenario.notice(wanted.get("of"))
    for name, part in wanted.items():
        if name == "every_field":
            yield from (f"`{f}` is empty" for f in MANDATORY if not notice.fields.get(f))
        elif name != "of" and str(part) not in notice.fields.get(name, ""):
            yield f"{name}: wanted `{part}` in: {notice.fields.get(name, 'nothing')}"


def _allowed(wanted: Any, scenario: Scenario) -> Iterator[str]:
    permission = scenario.answer(Permission)
    if permission.allowed is not wanted:
        yield f"wanted {wanted}, got {permission.allowed} {permission.reason}".rstrip()


def _case(wanted: Any, scenario: Scenario) -> Iterator[str]:
    newest = {case.id: case.status for outcome in scenario.outcomes for case in outcome.cases}
    got = "open" if CaseStatus.OPEN in newest.values() else "none"
    if wanted != got:
        yield f"wanted {wanted}, got {got}"


def _not_found(wanted: Any, scenario: Scenario) -> Iterator[str]:
    for clause in wanted:
        if any(str(f.clause) == str(clause) for f in _findings(scenario)):
            yield f"{clause} is found"


def _explained(scenario: Scenario) -> Iterable[str]:
    return [line for d in scenario.decisions for line in scenario.enforcer.explain(d.id)]


WANTS: dict[str, Callable[[Any, Scenario], Iterator[str]]] = {
    **{name: listed.differences for name, listed in LISTED.items()},
    "not_found": _not_found,
    "disposition": _words(lambda s: [s.outcome.disposition.value]),
    "measures": _words(lambda s: [m.kind.value for o in s.outcomes for m in o.measures]),
    "amendments": _words(lambda s: {i for o in s.outcomes for i in o.amendments}),
    "standing": _standing,
    "case": _case,
    "notice": _notice,
    "explained": _part(_explained),
    "refused": _part(lambda s: s.refusals),
    "allowed": _allowed,
    "because": _part(lambda s: [s.answer(Permission).reason]),
    "party": _words(lambda s: [p.entity.id for p in _candidates(s)]),
    "law": _words(lambda s: {p.governing_law for p in _candidates(s)}),
    "court": _part(lambda s: [p.court for p in _candidates(s)]),
    "notice_address": _part(
        lambda s: [", ".join(p.notice_address.lines(p.entity)) for p in _candidates(s)]
    ),
    "disclosed": _words(lambda s: [line.item.value for line in s.answer(Disclosure).log]),
    "basis": _part(lambda s: [s.answer(Disclosure).basis]),
    "cooperates": _words(lambda s: [s.answer(Cooperation).wrong.value]),
}
"""Every key of ``want``: what it is held against."""

_STANDING = (
    "account",
    "at",
    "site",
    "service",
    "state",
    "points",
    "may",
    "cap",
    "removed",
    "modified",
)


def known(item: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    """Raises InputError for a key that is not one of these."""
    allowed = [*keys]
    for key in item:
        if key not in allowed:
            hint = nearest(key, allowed) or f"one of {', '.join(allowed)}"
            raise InputError(f"an unknown key `{key[:40]}`", where=where, hint=hint)


def require_shape(want: object, where: str) -> None:
    """Raises InputError for a want that wants nothing, or has an unknown key or wrong shape."""
    if not isinstance(want, Mapping) or not want:
        hint = "an innocent case wants `findings: []`"
        raise InputError("a case that wants nothing proves nothing", where=where, hint=hint)
    known(want, WANTS, where)
    for key, value in want.items():
        place = f"{where}.{key}"
        if key in LISTED:
            LISTED[key].shape(value, place)
        elif key == "standing":
            items = value if isinstance(value, list) else [value]
            for item in items:
                if not isinstance(item, Mapping) or not {*item} - {*_STANDING[:4]}:
                    raise InputError("say what the standing is", where=place)
                known(item, _STANDING, place)
        elif key == "notice" and not isinstance(value, Mapping):
            raise InputError("expected a mapping of notice fields", where=place)
        elif value is None or (value == [] and key in ("not_found", "refused", "explained")):
            raise InputError("wants nothing", where=place)


def differences(want: Mapping[str, Any], scenario: Scenario) -> tuple[str, ...]:
    """Where what came of a scenario is not what was wanted; empty when all of it is.

    A refusal that was not wanted is a difference of its own.
    """
    found = []
    if "refused" not in want:
        found += [f"refused: {why}" for why in scenario.refusals]
    for key, value in want.items():
        try:
            found += [f"{key}: {line}" for line in WANTS[key](value, scenario)]
        except (PolicyEnforceError, ValueError) as error:
            found.append(f"{key}: {error}")
    return tuple(found)
