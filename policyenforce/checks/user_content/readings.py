"""The readings of a text in which something is written as it should not be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policyenforce.checks.user_content.codes import decoded
from policyenforce.checks.user_content.escapes import drawn, unescaped
from policyenforce.checks.user_content.finder import Finder, Finds, in_code_points
from policyenforce.checks.user_content.fold import Traced, rewritten, traced
from policyenforce.checks.user_content.spellings import Misspelt
from policyenforce.checks.user_content.views import after, before, disguises, neighbours
from policyenforce.checks.user_content.vocabulary import Vocabulary

Change = tuple[int, int, str]


def readings(text: str, here: Traced, finds: Finds, finder: Finder) -> Iterator[Traced]:
    """The text again with escapes and spellings undone, each traced to the original.

    ``here`` is the fold of ``text`` and ``finds`` is what was found in it.
    """
    yield from _respelt(text, here, finds, finder)
    for undo in (unescaped, drawn, decoded) if finds.escaped else ():
        plain = undo(text)
        if plain is None:
            continue
        form = traced(plain.text).onto(plain)
        yield form
        yield from _respelt(text, form, finder.finds(form.text.encode()), finder)


def _respelt(text: str, form: Traced, finds: Finds, finder: Finder) -> Iterator[Traced]:
    if not (finds.disguised or finds.odd):
        return
    words = finder.vocabulary
    spelt: list[Change] = []
    turned: list[tuple[int, int]] = []
    for number, start, end in in_code_points(finds.misspelt, form.text.encode()):
        word, how = finder.misspelling(number)
        if how is Misspelt.TURNED:
            turned.append((start, end))
        elif how is Misspelt.SPELT or _signs_between(text, form, start, end):
            spelt.append((start, end, word))
            spelt += neighbours(form.text, start, end, word, words)
    for _, start, end in in_code_points(finds.beside, form.text.encode()):
        spelt += neighbours(form.text, start, end, form.text[start:end], words)
    parted = in_code_points(
        [(n, s, e) for n, (s, e, _) in enumerate(finds.parted)], form.text.encode()
    )
    spelt += [(start, end, finds.parted[number][2]) for number, start, end in parted]
    changed = rewritten(form.text, _apart([*spelt, *disguises(form.text, words)]))
    if changed is not None:
        yield changed.onto(form)
    for whole in (True, False) if turned else ():
        runs = _apart(change for place in turned for change in _run(form.text, place, words, whole))
        changed = rewritten(form.text, runs)
        if changed is not None:
            yield changed.onto(form)


def _signs_between(text: str, form: Traced, start: int, end: int) -> bool:
    """True when no blank inside these code points of the fold was written as a blank."""
    blanks = (i for i in range(start, end) if form.text[i] == " ")
    return not any(text[form.starts[i] : form.ends[i]].isspace() for i in blanks)


def _run(form: str, place: tuple[int, int], words: Vocabulary, whole: bool) -> list[Change]:
    """The words about a place that are turned round, each in its place or all as one line."""
    places = [place]
    for near in reversed(before(form, place[0])):
        if words.turned(form[slice(*near)]) is None:
            break
        places.insert(0, near)
    for near in after(form, place[1]):
        if words.turned(form[slice(*near)]) is None:
            break
        places.append(near)
    meant = [words.turned(form[slice(*near)]) or form[slice(*near)][::-1] for near in places]
    if whole:
        return [(places[0][0], places[-1][1], " ".join(reversed(meant)))]
    return [(*near, word) for near, word in zip(places, meant, strict=True)]


def _apart(changes: Iterable[Change]) -> Iterator[Change]:
    """Changes in order; of those that overlap, the first and longest."""
    reached = 0
    for start, end, word in sorted(changes, key=lambda c: (c[0], -c[1])):
        if start >= reached:
            yield start, end, word
            reached = end
