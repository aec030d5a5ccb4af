"""Access to inputs, outputs, markers and other bytes as Python text: the usual widths inline, the rest by a codec."""

from __future__ import annotations

import re
import struct

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.ranges import limits
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Structure
from virtual_plc.code.naming import Name
from virtual_plc.code.python_text import Text, expression, literal
from virtual_plc.memory.codecs import Bytes, codec
from virtual_plc.memory.views import view
from virtual_plc.python_tier.block_code import BlockCode

TRUE = literal(True)
AREAS = {"I": "inputs", "Q": "outputs", "M": "markers"}
_ADDRESS = re.compile(r"%?(?P<area>[IQEAM])(?P<width>[XBWDL]?)(?P<byte>\d+)(?:\.(?P<bit>\d))?", re.IGNORECASE)
_NUMBERED = re.compile(r"%?(?P<area>[TCZ])(?P<number>\d+)", re.IGNORECASE)
_GERMAN = {"E": "I", "A": "Q", "Z": "C"}
_FORMATS = {8: "bB", 16: "hH", 32: "iI", 64: "qQ"}


def area(code: BlockCode, letter: str, *, peripheral: bool) -> Name:
    """Return the global name of the bytes of an area."""
    name = ("peripheral_" if peripheral else "") + AREAS[letter]
    return code.bind(name, area_of(code, letter, peripheral=peripheral))


def area_of(code: BlockCode, letter: str, *, peripheral: bool) -> Bytes:
    """Return the bytes of an area."""
    found: Bytes = getattr(code.context.memory, ("peripheral_" if peripheral else "") + AREAS[letter])
    return found


def place_of(address: str) -> tuple[str, int, int] | None:
    """Return area, byte and bit of the address of a tag; of a timer or counter its number. None when it has none."""
    found = _ADDRESS.fullmatch(address)
    if found:
        letter = found["area"].upper()
        return _GERMAN.get(letter, letter), int(found["byte"]), int(found["bit"] or 0)
    found = _NUMBERED.fullmatch(address)
    if found:
        letter = found["area"].upper()
        return _GERMAN.get(letter, letter), int(found["number"]), 0
    return None


def index_word(code: BlockCode, letter: str, number: int) -> Text:
    """Return the word of an S5 timer or counter."""
    name = "timers" if letter == "T" else "counters"
    return expression("{}[{}]", code.bind(name, getattr(code.context.memory, name)), number)


def read(code: BlockCode, data: Name | Text, data_type: DataType, byte: int, bit: int, place: Place) -> Text:
    """Return what is at a byte; a structure or array as its view.

    Args:
        code: the block.
        data: the bytes, a global name for a structure.
        data_type: type of the value.
        byte: number of the byte.
        bit: number of the bit.
        place: where the access is.
    """
    match data_type:
        case Structure() | Array():
            return _view(code, data, data_type, byte, place)
        case Elementary(kind=Kind.BOOL):
            return expression("{}[{}] & {} != 0", data, byte, 1 << bit)
        case Elementary(kind=Kind.CHARACTER, bits=8):
            return expression("chr({}[{}])", data, byte)
        case Elementary(bits=8, signed=False):
            return expression("{}[{}]", data, byte, range=(0, 255))
        case Elementary(bits=16, signed=False) if data_type.kind is not Kind.CHARACTER:
            return expression("{0}[{1}] << 8 | {0}[{2}]", data, byte, byte + 1, range=(0, 0xFFFF))
        case Elementary() if _form(data_type):
            unpack = code.bind(f"get_{data_type.name}", _packing(_form(data_type)).unpack_from)
            return expression("{}({}, {})[0]", unpack, data, byte, range=_range(data_type))
    return expression("{}({}, {}, {})", code.bind("get_text", codec(data_type).read), data, byte, bit)


def write(code: BlockCode, data: Name | Text, data_type: DataType, byte: int, bit: int, value: Text) -> None:
    """Write the lines that put a value without parts at a byte."""
    match data_type:
        case Elementary(kind=Kind.BOOL):
            _write_bit(code, data, byte, bit, value)
        case Elementary(bits=8, signed=False) if data_type.kind is not Kind.CHARACTER:
            code.writer.effect("{}[{}] = {}", data, byte, value)
        case Elementary() if _form(data_type):
            pack = code.bind(f"put_{data_type.name}", _packing(_form(data_type)).pack_into)
            code.writer.effect("{}({}, {}, {})", pack, data, byte, value)
        case _:
            code.writer.effect(
                "{}({}, {}, {}, {})", code.bind("put_text", codec(data_type).write), data, byte, bit, value
            )


def _write_bit(code: BlockCode, data: Name | Text, byte: int, bit: int, value: Text) -> None:
    if value.constant:
        _write_known_bit(code, data, byte, bit, is_set=value == TRUE)
        return
    code.writer.line("if {}:", value)
    with code.writer.deeper():
        _write_known_bit(code, data, byte, bit, is_set=True)
    code.writer.line("else:")
    with code.writer.deeper():
        _write_known_bit(code, data, byte, bit, is_set=False)


def _write_known_bit(code: BlockCode, data: Name | Text, byte: int, bit: int, *, is_set: bool) -> None:
    if is_set:
        code.writer.effect("{}[{}] |= {}", data, byte, 1 << bit)
    else:
        code.writer.effect("{}[{}] &= {}", data, byte, 255 - (1 << bit))


def _view(code: BlockCode, data: Name | Text, data_type: Structure | Array, byte: int, place: Place) -> Text:
    buffer = code.draft.names.values.get(data.text) if isinstance(data, Name) else None
    if buffer is None:
        raise code.refuse("A structure cannot overlay these bytes.", place)
    key = (id(buffer), id(data_type), byte)
    if key not in code.draft.views:
        name = code.bind(f"view_{byte}", view(data_type, buffer, byte))
        code.draft.views[key] = expression("{}", name, steady=True)
    return code.draft.views[key]


_PACKINGS: dict[str, struct.Struct] = {}


def _packing(form: str) -> struct.Struct:
    return _PACKINGS.setdefault(form, struct.Struct(form))


def _form(data_type: Elementary) -> str:
    """Return the packing of a number, empty for what is none."""
    if data_type.kind is Kind.REAL:
        return ">f" if data_type.bits == 32 else ">d"
    if data_type.kind is Kind.CHARACTER or (data_type.kind is Kind.DATE_AND_TIME and not data_type.unit):
        return ""
    return f">{_FORMATS[data_type.bits][not data_type.signed]}"


def _range(data_type: Elementary) -> tuple[int, int] | None:
    return None if data_type.kind is Kind.REAL else limits(data_type)
