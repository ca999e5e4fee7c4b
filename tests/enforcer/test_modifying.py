"""Modified content: a person writes what it says, and what it said before is kept (6.1, T18)."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from attrs import evolve

import policyenforce as pe
from policyenforce.errors import ConflictError, InputError
from policyenforce.model.decisions import ScopeKind, Status
from policyenforce.policy.rules import ActionTemplate, Mode, Response
from policyenforce.terms.references import ClauseRef
from tests.discipline.cast import RULES
from tests.enforcer.conftest import NOW, Record, day, opened, reported

LATER = NOW + timedelta(days=1)
HEARD = LATER + timedelta(days=1)
BEFORE, AFTER = "Shoes, surely the best on earth", "Shoes"
MODIFY = pe.Power.MODIFY_CONTENT
BEN = pe.Actor("ben", roles=("appeals_officer",))


def suspected(record: Record) -> pe.Finding:
    """A listing of which a model suspects that its title claims too much."""
    listing = pe.Content(content_id="l-1", title=BEFORE, fields={"size": "42"}, language="en")
    label = pe.ContentLabelled(
        id="label", at=day(2), account_id="a-1", content_id="l-1", clause="5.5(b)",
        labeller=pe.Labeller.MODEL, labelled_by="model-7", confidence=0.7,
    )  # fmt: skip
    outcome = record(
        opened(),
        pe.ContentSubmitted(id="hand-in", at=day(1), account_id="a-1", content=listing),
        label,
    )
    return outcome.findings[0]


def modifying(**after: str) -> pe.ChosenAction:
    return pe.ChosenAction(power=MODIFY, power_clause="6.1/limb1", after=after)


def modified(
    enforcer: pe.Enforcer, record: Record, by: pe.Actor, *actions: pe.ChosenAction
) -> pe.Decision:
    """What comes of deciding the case by hand."""
    suspected(record)
    (case,) = enforcer.cases()
    outcome = enforcer.decide(
        case.id, by=by, reason="too much is claimed", now=LATER,
        actions=actions or (modifying(title=AFTER),),
    )  # fmt: skip
    return outcome.decisions[0]


def test_a_decision_that_modifies_keeps_the_text_before_and_after(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = modified(enforcer, record, moderator, modifying(title=AFTER, size="43", fit="wide"))

    (made,) = enforcer.modifications(decision.id)
    assert (made.target, made.parts) == ("l-1@1", ("fit", "size", "title"))
    assert made.before == {"title": BEFORE, "size": "42"}
    assert made.after == {"title": AFTER, "size": "43", "fit": "wide"}


def test_a_standing_tells_which_revision_is_shown_with_another_text(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = modified(enforcer, record, moderator)

    assert enforcer.standing("a-1", at=NOW).modified == {}
    assert enforcer.standing("a-1", at=LATER).modified == {"l-1@1": (decision.id,)}
    assert enforcer.standing("a-1", at=LATER).removed == frozenset()


def test_neither_text_stands_in_the_decision_its_notice_or_any_repr(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = modified(enforcer, record, moderator)
    notice = enforcer.notice(decision.id)

    said = repr((decision, notice.fields, enforcer.modifications(decision.id)))

    assert BEFORE not in said and f"'{AFTER}'" not in said
    assert notice.fields["action"] == "modify content: title"
    assert "modify content: title" in "\n".join(enforcer.explain(decision.id))


def test_the_history_keeps_no_word_of_the_texts(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    modified(enforcer, record, moderator)

    with enforcer.ledger.reading() as tx:
        facts = list(tx.all_facts())
        bodies = b"".join([fact.body for fact in facts])
        kept = b"".join([fact.personal or b"" for fact in facts])

    assert BEFORE.encode() not in bodies and f'"{AFTER}"'.encode() not in bodies
    assert BEFORE.encode() in kept and f'"{AFTER}"'.encode() in kept


def test_the_letter_shows_the_member_both(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = modified(enforcer, record, moderator)

    lines = enforcer.letter(decision.id).splitlines()

    assert f"Before:              title: {BEFORE}" in lines
    assert f"After:               title: {AFTER}" in lines
    for form in ("markdown", "html"):
        assert BEFORE in enforcer.letter(decision.id, form)


def test_a_won_appeal_brings_the_text_before_back(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = modified(enforcer, record, moderator)
    enforcer.appeal(decision.id, now=LATER)
    enforcer.decide_appeal(decision.id, "overturn", by=BEN, reason="no more than puff", now=HEARD)

    assert enforcer.standing("a-1", at=HEARD).modified == {}
    (made,) = enforcer.modifications(decision.id)
    assert made.before == {"title": BEFORE}


def test_of_two_decisions_on_one_revision_the_later_words_stand_over_the_earlier(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    first = modified(enforcer, record, moderator)
    label = pe.ContentLabelled(
        id="again", at=LATER, account_id="a-1", content_id="l-1", clause="5.5(a)",
        labeller=pe.Labeller.MODEL, labelled_by="model-7", confidence=0.7,
    )  # fmt: skip
    enforcer.record(label, now=LATER)
    (case,) = enforcer.cases()
    second = enforcer.decide(
        case.id, by=moderator, reason="still", now=HEARD, actions=(modifying(title="Boots"),)
    ).decisions[0]
    assert enforcer.standing("a-1", at=HEARD).modified == {"l-1@1": (first.id, second.id)}

    enforcer.appeal(second.id, now=HEARD)
    enforcer.decide_appeal(second.id, "overturn", by=BEN, reason="enough", now=HEARD)

    assert enforcer.standing("a-1", at=HEARD).modified == {"l-1@1": (first.id,)}


def test_a_person_gives_the_words_and_not_the_names_of_the_fields_alone(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    with pytest.raises(InputError, match="what the fields say since"):
        modified(
            enforcer, record, moderator,
            pe.ChosenAction(power=MODIFY, power_clause="6.1/limb1", modifies=("title",)),
        )  # fmt: skip

    assert list(enforcer.decisions()) == []


def test_erasing_the_member_leaves_the_decision_and_no_text(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = modified(enforcer, record, moderator)
    with enforcer.ledger.transaction() as tx:
        tx.erase_personal("u-1")

    (made,) = enforcer.modifications(decision.id)
    assert (made.parts, made.before, made.after) == (("title",), {}, {})
    assert list(enforcer.stale()) == []
    assert "title: none on record" in enforcer.letter(decision.id)


def test_what_a_rule_proposes_to_modify_waits_for_a_persons_words(moderator: pe.Actor) -> None:
    editing = ActionTemplate(MODIFY, ClauseRef.parse("6.1/limb1"), ScopeKind.CONTENT)
    rule = Response("edit", ClauseRef.parse("5.6(e)"), (editing,), Mode.AUTO)
    enforcer = pe.open_enforcer(policy=evolve(RULES, responses=(rule,)))
    for fact in (opened(), reported("c-1", "5.6(e)", 1, target="l-1@1")):
        enforcer.record(fact, now=NOW)
    proposal = next(d for d in enforcer.decisions() if d.status is Status.PROPOSED)

    with pytest.raises(ConflictError, match="amend it"):
        enforcer.review(proposal.id, "approve", by=moderator, reason="so it is", now=LATER)
    enforcer.review(
        proposal.id, "amend", by=moderator, reason="so it is", now=LATER,
        actions=(modifying(title=AFTER),),
    )  # fmt: skip

    assert enforcer.standing("a-1", at=LATER).modified == {"l-1@1": (proposal.id,)}


@pytest.mark.parametrize(
    "chosen",
    [
        pe.ChosenAction(power=MODIFY, power_clause="6.1/limb1"),
        pe.ChosenAction(
            power=pe.Power.REMOVE_CONTENT, power_clause="6.1/limb1", after={"title": AFTER}
        ),
        pe.ChosenAction(
            power=MODIFY, power_clause="6.1/limb1", modifies=("size",), after={"title": AFTER}
        ),
        pe.ChosenAction(power=MODIFY, power_clause="6.2(iii)", after={"title": AFTER}),
        pe.ChosenAction(
            power=MODIFY, power_clause="6.1/limb1", capabilities=("sell",), after={"title": AFTER}
        ),
        pe.ChosenAction(
            power=MODIFY, power_clause="6.1/limb1", modifies=("title", "title"),
            after={"title": AFTER},
        ),
        modifying(**{"": AFTER}),
        modifying(**{"ti\x1b[2Jtle": AFTER}),
        modifying(**{"t" * 201: AFTER}),
    ],
    ids=[
        "without a text", "a removal with one", "other fields", "under a clause without it",
        "with a capability", "a field twice", "a field without a name",
        "a name that steers a terminal", "a name without an end",
    ],
)  # fmt: skip
def test_what_cannot_be_a_modification_changes_nothing(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor, chosen: pe.ChosenAction
) -> None:
    with pytest.raises(ConflictError):
        modified(enforcer, record, moderator, chosen)

    assert list(enforcer.decisions()) == []
    assert enforcer.standing("a-1", at=LATER).modified == {}


def test_two_texts_for_one_field_are_none(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    with pytest.raises(ConflictError, match="once in a decision"):
        modified(enforcer, record, moderator, modifying(title="A"), modifying(title="B", size="1"))

    assert list(enforcer.decisions()) == []


def test_the_text_before_is_that_of_the_member_and_of_the_time(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    """Another account may use the same name for content, and a revision be handed in again."""
    decision = modified(enforcer, record, moderator)
    strangers = pe.Content(content_id="l-1", title="Of a stranger", language="en")
    again = pe.Content(content_id="l-1", title="Shoes, handed in again", language="en")
    record(
        opened("a-2", "u-2"),
        pe.ContentSubmitted(id="other", at=day(1.5), account_id="a-2", content=strangers),
        pe.ContentRevised(id="again", at=HEARD, account_id="a-1", content=again),
        now=HEARD,
    )

    (made,) = enforcer.modifications(decision.id)
    assert made.before == {"title": BEFORE}
    assert "stranger" not in enforcer.letter(decision.id)


def test_the_fields_are_named_in_the_record_and_their_text_kept_apart(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = modified(enforcer, record, moderator)
    made = decision.actions[0].modification
    assert made is not None

    with enforcer.ledger.reading() as tx:
        stored = tx.known(made.fact_id)
    assert stored is not None and stored.personal is not None

    (action,) = orjson.loads(stored.body)["actions"]
    assert action["modifies"] == ["title"]
    assert "after" not in action
    assert orjson.loads(stored.personal)["actions"] == [{"after": {"title": AFTER}}]
