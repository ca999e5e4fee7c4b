"""The rules of all packs as one scan, and what becomes of each occurrence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache

from attrs import evolve

from policyenforce.checks.user_content.context import Beside, offer_words, weigh
from policyenforce.checks.user_content.escapes import emphasised
from policyenforce.checks.user_content.finder import NOTHING, Finder, in_code_points
from policyenforce.checks.user_content.fold import (
    RECORD_SEPARATOR,
    Traced,
    fold,
    scan_form,
    traced,
)
from policyenforce.checks.user_content.hits import Seen
from policyenforce.checks.user_content.language import script_of
from policyenforce.checks.user_content.packs import Goods, Rule
from policyenforce.checks.user_content.readings import readings
from policyenforce.checks.user_content.scan import Occurrence
from policyenforce.checks.user_content.spellings import (
    everyday_words,
    frequent_words,
    ordinary_words,
)
from policyenforce.checks.user_content.vocabulary import Vocabulary
from policyenforce.model.evidence import Span
from policyenforce.model.findings import Severity

_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_OWN_SCRIPT = {"ru": "CYRILLIC", "zh": "CJK"}
_DRAWN = frozenset({"CHEROKEE", "LISU", "CANADIAN", "COPTIC"})  # no goods are sold in these
_ACRONYM = 4  # letters, or fewer
_TELLING = 6  # letters of a word that is looked for in wrong spellings
_TELLING_GOODS = 5  # letters of one that names goods
_WATCHED, _RARELY_WATCHED = 5, 4  # letters of a word of a name
_SAMPLE = 4_000
_CONTROL = "\x1f"  # a sign that folding drops
_DISGUISED = "disguised spelling"
_SHOWN = 200  # code points of a field that another is read with


class Matcher:
    """Compiled rules. Finds where each stands in a text, and weighs it there."""

    def __init__(self, rules: Sequence[Rule], telling: Iterable[str] = ()) -> None:
        by_literal: dict[str, list[tuple[Rule, bool]]] = {}
        for rule in rules:
            for phrase in rule.phrases:
                literal = phrase.rstrip("*")
                by_literal.setdefault(literal, []).append((rule, literal != phrase))
        self._rules = list(by_literal.values())
        self._runs_on = [any(open_end for _, open_end in rules) for rules in self._rules]
        told = {*telling, *_telling(rules)}
        names = _names(rules, goods=True)
        watched = _watched(names, told)
        vocabulary = Vocabulary(
            by_literal,
            told,
            watched,
            offer_words(),
            ordinary_words(),
            everyday_words() | frequent_words(),
            [*names, *_names(rules, goods=False)],
            frequent_words().union(offer_words()),
            list(_said(rules)),
        )
        self._finder = Finder(list(by_literal), self._runs_on, vocabulary)

    def stirs(self, form: bytes) -> Iterator[int]:
        """Places in folded bytes that deserve a closer look; a text without one is clear."""
        return self._finder.stirs(form)

    def seen(self, field: str, text: str, texts: Mapping[str, str]) -> list[Seen]:
        """Where the rules hold in one field of these texts."""
        if RECORD_SEPARATOR in text:  # which folding keeps for a batch, and drops as any other here
            text = text.replace(RECORD_SEPARATOR, _CONTROL)
        form = scan_form(text)
        finds = self._finder.finds(form)
        if "_" in text and emphasised(text):
            finds = evolve(finds, escaped=True)
        if finds is NOTHING or not finds:
            return []
        look = _Look(field, text, _beside(field, texts))
        here = traced(text)
        self._weigh(look, here, finds.plain, form)
        for reading in readings(text, here, finds, self._finder):
            form = reading.text.encode()
            self._weigh(look, reading, self._finder.plain(form), form, (_DISGUISED,))
        return look.seen

    def _weigh(
        self,
        look: _Look,
        reading: Traced,
        occurrences: Sequence[Occurrence],
        form: bytes,
        notes: tuple[str, ...] = (),
    ) -> None:
        text = reading.text
        for number, start, end in in_code_points(occurrences, form):
            for rule, open_end in self._rules[number]:
                if not _stands_alone(text, start, end, open_end) or not look.wanted(rule):
                    continue
                span = reading.span(start, end)
                if end - start <= _ACRONYM and look.hyphened(span):
                    continue
                if (notes and look.known(rule, span)) or not look.in_script(
                    rule, span, text[start:end]
                ):
                    continue
                weighed = weigh(rule, text, start, end, look.beside)
                if weighed.confidence > 0:
                    look.keep(rule, span, weighed.confidence, weighed.notes + notes)


def _beside(field: str, texts: Mapping[str, str]) -> Beside:
    """What is shown above and below a field: a title and its description are read as one."""
    title, description = texts.get("title", ""), texts.get("description", "")
    if field == "title" and isinstance(description, str):
        return Beside(below=fold(description[:_SHOWN]), title=True)
    if field == "description" and isinstance(title, str):
        return Beside(above=fold(title[-_SHOWN:]))
    return Beside()


def _telling(rules: Iterable[Rule]) -> Iterator[str]:
    """Words that are enough for a rule by themselves, or on offer."""
    everyday = everyday_words() | frequent_words()
    for rule in rules:
        shortest = _TELLING_GOODS if rule.goods is Goods.LAST else _TELLING
        if rule.needs or rule.goods is Goods.PERSON:
            continue
        for phrase in rule.phrases:
            long = len(phrase) >= _TELLING or phrase not in everyday
            if long and len(phrase) >= shortest and phrase.isascii() and phrase.isalpha():
                yield phrase


def _names(rules: Iterable[Rule], *, goods: bool) -> list[list[str]]:
    """The words of phrases of several: of names of goods, or of names of two words for anything."""
    return [
        phrase.split(" ")
        for rule in rules
        if not goods or rule.offer or rule.goods in (Goods.LAST, Goods.ALONE)
        for phrase in (rule.phrases if goods or not rule.needs else ())
        if " " in phrase and (goods or phrase.count(" ") == 1)
    ]


def _said(rules: Iterable[Rule]) -> Iterator[str]:
    """What is said to somebody, and grave by itself: a threat has no word that gives it away."""
    for rule in rules:
        if rule.severity is Severity.GRAVE and not (
            rule.needs or rule.offer or rule.goods is not Goods.ANY
        ):
            yield from rule.phrases


def _watched(names: Iterable[Sequence[str]], telling: Set[str]) -> set[str]:
    """Words of the names of goods: one misspelt word of a name is seen by the others.

    Everyday words only where a name has no other: each is looked at wherever it stands.
    """
    plain = [[word for word in name if word.isascii() and word.isalpha()] for name in names]
    watched = {word for name in plain for word in name if len(word) >= _WATCHED} - everyday_words()
    never, known = frequent_words().union(offer_words()), watched | telling
    for name in plain:
        if known.isdisjoint(name):
            words = [word for word in name if len(word) >= _RARELY_WATCHED and word not in never]
            watched.update(sorted(words, key=lambda w: (len(w), w))[-1:])
    return watched - never


class _Look:
    """One field being looked at, and what has been seen in it."""

    def __init__(self, field: str, text: str, beside: Beside) -> None:
        self.field, self.text, self.beside = field, text, beside
        self.seen: list[Seen] = []
        self._known: set[tuple[str, int, int]] = set()

    def wanted(self, rule: Rule) -> bool:
        return not rule.fields or self.field in rule.fields

    def known(self, rule: Rule, span: tuple[int, int]) -> bool:
        return (rule.id, *span) in self._known

    def keep(
        self, rule: Rule, span: tuple[int, int], confidence: float, notes: tuple[str, ...]
    ) -> None:
        self._known.add((rule.id, *span))
        self.seen.append(Seen(rule, Span(self.field, *span), confidence, notes))

    def hyphened(self, span: tuple[int, int]) -> bool:
        """True for a part of a compound or of a model number: ``GHB-4``."""
        before, after = self.text[max(0, span[0] - 2) : span[0]], self.text[span[1] : span[1] + 2]
        return any(len(x) == 2 and "-" in x and x.strip("-").isalnum() for x in (before, after))

    def in_script(self, rule: Rule, span: tuple[int, int], folded: str) -> bool:
        """False when a fold of look-alikes made another language's word into this rule's."""
        written = self.text[span[0] : span[1]]
        own = {_OWN_SCRIPT[code] for code in rule.languages if code in _OWN_SCRIPT}
        if own and len(own) == len(rule.languages):
            return any(script_of(char) in own for char in written)
        if written.isascii() or not folded.isascii():
            return True
        scripts = {script_of(char) for char in written} - {"", *_DRAWN}
        return "LATIN" in scripts or len(scripts) != 1 or _main_script(self.text) not in scripts


@lru_cache(maxsize=64)
def _main_script(text: str) -> str:
    counts: dict[str, int] = {}
    for char in text[:_SAMPLE]:
        script = script_of(char)
        if script:
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: counts[script], default="")


def _stands_alone(text: str, start: int, end: int, open_end: bool) -> bool:
    if start and _joins(text[start - 1]) and _joins(text[start]):
        return False
    return open_end or end == len(text) or not (_joins(text[end - 1]) and _joins(text[end]))


def _joins(char: str) -> bool:
    """True for a letter or digit of a script that parts its words with blanks."""
    if char.isascii():
        return char.isalnum()
    code = ord(char)
    return char.isalnum() and not any(low <= code <= high for low, high in _UNSPACED)
