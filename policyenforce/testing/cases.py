"""Policy cases: YAML files in which a lawyer says what was given, what happened, what must follow.

A file ``*.policy.yaml`` holds one case a document::

    note: what the case shows, in a sentence
    verdict: breach            # or innocent
    terms: "2019-10-04"        # optional: the version that must be in force at the end
    policy: {content: {brands: [Larkmoor]}}    # optional: changes to the house rules, or a file
    given: [...]               # what had happened before
    when: [...]                # what happens
    want: {...}                # what must follow, and nothing else of its kind
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from attrs import field, frozen

from policyenforce.errors import InputError, PolicyEnforceError
from policyenforce.policy.coherence import require_coherent
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.structuring import structured
from policyenforce.terms.timeline import Terms
from policyenforce.testing.policy_yaml import documents
from policyenforce.testing.scenario import Scenario, verb_of
from policyenforce.testing.trace import trace
from policyenforce.testing.wants import differences, known, require_shape

SUFFIX = ".policy.yaml"
KEYS = ("note", "verdict", "terms", "policy", "given", "when", "want")
VERDICTS = ("breach", "innocent")


@frozen
class Result:
    """What became of a case: the differences (none if it passed) and the trace of all steps."""

    differences: tuple[str, ...]
    trace: str

    @property
    def passed(self) -> bool:
        """True when everything wanted followed, and nothing else."""
        return not self.differences

    @property
    def report(self) -> str:
        """What a reader needs of a case that failed."""
        lines = "\n".join(f"  - {difference}" for difference in self.differences)
        return f"{lines}\n{self.trace}"


@frozen
class PolicyCase:
    """One case as it was read; ``where`` is its file and line."""

    note: str
    where: str
    folder: Path = field(repr=False)
    want: Mapping[str, Any] = field(repr=False)
    when: tuple[Mapping[str, Any], ...] = field(repr=False)
    given: tuple[Mapping[str, Any], ...] = field(repr=False, default=())
    verdict: str | None = None
    terms: str | None = None
    policy: str | Mapping[str, Any] | None = field(repr=False, default=None)

    def run(self, rules: HouseRules | None = None, *, over: str | None = None) -> Result:
        """Tell the case to a scenario under these house rules, or those the case names.

        Changes that the case makes are made to the shipped house rules, or to those in ``over``,
        a text in TOML.

        >>> case, = cases_of('''
        ... note: a bolt is a bolt
        ... given: [{account: a-1}]
        ... when: [{fact: content_submitted, content: {content_id: c-1, title: Hex bolts M8}}]
        ... want: {findings: [], disposition: publish}
        ... ''', "bolt.policy.yaml")
        >>> case.run().passed
        True
        """
        scenario = Scenario(self._rules(rules, over))
        try:
            scenario.given(*self.given)
        except PolicyEnforceError as error:
            return Result((f"given: {error}",), trace(scenario))
        for step in self.when:
            scenario.attempt(step)
        found = differences(self.want, scenario)
        if self.terms is not None and scenario.terms.id != self.terms:
            found = (f"terms: wanted {self.terms}, got {scenario.terms.id}", *found)
        return Result(found, trace(scenario))

    def _rules(self, rules: HouseRules | None, over: str | None) -> HouseRules | None:
        if isinstance(self.policy, str):
            inline = "\n" in self.policy
            return load_rules(self.policy if inline else self.folder / self.policy)
        return rules if self.policy is None else changed(self.policy, rules, over)


def changed(
    changes: Mapping[str, Any], rules: HouseRules | None = None, over: str | None = None
) -> HouseRules:
    """The shipped house rules, or those of a text in TOML, with changes merged in by table.

    Raises PolicyError when what comes of it is no sound set of rules.
    """
    shipped = files("policyenforce.policy") / "house.toml"
    text = shipped.read_text(encoding="utf-8") if over is None else over
    terms = Terms.load() if rules is None else rules.terms
    made = structured(_merged(tomllib.loads(text), changes), terms)
    require_coherent(made)
    return made


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **old,
        **{
            key: _merged(old[key], value)
            if isinstance(value, Mapping) and isinstance(old.get(key), Mapping)
            else _number(value, old.get(key))
            for key, value in new.items()
        },
    }


def _number(value: Any, old: Any) -> Any:
    """Numbers with a point are text in a case; here they take the place of a number."""
    return float(value) if isinstance(old, float) and isinstance(value, (str, int)) else value


def read_cases(path: str | Path, name: str | None = None) -> tuple[PolicyCase, ...]:
    """The cases of a file; raises InputError that names file, line, key, and what to write.

    ``name`` is what errors and cases call the file, unless its own will do.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError("the file cannot be read as UTF-8", where=str(path)) from None
    return cases_of(text, name or path.name, path.parent)


def cases_of(text: str, name: str, folder: Path | None = None) -> tuple[PolicyCase, ...]:
    """The cases of a text; ``name`` is what errors call it."""
    found = tuple(_cases(text, name, folder or Path()))
    if not found:
        raise InputError("the file holds no case", where=name)
    return found


def _cases(text: str, name: str, folder: Path) -> Iterator[PolicyCase]:
    for line, data in documents(text, name):
        try:
            yield _case(data, f"{name}:{line}", folder)
        except InputError as error:
            raise error.at(f"{name}:{line}") from None


def _case(data: Mapping[str, Any], where: str, folder: Path) -> PolicyCase:
    known(data, KEYS, "case")
    note, policy = data.get("note"), data.get("policy")
    if not isinstance(note, str) or not note.strip():
        raise InputError("say in a sentence what the case shows", where="note")
    if data.get("verdict") not in (None, *VERDICTS):
        raise InputError(
            "a case is a breach or innocent", where="verdict", hint=", ".join(VERDICTS)
        )
    if not isinstance(policy, (str, Mapping, type(None))):
        raise InputError("expected a path, TOML, or a mapping of changes", where="policy")
    when = _steps(data.get("when"), "when")
    if not when:
        raise InputError("nothing happens", where="when", hint="tell at least one fact")
    require_shape(data.get("want"), "want")
    return PolicyCase(
        note=note.strip(),
        where=where,
        folder=folder,
        want=data["want"],
        when=when,
        given=_steps(data.get("given", []), "given"),
        verdict=data.get("verdict"),
        terms=None if data.get("terms") is None else str(data["terms"]),
        policy=policy,
    )


def _steps(steps: object, where: str) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(steps, list):
        raise InputError("expected a list of steps", where=where)
    for number, step in enumerate(steps):
        place = f"{where}[{number}]"
        if not isinstance(step, Mapping):
            raise InputError("a step is a mapping", where=place, hint="as in `account: a-1`")
        try:
            verb_of(step)
        except InputError as error:
            raise error.at(place) from None
    return tuple(steps)
