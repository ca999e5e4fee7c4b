"""``Reading``: a documented choice where the text is ambiguous (T1–T26); its id is printed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from attrs import field, frozen

from policyenforce.errors import TermsError
from policyenforce.terms.tables import Table, read

CATALOGUE = Path(__file__).parent / "catalogue"


@frozen
class Reading:
    """A question the text leaves open: the answers one can give, ours, and why.

    >>> readings()["T23"].default
    'on'
    """

    id: str
    question: str
    options: Mapping[str, str] = field(hash=False)
    default: str
    why: str
    fixed: bool = False

    def choose(self, option: str | None = None) -> str:
        """``option`` if it is one of the answers, else TermsError; the default for None.

        A ``fixed`` reading names the other answers that the text would bear, and takes its own.
        """
        if option is None:
            return self.default
        if self.fixed and option != self.default and option in self.options:
            raise TermsError(
                f"reading {self.id} is fixed: `{self.default}`",
                hint=f"`{option}` is how the text could be read, but no house can choose it",
            )
        if option not in self.options:
            raise TermsError(
                f"`{str(option)[:40]}` is no answer to reading {self.id}",
                hint=f"choose one of: {', '.join(self.options)}",
            )
        return option


def readings(path: str | Path | None = None) -> Mapping[str, Reading]:
    """Every reading of a catalogue folder by id, in order; of the shipped one for None.

    Raises TermsError when the file is malformed.
    """
    return _shipped() if path is None else load_readings(Path(path))


def choose_readings(
    choices: Mapping[str, str], known: Mapping[str, Reading] | None = None
) -> dict[str, str]:
    """An answer to every reading: the chosen one, else the default.

    Raises TermsError for an unknown reading or answer.

    >>> choose_readings({"T23": "off"})["T23"], choose_readings({})["T24"]
    ('off', 'excludes_content')
    """
    known = readings() if known is None else known
    for id_ in choices:
        if id_ not in known:
            raise TermsError(
                f"unknown reading `{str(id_)[:40]}`", hint=f"known readings: {', '.join(known)}"
            )
    return {id_: reading.choose(choices.get(id_)) for id_, reading in known.items()}


@cache
def _shipped() -> Mapping[str, Reading]:
    return load_readings(CATALOGUE)


def load_readings(folder: Path) -> dict[str, Reading]:
    """The readings of ``folder/readings.toml``; a folder without that file has none."""
    if folder.is_dir() and not (folder / "readings.toml").exists():
        return {}
    file = read(folder / "readings.toml")
    found: dict[str, Reading] = {}
    for table in file.tables("reading"):
        reading = _reading(table)
        if reading.id in found:
            raise TermsError(f"reading `{reading.id}` stands twice", where=table.where)
        found[reading.id] = reading
    file.done()
    return found


def _reading(table: Table) -> Reading:
    reading = Reading(
        id=table.text("id"),
        question=table.text("question"),
        options=table.mapping("options"),
        default=table.text("default"),
        why=table.text("why"),
        fixed=table.flag("fixed"),
    )
    table.done()
    if len(reading.options) < 2:
        raise table.error("options", "at least two answers", list(reading.options))
    table.check("default", (reading.default,), reading.options)
    return reading
