"""Takes a rename back by another rename: TIA Portal changed the uses of the object, and changes them back only in this way.

A restored copy under the earlier name would leave the uses with the later one. TIA Portal changes only uses in objects that
are consistent, so the program is compiled first. Facts: docs/facts/tia-operations.md#consistency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.features.blocks import blocks_operations
from engineering_api.features.devices import devices_operations
from engineering_api.features.history import history_operations
from engineering_api.features.tools.keeping import PartRef
from engineering_api.features.tools.running import Run
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request, marked, metas
from openness_bridge.errors import Problem


@dataclass(frozen=True, slots=True)
class Renaming:
    """A rename, and the call that takes it back.

    Attributes:
        operation: The operation that renamed, which also takes it back.
        request: The request that takes it back.
        now: The name that the object has since.
        before: The name that it had.
        part: The part of the project that was renamed, or in which a row was renamed, as it was before.
    """

    operation: Operation
    request: Request
    now: str
    before: str
    part: PartRef


async def find_renaming(
    run: Run, op: Operation, request: Request, deleted: list[PartRef], kept: dict[PartRef, str]
) -> Renaming | None:
    """Return the rename that a call made; None where it made none.

    Args:
        run: For whom.
        op: The operation that was called.
        request: Its request.
        deleted: The parts whose names no longer exist.
        kept: The snapshots that were taken before, by their parts.
    """
    for field in marked(type(request), "renames"):
        now, named = getattr(request, field.name), _named_by(field)
        asked = str(getattr(request, named))
        for part, name in [*((part, part.name) for part in deleted), *await _read_rows(run, kept)]:
            if now and now != name and name.casefold() in {asked.casefold(), _last(asked)}:
                return Renaming(op, _invert(request, {named: now, field.name: name}), now, name, part)
    return None


async def rename_back(run: Run, renaming: Renaming) -> tuple[str, list[PartRef]]:
    """Compile the program, and give the object its earlier name.

    Returns:
        Why it was refused, empty where it was not; and the blocks whose uses TIA Portal cannot change back.
    """
    device = renaming.part.device
    try:
        await run.perform(devices_operations.compile_, device_name=device, scope="software")
        blocks = await run.perform(blocks_operations.list_, device_name=device)
        runner = run.service.part(Runner)
        await runner.wait(renaming.operation, renaming.request, run.caller, run.instance)
    except Problem as problem:
        return problem.message, []
    reason = (
        f"It does not compile, so TIA Portal did not change '{renaming.now}' to '{renaming.before}' in it: correct what "
        "the compiler finds."
    )
    stale = [each["name"] for each in blocks if not each["isConsistent"] and each["name"] != renaming.now]
    return "", [PartRef("block", device, name, "unchanged", reason) for name in stale]


def _named_by(field: msgspec.structs.FieldInfo) -> str:
    """Return the field that names the object to which a field gives another name."""
    return next(str(extra["renames"]) for meta in metas(field.type) if (extra := meta.extra or {}).get("renames"))


def _invert(request: Request, names: dict[str, str]) -> Request:
    """Return a request with these names in place of the present ones, and otherwise only what says where the object is."""
    fields = msgspec.structs.fields(request)
    address = {field.name: getattr(request, field.name) for field in fields if field.required}
    return type(request)(**address | names)


def _last(path: str) -> str:
    return path.rpartition("/")[2].casefold()


async def _read_rows(run: Run, kept: dict[PartRef, str]) -> Iterable[tuple[PartRef, str]]:
    """Return the names of the tags and constants in the kept tag tables, as they were spelled."""
    rows: list[tuple[PartRef, str]] = []
    for part, snapshot in kept.items():
        if part.kind == "tagTable":
            found = await run.perform(history_operations.content, snapshot_id=snapshot)
            rows += [(part, str(each["name"])) for each in (*found["tags"], *found["constants"])]
    return rows
