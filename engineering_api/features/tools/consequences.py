"""What a call replaces or deletes, for a preview: language and size of each object, and what uses it.

A source text replaces a block of any language: a LAD block that becomes a line of SCL is shown before that.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec

from engineering_api.features.blocks import blocks_operations
from engineering_api.features.history import history_operations
from engineering_api.features.program import cross_references_operations
from engineering_api.features.tools.keeping import Keeping, Named, PartRef, find_declared
from engineering_api.features.tools.losses import TEXTS
from engineering_api.features.tools.running import Run
from engineering_api.operations.fields import Request
from openness_bridge.errors import Problem

FROM_TEXT = {"SCL", "STL", "DB"}
"""Languages of blocks that a source text can hold; it replaces a block of another language by another program."""
USED_BY: dict[str, Named] = {
    "block": (cross_references_operations.of_block, "block_name"),
    "udt": (cross_references_operations.of_udt, "udt_name"),
}
MOST = 20
"""Objects of a call that are described, and users that are named."""


class Touched(msgspec.Struct, kw_only=True, rename="camel"):
    """An object that a call names and that exists: the call changes, replaces or deletes it.

    Attributes:
        language: Of a block; empty for others.
        lines: Lines of its listing; None where TIA Portal does not export it.
        used_by: The objects that use it.
    """

    kind: str
    device: str
    name: str
    language: str = ""
    lines: int | None = None
    used_by: list[str]

    @property
    def sentence(self) -> str:
        """What a user should know of it."""
        of = ", ".join(filter(None, (self.language, "" if self.lines is None else f"{self.lines} lines")))
        users = f"used by {', '.join(self.used_by)}" if self.used_by else "used by nothing"
        return f"The {self.kind} '{self.name}'{f' ({of})' if of else ''} is {users}."


async def describe(run: Run, keeping: Keeping) -> list[Touched]:
    """Return the objects that a call touches."""
    parts = [(part, keeping.kept.get(part)) for part in (*keeping.kept, *keeping.lost)]
    return [await _describe(run, part, snapshot) for part, snapshot in parts[:MOST]]


async def find_translated(run: Run, request: Request, keeping: Keeping) -> list[str]:
    """Return a sentence for each block that a source text replaces in another language."""
    text = next((found for name in TEXTS if (found := getattr(request, name, None))), "")
    names = {name.casefold() for name in find_declared(text)}
    parts = [part for part in (*keeping.kept, *keeping.lost) if part.kind == "block" and part.name.casefold() in names]
    touched = [await _describe(run, part, keeping.kept.get(part)) for part in parts]
    return [
        f"{each.sentence} The text replaces its {each.language} program."
        for each in touched
        if each.language and each.language not in FROM_TEXT
    ]


async def _describe(run: Run, part: PartRef, snapshot: str | None) -> Touched:
    language, lines = "", None
    if part.kind == "block":
        blocks = await run.perform(blocks_operations.list_, device_name=part.device)
        language = next((str(each["language"]) for each in blocks if each["name"] == part.name), "")
    if snapshot is not None:
        content = await run.perform(history_operations.content, snapshot_id=snapshot)
        lines = len(content["listing"].splitlines())
    users = await _find_users(run, part)
    return Touched(kind=part.kind, device=part.device, name=part.name, language=language, lines=lines, used_by=users)


async def _find_users(run: Run, part: PartRef) -> list[str]:
    """Return what uses an object; nothing where TIA Portal lists no uses of it."""
    if part.kind not in USED_BY:
        return []
    operation, named = USED_BY[part.kind]
    with suppress(Problem):
        found = await run.perform(operation, device_name=part.device, **{named: part.name})
        return list(dict.fromkeys(_users(found["sources"])))[:MOST]
    return []


def _users(sources: list[dict[str, Any]]) -> list[str]:
    return [
        str(reference["name"])
        for source in sources
        for reference in source["referenceObjects"]
        if any(location["referenceType"] == "UsedBy" for location in reference["locations"])
    ]
