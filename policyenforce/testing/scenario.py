"""``Scenario``: facts and acts told one after the other to an enforcer in memory.

Policy cases are run by it, and tests get one as the fixture ``policy``. Steps are facts, or
mappings as policy cases write them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from policyenforce.errors import InputError, PolicyEnforceError
from policyenforce.model.fact import Fact
from policyenforce.model.refusals import nearest
from policyenforce.testing.acts import ACTS, KEYS
from policyenforce.testing.stage import Stage, Told

Step: TypeAlias = Fact | Mapping[str, Any]


class Scenario(Stage):
    """A small world with its own store: tell it facts and acts, ask it what holds.

    >>> scenario = Scenario()
    >>> _ = scenario.given(account="a-1")
    >>> listing = {"content_id": "c-1", "title": "AAA quality handbags"}
    >>> _ = scenario.when(fact="content_submitted", content=listing)
    >>> scenario.outcome.disposition.value, str(scenario.outcome.findings[0].clause)
    ('reject', '5.4(c)')
    """

    def given(self, *steps: Step, **step: Any) -> Scenario:
        """Tell what had happened before; errors are raised as they come."""
        for one in (*steps, *((step,) if step else ())):
            self.background.append(self._tell(one))
        return self

    def when(self, *steps: Step, **step: Any) -> Scenario:
        """Tell what the scenario is about; errors are raised as they come."""
        for one in (*steps, *((step,) if step else ())):
            self.told.append(self._tell(one))
        return self

    def attempt(self, step: Step) -> None:
        """``when`` for one step; what is refused is kept as told instead of raised."""
        try:
            self.told.append(self._tell(step))
        except PolicyEnforceError as error:
            at = self.now or self.facts.at({})
            self.told.append(Told(_words(step), at, refused=str(error)))

    def _tell(self, step: Step) -> Told:
        if isinstance(step, Fact):
            return Told(_words(step), step.at, (self.record(step),))
        verb = verb_of(step)
        answers = ACTS[verb](self, step)
        return Told(_words(step), self.now or self.facts.at({}), tuple(answers))


def verb_of(step: Mapping[str, Any]) -> str:
    """Which kind of step a mapping is; raises InputError for none, several, or a key too many."""
    verbs = [key for key in step if key in ACTS]
    if not verbs:
        first = next(iter(step), "")
        raise InputError("a step says what it is", hint=nearest(first, [*ACTS]) or _listed(ACTS))
    verb = verbs[0]
    allowed = KEYS.get(verb)
    extra = [key for key in step if allowed is not None and key != verb and key not in allowed]
    if extra and allowed is not None:
        hint = nearest(extra[0], [*allowed]) or _listed(allowed)
        raise InputError(f"`{verb}` knows no `{extra[0][:40]}`", where=verb, hint=hint)
    return verb


def _listed(words: Any) -> str:
    return "one of " + ", ".join(f"`{word}`" for word in words)


def _words(step: Step) -> str:
    if isinstance(step, Fact):
        return f"{step.tag} {step.id}"
    verb = next((key for key in step if key in ACTS), "a step")
    return f"{verb}: {step.get(verb)}"
