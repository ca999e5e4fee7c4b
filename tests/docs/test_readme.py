"""What the README and the pages show, works: blocks run top to bottom, as a reader would."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from tests.docs.blocks import PAGES, ROOT, blocks, commands

RUN = ("python", "console", "toml", "yaml", "json")
SHOWS_SOMETHING = [page for page in PAGES if blocks(page, *RUN)]


def named(page: pathlib.Path) -> str:
    """The page from the root of the repository."""
    return page.relative_to(ROOT).as_posix()


def saved_as(body: str) -> str | None:
    """The file name in a first line such as ``# house.toml``, if there is one."""
    first = body.partition("\n")[0]
    name = first.removeprefix("# ").strip()
    return name if first.startswith("# ") and "." in name and " " not in name else None


@pytest.mark.parametrize("page", SHOWS_SOMETHING, ids=named)
def test_the_examples_of_a_page_run_from_top_to_bottom(
    page: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    names: dict[str, object] = {"__name__": "__page__"}
    for number, (kind, body) in enumerate(blocks(page, *RUN)):
        if kind == "python":
            exec(compile(body, f"{named(page)}#{number}", "exec"), names)
        elif kind == "console":
            for command in commands(body):
                run(command, tmp_path)
        elif (name := saved_as(body)) is not None:
            (tmp_path / name).write_text(body, encoding="utf-8")


def run(command: str, folder: pathlib.Path) -> None:
    """Run one line of a console block; 1 from our command means that something was found."""
    fine = (0,) if "pytest" in command else (0, 1)
    path = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
    )

    assert done.returncode in fine, f"{command}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr


def test_the_readme_gives_exactly_two_lines_for_a_fresh_machine() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line for line in readme.splitlines() if line.startswith("python3 -m venv")]

    assert len(lines) == 2
    assert lines[0].endswith("policyenforce demo")
    assert "pytest" in lines[1]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_of_a_page_leads_somewhere(page: pathlib.Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [part.partition(")")[0].partition("#")[0] for part in text.split("](")[1:]]
    local = [target for target in targets if target and "://" not in target]
    dead = [target for target in local if not (page.parent / target).exists()]

    assert dead == []
