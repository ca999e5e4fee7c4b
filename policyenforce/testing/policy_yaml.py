"""Reading YAML so that what a lawyer writes is what is meant.

Dates, clauses and numbers with a point stay the text that was written (``6.5`` is a clause,
``5.10`` is not ``5.1``, ``NO`` is Norway); a key that stands twice is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from policyenforce.errors import InputError

_TRUTH = re.compile(r"(?:true|false)\Z")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_NOTHING = re.compile(r"(?:null|~|)\Z")


class _Loader(yaml.SafeLoader):
    """A safe loader of mappings, lists, text, whole numbers, truth values and null."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  # the name and shape are the library's


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", _TRUTH, list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", _WHOLE, list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", _NOTHING, ["n", "~", ""])


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise InputError("a key has to be a word", where=_line(key))
        if key.value in made:
            raise InputError(f"the key `{key.value[:40]}` stands twice", where=_line(key))
        made[key.value] = loader.construct_object(value, deep=True)
    return made


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def documents(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    r"""Each document of a YAML text with the line it begins on; empty ones are skipped.

    Raises InputError, placed as ``name:line``, for what is not YAML, no mapping, or says a key
    twice.

    >>> list(documents("clause: 6.5\nfrom: NO", "case.yaml"))
    [(1, {'clause': '6.5', 'from': 'NO'})]
    """
    loader = _loader(text, name)
    try:
        while loader.check_node():
            node = loader.get_node()
            if isinstance(node, yaml.ScalarNode) and not node.value:
                continue
            if not isinstance(node, yaml.MappingNode):
                raise InputError("a case is a mapping of keys", where=_line(node))
            yield node.start_mark.line + 1, loader.construct_document(node)
    except InputError as error:
        raise InputError(error.message, where=f"{name}:{error.where}", hint=error.hint) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise InputError(f"not YAML: {problem}", where=f"{name}{line}") from None
    except RecursionError:
        raise InputError("not YAML: nested too deeply", where=name) from None
    finally:
        loader.dispose()


def _loader(text: str, name: str) -> _Loader:
    try:
        return _Loader(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        said = f"not YAML: a character that has no place in it (U+{error.character:04X})"
        raise InputError(said, where=f"{name}:{line}") from None


def _line(node: yaml.Node | None) -> str:
    return str(node.start_mark.line + 1) if node else "1"
