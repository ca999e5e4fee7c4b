"""What stands around a hit: denial, reporting, an innocent frame, an offer.

Called for hits only, on folded text, and never looks further than ``REACH`` code points, so
the cost stays linear. A hit is cleared (0), lowered, kept or raised; it is never invented.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from attrs import frozen

from policyenforce.checks.user_content.fold import fold
from policyenforce.checks.user_content.goods import is_alone, is_last, opens
from policyenforce.checks.user_content.packs import Goods, Rule

REACH = 90  # code points before and after a hit
_DENIAL_WORDS = 6  # between "not" and what is denied
_FRAME_BEFORE, _FRAME_AFTER = 6, 5  # words around a hit where its frame can stand
_REPORTED = 0.5  # what is left of a hit that is reported and offered in one breath
_RAISED = 0.2  # of the doubt, taken away by an offer nearby

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_STOP = re.compile(r"[.!?;:。！？；]")
_SENTENCE = re.compile(r"[.!?;。！？；]")
_WORD = re.compile(r"\w+(?:'\w+)?")

_NO_BUT = re.compile(
    r"\b(?:no|non) (?:minimum|moq|limit|limits|fee|fees|need|deposit|tax|risk|reserve|question|"
    r"questions|id|prescription|kyc|problem|bank|credit|one|more|matter|longer)\b"
)
_NO = ("no", "non", "ni", "ninguna", "ningún", "нет")
_NOT = ("not", "never", "without", "isn't", "aren't", "zero", "anti", "against", "не", "sin", *_NO)
_CONDITION = re.compile(r"\b(?:if|unless|until|si|если) (?:\w+ ){0,2}$")  # "if you do not …"
_SUBJECT = re.compile(r"(?:i|we|i'll|we'll|i'm|im)\b")  # a hit that says who acts
_DO = re.compile(r"(?:write|contact|message|text|call|add|chat|pay|send|reach|dm|find|join)\b")
_DO_INSTEAD = re.compile(rf", (?={_DO.pattern})")
# "keeps … out of your life", "at bay": what is kept away is not offered; "out of sight" is.
_KEEPS = re.compile(r"\b(?:keep|keeps|keeping|kept) (?:\w+ ){0,2}$")
_AWAY = re.compile(
    r"\W*(?:\w+ )?(?:(?:out of|away from|off) (?:your|our|my|their|his|her)\b|at bay\b|"
    r"out of circulation\b)"
)
# "protects your wallet from …", but not "from thugs with our …" nor "safe shipping from …".
_GUARDS = re.compile(
    r"\b(?:(?:protect|shield|guard|defend|safeguard)(?:s|ing|ion)? (?:\w+ ){0,3}|"
    r"(?:keeps?|keeping|secures?) (?:you|your|our|my|their|his|her) (?:\w+ ){0,2})from "
    r"(?!(?:\w+ ){0,4}(?:with|by|using|buy|get|order|our|we)\b)(?:\w+ ){0,4}$|"
    r"\b(?:safe|secure|protected|shielded) from (?:the |any |all )?$"
)
_TOLD_OF = re.compile(r" (?:is|are|was|were|has|had|helps?|will)\b")  # a title that is a sentence
_BUY = re.compile(r"(?:buy|sell|order)(?:ing)? ")  # a hit that says that something is traded
_DENIED_CLOSE = 24  # code points in which a word that a rule needs can itself be denied
_OFFER_SIGN = re.compile(r"[$€£¥₽]\s?\d|出售|批发|包邮|价格|现货|购买|代购|微信")


@frozen
class Weighed:
    """A hit's confidence after its surroundings were read, and what was read there."""

    confidence: float
    notes: tuple[str, ...] = ()


@frozen
class Beside:
    """What a field is shown with, folded: a title stands above its description."""

    above: str = ""
    below: str = ""
    title: bool = False


_NOTHING_BESIDE = Beside()


def weigh(rule: Rule, form: str, start: int, end: int, beside: Beside = _NOTHING_BESIDE) -> Weighed:
    """The confidence left to a hit of ``rule`` at ``form[start:end]``; 0 clears it.

    A listing's title offers what it names, unless it tells of it, and so does the beginning of
    what is below it.
    """
    if rule.goods is not Goods.ANY and not _is_goods(rule, form, start, end):
        return Weighed(0.0)
    before, after = form[max(0, start - REACH) : start], form[end : end + REACH]
    if len(before) < REACH and beside.above:
        before = f"{beside.above[-REACH:]}. {before}"[-REACH:]
    if len(after) < REACH and beside.below:
        after = f"{after}. {beside.below[:REACH]}"[:REACH]
    near = f"{before} {after}"
    offered = (
        (beside.title and not _TOLD_OF.match(after))
        or offers(near)
        or (rule.goods is not Goods.ANY and opens(form, start, end))
    )
    if rule.offer and not offered:
        return Weighed(0.0)
    if rule.needs and not _meant(rule.needs, near):
        return Weighed(0.0)
    if rule.frames and _framed(rule.frames, before, after):
        return Weighed(0.0)
    if (rule.offer or _BUY.match(form, start)) and _framed(_words("named_after"), before, after):
        return Weighed(0.0)
    if rule.negatable and _denied(before, after, starts_anew=_starts_anew(before, form[start:end])):
        return Weighed(0.0)
    if _reports(near):
        return (
            Weighed(rule.weight * _REPORTED, ("reported, yet offered",))
            if (offers(near))
            else Weighed(0.0)
        )
    if rule.offer and offers(near):
        return Weighed(rule.weight + (1 - rule.weight) * _RAISED, ("offered nearby",))
    return Weighed(rule.weight)


def _is_goods(rule: Rule, form: str, start: int, end: int) -> bool:
    stands = is_alone if rule.goods is Goods.ALONE else is_last
    return stands(form, start, end, rule.forms)


@lru_cache(maxsize=256)
def offers(near: str) -> bool:
    """True when folded text holds a word or sign of an offer.

    >>> offers("ships in 3 days, $ 40")
    True
    """
    return bool(_any("offers").search(near) or _OFFER_SIGN.search(near))


@lru_cache(maxsize=256)  # several rules hold at one place
def _reports(near: str) -> bool:
    return bool(_any("reporting").search(near))


def offer_words() -> tuple[str, ...]:
    """The words of an offer, and those that stand with them: what runs into a name in a token."""
    return tuple(map(fold, (*_words("offers"), *_words("with_offers"))))


def _meant(words: tuple[str, ...], near: str) -> bool:
    """True when one of the words stands there and is not itself denied ("not a replica")."""
    for match in _any_of(words).finditer(near):
        close = near[max(0, match.start() - _DENIED_CLOSE) : match.start()]
        if not (_just_before(_NOT).search(close) or _denied_in_chinese(close)):
            return True
    return False


def _starts_anew(before: str, hit: str) -> bool:
    """True for a hit that says who acts, or what to do instead: ``do not order here, write me``."""
    return bool(_SUBJECT.match(hit) or (before.endswith(", ") and _DO.match(hit)))


def _denied_in_chinese(before: str) -> bool:
    return any(word in before[-8:] for word in _words("denied_zh"))


def _denied(before: str, after: str, *, starts_anew: bool) -> bool:
    if starts_anew:  # "stop it or I will …": what is denied before is not what is said here
        return _refused(after)
    if _denied_in_chinese(before):
        return True
    clause = _DO_INSTEAD.split(_STOP.split(before)[-1])[-1]
    if _guarded(clause, after):
        return True
    if _just_before(_NO).search(clause) and not _NO_BUT.search(clause):
        return True
    denials = [
        match.end()
        for match in _any("denials").finditer(clause)
        if not _CONDITION.search(clause[: match.start()])
    ]
    if denials:
        between = _WORD.findall(clause[denials[-1] :])
        if len(between) <= _DENIAL_WORDS and not set(between) & _undone():
            return True
    return _refused(after)


def _guarded(clause: str, after: str) -> bool:
    """True for what somebody is kept from or protected from."""
    return bool(_GUARDS.search(clause) or (_KEEPS.search(clause) and _AWAY.match(after)))


def _refused(after: str) -> bool:
    return bool(_any("refused_after").search(_STOP.split(after)[0]))


def _framed(frames: tuple[str, ...], before: str, after: str) -> bool:
    # A frame stands in the same sentence, within a few words: "toy", "… test kit".
    close = " ".join(_WORD.findall(_SENTENCE.split(before)[-1])[-_FRAME_BEFORE:])
    behind = " ".join(_WORD.findall(_SENTENCE.split(after)[0])[:_FRAME_AFTER])
    return bool(_any_of(frames).search(f"{close} | {behind}"))


@cache
def _just_before(words: tuple[str, ...]) -> re.Pattern[str]:
    """One of these words, then at most one other, then the end."""
    return re.compile(rf"\b(?:{'|'.join(map(fold, words))})(?: \w+)? ?$")


@cache
def _words(kind: str) -> tuple[str, ...]:
    source = files("policyenforce.checks.user_content") / "lexicon" / "context.toml"
    return tuple(tomllib.loads(source.read_text(encoding="utf-8"))[kind])


@cache
def _undone() -> frozenset[str]:
    return frozenset(map(fold, _words("undone")))


@cache
def _any(kind: str) -> re.Pattern[str]:
    return _any_of(_words(kind))


@lru_cache(maxsize=1024)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these words, whole; words of scripts without blanks stand anywhere."""
    folded = sorted({fold(word).strip() for word in words}, key=len, reverse=True)
    apart = "|".join(re.escape(word) for word in folded if not _UNSPACED.match(word))
    inside = "|".join(re.escape(word) for word in folded if _UNSPACED.match(word))
    whole = rf"(?<![^\W\d_])(?:{apart})(?![^\W\d_])" if apart else ""
    return re.compile("|".join(filter(None, (whole, inside))))
