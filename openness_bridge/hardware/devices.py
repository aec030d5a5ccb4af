"""Lists, adds, renames and deletes devices, and clears the parking lot.

Facts: docs/facts/openness-hardware.md#devices. TIA Portal may refuse or change a used name, so the bridge checks names
before and reads them back after.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from openness_bridge.errors import Kind, Problem, refused_as
from openness_bridge.hardware import interfaces
from openness_bridge.lookup import all_devices, head_of, items, locate, software_of
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.project.overview import DeviceItemSummary, DeviceKind, article
from openness_bridge.values import set_attribute
from simatic_xml import limits


class DeviceInfo(msgspec.Struct, rename="camel", frozen=True):
    """A device in short.

    Attributes:
        article_number: Of the CPU, interface module or panel; null for an empty station.
        version: Its firmware.
        folder: The groups that the device is in, joined by /.
        cpu_name: Name of the CPU, interface module or panel.
        software_name: Name of the PLC program; null without one.
    """

    name: str
    type_identifier: str
    type: DeviceKind
    article_number: str | None
    version: str | None
    folder: str
    cpu_name: str | None
    software_name: str | None
    ip_addresses: list[str]
    device_items: list[DeviceItemSummary]


class ParkedDevice(msgspec.Struct, rename="camel", frozen=True):
    """A device in the parking lot."""

    name: str
    type_identifier: str
    folder: str


class UnpluggedItem(msgspec.Struct, rename="camel", frozen=True):
    """A module that no slot of its device holds."""

    device_name: str
    name: str
    type_identifier: str


class ParkingLot(msgspec.Struct, rename="camel", frozen=True):
    """Devices and modules of the project without a place."""

    folder: str
    devices: list[ParkedDevice]
    unplugged_items: list[UnpluggedItem]


def list_devices(session: Session) -> list[DeviceInfo]:
    """Return all devices of the open project, in any group."""
    return [describe(session, device, folder) for device, folder in all_devices(session.project)]


def get(session: Session, name: str) -> DeviceInfo:
    """Return one device by its own, its CPU's, interface module's or panel's, or its program's name.

    Raises:
        Problem: There is none of that name.
    """
    found = locate(session, name)
    return describe(session, found.device, found.folder)


def describe(session: Session, device: Any, folder: tuple[str, ...]) -> DeviceInfo:
    """Return the known facts about a device."""
    all_items = list(items(device))
    head = head_of(device)
    software = next((found for item in all_items if (found := software_of(session, item)) is not None), None)
    number, version = article(str((head or device).TypeIdentifier or ""))
    return DeviceInfo(
        name=str(device.Name),
        type_identifier=str(device.TypeIdentifier),
        type="GSD" if bool(device.IsGsd) else "Station",
        article_number=number,
        version=version,
        folder="/".join(folder),
        cpu_name=None if head is None else str(head.Name),
        software_name=None if software is None else str(software.Name),
        ip_addresses=interfaces.addresses(session, device),
        device_items=[
            DeviceItemSummary(str(i.Name), str(i.TypeIdentifier or "")) for i in all_items if not i.IsBuiltIn
        ],
    )


def add(session: Session, type_identifier: str, item_name: str, device_name: str | None, group: str) -> DeviceInfo:
    """Add a station around a CPU, interface module or panel.

    Args:
        session: The portal.
        type_identifier: Such as OrderNumber:6ES7 511-1AK02-0AB0/V2.9, or GSD:… .
        item_name: Name of the CPU or interface module.
        device_name: Name of the station; TIA Portal's next free default when None.
        group: Device groups joined by /, made when missing; empty for none.

    Returns:
        The device as it reads afterwards.

    Raises:
        Problem: A name is used, or TIA Portal refuses the type or a name.
    """
    _require_free(session, item_name)
    if device_name is not None:
        _require_free(session, device_name)
    path = tuple(part for part in group.split("/") if part)
    with (
        transaction(session, f"Add device {item_name}"),
        refused_as("device.refused", Kind.REFUSED, device=device_name or item_name),
    ):
        made = _container(session.project, path).CreateWithItem(type_identifier, item_name, device_name)
    return describe(session, made, path)


def free_name(session: Session, stem: str) -> str:
    """Return the first of stem_1, stem_2 … that no device, CPU or program has."""
    taken = {name.casefold() for name in _list_names(session)}
    return next(name for n in range(1, len(taken) + 2) if (name := f"{stem}_{n}").casefold() not in taken)


def delete(session: Session, name: str) -> str:
    """Delete a device with its program. Returns the station's name.

    Raises:
        Problem: No device has that name, or it is online.
    """
    device = locate(session, name).device
    station = str(device.Name)
    with refused_as("device.delete_refused", Kind.CONFLICT, device=station):
        device.Delete()
    session.forget()
    return station


def rename(session: Session, name: str, station: str | None, cpu: str | None) -> DeviceInfo:
    """Rename the station, its CPU or interface module, or both; all or nothing.

    Raises:
        Problem: A name is used or not allowed, or there is no CPU to rename.
    """
    found = locate(session, name)
    head = head_of(found.device)
    if cpu is not None and head is None:
        msg = f"The device '{name}' has no CPU or interface module to rename."
        raise Problem("device.no_cpu", msg).at(device=name)
    own = {str(thing.Name).casefold() for thing in (found.device, head) if thing is not None}
    for wanted in (station, cpu):
        if wanted is not None and wanted.casefold() not in own:
            _require_free(session, wanted)
    with transaction(session, f"Rename device {name}"), refused_as("device.rename_refused", Kind.REFUSED, device=name):
        if station is not None:
            set_attribute(session.model, found.device, "Name", station)
        if cpu is not None:
            set_attribute(session.model, head, "Name", cpu)
    session.forget()
    return describe(session, found.device, found.folder)


def parking_lot(session: Session, folder: str) -> ParkingLot:
    """Return the devices in the parking lot's folder, and the modules that no slot holds."""
    return ParkingLot(
        folder=folder,
        devices=[
            ParkedDevice(str(device.Name), str(device.TypeIdentifier), "/".join(path))
            for device, path in _find_parked(session, folder)
        ],
        unplugged_items=[
            UnpluggedItem(str(device.Name), str(item.Name), str(item.TypeIdentifier or ""))
            for device, item in _find_unplugged(session)
        ],
    )


def clear_parking_lot(session: Session, folder: str) -> ParkingLot:
    """Delete all in the parking lot, or nothing. Returns the deleted objects.

    Raises:
        Problem: One of them cannot be deleted, such as a device that is online.
    """
    gone = parking_lot(session, folder)
    with transaction(session, "Clear the parking lot"), refused_as("device.delete_refused", Kind.CONFLICT, path=folder):
        for _, item in list(_find_unplugged(session)):
            item.Delete()
        for device, _ in list(_find_parked(session, folder)):
            device.Delete()
    session.forget()
    return gone


def _container(project: Any, path: tuple[str, ...]) -> Any:
    """Return the devices of a group, made with those above it when missing."""
    limits.require("folder_levels", len(path))
    groups, devices = project.DeviceGroups, project.Devices
    for name in path:
        group = groups.Find(name) or groups.Create(name)
        groups, devices = group.Groups, group.Devices
    return devices


def _require_free(session: Session, name: str) -> None:
    """Refuse a name that a device, CPU or interface module has: a name must identify one device."""
    if name.casefold() in (taken.casefold() for taken in _list_names(session)):
        msg = f"A device or CPU '{name}' exists already: choose another name."
        raise Problem("device.exists", msg, kind=Kind.CONFLICT).at(device=name)


def _list_names(session: Session) -> Iterator[str]:
    for device, _ in all_devices(session.project):
        yield str(device.Name)
        head = head_of(device)
        if head is not None:
            yield str(head.Name)


def _find_parked(session: Session, folder: str) -> Iterator[tuple[Any, tuple[str, ...]]]:
    wanted = folder.casefold()
    for device, path in all_devices(session.project):
        if path and path[0].casefold() == wanted:
            yield device, path


def _find_unplugged(session: Session) -> Iterator[tuple[Any, Any]]:
    for device, _ in all_devices(session.project):
        for item in device.UnpluggedItems:
            yield device, item
