"""FileReadC, FileWriteC and FileDelete: files of the memory card by their path.

The first call of a job does it, with the data of that moment. Facts: docs/facts/communication.md#user-files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from simatic_xml.program.types.types import BYTE
from virtual_plc.instructions.data.runs import Run, run_of
from virtual_plc.instructions.jobs import ERROR, Phase, advance
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings.card_files import USER_FILES

WRONG_NAME, NO_FILE, WRONG_DATA, WRONG_RANGE, NO_ROOM = 0x8090, 0x8092, 0x8093, 0x8094, 0x80B3
LONGEST_NAME: Final = 55
LARGEST: Final = 16 << 20
"""Bytes of a file that can be reached."""
SEGMENT: Final = 32 << 10
"""Bytes that one job reads without a length."""
_NAME: Final = re.compile(r"[\w-]+(/[\w-]+)*(\.[\w-]+)?", re.ASCII)


def _is_name(name: str) -> bool:
    return len(name) <= LONGEST_NAME and _NAME.fullmatch(name) is not None


def _bytes_of(data: Reference | None) -> Run | None:
    """Return the bytes that an operand is; None for another one."""
    found = None if data is None else run_of(data)
    return found if found is not None and found.element == BYTE else None


def _read(site: Site, name: str, offset: int, length: int, data: Reference | None) -> tuple[int, int]:
    card, run = site.services.surroundings.card, _bytes_of(data)
    path = card.find(name) if _is_name(name) else None
    if path is None:
        return NO_FILE if _is_name(name) else WRONG_NAME, 0
    if run is None:
        return WRONG_DATA, 0
    content = card.files[path]
    if length > len(run) or offset > len(content) or offset + length > LARGEST:
        return WRONG_RANGE, 0
    part = content[offset : offset + (length or min(len(run), SEGMENT))]
    for at, each in enumerate(part):
        run.set(at, each)
    return 0, len(part)


def _write(site: Site, name: str, offset: int, length: int, data: Reference | None) -> tuple[int, int]:
    card, run = site.services.surroundings.card, _bytes_of(data)
    if not _is_name(name) or not name.casefold().startswith(f"{USER_FILES.casefold()}/"):
        return WRONG_NAME, 0
    if run is None:
        return WRONG_DATA, 0
    content = card.files.get(card.find(name) or "", b"")
    count = length or len(run)
    if count > len(run) or offset > len(content) or offset + count > LARGEST:
        return WRONG_RANGE, 0
    written = content[:offset] + bytes(run.values(0, count)) + content[offset + count :]
    return (0, count) if card.write(name, written) else (NO_ROOM, 0)


def _delete(site: Site, name: str) -> tuple[int, int]:
    if not _is_name(name):
        return WRONG_NAME, 0
    return (0 if site.services.surroundings.card.delete(name) else NO_FILE), 0


def _job(operation: Callable[..., tuple[int, int]]) -> Callable[[Site], Callable[..., None]]:
    def make(site: Site) -> Callable[..., None]:
        def call(instance: Any, REQ: bool, *arguments: Any) -> None:
            phase = advance(instance, REQ)
            if phase is Phase.FIRST:
                status, count = operation(site, *arguments)
                instance._state = replace(instance._state, result=status)
                if hasattr(instance, "ResultLength"):
                    instance.ResultLength = count
            status = instance._state.result if phase is Phase.DUE else int(phase)
            instance.Busy = phase in (Phase.FIRST, Phase.LATER)
            instance.Error = phase is Phase.DUE and status & ERROR != 0
            instance.Done = phase is Phase.DUE and not instance.Error
            instance.Status = status

        return call

    return make


register_maker("FileReadC", "instance REQ Name Offset Length &Data", "")(_job(_read))
register_maker("FileWriteC", "instance REQ Name Offset Length &Data", "")(_job(_write))
register_maker("FileDelete", "instance REQ Name", "")(_job(_delete))
