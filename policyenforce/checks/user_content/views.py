"""Second readings of what looks disguised: escapes undone, spellings undone.

Only tokens that look suspicious are touched, and a token is rewritten only into a word that
the lexicon knows; a model number stays a model number. Each reading is traced to the original.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from attrs import frozen

from policyenforce.checks.user_content.fold import Traced, rewritten

# Over folded bytes; read alike by Hyperscan and `re`.
SUSPICIOUS = (
    rb"(?:^|[^a-z0-9])[a-z0-9@$!][ .*_~+,'][a-z0-9@$!][ .*_~+,'][a-z0-9@$!](?:[^a-z0-9]|$)",
    rb"[a-z][0-9@$!]{1,3}[a-z]",
    rb"[$@][a-z]{2}",
    b"|".join(bytes([c]) * 3 for c in range(97, 123) if c not in b"wx"),
    rb"[a-z][*~^+][a-z]",
    rb"[a-z]\.[a-z]{2}[a-z.]*\.[a-z]",
    rb"%[0-9a-f][0-9a-f]",
    rb"&#?[a-z0-9]{2,8};",
)
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*|&#?[A-Za-z0-9]{2,8};")
_SPACED = re.compile(r"(?<![a-z0-9@$!])[a-z0-9@$!](?:[ .*_~+,'][a-z0-9@$!](?![a-z0-9@$])){2,}")
_TOKEN = re.compile(r"[a-z0-9@$!.*~^+]+")
_JOINTS = str.maketrans("", "", ".*~^+ _,'")
_LEET = str.maketrans("0134578@$!9", "oieastbasig")
_LEET_L = str.maketrans("0134578@$!9", "oleastbaslg")
_TRIPLED = re.compile(r"(.)\1\1")
_REPEATS = re.compile(r"(.)\1+")
_EDGES = ".*~^+ ,'!"
_SHORTEST = 4  # letters of a word worth uncovering
_LONGEST = 64  # code points of a token worth looking at


@frozen
class Vocabulary:
    """The words and phrases of the lexicon, as disguises are looked up.

    ``squeezed`` maps a word without doubled letters to the word; ``joined`` a phrase without
    blanks to the phrase.
    """

    words: frozenset[str]
    squeezed: dict[str, str]
    joined: dict[str, str]

    @staticmethod
    def of(phrases: Iterable[str]) -> Vocabulary:
        """The vocabulary of folded phrases, a final ``*`` left out."""
        plain = sorted({phrase.rstrip("*") for phrase in phrases})
        words = sorted(
            {
                w
                for phrase in plain
                for w in phrase.split(" ")
                if len(w) >= _SHORTEST and w.isascii() and w.isalpha()
            }
        )
        return Vocabulary(
            frozenset(words),
            {squeeze(word): word for word in words},
            {
                phrase.replace(" ", ""): phrase
                for phrase in plain
                if phrase.isascii() and len(phrase) >= _SHORTEST
            },
        )

    def uncover(self, token: str) -> str | None:
        """The word or phrase a disguised token stands for, or None.

        >>> Vocabulary.of(["cocaine"]).uncover("c0c4iiine")
        'cocaine'
        """
        bare = token.translate(_JOINTS)
        letters = sum(char.isalpha() for char in bare)
        if letters * 2 < len(bare) or (bare in self.words and bare == token):
            return None
        for table in (_LEET, _LEET_L):
            word = bare.translate(table)
            if len(word) < _SHORTEST or not word.isalpha():
                continue
            if word in self.words:
                return word
            if word in self.joined:
                return self.joined[word]
            if _TRIPLED.search(word) and (found := self.squeezed.get(squeeze(word))):
                return found
        return None


def squeeze(word: str) -> str:
    """A word with each run of one letter written once.

    >>> squeeze("kiiilll")
    'kil'
    """
    return _REPEATS.sub(r"\1", word)


def unescaped(text: str) -> Traced | None:
    """``text`` with percent-encoding and HTML entities undone, or None if it has none.

    >>> unescaped("ok%61y &#107;").text
    'okay k'
    """
    return rewritten(
        text,
        (
            (m.start(), m.end(), plain)
            for m in _ESCAPED.finditer(text)
            if (plain := _plain(m.group())) != m.group()
        ),
    )


def _plain(escape: str) -> str:
    return unquote(escape) if escape.startswith("%") else html.unescape(escape)


def uncovered(form: str, vocabulary: Vocabulary) -> Traced | None:
    """Folded text with disguised tokens written as the words they stand for, or None.

    >>> uncovered("best c.o.c.a.i.n.e here", Vocabulary.of(["cocaine"])).text
    'best cocaine here'
    """
    return rewritten(form, _disguises(form, vocabulary))


def _disguises(form: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int, str]]:
    spaced = [(m.start(), m.end()) for m in _SPACED.finditer(form)]
    tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(form) if _suspicious(m.group())]
    reached = 0
    for start, end in sorted(spaced + tokens, key=lambda s: (s[0], -s[1])):
        if start < reached or not (_SHORTEST <= end - start <= 2 * _LONGEST):
            continue
        while start < end and form[start] in _EDGES:
            start += 1
        while start < end and form[end - 1] in _EDGES:
            end -= 1
        word = vocabulary.uncover(form[start:end])
        if word is not None and word != form[start:end]:
            yield start, end, word
            reached = end


def _suspicious(token: str) -> bool:
    if token.isalpha():
        return _TRIPLED.search(token) is not None
    return len(token) <= _LONGEST and not token.isdigit()
