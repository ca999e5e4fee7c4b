"""Ways in which people write a word so that a reader knows it and a list does not.

Each takes the word or phrase as it is spelled and gives one disguise of it; none uses chance, so
that a suite made of them is the same every time.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

Disguise = Callable[[str], str]
_VOWELS = "aeiou"


def _each(table: dict[str, str]) -> Disguise:
    return lambda text: "".join(table.get(char, char) for char in text)


def _letters(capital: int, small: int, gaps: dict[str, str] | None = None) -> Disguise:
    """The Latin letters of one Unicode block, but for those that stand elsewhere."""
    other = gaps or {}

    def style(text: str) -> str:
        return "".join(
            other.get(c) or (chr((small if c.islower() else capital) + ord(c.lower()) - 97))
            if c.isascii() and c.isalpha()
            else c
            for c in text
        )

    return style


def _words(change: Callable[[str], str]) -> Disguise:
    return lambda text: " ".join(change(word) for word in text.split(" "))


def _between(mark: str) -> Disguise:
    """The mark between all letters; words stay apart by the mark's blank or by a blank."""
    return _words(mark.join)


def _inside(mark: str) -> Disguise:
    """The mark once, in the middle of each longer word."""
    return _words(lambda w: f"{w[: len(w) // 2]}{mark}{w[len(w) // 2 :]}" if len(w) > 3 else w)


def _first_vowel(word: str) -> int:
    return next((i for i, char in enumerate(word) if i and char in _VOWELS), len(word) - 1)


def _masked(mark: str) -> Disguise:
    def mask(word: str) -> str:
        at = _first_vowel(word)
        return f"{word[:at]}{mark}{word[at + 1 :]}" if len(word) > 3 else word

    return _words(mask)


def _all_vowels(mark: str) -> Disguise:
    return _words(
        lambda w: w[0] + "".join(mark if c in _VOWELS else c for c in w[1:]) if len(w) > 3 else w
    )


def _transposed(word: str) -> str:
    if len(word) < 5:
        return word
    at = len(word) // 2
    return f"{word[: at - 1]}{word[at]}{word[at - 1]}{word[at + 1 :]}"


def _tags(text: str) -> str:
    return "".join(f"{char}\U000e0061" for char in text)


_LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5"}
_SIGNS = {"a": "@", "e": "€", "i": "!", "s": "$", "o": "0"}
_HEAVY = {**_LEET, "t": "7", "b": "8", "g": "9", "l": "1"}
_CYRILLIC = dict(zip("aceopxyisjkmth", "асеорхуіѕјкмтһ", strict=True))
_GREEK = dict(zip("aeiknoptuvxy", "αεικηορτυνχγ", strict=True))
_SMALL_CAPITALS = dict(zip("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
_UPSIDE_DOWN = dict(zip("abcdefghijklmnopqrstuvwxyz", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz", strict=True))
_ACCENTS = dict(zip("aceinosuyz", "äçéïñöšüÿž", strict=True))
_RAISED = dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_CHEROKEE = dict(zip("abcdeghijklmprstvwyz", "ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᎩᏃ", strict=True))
_LISU = dict(zip("abcdefghijklmnoprstuvwxyz", "ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", strict=True))
_SCRIPT = {"e": "ℯ", "g": "ℊ", "o": "ℴ"}
_EMOJI = {"a": "🅰️", "b": "🅱️", "o": "🅾️", "p": "🅿️"}

DISGUISES: dict[str, Disguise] = {
    "capitals": str.upper,
    "capitals in turn": lambda t: "".join(c.upper() if i % 2 else c for i, c in enumerate(t)),
    "digits for vowels": _each(_LEET),
    "signs for letters": _each(_SIGNS),
    "digits for many letters": _each(_HEAVY),
    "one digit": _words(lambda w: w.replace("o", "0", 1).replace("i", "1", 1)),
    "a bar for l and i": _each({"l": "|", "i": "|"}),
    "brackets for c": _each({"c": "(", "o": "0"}),
    "blanks": _between(" "),
    "two blanks": _between("  "),
    "no-break blanks": _between("\u00a0"),
    "hair blanks": _between("\u200a"),
    "dots": _between("."),
    "hyphens": _between("-"),
    "underscores": _between("_"),
    "stars": _between("*"),
    "slashes": _between("/"),
    "commas": _between(","),
    "bars": _between("|"),
    "pluses": _between("+"),
    "middle dots": _between("·"),
    "bullets": _between("•"),
    "dots and blanks": _between(". "),
    "hyphens and blanks": _between(" - "),
    "signs in turn": _words(
        lambda w: "".join(c + ".-_*"[i % 4] for i, c in enumerate(w)).rstrip(".-_*")
    ),
    "emoji between": _between("🔥"),
    "each in brackets": _words(lambda w: "".join(f"[{c}]" for c in w)),
    "each in parentheses": _words(lambda w: "".join(f"({c})" for c in w)),
    "quotes between": _between("'"),
    "one letter a line": _between("\n"),
    "a hyphen inside": _inside("-"),
    "a dot inside": _inside("."),
    "a star inside": _inside("*"),
    "a blank inside": _inside(" "),
    "an underscore inside": _inside("_"),
    "an apostrophe inside": _inside("'"),
    "a line break inside": _inside("\n"),
    "a hyphenated line break": _inside("-\n"),
    "tripled letters": _words(lambda w: "".join(c * 3 for c in w)),
    "a long vowel": _words(lambda w: w.replace(vowel := w[_first_vowel(w)], vowel * 5, 1)),
    "doubled letters": _words(lambda w: "".join(c * 2 for c in w)),
    "one doubled letter": _words(lambda w: w[:2] + w[1:]),
    "a star for a vowel": _masked("*"),
    "a hash for a vowel": _masked("#"),
    "a hyphen for a vowel": _masked("-"),
    "an underscore for a vowel": _masked("_"),
    "a dot for a vowel": _masked("."),
    "stars for all vowels": _all_vowels("*"),
    "no vowel": _masked(""),
    "decimal entities": lambda t: "".join(f"&#{ord(c)};" if c != " " else c for c in t),
    "hexadecimal entities": lambda t: "".join(f"&#x{ord(c):x};" if c != " " else c for c in t),
    "padded entities": lambda t: "".join(f"&#{ord(c):07}" if c in _VOWELS else c for c in t),
    "entities of entities": lambda t: "".join(f"&amp;#{ord(c)};" if c in _VOWELS else c for c in t),
    "percents": lambda t: "".join(f"%{ord(c):02x}" for c in t),
    "percents of vowels": lambda t: "".join(f"%{ord(c):02X}" if c in _VOWELS else c for c in t),
    "percents of percents": lambda t: quote(
        "".join(f"%{ord(c):02X}" if c in _VOWELS else c for c in t)
    ),
    "unicode escapes": lambda t: "".join(f"\\u{ord(c):04x}" if c in _VOWELS else c for c in t),
    "hexadecimal escapes": lambda t: "".join(f"\\x{ord(c):02x}" if c in _VOWELS else c for c in t),
    "backwards": lambda t: t[::-1],
    "words backwards": _words(lambda w: w[::-1]),
    "an override": lambda t: f"\u202e{t[::-1]}\u202c",
    "isolates": _between("\u2068"),
    "Cyrillic": _each(_CYRILLIC),
    "Greek": _each(_GREEK),
    "one Cyrillic vowel": _each({"a": "а", "o": "о"}),
    "Cherokee": _each(_CHEROKEE),
    "Lisu": _each(_LISU),
    "small capitals": _each(_SMALL_CAPITALS),
    "upside down": lambda t: "".join(_UPSIDE_DOWN.get(c, c) for c in reversed(t)),
    "accents": _each(_ACCENTS),
    "circles": _letters(0x24B6, 0x24D0),
    "black circles": _letters(0x1F150, 0x1F150),
    "squares": _letters(0x1F130, 0x1F130),
    "black squares": _letters(0x1F170, 0x1F170),
    "parentheses of one sign": _letters(0x249C, 0x249C),
    "regional letters": _letters(0x1F1E6, 0x1F1E6),
    "emoji letters": _each(_EMOJI),
    "keycaps": lambda t: "".join(f"{c}\ufe0f\u20e3" if c != " " else c for c in t),
    "a ring for o": _each({"o": "⭕"}),
    "full width": _letters(0xFF21, 0xFF41),
    "bold": _letters(0x1D400, 0x1D41A),
    "script": _letters(0x1D49C, 0x1D4B6, _SCRIPT),
    "bold script": _letters(0x1D4D0, 0x1D4EA),
    "black letter": _letters(0x1D56C, 0x1D586),
    "double-struck": _letters(0x1D538, 0x1D552),
    "typewriter": _letters(0x1D670, 0x1D68A),
    "sans italics": _letters(0x1D608, 0x1D622),
    "raised": _each(_RAISED),
    "struck through": lambda t: "".join(f"{c}\u0336" for c in t),
    "marks piled up": lambda t: "".join(f"{c}\u0301\u0316\u0361" for c in t),
    "soft hyphens": _between("\u00ad"),
    "zero-width blanks": _between("\u200b"),
    "joiners": _between("\u200d"),
    "byte order marks": _between("\ufeff"),
    "fillers": _between("\u3164"),
    "selectors": _between("\ufe0f"),
    "tag characters": _tags,
    "tags inside": _inside("<b></b>"),
    "tags around a letter": _words(lambda w: f"{w[:1]}<i>{w[1:2]}</i>{w[2:]}"),
    "a comment inside": _inside("<!-- -->"),
    "a breaking tag inside": _inside("<wbr/>"),
    "marks of Markdown": _inside("**"),
    "words joined": lambda t: t.replace(" ", ""),
    "words joined by capitals": lambda t: t.title().replace(" ", ""),
    "a hashtag": lambda t: "#" + t.replace(" ", ""),
    "two letters transposed": _words(_transposed),
    "digits and dots": lambda t: _between(".")(_each(_LEET)(t)),
    "Cyrillic and zero-width": lambda t: _between("\u200b")(_each(_CYRILLIC)(t)),
    "full width and blanks": lambda t: _between(" ")(_letters(0xFF21, 0xFF41)(t)),
    "digits and tripled vowels": lambda t: "".join(c * 3 if c in _VOWELS else c for c in t).replace(
        "o", "0"
    ),
}
"""Name of the technique → what it does to a word or phrase."""
