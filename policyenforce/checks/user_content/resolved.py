"""Links that somebody followed outside the library: what the chain of addresses says (5.5(g)).

Reading T5: every hop up to the house's ``max_hops`` counts, as captured, or the address in the
content alone; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.checks.context import Context
from policyenforce.checks.user_content.links import Link, host_of
from policyenforce.checks.user_content.screen import Screen
from policyenforce.checks.user_content.voice import LINKS, Answer, cannot_tell, finding
from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import LinkResolved
from policyenforce.terms.gates import Standard

_ON_A_LIST = 0.95
_SEEN_HARMFUL = 0.9


def leads_from(link: Link, followed: LinkResolved) -> bool:
    """True when the chain begins at this link."""
    return bool(followed.chain) and _plain(followed.chain[0]) == _plain(link.href)


def _plain(href: str) -> str:
    return href.partition("#")[0].partition("://")[2].rstrip("/") or href


def chain_answers(
    fact: Fact, followed: LinkResolved, context: Context, screen: Screen, target: str
) -> Iterator[Answer]:
    """5.5(g) for one captured chain: a blocked hop, or an end that was seen to be harmful."""
    hops = [host_of(address) for address in followed.chain]
    most = context.rules.content.max_hops
    if context.rules.reading("T5") == "first_hop":
        hops, most = hops[:1], 0
    within = [host for host in hops[: most + 1] if host]
    blocked = [host for host in within if screen.verdict_on_host(host)]
    harmful = followed.harmful and len(followed.chain) <= most + 1  # its end is within reach
    if blocked or harmful:
        yield finding(
            fact,
            "5.5(g)",
            _ON_A_LIST if blocked else _SEEN_HARMFUL,
            "The content links to a site whose content may violate the Terms.",
            _evidence(followed, within, blocked),
            target=target,
            category=LINKS,
            attested=Standard.BELIEF if harmful else None,
        )
    elif not within or None in hops or len(hops) > most + 1:
        yield cannot_tell(
            fact,
            "5.5(g)",
            followed.tag,
            "the chain is empty, unreadable or longer than the house looks",
            target,
        )


def _evidence(followed: LinkResolved, hosts: list[str], blocked: list[str]) -> Iterator[Evidence]:
    # Addresses can carry personal data in path and query, so only hosts are named.
    ids = (followed.id,)
    when = followed.captured_at.isoformat()
    yield Evidence("link_chain", f"Captured {when}: {' -> '.join(hosts)}.", fact_ids=ids)
    if blocked:
        yield Evidence(
            "blocked_host", f"On the block list: {', '.join(dict.fromkeys(blocked))}.", fact_ids=ids
        )
    if followed.harmful:
        said = f" under {followed.clause}" if followed.clause else ""
        yield Evidence(
            "seen_harmful", f"Who followed the link calls it harmful{said}.", fact_ids=ids
        )
    elif followed.harmful is False:
        yield Evidence(
            "seen_harmless",
            "Who followed the link calls it harmless.",
            fact_ids=ids,
            bearing=Bearing.MITIGATING,
        )
