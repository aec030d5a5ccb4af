"""READ_DBL and WRIT_DBL: data blocks in the load memory, that is the start values on the memory card.

Facts: docs/facts/communication.md#load-memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.data.byte_image import image, put_image
from virtual_plc.instructions.jobs import Phase, advance_named, as_int
from virtual_plc.instructions.registry import Reference, Site, register_maker

SOURCE_INVALID: Final = 0x8151
TARGET_INVALID: Final = 0x8251
NO_SOURCE_BLOCK: Final = 0x8132
NO_TARGET_BLOCK: Final = 0x8232


def _key(memory: Any, operand: Reference | None) -> str | None:
    if operand is None:
        return None
    found: str | None = memory.load_memory.find_block(memory, operand.container, operand.get())
    return found


def _read(memory: Any, source: Reference | None, target: Reference | None) -> int:
    key = _key(memory, source)
    if source is None or key is None:
        return SOURCE_INVALID if source is None else NO_SOURCE_BLOCK
    if target is None:
        return TARGET_INVALID
    with memory.load_memory.shown(memory, key):
        content = image(source)
    put_image(target, content)
    return 0


def _write(memory: Any, source: Reference | None, target: Reference | None) -> int:
    key = _key(memory, target)
    if source is None:
        return SOURCE_INVALID
    if target is None or key is None:
        return TARGET_INVALID if target is None else NO_TARGET_BLOCK
    content = image(source)
    with memory.load_memory.shown(memory, key) as keep:
        put_image(target, content)
        keep()
    return 0


def _transfer(
    name: str, copy: Callable[[Any, Reference | None, Reference | None], int]
) -> Callable[[Site], Callable[..., tuple[bool, int, bool]]]:
    def make(site: Site) -> Callable[..., tuple[bool, int, bool]]:
        services, memory = site.services, site.memory

        def transfer(REQ: bool, SRCBLK: Reference | None, DSTBLK: Reference | None) -> tuple[bool, int, bool]:
            job = (name, _key(memory, SRCBLK), _key(memory, DSTBLK))
            phase = advance_named(services, job, REQ)
            if phase is not Phase.DUE:
                return phase is not Phase.IDLE, int(phase), True
            status = copy(memory, SRCBLK, DSTBLK)
            return False, as_int(status), status == 0

        return transfer

    return make


register_maker("READ_DBL", "REQ &SRCBLK &DSTBLK", "BUSY RET ENO")(_transfer("READ_DBL", _read))
register_maker("WRIT_DBL", "REQ &SRCBLK &DSTBLK", "BUSY RET ENO")(_transfer("WRIT_DBL", _write))
