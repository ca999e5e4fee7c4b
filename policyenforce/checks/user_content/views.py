"""Second readings of what looks disguised: which word a token stands for.

Only tokens that look suspicious are read again, and a token is rewritten only into a word that
the lexicon knows; a model number stays a model number. Each reading is traced to the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from policyenforce.checks.user_content.fold import Traced, rewritten
from policyenforce.checks.user_content.vocabulary import Vocabulary

_GAP = rb"[ |.,*_~+'()\[\]{}<>:;\"=]+"
_ONE = rb"[a-z0-9@$!]"
# Over folded bytes; read alike by Hyperscan and `re`, and cheap: they may suspect too much.
SUSPICIOUS = (
    rb"(?:^|[^a-z0-9])" + (_ONE + _GAP) * 3 + _ONE + rb"(?:[^a-z0-9]|$)",
    rb"[a-z][0-9@$!+#|(*~^\xc2\xa3\xe2\x82\xac\xa9\xae]+[a-z]",
    rb"[a-z][,`][a-z]",
    rb"[+!#|$@][a-z][a-z]",
    b"|".join(bytes([c]) * 3 for c in range(97, 123) if c not in b"wx"),
    rb"[@$!+|][a-z][0-9@$!+|\xe2]",
    rb"[a-z]\.[a-z][a-z]",
    rb"[a-z]'(?:[a-z]{3}|[a-km-qs-uw-z][a-z]|l[a-km-z]|[rv][a-df-z])",  # less "we'll", "you're"
    rb"[a-z]\xc2\xae|\xc2\xae[a-z]",
)
_SPACED = re.compile(
    r"(?<![a-z0-9@$!])[a-z0-9@$!](?:[ |.,*_~+'()\[\]{}<>:;\"=]{1,3}[a-z0-9@$!](?![a-z0-9@$])){3,}"
)
_TOKEN = re.compile(r"[a-z0-9@$!.*~^+#(|,`'€£©®]+")
_ODD = re.compile(r"[^a-z]|(.)\1\1|(?:(.)\2){3}")
_NEIGHBOURS = 3  # words on each side of a telling word that are read again with it
REACH = 48  # code points in which they stand
_WORD = re.compile(r"[0-9@$!]*[a-z][a-z0-9@$!]*")
_LONE_I = re.compile(r"(?<![^ ])(1|[!il]{3,}|ii|!) $")
_LONGEST_I = 9
_OPENING, _CLOSING = "([{<\"'*", ")]}>\"'*"
_EDGES = ".*~^+# ,'`!|()[]{}<>:;\"="
_POINTS = ",;:?!.)]}>\"'"
_BESIDE = 24  # code points in which the word next to a token lies
_LONGEST = 64  # code points of a token worth looking at
_WINDOW = 2 * _LONGEST + 8  # bytes around a suspicion in which its token lies


def uncovered(form: str, vocabulary: Vocabulary) -> Traced | None:
    """Folded text with disguised tokens written as the words they stand for, or None.

    >>> uncovered("best c.o.c.a.i.n.e here", Vocabulary(["cocaine"])).text
    'best cocaine here'
    """
    return rewritten(form, disguises(form, vocabulary))


def disguised(form: bytes, ends: Sequence[int], vocabulary: Vocabulary) -> Iterator[int]:
    """Where a suspicion that ends at one of ``ends``, rising, stands for a word; none is missed.

    >>> list(disguised(b"usb2a c0caine", [4, 9], Vocabulary(["cocaine"])))
    [6]
    """
    for first, last in _stretches(ends):
        begin = max(0, first - _WINDOW)
        while begin < last and form[begin] & 0xC0 == 0x80:  # never inside a character
            begin += 1
        window = form[begin : last + _WINDOW].decode(errors="ignore")
        for start, _, _ in disguises(window, vocabulary):
            yield begin + len(window[:start].encode())


def _stretches(ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of the ends that lie near each other."""
    first = last = -1
    for end in ends:
        if first >= 0 and end - last > _WINDOW:
            yield first, last
            first = end
        first, last = (end if first < 0 else first), end
    if first >= 0:
        yield first, last


def disguises(form: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int, str]]:
    """The disguised tokens of folded text: start, end, and the word each stands for."""
    spaced = [_bracketed(form, m.start(), m.end()) for m in _SPACED.finditer(form)]
    tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(form) if _suspicious(m.group())]
    reached = 0
    missed = (0, 0)
    for start, end in sorted(spaced + tokens, key=lambda s: (s[0], -s[1])):
        if start < reached or end - start > 2 * _LONGEST:
            continue
        bare = _trimmed(form, start, end, _EDGES)
        if form[bare[0] : bare[1]] in vocabulary.all_words:
            continue  # a word with a comma behind it
        pointed = _trimmed(form, start, end, _POINTS)  # "c*c**n*," ends in a letter and a comma
        for first, last in dict.fromkeys(((start, end), pointed, bare)):
            word = vocabulary.uncover(
                form[first:last],
                beside=bool(reached) and start <= reached + 1,
                before=form[max(0, first - _BESIDE) : first].strip(" ").rpartition(" ")[2],
                after=form[last : last + _BESIDE].strip(" ").partition(" ")[0].rstrip(",;:?"),
            )
            if word is not None and word != form[first:last]:
                if missed[1] and start <= missed[1] + 1:  # "5py c4m3r4": short, so not by itself
                    yield from _beside(form, missed, vocabulary)
                    reached = missed[1]
                yield from _who(form, first, reached)
                yield first, last, word
                reached = last
                break
        else:
            missed = start, end


def _beside(
    form: str, token: tuple[int, int], vocabulary: Vocabulary
) -> Iterator[tuple[int, int, str]]:
    """The word of a token next to one in disguise."""
    written = form[slice(*token)]
    word = vocabulary.uncover(written, beside=True)
    if word is not None and word != written:
        yield *token, word


def _who(form: str, start: int, reached: int) -> Iterator[tuple[int, int, str]]:
    """The "I" before a disguised word, when it is disguised too: ``1 k1ll``."""
    before = _LONE_I.search(form, max(reached, start - _LONGEST_I), start)
    if before is not None:
        yield before.start(1), before.end(1), "i"


def _bracketed(form: str, start: int, end: int) -> tuple[int, int]:
    """A run of single letters with the bracket that opens before it and closes after it."""
    opened = start and form[start - 1] in _OPENING
    closed = end < len(form) and form[end] in _CLOSING
    return start - bool(opened), end + bool(closed)


def _trimmed(form: str, start: int, end: int, edges: str) -> tuple[int, int]:
    while start < end and form[start] in edges:
        start += 1
    while start < end and form[end - 1] in edges:
        end -= 1
    return start, end


def neighbours(
    form: str, start: int, end: int, telling: str, words: Vocabulary
) -> Iterator[tuple[int, int, str]]:
    """Words about a telling one that are misspelt as well, whole or in two pieces."""
    for side in (before(form, start), after(form, end)):
        for (first, middle), (begin, last) in pairwise(side):
            if begin - middle == 1:
                word = words.joined(form[first:middle], form[begin:last], telling)
                if word is not None:
                    yield first, last, word
        for first, last in side:
            word = words.misspelt(form[first:last], telling)
            if word is not None:
                yield first, last, word


def misspelt_near(before: str, after: str, telling: str, words: Vocabulary) -> bool:
    """Whether ``neighbours`` may find something: the same question, without the places."""
    for side in (_WORD.findall(before)[-_NEIGHBOURS:], _WORD.findall(after)[:_NEIGHBOURS]):
        for one in side:
            if words.misspelt(one, telling) is not None:
                return True
        for one, two in pairwise(side):
            if words.joined(one, two, telling) is not None:
                return True
    return False


def before(form: str, start: int) -> list[tuple[int, int]]:
    """The few words before a place of folded text, in order."""
    begin = max(0, start - REACH)
    found = [(m.start() + begin, m.end() + begin) for m in _WORD.finditer(form[begin:start])]
    return found[-_NEIGHBOURS:]


def after(form: str, end: int) -> list[tuple[int, int]]:
    """The few words after a place of folded text, in order."""
    found = [(m.start() + end, m.end() + end) for m in _WORD.finditer(form[end : end + REACH])]
    return found[:_NEIGHBOURS]


def _suspicious(token: str) -> bool:
    return len(token) <= _LONGEST and not token.isdigit() and _ODD.search(token) is not None
