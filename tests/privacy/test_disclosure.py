from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from policyenforce.errors import GateError
from policyenforce.model.facts.procedure import Actor, DisclosureRequested, Requester
from policyenforce.privacy.disclosure import Cooperation, Disclosure, Item, Wrong
from policyenforce.terms import Terms
from policyenforce.terms.gates import Standard
from policyenforce.terms.privacy import privacy_versions
from tests.checks.past import day

TERMS = Terms.load().versions[-1]
PRIVACY = privacy_versions()
ANA = Actor("ana", roles=("legal",))


def request(requester: Requester = Requester.POLICE, **more: Any) -> DisclosureRequested:
    at = more.pop("at", day(0))
    told: dict[str, Any] = {"items": ("identity", "contact"), **more}
    return DisclosureRequested(
        id="f-1", at=at, account_id="a-1", request_id="rq-1", requester=requester,
        requester_name="Inspector Bo", **told,
    )  # fmt: skip


def disclose(asked: Any, **more: Any) -> Disclosure:
    told: dict[str, Any] = {
        "privacy": PRIVACY[2],
        "items": (Item.IDENTITY,),
        "by": ANA,
        "at": day(1),
        "roles": ("legal",),
        **more,
    }
    return Disclosure(request=asked, terms=TERMS, **told)


@pytest.mark.parametrize(
    "requester", [Requester.GOVERNMENT, Requester.REGULATOR, Requester.POLICE, Requester.COURT]
)
@pytest.mark.parametrize("version", PRIVACY)
def test_whom_both_gates_name_may_receive(requester: Requester, version: Any) -> None:
    asked = request(requester, at=version.starts)

    made = disclose(asked, privacy=version, at=version.starts)

    assert made.basis.startswith(f"privacy policy {version.id}")


def test_a_privacy_policy_opens_nothing_outside_its_time() -> None:
    for other in (PRIVACY[0], PRIVACY[-1]):
        with pytest.raises(GateError, match=f"privacy policy {other.id} did not hold"):
            disclose(request(), privacy=other)


@pytest.mark.parametrize("site", ["aliexpress", "www.aliexpress.ru"])
def test_a_privacy_policy_opens_nothing_on_sites_that_it_does_not_cover(site: str) -> None:
    with pytest.raises(GateError, match=r"2019-01-17 does not cover `aliexpress`") as refusal:
        disclose(request(site=site))

    assert refusal.value.hint == "it covers alibaba"
    assert disclose(request(site="www.alibaba.com")).basis.startswith("privacy policy 2019-01-17")


@pytest.mark.parametrize("roles", [(), ("moderator",)])
def test_only_who_the_house_lets_disclose_hands_anything_out(roles: tuple[str, ...]) -> None:
    somebody = Actor("eve", roles=roles)

    with pytest.raises(GateError, match="no role of `eve` may disclose"):
        disclose(request(), by=somebody)
    with pytest.raises(GateError, match="no role of `ana` may disclose"):
        disclose(request(), roles=("privacy_officer",))
    with pytest.raises(GateError, match="no role of `ana` may disclose"):
        disclose(request(), roles=())


def test_a_permission_of_no_words_is_none() -> None:
    with pytest.raises(GateError, match="no privacy policy lets data go"):
        disclose(request(Requester.INJURED_THIRD_PARTY), permission=" ")
    worded = disclose(request(Requester.INJURED_THIRD_PARTY), permission=" a warrant ")

    assert worded.basis == "legal permission: a warrant"


def test_t10_a_house_may_take_the_terms_alone() -> None:
    alone = evolve(TERMS, choices={**TERMS.choices, "T10": "terms_only"})
    asked = request(Requester.INJURED_THIRD_PARTY)

    made = Disclosure(asked, alone, PRIVACY[2], (Item.IDENTITY,), ANA, day(1), ANA.roles)

    assert made.basis == "the Terms alone (T10): injured_third_party"


def test_a_private_investigator_never_receives() -> None:
    asked = request(Requester.PRIVATE_INVESTIGATOR, consent=True, legal_basis="a mandate")

    with pytest.raises(GateError, match="only cooperate with `private_investigator`"):
        disclose(asked, permission="a statute")


def test_an_injured_third_party_needs_consent_or_a_legal_permission() -> None:
    with pytest.raises(GateError, match="no privacy policy lets data go") as refusal:
        disclose(request(Requester.INJURED_THIRD_PARTY, legal_basis="because I say so"))
    assert refusal.value.where == "rq-1"
    assert "consent" in (refusal.value.hint or "")
    assert disclose(request(Requester.INJURED_THIRD_PARTY, consent=True)).basis == "consent"
    permitted = disclose(request(Requester.INJURED_THIRD_PARTY), permission="section 9")
    assert permitted.basis == "legal permission: section 9"


def test_where_no_privacy_policy_is_known_police_needs_a_permission_too() -> None:
    with pytest.raises(GateError, match="no privacy policy lets data go to `law_enforcement`"):
        disclose(request(), privacy=None)
    assert disclose(request(), privacy=None, permission="a warrant").basis.endswith("a warrant")


def test_without_a_request_nothing_goes_out() -> None:
    with pytest.raises(GateError, match="nobody asked"):
        disclose(None)
    with pytest.raises(GateError, match="nobody asked"):
        Cooperation(None, TERMS, Wrong.CRIME, Standard.FACT)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    ("items", "named"), [((Item.ACTIVITIES, Item.IDENTITY), "`activities`"), ((), "nothing")]
)
def test_only_what_was_asked_for_goes_out(items: tuple[Item, ...], named: str) -> None:
    with pytest.raises(GateError, match=f"{named} was not asked for"):
        disclose(request(), items=items)


def test_it_does_not_happen_before_it_was_asked_for() -> None:
    with pytest.raises(GateError, match="after its request"):
        disclose(request(), at=day(-1))
    with pytest.raises(GateError, match="zoned time"):
        disclose(request(), at=day(1).replace(tzinfo=None))


def test_terms_that_name_nobody_let_nothing_out() -> None:
    silent = TERMS.without(["6.4"])

    with pytest.raises(GateError, match=r"6\.4/s2 names no disclosure"):
        Disclosure(request(), silent, PRIVACY[2], (Item.IDENTITY,), ANA, day(1), ANA.roles)
    with pytest.raises(GateError, match=r"6\.4/s1 names no cooperation"):
        Cooperation(request(), silent, Wrong.CRIME, Standard.FACT)


def test_every_item_that_went_out_is_logged() -> None:
    made = disclose(request(), items=(Item.CONTACT, Item.IDENTITY))

    assert [(e.item, e.requester, e.by, e.at) for e in made.log] == [
        (Item.CONTACT, Requester.POLICE, "ana", day(1)),
        (Item.IDENTITY, Requester.POLICE, "ana", day(1)),
    ]
    assert {(e.request_id, e.account_id, e.basis) for e in made.log} == {
        ("rq-1", "a-1", made.basis)
    }


def test_a_disclosure_prints_nobodys_name() -> None:
    assert "Inspector" not in repr(disclose(request()))


@pytest.mark.parametrize("requester", [r for r in Requester if r is not Requester.COURT])
def test_everybody_listed_may_be_worked_with_on_suspicion(requester: Requester) -> None:
    made = Cooperation(request(requester), TERMS, Wrong.CIVIL_WRONG, Standard.SUSPICION, ("f-9",))

    assert made.finding_ids == ("f-9",)


def test_without_suspicion_there_is_no_cooperation() -> None:
    with pytest.raises(GateError, match="needs a crime or civil wrong to be suspected"):
        Cooperation(request(), TERMS, Wrong.CRIME, Standard.NONE)
