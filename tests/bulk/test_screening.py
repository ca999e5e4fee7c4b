"""Texts in a table: what each engages, as one by one."""

from __future__ import annotations

import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce import bulk
from policyenforce.checks.user_content.classifier.outside import OutsideClassifier
from policyenforce.checks.user_content.reading import as_row, screen_of
from policyenforce.errors import FactError
from policyenforce.policy.load import load_rules
from policyenforce.policy.sections import ClassifierRules, ClassifierUse

RULES = load_rules(None)
SCREEN = screen_of(RULES.content)
SCREEN.texts({"title": ""})
TEXTS = st.sampled_from(
    [
        "Lamp",
        "fake passports",
        "r3plica watches",
        None,
        "we never sell heroin",
        "Die Ware ist nicht da",
    ]
)


def batch(**columns: list[str | None]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {name: pa.array(c, pa.string()) for name, c in columns.items()}
    )


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
@settings(deadline=None, max_examples=50)
def test_a_table_answers_as_the_screen_does(rows: list[tuple[str | None, str | None]]) -> None:
    ids = [f"c-{n}" for n in range(len(rows))]
    found = bulk.screen(batch(id=ids, title=[t for t, _ in rows], description=[d for _, d in rows]))

    assert found.column("id").to_pylist() == ids
    for (title, description), row in zip(rows, found.to_pylist(), strict=True):
        texts = {"title": title, "description": description}
        told = {name: text for name, text in texts.items() if text is not None}
        want = [as_row(hit, RULES) for hit in SCREEN.texts(told)]
        assert [
            {**f, "spans": [list(s.values()) for s in f["spans"]]} for f in row["findings"]
        ] == want


def test_a_language_that_no_pack_reads_is_told() -> None:
    found = bulk.screen(batch(id=["a", "b"], title=["Lampe", "Lamp"], language=["de", None]))

    assert found.column("cannot_tell").to_pylist() == [["de"], []]


def test_a_stream_of_batches_is_read_one_by_one() -> None:
    batches = iter([batch(id=["a"], text=["fake passports"]), batch(id=["b"], text=["lamp"])])
    answers = [len(row["findings"]) for b in bulk.screen_batches(batches) for row in b.to_pylist()]

    assert answers == [1, 0]


def test_an_empty_table_has_an_empty_answer() -> None:
    assert bulk.screen(batch(id=[])).num_rows == 0
    assert bulk.screen(batch(id=["a"])).to_pylist() == [
        {"id": "a", "findings": [], "cannot_tell": []}
    ]


def test_columns_of_a_dictionary_are_texts() -> None:
    column = pa.array(["fake passports", "lamp"]).dictionary_encode()
    found = bulk.screen(pa.RecordBatch.from_arrays([pa.array(["a", "b"]), column], ["id", "title"]))

    assert [len(row["findings"]) for row in found.to_pylist()] == [1, 0]


def test_a_table_without_ids_or_with_other_columns_is_refused() -> None:
    with pytest.raises(FactError, match="no column `id`"):
        bulk.screen(batch(title=["Lamp"]))
    with pytest.raises(FactError, match="`price` is no text"):
        bulk.screen(pa.RecordBatch.from_pydict({"id": ["a"], "price": [4]}))


def test_another_classifier_speaks_where_the_house_uses_one() -> None:
    shouting = OutsideClassifier(
        "shouting", "1", lambda texts: [{"toxic": float(text.isupper())} for text in texts]
    )
    uses = ClassifierRules(ClassifierUse.UNDECIDED, toxic=0.9)
    house = evolve(RULES, content=evolve(RULES.content, classifier=uses))
    rows = batch(id=["a", "b"], title=["HEY THERE", "hey there"])
    [found] = bulk.screen_batches([rows], rules=house, classifier=shouting)

    assert [[f["rule"] for f in row["findings"]] for row in found.to_pylist()] == [
        ["shouting 1"],
        [],
    ]
    assert bulk.screen(rows, classifier=shouting).column("findings").to_pylist() == [[], []]
