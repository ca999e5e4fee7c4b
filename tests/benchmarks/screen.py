"""How fast a screen reads, against ``str.lower`` over the same texts in the same run.

Run it with ``python tests/benchmarks/screen.py``; it prints one line for each shape, for the
shipped packs and for ten thousand of their phrases, of which every rule keeps its share. Where they
are installed, better-profanity, alt-profanity-check and a bare scan of ten thousand phrases are
timed.
"""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from attrs import evolve

from policyenforce.checks.user_content.packs import Pack, Rule, shipped_packs
from policyenforce.checks.user_content.screen import Screen

GOODS = (
    "wireless bluetooth speaker waterproof portable outdoor bass stereo phone cotton summer "
    "dress women men kids stainless steel bottle 500ml led strip light 5m usb c cable fast "
    "charger 20w vintage leather wallet handmade ceramic mug kitchen knife set garden hose "
    "nozzle bicycle lamp yoga mat fitness band silicone case for phone 13 pro max screen "
    "protector tempered glass new original quality free shipping wholesale custom logo oem "
    "supplier factory price 100pcs solar "
)
STIRRING = ("replica watches 1:1", "contact us on whatsapp for prices", "f4ke p4ssports", "b2b4u")


def _texts(count: int, words: int, share_stirring: float) -> list[str]:
    chance = random.Random(7)
    words_of_trade = GOODS.split()
    texts = []
    for _ in range(count):
        text = " ".join(chance.choices(words_of_trade, k=words))
        if chance.random() < share_stirring:
            text = f"{text} {chance.choice(STIRRING)}"
        texts.append(text.capitalize())
    return texts


def _seconds(run: Callable[[], object], rounds: int = 3) -> float:
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def peers(texts: list[str]) -> Iterator[tuple[str, Callable[[], object]]]:
    """What else can read these texts here: its name, and a run over all of them."""
    with suppress(ImportError):
        import hyperscan

        phrases = [
            p.encode() for pack in shipped_packs() for rule in pack.rules for p in rule.phrases
        ]
        some = list(dict.fromkeys(phrases))[:10_000]
        bare = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        bare.compile(expressions=some, ids=list(range(len(some))), elements=len(some), literal=True)
        block = "\n".join(texts).lower().encode()
        scratch = hyperscan.Scratch(bare)
        yield "bare hyperscan", lambda: bare.scan(block, lambda *_: None, scratch=scratch)
    few = texts[:200]
    with suppress(ImportError):
        from better_profanity import profanity

        yield "better-profanity", lambda: [profanity.contains_profanity(text) for text in few]
    with suppress(ImportError):
        from profanity_check import predict_prob

        yield "alt-profanity-check", lambda: predict_prob(few)


def some_of(packs: tuple[Pack, ...], count: int) -> tuple[Pack, ...]:
    """The packs with so many of their phrases, evenly taken."""
    every = sum(len(rule.phrases) for pack in packs for rule in pack.rules)
    number = itertools.count(1)

    def thinned(rule: Rule) -> Rule:
        kept = (
            p
            for p in rule.phrases
            if (n := next(number)) * count // every > (n - 1) * count // every
        )
        return evolve(rule, phrases=tuple(kept))

    return tuple(evolve(pack, rules=tuple(map(thinned, pack.rules))) for pack in packs)


def main() -> None:
    """Prints documents a second and the ratio to ``str.lower`` for each shape."""
    packs = shipped_packs()
    for name, chosen in (("the shipped packs", packs), ("10 000 of them", some_of(packs, 10_000))):
        screen = Screen(*chosen)
        start = time.process_time()
        screen.texts({"title": "compile"})
        phrases = sum(len(rule.phrases) for pack in chosen for rule in pack.rules)
        print(f"{name}: {phrases:,} phrases, compiled in {time.process_time() - start:.2f} s")
        measure(screen)


def measure(screen: Screen) -> None:
    """Prints a line for each shape of text."""
    for name, field, count, words in (
        ("titles", "title", 200_000, 13),
        ("descriptions", "description", 10_000, 240),
    ):
        for share in (0.0, 0.02):
            texts = _texts(count, words, share)
            size = sum(map(len, texts)) // count
            items = [{field: text} for text in texts]
            floor = _seconds(lambda texts=texts: [text.lower() for text in texts])
            batch = _seconds(lambda items=items: list(screen.batch(items)))
            single = _seconds(lambda items=items: [screen.texts(item) for item in items], rounds=1)
            print(
                f"{name} of {size} B, {share:.0%} stirring: batch {count / batch:>9,.0f}/s "
                f"({floor / batch:.3f} of str.lower), one by one {count / single:>9,.0f}/s"
            )
        for peer, run in peers(texts):
            read = count if peer == "bare hyperscan" else 200
            print(f"{name} by {peer}: {read / _seconds(run):>9,.0f}/s")


if __name__ == "__main__":
    main()
