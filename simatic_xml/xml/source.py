"""Bytes to text and back: byte-order mark, declared encoding, line ends, and what is around the root element."""

import codecs
import re
from dataclasses import dataclass

from simatic_xml.errors import SimaticMLError

_DECLARATION = re.compile(r"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ALLOWED = {"utf-8", "us-ascii", "iso-8859-1", "windows-1252", "utf-16"}


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file are written.

    Attributes:
        bom: Whether a byte-order mark comes first.
        codec: Python's name of the encoding.
        eol: Line end, LF or CR LF.
    """

    bom: bool = True
    codec: str = "utf-8"
    eol: str = "\n"


def decode(data: bytes) -> tuple[str, Encoding]:
    """Return the text of an XML file, line ends as found, and how its bytes were written.

    Raises:
        SimaticMLError: ``"encoding"``, where the bytes are not in the encoding that the file declares.
    """
    bom, codec = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), (b"", ""))
    codec = codec or _read_encoding(data)
    try:
        text = data[len(bom) :].decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SimaticMLError(
            "encoding", f"The file is not valid {codec.upper()}; save it as UTF-8.", line=line
        ) from error
    return text, Encoding(bool(bom), codec, line_end(text))


def line_end(text: str) -> str:
    """Return CR LF where every line ends with it, else LF; single other line ends are then deviations."""
    breaks = text.count("\r\n")
    return "\r\n" if breaks and breaks == text.count("\n") else "\n"


def encode(text: str, encoding: Encoding) -> bytes:
    """Return `text` as bytes in `encoding`; line ends are taken as they are.

    Raises:
        SimaticMLError: ``"encoding"``, where the encoding lacks a character of the text.
    """
    mark = next(mark for mark, name in _BOMS if name == encoding.codec) if encoding.bom else b""
    try:
        return mark + text.encode(encoding.codec)
    except UnicodeEncodeError as error:
        message = f"The text has characters that {encoding.codec.upper()} cannot write; write it as UTF-8."
        raise SimaticMLError("encoding", message) from error


def _read_encoding(data: bytes) -> str:
    match = _DECLARATION.match(data[:200].decode("latin-1"))
    name = match.group(1).lower() if match else "utf-8"
    if name not in _ALLOWED:
        raise SimaticMLError("encoding", f"The encoding {name!r} is not supported; save the file as UTF-8.", line=1)
    return "utf-8" if name == "utf-16" else name
