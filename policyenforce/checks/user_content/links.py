"""Links in a text: undone disguises, one spelling of each host, and what must be resolved (5.5(g)).

Nothing is ever fetched. A shortener, a redirect parameter or a bare address can hide where a
link leads; such a link is marked, and the caller tells with a ``link_resolved`` fact.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

from attrs import frozen

from policyenforce.checks.user_content.escapes import unescaped
from policyenforce.checks.user_content.fold import Traced, fold, rewritten, unchanged
from policyenforce.checks.user_content.hosts import HostList
from policyenforce.checks.user_content.language import script_of

_LONGEST_URL = 2_048
_UNQUOTINGS = 3  # rounds of percent-encoding undone when looking for a link inside a link

# Text without any of these holds no link.
LINK_HINT = re.compile(r"[.。．｡]|://|%2e|&#|\bdot\b|,[a-z]{2}|h[tx*]{2}ps?:", re.I)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_REFANG = re.compile(
    r"\b(?P<scheme>h[x*]{2}p)(?=s?\s{0,2}[:\[(])"
    r"|(?P<dot>\s{0,2}[\[({]\s{0,2}(?:\.|dot)\s{0,2}[\])}]\s{0,2})"
    r"|(?P<colon>[\[({]:(?://)?[\])}])"
    r"|(?P<wide>(?<=[\w-])[。．｡](?=[a-z0-9]))",
    re.I,
)
_GUESS = re.compile(r"(?<=[a-z0-9])(?:\s{1,2}dot\s{1,2}|,)(?=[a-z]{2,12}\b)", re.I)
_WITH_SCHEME = re.compile(r"(?:https?|ftp)://[^\s<>\"'`）】」，]+", re.I)
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_REST = r"(?::\d{1,5})?(?:[/?#][^\s<>\"'`）】」，]*)?"
_BARE = re.compile(
    r"(?<![a-z0-9@._/-])[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){1,8}" + _REST, re.I
)
_BARE_WIDE = re.compile(
    rf"(?<![^\W{_CJK}])(?<![@./-])[^\W{_CJK}][^\W{_CJK}]{{0,62}}(?:\.[^\W{_CJK}]{{1,63}}){{1,8}}"
    + _REST
)
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_INNER = re.compile(r"https?:/{1,2}[^\s&\"'<>]+", re.I)
_TAIL = ".,;:!?)]}*'\"…"


@frozen
class Link:
    """One link: where it leads by its own account, and what is odd about it.

    ``span`` is in code points of the original text. ``marks`` are of ``shortener``,
    ``redirect``, ``address``, ``punycode``, ``mixed_script``, ``credentials``, ``refanged`` and
    ``guessed``; ``inner`` are the hosts of links carried inside this one.
    """

    href: str
    host: str
    domain: str
    span: tuple[int, int]
    marks: frozenset[str] = frozenset()
    inner: tuple[str, ...] = ()

    @property
    def needs_resolution(self) -> bool:
        """True when only following the link tells where it leads."""
        return bool(self.marks & {"shortener", "redirect", "address"})


def extract(text: str) -> tuple[Link, ...]:
    """The links of a text, in order, each place once. Linear time; nothing is fetched.

    >>> [link.host for link in extract("see hxxps://bad[.]example/a and good.example")]
    ['bad.example', 'good.example']
    >>> [link.host for link in extract("mirror: http://0x7f.1/ or shop.example.com")]
    ['127.0.0.1', 'shop.example.com']
    """
    if not LINK_HINT.search(text):
        return ()
    invisible = None if text.isascii() else _removed(text, _INVISIBLE)
    clean = invisible or unchanged(text)
    strong = _refanged(clean) or clean
    links = list(_links_of(strong, set()))
    plain = unescaped(text)
    if plain is not None:
        links += _links_of(plain, {"refanged"})
    guess = rewritten(
        strong.text, ((m.start(), m.end(), ".") for m in _GUESS.finditer(strong.text))
    )
    if guess is not None:
        links += _links_of(guess.onto(strong), {"guessed"})
    return tuple(_apart(links))


def skeleton(host: str) -> str:
    """A host as the eye reads it: decoded, look-alikes folded.

    >>> skeleton("xn--libaba-2nf.com")
    'alibaba.com'
    """
    return ".".join(fold(label).replace(" ", "-") for label in _decoded(host).split("."))


def _removed(text: str, what: re.Pattern[str]) -> Traced | None:
    return rewritten(text, ((m.start(), m.end(), "") for m in what.finditer(text)))


def _refanged(clean: Traced) -> Traced | None:
    meant = {"scheme": "http", "dot": ".", "colon": "://", "wide": "."}
    changes = (
        (
            m.start(),
            m.end(),
            ":" if m.group() in ("[:]", "(:)", "{:}") else meant[m.lastgroup or ""],
        )
        for m in _REFANG.finditer(clean.text)
    )
    made = rewritten(clean.text, changes)
    return made.onto(clean) if made else None


def _links_of(source: Traced, marks: set[str]) -> Iterator[Link]:
    text = source.text
    patterns = (_WITH_SCHEME, _BARE) if text.isascii() else (_WITH_SCHEME, _BARE_WIDE, _BARE)
    for pattern in patterns:
        for match in pattern.finditer(text):
            written = match.group().rstrip(_TAIL)
            start, end = match.start(), match.start() + len(written)
            if len(written) > _LONGEST_URL or not written:
                continue
            link = _link(written, source.span(start, end), set(marks))
            if link is not None:
                rewritten_here = link.span[1] - link.span[0] != len(written)
                yield link if not rewritten_here or marks else _marked(link, "refanged")


def _marked(link: Link, mark: str) -> Link:
    return Link(link.href, link.host, link.domain, link.span, link.marks | {mark}, link.inner)


def _link(written: str, span: tuple[int, int], marks: set[str]) -> Link | None:
    bare = "://" not in written
    parsed = _parsed("http://" + written if bare else written)
    if parsed is None or not parsed.hostname:
        return None
    host = parsed.hostname.rstrip(".")
    if _IPV4.fullmatch(host) or host.startswith("["):
        if bare and not (_IPV4.match(written) and {"/", ":"} & set(written)):
            return None  # a version number
        return Link(parsed.href, host, host, span, frozenset(marks | {"address"}))
    domain = _registrable(host)
    if domain is None:
        if bare or "." not in host:
            return None  # a file name, or a sentence without a blank after its stop
        domain = ".".join(host.split(".")[-2:])
    inner = tuple(dict.fromkeys(_inner(parsed)))
    return Link(
        parsed.href, host, domain, span, frozenset(marks | _marks(parsed, host, bool(inner))), inner
    )


def _marks(parsed: Any, host: str, carries: bool) -> set[str]:
    marks = set()
    if shorteners().covers(host):
        marks.add("shortener")
    if carries:
        marks.add("redirect")
    if parsed.username or parsed.password:
        marks.add("credentials")
    if "xn--" in host:
        marks.add("punycode")
        if _mixed(host):
            marks.add("mixed_script")
    return marks


def _mixed(host: str) -> bool:
    return any(len({script_of(c) for c in label} - {""}) > 1 for label in _decoded(host).split("."))


def _decoded(host: str) -> str:
    import can_ada

    plain: str = can_ada.idna_decode(host.encode())  # type: ignore[arg-type]  # its stub says str
    return plain


def _inner(parsed: Any) -> Iterator[str]:
    """The hosts of links inside a link: anywhere as a whole address, or as a redirect value."""
    rest = parsed.pathname + parsed.search + parsed.hash
    for _ in range(_UNQUOTINGS + 1):  # as written, and after each round
        for match in _INNER.finditer(rest):
            yield from _real_host(match.group())
        unquoted = unquote(rest)
        if unquoted == rest:
            break
        rest = unquoted
    for pair in parsed.search.lstrip("?").split("&")[:64]:
        name, _, value = pair.partition("=")
        if name.lower() in redirect_parameters() and "." in value:
            plain = unquote(value)
            yield from _real_host("http://" + (plain.partition("://")[2] or plain.lstrip("/")))


def host_of(address: str) -> str | None:
    """The host of a whole address, or None where there is none to be read.

    >>> host_of("https://A.Example/x"), host_of("no address")
    ('a.example', None)
    """
    parsed = _parsed(address)
    return parsed.hostname.rstrip(".") or None if parsed is not None else None


def _real_host(href: str) -> Iterator[str]:
    host = host_of(href)
    if host and (_IPV4.fullmatch(host) or _registrable(host)):
        yield host


def _apart(links: Iterable[Link]) -> Iterator[Link]:
    reached = -1
    for link in sorted(links, key=lambda k: (k.span[0], -k.span[1], len(k.marks))):
        if link.span[0] >= reached:
            yield link
            reached = link.span[1]


def _parsed(href: str) -> Any | None:
    import can_ada

    try:
        return can_ada.parse(href.encode(errors="replace").decode())  # a lone surrogate is a `?`
    except ValueError:
        return None


def _registrable(host: str) -> str | None:
    if host.endswith(".example"):  # reserved for documentation, hence on no list of suffixes
        return ".".join(host.split(".")[-2:])
    found: str | None = _suffixes().privatesuffix(host)
    return found


@lru_cache(maxsize=1)
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=False)


@lru_cache(maxsize=1)
def _facts() -> dict[str, list[str]]:
    source = files("policyenforce.checks.user_content") / "lexicon" / "links.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def shorteners() -> HostList:
    """Hosts whose links lead elsewhere."""
    return HostList.of(_facts()["shorteners"])


@lru_cache(maxsize=1)
def redirect_parameters() -> frozenset[str]:
    """Names of query parameters that commonly carry another address."""
    return frozenset(_facts()["redirect_parameters"])
