"""The notice as a letter: plain text, Markdown and HTML from one set of templates.

A letter is made of the fields of a notice and of nothing else. What a field says is never markup:
HTML is escaped by the templates, Markdown here, and characters that cannot be seen are dropped, so
that no text of a Member can steer a terminal or a browser.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from attrs import frozen

from policyenforce.discipline.notice import notice_of
from policyenforce.errors import NoticeError
from policyenforce.model.decisions import Decision
from policyenforce.model.outcome import History, Notice
from policyenforce.policy.rules import HouseRules

if TYPE_CHECKING:
    from jinja2 import Environment

_MARKED = {ord(mark): f"\\{mark}" for mark in r"\`*_{}[]<>()#+!|~"}
_SENT = frozenset(
    {"sent", "channel", "address", "proof of sending", "deemed received", "failed", "deferred"}
)


class Form(str, Enum):
    """The forms a letter comes in."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


_TEMPLATES = {
    Form.TEXT: "notice.txt.j2",
    Form.MARKDOWN: "notice.md.j2",
    Form.HTML: "notice.html.j2",
}


@frozen
class Translation:
    """What a translator made of a notice: shown beside the English text, which governs (1.4)."""

    language: str
    text: str


def letter(notice: Notice, form: Form = Form.TEXT, translation: Translation | None = None) -> str:
    """The notice as a letter.

    >>> print(letter(Notice("n-1", "d-1", "a-1", {"ground": "5.5(c)", "end": "open-ended"})))
    Ground:              5.5(c)
    End:                 open-ended
    """
    template = _environment().get_template(_TEMPLATES[form])
    fields = {name: _visible(value, form) for name, value in notice.fields.items()}
    beside = translation and {
        "language": _visible(translation.language, form),
        "text": _visible(translation.text, form),
    }
    text: str = template.render(fields=fields, translation=beside)
    return text.rstrip("\n")


def require_true(notice: Notice, decision: Decision, history: History, rules: HouseRules) -> Notice:
    """The notice, if it says what its decision record says; how it was sent is no part of that.

    Raises NoticeError naming every field that says something else, or that the record has not.
    """
    record = notice_of(decision, history, rules)
    said = {n: v for n, v in notice.fields.items() if n not in _SENT}
    wrong = sorted(
        name
        for name in said.keys() | record.fields.keys()
        if said.get(name) != record.fields.get(name)
    )
    about = (notice.id, notice.decision_id, notice.account_id)
    if about != (record.id, record.decision_id, record.account_id):
        wrong.append("what it is about")
    if wrong:
        raise NoticeError(
            f"the notice contradicts decision {decision.id} in {', '.join(wrong)}",
            hint="a notice is only a projection of its decision; ask for it anew",
        )
    return notice


def _visible(value: str, form: Form) -> str:
    seen = "".join(c for c in value if unicodedata.category(c)[0] != "C")
    return seen.translate(_MARKED) if form is Form.MARKDOWN else seen


@cache
def _environment() -> Environment:
    """The templates; loaded with jinja2 at the first letter."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    options: Mapping[str, Any] = {"undefined": StrictUndefined, "keep_trailing_newline": True}
    return Environment(
        loader=PackageLoader("policyenforce.discipline", "letters"),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        **options,
    )
