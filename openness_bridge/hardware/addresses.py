"""Start addresses of modules: which item of a device has them, and setting them all or nothing.

TIA Portal may move the other direction of a module along, and never moves the tags. So the addresses are read back.
Facts: docs/facts/openness-hardware.md#modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openness_bridge.enumerations import AddressDirection
from openness_bridge.errors import Kind, Problem, not_found, refused_as
from openness_bridge.hardware.modules import ItemDetails, read_item
from openness_bridge.lookup import items, locate
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.values import boxed, enum_name, set_attribute


def set_start(
    session: Session, device_name: str, item_name: str, starts: Mapping[AddressDirection, int]
) -> ItemDetails:
    """Set the first byte of the inputs, of the outputs, or of both of a module; all or nothing.

    Args:
        session: The portal.
        device_name: Which device.
        item_name: A module, or a part of one that has addresses itself, such as the inputs of a CPU.
        starts: The first byte by direction.

    Returns:
        The module as it reads afterwards.

    Raises:
        Problem: There is no such module, it has no such addresses or several of them, or TIA Portal refuses the address.
    """
    device = locate(session, device_name).device
    item = next((each for each in items(device) if str(each.Name).casefold() == item_name.casefold()), None)
    if item is None:
        raise not_found("module", item_name, device=device_name)
    chosen = {direction: _choose(device_name, item, direction) for direction in starts}
    with (
        transaction(session, f"Set the addresses of {item_name}"),
        refused_as("address.refused", Kind.CONFLICT, device=device_name, object=item_name),
    ):
        for direction, address in chosen.items():
            set_attribute(session.model, address, "StartAddress", boxed(session.model, "Int32", starts[direction]))
        moved = [each for each, address in chosen.items() if int(address.StartAddress) != starts[each]]
        if moved:
            msg = f"TIA Portal moved the {moved[0].lower()} of '{item_name}' elsewhere: set one direction, and read the other."
            raise Problem("address.moved", msg, kind=Kind.CONFLICT).at(device=device_name, object=item_name)
    return read_item(session, device, item)


def _choose(device_name: str, item: Any, direction: AddressDirection) -> Any:
    """Return the one address of a direction in an item, or in the items directly in it."""
    owners = [each for each in (item, *item.DeviceItems) if _addresses(each, direction)]
    if not owners:
        msg = f"'{item.Name}' has no {direction.lower()} addresses."
        raise Problem("address.none", msg, kind=Kind.CONFLICT).at(device=device_name, object=str(item.Name))
    if len(owners) > 1:
        names = ", ".join(f"'{each.Name}'" for each in owners)
        msg = f"Several parts of '{item.Name}' have {direction.lower()} addresses; name one of them: {names}."
        raise Problem("address.ambiguous", msg, kind=Kind.CONFLICT).at(device=device_name, object=str(item.Name))
    return _addresses(owners[0], direction)[0]


def _addresses(item: Any, direction: AddressDirection) -> list[Any]:
    return [each for each in item.Addresses if enum_name(each.IoType) == direction]
