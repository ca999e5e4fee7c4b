"""A letter says what the notice says in three forms, and nothing in it is ever markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.discipline.letter import Form, Translation, letter, require_true
from policyenforce.discipline.notice import MANDATORY, notice_of
from tests.discipline.cast import RULES, a_finding, a_history, decided

EVIL = "<script>alert(1)</script> [x](javascript:alert) **bold** \x1b[31m"


def a_notice(**more: str) -> pe.Notice:
    notice = notice_of(decided(), a_history(), RULES)
    return evolve(notice, fields={**notice.fields, **more})


class Words(HTMLParser):
    """The text and the tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("name", MANDATORY)
def test_every_form_carries_every_mandatory_field(form: Form, name: str) -> None:
    notice = a_notice()
    page = letter(notice, form)
    told = "".join(Words(page).text) if form is Form.HTML else page.replace("\\", "")

    assert notice.fields[name] in told
    assert name.capitalize() in told


def test_html_of_a_member_is_text() -> None:
    page = letter(a_notice(facts=EVIL), Form.HTML)

    assert "script" not in Words(page).tags
    assert "<script>alert(1)</script>" in "".join(Words(page).text)
    assert "\x1b" not in page


def test_markdown_of_a_member_is_text() -> None:
    page = letter(a_notice(facts=EVIL), Form.MARKDOWN)

    assert "\\<script\\>" in page and "\\[x\\]\\(javascript" in page and "\\*\\*bold" in page
    assert "\x1b" not in page


@given(st.text())
def test_whatever_a_field_says_a_letter_keeps_its_lines(said: str) -> None:
    plain, odd = a_notice(facts="x"), a_notice(facts=said)

    for form in Form:
        assert len(letter(odd, form).split("\n")) == len(letter(plain, form).split("\n"))


def test_a_translation_stands_beside_the_english_text_which_governs() -> None:
    for form in (Form.MARKDOWN, Form.HTML):
        page = letter(a_notice(), form, Translation("Deutsch", "Ihr Angebot wurde entfernt"))

        assert "the English text governs, 1.4" in page
        assert "Ihr Angebot wurde entfernt" in page
        assert "English, which governs" in page.replace("\\", "")


class TestATrueNotice:
    def test_is_what_the_record_gives(self) -> None:
        notice = a_notice(sent="2019-11-01", channel="email")

        assert require_true(notice, decided(), a_history(), RULES) is notice

    @pytest.mark.parametrize(
        ("field", "said"),
        [
            ("automation", "detection by a person, decision by a person"),
            ("action", "formal warning"),
            ("ground", "5.5(c): rude"),
            ("points", "0 for this, 0 in all"),
            ("end", "until 2019-10-21T00:00:00+00:00"),
            ("apology", "we are sorry"),
        ],
    )
    def test_says_nothing_else(self, field: str, said: str) -> None:
        with pytest.raises(pe.NoticeError, match=f"contradicts decision .* in {field}"):
            require_true(a_notice(**{field: said}), decided(), a_history(), RULES)

    def test_leaves_nothing_out(self) -> None:
        notice = a_notice()
        fields = {n: v for n, v in notice.fields.items() if n != "complaint"}

        with pytest.raises(pe.NoticeError, match="in complaint"):
            require_true(evolve(notice, fields=fields), decided(), a_history(), RULES)

    def test_is_about_the_decision_it_names(self) -> None:
        other = decided(a_finding("5.5(c)"))

        with pytest.raises(pe.NoticeError, match="contradicts"):
            require_true(a_notice(), other, a_history(), RULES)
        with pytest.raises(pe.NoticeError, match="what it is about"):
            require_true(evolve(a_notice(), account_id="a-9"), decided(), a_history(), RULES)
