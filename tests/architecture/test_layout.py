"""The tree reads as the sentence of the design, and no file outgrows its reader."""

from __future__ import annotations

import ast
import configparser

from tests.architecture.source import MODULES, PACKAGE, ROOT, label, tree

LONGEST = 400
SAYS_NOTHING = {"base", "bases", "common", "helper", "helpers", "manager", "managers"} | {
    "misc",
    "util",
    "utils",
}
ISLANDS = {
    "registration",
    "conduct",
    "dealings",
    "cooperation",
    "multiple_accounts",
    "account_sharing",
    "user_content",
}


def setup_cfg() -> configparser.ConfigParser:
    """The metadata and settings of the project."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def test_no_module_is_longer_than_a_reader_bears() -> None:
    lengths = {label(path): path.read_text(encoding="utf-8").count("\n") for path in MODULES}

    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [label(path) for path in MODULES if not ast.get_docstring(tree(path))]

    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = {label(path) for path in MODULES if path.stem.strip("_") in SAYS_NOTHING}
    rooms = {
        label(path) for path in PACKAGE.rglob("*") if path.is_dir() and path.name in SAYS_NOTHING
    }

    assert named | rooms == set()


def test_every_room_has_a_page_and_tests() -> None:
    rooms = {
        path.stem
        for path in PACKAGE.iterdir()
        if (path.is_dir() or path.suffix == ".py")
        and path.stem.isidentifier()
        and path.stem[0] != "_"
    }
    pages = {path.stem for path in (ROOT / "docs" / "rooms").glob("*.md")}
    tested = {path.name for path in (ROOT / "tests").iterdir() if any(path.glob("**/test_*.py"))}

    assert rooms - pages == set()
    assert rooms - {"errors", "evaluation", "replay"} - tested == set()


def test_the_islands_of_checks_are_all_under_the_import_contract() -> None:
    listed = setup_cfg()["importlinter:contract:islands"]["modules"].split()

    assert {name.rpartition(".")[2] for name in listed} == ISLANDS


def test_the_build_file_holds_the_build_system_and_nothing_else() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()

    assert len(lines) == 3
    assert lines[0] == "[build-system]"


def test_every_dependency_is_pinned_for_ci() -> None:
    config = setup_cfg()
    asked = config["options"]["install_requires"] + "\n".join(
        text for extra, text in config["options.extras_require"].items() if extra != "all"
    )
    names = {plain(line) for line in asked.splitlines() if line.strip()}
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    assert names - {plain(line) for line in pins} == set()
    assert all("==" in line or line.startswith("#") for line in pins)


def plain(requirement: str) -> str:
    """The normalised name of a requirement: ``psycopg[binary]>=3.2`` is ``psycopg``."""
    name = requirement
    for mark in "[<>=;":
        name = name.partition(mark)[0]
    return name.strip().lower().replace("_", "-")
