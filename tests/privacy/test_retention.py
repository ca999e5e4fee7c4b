from __future__ import annotations

from datetime import timedelta

import pytest

from policyenforce.errors import InputError, TermsError
from policyenforce.model.fact import FACT_TYPES
from policyenforce.privacy.retention import (
    FRAUD_PREVENTION,
    EndState,
    category_of,
    may_use,
    promises_end,
    retention_rules,
)
from policyenforce.privacy.tokens import PERSONAL_KINDS
from policyenforce.terms.privacy import privacy_versions
from tests.checks.past import START, day

VERSIONS = [version.id for version in privacy_versions()]


@pytest.mark.parametrize("kind", sorted(PERSONAL_KINDS))
def test_no_signal_of_2017_may_serve_against_fraud(kind: str) -> None:
    assert not may_use(kind, "2017-09-28", FRAUD_PREVENTION)


@pytest.mark.parametrize("kind", ["email", "bank", "ip", "cookie", "tax"])
@pytest.mark.parametrize("version", VERSIONS[1:])
def test_from_2018_on_what_is_collected_may(kind: str, version: str) -> None:
    assert may_use(kind, version, FRAUD_PREVENTION)


@pytest.mark.parametrize(("version", "allowed"), list(zip(VERSIONS, [0, 0, 1, 1, 1], strict=True)))
def test_unique_device_ids_may_be_used_from_2019_on(version: str, allowed: int) -> None:
    assert may_use("device", version, FRAUD_PREVENTION) is bool(allowed)


def test_a_signal_of_2017_may_show_who_somebody_is() -> None:
    assert may_use("email", "2017-09-28", "identity")
    assert not may_use("cookie", "2017-09-28", "identity")


def test_a_signal_without_a_version_cannot_show_its_basis() -> None:
    assert not may_use("email", None, "identity")


def test_every_personal_kind_is_known() -> None:
    assert all(may_use(kind, "2020-09-14", FRAUD_PREVENTION) for kind in PERSONAL_KINDS)


def test_unknown_words_are_refused() -> None:
    with pytest.raises(InputError, match="`shoe` is no kind of signal"):
        may_use("shoe", "2019-01-17", FRAUD_PREVENTION)
    with pytest.raises(TermsError, match="unknown privacy version `1999`"):
        may_use("email", "1999", FRAUD_PREVENTION)
    with pytest.raises(TermsError, match="unknown purpose `curiosity`"):
        may_use("email", "2019-01-17", "curiosity")


def test_other_versions_can_be_handed_in() -> None:
    with pytest.raises(TermsError, match="known: 2019-01-17"):
        may_use("email", "2020-09-14", FRAUD_PREVENTION, (privacy_versions()[2],))


def test_every_category_has_a_rule_whose_purpose_is_stated() -> None:
    rules = retention_rules()
    stated = privacy_versions()[-1]

    assert {category_of(tag) for tag in FACT_TYPES} < set(rules)
    assert all(stated.states(rule.purpose) for rule in rules.values())
    assert {rule.end_state for rule in rules.values()} == set(EndState)


def test_nothing_goes_before_a_claim_can_be_brought() -> None:
    assert all(rule.days >= 366 for rule in retention_rules(366).values())
    with pytest.raises(InputError, match="a history of 365 days"):
        retention_rules(365)


def test_the_house_says_how_long_decisions_are_kept() -> None:
    assert retention_rules(999)["procedure"].days == 999
    assert retention_rules()["procedure"].days == 1_830


def test_data_is_due_from_the_instant_its_time_is_up() -> None:
    rule = retention_rules()["identifiers"]
    ends = rule.ends(START)

    assert ends == day(366)
    assert rule.due(START, ends)
    assert not rule.due(START, ends - timedelta(microseconds=1))


def test_a_legal_hold_or_a_trigger_still_to_come_keeps_it() -> None:
    rule = retention_rules()["registration"]

    assert not rule.due(START, day(9_999), held=True)
    assert not rule.due(None, day(9_999))


def test_a_fact_of_no_known_kind_has_no_category() -> None:
    with pytest.raises(InputError, match="`dreamt` is no kind of fact"):
        category_of("dreamt")


@pytest.mark.parametrize(
    ("version", "everywhere", "eea"),
    list(zip(VERSIONS, [0, 0, 1, 1, 1], [0, 1, 1, 1, 1], strict=True)),
)
def test_an_end_is_promised_first_in_the_eea(version: str, everywhere: int, eea: int) -> None:
    (found,) = (v for v in privacy_versions() if v.id == version)

    assert promises_end(found, eea=False) is bool(everywhere)
    assert promises_end(found, eea=True) is bool(eea)
