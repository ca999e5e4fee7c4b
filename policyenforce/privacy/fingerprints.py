"""What tells one master key from another, and nothing else of it."""

from __future__ import annotations

import hmac

from policyenforce.privacy.tokens import TokenKeys

_BYTES = 8  # enough to notice another key, too few to be taken for one
_LABEL = b"policyenforce fingerprint\x01"


def fingerprints(keys: TokenKeys) -> dict[str, str]:
    """The fingerprint of each master by its key id: 16 hex digits that a store may hold.

    >>> fingerprints(TokenKeys.from_text("k1 " + "A" * 43))
    {'k1': '0fb5482037531dea'}
    """
    return {name: hmac.digest(key, _LABEL, "sha256")[:_BYTES].hex() for name, key in keys.masters}
