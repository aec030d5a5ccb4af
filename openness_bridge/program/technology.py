"""Lists, makes, deletes, imports and exports technology objects, and reads and writes their parameters.

Output cams, cam tracks and measuring inputs belong to an axis or encoder, not to a folder. Folders of technology objects
exist from V21 on, Import from V16 on. Facts: docs/facts/technology-objects.md#object-model,
docs/facts/technology-objects.md#parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from openness_bridge import groups
from openness_bridge.errors import Kind, Problem, not_found, refused_as
from openness_bridge.files import temporary
from openness_bridge.groups import Names
from openness_bridge.importing import Languages, import_objects
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import imports
from openness_bridge.values import boxed, enum, fi, service, set_attribute

OBJECTS = "TechnologicalObjects"
PLACES = {"TO_MEASURINGINPUT": "MeasuringInputs", "TO_OUTPUTCAM": "OutputCams", "TO_CAMTRACK": "OutputCams"}
"""The collection of an axis that takes a type; every other type is in a folder."""
_REFUSED_VALUE = "technology_object.parameter_refused"
_CONTAINER = "OutputCamMeasuringInputContainer"
Value = bool | int | float | str | None


class TechnologyObjectInfo(msgspec.Struct, rename="camel", frozen=True):
    """A technology object.

    Attributes:
        type: Such as PID_Compact.
        version: Such as 2.3.
        number: Number of its data block.
        folder: Names of its folders, joined by /; a slash in a name is %2F.
        axis: The axis or encoder that it belongs to, or null.
    """

    name: str
    type: str
    version: str
    number: int
    folder: str
    is_consistent: bool
    axis: str | None = None


class ParameterInfo(msgspec.Struct, rename="camel", frozen=True):
    """A parameter of a technology object.

    Attributes:
        name: Path of the tag, such as Config.InputUpperLimit; a name with _ first is not in the data block.
        value: Its value; the name of a tag or technology object that it refers to.
    """

    name: str
    value: Value


def list_objects(session: Session, device: str) -> list[TechnologyObjectInfo]:
    """Return all technology objects of a PLC, those of axes included."""
    return [_info(*each) for each in walk(session, _root(session, device))]


def walk(session: Session, root: Any) -> Iterator[tuple[Any, Names, str | None]]:
    """Yield every technology object with the names of its folders and its axis."""
    for group, names in groups.folders(root, "Groups"):
        for thing in list(getattr(group, OBJECTS)):
            yield thing, names, None
            for inner in _belonging(session, thing):
                yield inner, names, str(thing.Name)


def find(session: Session, device: str, name: str) -> tuple[Any, Names, str | None]:
    """Return a technology object with the names of its folders and its axis.

    Raises:
        Problem: There is none of this name.
    """
    key = name.casefold()
    for found in walk(session, _root(session, device)):
        if str(found[0].Name).casefold() == key:
            return found
    raise not_found("technology object", name, device=device)


def describe(session: Session, device: str, name: str) -> TechnologyObjectInfo:
    """Return the known facts about a technology object without its parameters."""
    return _info(*find(session, device, name))


def create(
    session: Session, device: str, name: str, kind: str, version: str, *, folder: str = "", axis: str = ""
) -> TechnologyObjectInfo:
    """Make a technology object.

    Args:
        session: The portal.
        device: The PLC.
        name: Its name.
        kind: Its type, such as TO_SpeedAxis.
        version: Its version, such as 6.0.
        folder: Where it goes; made where it is missing.
        axis: The axis or encoder that an output cam, cam track or measuring input belongs to.

    Raises:
        Problem: The CPU has no such type or version, or the name is used.
    """
    with (
        transaction(session, f"Create {name}"),
        refused_as("technology_object.refused", Kind.REFUSED, device=device, object=name),
    ):
        target = _target(session, device, kind, folder, axis)
        made = target.Create(name, kind, session.model.Version(version))
    return describe(session, device, str(made.Name))


def delete(session: Session, device: str, name: str) -> TechnologyObjectInfo:
    """Delete a technology object with what belongs to it; returns the deleted object."""
    found = find(session, device, name)
    gone = _info(*found)
    with refused_as("technology_object.delete_refused", Kind.CONFLICT, device=device, object=name):
        found[0].Delete()
    return gone


# -- parameters ---------------------------------------------------------------------------


def parameters(session: Session, device: str, name: str) -> list[ParameterInfo]:
    """Return the parameters of a technology object with their values."""
    thing = find(session, device, name)[0]
    with refused_as("technology_object.parameters_refused", Kind.CONFLICT, device=device, object=name):
        return [ParameterInfo(str(each.Name), _plain(each.Value)) for each in thing.Parameters]


def set_parameters(session: Session, device: str, name: str, values: dict[str, Value]) -> list[ParameterInfo]:
    """Set parameters of a technology object, all or none; returns those that were set.

    Raises:
        Problem: There is no such parameter, or TIA Portal refuses a value.
    """
    thing = find(session, device, name)[0]
    found = {each: _parameter(thing, device, name, each) for each in values}
    with transaction(session, f"Set parameters of {name}"):
        for each, value in values.items():
            with _refusing(device, f"{name}.{each}"):
                set_attribute(session.model, found[each], "Value", _typed(session, value, found[each].Value))
    return [ParameterInfo(str(each.Name), _plain(each.Value)) for each in found.values()]


@contextmanager
def _refusing(device: str, parameter: str) -> Iterator[None]:
    """Give the refusal of a value its code: TIA Portal raises the base of its exceptions here, as for a failure."""
    try:
        with refused_as(_REFUSED_VALUE, Kind.REFUSED, device=device, object=parameter):
            yield
    except Problem as problem:
        if problem.code == "tia.failed":
            problem.code, problem.kind = _REFUSED_VALUE, Kind.REFUSED
        raise


def _parameter(thing: Any, device: str, name: str, parameter: str) -> Any:
    found = thing.Parameters.Find(parameter)
    if found is None:
        msg = f"'{name}' has no parameter '{parameter}': GET its parameters lists all."
        raise Problem("technology_object.no_parameter", msg, kind=Kind.MISSING).at(device=device, object=name)
    return found


def _typed(session: Session, value: Value, now: Any) -> Any:
    """Return a value as a parameter takes it: JSON writes a number without decimals as an integer."""
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    return float(value) if isinstance(now, float) else boxed(session.model, "Int32", value)


def _plain(value: Any) -> Value:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(getattr(value, "Name", value))


# -- files --------------------------------------------------------------------------------


def export_xml(session: Session, device: str, name: str) -> bytes:
    """Return a technology object as SimaticML.

    Raises:
        Problem: No such object, it is inconsistent, or its version cannot be exported.
    """
    return xml_of(session, find(session, device, name)[0], device, name)


def xml_of(session: Session, thing: Any, device: str, name: str) -> bytes:
    """Return the SimaticML of a found technology object."""
    with (
        temporary(".xml") as path,
        refused_as("technology_object.export_refused", Kind.CONFLICT, device=device, object=name),
    ):
        thing.Export(fi(session.model, path), enum(session.model, "ExportOptions", "WithDefaults"))
        return path.read_bytes()


def import_file(
    session: Session,
    device: str,
    path: Path,
    *,
    folder: str = "",
    axis: str = "",
    override: bool,
    languages: Languages = "activate",
) -> list[TechnologyObjectInfo]:
    """Import the technology objects of a SimaticML file into a folder, or into what belongs to an axis.

    Raises:
        Problem: TIA Portal refuses the file; then it imports none of its objects.
    """
    with refused_as("technology_object.import_refused", Kind.REFUSED, device=device):
        kind = _kind_of(path) if axis else ""
        target = _target(session, device, kind, folder, axis)
        made = import_objects(session, target, path, override=override, languages=languages)
    return [describe(session, device, str(each.Name)) for each in made]


def _kind_of(path: Path) -> str:
    """Return the first type of those that belong to an axis that a file names."""
    text = path.read_text("utf-8-sig", errors="replace").casefold()
    return next((kind for kind in PLACES if f">{kind.casefold()}<" in text), "")


# -- places -------------------------------------------------------------------------------


def _root(session: Session, device: str) -> Any:
    return plc(session, device).TechnologicalObjectGroup


def _target(session: Session, device: str, kind: str, folder: str, axis: str) -> Any:
    """Return the collection that takes a new object.

    Raises:
        Problem: The axis does not exist or takes no such objects, or this TIA Portal has no folders.
    """
    if axis:
        return _within(session, device, kind, axis)
    root = _root(session, device)
    imports.require_folders(session, root, folder, device)
    return getattr(groups.find_or_create(root, folder, device), OBJECTS)


def _within(session: Session, device: str, kind: str, axis: str) -> Any:
    owner = find(session, device, axis)[0]
    held = _container(session, owner)
    place = PLACES.get(kind.upper())
    if held is None or place is None:
        msg = f"'{axis}' cannot contain a {kind or 'technology object of this type'}: leave the axis out, or name another one."
        raise Problem("technology_object.no_container", msg, kind=Kind.CONFLICT).at(device=device, object=axis)
    return getattr(held, place)


def _container(session: Session, thing: Any) -> Any:
    return service(thing, getattr(session.model, _CONTAINER)) if session.model.has(_CONTAINER) else None


def _belonging(session: Session, thing: Any) -> list[Any]:
    held = _container(session, thing)
    return [] if held is None else [*held.OutputCams, *held.MeasuringInputs]


def _info(thing: Any, folder: Names, axis: str | None) -> TechnologyObjectInfo:
    return TechnologyObjectInfo(
        name=str(thing.Name),
        type=str(thing.OfSystemLibElement),
        version=str(thing.OfSystemLibVersion.ToString()),
        number=int(thing.Number),
        folder=groups.join(folder),
        is_consistent=bool(thing.IsConsistent),
        axis=axis,
    )
