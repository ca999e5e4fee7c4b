"""Readers and writers of whole classes, generated once each from the types of their fields.

cattrs writes the code of each class; which form each field takes is said here, by exact type,
so that nothing is ever coerced.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin

from attrs import Attribute, fields, has, resolve_types
from cattrs import BaseValidationError, Converter, IterableValidationError, IterableValidationNote
from cattrs.fns import identity
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from policyenforce.errors import FactError
from policyenforce.model import forms
from policyenforce.model.forms import Reader, Writer
from policyenforce.terms.gates import Standard
from policyenforce.terms.references import ClauseRef

_PLAIN: dict[Any, tuple[Reader, Writer]] = {
    str: (forms.read_text, identity),
    int: (forms.read_whole, identity),
    float: (forms.read_number, forms.write_number),
    bool: (forms.read_truth, identity),
    Decimal: (forms.read_amount, forms.write_amount),
    Standard: (forms.read_standard, forms.write_standard),
    ClauseRef: (forms.read_clause, str),
}
_ALWAYS_READ = (forms.write_amount, forms.write_instant, forms.write_standard, date.isoformat)
"""The writers whose words are always read back."""

_GIVING_BACK = (forms.read_text, forms.read_whole, forms.read_truth)
"""The readers that give back the very value they are handed."""

LIMITS: dict[str, tuple[float, float]] = {
    "confidence": (0, 1),
    "revision": (1, math.inf),
    "days": (1, math.inf),
    "duration_s": (0, math.inf),
    "latitude": (-90, 90),
    "longitude": (-180, 180),
}
"""Field name -> the smallest and greatest number it takes, in every class that has it."""

CLAUSE_TEXTS = frozenset({"clause", "clauses", "power_clause"})
"""Fields of text that hold a clause reference, or several."""


def json_name(attribute: Attribute[Any]) -> str:
    """What a field is called in files, where it may be a Python keyword."""
    return str(attribute.metadata.get("json", attribute.name))


class Codec:
    """The readers and writers of classes. ``special`` adds forms for further types.

    With ``detailed``, readers collect every problem into cattrs' validation errors; without,
    they raise at the first, and cost half. With ``checked``, writers raise for what the readers
    would refuse; a few raise for more, such as a list in place of a tuple.
    """

    def __init__(
        self,
        special: Mapping[Any, tuple[Reader, Writer]] | None = None,
        *,
        detailed: bool = False,
        checked: bool = False,
    ) -> None:
        self._forms = {**_PLAIN, **(special or {})}
        self._detailed = detailed
        self._checked = checked
        self._converter = Converter(detailed_validation=detailed, forbid_extra_keys=True)
        self._readers: dict[Any, Reader] = {}
        self._writers: dict[Any, Writer] = {}

    def reader(self, kind: Any) -> Reader:
        """What reads this type: a class, an enumeration, or a collection of them."""
        known = self._readers.get(kind)
        if known is None:
            known = self._readers[kind] = self._make_reader(kind)
        return known

    def writer(self, kind: Any) -> Writer:
        """What writes this type."""
        known = self._writers.get(kind)
        if known is None:
            known = self._writers[kind] = self._make_writer(kind)
        return known

    def _make_reader(self, kind: Any) -> Reader:
        form = self._form(kind)
        if form is not None:
            return form[0]
        if has(kind):
            return self._class_reader(kind)
        inner, origin = get_args(kind), get_origin(kind)
        if NoneType in inner:
            return forms.optional(self.reader(_but_none(inner)))
        if origin in (tuple, frozenset):
            return self._sequence_reader(self.reader(inner[0]), origin)
        return self._mapping_reader(self.reader(inner[0]), self.reader(inner[1]))

    def _make_writer(self, kind: Any) -> Writer:
        form = self._form(kind)
        if form is not None:
            return _read_back(*form) if self._checked else form[1]
        if has(kind):
            made, exact = self._class_writer(kind), kind
        else:
            inner, exact = get_args(kind), get_origin(kind)
            if NoneType in inner:
                return _optional_writer(self.writer(_but_none(inner)))
            if exact in (tuple, frozenset):
                made = _sequence_writer(self.writer(inner[0]), ordered=exact is tuple)
            else:
                made = _mapping_writer(self.writer(inner[0]), self.writer(inner[1]))
        return _only(exact, made) if self._checked else made

    def _form(self, kind: Any) -> tuple[Reader, Writer] | None:
        if kind in self._forms or not isinstance(kind, type):
            return self._forms.get(kind)
        if issubclass(kind, datetime):  # by subclass: a frozen clock puts its own class here
            return forms.read_instant, forms.write_instant
        if issubclass(kind, date):
            return forms.read_day, date.isoformat
        if issubclass(kind, Enum):
            return forms.word_reader(kind), forms.write_word
        return None

    def _class_reader(self, cls: type[Any]) -> Reader:
        hooks: dict[str, Any] = {
            a.name: override(rename=a.metadata.get("json"), struct_hook=self._field_reader(a))
            for a in fields(resolve_types(cls))
        }
        generated = make_dict_structure_fn(
            cls, self._converter, _cattrs_use_linecache=False, **hooks
        )

        def read(value: Any, _: Any = cls) -> Any:
            if type(value) is not dict:
                raise FactError("expected an object")
            return generated(value, cls)

        return read

    def _field_reader(self, attribute: Attribute[Any]) -> Reader:
        kind = attribute.type
        if attribute.name in CLAUSE_TEXTS:
            if kind in (str, str | None):
                return _nullable(forms.read_clause_text, kind)
            if kind == tuple[str, ...]:
                return self._sequence_reader(forms.read_clause_text, tuple)
        if attribute.name in LIMITS:
            inner = _but_none(get_args(kind)) if get_args(kind) else kind
            return _nullable(forms.bounded(self.reader(inner), *LIMITS[attribute.name]), kind)
        return self.reader(kind)

    def _class_writer(self, cls: type[Any]) -> Writer:
        hooks: dict[str, Any] = {
            a.name: override(rename=a.metadata.get("json"), unstruct_hook=self._field_writer(a))
            for a in fields(resolve_types(cls))
        }
        return make_dict_unstructure_fn(
            cls,
            self._converter,
            _cattrs_omit_if_default=True,
            _cattrs_use_linecache=False,
            **hooks,
        )

    def _field_writer(self, attribute: Attribute[Any]) -> Writer:
        kind = attribute.type
        if attribute.default is None and NoneType in get_args(kind):
            kind = _but_none(get_args(kind))  # None is the default, and defaults are not written
        if self._checked and (attribute.name in CLAUSE_TEXTS or attribute.name in LIMITS):
            return _read_back(self._field_reader(attribute), self.writer(kind))
        return self.writer(kind)

    def _sequence_reader(self, element: Reader, collection: Callable[[Any], Any]) -> Reader:
        detailed = self._detailed

        def read(value: Any, kind: Any = None) -> Any:
            if type(value) is not list and type(value) is not tuple:
                raise FactError("expected a list")
            if detailed:
                return collection([_noted(element, v, i, kind) for i, v in enumerate(value)])
            return collection([element(item, kind) for item in value])

        return read

    def _mapping_reader(self, key: Reader, element: Reader) -> Reader:
        detailed = self._detailed

        def read(value: Any, kind: Any = None) -> Any:
            if type(value) is not dict:
                raise FactError("expected an object")
            if detailed:
                return {key(k, kind): _noted(element, v, k, kind) for k, v in value.items()}
            return {key(k, kind): element(v, kind) for k, v in value.items()}

        return read


def _noted(element: Reader, item: Any, index: int | str, kind: Any) -> Any:
    """One item read; what refuses it is noted with its index or name."""
    try:
        return element(item, kind)
    except (FactError, BaseValidationError) as error:
        error.add_note(IterableValidationNote("in a collection", index, kind))
        raise IterableValidationError("in a collection", [error], kind) from None


def _read_back(reader: Reader, writer: Writer) -> Writer:
    """The same writer, which raises what reading its word would."""
    if writer in _ALWAYS_READ:
        return writer
    if writer is identity and reader in _GIVING_BACK:
        return reader

    def write(value: Any) -> Any:
        word = writer(value)
        reader(word, None)
        return word

    return write


def _only(cls: type[Any], writer: Writer) -> Writer:
    """The same writer, for values of exactly this class."""

    def write(value: Any) -> Any:
        if type(value) is not cls:
            raise FactError(f"expected `{cls.__name__}`")
        return writer(value)

    return write


def _mapping_writer(key: Writer, element: Writer) -> Writer:
    return lambda value: {key(k): element(v) for k, v in value.items()}


def _sequence_writer(element: Writer, *, ordered: bool) -> Writer:
    if not ordered:
        return lambda value: sorted(element(item) for item in value)
    if element is identity:
        return list
    return lambda value: [element(item) for item in value]


def _optional_writer(writer: Writer) -> Writer:
    return lambda value: None if value is None else writer(value)


def _nullable(reader: Reader, kind: Any) -> Reader:
    return forms.optional(reader) if NoneType in get_args(kind) else reader


def _but_none(inner: tuple[Any, ...]) -> Any:
    return next(kind for kind in inner if kind is not NoneType)
