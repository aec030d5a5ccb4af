"""Access to inputs, outputs, markers and other bytes as Python text: the usual widths inline, the rest by a codec."""

from __future__ import annotations

import re
import struct

from fakes.plc.codecs import Bytes, codec
from fakes.plc.python_code.block_code import BlockCode
from fakes.plc.python_code.text import Level, Text
from fakes.plc.views import view
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.ranges import limits
from simatic_xml.program.types import Array, DataType, Elementary, Kind, Structure

AREAS = {"I": "inputs", "Q": "outputs", "M": "markers"}
_ADDRESS = re.compile(r"%?(?P<area>[IQEAM])(?P<width>[XBWDL]?)(?P<byte>\d+)(?:\.(?P<bit>\d))?", re.IGNORECASE)
_NUMBERED = re.compile(r"%?(?P<area>[TCZ])(?P<number>\d+)", re.IGNORECASE)
_GERMAN = {"E": "I", "A": "Q", "Z": "C"}
_FORMATS = {8: "bB", 16: "hH", 32: "iI", 64: "qQ"}


def area(code: BlockCode, letter: str, *, peripheral: bool) -> str:
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


def numbered(code: BlockCode, letter: str, number: int) -> Text:
    """Return the word of an S5 timer or counter."""
    name = "timers" if letter == "T" else "counters"
    return Text(f"{code.bind(name, getattr(code.context.memory, name))}[{number}]")


def read(code: BlockCode, data: str, data_type: DataType, byte: int, bit: int, place: Place) -> Text:
    """Return what lies at a byte; a structure or array as its view.

    Args:
        code: the block.
        data: text of the bytes, global for a structure.
        data_type: type of the value.
        byte: number of the byte.
        bit: number of the bit.
        place: where the access stands.
    """
    match data_type:
        case Structure() | Array():
            return _view(code, data, data_type, byte, place)
        case Elementary(kind=Kind.BOOL):
            return Text(f"{data}[{byte}] & {1 << bit} != 0", Level.COMPARE)
        case Elementary(kind=Kind.CHARACTER, bits=8):
            return Text(f"chr({data}[{byte}])")
        case Elementary(bits=8, signed=False):
            return Text(f"{data}[{byte}]", range=(0, 255))
        case Elementary(bits=16, signed=False) if data_type.kind is not Kind.CHARACTER:
            return Text(f"{data}[{byte}] << 8 | {data}[{byte + 1}]", Level.BIT_OR, (0, 0xFFFF))
        case Elementary() if _form(data_type):
            unpack = code.bind(f"get_{data_type.name}", _packing(_form(data_type)).unpack_from)
            return Text(f"{unpack}({data}, {byte})[0]", range=_range(data_type))
    return Text(f"{code.bind('get_text', codec(data_type).read)}({data}, {byte}, {bit})")


def write(code: BlockCode, data: str, data_type: DataType, byte: int, bit: int, value: Text) -> None:
    """Write the lines that put a value without parts at a byte."""
    match data_type:
        case Elementary(kind=Kind.BOOL):
            _write_bit(code, data, byte, bit, value)
        case Elementary(bits=8, signed=False) if data_type.kind is not Kind.CHARACTER:
            code.writer.effect(f"{data}[{byte}] = {value}")
        case Elementary() if _form(data_type):
            pack = code.bind(f"put_{data_type.name}", _packing(_form(data_type)).pack_into)
            code.writer.effect(f"{pack}({data}, {byte}, {value})")
        case _:
            code.writer.effect(f"{code.bind('put_text', codec(data_type).write)}({data}, {byte}, {bit}, {value})")


def _write_bit(code: BlockCode, data: str, byte: int, bit: int, value: Text) -> None:
    on, off = f"{data}[{byte}] |= {1 << bit}", f"{data}[{byte}] &= {255 - (1 << bit)}"
    if value.constant:
        code.writer.effect(on if value.text == "True" else off)
        return
    code.writer.line(f"if {value}:")
    with code.writer.deeper():
        code.writer.effect(on)
    code.writer.line("else:")
    with code.writer.deeper():
        code.writer.effect(off)


def _view(code: BlockCode, data: str, data_type: Structure | Array, byte: int, place: Place) -> Text:
    buffer = code.context.names.values.get(data)
    if buffer is None:
        raise code.refuse("A structure cannot be laid over these bytes.", place)
    key = (id(buffer), id(data_type), byte)
    name = code.context.views.get(key)
    if name is None:
        name = code.context.views[key] = code.bind(f"view_{byte}", view(data_type, buffer, byte))
    return Text(name, steady=True)


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
