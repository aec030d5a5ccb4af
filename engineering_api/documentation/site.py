"""Serves the documentation site from one archive, so that readers need no internet access.

`python3 dev.py docs` writes the archive. A server without it answers with that command.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

_HERE = Path(__file__).resolve().parent
ARCHIVES = (_HERE / "site.zip", _HERE.parent.parent / "build" / "site.zip")
"""Where the archive is: in an installed package, and in a checkout."""
MISSING = "The documentation site is not part of this installation. Write it by: python3 dev.py docs\n"
_POLICY = (
    "default-src 'none'; connect-src 'self'; font-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; script-src 'self' {scripts}"
)
"""What a page may load: this server's files and the page's own scripts, by their checksums."""
_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def handlers(archives: Sequence[Path] = ARCHIVES) -> list[HTTPRouteHandler]:
    """Return the handlers of the pages at `/docs/`."""

    @get("/docs", sync_to_thread=False)
    def start() -> Redirect:
        """Lead to the first page."""
        return Redirect("/docs/index.html")

    @get("/docs/{name:path}", sync_to_thread=True)
    def page(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Return a file of the site."""
        archive = next((each for each in archives if each.is_file()), None)
        if archive is None:
            return Response(MISSING.encode(), media_type="text/plain", status_code=404)
        name = request.path_params["name"].strip("/") or "index.html"
        content = _read(archive, name)
        status = 200
        if content is None:
            name, status = "404.html", 404
            content = _read(archive, name) or b""
        headers = {"Cache-Control": "max-age=3600"}
        if name.endswith(".html"):
            headers["Content-Security-Policy"] = policy(content)
        media_type = guess_type(name)[0] or "application/octet-stream"
        return Response(content, media_type=media_type, status_code=status, headers=headers)

    return [start, page]


def policy(page: bytes) -> str:
    """Return the content security policy of a page: it runs the scripts of this server, and its own."""
    digests = (b64encode(sha256(script).digest()).decode() for script in _SCRIPT.findall(page))
    return _POLICY.format(scripts=" ".join(f"'sha256-{each}'" for each in dict.fromkeys(digests)))


def _read(archive: Path, name: str) -> bytes | None:
    with ZipFile(archive) as content:
        return content.read(name) if name in _names(archive, archive.stat().st_mtime_ns) else None


@cache
def _names(archive: Path, changed: int) -> frozenset[str]:
    """Return the names of the files in the archive as it was at a time."""
    del changed
    with ZipFile(archive) as content:
        return frozenset(content.namelist())
