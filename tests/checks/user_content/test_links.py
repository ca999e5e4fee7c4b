"""Links: disguises undone, one spelling of each host, hidden targets marked."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.user_content.hosts import HostList
from policyenforce.checks.user_content.links import extract, host_of, skeleton
from policyenforce.checks.user_content.screen import Screen
from policyenforce.errors import PolicyError

BLOCKING = Screen(block_hosts=["evil.com", "1.2.3.4"], allow_hosts=["alibaba.com", "ok.evil.com"])


@pytest.mark.parametrize(
    ("text", "host", "marks"),
    [
        ("see http://Evil.com/A", "evil.com", set()),
        ("evil.com", "evil.com", set()),
        ("(www.evil.com).", "www.evil.com", set()),
        ("hxxps://evil[.]com/x", "evil.com", {"refanged"}),
        ("hxxp[:]//evil.com", "evil.com", {"refanged"}),
        ("http[://]evil.com", "evil.com", {"refanged"}),
        ("evil(dot)com", "evil.com", {"refanged"}),
        ("evil dot com", "evil.com", {"guessed"}),
        ("evil,com", "evil.com", {"guessed"}),
        ("e\u200bvil.com", "evil.com", {"refanged"}),
        ("evil。com", "evil.com", set()),
        ("evil%2ecom/x", "evil.com", {"refanged"}),
        ("http://%65vil.com", "evil.com", set()),
        ("http://alibaba.com@evil.com/", "evil.com", {"credentials"}),
        ("http://0x01020304/", "1.2.3.4", {"address"}),
        ("http://16909060/", "1.2.3.4", {"address"}),
        ("http://01.02.03.04/", "1.2.3.4", {"address"}),
        ("http://[::1]/", "[::1]", {"address"}),
        ("1.2.3.4/login", "1.2.3.4", {"address"}),
        ("bit.ly/AbC", "bit.ly", {"shortener"}),
        ("https://x.com/?url=http%3A%2F%2Fa.com", "x.com", {"redirect"}),
        ("https://x.com/?to=a.com", "x.com", {"redirect"}),
        ("http://пример.рф/", "xn--e1afmkfd.xn--p1ai", {"punycode"}),
        ("аlibaba.com", "xn--libaba-2nf.com", {"punycode", "mixed_script"}),
        ("访问evil.com查看", "evil.com", set()),
        ("http://evil.com\ud800", "evil.com", set()),
        ("http://intranet.corp/x", "intranet.corp", set()),
    ],
)
def test_a_link_is_found_in_one_spelling(text: str, host: str, marks: set[str]) -> None:
    links = extract(text)

    assert [(link.host, set(link.marks)) for link in links] == [(host, marks)]
    start, end = links[0].span
    assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["", "no link", "v1.2.3.4 firmware", "3.5 kg", "good.The end", "joe@evil.com", "a..b", "http://",
     "http://bad host/", "file.txt", "http://nodots/", "http://[zz]/", "x" * 80 + ".com"],
)  # fmt: skip
def test_what_is_no_link_is_none(text: str) -> None:
    assert extract(text) == ()


def test_the_registrable_domain_follows_the_public_suffix() -> None:
    assert extract("a.b.example.co.uk/x")[0].domain == "example.co.uk"
    assert extract("me.github.io")[0].domain == "me.github.io"


def test_an_address_without_a_host_has_none() -> None:
    assert host_of("nonsense") is None
    assert host_of("mailto:a@b.c") is None


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("go to evil.com", {"blocked-host"}),
        ("go to shop.evil.com/x", {"blocked-host"}),
        ("go to ok.evil.com", set()),
        ("notevil.com", set()),
        ("evil dot com", {"blocked-host"}),
        ("polka dot shop", set()),
        ("http://0x01020304/", {"blocked-host"}),
        ("https://x.com/out?u=evil.com", {"blocked-host-behind-redirect"}),
        ("https://x.com/r/https%253A%252F%252Fevil.com", {"blocked-host-behind-redirect"}),
        ("https://alibaba.com/r?to=https://evil.com", {"blocked-host-behind-redirect"}),
        ("аlibaba.com", {"lookalike-host"}),
        ("www.alibaba.com", set()),
        ("http://пример.рф", set()),
    ],
)
def test_the_host_lists_judge_every_link(text: str, rules: set[str]) -> None:
    hits = BLOCKING.texts({"description": text})

    assert {hit.rule for hit in hits} == rules
    assert {str(hit.clause) for hit in hits} <= {"5.5(g)", "5.6(f)"}


def test_without_lists_no_link_is_judged_yet_every_link_is_told() -> None:
    screen = Screen()

    assert screen.texts({"title": "evil.com"}) == ()
    assert [(f, k.host) for f, k in screen.links({"a": "evil.com", "b": "x"})] == [
        ("a", "evil.com")
    ]


def test_only_links_that_no_list_settles_need_resolving() -> None:
    texts = {
        "t": "bit.ly/a http://x.com/?url=http://b.com http://9.9.9.9/ http://1.2.3.4/ good.com"
    }

    assert [k.host for _, k in BLOCKING.unresolved(texts)] == ["bit.ly", "x.com", "9.9.9.9"]


@pytest.mark.parametrize("piece", [" ", "a.", "a", "http://", "[", "x dot ", "://", "%2e", "&#46;"])
def test_long_hostile_texts_take_linear_time(piece: str) -> None:
    assert len(extract(piece * (200_000 // len(piece)))) < 100


@given(st.text(alphabet="evil.com/:@[]()%2e&#46; dothxp一аб\u200b?=,", max_size=80))
def test_any_text_is_read_without_error_and_spans_lie_inside(text: str) -> None:
    spans = [link.span for link in extract(text)]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_host_lists_are_read_as_operators_have_them(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    path.write_text("# list\n127.0.0.1 localhost\n0.0.0.0 Bad.com worse.com # two\n\nпример.рф\n")
    hosts = HostList.load(path)

    assert list(hosts) == ["bad.com", "worse.com", "xn--e1afmkfd.xn--p1ai"]
    assert hosts.covers("x.bad.com")
    assert not hosts.covers("com")
    assert repr(hosts) == "HostList(3 hosts)"
    assert not HostList()


@pytest.mark.parametrize("line", ["http://x.com", "a@b", "\u0378\u0379"])
def test_what_is_no_host_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "hosts"
    path.write_text(line + "\n")
    with pytest.raises(PolicyError, match="is no host") as caught:
        HostList.load(path)

    assert "hosts" in str(caught.value)


def test_an_empty_host_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for host in (" ", "evil\ud800.com"):
        with pytest.raises(PolicyError, match="is no host"):
            HostList.of([host])
    with pytest.raises(PolicyError, match="cannot be read"):
        HostList.load(tmp_path / "none")


def test_a_skeleton_reads_like_the_eye() -> None:
    assert skeleton("xn--libaba-2nf.com") == "alibaba.com"
    assert skeleton("my-shop.com") == "my-shop.com"


def test_a_link_wrapped_more_often_than_is_undone_is_read_as_far_as_it_goes() -> None:
    deep = "http%252525252525253A%252525252525252F%252525252525252Fevil.com"
    near = "http%25253A%25252F%25252Fevil.com"

    assert {link.host for link in extract(f"https://x.com/?q={deep}")} == {"x.com"}
    assert BLOCKING.texts({"description": f"https://x.com/?q={near}"})
    assert BLOCKING.texts({"description": f"https://x.com/?q={deep}"}) == ()


def test_a_link_inside_a_link_that_leads_nowhere_is_none() -> None:
    assert BLOCKING.texts({"description": "https://x.com/?q=http://intranet/x"}) == ()
