"""Data records of a module: RDREC and WRREC.

STATUS has four bytes: function, decoder, code, and 0 on PROFINET. Facts: docs/facts/communication.md#data-records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.data.byte_image import image, put_image
from virtual_plc.instructions.devices.process_data import find_module
from virtual_plc.instructions.jobs import Phase, advance
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings import Module

READ, WRITE, NO_PROTOCOL = 0xDE, 0xDF, 0xC0
"""Function of STATUS: of a negative answer to a read or write, or of an error without the protocol."""
PROTOCOL: Final = 0x80
"""Decoder of an error according to IEC 61158-6."""
NO_MODULE: Final = 0x90
MODULE_FAILED: Final = 0xA2
UNKNOWN_INDEX: Final = 0xB0
OTHER_LENGTH: Final = 0xB1
_LARGEST_INDEX: Final = 0xFFFF


def _status(function: int, code: int) -> int:
    return function << 24 | PROTOCOL << 16 | code << 8


def _show(instance: Any, done: str, phase: Phase, error: int = 0) -> None:
    """Write the outputs; STATUS is 16#0070_0200 where other instructions have 16#7002."""
    running = phase in (Phase.FIRST, Phase.LATER)
    progress = 0x70_0000 | (int(phase) & 0xFF) << 8
    setattr(instance, done, phase is Phase.DUE and not error)
    instance.BUSY, instance.ERROR = running, error != 0
    instance.STATUS = error if phase is Phase.DUE else progress


def _find_error(site: Site, identifier: int, index: int, function: int) -> tuple[Module | None, int]:
    module = find_module(site, identifier, output=function == WRITE)
    if module is None:
        return None, _status(NO_PROTOCOL, NO_MODULE)
    if not module.present:
        return module, _status(function, MODULE_FAILED)
    return module, 0 if 0 <= index <= _LARGEST_INDEX else _status(function, UNKNOWN_INDEX)


@register_maker("RDREC", "instance REQ ID INDEX MLEN &RECORD", "")
def _read_record(site: Site) -> Callable[..., None]:
    def read(instance: Any, REQ: bool, ID: int, INDEX: int, MLEN: int, RECORD: Reference | None) -> None:
        phase = advance(instance, REQ, edge=False)
        error = 0
        if phase is Phase.DUE:
            module, error = _find_error(site, ID, INDEX, READ)
            content = module.records.get(INDEX) if module is not None else None
            if not error and content is None:
                error = _status(READ, UNKNOWN_INDEX)
            instance.LEN = 0 if error else _store(content or b"", MLEN, RECORD)
        _show(instance, "VALID", phase, error)

    return read


def _store(content: bytes, most: int, target: Reference | None) -> int:
    """Write a record to its target, as much as both lengths allow; return the number of bytes."""
    room = len(image(target)) if target is not None else 0
    taken = content[: min(most or room, room)]
    if target is not None:
        put_image(target, taken)
    return len(taken)


@register_maker("WRREC", "instance REQ ID INDEX LEN &RECORD", "")
def _write_record(site: Site) -> Callable[..., None]:
    def write(instance: Any, REQ: bool, ID: int, INDEX: int, LEN: int, RECORD: Reference | None) -> None:
        phase = advance(instance, REQ, edge=False)
        error = 0
        if phase is Phase.DUE:
            module, error = _find_error(site, ID, INDEX, WRITE)
            content = image(RECORD) if RECORD is not None else b""
            if module is not None and not error:
                code = _put(module, INDEX, content[: LEN or len(content)])
                error = _status(WRITE, code) if code else 0
        _show(instance, "DONE", phase, error)

    return write


def _put(module: Module, index: int, content: bytes) -> int:
    """Give a record to a module; return its error, 0 for none."""
    if module.on_write is not None:
        answer = module.on_write(index, content)
        if isinstance(answer, int) and answer:
            return answer
        module.records[index] = content if isinstance(answer, int) else answer
        return 0
    if index not in module.records:
        return UNKNOWN_INDEX
    if len(module.records[index]) != len(content):
        return OTHER_LENGTH
    module.records[index] = content
    return 0


def exchange_records(site: Site, identifier: int, index: int, content: bytes) -> tuple[int, bytes]:
    """Write a data record and read it; return the error as a word (decoder and code, 0 for none) and the content."""
    module, error = _find_error(site, identifier, index, WRITE)
    if module is None or error:
        return error >> 8 & 0xFFFF, b""
    code = _put(module, index, content)
    return (PROTOCOL << 8 | code if code else 0), module.records.get(index, b"")
