"""Values as the Web API carries them: `simple` as JSON, `raw` as the bytes in a CPU's memory.

Between them and the service is the form that a controller has: durations, dates and times as counts of their unit, S5Time
as its word, Date_And_Time as a text (`data_types.publish` and `accept` continue from there).
Facts: docs/facts/webapi.md#values.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import struct
from functools import lru_cache
from typing import Any

from openness_bridge.plcsim import calendar
from openness_bridge.plcsim.values import elementary
from runtime_data.values import Scalar
from simatic_xml.program.types.ranges import fits, real32, shortest
from simatic_xml.program.types.types import ELEMENTARY, Elementary, Kind

_TEXT = re.compile(r"(W?String)(?:\[(\d{1,5})\])?", re.IGNORECASE)
_USUAL_LENGTH = 254
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)-(\d\d):(\d\d):(\d\d(?:\.\d{1,3})?)")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_S5_BASES = (10, 100, 1000, 10_000)
_LARGEST_NUMBER = 32
"""Bits up to which an integer is a number in `simple`; longer ones are texts."""
_LAST_CHAR = 127
_LAST_WCHAR = 0xD7FF
_SPELLED = {each.name.casefold(): each.name for each in ELEMENTARY.values()}


class FormError(ValueError):
    """A value is not of the type, or the form cannot carry it."""


@lru_cache(maxsize=1000)
def spell(web_name: str, max_length: int = 0) -> str:
    """Return a type as TIA Portal writes it, such as Time_Of_Day of time_of_day; empty for one without a single value."""
    if web_name in ("string", "wstring"):
        text = "String" if web_name == "string" else "WString"
        return f"{text}[{max_length}]" if max_length and max_length != _USUAL_LENGTH else text
    return _SPELLED.get(web_name, "")


def web_name(data_type: str) -> tuple[str, int]:
    """Return a type as the Web API writes it, and the longest text of one; "unsupported" for what it does not read."""
    found = _TEXT.fullmatch(data_type)
    if found is not None:
        return found[1].casefold(), int(found[2] or _USUAL_LENGTH)
    kind = elementary(data_type)
    return (kind.name.casefold(), 0) if kind is not None else ("unsupported", 0)


def to_simple(data_type: str, value: Scalar) -> Any:
    """Return a value in the form `simple`; None where a CPU answers null: NaN, infinities, characters that it does not show."""
    kind = elementary(data_type)
    if kind is None:
        return str(value) if all(ord(each) <= _LAST_WCHAR for each in str(value)) else None
    match kind.kind:
        case Kind.REAL:
            number = float(value)
            if not math.isfinite(number):
                return None
            return float(shortest(real32(number))) if kind.bits == 32 else number
        case Kind.CHARACTER:
            return str(value) if ord(str(value)) <= (_LAST_CHAR if kind.bits == 8 else _LAST_WCHAR) else None
        case Kind.BOOL:
            return bool(value)
    if kind.name == "S5Time" or kind.kind is Kind.TIMER:
        basis, count = _of_s5(int(value))
        return {"basis": basis, "value": count}
    if kind.name == "Date_And_Time":
        return _to_object(str(value))
    return int(value) if kind.bits <= _LARGEST_NUMBER else str(int(value))


def from_simple(data_type: str, given: Any) -> Scalar | None:
    """Return the value of the form `simple`; None for null.

    Raises:
        FormError: It is no value of the type.
    """
    kind = elementary(data_type)
    if given is None:
        return None
    if kind is None:
        return _text(data_type, given)
    if kind.name == "S5Time":
        return _to_s5(given)
    if kind.name == "Date_And_Time":
        return _from_object(given)
    value = _scalar(kind, given)
    if not fits(value, kind):
        raise FormError(f"{given!r} is not a value of {kind.name}")
    return value


def to_raw(data_type: str, value: Scalar) -> list[int]:
    """Return the bytes of a value, the highest first.

    Raises:
        FormError: It is no value of the type.
    """
    kind = elementary(data_type)
    if kind is None:
        return _text_bytes(data_type, str(value))
    match kind.kind:
        case Kind.REAL:
            return list(struct.pack(">f" if kind.bits == 32 else ">d", float(value)))
        case Kind.CHARACTER:
            return list(ord(str(value)).to_bytes(kind.bits // 8, "big"))
    if kind.name == "Date_And_Time":
        return list(calendar.encode(str(value)))
    return list(int(value).to_bytes(max(1, kind.bits // 8), "big", signed=kind.signed))


def from_raw(data_type: str, given: Any) -> Scalar:
    """Return the value of bytes.

    Raises:
        FormError: They are none of the type.
    """
    if not isinstance(given, list) or not all(type(each) is int and 0 <= each <= 255 for each in given):
        raise FormError(f"{given!r} is not a list of bytes")
    data, kind = bytes(given), elementary(data_type)
    if kind is None:
        return _text_of(data_type, data)
    if len(data) != max(1, kind.bits // 8):
        raise FormError(f"{kind.name} has {max(1, kind.bits // 8)} bytes, not {len(data)}")
    match kind.kind:
        case Kind.REAL:
            return float(struct.unpack(">f" if kind.bits == 32 else ">d", data)[0])
        case Kind.CHARACTER:
            return chr(int.from_bytes(data, "big"))
        case Kind.BOOL:
            return bool(data[0] & 1)
    if kind.name == "Date_And_Time":
        return _from_bcd(data)
    number = int.from_bytes(data, "big", signed=kind.signed)
    if not fits(number, kind):
        raise FormError(f"{number} is not a value of {kind.name}")
    return number


def _scalar(kind: Elementary, given: Any) -> Scalar:
    """Return a truth value, a number or a character; a whole number may be written as a text."""
    if kind.kind is Kind.BOOL or isinstance(given, bool):
        return bool(given) if isinstance(given, bool) else _refuse(given, kind)
    if kind.kind is Kind.REAL and isinstance(given, int | float):
        return float(given)
    if kind.kind is Kind.CHARACTER and isinstance(given, str):
        return given
    if isinstance(given, int):
        return given
    if isinstance(given, str) and re.fullmatch(r"-?\d{1,20}", given, re.ASCII):
        return int(given)
    return _refuse(given, kind)


def _refuse(given: Any, kind: Elementary) -> Scalar:
    raise FormError(f"{given!r} is not a value of {kind.name}")


def _text(data_type: str, given: Any) -> str:
    if not isinstance(given, str) or _TEXT.fullmatch(data_type) is None:
        raise FormError(f"{given!r} is not a value of {data_type}")
    return given


# -- S5Time and Date_And_Time, which are decimal digits in four bits each ----------------


def _of_s5(word: int) -> tuple[int, int]:
    return _S5_BASES[word >> 12 & 3], int(f"{word & 0xFFF:x}")


def _to_s5(given: Any) -> int:
    if not isinstance(given, dict):
        raise FormError(f"{given!r} is not an S5Time: it has the fields basis and value")
    basis, count = given.get("basis", given.get("basic")), given.get("value")
    if basis not in _S5_BASES or type(count) is not int or not 0 <= count <= 999:
        raise FormError(f"{given!r} is not an S5Time: the basis is 10, 100, 1000 or 10000, the value 0 to 999")
    return _S5_BASES.index(basis) << 12 | int(str(count), 16)


def _parts(text: str) -> tuple[int, int, int, int, int, int]:
    """Return year, month, day, hour, minute and milliseconds of a Date_And_Time."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise FormError(f"{text!r} is not a Date_And_Time")
    year, month, day, hour, minute = (int(each) for each in found.groups()[:5])
    return year, month, day, hour, minute, round(float(found[6]) * 1000)


def _moment(parts: tuple[int, ...]) -> str:
    """Return the text of a Date_And_Time, of the parts that `_parts` returns."""
    year, month, day, hour, minute, milliseconds = parts
    seconds, rest = divmod(milliseconds, 1000)
    try:
        return calendar.normalize(f"{year:04}-{month}-{day}-{hour}:{minute}:{seconds}.{rest:03}")
    except ValueError as error:
        raise FormError(str(error)) from None


def _to_object(text: str) -> dict[str, Any]:
    year, month, day, hour, minute, milliseconds = _parts(text)
    return {
        "year": year,
        "month": month,
        "day": day,
        "hour": hour,
        "minute": minute,
        "second": milliseconds / 1000,
        "day_of_week": _WEEKDAYS[dt.date(year, month, day).weekday()],
    }


def _from_object(given: Any) -> str:
    if not isinstance(given, dict):
        raise FormError(
            f"{given!r} is not a Date_And_Time: it has the fields year, month, day, hour, minute and second"
        )
    given = given | ({"day": given["date"]} if "date" in given else {})
    whole: list[Any] = [given.get(each) for each in ("year", "month", "day", "hour", "minute")]
    second: Any = given.get("second")
    if not all(type(each) is int for each in whole) or type(second) not in (int, float) or not 0 <= second < 60:
        raise FormError(f"{given!r} is not a Date_And_Time")
    return _moment((*whole, min(59_999, round(second * 1000))))


def _from_bcd(data: bytes) -> str:
    try:
        return calendar.decode(data)
    except ValueError as error:
        raise FormError(str(error)) from None


# -- texts --------------------------------------------------------------------------------


def _text_bytes(data_type: str, text: str) -> list[int]:
    name, longest = web_name(data_type)
    if name not in ("string", "wstring") or len(text) > longest:
        raise FormError(f"{text!r} is not a value of {data_type}")
    width, encoding = (1, "latin-1") if name == "string" else (2, "utf-16-be")
    try:
        body = text.encode(encoding).ljust(longest * width, b"\0")
    except UnicodeEncodeError:
        raise FormError(f"{text!r} has characters that {data_type} does not have") from None
    return list(longest.to_bytes(width, "big") + len(text).to_bytes(width, "big") + body)


def _text_of(data_type: str, data: bytes) -> str:
    name, _ = web_name(data_type)
    width, encoding = (1, "latin-1") if name == "string" else (2, "utf-16-be")
    length = int.from_bytes(data[width : 2 * width], "big")
    body = data[2 * width : (2 + length) * width]
    if name not in ("string", "wstring") or len(body) != length * width:
        raise FormError(f"These are not the bytes of {data_type}")
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        raise FormError(f"These are not the bytes of {data_type}") from None
