"""The IP addresses of the instances that are on: two CPUs with one address cannot both be reached.

A new instance has the address that PLCSIM Advanced gives to every new one, so the second one would share it.
"""

from __future__ import annotations

import ipaddress

from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim.runtime import Handle, Simulation
from openness_bridge.values import enum_name

NONE = "0.0.0.0"  # noqa: S104 - no address


def list_addresses(simulation: Simulation, without: str = "") -> dict[str, str]:
    """Return which instance has an address, of all that are on.

    Args:
        simulation: PLCSIM Advanced.
        without: The name of an instance that does not count.
    """
    handles = (simulation.handle(each.name) for each in simulation.instances() if each.name != without)
    return {address: handle.name for handle in handles for address in _addresses_of(handle)}


def require_free(simulation: Simulation, address: str, name: str) -> None:
    """Refuse an address that another instance has.

    Raises:
        Problem: It is used; the message names the instance and an address that is free.
    """
    used = list_addresses(simulation)
    user = used.get(str(ipaddress.IPv4Address(address)), name)
    if user != name:
        msg = f"The instance '{user}' has the address {address}: use another one; {_find_free(address, used)} is free."
        raise Problem("plcsim.address_used", msg, kind=Kind.CONFLICT).at(object=name)


def leave_used(simulation: Simulation, handle: Handle) -> str:
    """Give an instance that has just been switched on another address where a second instance has its own, until it is off.

    Returns:
        The change, in a sentence; empty for none.
    """
    used, said = list_addresses(simulation, handle.name), ""
    with handle.use() as api:
        for number, suite in enumerate(api.ControllerIPSuite4):
            address, mask, gateway = (
                str(part.IPString) for part in (suite.IPAddress, suite.SubnetMask, suite.DefaultGateway)
            )
            if user := used.get(address):
                free = _find_free(address, used)
                api.SetIPSuite(number, simulation.model.SIPSuite4(free, mask, gateway), False)
                used[free] = handle.name
                said += f"The instance '{user}' has the address {address}, so this one has {free} until it is off. "
    return said.strip()


def describe_instances(simulation: Simulation) -> str:
    """Return which instances are on, and their addresses, in a sentence."""
    found = [f"'{name}' ({address})" for address, name in list_addresses(simulation).items()]
    return f"Simulated instances that are on: {', '.join(found) or 'none'}."


def _addresses_of(handle: Handle) -> list[str]:
    with handle.look() as api:
        if enum_name(api.OperatingState) == "Off":
            return []
        found = [str(suite.IPAddress.IPString) for suite in api.ControllerIPSuite4]
    return [address for address in found if address not in {"", NONE}]


def _find_free(address: str, used: dict[str, str]) -> str:
    """Return an address in the same /24 that no instance has."""
    hosts = ipaddress.IPv4Network(f"{address}/24", strict=False).hosts()
    return next((str(host) for host in hosts if str(host) not in used and str(host) != address), address)
