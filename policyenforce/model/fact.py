"""``Fact``: something that happened, at an instant, told by a source.

Every kind of fact is one frozen class with a stable ``tag``, a ``version``, a ``rank`` that
orders facts of the same instant, and fields that may be marked: ``personal`` (kept apart from
the history and erasable) or ``key`` (findable through the index).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar, cast, dataclass_transform

from attrs import NOTHING, Attribute, Factory, field, fields, frozen, has, resolve_types

from policyenforce.errors import FactError
from policyenforce.model.questions import Mark

TEXT_LIMIT = 1_000_000  # code points in one field; longer text is refused, never cut
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUSE = "house"  # the stream of what is about nobody
_WHOSE = ("account_id", "user_id", "other_user_id")
_OFFSET = 10**17  # keeps positions of instants before 1970 in order
_RANKS = tuple(f"|{rank:02d}|" for rank in range(100))

_PERSONAL = {"personal": True}
_PRINTABLE = "only characters that can be seen, and blanks"

FACT_TYPES: dict[str, type[Fact]] = {}
T = TypeVar("T")


def personal(*, default: Any = NOTHING) -> Any:
    """A field that tells something of a person: never printed, kept in the vault."""
    table = default == {}  # a dict cannot be hashed, and equal values hash the same without it
    made = Factory(dict) if table else default
    return field(default=made, repr=False, hash=False if table else None, metadata=_PERSONAL)


def key(kind: str, *, default: Any = NOTHING) -> Any:
    """A field that later facts look this one up by."""
    return field(default=default, metadata={"key": kind})


def renamed(json: str, *, default: Any = NOTHING) -> Any:
    """A field whose name in files is a Python keyword, such as ``from``."""
    return field(default=default, metadata={"json": json})


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(field, personal, key, renamed)
)
def values(cls: type[T]) -> type[T]:
    """Class decorator: frozen, keyword-only, with fields that may be marked."""
    return frozen(kw_only=True)(cls)


@values
class Fact:
    """What every fact has: ``id`` (the idempotency key) and ``at`` (aware; picks the Terms)."""

    tag: ClassVar[str] = ""
    version: ClassVar[int] = 1
    rank: ClassVar[int] = 50
    about: ClassVar[str | None] = "account_id"
    paths: ClassVar[tuple[tuple[str, ...], ...]] = ()  # of its personal fields
    keys: ClassVar[tuple[tuple[str, str], ...]] = ()  # field and kind of what finds it again
    whose: ClassVar[tuple[str, ...]] = ()  # its fields that name an account or a user
    several: ClassVar[tuple[str, ...]] = ()  # its fields that hold any number of values

    id: str
    at: datetime
    source: str = "backend"
    tenant: str = "default"
    site: str | None = None
    service: str | None = None

    def __attrs_post_init__(self) -> None:
        _require_kinds(self.id, self.at)
        if not 0 < len(self.id) <= 200:
            raise FactError(f"`{self.tag}` needs an id of 1 to 200 characters", where="id")
        if not self.id.isprintable():
            raise FactError("an id with a control character", where="id", hint=_PRINTABLE)
        for name in self.whose:
            _require_id(name, getattr(self, name))
        for name in self.several:
            if isinstance(getattr(self, name), str):  # which would be taken for its letters
                raise FactError("expected several values", where=name, hint="write `(one,)`")
        if self.at.tzinfo is None:
            raise FactError(
                "a time without a zone", where="at", hint="write `2019-10-04T09:00:00Z`"
            )

    @property
    def named(self) -> str | None:
        """The account or user the fact is about; None goes to the stream ``house``."""
        about = self.about
        return None if about is None else getattr(self, about)


def _require_kinds(id_: object, at: object) -> None:
    """What a caller in Python hands over is looked at here, before anything is asked of it."""
    if not isinstance(id_, str):
        raise FactError("expected text", where="id")
    if not isinstance(at, datetime):
        raise FactError("expected a time", where="at", hint="`datetime`, with a zone")


def _require_id(name: str, value: object) -> None:
    """Ids stand in messages and on terminals: they hold nothing that is not seen."""
    if not isinstance(value, str):  # no account is known yet; another type is refused on writing
        return
    if not value or value == _HOUSE:
        said = f"the id `{_HOUSE}` is reserved" if value else "an empty id"
        raise FactError(said, where=name)
    if not value.isprintable():
        raise FactError("an id with a control character", where=name, hint=_PRINTABLE)


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(field, personal, key, renamed)
)
def fact(
    tag: str, *, rank: int = 50, about: str | None = "account_id", version: int = 1
) -> Callable[[type[T]], type[T]]:
    """Class decorator: a frozen, keyword-only fact under a stable ``tag``."""

    def register(cls: type[T]) -> type[T]:
        made: Any = values(cls)
        made.tag, made.rank, made.about, made.version = tag, rank, about, version
        made.paths = tuple(_personal_paths(made))
        made.keys = tuple((a.name, a.metadata["key"]) for a in fields(made) if "key" in a.metadata)
        made.whose = tuple(a.name for a in fields(made) if a.name in _WHOSE)
        made.several = tuple(a.name for a in fields(made) if str(a.type).startswith("tuple["))
        FACT_TYPES[tag] = made
        return cast("type[T]", made)

    return register


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970 of an aware instant."""
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def position_of(fact: Fact) -> str:
    """Where the fact sorts: ``(at, kind rank, id)`` as one string that sorts bytewise.

    The order in which facts of the same instant arrive plays no part in it.
    """
    return f"{_instant(fact.at)}{_RANKS[fact.rank]}{fact.id}"


def position_at(at: datetime) -> str:
    """A position after every fact of this instant."""
    return f"{_instant(at)}|~"


def _instant(at: datetime) -> str:
    return str(microseconds(at) + _OFFSET).zfill(18)


def personal_paths(cls: type[Fact]) -> tuple[tuple[str, ...], ...]:
    """The paths of the personal fields of a kind of fact, as they stand in its JSON form."""
    return cls.paths


def _personal_paths(cls: type[Any]) -> Iterator[tuple[str, ...]]:
    for attribute in fields(resolve_types(cls)):
        name = attribute.metadata.get("json", attribute.name)
        inner = _inner_class(attribute)
        if attribute.metadata.get("personal"):
            yield (name,)
        elif inner is not None:
            yield from ((name, *path) for path in _personal_paths(inner))


def _inner_class(attribute: Attribute[Any]) -> type[Any] | None:
    kind = attribute.type
    for candidate in (kind, *getattr(kind, "__args__", ())):
        if isinstance(candidate, type) and has(candidate):
            return candidate
    return None


def marks_of(fact: Fact) -> Iterator[Mark]:
    """The index rows a fact bears by its key fields; identifiers are added by their check."""
    for name, kind in fact.keys:
        value = getattr(fact, name)
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None:
                yield Mark(kind, str(one), fact.id)
    content = getattr(fact, "content", None)
    if content is not None:  # keys that lie inside a nested value
        yield Mark("content", content.content_id, fact.id)
        if content.about_account_id is not None:
            yield Mark("names", content.about_account_id, fact.id)
