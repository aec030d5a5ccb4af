"""Values as the bytes of a block with standard access: big-endian, as S7 communication transfers them.

Facts: docs/runtime/s7.md#types.
"""

from __future__ import annotations

import re
import struct
from functools import lru_cache

from openness_bridge.errors import Problem
from openness_bridge.plcsim import calendar
from openness_bridge.plcsim.values import elementary
from runtime_data.values import Scalar
from simatic_xml.program.types.ranges import fits
from simatic_xml.program.types.types import Elementary, Kind

_WHOLE = {8: "bB", 16: "hH", 32: "iI", 64: "qQ"}
_TEXT = re.compile(r"(W?String)(?:\[(\d{1,5})\])?", re.IGNORECASE)
_USUAL_LENGTH = 254


def size_of(data_type: str) -> int:
    """Return the bytes that a value takes; 1 for Bool.

    Raises:
        Problem: It is no type of a single value.
    """
    kind = _kind(data_type)
    if isinstance(kind, Elementary):
        return max(1, kind.bits // 8)
    wide, longest = kind
    return 2 * longest + 4 if wide else longest + 2


def decode(data_type: str, content: bytes, bit: int = 0) -> Scalar:
    """Return the value that bytes are, as `data_types.publish` takes it.

    Args:
        data_type: Such as Real, Date_And_Time or String[10].
        content: As many bytes as the type has.
        bit: Of Bool, which bit of the byte.

    Raises:
        Problem: The bytes are no value of the type: a date that does not exist, decimal digits that are none, half of a pair of
            surrogates.
    """
    kind = _kind(data_type)
    if not isinstance(kind, Elementary):
        return _decode_text(content, wide=kind[0], longest=kind[1])
    match kind.kind:
        case Kind.BOOL:
            return bool(content[0] >> bit & 1)
        case Kind.CHARACTER:
            return content.decode("latin-1") if kind.bits == 8 else _decode_wide(content, data_type)
        case Kind.DATE_AND_TIME if not kind.unit:
            return _decode_calendar(content)
    found: int | float = struct.unpack(_form(kind), content)[0]
    if kind.name in ("S5Time", "Counter", "Timer") and not f"{int(found) & 0xFFF:x}".isdecimal():
        raise _no_value(data_type, content)
    if kind.kind in (Kind.TIME_OF_DAY, Kind.DATE_AND_TIME) and not fits(found, kind):
        raise _no_value(data_type, content)
    return int(f"{int(found) & 0xFFF:x}") if kind.name == "Counter" else found


def encode(data_type: str, value: Scalar) -> bytes:
    """Return the bytes of a value, as `data_types.accept` gives it; of Bool one byte, 0 or 1.

    Raises:
        Problem: A text has characters that the type does not have.
    """
    kind = _kind(data_type)
    if not isinstance(kind, Elementary):
        return _encode_text(data_type, str(value), wide=kind[0], longest=kind[1])
    match kind.kind:
        case Kind.BOOL:
            return bytes((bool(value),))
        case Kind.CHARACTER:
            return _characters(data_type, str(value), "latin-1" if kind.bits == 8 else "utf-16-be")
        case Kind.DATE_AND_TIME if not kind.unit:
            return calendar.encode(str(value))
    return struct.pack(_form(kind), value)


@lru_cache(maxsize=1000)
def _kind(data_type: str) -> Elementary | tuple[bool, int]:
    """Return an elementary type, or of a text whether it is wide and its longest length."""
    kind = elementary(data_type)
    if kind is not None:
        return kind
    found = _TEXT.fullmatch(data_type)
    if found is None:
        raise Problem(
            "runtime.data_type", f"'{data_type}' is not a type of a single value, such as Real or String[20]."
        )
    return found[1].casefold() == "wstring", int(found[2] or _USUAL_LENGTH)


def _form(kind: Elementary) -> str:
    if kind.kind is Kind.REAL:
        return ">f" if kind.bits == 32 else ">d"
    return f">{_WHOLE[kind.bits][not kind.signed]}"


def _decode_text(content: bytes, *, wide: bool, longest: int) -> str:
    if wide:
        length = min(int.from_bytes(content[2:4], "big"), longest)
        return _decode_wide(content[4 : 4 + 2 * length], "WString")
    return content[2 : 2 + min(content[1], longest)].decode("latin-1")


def _decode_wide(content: bytes, data_type: str) -> str:
    try:
        return content.decode("utf-16-be")
    except UnicodeDecodeError as error:
        raise _no_value(data_type, content[error.start : error.start + 2]) from None


def _encode_text(data_type: str, text: str, *, wide: bool, longest: int) -> bytes:
    characters = _characters(data_type, text, "utf-16-be" if wide else "latin-1")
    length = len(characters) // 2 if wide else len(characters)
    if length > longest:
        raise Problem("runtime.value", f"{text!r} is longer than {longest} characters, as {data_type} takes.")
    head = struct.pack(">HH" if wide else ">BB", longest, length)
    return (head + characters).ljust(2 * longest + 4 if wide else longest + 2, b"\0")


def _characters(data_type: str, text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        msg = f"{text!r} has characters that {data_type} does not have: use WString or WChar."
        raise Problem("runtime.value", msg) from None


def _decode_calendar(content: bytes) -> str:
    try:
        return calendar.decode(content)
    except ValueError:
        raise _no_value("Date_And_Time", content) from None


def _no_value(data_type: str, content: bytes) -> Problem:
    return Problem("runtime.value", f"The bytes {content.hex(' ')} are not a value of {data_type}.")
