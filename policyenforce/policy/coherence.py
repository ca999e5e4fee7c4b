"""Whether house rules speak only of what there is: clauses, categories, rungs, readings, verbs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from policyenforce.errors import PolicyError, TermsError
from policyenforce.policy.paths import joined, placed, step
from policyenforce.policy.rules import VERBS, HouseRules
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.timeline import Terms

_SHOWN = 60
_LISTED = 12


def require_coherent(rules: HouseRules) -> None:
    """Raise PolicyError, with its path, for the first name that nothing answers to."""
    _once("ladder", (rung.name for rung in rules.ladder))
    _once("agreements", (agreement.id for agreement in rules.agreements))
    _once("categories", rules.categories)
    _once("responses", (f"{r.name} {r.clause} {r.category or ''}".strip() for r in rules.responses))
    for where, ref in _clauses(rules):
        require_clause(ref.text, rules.terms, where)
    for where, category in _categories(rules):
        if category not in rules.categories:
            message = f"unknown category `{category[:_SHOWN]}`"
            raise PolicyError(message, where=where, hint="add it to `categories`")
    _rungs(rules)
    _readings(rules)
    _verbs(rules)


def require_clause(text: str, terms: Terms, where: str | None = None) -> None:
    """Raise PolicyError unless some version of the Terms has the clause or statement."""
    refs = {s.ref for version in terms.versions for s in version.statements}
    if any(text in (ref.text, ref.number, ref.clause.text) for ref in refs):
        return
    near = [ref.text for ref in sorted(refs) if text.startswith(ref.number)]
    hint = f"nearby: {', '.join(near[:_LISTED])}" if near else "`terms coverage` lists them"
    raise PolicyError(f"unknown clause `{text[:_SHOWN]}`", where=where, hint=hint)


def _once(section: str, names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise PolicyError(f"`{twice[0]}` stands twice", where=section, hint="name each once")


def _clauses(rules: HouseRules) -> Iterator[tuple[str, ClauseRef]]:
    for section, refs in (
        ("points", rules.points),
        ("thresholds.clauses", rules.thresholds.clauses),
        ("disabled", rules.disabled),
    ):
        yield from ((joined(section, step(ref.text)), ref) for ref in refs)
    yield from (("floors", floor.clause) for floor in rules.floors)
    for agreement in rules.agreements:
        for text in agreement.overrides:
            yield joined("agreements", agreement.id, "overrides", step(text)), _parsed(text)
    for response in rules.responses:
        yield f"responses: `{response.name}`", response.clause
    actions = [(f"responses: `{r.name}`", a) for r in rules.responses for a in r.actions]
    actions += [(f"ladder: `{rung.name}`", a) for rung in rules.ladder for a in rung.actions]
    yield from ((where, action.power_clause) for where, action in actions)


def _parsed(text: str) -> ClauseRef:
    try:
        return ClauseRef.parse(text)
    except TermsError as flaw:
        raise PolicyError(flaw.message, where="agreements", hint=flaw.hint) from flaw


def _categories(rules: HouseRules) -> Iterator[tuple[str, str]]:
    named = rules.thresholds.categories
    yield from ((joined("thresholds", "categories", step(name)), name) for name in named)
    for index, name in enumerate(rules.content.disabled_categories):
        yield joined("content", "disabled_categories", step(index)), name
    for response in rules.responses:
        if response.category is not None:
            yield f"responses: `{response.name}`", response.category


def _rungs(rules: HouseRules) -> None:
    for index, floor in enumerate(rules.floors):
        with placed("floors"), placed(index), placed("rung"):
            rules.rung(floor.rung)
    if rules.cascade.milder_rung is not None:
        with placed("cascade"), placed("milder_rung"):
            rules.rung(rules.cascade.milder_rung)


def _readings(rules: HouseRules) -> None:
    for id_, option in rules.readings.items():
        with placed("readings"), placed(id_):
            rules.reading(id_)
            rules.terms.readings[id_].choose(option)


def _verbs(rules: HouseRules) -> None:
    for verb in rules.roles:
        if verb not in VERBS:
            raise PolicyError(
                f"unknown verb `{verb[:_SHOWN]}`", where="roles", hint=f"one of: {', '.join(VERBS)}"
            )
