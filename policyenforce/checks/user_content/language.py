"""A cheap guess at the languages of a text, from scripts and the commonest little words.

Its only use is to say that no pack covers a text, so it answers when it is sure and stays
silent otherwise: a product title of model numbers has no language.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

_SAMPLE = 4_000  # code points looked at
_SHARE = 0.2  # of the letters, for a script to count as a language of the text
_FEWEST_LETTERS = 4  # of a script other than Latin
_FEWEST_WORDS = 2  # different little words, for a language in Latin letters

_SCRIPTS = {
    "ARABIC": "ar",
    "HEBREW": "he",
    "THAI": "th",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "GREEK": "el",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CYRILLIC": "ru",
    "CJK": "zh",
    "KHMER": "km",
    "LAO": "lo",
    "MYANMAR": "my",
    "ETHIOPIC": "am",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "LATIN": "latin",
}
_UKRAINIAN = frozenset("іїєґ")
_LITTLE_WORDS = {
    "en": "the and of to in is for with you that this are on your our we from not it have can "
    "be will all at or as an by i my me he she they do who how what",
    "es": "el la los las de que y en un una por con para su se del es no al lo como mas pero muy "
    "sin nuestro este esta son tu mi yo",
    "fr": "le la les des et une est pour dans que qui sur avec pas vous nous votre ce cette sont "
    "du au aux je il elle ne mais ou notre",
    "de": "der die das und ist nicht mit ein eine für auf den von zu sie wir ich ihr dem im auch "
    "sind oder als bei nur aus wird unsere",
    "pt": "o os as que não uma um para com por mais do da dos das em no na se é você são seu sua "
    "nosso ao como mas",
    "it": "il lo gli di che non per una sono con del della dei nel è più questo anche come nostro "
    "i alla al ma ci si",
    "nl": "het een van en de niet met voor dat zijn op te aan ook bij wij onze uw deze naar maar "
    "wordt geen",
    "pl": "nie się na jest do że to z w jak dla są przez ale po od tylko nasz oraz czy",
    "tr": "ve bir bu için ile çok da de ne olarak gibi daha var en değil ama biz siz sonra",
    "id": "dan yang di untuk dengan ini dari tidak anda kami itu pada ke akan bisa ada atau juga",
    "vi": "và của là không cho các một có với được này trong những người để khi đã tôi bạn",
    "ro": "și este nu cu pentru din sau la care o un sunt mai pe ce noastre dumneavoastra",
    "cs": "je se na že s pro jako ale nebo jsou byl tak z od po však jsme",
    "sv": "och det att är för inte med som på en av till har vi du om den",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
"""In which languages a little word stands."""
for _language, _words in _LITTLE_WORDS.items():
    for _word in dict.fromkeys(_words.split()):
        _LANGUAGES_OF.setdefault(_word, []).append(_language)
_TOKEN = re.compile(r"[^\W\d_]+")


def little_words(*, only: str = "", without: str = "") -> frozenset[str]:
    """The little words that stand in one language alone, or that do not stand in it.

    >>> "der" in little_words(without="en"), "the" in little_words(only="en")
    (True, True)
    """
    return frozenset(
        word
        for word, found in _LANGUAGES_OF.items()
        if (not only or found == [only]) and without not in found
    )


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """The script in a letter's Unicode name (``LATIN``, ``CJK``), empty for what is no letter."""
    if not char.isalpha():
        return ""
    plain = unicodedata.normalize("NFKD", char)[0]  # a full-width or mathematical A is an A
    return unicodedata.name(plain, "").partition(" ")[0].partition("-")[0]


def languages(text: str) -> tuple[str, ...]:
    """The languages a text is surely in, most letters first; empty when it cannot be said.

    Looks at the first 4 000 code points. ISO 639-1 codes; two languages in Latin letters are
    never both named.

    >>> languages("The price is for the whole set and the box")
    ('en',)
    >>> languages("Bluetooth speaker 10W")
    ()
    """
    sample = text[:_SAMPLE]
    if sample.isascii():
        return _latin(sample)
    counts = Counter(script_of(char) for char in sample if char.isalpha())
    total = sum(counts.values())
    found: list[str] = []
    for script, count in counts.most_common():
        if count < max(_FEWEST_LETTERS, _SHARE * total) or script not in _SCRIPTS:
            continue
        found.extend(_latin(sample) if script == "LATIN" else (_other(script, sample, counts),))
    return tuple(dict.fromkeys(found))


def _other(script: str, sample: str, counts: Counter[str]) -> str:
    if script == "CYRILLIC" and _UKRAINIAN & set(sample.lower()):
        return "uk"
    if script == "CJK" and counts["HIRAGANA"] + counts["KATAKANA"]:
        return "ja"
    return _SCRIPTS[script]


def _latin(sample: str) -> tuple[str, ...]:
    little = Counter(filter(_LANGUAGES_OF.__contains__, _TOKEN.findall(sample.lower())))
    if len(little) < _FEWEST_WORDS:
        return ()
    counts: Counter[str] = Counter()
    different: Counter[str] = Counter()
    for word, count in little.items():
        for language in _LANGUAGES_OF[word]:
            counts[language] += count
            different[language] += 1
    ranked = sorted(counts, key=lambda one: (counts[one], different[one]), reverse=True)
    if not ranked or different[ranked[0]] < _FEWEST_WORDS:
        return ()
    sure = len(ranked) == 1 or counts[ranked[0]] > counts[ranked[1]]
    return (ranked[0],) if sure else ()
