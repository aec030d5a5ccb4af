"""Lists, instantiates, compares and deletes library types and their versions.

Facts: docs/facts/openness-libraries.md#types-and-versions; docs/facts/tia-operations.md#libraries; type lists of V17,
V20 and V21.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from openness_bridge import groups
from openness_bridge.enumerations import DetailComparison, TypeVersionState
from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.groups import Names
from openness_bridge.library import libraries
from openness_bridge.library.copies import Made
from openness_bridge.library.libraries import TYPES, Which
from openness_bridge.lookup import all_devices, items, plc, software_of
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.project.texts import read as read_texts
from openness_bridge.values import enum, enum_name, moment

PATHS = ("KeepExistingPathsInTarget", "UpdatePathsInTarget", "ThrowIfPathsConflict")


class VersionRef(msgspec.Struct, rename="camel", frozen=True):
    """A version of a type."""

    type_name: str
    version: str


class VersionInfo(msgspec.Struct, rename="camel", frozen=True):
    """A version of a type.

    Attributes:
        state: InWork or Committed.
        is_default: Whether projects use this version by default; null before V17, which has no default version.
        dependencies: The types that it uses; null for a version in work, whose dependencies TIA Portal does not show.
        dependents: The types that use it; null for a version in work.
    """

    version: str
    guid: str
    state: TypeVersionState
    is_default: bool | None
    author: str
    comment: dict[str, str]
    modified_date: str | None
    dependencies: list[VersionRef] | None
    dependents: list[VersionRef] | None


class TypeInfo(msgspec.Struct, rename="camel", frozen=True):
    """A type.

    Attributes:
        path: Its folders and its name, joined by /.
        type: .NET type, such as CodeBlockLibraryType.
        status: Consistent, or the error, such as DefaultVersionInconsistent; null before V17.
    """

    name: str
    path: str
    folder: str
    guid: str
    type: str
    author: str
    comment: dict[str, str]
    status: str | None
    versions: list[VersionInfo]


class Instance(msgspec.Struct, rename="camel", frozen=True):
    """An instance of a type in the project."""

    device: str
    name: str
    version: str


class TypeDetail(msgspec.Struct, rename="camel", frozen=True):
    """A type with its instances in the open project."""

    library_type: TypeInfo
    instances: list[Instance]


class PropertyDifference(msgspec.Struct, rename="camel", frozen=True):
    """A property on both sides.

    Attributes:
        status: ObjectsIdentical, ObjectsDifferent or NotCompared.
    """

    description: str
    status: DetailComparison
    left: str
    right: str


class TypeComparison(msgspec.Struct, rename="camel", frozen=True):
    """A comparison of two types or versions."""

    is_equal: bool
    difference_count: int
    properties: list[PropertyDifference]


def list_types(session: Session, which: Which) -> list[TypeInfo]:
    """Return all types of a library, from all its folders."""
    top = libraries.root(libraries.find_library(session, which), TYPES)
    return [describe_type(each, names) for each, names in libraries.walk(top, TYPES)]


def describe(session: Session, which: Which, path: str) -> TypeDetail:
    """Return a type and where the open project uses it."""
    found, names = libraries.find(session, which, TYPES, path)
    return TypeDetail(describe_type(found, names), list(_instances(session, found)) if which.name is None else [])


def set_default(session: Session, which: Which, path: str, number: str) -> TypeInfo:
    """Make a released version the default one.

    Raises:
        Problem: Before V17, no such version, or TIA Portal refuses, as it does for a version in work.
    """
    require_type(session, "ConsistencyStatus", "V17", "default versions")
    found, names = libraries.find(session, which, TYPES, path)
    with refused_as("library_type.default_refused", Kind.CONFLICT, object=path):
        version(found, number).SetAsDefault()
    return describe_type(found, names)


def delete(session: Session, which: Which, path: str, number: str | None = None) -> TypeInfo:
    """Delete a type, or one of its versions; returns the deleted object.

    Raises:
        Problem: It has instances, dependents or a version in work, or the library is read-only.
    """
    found, names = libraries.find(session, which, TYPES, path)
    gone = describe_type(found, names)
    doomed = found if number is None else version(found, number)
    with (
        libraries.changing(session, which, f"Delete {path}"),
        refused_as("library_type.delete_refused", Kind.CONFLICT, object=path),
    ):
        doomed.Delete()
    return gone


def instantiate(
    session: Session, which: Which, path: str, number: str | None, device: str, folder: str, paths: str
) -> Made:
    """Make an instance of a version in a PLC; an existing one gets that version.

    Args:
        session: The portal.
        which: The library; TIA Portal copies a type of a global one into the project library first.
        path: The type.
        number: The version; the default one when it is left out.
        device: The PLC.
        folder: Folder of the PLC, made where it is missing.
        paths: One of PATHS: what to do with an instance in another folder; before V18 there is no choice.

    Raises:
        Problem: No such type or version, a type that is no block or data type, or TIA Portal refuses.
    """
    found, _ = libraries.find(session, which, TYPES, path)
    chosen = version(found, number)
    kind = type(chosen).__name__
    where = {
        "CodeBlockLibraryTypeVersion": ("BlockGroup", "Blocks"),
        "PlcTypeLibraryTypeVersion": ("TypeGroup", "Types"),
    }
    if kind not in where:
        msg = f"'{path}' is a {kind}: only types of blocks and PLC data types can be instantiated in a PLC."
        raise Problem("library_type.kind", msg, place=Place(device=device, object=path))
    root, collection = where[kind]
    options = [enum(session.model, "UpdatePathsMode", paths)] if session.model.has("UpdatePathsMode") else []
    with (
        transaction(session, f"Instantiate {path}"),
        refused_as("library_type.instantiate_refused", Kind.CONFLICT, object=path),
    ):
        group = groups.find_or_create(getattr(plc(session, device), root), folder, device)
        made = getattr(group, collection).CreateFrom(chosen, *options)
    return Made(str(made.Name), type(made).__name__, device, folder)


def compare(left: Any, right: Any) -> TypeComparison:
    """Compare two types or two versions, as `side` gives them."""
    with refused_as("library_type.compare_refused", Kind.REFUSED):
        rows = [_difference(each) for each in left.CompareTo(right).Properties]
    different = sum(1 for row in rows if row.status == "ObjectsDifferent")
    return TypeComparison(different == 0, different, rows)


def side(session: Session, which: Which, path: str, number: str | None) -> Any:
    """Return one side of a comparison: a type, or a version of it when a number is given.

    Raises:
        Problem: Before V19, no such type or version.
    """
    require_type(session, "DetailedCompareResult", "V19", "a comparison of types")
    found, _ = libraries.find(session, which, TYPES, path)
    return found if number is None else version(found, number)


def require_type(session: Session, type_name: str, since: str, what: str) -> None:
    """Refuse an operation of a TIA version that does not have a type.

    Raises:
        Problem: It does not have it.
    """
    if not session.model.has(type_name):
        msg = f"TIA Portal V{session.model.version} offers no {what} by Openness: use {since} or later, or TIA Portal's user interface."
        raise Problem("library_type.tia_version", msg, kind=Kind.UNSUPPORTED)


# -- reading ------------------------------------------------------------------------------


def version(library_type: Any, number: str | None) -> Any:
    """Return a version by its number; without one the default version, before V17 the highest that is released.

    Raises:
        Problem: There is none.
    """
    name, versions = str(library_type.Name), list(library_type.Versions)
    if number is not None:
        found = next((each for each in versions if str(each.VersionNumber.ToString()) == number.strip()), None)
        if found is None:
            known = ", ".join(str(each.VersionNumber.ToString()) for each in versions)
            msg = f"'{name}' has no version {number}: use one of {known}."
            raise Problem("library_version.not_found", msg, kind=Kind.MISSING, place=Place(object=name))
        return found
    committed = [each for each in versions if enum_name(each.State) == "Committed"]
    if not committed:
        msg = f"'{name}' has no released version: release one first."
        raise Problem("library_version.none_released", msg, kind=Kind.CONFLICT, place=Place(object=name))
    default = [each for each in committed if getattr(each, "IsDefault", False)]
    return (default or sorted(committed, key=_numbers))[-1]


def _numbers(each: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in str(each.VersionNumber.ToString()).split("."))


def _instances(session: Session, library_type: Any) -> Iterator[Instance]:
    for device, _ in all_devices(session.project):
        for item in items(device):
            software = software_of(session, item)
            for each in library_type.Versions if software is not None else ():
                for found in each.FindInstances(software):
                    name = str(found.LibraryTypeInstance.GetAttribute("Name"))
                    yield Instance(str(software.Name), name, str(each.VersionNumber.ToString()))


def describe_type(library_type: Any, names: Names) -> TypeInfo:
    """Return the known facts about a type in the folders of these names."""
    name = str(library_type.Name)
    status = getattr(library_type, "Status", None)
    return TypeInfo(
        name=name,
        path=groups.join((*names, name)),
        folder=groups.join(names),
        guid=str(library_type.Guid.ToString()),
        type=type(library_type).__name__,
        author=str(library_type.Author),
        comment=read_texts(library_type.Comment),
        status=None if status is None else enum_name(status),
        versions=[_version(each) for each in library_type.Versions],
    )


def _version(each: Any) -> VersionInfo:
    committed = enum_name(each.State) == "Committed"
    default = getattr(each, "IsDefault", None)
    return VersionInfo(
        version=str(each.VersionNumber.ToString()),
        guid=str(each.Guid.ToString()),
        state=enum_name(each.State),
        is_default=None if default is None else bool(default),
        author=str(each.Author),
        comment=read_texts(each.Comment),
        modified_date=moment(each.ModifiedDate),
        dependencies=_refs(each.Dependencies) if committed else None,
        dependents=_refs(each.Dependents) if committed else None,
    )


def _refs(versions: Any) -> list[VersionRef]:
    return [VersionRef(str(each.TypeObject.Name), str(each.VersionNumber.ToString())) for each in versions]


def _difference(row: Any) -> PropertyDifference:
    left, right = ("" if value is None else str(value) for value in (row.LeftValue, row.RightValue))
    return PropertyDifference(str(row.Description), enum_name(row.DetailCompareStatus), left, right)
