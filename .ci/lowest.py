"""Write the lower bound of every dependency in setup.cfg as a pip constraint.

Usage: ``python .ci/lowest.py FILE``.
"""

from __future__ import annotations

import configparser
import pathlib
import re
import sys

BOUND = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)(\[[^\]]*\])?>=(?P<version>[^;,\s]+)")


def lowest(setup_cfg: pathlib.Path) -> list[str]:
    """One ``name==version`` for each ``name>=version`` of the core and of the extra ``all``."""
    config = configparser.ConfigParser()
    config.read(setup_cfg, encoding="utf-8")
    extras = dict(config["options.extras_require"])
    chosen = [config["options"]["install_requires"]]
    chosen += [text for extra, text in extras.items() if extra not in ("all", "dev", "docs")]
    bounds = (BOUND.match(line) for line in "\n".join(chosen).splitlines())
    return [f"{bound['name']}=={bound['version']}" for bound in bounds if bound]


if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parent.parent
    lines = lowest(here / "setup.cfg")
    pathlib.Path(sys.argv[1]).write_text("\n".join([*lines, ""]), encoding="utf-8")
