"""The warning about inputs and outputs of a program that no module has.

TIA Portal reports them once for a program, below "General warnings" of the PLC, and compiles it anyway.
Facts: docs/facts/tia-rules.md#addresses.
"""

from __future__ import annotations

from collections.abc import Iterator

from fake_openness.core.compile_messages import CompilerResultState, _Finding
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hardware.io_addresses import Address, AddressIoType, used
from fake_openness.program.plc import _Plc
from simatic_xml.program.analysis.assignment_list import AssignedAddress, Extent, list_addresses

GENERAL = "General warnings"
_TYPES = {"I": AddressIoType.Input, "Q": AddressIoType.Output}
_SHOWN = 10


def find_missing_io(plc: _Plc) -> Iterator[_Finding]:
    """Yield the warning, if a block uses an input or output that no module of the CPU and its IO systems has."""
    if not isinstance(plc._parent, DeviceItem):
        return
    devices = plc._parent._device._space()
    there = {area: _bytes(used(devices, io_type)) for area, io_type in _TYPES.items()}
    missing = [each for each in list_addresses(plc._view.index()) if each.uses and _is_missing(each.extent, there)]
    if missing:
        shown = ", ".join(map(_show, missing[:_SHOWN]))
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        text = f"Inputs or outputs are used that do not exist in the configured hardware: {shown}{more}."
        yield _Finding((GENERAL, ""), text, CompilerResultState.Warning, "address.no_module")


def _bytes(addresses: list[Address]) -> frozenset[int]:
    return frozenset(byte for address in addresses for byte in address._bytes)


def _is_missing(extent: Extent, there: dict[str, frozenset[int]]) -> bool:
    """Return whether a byte of an input or output belongs to no module."""
    present = there.get(extent.area)
    return present is not None and not present.issuperset(range(extent.first // 8, (extent.end + 7) // 8))


def _show(address: AssignedAddress) -> str:
    return f"{address.address} ({address.name})" if address.symbolic else address.name
