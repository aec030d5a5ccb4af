"""What streams of live values read: tags of a PLC, or the rows of a watch table, in its virtual controller."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engineering_api.operations.context import Context
from engineering_api.operations.streaming.streams import Listening, LiveStream
from engineering_api.security.scopes import Scopes
from engineering_api.web import value_stream
from openness_bridge.errors import Kind, Problem
from openness_bridge.online import plc_instance, watch_values
from openness_bridge.plcsim import tags as plcsim_tags
from openness_bridge.program import watch
from openness_bridge.program_identity import ProgramState
from runtime_data.program_states import ProgramStates

Read = Callable[[], Mapping[str, Any]]
Make = Callable[[Context, Mapping[str, str], Sequence[str]], Read]
"""Makes what reads all values by name, from the parameters of the path and the names in the query."""


def tags(ctx: Context, path: Mapping[str, str], names: Sequence[str]) -> Read:
    """Return tags by name.

    Raises:
        Problem: None is named, one cannot be read, or the PLC is not simulated.
    """
    if not names:
        raise Problem("request.missing_field", "Name the tags: ?tag=bStart&tag=Motor.speed.", kind=Kind.INVALID)
    return plcsim_tags.reader(ctx.service.simulation, _instance(ctx, path["deviceName"]), names)


def rows(ctx: Context, path: Mapping[str, str], _: Sequence[str] = ()) -> Read:
    """Return rows of a watch table by operand, each with its value, its text in the display format, or its error.

    Raises:
        Problem: There is no such table, or the PLC is not simulated.
    """
    device, session = path["deviceName"], ctx.session
    found = session.call(lambda: watch.rows(watch.find_watch(session, device, path["tableName"])[0]))
    instance = _instance(ctx, device)

    def read() -> Mapping[str, Any]:
        values = watch_values.values(ctx.service.simulation, instance, found)
        return {
            each.name or each.address: {"value": each.value, "text": each.text, "error": each.error} for each in values
        }

    return read


async def stream(listening: Listening, make: Make) -> LiveStream:
    """Return a stream of the values again and again, for as long as the caller is who it was and the open project is the caller's.

    Raises:
        Problem: As what makes the reading, or the period is none.
    """
    ctx = listening.context
    read = await asyncio.to_thread(make, ctx, listening.path, value_stream.tags_of(listening))

    def within_scope() -> Mapping[str, Any]:
        ctx.service.part(Scopes).require_open(ctx)
        return read()

    device = listening.path["deviceName"]
    return value_stream.live_stream(listening, device, within_scope, lambda: program_of(ctx, device))


def program_of(ctx: Context, device: str) -> ProgramState:
    """Return whether the CPU of a PLC executes the program of the project."""
    return ctx.service.part(ProgramStates).of_device(ctx.session, device).whole


def _instance(ctx: Context, device: str) -> str:
    session = ctx.session
    return session.call(lambda: plc_instance.name(session, ctx.service.simulation, device, "Reading live values"))
