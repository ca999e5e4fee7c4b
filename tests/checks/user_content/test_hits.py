"""Which spans lie inside others, however many there are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.user_content import hits
from policyenforce.model.evidence import Span

SPANS = st.sets(
    st.tuples(st.sampled_from(["text", "title"]), st.integers(0, 12), st.integers(1, 5)).map(
        lambda told: Span(told[0], told[1], told[1] + told[2])
    ),
    max_size=8,
)


@given(SPANS, SPANS)
def test_spans_are_inside_others_exactly_where_each_is_inside_one(
    spans: set[Span], others: set[Span]
) -> None:
    wider = hits._outermost(others)
    each = all(
        any(
            one.field == span.field and one.start <= span.start and span.end <= one.end
            for one in others
        )
        for span in spans
    )

    assert hits._all_inside(spans, wider) is each
