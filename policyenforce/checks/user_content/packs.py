"""Rule packs: what is looked for, under which clause, and the examples that test it.

A pack is one TOML file of ``lexicon/``, or of the operator's own: a ``[pack]`` table (language,
provenance, licence; category, clause and severity for rules without their own), optional
``[words]`` lists, and ``[[rule]]`` tables. A rule's ``match`` and ``no_match`` texts are its tests.
``telling`` names the words that people disguise: they are looked for in wrong spellings too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from policyenforce.checks.user_content.expansion import expand
from policyenforce.errors import PolicyError, TermsError
from policyenforce.model.findings import Severity
from policyenforce.terms.references import ClauseRef

_T = TypeVar("_T")
_Kind = TypeVar("_Kind", bound=Enum)
Table = Mapping[str, Any]
_TELLING = 6  # letters of a word of a plain list that nobody writes by chance
_NAME = 2  # words of the shortest names of goods
_HEAD = {"category", "clause", "language", "severity", "provenance", "licence", "frames", "telling"}
_RULE = {
    "id",
    "category",
    "clause",
    "severity",
    "weight",
    "languages",
    "fields",
    "patterns",
    "offer",
    "goods",
    "forms",
    "needs",
    "frames",
    "negatable",
    "match",
    "no_match",
}


class Goods(Enum):
    """Where a phrase must stand among the words about it to be the goods that are offered."""

    ANY = "any"
    LAST = "last"  # no further noun follows it
    ALONE = "alone"  # nor does one stand before it
    PERSON = "person"  # people are meant: no further noun makes it another name


@frozen
class Rule:
    """One thing looked for.

    ``phrases`` are folded; one that ends in ``*`` may run on. ``fields`` is empty for all.
    ``offer`` asks for an offer word nearby (a title is an offer), ``goods`` that the phrase be
    the thing offered and not the beginning of another's name (``forms`` may follow, as bracelets
    of ivory are ivory), ``needs`` for one of its words nearby; ``frames`` are words next to a hit
    that make it innocent; a rule that is not ``negatable`` holds even after "no" or "not".
    ``weight`` is the confidence, 0–1.
    """

    id: str
    category: str
    clause: ClauseRef
    severity: Severity
    weight: float
    languages: tuple[str, ...]
    phrases: tuple[str, ...] = field(repr=False)
    fields: tuple[str, ...] = ()
    offer: bool = False
    goods: Goods = Goods.ANY
    forms: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    negatable: bool = True
    match: tuple[str, ...] = field(default=(), repr=False)
    no_match: tuple[str, ...] = field(default=(), repr=False)

    @property
    def field_of_examples(self) -> str:
        """The field that ``match`` and ``no_match`` stand for: the description if it may be."""
        anywhere = not self.fields or "description" in self.fields
        return "description" if anywhere else self.fields[0]


@frozen
class Pack:
    """Rules in one language, with where they come from."""

    name: str
    language: str
    provenance: str
    licence: str
    rules: tuple[Rule, ...] = field(repr=False)
    telling: tuple[str, ...] = field(default=(), repr=False)

    @property
    def categories(self) -> frozenset[str]:
        """The categories of its rules."""
        return frozenset(rule.category for rule in self.rules)

    def without(self, categories: Iterable[str]) -> Pack:
        """The pack less its rules of these categories."""
        left = tuple(rule for rule in self.rules if rule.category not in set(categories))
        return evolve(self, rules=left)


@lru_cache(maxsize=1)
def shipped_packs() -> tuple[Pack, ...]:
    """The packs that come with the library, by name.

    >>> sorted({pack.language for pack in shipped_packs()})
    ['en', 'es', 'ru', 'zh']
    """
    home = files("policyenforce.checks.user_content") / "lexicon"
    return tuple(
        _read(f"{folder.name}/{entry.name}", entry)
        for folder in sorted((f for f in home.iterdir() if f.is_dir()), key=lambda f: f.name)
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".toml")
    )


def load_pack(path: str | Path) -> Pack:
    """The pack in one TOML file; raises PolicyError, with the place, for anything amiss."""
    return _read(str(path), Path(path))


def pack_of_words(
    words: Iterable[str],
    *,
    name: str,
    category: str,
    clause: str,
    language: str,
    weight: float = 0.7,
    severity: Severity = Severity.SERIOUS,
    licence: str = "operator's own",
) -> Pack:
    """One rule from a plain word list, one word or phrase a line; ``#`` begins a comment.

    >>> pack_of_words(["# ours", "grey import"], name="ours", category="grey_market",
    ...               clause="5.5(e)", language="en").rules[0].phrases
    ('grey import',)
    """
    lines = (line.partition("#")[0].strip() for line in words)
    phrases = tuple(dict.fromkeys(p for line in lines if line for p in expand(line)))
    rule = Rule(
        id=name,
        category=category,
        clause=ClauseRef.parse(clause),
        severity=severity,
        weight=weight,
        languages=(language,),
        phrases=phrases,
    )
    telling = tuple(p for p in phrases if len(p) >= _TELLING and p.isalpha())
    return Pack(name, language, "loaded word list", licence, (rule,), telling)


def _read(name: str, source: Traversable) -> Pack:
    try:
        content = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as reason:
        raise PolicyError(f"the pack cannot be read: {reason}", where=name) from reason
    try:
        return _pack(name, content)
    except (PolicyError, TermsError) as reason:
        raise reason.at(name) from None


def _pack(name: str, content: Table) -> Pack:
    _known(content, {"pack", "words", "rule"})
    head = _take(content, "pack", dict)
    _known(head, _HEAD)
    lists = _take(content, "words", dict) if "words" in content else {}
    words = {key: _texts(lists, key) for key in lists}
    rules: dict[str, Rule] = {}
    for row in _take(content, "rule", list):
        rule = _placed_rule(row, head, words)
        if rule.id in rules:
            raise PolicyError(f"rule `{rule.id}` is written twice")
        rules[rule.id] = rule
    return Pack(
        name,
        _take(head, "language", str),
        _take(head, "provenance", str),
        _take(head, "licence", str),
        tuple(rules.values()),
        _texts(head, "telling"),
    )


def _placed_rule(row: Table, head: Table, words: Mapping[str, tuple[str, ...]]) -> Rule:
    try:
        _known(row, _RULE)
        return _rule(row, {**head, **row}, _texts(head, "frames"), words)
    except (PolicyError, TermsError) as reason:
        raise reason.at(f"rule `{row.get('id', '?')}`") from None


def _rule(
    row: Table, both: Table, frames: tuple[str, ...], words: Mapping[str, tuple[str, ...]]
) -> Rule:
    weight = _take(row, "weight", float)
    if not 0.0 < weight <= 1.0:
        raise PolicyError(f"weight {weight} lies outside 0 to 1")
    told = _take(row, "goods", str) if "goods" in row else Goods.ANY.value
    goods = _one_of(Goods, told, "place of goods")
    rule = Rule(
        id=_take(row, "id", str),
        category=_take(both, "category", str),
        clause=ClauseRef.parse(_take(both, "clause", str)),
        severity=_one_of(Severity, _take(both, "severity", str), "severity"),
        weight=weight,
        languages=_texts(row, "languages") or (_take(both, "language", str),),
        phrases=_without_longer(
            dict.fromkeys(x for p in _texts(row, "patterns") for x in expand(p, words)), goods
        ),
        fields=_texts(row, "fields"),
        offer=_flag(row, "offer", False),
        goods=goods,
        forms=frozenset(_texts(row, "forms")),
        needs=_texts(row, "needs"),
        frames=frames + _texts(row, "frames"),
        negatable=_flag(row, "negatable", True),
        match=_texts(row, "match"),
        no_match=_texts(row, "no_match"),
    )
    if not (rule.phrases and rule.match and rule.no_match):
        raise PolicyError(
            "a rule needs patterns and examples of both kinds",
            hint="fill `patterns`, `match` and `no_match`",
        )
    return rule


def _without_longer(phrases: Mapping[str, None], goods: Goods) -> tuple[str, ...]:
    """The phrases less those that hold another one word for word: the shorter finds them all.

    Where goods must stand last, a phrase is dropped only for one that it ends with, and a name of
    two words never: where it stands would be told of a part of it.
    """
    sizes = {phrase: phrase.count(" ") + 1 for phrase in phrases}
    longest = max(sizes.values(), default=0)
    shorter: dict[str, list[int]] = {}  # first word → sizes of the phrases that others can hold
    for head, size in {(p.partition(" ")[0], n) for p, n in sizes.items() if n < longest}:
        shorter.setdefault(head, []).append(size)
    if goods is Goods.ALONE or not shorter:
        return tuple(phrases)

    def holds_another(phrase: str, count: int) -> bool:
        words = phrase.split(" ")
        return any(
            size < count
            and (goods is Goods.ANY or at + size == count)
            and " ".join(words[at : at + size]) in phrases
            for at, word in enumerate(words)
            if word in shorter
            for size in shorter[word]
        )

    kept = _NAME if goods is Goods.LAST else 0
    return tuple(p for p, count in sizes.items() if count <= kept or not holds_another(p, count))


def _one_of(kinds: type[_Kind], word: str, what: str) -> _Kind:
    try:
        return kinds(word)
    except ValueError:
        raise PolicyError(
            f"unknown {what} `{word}`", hint="one of: " + ", ".join(kind.value for kind in kinds)
        ) from None


def _known(table: Table, keys: set[str]) -> None:
    for key in table:
        if key not in keys:
            raise PolicyError(f"unknown key `{key}`", hint="one of: " + ", ".join(sorted(keys)))


def _take(table: Table, key: str, kind: type[_T]) -> _T:
    value = table.get(key)
    if type(value) is not kind:
        raise PolicyError(f"`{key}` must be a {kind.__name__}")
    return value


def _flag(table: Table, key: str, default: bool) -> bool:
    return _take(table, key, bool) if key in table else default


def _texts(table: Table, key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if type(value) is not list or not all(type(v) is str for v in value):
        raise PolicyError(f"`{key}` must be a list of strings")
    return tuple(value)
