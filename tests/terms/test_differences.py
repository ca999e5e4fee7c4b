"""What changed between the two versions, and that nothing else did."""

from policyenforce.terms import Area, Change, Terms, diff

OLDER, NEWER = Terms.load().versions
FOUND = diff(OLDER, NEWER)


def keys(area: Area, change: Change) -> list[str]:
    return [d.key for d in FOUND if (d.area, d.change) == (area, change)]


def test_five_statements_changed_in_their_words_alone():
    changed = [d for d in FOUND if d.area is Area.STATEMENT]

    assert [d.key for d in changed] == ["preamble", "2.1", "2.4", "3.3", "12.7"]
    assert all(d.change is Change.CHANGED for d in changed)
    assert all(set(d.before) == set(d.after) == {"paraphrase"} for d in changed)


def test_the_russian_sites_company_and_address_were_added():
    assert keys(Area.SITE, Change.ADDED) == ["aliexpress.ru", "tmall.ru"]
    assert keys(Area.ENTITY, Change.ADDED) == ["aliexpress_russia"]
    assert keys(Area.ADDRESS, Change.ADDED) == ["aliexpress_russia"]
    assert keys(Area.POLICY, Change.CHANGED) == ["aliexpress"]


def test_law_went_from_place_to_company():
    assert keys(Area.LAW, Change.REMOVED) == ["mainland", "outside_mainland"]
    assert keys(Area.LAW, Change.ADDED) == [
        "hangzhou",
        "hong_kong_and_singapore",
        "aliexpress_russia",
    ]


def test_added_things_have_no_before_and_removed_things_no_after():
    assert all((d.before is None) is (d.change is Change.ADDED) for d in FOUND)
    assert all((d.after is None) is (d.change is Change.REMOVED) for d in FOUND)


def test_going_back_swaps_before_and_after():
    there = {(d.area, d.key): (d.before, d.after) for d in FOUND}
    back = {(d.area, d.key): (d.after, d.before) for d in diff(NEWER, OLDER)}

    assert there == back


def test_a_version_does_not_differ_from_itself():
    assert diff(NEWER, NEWER) == ()


def test_a_switched_off_clause_shows_as_removed():
    (removed,) = diff(NEWER, NEWER.without(["5.11"]))

    assert (removed.area, removed.key, removed.change) == (
        Area.STATEMENT,
        "5.11",
        Change.REMOVED,
    )
    assert removed.before["kind"] == "prohibition"
