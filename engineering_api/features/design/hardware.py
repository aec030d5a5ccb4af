"""The stations of a design: created when the project has none of their names, never changed to another CPU."""

from __future__ import annotations

from engineering_api.features.design.answers import ObjectResult, Status
from engineering_api.features.design.model import Device
from engineering_api.features.devices import articles
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.hardware import devices, modules, network_settings
from openness_bridge.hardware.devices import DeviceInfo
from openness_bridge.hardware.modules import NewModule
from openness_bridge.hardware.network_settings import NetworkSettings
from openness_bridge.portal.portal import Session


def plan(session: Session, device: Device, pointer: str) -> list[ObjectResult]:
    """Return what has to be made of a station, and what is not as the design says. On the portal's thread."""
    there = find_station(session, device.name)
    if there is None:
        results = [_result(device, "Device", device.name, "created", pointer)]
        return results + [
            _result(device, "IoModule", each.name, "created", f"{pointer}/ioModules/{index}")
            for index, each in enumerate(device.io_modules)
        ]
    results = [_plan_cpu(device, there, pointer)]
    present = {each.name.casefold(): each.type_identifier for each in there.device_items}
    for index, each in enumerate(device.io_modules):
        found = present.get(each.name.casefold())
        result = _result(
            device, "IoModule", each.name, "created" if found is None else "unchanged", f"{pointer}/ioModules/{index}"
        )
        if found is not None and _plain(each.order_number) not in _plain(found):
            result.status, result.error = "failed", _other(device, each.name, found, result.pointer)
        results.append(result)
    return results


def refuse_conflicts(planned: list[ObjectResult]) -> None:
    """End here when a station is other than the design says.

    Raises:
        Problem: With all that is other.
    """
    failed = [each.error for each in planned if each.error is not None]
    if failed:
        raise Problem(failed[0].code, failed[0].message, kind=Kind.CONFLICT, place=failed[0].place, details=failed)


def apply(session: Session, device: Device, planned: list[ObjectResult]) -> None:
    """Make what is missing. On the portal's thread.

    Raises:
        Problem: TIA Portal refuses something.
    """
    there = find_station(session, device.name)
    if there is None:
        entry = articles.choose_article(session, device.order_number, device.firmware or None, None)
        there = devices.add(session, entry.type_identifier, device.name, None, "")
    if device.address and device.address not in there.ip_addresses:
        settings = NetworkSettings(address=device.address, mask=device.mask)
        network_settings.configure(session, device.name, settings)
    missing = {each.name.casefold() for each in planned if each.kind == "IoModule" and each.status == "created"}
    for module in device.io_modules:
        if module.name.casefold() in missing:
            entry = articles.choose_article(session, module.order_number, module.firmware or None, None)
            wanted = NewModule(entry.type_identifier, module.name, articles.stem(entry), module.slot)
            modules.plug(session, device.name, wanted)


def find_station(session: Session, name: str) -> DeviceInfo | None:
    """Return the station of a name, or None."""
    try:
        return devices.get(session, name)
    except Problem as problem:
        if problem.kind is not Kind.MISSING:
            raise
    return None


def _plan_cpu(device: Device, there: DeviceInfo, pointer: str) -> ObjectResult:
    addressed = not device.address or device.address in there.ip_addresses
    result = _result(device, "Device", device.name, "unchanged" if addressed else "updated", pointer)
    if _plain(there.article_number or "") != _plain(device.order_number):
        result.status, result.error = "failed", _other(device, device.name, there.article_number or "no CPU", pointer)
    return result


def _other(device: Device, name: str, found: str, pointer: str) -> Detail:
    msg = f"'{name}' is {found} in the project: change the design, or exchange it in TIA Portal."
    return Detail("design.other_hardware", msg, Place(device=device.name, object=name, pointer=pointer))


def _result(device: Device, kind: str, name: str, status: Status, pointer: str) -> ObjectResult:
    return ObjectResult(device=device.name, kind=kind, name=name, folder="", status=status, pointer=pointer)


def _plain(text: str) -> str:
    return text.replace(" ", "").upper()
