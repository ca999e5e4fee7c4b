"""Listings that say the same, though not in the same letters: evidence of spam and of 4.1.

Broder's MinHash (1997) over shingles of the folded text, by the library ``rensa``: two texts that
share most of their shingles share most of their signature. Candidates come from equal bands
of it, and what is told is the share of shingles that the two really have in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from policyenforce.checks.user_content.fold import fold

_HASHES, _BANDS = 128, 16
_SHINGLE = 5  # code points
_LONGEST_BAND = 64  # texts with one band in common; more are one crowd, told by their neighbours
SEED = 20190901


@frozen
class Pair:
    """Two texts, by their keys, and the share of their shingles that they have in common."""

    left: str
    right: str
    share: float


def near_duplicates(texts: Mapping[str, str], *, least: float = 0.8) -> tuple[Pair, ...]:
    """Pairs of texts with at least the share ``least`` (0–1) in common, the likest first.

    Needs ``rensa``, of the extra ``bulk``. A pair at the threshold is found nine times in ten, one
    at 0.9 practically always. Texts shorter than a shingle are compared whole.

    >>> near_duplicates({"a": "Blue desk lamp, new, 40 W, two years", "c": "Red mug",
    ...                  "b": "blue DESK lamp: new, 40 W, two years"}, least=0.6)[0].right
    'b'
    """
    shingles = {key: _shingles(fold(text)) for key, text in texts.items()}
    found: dict[tuple[str, str], float] = {}
    for left, right in _candidates(shingles):
        if (left, right) not in found:
            found[left, right] = _in_common(shingles[left], shingles[right])
    pairs = (Pair(left, right, share) for (left, right), share in found.items() if share >= least)
    return tuple(sorted(pairs, key=lambda pair: (-pair.share, pair.left, pair.right)))


def by_several_accounts(
    pairs: Sequence[Pair], accounts: Mapping[str, str]
) -> Iterator[tuple[str, str, Pair]]:
    """Of the pairs, those of two accounts, with both: ``accounts`` are by the key of the text."""
    for pair in pairs:
        left, right = accounts[pair.left], accounts[pair.right]
        if left != right:
            yield left, right, pair


def _shingles(form: str) -> frozenset[str]:
    plain = " ".join(form.split())
    return frozenset(plain[i : i + _SHINGLE] for i in range(max(1, len(plain) - _SHINGLE + 1)))


def _in_common(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right)


def _candidates(shingles: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Pairs of keys with a band in common, in the order of the texts."""
    from rensa import RMinHash

    bands: dict[tuple[int, tuple[int, ...]], list[str]] = {}
    width = _HASHES // _BANDS
    for key, parts in shingles.items():
        signature = RMinHash(num_perm=_HASHES, seed=SEED)
        signature.update(sorted(parts))
        digest = signature.digest()
        for number in range(_BANDS):
            band = number, tuple(digest[number * width : (number + 1) * width])
            others = bands.setdefault(band, [])
            yield from ((other, key) for other in others[-_LONGEST_BAND:])
            others.append(key)
