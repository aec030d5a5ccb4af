"""Completes the arguments of prompts and the names in URIs of resources with what there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engineering_api.features.blocks import blocks_operations
from engineering_api.features.devices import devices_operations
from engineering_api.features.system import system_operations
from engineering_api.features.tags import tag_tables_operations
from engineering_api.features.tools.running import Run
from openness_bridge.errors import Problem

LISTS: dict[str, tuple[Callable[..., Any], str]] = {
    "device": (devices_operations.list_, "cpuName"),
    "block": (blocks_operations.list_, "name"),
    "table": (tag_tables_operations.list_, "name"),
    "section": (system_operations.sections, "name"),
}
"""For each argument the operation that lists its values, and the field that holds them."""
OF_DEVICE = {"block", "table"}


async def completions(run: Run, argument: str, text: str, known: dict[str, str]) -> list[str]:
    """Return the values that begin with a text, without regard to case, in their order; none where none are known.

    Args:
        run: Who asks.
        argument: The argument's name.
        text: What is typed so far.
        known: Arguments that are known already; blocks and tables need the device.
    """
    if argument not in LISTS or (argument in OF_DEVICE and not known.get("device")):
        return []
    operation, field = LISTS[argument]
    fields: dict[str, Any] = {"device_name": known["device"]} if argument in OF_DEVICE else {}
    try:
        found = await run.perform(operation, **fields)
    except Problem:  # no project, no such device: there is nothing to complete with
        return []
    names = sorted({str(each[field] or each["name"]) for each in found})
    return [name for name in names if name.casefold().startswith(text.casefold())]
