"""Which streams are read as one user's."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def members(user: str, joined: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """The user's own stream first, then in order all that joins lead to, however many steps.

    >>> members("u-1", {"u-1": ["u-2"], "u-2": ["a-9", "u-1"], "a-9": []}.__getitem__)
    ('u-1', 'a-9', 'u-2')
    """
    direct = joined(user)
    found, ahead = {user}, list(direct)
    if not ahead:
        return (user,)
    while ahead:
        stream = ahead.pop()
        if stream not in found:
            found.add(stream)
            ahead.extend(joined(stream))
    return (user, *sorted(found - {user}))
