"""``Screen``: rule packs, brands and host lists, asked about texts.

One text or a million, the answer is the same: a batch is scanned as one block, and only the
texts in which something stirred are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice

from policyenforce.checks.user_content.brands import brand_rule
from policyenforce.checks.user_content.escapes import emphasised
from policyenforce.checks.user_content.fold import RECORD_SEPARATOR, scan_form
from policyenforce.checks.user_content.hits import Hit, Seen, hits_of
from policyenforce.checks.user_content.hosts import HostList
from policyenforce.checks.user_content.language import languages
from policyenforce.checks.user_content.link_rules import LinkRules
from policyenforce.checks.user_content.links import LINK_HINT, Link
from policyenforce.checks.user_content.matcher import Matcher
from policyenforce.checks.user_content.packs import Pack, shipped_packs
from policyenforce.errors import FactError, InputError
from policyenforce.model.fact import TEXT_LIMIT

_CHUNK = 2_048  # items scanned as one block
_TELLING = 5  # letters of a brand that nobody writes by chance
_CUT = RECORD_SEPARATOR.encode()

Texts = Mapping[str, str]


@lru_cache(maxsize=8)
def _matcher_of(packs: tuple[Pack, ...], brands: tuple[str, ...]) -> Matcher:
    """The rules of these packs and brands, compiled once whatever else a house says."""
    rules = [rule for pack in packs for rule in pack.rules]
    branded = [brand_rule(brands)] if brands else []
    telling = [word for pack in packs for word in pack.telling]
    telling += [word for rule in branded for word in rule.phrases if len(word) >= _TELLING]
    return Matcher([*rules, *branded], telling)


class Screen:
    """Packs (the shipped ones if none are named), the caller's brands and host lists.

    Building one is cheap; the packs are compiled at the first text. It may be shared by
    threads. ``limit`` is the most code points a field may have. Raises InputError for what is no
    pack, and for one text where several are wanted.

    >>> Screen().texts({"title": "AAA quality handbags"})[0].category
    'counterfeit'
    """

    def __init__(
        self,
        *packs: Pack,
        brands: Iterable[str] = (),
        block_hosts: Iterable[str] | HostList = (),
        allow_hosts: Iterable[str] | HostList = (),
        limit: int = TEXT_LIMIT,
    ) -> None:
        if not all(isinstance(pack, Pack) for pack in packs):
            raise InputError("a screen is made of packs", hint="read one with `load_pack(path)`")
        if isinstance(brands, str) or limit < 1:
            raise InputError("`brands` are several names, and `limit` is at least 1")
        self._named = packs
        self._brands = tuple(brands)
        self._links = LinkRules(_hosts(block_hosts), _hosts(allow_hosts))
        self._listed = bool(self._links)
        self._limit = limit

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """The packs in use."""
        return self._named or shipped_packs()

    @cached_property
    def _matcher(self) -> Matcher:
        return _matcher_of(self.packs, self._brands)

    def ready(self) -> None:
        """Compile the rules now, which takes seconds, and not with the first text."""
        _ = self._matcher

    def texts(self, texts: Texts) -> tuple[Hit, ...]:
        """What the rules see in one piece of content, by field name; hits by rule id.

        Spans are code points of the original field. Raises FactError for a field that is no
        text or longer than the limit; nothing is cut.

        >>> hit = Screen().texts({"title": "Lamp", "description": "Pay outside the platform!"})[0]
        >>> str(hit.clause), hit.rule, hit.spans[0].field, hit.spans[0].start, hit.spans[0].end
        ('5.5(e)', 'off-platform-payment', 'description', 0, 24)
        """
        seen: list[Seen] = []
        for field, text in texts.items():
            self._check(field, text)
            seen += self._matcher.seen(field, text, texts)
            if self._listed:
                seen += self._links.seen(field, text)
        return hits_of(seen) if seen else ()

    def wrong_examples(self) -> tuple[tuple[str, str], ...]:
        """Of the examples of its packs those that do not hold: the rule's id, and the text.

        A rule has to see each text of its ``match``, and no rule a text of its ``no_match``.

        >>> Screen(shipped_packs()[0]).wrong_examples()
        ()
        """
        wrong: list[tuple[str, str]] = []
        for rule in (rule for pack in self.packs for rule in pack.rules):
            field = rule.field_of_examples
            for text in rule.match:
                if rule.id not in {hit.rule for hit in self.texts({field: text})}:
                    wrong.append((rule.id, text))
            wrong += [(rule.id, text) for text in rule.no_match if self.texts({field: text})]
        return tuple(wrong)

    def batch(self, items: Iterable[Texts]) -> Iterator[tuple[Hit, ...]]:
        """``texts`` of each item, in order; the same answers, much faster for many."""
        rest = iter(items)
        while chunk := list(islice(rest, _CHUNK)):
            yield from self._answers(chunk)

    def links(self, texts: Texts) -> tuple[tuple[str, Link], ...]:
        """Every link of every field, with the name of its field."""
        for field, text in texts.items():
            self._check(field, text)
        return tuple(
            (field, link) for field, text in texts.items() for link in self._links.of(text)
        )

    def unresolved(self, texts: Texts) -> tuple[tuple[str, Link], ...]:
        """The links of which only following them tells where they lead."""
        return tuple(
            (field, link) for field, link in self.links(texts) if self._links.unresolved(link)
        )

    def verdict_on_host(self, host: str) -> bool | None:
        """True for a blocked host, False for an allowed one, None for an unknown one."""
        return self._links.verdict(host)

    def uncovered(self, texts: Texts, language: str | None = None) -> tuple[str, ...]:
        """The languages of a text that no pack covers: about those nothing can be told.

        ``language`` is what the caller knows. It adds to what the text itself shows and never
        takes away, or a wrong label would hide a text.

        >>> Screen().uncovered({"title": "Die Ware ist nicht von uns und wird geliefert"})
        ('de',)
        """
        told = [language.lower().partition("-")[0]] if language else []
        seen = [code for text in texts.values() for code in languages(text)]
        return tuple(code for code in dict.fromkeys(told + seen) if code not in self._covered)

    @cached_property
    def _covered(self) -> frozenset[str]:
        return frozenset(
            code for pack in self.packs for rule in pack.rules for code in rule.languages
        )

    def _check(self, field: str, text: object) -> None:
        if not isinstance(text, str):
            raise FactError(f"field `{field}` is no text", where=field)
        if len(text) > self._limit:
            raise FactError(
                f"the text has {len(text)} characters",
                where=field,
                hint=f"at most {self._limit} in one field; send it in parts",
            )

    def _answers(self, chunk: Sequence[Texts]) -> list[tuple[Hit, ...]]:
        answers: list[tuple[Hit, ...]] = [()] * len(chunk)
        for number in sorted(self._stirred(chunk)):
            answers[number] = self.texts(chunk[number])
        return answers

    def _stirred(self, chunk: Sequence[Texts]) -> set[int]:
        """The numbers of the items that may hold something: never too few."""
        flat = [text for texts in chunk for text in texts.values()]
        try:
            joined = RECORD_SEPARATOR.join(flat)
        except TypeError:
            return set(range(len(chunk)))  # one by one, the unfit item says what is wrong
        form = scan_form(joined)
        too_long = len(joined) > self._limit and max(map(len, flat)) > self._limit
        if too_long or form.count(_CUT) + 1 != len(flat):
            return set(range(len(chunk)))  # so does too long a text, or one with the separator
        stirred = _texts_at(self._matcher.stirs(form), form)
        if "_" in joined:
            stirred.update(n for n, text in enumerate(flat) if emphasised(text))
        if self._listed:
            stirred.update(n for n, text in enumerate(flat) if LINK_HINT.search(text))
        if not stirred:
            return stirred
        owners = [n for n, texts in enumerate(chunk) for _ in texts]
        return {owners[n] for n in stirred}


def _texts_at(places: Iterable[int], form: bytes) -> set[int]:
    """The numbers of the joined texts in which these places lie, in one pass."""
    numbers: set[int] = set()
    number, reached = 0, 0
    for place in sorted(places):
        number += form.count(_CUT, reached, place)
        reached = place
        numbers.add(number)
    return numbers


def _hosts(hosts: Iterable[str] | HostList) -> HostList:
    if isinstance(hosts, str):
        raise InputError("hosts are several names", hint="write `[host]`, or read a `HostList`")
    return hosts if isinstance(hosts, HostList) else HostList.of(hosts)
