"""The values that the attributes of a node may have, one rule for each attribute.

Facts: docs/facts/tia-rules.md#network-names-and-addresses for addresses, masks, routers and PROFINET names. A rule gets
the node and the value and raises EngineeringTargetInvocationException where TIA Portal refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fake_dotnet.system import require_type
from fake_openness.network import ip
from fake_openness.network.net_types import IpProtocolSelection

if TYPE_CHECKING:
    from fake_openness.network.network import Node


def ethernet_attributes() -> dict[str, Any]:
    """Return the attributes of an Ethernet node before it has its own address."""
    return {
        "Address": "192.168.0.1",
        "SubnetMask": "255.255.255.0",
        "UseRouter": False,
        "RouterAddress": "0.0.0.0",  # noqa: S104 - "no router", as TIA Portal shows it
        "IpProtocolSelection": IpProtocolSelection.Project,
        "PnDeviceNameSetDirectly": False,
        "PnDeviceNameAutoGeneration": True,
        "PnDeviceName": "",
        "PnDeviceNameConverted": "",
    }


def _check_address(node: Node, value: Any) -> None:
    _require_project_ip(node, "Address", value)
    try:
        ip.host_number(require_type(value, str, "value"))
    except ValueError:
        raise node._refuse("Address", value, "use four numbers from 0 to 255, such as 192.168.0.1") from None
    if node._dynamic["UseRouter"] and not ip.same_net(
        value, node._dynamic["RouterAddress"], node._dynamic["SubnetMask"]
    ):
        raise node._refuse("Address", value, "the router would be outside of the IP subnet")


def _check_mask(node: Node, value: Any) -> None:
    _require_project_ip(node, "SubnetMask", value)
    try:
        ip.mask_number(require_type(value, str, "value"))
    except ValueError:
        raise node._refuse("SubnetMask", value, "its ones must be in one piece, such as 255.255.255.0") from None


def _check_router(node: Node, value: Any) -> None:
    _require_project_ip(node, "RouterAddress", value)
    if not node._dynamic["UseRouter"]:
        raise node._refuse("RouterAddress", value, "set UseRouter first")
    try:
        ip.host_number(require_type(value, str, "value"))
    except ValueError:
        raise node._refuse("RouterAddress", value, "use four numbers from 0 to 255") from None
    if not ip.same_net(value, node._dynamic["Address"], node._dynamic["SubnetMask"]):
        raise node._refuse("RouterAddress", value, "the router must be in the IP subnet of the address")


def _check_use_router(node: Node, value: Any) -> None:
    _require_project_ip(node, "UseRouter", value)
    if require_type(value, bool, "value") and not node._dynamic["UseRouter"]:
        node._put("RouterAddress", node._dynamic["Address"])


def _check_selection(node: Node, value: Any) -> None:
    require_type(value, IpProtocolSelection, "value")
    if value is IpProtocolSelection.ViaIoController and not any(
        c._io_system for c in node._interface._connectors._items
    ):
        raise node._refuse("IpProtocolSelection", value.name, "connect the device to an IO system first")


def _check_pn_name(node: Node, value: Any) -> None:
    if node._dynamic["PnDeviceNameAutoGeneration"]:
        raise node._refuse("PnDeviceName", value, "set PnDeviceNameAutoGeneration to False first")
    text = require_type(value, str, "value")
    problem = "" if text.strip() and len(text) <= 240 and text.isprintable() else "it has 1 to 240 printable characters"
    converted = text if ip.LIKE_AN_ADDRESS.fullmatch(text) else ip.convert_pn_name(text)
    problem = problem or ip.pn_name_problem(converted)
    if problem:
        raise node._refuse("PnDeviceName", value, problem)


def _check_auto(node: Node, value: Any) -> None:
    if not require_type(value, bool, "value") and node._dynamic["PnDeviceNameAutoGeneration"]:
        node._put("PnDeviceName", node._interface._item._pn_name())


def _check_flag(node: Node, value: Any) -> None:
    del node
    require_type(value, bool, "value")


def check_bus_address(node: Node, value: Any) -> None:
    """Refuse what is no PROFIBUS or MPI address.

    Raises:
        EngineeringTargetInvocationException: Not a number from 0 to 126.
    """
    if not require_type(value, str, "value").isdecimal() or not 0 <= int(value) <= 126:
        raise node._refuse("Address", value, "use a number from 0 to 126")


def _require_project_ip(node: Node, name: str, value: Any) -> None:
    if node._dynamic["IpProtocolSelection"] is not IpProtocolSelection.Project:
        raise node._refuse(name, value, "set IpProtocolSelection to Project first")


CHECKS: dict[str, Callable[[Node, Any], None]] = {
    "Address": _check_address,
    "SubnetMask": _check_mask,
    "RouterAddress": _check_router,
    "UseRouter": _check_use_router,
    "IpProtocolSelection": _check_selection,
    "PnDeviceName": _check_pn_name,
    "PnDeviceNameAutoGeneration": _check_auto,
    "PnDeviceNameSetDirectly": _check_flag,
}
