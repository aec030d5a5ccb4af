"""GET /api/audit/export: the audit log as a file that can be checked elsewhere, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from litestar import get
from litestar.connection import Request
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from engineering_api.audit.chain import Broken
from engineering_api.audit.files import Format, export
from engineering_api.audit.moments import moment
from engineering_api.operations.context import Service
from engineering_api.operations.declaration import Right
from engineering_api.security import Gate
from engineering_api.security.scopes import Scopes
from engineering_api.web.identify import identify
from openness_bridge.errors import Kind, Problem

TYPES = {"jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8"}


def handlers(service: Service, gate: Gate) -> list[HTTPRouteHandler]:
    """Return the handler of the stream."""

    @get("/api/audit/export")
    async def export_audit(request: Request[Any, Any, Any]) -> Stream:
        """The audit log with its hashes: `format` (jsonl or csv), `since`, `until`."""
        caller = await identify(request, gate, Right.ADMINISTER)
        service.part(Scopes).require_unlimited(caller)
        given = request.query_params
        form = given.get("format", "jsonl").casefold()
        if form not in TYPES:
            raise Problem("request.wrong_type", f"There is no format '{form}': jsonl or csv.", kind=Kind.INVALID)
        since, until = moment(given.get("since"), "since"), moment(given.get("until"), "until")
        await service.audit.event(
            "audit.export", caller=caller.name, address=caller.address, format=form, since=since, until=until
        )
        pieces = export(service.audit.trail, cast("Format", form), since, until)
        name = f'attachment; filename="audit.{form}"'
        return Stream(_until_broken(pieces), media_type=TYPES[form], headers={"Content-Disposition": name})

    return [export_audit]


def _until_broken(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the pieces. A log that has lost rows ends without its last line, so that the check finds that."""
    try:
        yield from pieces
    except Broken:
        return
