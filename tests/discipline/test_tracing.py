"""A trace lists every condition looked at, and never disagrees with the decision."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.discipline.decide import decide
from policyenforce.discipline.setting import Setting
from policyenforce.model.outcome import Interval, Precedent
from tests.discipline.cast import AT, RULES, SEEN, VERSION, a_finding, a_history, a_setting

CLAUSES = tuple(
    ref
    for ref in sorted({s.ref.text for s in VERSION.statements})
    if not ref.startswith("preamble")
)


def traced(**more: object) -> Setting:
    return evolve(a_setting(history=a_history(**more)), traced=True)  # type: ignore[arg-type]  # parts of a history


findings = st.builds(
    a_finding,
    st.sampled_from(CLAUSES),
    attested=st.sampled_from([None, *pe.Standard]),
    confidence=st.floats(0, 1),
    severity=st.sampled_from(list(pe.Severity)),
    triggers=st.sets(st.sampled_from(list(pe.Trigger))).map(tuple),
    target=st.sampled_from([None, "c-1@1", "order-1"]),
    category=st.sampled_from([None, "drugs", "credentials_offered_or_asked", "not-ours"]),
)


@given(findings, st.booleans())
def test_an_action_follows_exactly_when_all_of_its_conditions_hold(
    finding: pe.Finding, stranger: bool
) -> None:
    intervals = (Interval("a-1", AT, AT),) if stranger else ()
    verdicts = decide((finding,), traced(intervals=intervals))
    used = {
        (a.power, str(a.power_clause))
        for d in verdicts.decisions
        for a in d.actions
        if a.rung is None and a.label != "points_recorded"
    }

    for response in RULES.responses_for(finding.clause, finding.category):
        for template in response.actions:
            about = {
                f"{finding.clause}: {template.power.value} under {template.power_clause}",
                f"{finding.clause}: response {response.name}",
            }
            conditions = [c for c in verdicts.trace if c.about in about]
            follows = (template.power, str(template.power_clause)) in used

            assert len(conditions) >= len(about)
            assert follows == all(c.holds for c in conditions)


@given(findings, st.integers(0, 60))
def test_the_highest_rung_whose_condition_holds_is_the_one_that_is_crossed(
    finding: pe.Finding, points: int
) -> None:
    before = decide((a_finding("3.5", fact_ids=("f-0",)),), a_setting()).decisions[0]
    scored = tuple(evolve(a, points=points if a.points else 0) for a in before.actions)
    history = a_history(evolve(before, id="d-0", fact_id="f-0", actions=scored))
    verdicts = decide((finding,), evolve(a_setting(history=history), traced=True))
    crossed = [c.about for c in verdicts.trace if c.about.startswith("rung ") and c.holds]
    floors = [c for c in verdicts.trace if ": floor for a " in c.about]
    used = {a.rung for d in verdicts.decisions for a in d.actions if a.rung}

    named = {about.removeprefix("rung ").removesuffix(" acts at once") for about in crossed}
    assert used <= named | {c.found for c in floors}


def test_a_trace_is_told_only_when_it_is_asked_for() -> None:
    assert decide((a_finding(),), a_setting()).trace == ()
    assert decide((a_finding(),), traced()).trace != ()


def test_a_trace_tells_each_value_that_was_looked_at() -> None:
    finding = a_finding("5.5(c)", attested=None, confidence=0.6)
    told = [str(c) for c in decide((finding,), traced()).trace]

    assert "+ 5.5(c): standard: asked confidence of at least 0.5 for suspicion, found 0.6" in told
    assert "- 5.5(c): standard: asked confidence of at least 0.85 for belief, found 0.6" in told
    assert (
        "- 5.5(c): remove_content under 6.1/limb1: asked a standard of at least belief, "
        "found suspicion" in told
    )


def test_a_precedent_ends_the_trace_of_what_it_bars() -> None:
    finding = a_finding()
    answered = Precedent(finding.clause, finding.target, (SEEN.kind,), "d-9")
    (told,) = decide((finding,), traced(precedents=(answered,))).trace

    assert (told.found, told.holds) == ("d-9", False)


def test_a_person_s_standard_is_traced_as_such() -> None:
    verdicts = decide(
        (a_finding(attested=None),), traced(), standard=pe.Standard.FACT, actor=pe.Actor("ana")
    )

    assert verdicts.trace[0].asked == "stated by a person"
    assert verdicts.trace[0].found == "fact"


def test_a_rule_that_is_held_back_says_so() -> None:
    setting = evolve(traced(), braked=frozenset({"remove_content"}))
    verdicts = decide((a_finding(severity=pe.Severity.MINOR),), setting)

    assert any(c.found == "held back by the brake" and not c.holds for c in verdicts.trace)
    assert [d.status for d in verdicts.decisions] == [pe.Status.PROPOSED]
