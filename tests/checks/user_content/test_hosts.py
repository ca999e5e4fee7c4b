"""Lists of hosts: the filter may say yes in error, the list never."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.user_content.hosts import Bloom, HostList

LABELS = st.text("abc-0", min_size=1, max_size=3)
HOSTS = st.lists(LABELS, min_size=1, max_size=4).map(".".join)


@given(st.sets(HOSTS, max_size=20), HOSTS)
def test_it_covers_exactly_the_listed_hosts_and_those_under_them(
    listed: set[str], host: str
) -> None:
    above = {".".join(host.split(".")[i:]) for i in range(host.count(".") + 1)}

    assert HostList.of(listed).covers(host) == bool(above & listed)


@given(st.sets(HOSTS, max_size=20))
def test_it_holds_each_host_once_in_order(listed: set[str]) -> None:
    hosts = HostList.of([*listed, *listed])

    assert list(hosts) == sorted(listed)
    assert len(hosts) == len(listed)


@given(st.sets(st.binary(max_size=6), max_size=50))
def test_a_filter_never_denies_a_member(members: set[bytes]) -> None:
    made = Bloom(sorted(members))

    assert all(member in made for member in members)


def test_a_filter_denies_nearly_everything_else() -> None:
    made = Bloom([b"host-%d" % n for n in range(2_000)])

    assert sum(b"other-%d" % n in made for n in range(2_000)) < 60
