from __future__ import annotations

import random
import tomllib

from tests.benchmarks.written_texts import (
    DISGUISES,
    FOLDER,
    HEADS,
    held_out_texts,
    training_texts,
)

TEXTS = training_texts()
HELD_OUT = held_out_texts()


def test_the_texts_are_the_same_on_every_run() -> None:
    assert training_texts() == TEXTS
    assert training_texts(seed=2) != TEXTS


def test_there_are_thousands_of_texts_of_either_kind() -> None:
    harmless = {t.text for t in TEXTS if not any(t.labels.values())}
    prohibited = {t.text for t in TEXTS if any(t.labels.values())}

    assert len(harmless) > 5_000
    assert len(prohibited) > 4_000


def test_no_text_of_those_held_out_is_learnt_from() -> None:
    learnt = {t.text.lower() for t in TEXTS}

    assert not learnt & {t.text.lower() for t in HELD_OUT}


def test_no_template_is_left_with_a_gap() -> None:
    open_ones = [t.text for t in (*TEXTS, *HELD_OUT) if set(t.text) & set("<>{}|")]

    assert open_ones == []


def test_labels_are_of_the_heads_and_all_heads_have_texts_of_either_kind() -> None:
    for head in HEADS:
        assert {t.labels[head] for t in TEXTS if head in t.labels} == {0, 1}
    assert {head for t in TEXTS for head in t.labels} == set(HEADS)


def test_every_file_is_read_and_names_only_slots_that_exist() -> None:
    names = {path.stem for path in FOLDER.glob("*.toml")}
    slots = tomllib.loads((FOLDER / "slots.toml").read_text(encoding="utf-8"))

    assert {"hateful", "not_hateful", "trade", "abuse", "sexual", "spam", "held_out"} < names
    assert all(text.strip() for text in slots.values())


def test_a_disguise_changes_a_text_and_keeps_most_of_its_letters() -> None:

    text = "These people are welcome everywhere"
    for name, disguise in DISGUISES.items():
        disguised = disguise(text, random.Random(name))
        letters = set(text) - {" "}

        assert disguised != text
        assert len(set(disguised) & letters) >= len(letters) - 5
