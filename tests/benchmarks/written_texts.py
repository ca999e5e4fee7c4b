"""The texts written for this project, drawn from the templates in ``classifier_texts``.

Only templates are kept; what is drawn from them is the same on every run and every machine.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "classifier_texts"
HEADS = ("toxic", "hate", "sexual", "spam")
HELD_OUT = "held_out"
_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"<([a-z_0-9]+)>")
_DISGUISED_SHARE = 0.25  # of the texts that name or insult people, once more in disguise


class Written(NamedTuple):
    """One text, with a label (0, 1, or none where it is not labelled) for each head."""

    text: str
    labels: Mapping[str, int]
    kind: str


def training_texts(seed: int = 1) -> list[Written]:
    """All texts but those held out."""
    names = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return [
        text for name in names if name not in (HELD_OUT, "slots") for text in texts_of(name, seed)
    ]


def held_out_texts(seed: int = 1) -> list[Written]:
    """The texts that nothing is learnt from."""
    return list(texts_of(HELD_OUT, seed))


def texts_of(name: str, seed: int) -> Iterator[Written]:
    """The texts of one file, no two alike."""
    shared = tomllib.loads((FOLDER / "slots.toml").read_text(encoding="utf-8"))
    content = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    slots = {
        key: [option.strip() for option in text.split("|")]
        for key, text in {**shared, **content.get("slots", {})}.items()
    }
    chance = random.Random(f"{name}:{seed}")
    seen: set[str] = set()
    for block in content["block"]:
        for template in block["templates"]:
            for _ in range(block["draws"]):
                text = _drawn(template, slots, chance)
                if text not in seen:
                    seen.add(text)
                    yield Written(text, block["labels"], block["kind"])
                if (
                    "hate" in block["labels"]
                    and "hateful" in name
                    and chance.random() < _DISGUISED_SHARE
                ):
                    way = chance.choice(sorted(DISGUISES))
                    yield Written(
                        DISGUISES[way](text, chance), block["labels"], f"{block['kind']}, {way}"
                    )


def _drawn(template: str, slots: Mapping[str, list[str]], chance: random.Random) -> str:
    text = template
    while _SLOT.search(text) or _CHOICE.search(text):
        text = _CHOICE.sub(lambda m: chance.choice(m[1].split("|")), text)
        text = _SLOT.sub(lambda m: chance.choice(slots[m[1]]), text)
    text = " ".join(text.split())
    return text[:1].upper() + text[1:] if chance.random() < 0.8 else text.lower()


def _swapped(text: str, chance: random.Random) -> str:
    return _one_long_word(text, chance, lambda w, i: w[:i] + w[i + 1] + w[i] + w[i + 2 :])


def _missing(text: str, chance: random.Random) -> str:
    return _one_long_word(text, chance, lambda w, i: w[:i] + w[i + 1 :])


def _one_long_word(text: str, chance: random.Random, change: Callable[[str, int], str]) -> str:
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if len(word) > 4] or [0]
    for number in chance.sample(long, min(2, len(long))):
        word = words[number]
        if len(word) > 3:
            words[number] = change(word, chance.randrange(1, len(word) - 2))
    return " ".join(words)


def _joined(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    at = chance.randrange(max(1, len(words) - 1))
    to = at + chance.choice((2, 3))
    return " ".join([*words[:at], "".join(words[at:to]), *words[to:]])


def _spaced(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if len(word) > 3] or [0]
    number = chance.choice(long)
    words[number] = " ".join(words[number])
    return " ".join(words)


def _in_digits(text: str, chance: random.Random) -> str:
    return text.translate(str.maketrans("aeios", chance.choice(("43105", "4e1os", "@3!o$"))))


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "letters swapped": _swapped,
    "a letter missing": _missing,
    "words joined": _joined,
    "letters apart": _spaced,
    "digits for letters": _in_digits,
}
"""Ways to spell a text so that it is not recognised."""
