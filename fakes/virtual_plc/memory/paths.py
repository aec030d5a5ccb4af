"""Access to memory by a path that people write: `"DB".motor.speed`, `DB.list[3]`, `Tag`, `%MW10`, `#word.%X3`.

A path is resolved once; reading and writing then go straight to the object, list or bytes that it found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from operator import getitem, setitem
from typing import TYPE_CHECKING, Any

from simatic_xml.program.symbols import TagSymbol
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.layout import size_bits
from simatic_xml.program.types.ranges import wrap
from simatic_xml.program.types.types import (
    BOOL,
    BYTE,
    DWORD,
    ELEMENTARY,
    LWORD,
    WORD,
    Array,
    DataType,
    Elementary,
    Kind,
    Structure,
    Unknown,
    type_name,
)
from virtual_plc.code.naming import attribute
from virtual_plc.memory.codecs import Bytes, codec
from virtual_plc.memory.operand_text import Operand, parse_operand
from virtual_plc.memory.path_values import PathError, check_value, fill
from virtual_plc.memory.shapes import by_reference, is_opaque, is_plain, plain
from virtual_plc.memory.starting_values import position
from virtual_plc.memory.views import buffer_of, view

if TYPE_CHECKING:
    from virtual_plc.memory.memory import Memory

_ROOT = re.compile(r'\s*%?(?:"(?P<quoted>[^"]+)"|(?P<plain>[^"%.\[\]:]+))')
_STEP = re.compile(
    r"""\s*(?:
      \.%(?P<part>[XBWD])(?P<number>\d+)
    | \.\s*(?:"(?P<quoted>[^"]+)"|(?P<plain>[^"%.\[\]:]+))
    | \[(?P<indices>[^\]]*)\]
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_WIDTHS = {"X": 1, "B": 8, "W": 16, "D": 32}
_TYPES: dict[int, Elementary] = {1: BOOL, 8: BYTE, 16: WORD, 32: DWORD, 64: LWORD}
_NUMBERED = {"T": ELEMENTARY["TIMER"], "C": ELEMENTARY["COUNTER"]}
_NUMBER = re.compile(r"DB(?P<number>\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Accessor:
    """How one path is read and written.

    Attributes:
        path: as written.
        type: the type of the data.
        get: returns the value; structures as dictionaries, arrays as lists.
        set: checks a value and writes it; raises PathError.
        fixed: whether it stays valid; what is behind a parameter passed by reference changes.
    """

    path: str
    type: DataType
    get: Callable[[], Any]
    set: Callable[[Any], None]
    fixed: bool = True


@dataclass(frozen=True, slots=True)
class _Place:
    """What a path has led to so far.

    Attributes:
        type: its type.
        get: returns the value, object, list or view.
        set: replaces a value without parts.
        fixed: whether it stays the same; what is behind a parameter passed by reference does not.
    """

    type: DataType
    get: Callable[[], Any]
    set: Callable[[Any], Any]
    fixed: bool = True


def resolve(memory: Memory, path: str) -> Accessor:
    """Return how a path is read and written.

    What is written to inputs goes to the process image and to the modules, so that the next scan keeps it.

    Raises:
        PathError: the path is wrong or leads to nothing.
    """
    place = _resolve(memory, path, modules=False)
    if place.inputs:
        return _accessor(path, place.place, _resolve(memory, path, modules=True).place)
    return _accessor(path, place.place)


def _accessor(path: str, place: _Place, beside: _Place | None = None) -> Accessor:
    targets = [place] if beside is None else [place, beside]

    def put_whole(value: Any) -> None:
        for each in targets:
            fill(each.get(), each.type, value, path)

    def put(value: Any) -> None:
        stored = check_value(value, place.type, path)
        for each in targets:
            each.set(stored)

    if isinstance(place.type, Unknown):
        raise PathError("path.member", path, "The type of this member is not known, so it cannot be read or written.")
    if is_opaque(place.type):
        message = "A reference or pointer has no value: name the data that it points to."
        raise PathError("path.reference", path, message)
    if is_plain(place.type):
        return Accessor(path, place.type, place.get, put, place.fixed)
    return Accessor(path, place.type, lambda: plain(place.get()), put_whole, place.fixed)


@dataclass(frozen=True, slots=True)
class _Target:
    place: _Place
    inputs: bool = False


def _resolve(memory: Memory, path: str, *, modules: bool) -> _Target:
    operand = parse_operand(path)
    root = _ROOT.match(path)
    name = (root["quoted"] or root["plain"]).strip() if root else ""
    key = name.casefold()
    is_tag = key in memory.program.tags
    if operand is not None and not (is_tag and path == name):
        place = _of_operand(memory, operand, _TYPES[operand.bits], path, modules=modules)
        return _Target(place, operand.area == "I" and not operand.peripheral)
    if root is None:
        raise PathError(
            "path.form", path, 'Begin with the name of a data block or tag, or with an address like "%MW10".'
        )
    if is_tag:
        return _of_tag(memory, memory.program.tags[key], path, root.end(), modules=modules)
    place = _data_block(memory, path, name)
    return _Target(_follow(place, path, root.end()))


def _data_block(memory: Memory, path: str, name: str) -> _Place:
    """Return a data block by its name, or by a number as in `DB5`."""
    declaration = memory.program.data_blocks.get(name.casefold())
    if declaration is None and (numbered := _NUMBER.fullmatch(name)):
        found = memory.program.find_by_number("DB", int(numbered["number"]))
        declaration = found if isinstance(found, DataBlockDeclaration) else None
    if declaration is None:
        message = f"There is no data block or tag with the name '{name}'. Write the names of members after a point."
        raise PathError("path.unknown", path, message)
    return _whole(declaration.type, memory.data_blocks[declaration.name.casefold()])


def _whole(data_type: DataType, data: Any) -> _Place:
    def refuse(_: Any) -> None:
        raise AssertionError

    return _Place(data_type, lambda: data, refuse)


def _of_tag(memory: Memory, tag: TagSymbol, path: str, end: int, *, modules: bool) -> _Target:
    operand = parse_operand(tag.address)
    if operand is None:
        raise PathError("path.unknown", path, f"The tag '{tag.name}' has no address; give it one like %M0.0.")
    direct = path[end:].strip().upper().endswith(":P")
    if direct:
        path = path[: path.upper().rindex(":P")]
        operand = replace(operand, peripheral=True)
    place = _of_operand(memory, operand, tag.type, path, modules=modules)
    return _Target(_follow(place, path, end), operand.area == "I" and not direct)


def _of_operand(memory: Memory, operand: Operand, data_type: DataType, path: str, *, modules: bool) -> _Place:
    """Return what is at an address.

    Raises:
        PathError: nothing is there.
    """
    if operand.area in _NUMBERED:
        values = memory.timers if operand.area == "T" else memory.counters
        if operand.byte >= len(values):
            raise PathError("path.range", path, f"The CPU has {len(values)} of them, counted from 0.")
        return _element(values, operand.byte, _NUMBERED[operand.area])
    area = _bytes(memory, operand, path, modules=modules)
    size = (size_bits(data_type) + 7) // 8
    if operand.byte + size > len(area):
        raise PathError("path.range", path, f"The area ends after byte {len(area) - 1}.")
    if not is_plain(data_type):
        return _whole(data_type, view(data_type, area, operand.byte))
    how, byte, bit = codec(data_type), operand.byte, operand.bit
    return _Place(data_type, partial(how.read, area, byte, bit), partial(how.write, area, byte, bit))


def _bytes(memory: Memory, operand: Operand, path: str, *, modules: bool) -> Bytes:
    if operand.area == "DB":
        data = memory.by_number.get(operand.block or 0)
        if data is None:
            raise PathError("path.unknown", path, f"There is no data block with the number {operand.block}.")
        area = buffer_of(data)
        if area is None:
            message = "This data block has optimized access and no addresses; use the names of its members."
            raise PathError("path.optimized", path, message)
        return area
    if operand.area == "M":
        return memory.markers
    direct = operand.peripheral or modules
    if operand.area == "I":
        return memory.peripheral_inputs if direct else memory.inputs
    return memory.peripheral_outputs if direct else memory.outputs


def _follow(place: _Place, path: str, at: int) -> _Place:
    """Follow the steps of a path from where its root ends."""
    while path[at:].strip():
        step = _STEP.match(path, at)
        if step is None:
            message = f"'{path[at:]}' cannot be read. Continue with .member, [index] or a slice such as .%X3."
            raise PathError("path.form", path, message)
        place = _step(place, step, path)
        at = step.end()
    return place


def _step(place: _Place, step: re.Match[str], path: str) -> _Place:
    if step["part"]:
        return _slice(place, _WIDTHS[step["part"].upper()], int(step["number"]), path)
    if step["indices"] is not None:
        return _index(place, step["indices"], path)
    return _member(place, (step["quoted"] or step["plain"]).strip(), path)


def _member(place: _Place, name: str, path: str) -> _Place:
    structure = place.type
    member = structure.member(name) if isinstance(structure, Structure) else None
    if member is None or not isinstance(structure, Structure):
        message = f"{type_name(structure)} has no member '{name}'{_near(structure, name)}"
        raise PathError("path.member", path, message)
    holder, key = place.get(), attribute(member.name)
    if by_reference(structure, member) and not is_opaque(member.type):
        if getattr(holder, key) is None:
            message = f"'{name}' is passed by reference and the block has not been called yet."
            raise PathError("path.reference", path, message)
        return _Place(member.type, partial(getattr, holder, key), partial(setattr, holder, key), fixed=False)
    return _Place(member.type, partial(getattr, holder, key), partial(setattr, holder, key), place.fixed)


def _near(structure: DataType, name: str) -> str:
    """Return the names that may be meant, as the end of a sentence."""
    names = [member.name for member in structure.members] if isinstance(structure, Structure) else []
    close = get_close_matches(name, names, 3, 0.5)
    return f"; is it {' or '.join(close)}?" if close else "."


def _index(place: _Place, text: str, path: str) -> _Place:
    array = place.type
    if not isinstance(array, Array):
        raise PathError("path.index", path, f"{type_name(array)} has no elements: remove the index.")
    try:
        indices = [int(each) for each in text.split(",")]
    except ValueError:
        raise PathError("path.index", path, f"'{text}' is not an index: write whole numbers.") from None
    at = position(array, indices)
    if at is None:
        raise PathError("path.index", path, f"[{text}] is not in {type_name(array)}.")
    return replace(_element(place.get(), at, array.element), fixed=place.fixed)


def _element(values: Any, at: int, data_type: DataType) -> _Place:
    return _Place(data_type, partial(getitem, values, at), partial(setitem, values, at))


def _slice(place: _Place, bits: int, number: int, path: str) -> _Place:
    whole = place.type
    if not isinstance(whole, Elementary) or whole.kind not in (Kind.BITS, Kind.INTEGER):
        raise PathError(
            "path.part", path, f"{type_name(whole)} has no parts; a slice needs a bit string or an integer."
        )
    if (number + 1) * bits > whole.bits:
        raise PathError("path.part", path, f"{type_name(whole)} has {whole.bits // bits} parts of {bits} bits.")
    shift, mask = number * bits, (1 << bits) - 1
    made: Callable[[int], Any] = bool if bits == 1 else int

    def get() -> Any:
        return made(place.get() >> shift & mask)

    def put(value: int) -> None:
        place.set(wrap(place.get() & ~(mask << shift) | int(value) << shift, whole))

    return _Place(_TYPES[bits], get, put, place.fixed)
