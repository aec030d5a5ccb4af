"""Consistent process data of a module: DPRD_DAT, DPWR_DAT, GETIO, SETIO and their parts.

Reading goes to the module, past the process image. Writing goes to the module and to the process image, so that the next
cycle does not undo it. A CPU of S7-300 or S7-400 names a module by its first address. Facts:
docs/facts/communication.md#process-data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.data.byte_image import image, put_image
from virtual_plc.instructions.jobs import as_int
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings import Module

NO_MODULE: Final = 0x8090
NO_AREA: Final = 0x8093
READ_FAILED: Final = 0x80A0
WRITE_FAILED: Final = 0x80A1
OTHER_LENGTH: Final = 0x80B1
_CLASSIC: Final = ("S7-300", "S7-400")


def find_module(site: Site, identifier: int, *, output: bool) -> Module | None:
    """Return the module that LADDR names: a hardware identifier, on S7-300 and S7-400 the first address."""
    modules = site.services.surroundings.modules
    if site.memory is not None and site.memory.program.cpu.family in _CLASSIC:
        return modules.at_output(identifier) if output else modules.at_input(identifier)
    return modules.find(identifier)


def _check(module: Module | None, area: str, failed: int) -> int:
    """Return why an area of a module cannot be accessed, 0 if it can."""
    if module is None:
        return NO_MODULE
    if not getattr(module, area):
        return NO_AREA
    return 0 if module.present else failed


def read(site: Site, identifier: int, target: Reference | None, part: range | None = None) -> tuple[int, int]:
    """Copy the inputs of a module, or a part of them; return the error (0 for none) and the number of bytes."""
    module = find_module(site, identifier, output=False)
    status = _check(module, "inputs", READ_FAILED)
    if status or module is None or target is None:
        return status or OTHER_LENGTH, 0
    area = module.inputs if part is None else module.inputs[part.start : part.stop]
    room = len(image(target))
    if (part is None and room != len(area)) or (part is not None and (len(area) != len(part) or room < len(area))):
        return OTHER_LENGTH, 0
    _exchange(site)
    put_image(target, bytes(site.memory.peripheral_inputs[area.start : area.stop]))
    return 0, len(area)


def read_bytes(site: Site, identifier: int, size: int) -> tuple[int, bytes]:
    """Return the error (0 for none) and the inputs of a module, which have a length."""
    module = find_module(site, identifier, output=False)
    status = _check(module, "inputs", READ_FAILED)
    if status or module is None or len(module.inputs) != size:
        return status or OTHER_LENGTH, b""
    _exchange(site)
    return 0, bytes(site.memory.peripheral_inputs[module.inputs.start : module.inputs.stop])


def write(site: Site, identifier: int, source: Reference | None, part: range | None = None) -> int:
    """Copy data to the outputs of a module, or to a part of them; return the error, 0 for none."""
    return OTHER_LENGTH if source is None else write_bytes(site, identifier, image(source), part)


def write_bytes(site: Site, identifier: int, content: bytes, part: range | None = None) -> int:
    """Write the outputs of a module, or a part of them; return the error, 0 for none."""
    module = find_module(site, identifier, output=True)
    status = _check(module, "outputs", WRITE_FAILED)
    if status or module is None:
        return status
    area = module.outputs if part is None else module.outputs[part.start : part.stop]
    if part is None and len(content) != len(area):
        return OTHER_LENGTH
    if part is not None and (len(area) != len(part) or len(content) < len(area)):
        return OTHER_LENGTH
    for name in ("peripheral_outputs", "outputs"):
        getattr(site.memory, name)[area.start : area.stop] = content[: len(area)]
    _exchange(site)
    return 0


def _exchange(site: Site) -> None:
    """Let the devices of modules take the outputs, and give the inputs, of this moment."""
    memory, services = site.memory, site.services
    services.surroundings.exchange(services.now, memory.peripheral_inputs, memory.peripheral_outputs)


@register_maker("DPRD_DAT", "LADDR &RECORD", "RET ENO")
def _read_data(site: Site) -> Callable[[int, Reference | None], tuple[int, bool]]:
    def read_data(LADDR: int, RECORD: Reference | None) -> tuple[int, bool]:
        status, _ = read(site, LADDR, RECORD)
        return as_int(status), status == 0

    return read_data


@register_maker("DPWR_DAT", "LADDR &RECORD", "RET ENO")
def _write_data(site: Site) -> Callable[[int, Reference | None], tuple[int, bool]]:
    def write_data(LADDR: int, RECORD: Reference | None) -> tuple[int, bool]:
        status = write(site, LADDR, RECORD)
        return as_int(status), status == 0

    return write_data


def _in_status(status: int) -> int:
    """Return an error of DPRD_DAT or DPWR_DAT as the STATUS of GETIO and SETIO: DW#16#40xxxx00."""
    return 0x4000_0000 | status << 8 if status else 0


@register_maker("GETIO", "instance ID &INPUTS", "")
def _get_inputs(site: Site) -> Callable[..., None]:
    def get(instance: Any, ID: int, INPUTS: Reference | None) -> None:
        status, instance.LEN = read(site, ID, INPUTS)
        instance.STATUS = _in_status(status)

    return get


@register_maker("SETIO", "instance ID &OUTPUTS", "")
def _set_outputs(site: Site) -> Callable[..., None]:
    def put(instance: Any, ID: int, OUTPUTS: Reference | None) -> None:
        instance.STATUS = _in_status(write(site, ID, OUTPUTS))

    return put


@register_maker("GETIO_PART", "instance ID OFFSET LEN &INPUTS", "")
def _get_part(site: Site) -> Callable[..., None]:
    def get(instance: Any, ID: int, OFFSET: int, LEN: int, INPUTS: Reference | None) -> None:
        status = read(site, ID, INPUTS, range(OFFSET, OFFSET + LEN))[0] if OFFSET >= 0 < LEN else OTHER_LENGTH
        instance.STATUS, instance.ERROR = _in_status(status), status != 0

    return get


@register_maker("SETIO_PART", "instance ID OFFSET LEN &OUTPUTS", "")
def _set_part(site: Site) -> Callable[..., None]:
    def put(instance: Any, ID: int, OFFSET: int, LEN: int, OUTPUTS: Reference | None) -> None:
        status = write(site, ID, OUTPUTS, range(OFFSET, OFFSET + LEN)) if OFFSET >= 0 < LEN else OTHER_LENGTH
        instance.STATUS, instance.ERROR = _in_status(status), status != 0

    return put
