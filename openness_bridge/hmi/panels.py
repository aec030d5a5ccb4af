"""The software of operator panels: which devices have one, of which family, and its files as SimaticML.

Classic panels (Basic, Comfort, Mobile) have an HmiTarget, which shows little more than names: the content of an object
is in its export. Unified panels have an HmiSoftware with typed properties, and no file of a screen.
Facts: docs/facts/openness-hmi.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import simatic_xml
from openness_bridge import groups
from openness_bridge.errors import Kind, Place, Problem, not_found, refused_as
from openness_bridge.files import temporary
from openness_bridge.hmi.formatted_text import Element
from openness_bridge.lookup import all_devices, items
from openness_bridge.portal.portal import Session
from openness_bridge.values import enum, fi, implementation, service
from simatic_xml import limits
from simatic_xml.limits import LimitError

T = TypeVar("T")
CLASSIC, UNIFIED = "classic", "unified"


@dataclass(frozen=True, slots=True)
class Panel:
    """The software of a panel.

    Attributes:
        device: Name of its device.
        software: HmiTarget or HmiSoftware.
        family: CLASSIC or UNIFIED.
    """

    device: str
    software: Any
    family: str

    @property
    def unified(self) -> bool:
        """Whether it is a Unified panel."""
        return self.family == UNIFIED


def panels(session: Session) -> list[Panel]:
    """Return the panels of the open project, in the order of its devices."""
    return [found for device, _ in all_devices(session.project) for found in _of_device(session, device)]


def panel(session: Session, name: str) -> Panel:
    """Return a panel by its device's name, or that of an item or the runtime in it, without regard to case.

    Raises:
        Problem: No such device, or it has no HMI software that Openness shows.
    """
    device = _device(session, name.casefold())
    if device is None:
        raise not_found("device", name, device=name)
    found = next(_of_device(session, device), None)
    if found is None:
        msg = f"The device '{name}' has no HMI software, or this version of Openness has no access to it: name a panel."
        raise Problem("device.no_hmi", msg, place=Place(device=name))
    return found


def classic(session: Session, name: str, instead: str) -> Panel:
    """Return a classic panel.

    Raises:
        Problem: It is a Unified one; `instead` names the alternative.
    """
    found = panel(session, name)
    if found.unified:
        msg = f"'{name}' is a Unified panel: {instead}"
        raise Problem("hmi.unified", msg, place=Place(device=name))
    return found


def require_unified(session: Session, name: str, instead: str) -> Panel:
    """Return a Unified panel.

    Raises:
        Problem: It is a classic one; `instead` names the alternative.
    """
    found = panel(session, name)
    if not found.unified:
        msg = f"'{name}' is a classic panel: {instead}"
        raise Problem("hmi.classic", msg, place=Place(device=name))
    return found


def member(found: Panel, name: str) -> Any:
    """Return a collection that only later versions of TIA Portal have, or None."""
    return getattr(found.software, name, None)


def _of_device(session: Session, device: Any) -> Iterator[Panel]:
    for item in items(device):
        container = service(item, session.model.SoftwareContainer)
        software = None if container is None else implementation(container.Software)
        for family, kind in ((CLASSIC, "HmiTarget"), (UNIFIED, "HmiSoftware")):
            if session.model.has(kind) and isinstance(software, getattr(session.model, kind)):
                yield Panel(str(device.Name), software, family)


def _device(session: Session, key: str) -> Any:
    """Return the device of a name, or the one with an item of that name, as a runtime is, or None."""
    known = [device for device, _ in all_devices(session.project)]
    named = (device for device in known if str(device.Name).casefold() == key)
    holding = (device for device in known if any(str(item.Name).casefold() == key for item in items(device)))
    return next(named, None) or next(holding, None)


# -- SimaticML of classic objects ---------------------------------------------------------


def export_xml(session: Session, obj: Any, device: str, options: str = "WithDefaults") -> bytes:
    """Return a classic object as SimaticML."""
    with temporary(".xml") as path:
        export(session, obj, path, device, options)
        return path.read_bytes()


def export(session: Session, obj: Any, path: Path, device: str, options: str = "WithDefaults") -> None:
    """Write a classic object to a new file.

    Raises:
        Problem: TIA Portal refuses it, or does not have the option.
    """
    with refused_as("hmi.export_refused", Kind.CONFLICT, device=device):
        obj.Export(fi(session.model, path), enum(session.model, "ExportOptions", options))


def elements(xml: bytes, *, own: bool = False) -> list[Element]:
    """Return the objects of a SimaticML file.

    Args:
        xml: The file.
        own: Whether TIA Portal wrote it; then it has no limits.

    Raises:
        Problem: It is no SimaticML.
        LimitError: It is above a limit.
    """
    try:
        found = simatic_xml.load(xml, own=own).objects
    except LimitError:
        raise
    except simatic_xml.SimaticMLError as error:
        raise Problem("hmi.not_simaticml", f"The file is not SimaticML: {error}") from error
    return [each.element for each in found if isinstance(each, simatic_xml.Opaque)]


def element(session: Session, obj: Any, device: str) -> Element:
    """Return the content of a classic object."""
    return elements(export_xml(session, obj, device), own=True)[0]


def export_together(session: Session, objects: list[Any], path: Path, device: str) -> None:
    """Write several objects of one kind into one new file, which an import takes whole.

    Raises:
        Problem: There is none, or TIA Portal refuses one.
    """
    if not objects:
        raise Problem("hmi.nothing_to_export", "There is nothing to export.", place=Place(device=device))
    documents = [simatic_xml.load(export_xml(session, each, device), own=True) for each in objects]
    for document in documents[1:]:
        documents[0].objects += document.objects
    _count_ids([each.element for each in documents[0].objects if isinstance(each, simatic_xml.Opaque)])
    path.write_bytes(simatic_xml.dump(documents[0]))


def _count_ids(roots: list[Element]) -> None:
    """Number the objects of several documents so that no id occurs twice in their common file."""
    count = 0
    for root in roots:
        new: dict[str, str] = {}
        for each in root.iter():
            if "ID" in each.attrib:
                new[str(each.get("ID"))] = f"{count:X}"
                each.set("ID", f"{count:X}")
                count += 1
        for each in root.iter():
            target = str(each.get("TargetID", "")).removeprefix("#")
            if target in new:
                each.set("TargetID", f"#{new[target]}")


# -- folders ------------------------------------------------------------------------------


def walk(
    folder: Any, collection: str, inner: str, names: tuple[str, ...] = ()
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield the content of a folder and of those below it, each with the names of its folders.

    Args:
        folder: The folder to start from; on a Unified panel its software.
        collection: The objects to find: Screens, TagTables.
        inner: The folders in it: Folders on a classic panel; ScreenGroups or TagTableGroups, below Groups, on a
            Unified one.
        names: The names of the folders above.
    """
    for each, path in groups.folders(folder, inner, names, deeper(inner)):
        for item in getattr(each, collection):
            yield item, path


def deeper(inner: str) -> str:
    """Return the name of the member with the folders in a folder of that collection."""
    return inner if inner == "Folders" else "Groups"


def find_or_create_folder(root: Any, inner: str, names: tuple[str, ...], device: str) -> Any:
    """Return the folder of these names, made where it is missing.

    Raises:
        Problem: TIA Portal refuses a name.
    """
    limits.require("folder_levels", len(names))
    folder = root
    for name in names:
        found = getattr(folder, inner).Find(name)
        if found is None:
            with refused_as("folder.refused", Kind.REFUSED, device=device, object=name):
                found = getattr(folder, inner).Create(name)
        folder, inner = found, deeper(inner)
    return folder


def only(found: Iterator[T], kind: str, name: str, device: str, named: Callable[[T], str]) -> T:
    """Return the object of a name among several, without regard to case.

    Raises:
        Problem: There is none.
    """
    key = name.casefold()
    match = next((each for each in found if named(each).casefold() == key), None)
    if match is None:
        raise not_found(kind, name, device=device)
    return match
