"""System API: checks that the audit log is whole, and exports it. system.audit lists its entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from litestar.response import Stream

from engineering_api.audit.chain import Broken, Verdict
from engineering_api.audit.files import Format
from engineering_api.audit.files import export as pieces_of
from engineering_api.audit.moments import moment
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing
from engineering_api.operations.terms import Lock, Reach, Right, Site
from engineering_api.web.identify import Call
from openness_bridge.errors import Kind, Problem

section = Section("System API", Site.GATEWAY)
TYPES = {"jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8"}


@section.operation(also="GET /api/audit/verify", right=Right.ADMINISTER, lock=Lock.NONE, changes=False)
def verify(ctx: Context, _: Nothing) -> Verdict:
    """Check that no entry of the audit log was changed, removed, inserted or cut off.

    The answer has the number of the first entry that was changed. `tia audit verify` does the same without the
    server, also for an exported file.
    """
    return ctx.service.audit.verify()


@section.endpoint(
    "GET /api/audit/export",
    reach=Reach.ALL,
    right=Right.ADMINISTER,
    media=TYPES["jsonl"],
    query={
        "format": "jsonl, the default, or csv.",
        "since": "Only entries from this moment on.",
        "until": "Only entries before this moment.",
    },
)
async def export(ctx: Context, request: Call) -> Stream:
    """Export the audit log with its hashes, as a file that can be checked without the server."""
    audit, caller, given = ctx.service.audit, ctx.caller, request.query_params
    form = given.get("format", "jsonl").casefold()
    if form not in TYPES:
        raise Problem("request.wrong_type", f"There is no format '{form}': use jsonl or csv.", kind=Kind.INVALID)
    since, until = moment(given.get("since"), "since"), moment(given.get("until"), "until")
    await audit.event("audit.export", caller=caller.name, address=caller.address, format=form, since=since, until=until)
    pieces = pieces_of(audit.trail, cast("Format", form), since, until)
    name = f'attachment; filename="audit.{form}"'
    return Stream(_until_broken(pieces), media_type=TYPES[form], headers={"Content-Disposition": name})


def _until_broken(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the pieces. A log that has lost rows ends without its last line, so that the check finds that."""
    try:
        yield from pieces
    except Broken:
        return
