"""The check: what facts about content lead to, and what they leave open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from policyenforce.checks.user_content.check import CHECKS
from policyenforce.checks.user_content.reading import screen_of, texts_of
from policyenforce.errors import FactError
from policyenforce.model.facts.content import (
    Content,
    ContentDisplayed,
    ContentLabelled,
    ContentRevised,
    ContentSubmitted,
    Labeller,
    LinkResolved,
    RightsClaimAnswered,
    RightsClaimDecided,
    RightsClaimed,
    RightsClaimWithdrawn,
)
from policyenforce.model.findings import CannotTell, Severity
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Standard

Judge = Callable[..., Any]
THEN = datetime(2019, 10, 5, 12, tzinfo=UTC)
LATER = datetime(2019, 10, 6, 12, tzinfo=UTC)


def house(**content: Any) -> HouseRules:
    return evolve(load_rules(), content=evolve(load_rules().content, **content))


def submitted(**content: Any) -> ContentSubmitted:
    return ContentSubmitted(
        id="f-1", at=LATER, account_id="a-1", content=Content(content_id="c-1", **content)
    )


def resolved(*chain: str, harmful: bool | None = None, at: datetime = THEN) -> LinkResolved:
    return LinkResolved(
        id="r-1", at=at, account_id="a-1", content_id="c-1", chain=chain, captured_at=THEN,
        harmful=harmful, clause="5.5(c)" if harmful else None,
    )  # fmt: skip


def claim(id: str = "k-0", at: datetime = THEN) -> RightsClaimed:
    return RightsClaimed(
        id=id, at=at, account_id="a-1", claim_id="k", content_id="c-1", right="trademark",
        owner="Owner Person", claimant="Claimant Person",
    )  # fmt: skip


def test_one_row_of_the_table_reads_every_fact_it_judges() -> None:
    (check,) = CHECKS

    assert check.name == "user_content"
    assert ContentRevised in check.reads
    assert ContentDisplayed not in check.reads


def test_content_breaks_a_clause_with_its_places_as_evidence(judge: Judge) -> None:
    found = judge(CHECKS, submitted(title="Replica watches", revision=2)).found("5.4(c)")

    assert (found.target, found.category, found.subject) == ("c-1@2", "counterfeit", "a-1")
    assert found.severity is Severity.SERIOUS
    assert found.confidence == pytest.approx(0.85)
    assert found.attested is None
    assert [(s.field, s.start, s.end) for s in found.evidence[0].spans] == [("title", 0, 15)]
    assert "watches" not in found.evidence[0].sentence.lower()


def test_a_revision_is_read_like_a_submission(judge: Judge) -> None:
    fact = ContentRevised(
        id="f-2", at=LATER, account_id="a-1",
        content=Content(content_id="c-1", revision=3, description="r3plica watches"),
    )  # fmt: skip
    found = judge(CHECKS, fact).found("5.4(c)")

    assert found.target == "c-1@3"
    assert "disguised spelling" in found.evidence[0].sentence


def test_two_rules_of_one_clause_and_category_are_one_finding_of_the_graver(judge: Judge) -> None:
    text = "you are a stupid moron. i will kill you"
    found = judge(CHECKS, submitted(description=text)).found("5.5(c)")

    assert found.severity is Severity.GRAVE
    assert len(found.evidence) == 2
    assert found.confidence == max(e.points for e in found.evidence) / 100


def test_innocent_content_is_clear(judge: Judge) -> None:
    assert (
        judge(CHECKS, submitted(title="Cotton dress", description="For men and women")).answers
        == ()
    )


def test_free_fields_are_read_and_never_hide_the_title() -> None:
    content = Content(content_id="c", title="a", fields={"title": "b", "keywords": "c"})

    assert texts_of(content) == {"title": "a", "fields.title": "b", "keywords": "c"}


def test_a_language_that_no_pack_covers_is_never_clear(judge: Judge) -> None:
    judged = judge(CHECKS, submitted(title="نبيع قطع غيار السيارات"))

    assert judged.findings == ()
    assert judged.missing == {"5.5(c)": ("language pack `ar`",)}


def test_a_declared_language_that_no_pack_covers_counts_too(judge: Judge) -> None:
    assert judge(CHECKS, submitted(title="Lampe", language="fr")).missing == {
        "5.5(c)": ("language pack `fr`",)
    }


def test_a_house_names_brands_hosts_limits_and_packs_it_leaves_out(judge: Judge) -> None:
    fact = submitted(title="Acme mirror quality", description="see evil.com. cocaine for sale")
    judged = judge(CHECKS, fact, rules=house(brands=("Acme",), block_hosts=("evil.com",)))
    without = judge(CHECKS, fact, rules=house(disabled_categories=("drugs",)))

    assert set(judged.clauses) == {"5.4(b)", "5.5(f)", "5.5(g)"}
    assert without.clauses == []
    with pytest.raises(FactError):
        judge(CHECKS, fact, rules=house(text_limit=5))


def test_a_screen_is_compiled_once_for_a_set_of_rules() -> None:
    assert screen_of(load_rules().content) is screen_of(house().content)


def test_a_hidden_link_asks_to_be_resolved(judge: Judge) -> None:
    judged = judge(CHECKS, submitted(description="http://bit.ly/AbC and https://t.co/x"))

    assert judged.missing == {"5.5(g)": ("link_resolved",)}
    assert "bit.ly, t.co" in judged.answers[0].explanation


def test_content_without_links_asks_nothing(judge: Judge) -> None:
    (check,) = CHECKS

    assert list(check.asks(submitted(title="plain"), load_rules())) == []
    assert len(list(check.asks(submitted(title="bit.ly/a"), load_rules()))) == 1


def test_a_link_that_was_followed_before_is_judged_by_its_chain(judge: Judge) -> None:
    fact = submitted(description="http://bit.ly/AbC", revision=2)
    harmless = resolved("http://bit.ly/AbC", "https://good.com/", harmful=False)
    bad = resolved("https://bit.ly/AbC/", "https://evil.com/x")
    rules = house(block_hosts=("evil.com",))

    assert judge(CHECKS, fact, harmless, rules=rules).answers == ()
    found = judge(CHECKS, fact, bad, rules=rules).found("5.5(g)")
    assert found.target == "c-1@2"
    assert found.fact_ids == ("f-1", "r-1")


def test_a_chain_that_ends_on_a_blocked_host_breaks_5_5_g(judge: Judge) -> None:
    rules = house(block_hosts=("evil.com",))
    fact = resolved("https://bit.ly/a", "https://x.com/?user=jane", "https://www.evil.com/p")
    found = judge(CHECKS, fact, rules=rules).found("5.5(g)")

    assert found.confidence == pytest.approx(0.95)
    assert found.attested is None
    assert "bit.ly -> x.com -> www.evil.com" in found.evidence[0].sentence
    assert "jane" not in repr(found)


def test_an_end_seen_to_be_harmful_is_believed_and_one_seen_harmless_is_clear(judge: Judge) -> None:
    found = judge(CHECKS, resolved("https://a.com", "https://b.com", harmful=True)).found("5.5(g)")

    assert found.attested is Standard.BELIEF
    assert judge(CHECKS, resolved("https://a.com", harmful=False)).answers == ()


def test_t5_an_end_beyond_the_hops_that_count_is_not_the_contents_own(judge: Judge) -> None:
    addresses = tuple(f"https://h{n}.com" for n in range(4))
    within = judge(CHECKS, resolved(*addresses, harmful=True), rules=house(max_hops=3))
    beyond = judge(CHECKS, resolved(*addresses, harmful=True), rules=house(max_hops=2))

    assert within.clauses == ["5.5(g)"]
    assert (beyond.clauses, beyond.missing) == ([], {"5.5(g)": ("link_resolved",)})


def test_a_blocked_host_said_to_be_harmless_keeps_the_word_in_favour(judge: Judge) -> None:
    fact = resolved("https://evil.com", harmful=False)
    judged = judge(CHECKS, fact, rules=house(block_hosts=("evil.com",)))

    assert judged.kinds("5.5(g)") == {
        "link_chain": "incriminating", "blocked_host": "incriminating",
        "seen_harmless": "mitigating",
    }  # fmt: skip


@pytest.mark.parametrize(
    "chain", [(), ("no address",), tuple(f"https://h{n}.com" for n in range(9))]
)
def test_a_chain_that_cannot_be_read_to_its_end_is_never_clear(
    judge: Judge, chain: tuple[str, ...]
) -> None:
    assert judge(CHECKS, resolved(*chain)).missing == {"5.5(g)": ("link_resolved",)}


def labelled(
    labeller: Labeller, confidence: float = 1.0, *, breach: bool = True
) -> ContentLabelled:
    return ContentLabelled(
        id="l-1", at=LATER, account_id="a-1", content_id="c-1", revision=4, clause="5.5(a)",
        category="untrue", labeller=labeller, labelled_by="moderator-7", confidence=confidence,
        breach=breach, severity=Severity.MINOR,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("labeller", "confidence", "attested"),
    [
        (Labeller.PERSON, 1.0, Standard.BELIEF),
        (Labeller.PERSON, 0.6, None),
        (Labeller.MODEL, 1.0, None),
    ],
)
def test_a_label_is_believed_when_a_person_is_sure(
    judge: Judge, labeller: Labeller, confidence: float, attested: Standard | None
) -> None:
    found = judge(CHECKS, labelled(labeller, confidence)).found("5.5(a)")

    assert (found.attested, found.confidence) == (attested, confidence)
    assert (found.target, found.category, found.severity) == ("c-1@4", "untrue", Severity.MINOR)
    assert "moderator-7" not in repr(found)


def test_a_label_of_no_breach_is_clear(judge: Judge) -> None:
    assert judge(CHECKS, labelled(Labeller.PERSON, breach=False)).answers == ()


def test_a_claim_alone_is_suspicion_at_most(judge: Judge) -> None:
    rules = load_rules()
    found = judge(CHECKS, claim()).found("5.4(b)")

    assert found.attested is Standard.SUSPICION
    assert rules.standard_of(found.clause, found.category, found.confidence) <= Standard.SUSPICION
    assert "Person" not in repr(found)


def test_a_licence_lowers_the_claim(judge: Judge) -> None:
    answer = RightsClaimAnswered(id="k-1", at=LATER, account_id="a-1", claim_id="k", licensed=True)
    judged = judge(CHECKS, answer, claim())

    assert judged.found("5.4(b)").confidence < judge(CHECKS, claim()).found("5.4(b)").confidence
    assert judged.found("5.4(b)").attested is None
    assert judged.kinds("5.4(b)")["licence_shown"] == "mitigating"


def test_an_answer_without_a_licence_leaves_the_claim_as_it_was(judge: Judge) -> None:
    answer = RightsClaimAnswered(id="k-1", at=LATER, account_id="a-1", claim_id="k")

    assert judge(CHECKS, answer, claim()).answers == ()


def test_an_answer_to_a_closed_claim_changes_nothing(judge: Judge) -> None:
    gone = RightsClaimWithdrawn(id="k-1", at=THEN, account_id="a-1", claim_id="k")
    answer = RightsClaimAnswered(id="k-2", at=LATER, account_id="a-1", claim_id="k", licensed=True)

    assert judge(CHECKS, answer, claim(), gone).answers == ()
    assert judge(CHECKS, gone, claim()).answers == ()


def decided(*, upheld: bool) -> RightsClaimDecided:
    return RightsClaimDecided(
        id="k-9", at=LATER, account_id="a-1", claim_id="k", upheld=upheld, decided_by="court"
    )


def test_a_claim_upheld_is_fact_and_one_rejected_is_nothing(judge: Judge) -> None:
    found = judge(CHECKS, decided(upheld=True), claim()).found("5.4(b)")

    assert (found.attested, found.confidence) == (Standard.FACT, 1.0)
    assert found.fact_ids == ("k-9", "k-0")
    assert judge(CHECKS, decided(upheld=False), claim()).answers == ()


def test_a_step_of_an_unknown_claim_cannot_be_told(judge: Judge) -> None:
    answer = RightsClaimAnswered(id="k-1", at=LATER, account_id="a-1", claim_id="k", licensed=True)
    for fact in (answer, decided(upheld=True)):
        judged = judge(CHECKS, fact)

        assert judged.missing == {"5.4(b)": ("rights_claimed",)}
        assert all(isinstance(a, CannotTell) for a in judged.answers)


def test_the_same_facts_give_the_same_finding_ids(judge: Judge) -> None:
    fact = submitted(title="Replica watches", description="contact us on whatsapp")

    assert judge(CHECKS, fact).answers == judge(CHECKS, fact).answers
    assert len({f.id for f in judge(CHECKS, fact).findings}) == 2


def label(clause: str, labeller: Labeller = Labeller.MODEL, **more: Any) -> ContentLabelled:
    return ContentLabelled(
        id="l-1", at=LATER, account_id="a-1", content_id="c-1", clause=clause,
        labeller=labeller, labelled_by="model-7", **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("clause", "right"),
    [
        ("6.3(c)", "information_challenged"),
        ("6.3(b)", "payment_flagged"),
        ("4.1/s3", "application_received"),
        ("4.5/s1", "credential_sharing_reported"),
        ("1.2(a)", "application_received"),
        ("6.5", "affiliate_notice_received"),
        ("7.5", "information_requested"),
        ("6.4/s1", "content_labelled.clause"),
        ("8.5", "content_labelled.clause"),
        ("5.4", "content_labelled.clause"),
        ("5.5", "content_labelled.clause"),
        ("6.1", "content_labelled.clause"),
    ],
)
@pytest.mark.parametrize("labeller", Labeller)
def test_a_label_is_about_content_and_carries_no_other_clause(
    judge: Judge, clause: str, right: str, labeller: Labeller
) -> None:
    judged = judge(CHECKS, label(clause, labeller))

    assert (judged.clauses, judged.missing) == ([], {clause: (right,)})


@pytest.mark.parametrize("clause", ["5.4(a)", "5.5(c)", "5.6(f)", "5.7", "6.1/limb1"])
def test_a_label_carries_what_content_can_break(judge: Judge, clause: str) -> None:
    assert judge(CHECKS, label(clause, confidence=0.6)).clauses == [clause]


def test_only_a_person_finds_content_unfit_that_breaks_no_other_clause(judge: Judge) -> None:
    by_model = judge(CHECKS, label("6.1/limb2"))
    by_person = judge(CHECKS, label("6.1/limb2", Labeller.PERSON))

    assert by_model.missing == {"6.1/limb2": ("content_labelled.labeller",)}
    assert by_person.clauses == ["6.1/limb2"]


def test_t5_a_house_may_look_at_the_address_in_the_content_alone(judge: Judge) -> None:
    rules = house(block_hosts=("bad.example",))
    alone = evolve(rules, readings={**rules.readings, "T5": "first_hop"})
    behind = resolved("https://good.example/a", "https://bad.example/b")
    first = resolved("https://bad.example/b", "https://good.example/a")

    assert judge(CHECKS, behind, rules=rules).clauses == ["5.5(g)"]
    assert judge(CHECKS, behind, rules=alone).answers == ()
    assert judge(CHECKS, first, rules=alone).clauses == ["5.5(g)"]
    assert judge(CHECKS, resolved("https://a.example", "https://b.example", harmful=True),
                 rules=alone).answers == ()  # fmt: skip
