"""Writes that a client of a server asks for: in its right, with the rules of the runtime, and noted in the audit log."""

from __future__ import annotations

from collections.abc import Sequence

from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from runtime_data.runtime import Runtime, Write, Written

OPERATION = "runtime_servers.write"


async def write_as(service: Service, server: str, caller: Caller, writes: Sequence[Write]) -> list[Written]:
    """Write tags for a client of a server; the answer has the outcome of each. On the service's event loop.

    Args:
        service: The service.
        server: The server's name, for the audit log.
        caller: The client's user.
        writes: Tags and values, each tag once.

    Raises:
        Problem: As Runtime.write, or the audit log cannot be written.
    """
    done = await service.part(Runtime).write(caller, writes)
    refused = [each.error.code for each in done if each.error is not None]
    values = {
        each.tag: {
            "before": None if each.before is None else each.before.value,
            "value": write.value,
            "error": "" if each.error is None else each.error.code,
        }
        for each, write in zip(done, writes, strict=True)
    }
    outcome = refused[0] if len(refused) == len(done) and refused else "ok"
    await service.audit.event(OPERATION, outcome, caller.name, caller.address, server=server, values=values)
    return done
