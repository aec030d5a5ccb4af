"""Uploads and downloads over HTTP: the bytes of files, streamed.

`POST /api/files?path=...` takes a raw body or a form with one file, `PUT /api/files/...` a raw body. `GET /api/files/...`
sends a file, whole or in part (RFC 9110, 14), or a folder as a ZIP archive that is made while it is sent. What is sent is
never shown by a browser: it is an attachment without a type.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import os
import re
import threading
from collections.abc import AsyncIterator, Generator
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Annotated, Any, BinaryIO
from urllib.parse import quote, unquote

import msgspec
from litestar import Response
from litestar.enums import MediaType
from litestar.response import Stream

from engineering_api.execution.runner import Runner
from engineering_api.features.files import file_store
from engineering_api.features.files.file_store import FileInfo, tag_of_file
from engineering_api.files import uploads
from engineering_api.files.multipart_body import file_of
from engineering_api.files.zip_stream import zipped
from engineering_api.operations import wire
from engineering_api.operations.context import Context, Service
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Request, named, path_field
from engineering_api.operations.resources import tags_in
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from engineering_api.web.answers import problem_response
from engineering_api.web.forms.versions import version_of
from engineering_api.web.identify import Call
from engineering_api.web.statuses import HttpProblem
from openness_bridge.errors import Kind, Place, Problem

PIECE = 256 << 10
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]*):", re.IGNORECASE)
_UNSAFE = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
    "Cache-Control": "private, no-cache",
}
section = Section("Files")
_bytes = Section("Files")


class Publish(Request):
    """A draft that gets its name."""

    path: Annotated[str, path_field("The file.", writes=True)]
    upload: Annotated[str, named("The draft.")]
    sha256: Annotated[str, named("Of its content.")]
    size: Annotated[int, named("In bytes.")]
    overwrite: Annotated[bool, named("Whether a file that is there is replaced.", destroys=True)] = False
    if_match: Annotated[str, named("Entity tags of the file that may be replaced.")] = ""


@_bytes.operation(lock=Lock.NONE, reach=Reach.ALL, destroys=True, undo=Undo.NEVER, done="Uploaded")
def publish(ctx: Context, request: Publish) -> FileInfo:
    """Give an upload its name."""
    overwrite = request.overwrite or bool(request.if_match)
    path = ctx.roots.new(request.path, overwrite=overwrite)
    file_store.require_free(ctx.service.portals.current, path)
    if request.if_match and not _is_one_of(path, request.if_match):
        msg = f"'{path}' has changed since you read it: download it again, and repeat your change."
        raise Problem("request.precondition_failed", msg, kind=Kind.CHANGED, place=Place(path=request.path))
    ctx.service.uploads.publish(request.upload, path, overwrite=overwrite)
    return file_store.info(ctx.roots, str(path))


PUBLISH = replace(_bytes.operations[0], name="transfer.upload")
"""Not in the catalogue: it has no meaning without the bytes. It runs like all others, with lock, limits and audit entry."""


@section.endpoint(
    "POST /api/files",
    reach=Reach.ALL,
    right=Right.ENGINEER,
    media="application/json",
    body="application/octet-stream",
    status=201,
    query={
        "path": "The file, or a folder with / at its end if a form names the file.",
        "overwrite": "Whether an existing file is replaced: true or false.",
    },
)
async def upload(ctx: Context, request: Call) -> Response[bytes]:
    """Upload a file, as the body or as a form with one file."""
    chunks: AsyncIterator[bytes] = request.stream()
    path = request.query_params.get("path", "")
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        name, chunks = await file_of(request.headers["content-type"], chunks)
        path = f"{path}{name}" if not path or path.endswith("/") else path
    return await _receive(ctx, request, path, chunks)


@section.endpoint(
    "PUT /api/files/{path}",
    reach=Reach.ALL,
    right=Right.ENGINEER,
    media="application/json",
    body="application/octet-stream",
    status=201,
    query={"overwrite": "Whether an existing file is replaced: true or false."},
    deep=True,
)
async def put(ctx: Context, request: Call) -> Response[bytes]:
    """Upload a file to a path."""
    return await _receive(ctx, request, _path(request), request.stream())


@section.endpoint("GET /api/files/{path}", reach=Reach.ALL, media="application/octet-stream", deep=True)
async def download(ctx: Context, request: Call) -> Response[Any]:
    """Download a file, or a folder as a ZIP archive."""
    return await asyncio.to_thread(_send, ctx.service, request, _path(request))


def _path(request: Call) -> str:
    return unquote(str(request.path_params["path"])).removeprefix("/")


# -- uploads ------------------------------------------------------------------------------


async def _receive(ctx: Context, request: Call, path: str, chunks: AsyncIterator[bytes]) -> Response[bytes]:
    service = ctx.service
    if not path:
        raise Problem(
            "request.missing_field",
            "The target is missing: add ?path=archives/Conveyor.zap20, for example.",
            kind=Kind.INVALID,
        )
    overwrite = _is_true(request.query_params.get("overwrite", "")) and request.headers.get("if-none-match") != "*"
    wanted = Publish(
        path=path, upload="", sha256="", size=0, overwrite=overwrite, if_match=request.headers.get("if-match", "")
    )
    uploads.require_name(path)
    await asyncio.to_thread(_require_possible, service, wanted)
    announced = request.headers.get("content-length", "")
    draft = await service.uploads.receive(chunks, int(announced) if announced.isdecimal() else None)
    try:
        _require_digest(request.headers.get("content-digest", ""), draft.sha256)
        ready = msgspec.structs.replace(wanted, upload=draft.id, sha256=draft.sha256, size=draft.size)
        answer = await service.part(Runner).wait(PUBLISH, ready, ctx.caller, limit=None)
    finally:
        await asyncio.to_thread(service.uploads.drop, draft.id)
    done = answer if isinstance(answer, bytes) else wire.encode({"jobId": answer})
    version = version_of(request.scope)
    return Response(
        version.success(done, PUBLISH.done, 201),
        media_type=MediaType.JSON,
        status_code=201,
        headers={"Location": version.path(f"/files/{quote(path)}")},
    )


def _require_possible(service: Service, wanted: Publish) -> None:
    """Refuse an upload before its bytes come, where that is known already.

    Raises:
        Problem: Its path is none, leads elsewhere, or there is such a file.
    """
    path = service.roots.resolve(wanted.path)
    if path.is_dir() or (path.exists() and not (wanted.overwrite or wanted.if_match)):
        service.roots.new(wanted.path, overwrite=wanted.overwrite)


def _require_digest(header: str, sha256: str) -> None:
    """Compare what came with what the sender says that it is (RFC 9530)."""
    match = _DIGEST.search(header)
    if match is None:
        return
    try:
        said = base64.b64decode(match[1], validate=True).hex()
    except binascii.Error:
        said = ""
    if said != sha256:
        raise Problem(
            "file.damaged", "The content does not match Content-Digest: send the file again.", kind=Kind.INVALID
        )


def _is_true(text: str) -> bool:
    return text.casefold() in {"true", "1"}


def _is_one_of(path: Path, tags: str) -> bool:
    return path.is_file() and (tags.strip() == "*" or tag_of_file(path.stat()) in tags_in(tags))


# -- downloads ----------------------------------------------------------------------------


def _send(service: Service, request: Call, text: str) -> Response[Any]:
    path = service.roots.resolve(text)
    if path.is_dir():
        headers = _UNSAFE | {"Content-Type": "application/zip", "Content-Disposition": _attachment(f"{path.name}.zip")}
        return Stream(lambda: _threaded(zipped(service.roots, path)), headers=headers, media_type="application/zip")
    file = service.roots.opened(service.roots.existing(text))
    try:
        return _of_file(request, file, path.name)
    except BaseException:
        file.close()
        raise


def _of_file(request: Call, file: BinaryIO, name: str) -> Response[Any]:
    about = os.fstat(file.fileno())
    tag, size = tag_of_file(about), about.st_size
    headers = _UNSAFE | {
        "ETag": tag,
        "Last-Modified": formatdate(about.st_mtime, usegmt=True),
        "Accept-Ranges": "bytes",
    }
    known = request.headers.get("if-none-match", "")
    if known and {tag, "*"} & set(tags_in(known)):
        file.close()
        return Response(b"", status_code=304, headers=headers)
    part = _part(request.headers, tag, size)
    if part is None:
        file.close()
        msg = f"The file has {size} bytes: request a range within them."
        refused = problem_response(HttpProblem("request.range", msg, 416), version_of(request.scope))
        refused.set_header("Content-Range", f"bytes */{size}")
        return refused
    start, end = part
    headers |= {"Content-Length": str(end - start), "Content-Disposition": _attachment(name)}
    if (start, end) != (0, size):
        headers |= {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    status = 206 if "Content-Range" in headers else 200
    return Stream(
        lambda: _threaded(_read(file, start, end), file),
        status_code=status,
        headers=headers,
        media_type="application/octet-stream",
    )


def _part(headers: Any, tag: str, size: int) -> tuple[int, int] | None:
    """Return the wanted bytes, from and to; None where there are none. Several ranges are answered with all bytes."""
    match = _RANGE.fullmatch(headers.get("range", "").strip())
    if match is None or not (match[1] or match[2]) or headers.get("if-range", tag) != tag:
        return 0, size
    if not match[1]:
        last = int(match[2])
        return (max(0, size - last), size) if last and size else None
    start, end = int(match[1]), int(match[2]) + 1 if match[2] else size
    if end <= start and match[2]:
        return 0, size
    return (start, min(end, size)) if start < size else None


def _attachment(name: str) -> str:
    """Return the header that has a browser save a file under its name (RFC 6266)."""
    plain = "".join(each if each.isascii() and each.isprintable() and each not in '"\\%' else "_" for each in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _read(file: BinaryIO, start: int, end: int) -> Generator[bytes, None, None]:
    file.seek(start)
    while start < end and (piece := file.read(min(PIECE, end - start))):
        start += len(piece)
        yield piece


async def _threaded(pieces: Generator[bytes, None, None], *held: BinaryIO) -> AsyncIterator[bytes]:
    """Yield pieces that a worker thread makes, one after the other. Nothing stays open when a client hangs up."""
    turn = threading.Lock()

    def take() -> bytes | None:
        with turn:
            return next(pieces, None)

    def close() -> None:
        with turn:
            pieces.close()
            for each in held:
                each.close()

    try:
        while (piece := await asyncio.to_thread(take)) is not None:
            yield piece
    finally:
        _ = asyncio.get_running_loop().run_in_executor(None, close)
