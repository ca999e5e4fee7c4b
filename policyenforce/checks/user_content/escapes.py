"""Escapes undone: what a browser or a programming language shows as another text.

Percent-encoding, HTML entities, backslash escapes, and tags and emphasis inside a word.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from policyenforce.checks.user_content.fold import Traced, rewritten

_ROUNDS = 3  # an escape of an escape of an escape; more is not read by anything
_INLINE = "b|i|u|s|a|em|strong|span|font|wbr|br|small|su[bp]|mark|del|ins|tt|code|big|!"
_TAG = rf"</?(?:{_INLINE})(?:[\s/=-][^<>]{{0,60}})?/?>"
_DRAWN = {
    r"|\/|": "m", r"\/\/": "w", r"|\|": "n", r"/\/": "n", "|-|": "h", "|_|": "u", "/-\\": "a",
    "/\\": "a", r"\/": "v", "|<": "k", "|)": "d", "()": "o", "[]": "o", "|3": "b", "|2": "r",
    "|=": "f", "|>": "p",
    "|_": "l", "_|": "j", "}{": "h", "><": "x", "<": "c",
}  # fmt: skip
"""Letters drawn of several signs."""

# Over folded bytes, where a dash, a slash and a backslash are blanks; read alike by both engines.
ESCAPES = (
    rb"%[0-9a-f][0-9a-f]",
    rb"&#x?[0-9a-f]{2}",
    rb"&(?:amp;)+#?[a-z0-9]",
    rb"[a-z0-9]&(?:nbsp|shy|zwj|zwnj|ensp|emsp|thinsp|lrm|rlm|[a-z](?:acute|grave|uml|circ|tilde|"
    rb"ring|cedil|caron|opf|scr|fr)|[a-z]{2}lig);",
    rb"[a-z ]u[{+]?00[4-7][0-9a-f]",
    rb"u\{[4-7][0-9a-f]\}",
    rb" 00(?:00)?[4-7][0-9a-f][a-z 0]",
    rb" x[4-7][0-9a-f].{0,4} x[4-7][0-9a-f]",
    rb"[a-z0-9](?:< ?(?:" + _INLINE.encode() + rb")(?:[ =][^<>]{0,60})? ?>){1,4}[a-z0-9]",
    rb"[a-z(] ?\| ?[|<>)][a-z| ]",
    rb"[a-z]\(\)",
    rb"\|[<)>32=][a-z]",
)
_EMPHASIS = re.compile(
    r"(?<=[A-Za-z])_{1,2}[A-Za-z]+_|_[A-Za-z]+_{1,2}(?=[A-Za-z])|[A-Za-z]__[A-Za-z]"
)
_ESCAPED = re.compile(
    r"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*"
    r"|&#[xX][0-9A-Fa-f]{1,7};?|&#[0-9]{1,8};?|&[A-Za-z][A-Za-z0-9]{1,7};"
    r"|\\u(?:[0-9A-Fa-f]{4}|\{[0-9A-Fa-f]{1,5}\})|\\x[0-9A-Fa-f]{2}"
    r"|\\00(?:00)?[0-9A-Fa-f]{2} ?|U\+00[0-9A-Fa-f]{2}(?: (?=U\+))?"
    rf"|(?:{_TAG}){{1,4}}|(?<=[A-Za-z])_{{1,2}}(?=[A-Za-z])",
    re.I,
)
_DRAWING = re.compile("|".join(re.escape(signs) for signs in sorted(_DRAWN, key=len, reverse=True)))


def emphasised(text: str) -> bool:
    """True for letters of a word drawn as bold or slanted ones.

    Folded, the signs are blanks like any other, so they are looked for as written.

    >>> emphasised("b_ol_d letters"), emphasised("file_name")
    (True, False)
    """
    return "_" in text and _EMPHASIS.search(text) is not None


def drawn(text: str) -> Traced | None:
    """``text`` with letters drawn of several signs as letters, or None if it has none.

    >>> drawn("s|-|()e").text
    'shoe'
    """
    return rewritten(
        text, ((m.start(), m.end(), _DRAWN[m.group()]) for m in _DRAWING.finditer(text))
    )


def unescaped(text: str) -> Traced | None:
    """``text`` with its escapes undone, or None if it has none.

    >>> unescaped("ok%61y &#107; co<b></b>ca &amp;#105; b__o__ld").text
    'okay k coca i bold'
    """
    undone = _once(text)
    for _ in range(_ROUNDS - 1):
        further = _once(undone.text) if undone is not None else None
        if undone is None or further is None:
            break
        undone = further.onto(undone)
    return undone


def _once(text: str) -> Traced | None:
    return rewritten(
        text,
        (
            (m.start(), m.end(), plain)
            for m in _ESCAPED.finditer(text)
            if (plain := _plain(m.group())) != m.group()
        ),
    )


def _plain(escape: str) -> str:
    if escape.startswith("%"):
        return unquote(escape)
    if escape.startswith("&"):
        return html.unescape(escape)
    if escape.startswith(("<", "_")):
        return ""
    return chr(int(escape[1:].strip("ux+{} "), 16))
