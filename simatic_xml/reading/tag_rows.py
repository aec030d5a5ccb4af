"""The rows of a tag table in regular layout, read in one pass: a table of 100,000 tags is never in memory as a tree.

Patterns find the values loosely; then the rows are written again, and only where that gives the very text that was
read was nothing overlooked. Everything else is left to the general reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from sys import intern
from typing import TypeVar

from simatic_xml.model import Tag, Texts, UserConstant
from simatic_xml.writing.tag_rows import NotPlain, Written, constants_text, tags_text

_CHUNK = 1 << 20
_END_OF_TAG, _END_OF_CONSTANT = b"      </SW.Tags.PlcTag>\n", b"      </SW.Tags.PlcUserConstant>\n"
_START_OF_CONSTANT = b'      <SW.Tags.PlcUserConstant ID="'


def _leaf(name: str) -> str:
    return f"<{name}(?:>([^<]*)</{name}>| />)"


def _pattern(*parts: str) -> str:
    return "[^<]*".join(parts)


def _flag(name: str) -> str:
    return f"(?:<{name}>([^<]*)</{name}>\n *)?"


_FLAGS = _flag("ExternalAccessible") + _flag("ExternalVisible") + _flag("ExternalWritable")
_NAME = "<Name>([^<]*)</Name>"
_TEXT = _pattern(
    "<MultilingualTextItem ",
    "<AttributeList>",
    "<Culture>([^<]*)</Culture>",
    _leaf("Text"),
    "</AttributeList>",
    "</MultilingualTextItem>\n *",
)
_FURTHER = _TEXT.replace("([^<]*)", "[^<]*")
_COMMENT = _pattern("(?:<ObjectList>", "<MultilingualText ", "<ObjectList>", f"{_TEXT}((?:{_FURTHER})*))?")
_TAG = ("<SW.Tags.PlcTag ", "<AttributeList>", _leaf("DataTypeName"), _FLAGS + _leaf("LogicalAddress"), _NAME)
_CONSTANT = ("<SW.Tags.PlcUserConstant ", "<AttributeList>", _leaf("DataTypeName"), _NAME, _leaf("Value"))
_TAG_ROW = re.compile(_pattern(*_TAG, "</AttributeList>", _COMMENT))
_CONSTANT_ROW = re.compile(_pattern(*_CONSTANT, "</AttributeList>", _COMMENT))
_ITEM = re.compile(_TEXT)
_BOOLEANS = {"true": True, "false": False, "": None}

R = TypeVar("R", Tag, UserConstant)


def read_rows(data: bytes, start: int, end: int, eol: bytes) -> tuple[list[Tag], list[UserConstant]] | None:
    """Return the rows in a part of a file, or None where they are not regular.

    Args:
        data: The file, in UTF-8.
        start: Where the line of the first row starts.
        end: Where the line after the last row starts.
        eol: Line end of the file.
    """
    border = data.find(_START_OF_CONSTANT, start, end)
    border = end if border < 0 else border
    last_tag, last_constant = _END_OF_TAG.replace(b"\n", eol), _END_OF_CONSTANT.replace(b"\n", eol)
    try:
        tags, number = _read(_chunks(data, start, border, last_tag), eol, _tags, tags_text, 1)
        constants, _ = _read(_chunks(data, border, end, last_constant), eol, _constants, constants_text, number)
    except (_Irregular, NotPlain, UnicodeDecodeError, KeyError):
        return None
    return tags, constants


class _Irregular(Exception):  # noqa: N818 - a signal within this module
    """The rows are not what the model would write."""


def _chunks(data: bytes, start: int, end: int, last: bytes) -> Iterator[bytes]:
    """Yield parts of about a megabyte that end with a whole row."""
    while start < end:
        found = data.find(last, min(start + _CHUNK, end), end)
        stop = end if found < 0 else found + len(last)
        yield data[start:stop]
        start = stop


def _read(
    chunks: Iterator[bytes],
    eol: bytes,
    read: Callable[[str], list[R]],
    write: Callable[[list[R], int], Written],
    number: int,
) -> tuple[list[R], int]:
    """Return the rows of all parts, numbered from `number`, and the number after them."""
    rows: list[R] = []
    for chunk in chunks:
        found = read((chunk if eol == b"\n" else chunk.replace(eol, b"\n")).decode("utf-8"))
        text, number = write(found, number)
        written = text.encode("utf-8")
        if (written if eol == b"\n" else written.replace(b"\n", eol)) != chunk:
            raise _Irregular
        rows += found
    return rows, number


def _tags(chunk: str) -> list[Tag]:
    plain = _plain_for(chunk)
    return [
        Tag(
            plain(name),
            intern(plain(data_type)),
            plain(address),
            _comment(culture, value, further, plain) if culture else {},
            _BOOLEANS[accessible],
            _BOOLEANS[visible],
            _BOOLEANS[writable],
        )
        for data_type, accessible, visible, writable, address, name, culture, value, further in _TAG_ROW.findall(chunk)
    ]


def _constants(chunk: str) -> list[UserConstant]:
    plain = _plain_for(chunk)
    return [
        UserConstant(
            plain(name),
            intern(plain(data_type)),
            plain(value),
            _comment(culture, comment, further, plain) if culture else {},
        )
        for data_type, name, value, culture, comment, further in _CONSTANT_ROW.findall(chunk)
    ]


def _plain_for(chunk: str) -> Callable[[str], str]:
    return unescape if "&" in chunk else str


def _comment(culture: str, value: str, further: str, plain: Callable[[str], str]) -> Texts:
    comment = {intern(culture): plain(value)}
    if further:
        comment |= {intern(each): plain(text) for each, text in _ITEM.findall(further)}
    return comment
