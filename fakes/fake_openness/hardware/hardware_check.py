"""What TIA Portal finds when it compiles hardware.

TIA Portal accepts the same address or name twice; only the compiler reports two
devices with one address. Facts: docs/facts/tia-rules.md#network-names-and-addresses,
docs/facts/tia-operations.md#compile; the sentences are this project's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fake_openness.core.compile_messages import CompilerResult, CompilerResultState, _Finding, result
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hardware.plc_protection import gaps, is_protected, services_of
from fake_openness.network import ip
from fake_openness.network.net_types import IpProtocolSelection, NetType
from fake_openness.network.network import Node

if TYPE_CHECKING:
    from fake_openness.hardware.devices import Device

Finding = tuple[tuple[str, ...], str, str]
HARDWARE = "Hardware configuration"


def hardware_findings(device: Device) -> list[Finding]:
    """Return the findings in a station's hardware.

    Returns:
        (path below the hardware configuration, text, state): state is Error, Warning or Information; errors first.
        The information that nothing had to be compiled is there when the hardware is unchanged and free of errors.
    """
    found = [*_network_errors(device), *_check_unplugged(device), *_protection(device)]
    if not device._hardware_dirty and not any(state == "Error" for _, _, state in found):
        found.append(((), "The hardware is up to date and was not compiled.", "Information"))
    return found


def compile_hardware(device: Device) -> list[Finding]:
    """Compile a station's hardware: the findings, and from then on it is unchanged unless there were errors."""
    found = hardware_findings(device)
    if device._hardware_dirty and not any(state == "Error" for _, _, state in found):
        device._assign("_hardware_dirty", False)
    return found


def compile_station(device: Device, *, programs: bool) -> CompilerResult:
    """Compile a station's hardware, and on request the software of its CPU and its panels."""
    device._require_offline("Compiling")
    head = device._head()
    name = device._name if head is None else head._name
    findings = [_finding(*found) for found in compile_hardware(device)]
    if programs:
        for item in device._all_items():
            for container in (item._software, item._runtime):
                if container is not None:
                    findings += container._software._findings()
    return result(name, findings, device._context.now())


def _finding(path: tuple[str, ...], text: str, state: str) -> _Finding:
    return _Finding((HARDWARE, *(path or ("",))), text, CompilerResultState[state], "hardware")


def _network_errors(device: Device) -> Iterator[Finding]:
    for item in device._all_items():
        if item._interface is not None and item._interface._node._subnet is not None:
            node = item._interface._node
            for other in node._subnet._nodes() if node._subnet is not None else ():
                if other is not node:
                    yield from _conflicts(item, node, other)


def _conflicts(item: DeviceItem, node: Node, other: Node) -> Iterator[Finding]:
    assert node._subnet is not None  # noqa: S101 - the caller found the other node through it
    owner, net = other._interface._item._station._name, node._subnet._name
    address = _address(node)
    if address is not None and address == _address(other):
        text = f"'{owner}' has the address {address}, too, in the subnet '{net}': change one of the addresses."
        yield _path(item), text, "Error"
    if node._interface._type is NetType.Ethernet:
        name = ip.convert_pn_name(node._pn_name())
        if name == ip.convert_pn_name(other._pn_name()):
            text = f"'{owner}' has the PROFINET name '{name}', too, in the subnet '{net}': change one of the names."
            yield _path(item), text, "Error"


def _address(node: Node) -> str | None:
    """Return the node's address where the project sets it."""
    if node._dynamic.get("IpProtocolSelection", IpProtocolSelection.Project) is not IpProtocolSelection.Project:
        return None
    return str(node._dynamic["Address"])


def _check_unplugged(device: Device) -> Iterator[Finding]:
    for item in device._unplugged._items:
        yield (item._name,), f"The module '{item._name}' is not plugged: plug it into a slot or delete it.", "Warning"


def _protection(device: Device) -> Iterator[Finding]:
    head = device._head()
    if head is None or head._article is None or head._article.kind != "cpu":
        return
    if not services_of(head):
        return
    for gap in gaps(head):
        yield (head._name,), gap, "Error"
    if not is_protected(head):
        yield (head._name,), f"'{head._name}' has no access protection: set a protection level.", "Warning"


def _path(item: DeviceItem) -> tuple[str, ...]:
    return tuple(item._path()[1:])
