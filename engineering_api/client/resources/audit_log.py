"""System API: checking that the audit log is whole. Its entries are listed by system.audit, and exported as a stream.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.audit.chain import Verdict
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.operations.declaration import Nothing


class AuditLog(Resource):
    """System API: checking that the audit log is whole. Its entries are listed by system.audit, and exported as a stream."""

    def verify(self) -> Verdict:
        """Check that no entry of the audit log was changed, removed, inserted or cut off.

        The answer names the first number at which the log is not what was written. `tia audit verify` does the same without the
        server, also for an exported file.
        """
        return self._client.run("audit_log.verify", Nothing(), Verdict)


class AsyncAuditLog(AsyncResource):
    """System API: checking that the audit log is whole. Its entries are listed by system.audit, and exported as a stream."""

    async def verify(self) -> Verdict:
        """Check that no entry of the audit log was changed, removed, inserted or cut off.

        The answer names the first number at which the log is not what was written. `tia audit verify` does the same without the
        server, also for an exported file.
        """
        return await self._client.run("audit_log.verify", Nothing(), Verdict)
