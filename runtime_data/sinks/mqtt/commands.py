"""Writes that a receiver sends back: only to tags that a rule allows to be written, and in the right of the sink."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from openness_bridge.errors import Detail, Place, Problem
from runtime_data.runtime import Write, Written
from runtime_data.sinks.transport import Around

log = logging.getLogger(__name__)


async def write(around: Around, writes: Sequence[Write]) -> list[Written]:
    """Write tags; the answer has the outcome of each.

    Without a rule for a tag a person may write what is simulated; a message of a broker may not, because nobody knows
    who sent it.
    """
    try:
        names = await around.runtime.full([each.tag for each in writes])
        ruled = await asyncio.to_thread(_ruled, around, names)
        allowed = [Write(name, each.value) for name, each in zip(names, writes, strict=True) if name in ruled]
        done = {each.tag: each for each in await around.runtime.write(around.present(), allowed)}
        outcomes = [done.get(name) or Written(name, _without_rule(name)) for name in names]
    except Problem as problem:
        outcomes = [Written(each.tag, Detail(problem.code, problem.message, Place(object=each.tag))) for each in writes]
    for each in outcomes:
        if each.error is not None:
            log.warning("The sink %s did not write %s: %s", around.sink, each.tag, each.error.message)
        else:
            log.info("The sink %s wrote %s by command", around.sink, each.tag)
    return outcomes


def _ruled(around: Around, names: Sequence[str]) -> set[str]:
    rules = around.runtime.rules
    return {name for name in names if (rule := rules.rule(name)) is not None and rule.write}


def _without_rule(name: str) -> Detail:
    msg = "Commands write only tags that a rule allows to be written: an administrator adds one."
    return Detail("runtime.write_denied", msg, Place(object=name))
