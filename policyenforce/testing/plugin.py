"""The pytest plugin: collects ``*.policy.yaml`` and gives tests the fixture ``policy``.

It is imported by every pytest run, before coverage starts, so that it imports nothing of the
library until a case or the fixture needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from policyenforce.testing.cases import PolicyCase
    from policyenforce.testing.scenario import Scenario

SUFFIX = ".policy.yaml"


class CaseFailed(Exception):
    """A policy case whose outcome is not what it wants; carries what to print."""


class CaseFile(pytest.File):
    """A file of policy cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """An item for each document; a file that cannot be read is an error of collection."""
        from policyenforce.errors import InputError
        from policyenforce.testing.cases import read_cases

        try:
            cases = read_cases(self.path)
        except InputError as error:
            raise self.CollectError(str(error)) from None
        for number, case in enumerate(cases, start=1):
            name = case.note if len(cases) == 1 else f"{number}: {case.note}"
            yield CaseItem.from_parent(self, name=name, case=case)


class CaseItem(pytest.Item):
    """One policy case."""

    def __init__(self, *, case: PolicyCase, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case

    def runtest(self) -> None:
        """Run the case under the shipped house rules, or those it names."""
        result = self.case.run()
        if not result.passed:
            raise CaseFailed(result.report)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The note, what differs, and the trace; for an error of the library, that error."""
        from policyenforce.errors import PolicyEnforceError

        if isinstance(excinfo.value, (CaseFailed, PolicyEnforceError)):
            return f"{self.case.where}: {self.case.note}\n{excinfo.value}"
        return str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the case stands."""
        return self.path, int(self.case.where.rpartition(":")[2]) - 1, self.name


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseFile | None:
    """Policy cases, and no other YAML."""
    if file_path.name.endswith(SUFFIX):
        return CaseFile.from_parent(parent, path=file_path)
    return None


@pytest.fixture
def policy() -> Scenario:
    """A scenario under the shipped house rules, with a store of its own."""
    from policyenforce.testing.scenario import Scenario

    return Scenario()
