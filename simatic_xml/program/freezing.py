"""A typed program as bytes, so that another process continues where this one is; only trusted bytes may be read.

The bytes are those of `pickle`. XML in them is text, code is what `marshal` writes, and elementary types are those of the
process that reads. The body of a block stays bytes until somebody uses it, which most bodies never see again.
"""

from __future__ import annotations

import copyreg
import gc
import io
import marshal
import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from operator import attrgetter
from struct import Struct
from types import CodeType
from typing import Any, TypeVar, overload

from lxml import etree

from simatic_xml import model
from simatic_xml.program import typed_blocks
from simatic_xml.program.types.types import ELEMENTARY, Elementary, Structure, Unknown, Variable
from simatic_xml.xml.parsing import parse_own

Item = TypeVar("Item")
Reduced = str | tuple[Any, ...]


class Frozen(Sequence[Item]):
    """A list that is read from its bytes when it is used first."""

    __slots__ = ("_items", "_read")

    def __init__(self, content: bytes, shared: _Shared) -> None:
        """Read nothing yet."""
        self._items: list[Item] = []
        self._read: tuple[bytes, _Shared] | None = content, shared

    @property
    def _list(self) -> list[Item]:
        read = self._read
        if read is not None:
            content, _reading.shared = read
            self._items = pickle.loads(content)  # noqa: S301 - part of the bytes that `thaw` has
            self._read = None
        return self._items

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        """Return an item, or several."""
        return self._list[index]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._list)

    def __iter__(self) -> Iterator[Item]:
        """Yield each."""
        return iter(self._list)

    def __eq__(self, other: object) -> bool:
        """Return whether a list or tuple has equal items."""
        return isinstance(other, Sequence) and self._list == list(other)

    __hash__ = None  # type: ignore[assignment]  # as Python says that a list has none

    def reduced(self) -> Reduced:
        """Return what `pickle` writes of a list that nobody has read."""
        assert self._read is not None  # noqa: S101 - it has just been made
        return Frozen, self._read


class _Shared:
    """Types and variables that bodies have in common with declarations, and that are compared by identity."""

    __slots__ = ("items", "numbers")

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.numbers: dict[int, int] = {}

    def __reduce__(self) -> Reduced:
        return _Shared, ()

    def reduce(self, item: Structure | Variable) -> Reduced:
        number = self.numbers.setdefault(id(item), len(self.items))
        if number == len(self.items):
            self.items.append(item)
        return _shared_item, (number,)


class _Reading(threading.local):
    shared: _Shared


_reading = _Reading()
"""Where the body that a thread reads just now has its shared objects."""


def _shared_item(number: int) -> Any:
    return _reading.shared.items[number]


def freeze(program: object) -> bytes:
    """Return a program as bytes: a `Workspace`, or what holds one.

    Raises:
        RecursionError: it is nested too deep to be written.
    """
    shared = _Shared()
    bodies = _Bodies(shared)
    return _dump((program, shared, shared.items), _Table(_TABLE | bodies.table))


def thaw(content: bytes) -> Any:
    """Return the program of `freeze`.

    The bytes can contain code: they must come from this software, and from a place where nobody else can write.
    """
    collects = gc.isenabled()
    gc.disable()  # many objects are made, and none of them is garbage
    try:
        program, shared, shared.items = pickle.loads(content)  # noqa: S301 - trusted, as the docstring demands
        if not gc.get_freeze_count():
            gc.freeze()  # they all become old at once, instead of being looked through when they are new
            gc.unfreeze()
    finally:
        if collects:
            gc.enable()
    return program


class _Bodies:
    """Writes lists of blocks as separate bytes."""

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared
        self._frozen: dict[int, Frozen[Any]] = {}
        self._body = _Table(_TABLE | dict.fromkeys((Structure, Variable), shared.reduce))
        self.table: dict[type, Callable[[Any], Reduced]] = {
            typed_blocks.Block: self._typed,
            model.Block: lambda block: _state(block, networks=self.freeze(block.networks)),
            Frozen: Frozen.reduced,
        }

    def freeze(self, items: Sequence[Any]) -> Frozen[Any]:
        known = self._frozen.get(id(items))
        if known is None:
            known = self._frozen[id(items)] = Frozen(_dump(list(items), self._body), self._shared)
        return known

    def _typed(self, block: typed_blocks.Block) -> Reduced:
        networks = self.freeze(block.networks)
        derived = {about: (networks, found) for about, (of, found) in block.derived.items() if of is block.networks}
        return _state(block, networks=networks, derived=derived)


def _dump(content: object, table: dict[type, Callable[[Any], Reduced]]) -> bytes:
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = table
    pickler.dump(content)
    return stream.getvalue()


def _state(block: Any, **changes: Any) -> Reduced:
    state = {each.name: getattr(block, each.name) for each in fields(block)} | changes
    return copyreg.__newobj__, (type(block),), (None, state)  # type: ignore[attr-defined]  # typeshed does not know it


def _element(element: etree._Element) -> Reduced:
    return parse_own, (etree.tostring(element, encoding="unicode", with_tail=False),)


def _elementary(data_type: Elementary) -> Reduced:
    found = ELEMENTARY.get(data_type.name.upper())
    return (_find_elementary, (data_type.name,)) if found is data_type else data_type.__reduce_ex__(4)


def _find_elementary(name: str) -> Elementary:
    return ELEMENTARY[name.upper()]


def _by_fields(kind: type) -> Callable[[Any], Reduced]:
    """Return what writes objects of a small class as its name and arguments, which is quicker than what dataclasses do."""
    names = [each.name for each in fields(kind)]
    if len(names) < 2:
        return lambda item: (kind, tuple(getattr(item, name) for name in names))
    values = attrgetter(*names)
    return lambda item: (kind, values(item))


class _Table(dict[type, Callable[[Any], Reduced]]):
    """How objects are written, by their class."""

    def __missing__(self, kind: type) -> Callable[[Any], Reduced]:
        if issubclass(kind, type):
            raise KeyError(kind)
        is_own = kind.__reduce__ is not object.__reduce__
        is_frozen = is_dataclass(kind) and getattr(kind, "__dataclass_params__").frozen  # noqa: B009 (no type knows it)
        found = self[kind] = _by_fields(kind) if is_frozen and not is_own else _as_pickle
        return found


def _as_pickle(item: Any) -> Reduced:
    return item.__reduce_ex__(pickle.HIGHEST_PROTOCOL)  # type: ignore[no-any-return]  # pickle knows its form


_TABLE: dict[type, Callable[[Any], Reduced]] = {
    etree._Element: _element,  # noqa: SLF001 - lxml has no other name for it
    Elementary: _elementary,
    Unknown: lambda _: "UNKNOWN",
    CodeType: lambda code: (marshal.loads, (marshal.dumps(code),)),
    Struct: lambda form: (Struct, (form.format,)),
}
