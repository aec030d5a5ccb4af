"""Exports and imports hardware as AutomationML by TIA Portal's CAx service.

The service works only outside of an exclusive access, so it cannot be part of a
transaction. It writes a log file, the only place that names what it skipped. Facts: docs/facts/openness-hardware.md#cax
(export-hardware, import-hardware).
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from openness_bridge.enumerations import HardwareImportMode, one_of
from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.lookup import all_devices, locate
from openness_bridge.portal.portal import Session
from openness_bridge.values import enum, enum_name, fi, service
from simatic_xml.writing.whole_files import publish

AML = ".aml"
"""How TIA Portal's own files end. Files of T-IA Connect's client end in .xml, so TIA Portal gets another name for them."""
OPTIONS = {
    "parkinglot": "MoveToParkingLot",
    "movetoparkinglot": "MoveToParkingLot",
    "overwrite": "OverwriteTiaDevice",
    "overwritetiadevice": "OverwriteTiaDevice",
    "retain": "RetainTiaDevice",
    "retaintiadevice": "RetainTiaDevice",
}


ImportOption = Annotated[
    str, one_of("HardwareImportOption", "parkingLot", "overwrite", "retain", *dict.fromkeys(OPTIONS.values()))
]


class HardwareExport(msgspec.Struct, rename="camel", frozen=True):
    """An AML file that was written.

    Attributes:
        size: In bytes.
        log: The log of the CAx service.
    """

    device_name: str
    path: str
    size: int
    log: list[str]


class HardwareImport(msgspec.Struct, rename="camel", frozen=True):
    """The changes of an import.

    Attributes:
        created: Devices that did not exist before.
        devices: All devices that exist now.
    """

    path: str
    option: HardwareImportMode
    created: list[str]
    devices: list[str]
    log: list[str]


@dataclass(frozen=True, slots=True)
class _Present:
    """The names of the objects that exist before an import."""

    devices: frozenset[str]
    subnets: frozenset[str]


def export_device(session: Session, device_name: str, target: Path) -> HardwareExport:
    """Write the hardware of a device as AML; a file of that name is replaced once the new one is complete.

    Raises:
        Problem: No such device, the service is not installed, or it failed; the sentence has its log.
    """
    device = locate(session, device_name).device
    _require_aml(target)
    provider = _provider(session)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as folder:
        draft, log = Path(folder) / target.with_suffix(AML).name, Path(folder) / "export.log"
        with refused_as("hardware.export_refused", Kind.CONFLICT, device=device_name, path=str(target)):
            done = provider.Export(device, fi(session.model, draft), fi(session.model, log))
        lines = _lines(log)
        _require_done(done, draft.is_file(), "export", lines, target)
        publish(draft, target)
    return HardwareExport(str(device.Name), str(target), target.stat().st_size, lines)


def import_file(session: Session, source: Path, option: str) -> HardwareImport:
    """Import devices from an AML file.

    Args:
        session: The portal.
        source: The AML file.
        option: What happens to a device that exists: parkingLot (TIA Portal puts the new one into the
            parking lot), overwrite, or retain.

    When it fails, the bridge deletes the devices and subnets that it made. A device that it overwrote is lost, because
    TIA Portal allows no transaction around an import.

    Raises:
        Problem: Unknown option, not an AML file, the service is not installed, or it failed.
    """
    chosen = OPTIONS.get(option.casefold())
    if chosen is None:
        msg = f"There is no option '{option}': use parkingLot, overwrite or retain."
        raise Problem("hardware.import_option", msg, kind=Kind.INVALID, place=Place(pointer="/option"))
    _require_aml(source)
    before = _present(session)
    try:
        lines = _run_import(session, source, chosen)
    except Problem:
        _delete_new(session, before)
        raise
    finally:
        session.forget()
    now = [str(device.Name) for device, _ in all_devices(session.project)]
    return HardwareImport(str(source), chosen, [name for name in now if name not in before.devices], now, lines)


def _run_import(session: Session, source: Path, option: str) -> list[str]:
    provider = _provider(session)
    how = enum(session.model, "CaxImportOptions", option)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "import.log"
        named = (
            source if source.suffix.lower() == AML else shutil.copyfile(source, Path(folder) / f"{source.stem}{AML}")
        )
        with refused_as("hardware.import_refused", Kind.REFUSED, path=str(source)):
            done = provider.Import(fi(session.model, named), fi(session.model, log), how)
        lines = _lines(log)
    _require_done(done, True, "import", lines, source)
    return lines


def _delete_new(session: Session, before: _Present) -> None:
    """Delete the devices and subnets that did not exist before."""
    made = [device for device, _ in all_devices(session.project) if str(device.Name) not in before.devices]
    subnets = [subnet for subnet in session.project.Subnets if str(subnet.Name) not in before.subnets]
    for thing in (*made, *subnets):
        thing.Delete()


def _provider(session: Session) -> Any:
    found = service(session.project, session.model.CaxProvider)
    if found is None:
        msg = "This TIA Portal has no CAx service: install the Openness option CAx to exchange hardware as AML."
        raise Problem("hardware.no_cax", msg, kind=Kind.UNSUPPORTED)
    return found


def _require_aml(file: Path) -> None:
    if file.suffix.lower() not in {AML, ".xml"}:
        msg = f"'{file.name}' is not an AML file (.aml or .xml)."
        raise Problem("file.wrong_kind", msg, place=Place(path=str(file)))


def _require_done(done: Any, written: bool, what: str, log: list[str], file: Path) -> None:
    """Raise a failure of the service: false, or from V19 a result whose state is Error."""
    state = getattr(done, "State", None)
    if written and (enum_name(state) != "Error" if state is not None else bool(done)):
        return
    reason = " ".join(log[-3:]).rstrip(".") or "its log is empty"
    msg = f"The {what} of '{file.name}' failed: {reason}."
    raise Problem(f"hardware.{what}_failed", msg, place=Place(path=str(file)))


def _lines(log: Path) -> list[str]:
    """Return the log's lines; TIA Portal writes it in UTF-8 or UTF-16 by version."""
    if not log.is_file():
        return []
    content = log.read_bytes()
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    return [line.strip() for line in content.decode(encoding, "replace").splitlines() if line.strip()]


def _present(session: Session) -> _Present:
    return _Present(
        frozenset(str(device.Name) for device, _ in all_devices(session.project)),
        frozenset(str(subnet.Name) for subnet in session.project.Subnets),
    )
