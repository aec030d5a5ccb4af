"""The console: pages for people, which use nothing but documented routes. The service sends their files and does no more."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from engineering_api.operations.streaming.beats import STALE
from engineering_api.web.pages.policy import source_of
from openness_bridge.errors import Kind, Problem

PACKAGED = Path(__file__).with_name("console")
CHECKOUT = Path(__file__).resolve().parents[3] / "console"
TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
}
"""What is sent, by its suffix."""
START = "index.html"
IMPORTS = "{imports}"
LIMIT = "{stale}"
"""Where the start page gets the limit for age, in milliseconds: the console has no second one."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' {script}",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""What the console may load: files and answers of this server, and the import map, by its checksum."""
UNCHANGING = "public, max-age=31536000, immutable"
"""For files whose path has a version."""


DESCRIPTION = re.compile(rb"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*$", re.MULTILINE | re.DOTALL)
"""A JSDoc comment that has no code on its lines: for readers and TypeScript (console/checking.py), so browsers do not get it."""


class File(NamedTuple):
    """A file as it is sent."""

    content: bytes
    packed: bytes
    tag: str


def handlers() -> list[HTTPRouteHandler]:
    """Return the console's start page and its files."""

    @get("/console", sync_to_thread=True)
    def console(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Return the start page. Its addresses are relative, so its own must end with a slash."""
        if not (request.scope.get("raw_path") or b"").partition(b"?")[0].endswith(b"/"):
            return Response(b"", status_code=307, headers={"Location": "console/"})
        return _send(request, START)

    @get("/console/{path:path}", sync_to_thread=True)
    def console_file(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Return a file of the console."""
        return _send(request, str(request.path_params["path"]).lstrip("/"))

    return [console, console_file]


def folder() -> Path:
    """Return the console's files: those of the package, otherwise those of the checkout.

    Raises:
        Problem: The files of others, which the console needs, are missing.
    """
    if PACKAGED.is_dir():
        return PACKAGED
    if not (CHECKOUT / "vendor" / "lock").is_file():
        msg = "The console is not installed: run python3 dev.py console in a checkout, or install the built package."
        raise Problem("package.console_missing", msg, kind=Kind.UNSUPPORTED)
    return CHECKOUT


def _send(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    root = folder()
    file = (root / name).resolve() if "\0" not in name else root
    if file.suffix not in TYPES or not file.is_relative_to(root) or not file.is_file():
        raise NotFoundException
    found = read(file, file.stat().st_mtime_ns)
    headers = {
        "ETag": found.tag,
        "Vary": "Accept-Encoding",
        "Cache-Control": UNCHANGING if name.startswith("vendor/") else "no-cache",
    }
    if name == START:
        headers["Content-Security-Policy"] = POLICY.format(script=source_of(import_map(root)))
    if found.tag in request.headers.get("If-None-Match", ""):
        return Response(b"", status_code=304, headers=headers)
    content = found.content
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        content = found.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=TYPES[file.suffix], headers=headers)


@lru_cache(maxsize=512)
def read(file: Path, _: int) -> File:
    """Return a file of this time of change as it is sent; each statement stays on its line."""
    content = file.read_bytes()
    if file.suffix == ".js" and "vendor" not in file.parts:
        content = DESCRIPTION.sub(lambda found: b"\n" * found[0].count(b"\n"), content)
    if file.name == START:
        content = content.replace(IMPORTS.encode(), import_map(file.parent).encode())
        content = content.replace(LIMIT.encode(), str(round(STALE * 1000)).encode())
    return File(content, gzip.compress(content, mtime=0), f'"{sha256(content).hexdigest()[:24]}"')


@cache
def import_map(root: Path) -> str:
    """Return the import map: the names by which modules import the files of others."""
    packages = json.loads((root / "packages.lock.json").read_text(encoding="utf-8"))["packages"]
    imports = {
        imported: f"./vendor/{package['name']}-{package['version']}/{file}"
        for package in packages
        for file, imported in package["files"].items()
        if imported
    }
    return json.dumps({"imports": imports})
