"""What the host lists say about the links of a text (5.5(g))."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from policyenforce.checks.user_content.hits import Seen
from policyenforce.checks.user_content.hosts import HostList
from policyenforce.checks.user_content.links import Link, extract, skeleton
from policyenforce.checks.user_content.packs import Rule
from policyenforce.checks.user_content.voice import LINKS
from policyenforce.model.evidence import Span
from policyenforce.model.findings import Severity
from policyenforce.terms.references import ClauseRef


def _rule(name: str, clause: str, category: str, weight: float, severity: Severity) -> Rule:
    return Rule(
        id=name,
        category=category,
        clause=ClauseRef.parse(clause),
        severity=severity,
        weight=weight,
        languages=(),
        phrases=(),
    )


_BLOCKED = _rule("blocked-host", "5.5(g)", LINKS, 0.95, Severity.SERIOUS)
_CARRIED = _rule("blocked-host-behind-redirect", "5.5(g)", LINKS, 0.9, Severity.SERIOUS)
_LOOKALIKE = _rule("lookalike-host", "5.6(f)", "phishing", 0.8, Severity.GRAVE)


@frozen
class LinkRules:
    """Hosts that are blocked, and hosts that are allowed; an allowed host is never blocked."""

    blocked: HostList
    allowed: HostList

    def __bool__(self) -> bool:
        return bool(self.blocked or self.allowed)

    def verdict(self, host: str) -> bool | None:
        """True for a blocked host, False for an allowed one, None for an unknown one."""
        if self.allowed.covers(host):
            return False
        return True if self.blocked.covers(host) else None

    def of(self, text: str) -> tuple[Link, ...]:
        """The links of a text; one that is only guessed must lead to a blocked host."""
        return tuple(
            link for link in extract(text) if "guessed" not in link.marks or self.verdict(link.host)
        )

    def unresolved(self, link: Link) -> bool:
        """True when only following the link tells where it leads, and no list settles it."""
        return link.needs_resolution and self.verdict(link.host) is None

    def seen(self, field: str, text: str) -> Iterator[Seen]:
        """What the lists say about the links of one field."""
        for link in self.of(text) if self else ():
            for rule in self._broken(link):
                yield Seen(rule, Span(field, *link.span), rule.weight, tuple(sorted(link.marks)))

    def _broken(self, link: Link) -> list[Rule]:
        if self.verdict(link.host):
            return [_BLOCKED]
        rules = [_CARRIED] if any(self.verdict(host) for host in link.inner) else []
        if "punycode" in link.marks and self.verdict(link.host) is None:
            seen = skeleton(link.host)
            if seen != link.host and self.allowed.covers(seen):
                rules.append(_LOOKALIKE)
        return rules
