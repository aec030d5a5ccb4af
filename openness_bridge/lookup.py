"""From the names of the contract to objects: stations, CPUs, interface modules, panels, PLC programs.

A station, its CPU, interface module or panel, and the CPU's program each have a name, and clients use any of them. Handles
die with every import and every close, so each call looks objects up. The session remembers found devices by name and checks
them before use.
Facts: docs/facts/openness-hardware.md#devices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from openness_bridge.errors import Kind, Problem, not_found
from openness_bridge.portal.portal import Session
from openness_bridge.values import enum_name, implementation, service


@dataclass(frozen=True, slots=True)
class LocatedDevice:
    """A device and where it is.

    Attributes:
        folder: Names of its groups from the root, empty outside of groups.
        head: Its CPU; the interface module or panel, where it was found by that name; None otherwise.
        cpu: The item that carries the program, or None.
        software: The PLC program, or None.
    """

    device: Any
    folder: tuple[str, ...]
    head: Any = None
    cpu: Any = None
    software: Any = None


def all_devices(project: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield every device of a project with the names of its groups."""
    for device in project.Devices:
        yield device, ()
    for device in project.UngroupedDevicesGroup.Devices:
        yield device, ()
    yield from _walk_groups(project.DeviceGroups, ())


def _walk_groups(groups: Any, path: tuple[str, ...]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    for group in groups:
        inside = (*path, str(group.Name))
        for device in group.Devices:
            yield device, inside
        yield from _walk_groups(group.Groups, inside)


def items(parent: Any) -> Iterator[Any]:
    """Yield every device item below a device or item, outermost first."""
    for item in parent.DeviceItems:
        yield item
        yield from items(item)


def head_of(device: Any) -> Any:
    """Return the CPU or interface module, else the first module, such as a panel; None in an empty station."""
    modules = [item for item in device.DeviceItems if not item.IsBuiltIn]
    classified = next((item for item in modules if enum_name(item.Classification) != "None"), None)
    return classified or next((item for item in modules if not list(item.GetPlugLocations())), None)


def locate(session: Session, name: str) -> LocatedDevice:
    """Find a device by its own name, that of its CPU, interface module or panel, or its program's, without regard to case.

    Raises:
        Problem: There is none of that name.
    """
    key = name.casefold()
    known: LocatedDevice | None = session.lookup_cache.get(key)
    if known is not None and _is_valid(known, key):
        return known
    session.lookup_cache = _index(session)
    found = session.lookup_cache.get(key) or _find_by_head(session, key)
    if found is None:
        names = [str(each.device.Name if each.cpu is None else each.cpu.Name) for each in session.lookup_cache.values()]
        raise not_found("device", name, dict.fromkeys(names), device=name)
    return found


def locate_plc(session: Session, name: str) -> LocatedDevice:
    """Find a device with a PLC program, as `locate`.

    Raises:
        Problem: No such device, or it has no program.
    """
    found = locate(session, name)
    if found.software is None:
        msg = f"The device '{name}' has no PLC program: name a PLC."
        raise Problem("device.no_program", msg, kind=Kind.REFUSED).at(device=name)
    return found


def plc(session: Session, name: str) -> Any:
    """Return the PLC program of a device."""
    return locate_plc(session, name).software


def program_of(session: Session, name: str) -> Any:
    """Return the PLC program of a device; None where it has none, such as a panel.

    Raises:
        Problem: There is no such device.
    """
    return locate(session, name).software


def software_of(session: Session, item: Any) -> Any:
    """Return the PLC program that an item carries, or None."""
    container = service(item, session.model.SoftwareContainer)
    software = None if container is None else implementation(container.Software)
    return software if isinstance(software, session.model.PlcSoftware) else None


def _index(session: Session) -> dict[str, LocatedDevice]:
    """Return all devices by all their names; the device's own name wins over that of another's module."""
    inner: dict[str, LocatedDevice] = {}
    outer: dict[str, LocatedDevice] = {}
    for device, folder in all_devices(session.project):
        found = LocatedDevice(device, folder)
        for item in items(device):
            if enum_name(item.Classification) == "CPU":
                found = LocatedDevice(device, folder, item, item, software_of(session, item))
                break
        for name in _names(found)[1:]:
            inner.setdefault(name, found)
        outer[str(device.Name).casefold()] = found
    return inner | outer


def _find_by_head(session: Session, key: str) -> LocatedDevice | None:
    """Return the device without CPU whose interface module or panel has the name, and remember it."""
    found: LocatedDevice
    for found in list(session.lookup_cache.values()):
        head = head_of(found.device) if found.cpu is None else None
        if head is not None and str(head.Name).casefold() == key:
            named = replace(found, head=head)
            session.lookup_cache[key] = named
            return named
    return None


def _names(found: LocatedDevice) -> list[str]:
    named = [found.device, found.head, found.software]
    return [str(thing.Name).casefold() for thing in named if thing is not None]


def _is_valid(found: LocatedDevice, key: str) -> bool:
    """Return whether a remembered device lives and still has the name."""
    try:
        return key in _names(found)
    except Exception:  # noqa: BLE001 - a dead handle raises by its backend's own types
        return False
