"""Makes events of ended operations: project.saved, compile.finished, project.changed, operation.failed.

The audit log gets the end of every changing operation, so the events are made there, once for all of them. Which event an
operation's success is, is said where it is declared.
"""

from __future__ import annotations

from typing import Any

import msgspec

from engineering_api.audit.log import AuditEntry
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Operation
from engineering_api.operations.events import Hub

FAILED = "operation.failed"
LONGEST = 200
"""Characters of a field that an event carries."""
_NAMING = ("name", "newName", "path", "directory", "scope")
"""Fields that name the object of an operation, in addition to those of its path."""


class OperationEvents:
    """Publishes the entries of the audit log as events."""

    def __init__(self, hub: Hub, catalogue: Catalogue) -> None:
        """Publish to this hub."""
        self._hub, self._catalogue = hub, catalogue

    def heard(self, entry: AuditEntry) -> None:
        """Publish the end of one operation. On the event loop only."""
        op = self._catalogue.named(entry.operation)
        if op is None:
            return
        data = {
            "operation": op.name,
            "caller": entry.caller,
            "milliseconds": entry.milliseconds,
            "target": _target(op, entry.arguments),
        }
        if entry.outcome != "ok":
            self._hub.publish(FAILED, op.name, code=entry.outcome, **data)
        elif op.event:
            self._hub.publish(op.event, op.name, **data)


def _target(op: Operation, arguments: msgspec.Raw) -> dict[str, Any]:
    """Return what an operation was about: the names in its path and a few more, never its contents."""
    given = msgspec.json.decode(bytes(arguments))
    names = dict.fromkeys([*(name for route in op.routes for name in route.parameters), *_NAMING])
    named = {name: given[name] for name in names if isinstance(given.get(name), (str, int, float))}
    return {name: value for name, value in named.items() if len(str(value)) <= LONGEST}
