"""System API: checking that the audit log is whole. Its entries are listed by system.audit, and exported as a stream."""

from __future__ import annotations

from engineering_api.audit.chain import Verdict
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Lock, Nothing, Right, Section, Site

section = Section("System API", Site.GATEWAY)


@section.operation(also="GET /api/audit/verify", right=Right.ADMINISTER, lock=Lock.NONE, changes=False)
def verify(ctx: Context, _: Nothing) -> Verdict:
    """Check that no entry of the audit log was changed, removed, inserted or cut off.

    The answer names the first number at which the log is not what was written. `tia audit verify` does the same without the
    server, also for an exported file.
    """
    return ctx.service.audit.verify()
