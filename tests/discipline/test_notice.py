"""The statement of reasons: complete, true to its decision, and counted as received by 11.2."""

from __future__ import annotations

import inspect
from datetime import datetime, timedelta

import pytest
from attrs import evolve

import policyenforce as pe
from policyenforce.discipline import notice as room
from policyenforce.discipline.falling import without_grounds
from policyenforce.discipline.letter import letter
from policyenforce.discipline.measures import measures
from policyenforce.discipline.notice import (
    MANDATORY,
    deemed_received,
    notice_of,
    notice_of_measure,
    with_sending,
)
from policyenforce.model.facts.procedure import Channel
from policyenforce.model.outcome import AccountRecord
from tests.discipline.cast import (
    ANA,
    AT,
    RULES,
    VERSION,
    a_finding,
    a_history,
    a_setting,
    decided,
    house_with,
)

PARTY = ("contracting entity", "governing law", "court", "notice address")


def fields(decision: pe.Decision, history: pe.History | None = None) -> dict[str, str]:
    return notice_of(decision, history or a_history(), RULES).fields


@pytest.mark.parametrize("name", MANDATORY)
def test_a_notice_carries_every_mandatory_field(name: str) -> None:
    assert fields(decided())[name].strip()


def test_a_notice_says_what_was_decided_and_why() -> None:
    decision = decided()

    told = fields(decision)

    assert told["decision"] == decision.id
    assert told["ground"] == "5.6(d): it says what it may not"
    assert told["standard"] == "5.6(d): fact"
    assert "remove_content under 6.1/limb1" in told["power"]
    assert "content c-1@1" in told["scope"]
    assert told["facts"] == "It was seen on the page [f-1]"
    assert told["points"] == f"{decision.points} for this, {decision.points_after} in all"
    assert told["terms"] == VERSION.id
    assert str(RULES.hash[:12]) in told["rules"]
    assert decision.appeal_until is not None
    assert decision.appeal_until.isoformat() in told["complaint"]


@pytest.mark.parametrize(("empty", "field"), [("account_id", "recipient"), ("id", "decision")])
def test_a_notice_with_an_empty_mandatory_field_is_refused(empty: str, field: str) -> None:
    with pytest.raises(pe.NoticeError, match=f"`{field}`"):
        fields(evolve(decided(), **{empty: ""}))


def test_a_notice_that_lacks_a_mandatory_field_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MANDATORY", (*MANDATORY, "seal"))

    with pytest.raises(pe.NoticeError, match="`seal`"):
        fields(decided())


def test_there_is_nowhere_to_write_what_the_decision_does_not_say() -> None:
    assert list(inspect.signature(notice_of).parameters) == [
        "decision",
        "history",
        "rules",
    ]


def test_a_decision_that_a_notice_could_belie_cannot_be_made() -> None:
    decision = decided()

    with pytest.raises(pe.GateError):
        evolve(decision, actions=(evolve(decision.actions[0], power=pe.Power.CANCEL_ACCOUNT),))
    with pytest.raises(pe.GateError):
        evolve(decision, grounds=(evolve(decision.grounds[0], standard=pe.Standard.SUSPICION),))


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"automated_decision": True}, "automation", "decision automatic"),
        ({"automated_decision": False}, "automation", "decision by a person"),
        ({"automated_detection": False}, "automation", "detection by a person"),
        ({"actor": ANA}, "decided by", "a person (moderator, senior_moderator)"),
        ({"actor": pe.Actor("x")}, "decided by", "a person (no role recorded)"),
        ({"points_after": 99}, "points", "99 in all"),
        ({"appeal_until": None}, "complaint", "free of charge; somebody else"),
        ({"readings": ()}, "readings", "none"),
        ({"revision": 7}, "version", "7"),
    ],
)
def test_whoever_changes_the_decision_changes_the_notice(
    changed: dict[str, object], field: str, says: str
) -> None:
    assert says in fields(evolve(decided(), **changed))[field]


def test_a_notice_tells_the_end_and_the_cure_of_each_action() -> None:
    open_ended = fields(decided(a_finding(severity=pe.Severity.MINOR)))
    curable = fields(decided(a_finding("5.2/s1", attested=pe.Standard.BELIEF, target=None)))

    assert (open_ended["end"], open_ended["cure"]) == ("open-ended", "none asked")
    assert (curable["end"], curable["cure"]) == (
        "until the details are amended",
        "it ends when the details are amended",
    )


def test_a_notice_names_what_an_action_takes() -> None:
    told = fields(decided(a_finding(severity=pe.Severity.GRAVE)))

    assert "restrict feature: create listing, promote" in told["action"]


@pytest.mark.parametrize(
    ("trigger", "says"),
    [
        (pe.Trigger.COMPLAINT, "complaint of a third party"),
        (pe.Trigger.AFFILIATE_NOTICE, "notice of an affiliate"),
        (pe.Trigger.UNANSWERED_REQUEST, "a request that went unanswered"),
    ],
)
def test_a_notice_says_where_it_came_from(trigger: pe.Trigger, says: str) -> None:
    assert fields(decided(a_finding(triggers=(trigger,))))["source"] == says
    assert fields(decided())["source"] == "the platform's own look"


def test_without_incriminating_evidence_the_explanation_stands_for_the_facts() -> None:
    assert fields(decided(a_finding(evidence=())))["facts"] == "it says what it may not [f-1]"


def test_a_fallen_ground_is_not_told() -> None:
    decision = decided(a_finding(), a_finding("5.6(f)", explanation="it lures"))
    after = without_grounds(decision, lambda g: str(g.clause) == "5.6(f)", ANA, "mistaken")

    assert "it lures" in fields(decision)["ground"]
    assert "it lures" not in fields(after)["ground"]


def test_the_notice_of_a_related_account_hides_the_first_member() -> None:
    decision = evolve(decided(), related_to="d-of-the-first")

    told = fields(decision)

    assert told["facts"] == "this account was determined to be related to an account in breach"
    assert "d-of-the-first" not in "".join(told.values())
    assert "It was seen" not in "".join(told.values())


def test_an_ambiguous_party_is_told_as_such() -> None:
    told = fields(evolve(decided(), site="alibaba"), a_history(origin="HK", access="KZ"))

    assert "Hong Kong" in told["contracting entity"]
    assert " or " in told["contracting entity"]
    assert "Singapore" in told["contracting entity"]


@pytest.mark.parametrize("name", PARTY)
@pytest.mark.parametrize(
    ("origin", "site"), [(None, "alibaba"), ("China", "alibaba"), ("CN", "elsewhere.example")]
)
def test_a_party_nobody_can_determine_is_said_and_stops_nothing(
    name: str, origin: str | None, site: str
) -> None:
    told = fields(evolve(decided(), site=site), a_history(origin=origin, accounts=()))

    assert told[name].startswith("not determined: ")
    assert "hint" not in told[name]


def test_the_party_is_that_of_the_membership_and_not_of_the_site_of_the_act() -> None:
    both = AccountRecord("a-1", AT, None, ("alibaba", "www.aliexpress.com"), user="u-1")
    russian = a_history(accounts=(both,), origin="RU", residence="RU", access="RU")

    told = fields(evolve(decided(), site="alibaba"), russian)

    assert told["contracting entity"].startswith("AliExpress Russia Holding")
    assert told["governing law"] == "RU"


def test_a_site_the_member_never_joined_leaves_the_party_of_its_membership() -> None:
    told = fields(evolve(decided(), site="elsewhere.example"), a_history())

    assert told["contracting entity"].startswith("Hangzhou")


def test_without_a_site_the_party_is_that_of_the_sites_registered_on() -> None:
    here = evolve(decided(), site=None)
    russian = {"origin": "RU", "residence": "RU", "access": "RU"}

    def party(*memberships: str) -> str:
        account = AccountRecord("a-1", AT, None, memberships)
        return fields(here, a_history(accounts=(account,), **russian))["contracting entity"]

    assert "Russia" in party("aliexpress")
    assert "Russia" not in party("alibaba")
    assert party() == fields(here, a_history(accounts=(), **russian))["contracting entity"]


def test_an_additional_agreement_that_governs_is_named() -> None:
    rules = house_with(
        "# [[agreements]]\n", "[[agreements]]\nid = \"aa-1\"\nservice = \"freight\"\n"
        "starts = 2019-09-13T00:00:00+08:00\n[agreements.overrides.\"5.11\"]\noff = true\n"
        "# [[agreements]]\n",
    )  # fmt: skip
    decision = decided()

    there = notice_of(evolve(decision, service="freight"), a_history(), rules).fields
    elsewhere = notice_of(decision, a_history(), rules).fields

    earlier = evolve(decision, service="freight", conduct_at=AT.replace(month=9, day=12, hour=1))
    before = notice_of(earlier, a_history(), rules).fields

    assert there["override"] == "aa-1"
    assert elsewhere["override"] == "no Additional Agreement applies (1.5)"
    assert before["override"] == elsewhere["override"]


def test_the_notice_of_a_measure_blames_nobody_and_says_when_it_ends() -> None:
    fact = pe.UnauthorisedUseReported(id="x", at=AT, account_id="a-1", aware_at=AT)
    (measure,) = measures(a_setting(fact), held=False)

    told = notice_of_measure(measure).fields

    assert told["ground"] == "none: this protects and does not punish"
    assert told["end"] == measure.ends.isoformat()
    assert told["action"] == "force reauthentication"
    assert all(told.values())


def test_a_notice_can_be_written_out() -> None:
    told = notice_of(decided(), a_history(), RULES)

    lines = letter(told).splitlines()

    assert len(lines) == len(told.fields)
    assert any(line.startswith("Ground:") and "5.6(d)" in line for line in lines)


EFFECTIVE = {
    Channel.HAND, Channel.COURIER, Channel.CERTIFIED_MAIL, Channel.FAX, Channel.EMAIL,
}  # fmt: skip


def sent(channel: Channel, proof: str | None = None, at: datetime = AT) -> pe.NoticeSent:
    return pe.NoticeSent(
        id=f"n-{channel.value}-{at:%d}", at=at, account_id="a-1", decision_id="d-1",
        channel=channel, address="ana@example.com", proof=proof,
    )  # fmt: skip


def by_reading(option: str) -> pe.HouseRules:
    return evolve(RULES, readings={**RULES.readings, "T15": option})


@pytest.mark.parametrize("channel", list(Channel))
def test_a_notice_is_received_when_sending_by_an_effective_channel_is_proved(
    channel: Channel,
) -> None:
    proved = deemed_received(sent(channel, "receipt-1"), RULES)
    bare = deemed_received(sent(channel), RULES)

    assert bare is None
    assert (proved is not None) == (channel in EFFECTIVE)
    assert proved is None or (proved.at, proved.rule) == (AT, "11.2(a)")


@pytest.mark.parametrize("channel", list(Channel))
def test_public_posting_counts_at_once_and_only_where_the_house_switched_it_on(
    channel: Channel,
) -> None:
    posted = deemed_received(sent(channel), by_reading("public_posting"))

    assert (posted is not None) == (channel is Channel.PUBLIC_POSTING)
    assert posted is None or (posted.at, posted.rule) == (AT, "11.2(b)")


def test_a_message_in_the_app_counts_where_the_house_takes_every_electronic_form() -> None:
    received = deemed_received(sent(Channel.IN_APP, "log-1"), by_reading("electronic_form"))

    assert received is not None
    assert deemed_received(sent(Channel.IN_APP), by_reading("electronic_form")) is None


def test_a_notice_tells_how_it_went_out_and_when_it_counts_as_received() -> None:
    made = notice_of(decided(), a_history(), RULES)
    tries = (sent(Channel.SMS, "log-1"), sent(Channel.EMAIL, "log-2", AT + timedelta(days=2)))

    fields = with_sending(made, tries, RULES).fields

    assert fields["channel"] == "email"
    assert fields["proof of sending"] == "log-2"
    assert fields["deemed received"] == f"{(AT + timedelta(days=2)).isoformat()} under 11.2(a)"
    assert "ana@example.com" not in str(fields)


def test_a_notice_that_nobody_sent_says_so() -> None:
    made = notice_of(decided(), a_history(), RULES)

    assert with_sending(made, (), RULES).fields["sent"] == "not on record"
    assert "not yet" in with_sending(made, [sent(Channel.SMS)], RULES).fields["deemed received"]
