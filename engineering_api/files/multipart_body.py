"""The file of a form (RFC 7578), while it comes: nothing of it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from openness_bridge.errors import Kind, Problem

LONGEST_FIELD = 64 << 10
"""Bytes of the fields before the file, all together."""


async def file_of(content_type: str, chunks: AsyncIterator[bytes]) -> tuple[str, AsyncIterator[bytes]]:
    """Return the name and the content of the first file of a form.

    Args:
        content_type: The request's, with the boundary.
        chunks: Its body.

    Raises:
        Problem: `request.malformed_form`, it is no form, or has no file.
    """
    _, options = parse_options_header(content_type)
    try:
        parts = _parts(
            PushMultipartParser(options.get("boundary", ""), max_header_count=8, max_segment_count=16), chunks
        )
        skipped = 0
        async for part in parts:
            if isinstance(part, MultipartSegment) and part.filename:
                return part.filename.replace("\\", "/").rpartition("/")[2], _content(parts)
            skipped += len(part) if isinstance(part, bytes | bytearray) else 0
            if skipped > LONGEST_FIELD:
                break
    except (MultipartError, ValueError) as error:
        raise _refuse_form(str(error)) from error
    raise _refuse_form("it has no file with a name")


async def _parts(
    parser: PushMultipartParser, chunks: AsyncIterator[bytes]
) -> AsyncIterator[MultipartSegment | bytearray | None]:
    with parser:
        async for chunk in chunks:
            for event in parser.parse(chunk):
                yield event
        for event in parser.parse(b""):
            yield event


async def _content(parts: AsyncIterator[MultipartSegment | bytearray | None]) -> AsyncIterator[bytes]:
    """Yield the bytes of one part, up to its end."""
    try:
        async for part in parts:
            if part is None:
                return
            if not isinstance(part, MultipartSegment):
                yield bytes(part)
    except (MultipartError, ValueError) as error:
        raise _refuse_form(str(error)) from error
    raise _refuse_form("it ends in the middle of the file")


def _refuse_form(why: str) -> Problem:
    return Problem("request.malformed_form", f"The form cannot be read: {why}.", kind=Kind.INVALID)
