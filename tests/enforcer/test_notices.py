"""What a Member is told goes to an address of its own, in any form, and is counted by 11.2."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files

import pytest
from attrs import evolve

import policyenforce as pe
from policyenforce.errors import ConflictError, InputError, RoleError
from policyenforce.model.facts.procedure import Channel
from policyenforce.policy.load import load_rules
from tests.enforcer.conftest import NOW, day, everything, opened, reported

TEXT = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")
ON = load_rules(
    TEXT.replace("dsa = false", "dsa = true").replace("p2b = false", "p2b = true")
)  # fmt: skip
ANA = pe.Actor("ana", roles=everything(ON))
LATER = NOW + timedelta(days=1)
OWN, THIEF = "ana@firm.example", "thief@else.example"


@pytest.fixture
def enforcer() -> pe.Enforcer:
    made = pe.open_enforcer(policy=ON)
    for fact in (
        pe.ApplicationReceived(
            id="apply", at=day(0), user_id="u-1", application_id="ap-1",
            kind=pe.UserKind.SOLE_TRADER, birth_date=day(0).date().replace(year=1980),
            business_use=True, country="CN", residence="CN", access_country="CN", emails=(OWN,),
        ),
        opened(at=1),
        reported("c-1", "5.6(d)", 5, target="l-1@1"),
    ):  # fmt: skip
        made.record(fact, now=NOW)
    return made


def decision(enforcer: pe.Enforcer) -> pe.Decision:
    return next(d for d in enforcer.decisions() if d.in_force)


def stolen(enforcer: pe.Enforcer) -> None:
    for fact in (
        pe.DetailsAmended(id="set", at=day(21), account_id="a-1", changed={"email": THIEF}),
        pe.UnauthorisedUseReported(
            id="told", at=day(23), account_id="a-1", aware_at=day(23), since=day(20), until=day(22)
        ),
    ):
        enforcer.record(fact, now=NOW)


def sent(enforcer: pe.Enforcer, address: str, name: str = "sent") -> None:
    fact = pe.NoticeSent(
        id=name, at=NOW, account_id="a-1", decision_id=decision(enforcer).id,
        channel=Channel.EMAIL, address=address, proof="smtp 250",
    )  # fmt: skip
    enforcer.record(fact, now=NOW)


def test_a_notice_never_goes_to_the_address_a_thief_set(enforcer: pe.Enforcer) -> None:
    stolen(enforcer)

    assert enforcer.addresses("a-1", at=LATER) == (OWN,)


def test_what_went_to_the_thief_is_not_received(enforcer: pe.Enforcer) -> None:
    stolen(enforcer)
    sent(enforcer, THIEF)
    astray = enforcer.notice(decision(enforcer).id).fields
    sent(enforcer, OWN, "again")
    arrived = enforcer.notice(decision(enforcer).id).fields

    assert astray["address"] == "not an address of the Member (T25)"
    assert astray["deemed received"].startswith("not yet")
    assert arrived["deemed received"].endswith("under 11.2(a)")
    assert THIEF not in str(astray) and OWN not in str(arrived)


def test_the_member_s_own_change_counts_the_newest_first(enforcer: pe.Enforcer) -> None:
    new = "ana@new.example"
    fact = pe.DetailsAmended(id="own", at=day(30), account_id="a-1", changed={"email": new})
    enforcer.record(fact, now=NOW)

    assert enforcer.addresses("a-1", at=LATER) == (new, OWN)
    assert enforcer.addresses("a-1", at=day(10)) == (OWN,)


def test_what_bounced_and_what_was_put_off_is_told(enforcer: pe.Enforcer) -> None:
    made = decision(enforcer)
    bounced = pe.NoticeFailed(
        id="bounce", at=NOW, account_id="a-1", decision_id=made.id, channel=Channel.EMAIL,
        reason="mailbox full",
    )  # fmt: skip
    enforcer.record(bounced, now=NOW)
    enforcer.defer_notice(
        made.id, LATER + timedelta(days=5), legal_reason="an investigation", by=ANA,
        reason="letter of the court", now=LATER,
    )  # fmt: skip
    fields = enforcer.notice(made.id).fields

    assert fields["sent"] == "not on record"
    assert fields["failed"] == f"{NOW.isoformat()} by email: mailbox full"
    assert fields["deferred"].endswith("by ana: an investigation")


def test_a_notice_is_put_off_for_a_legal_reason_by_whom_the_house_names(
    enforcer: pe.Enforcer,
) -> None:
    made = decision(enforcer).id
    told = {"by": ANA, "reason": "x", "now": LATER}
    with pytest.raises(ConflictError, match="for a legal reason only"):
        enforcer.defer_notice(made, LATER + timedelta(1), legal_reason=" ", **told)
    with pytest.raises(ConflictError, match="still to come"):
        enforcer.defer_notice(made, LATER, legal_reason="law", **told)
    with pytest.raises(RoleError, match="may defer_notice"):
        enforcer.defer_notice(
            made, LATER + timedelta(1), legal_reason="law", **{**told, "by": pe.Actor("mo")}
        )


def test_a_letter_comes_in_three_forms(enforcer: pe.Enforcer) -> None:
    made = decision(enforcer).id

    assert enforcer.letter(made).startswith("Notice:")
    assert enforcer.letter(made, "markdown").startswith("# Notice")
    assert enforcer.letter(made, "html").startswith("<!DOCTYPE html>")
    with pytest.raises(InputError, match="no form"):
        enforcer.letter(made, "pdf")


def test_an_export_states_what_binds_and_says_why_not_of_the_rest(enforcer: pe.Enforcer) -> None:
    warned = reported("c-2", "5.8(a)", 6, account_id="a-1")
    enforcer.record(warned, now=NOW)
    exported = {one.decision_id: one for one in enforcer.export("dsa")}

    stated = [one for one in exported.values() if one.statement is not None]
    refused = [one for one in exported.values() if one.refused is not None]
    assert len(stated) == len(refused) == 1
    assert refused[0].refused is not None and "no restriction" in refused[0].refused
    assert [one.statement is not None for one in enforcer.export("p2b")] == [True, True]


def test_a_profile_is_off_until_the_house_turns_it_on(enforcer: pe.Enforcer) -> None:
    with pytest.raises(ConflictError, match="`santa_clara` is off"):
        list(enforcer.export("santa_clara"))
    with pytest.raises(InputError, match="no profile"):
        list(enforcer.export("gdpr"))
    assert not any(
        (load_rules().profiles.dsa, load_rules().profiles.p2b, load_rules().profiles.santa_clara)
    )


def test_an_export_that_contradicts_its_decision_cannot_be_produced(enforcer: pe.Enforcer) -> None:
    """The only way to another statement is another decision, and that one cannot be made."""
    made = decision(enforcer)
    with pytest.raises(pe.GateError):
        evolve(made, actions=(evolve(made.actions[0], power=pe.Power.CANCEL_ACCOUNT),))
    (one,) = enforcer.export("dsa")
    assert one.statement is not None

    assert one.statement["puid"] == f"{made.id}-{made.revision}"
    with pytest.raises(TypeError):
        enforcer.export("dsa", decision_facts="something else")  # type: ignore[call-arg]  # how one tries
