"""Library types and their versions: listed, made, released, instantiated, compared, deleted.

Openness makes types and versions of SIMATIC SD documents only, and only from V20 on: the object in the PLC is exported, the
document becomes a version in work whose test instance is that object, the object is compiled, the version released. Facts:
openness-map 3.10; tia-rules 9; type lists of V17, V20 and V21.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from openness_bridge import documents, groups, libraries
from openness_bridge.errors import Place, Problem, not_found, refused_as
from openness_bridge.groups import Names
from openness_bridge.libraries import TYPES, Which
from openness_bridge.libraries_copies import Made
from openness_bridge.lookup import all_devices, items, plc, software_of
from openness_bridge.portal import Session
from openness_bridge.texts import read as read_texts
from openness_bridge.transaction import transaction
from openness_bridge.values import di, enum, enum_name, moment, service

KEEP = "DoNotAutomaticallyCreateOrReleaseDependencies"
PATHS = ("KeepExistingPathsInTarget", "UpdatePathsInTarget", "ThrowIfPathsConflict")


class VersionRef(msgspec.Struct, rename="camel", frozen=True):
    """A version of a type."""

    type_name: str
    version: str


class VersionInfo(msgspec.Struct, rename="camel", frozen=True):
    """A version of a type.

    Attributes:
        state: InWork or Committed.
        is_default: Whether projects take this one; null before V17, which has no default.
        dependencies: What it uses; null for a version in work, whose dependencies TIA Portal does not tell.
        dependents: What uses it; null for a version in work.
    """

    version: str
    guid: str
    state: str
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
        status: Consistent or what is wrong, such as DefaultVersionInconsistent; null before V17.
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


class TypeMade(msgspec.Struct, rename="camel", frozen=True):
    """A type of which a version was made.

    Attributes:
        messages: What TIA Portal had to say of the document.
    """

    library_type: TypeInfo
    messages: list[str]


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
    status: str
    left: str
    right: str


class TypeComparison(msgspec.Struct, rename="camel", frozen=True):
    """A comparison of two types or versions."""

    is_equal: bool
    difference_count: int
    properties: list[PropertyDifference]


def list_types(session: Session, which: Which) -> list[TypeInfo]:
    """All types of a library, whatever folder they are in."""
    top = libraries.root(libraries.opened(session, which), TYPES)
    return [_info(each, names) for each, names in libraries.walk(top, TYPES)]


def describe(session: Session, which: Which, path: str) -> TypeDetail:
    """A type and where the open project uses it."""
    found, names = libraries.find(session, which, TYPES, path)
    return TypeDetail(_info(found, names), list(_instances(session, found)) if which.name is None else [])


def set_default(session: Session, which: Which, path: str, number: str) -> TypeInfo:
    """Make a released version the default one.

    Raises:
        Problem: Before V17, no such version, or TIA Portal refuses, as it does for a version in work.
    """
    _require(session, "ConsistencyStatus", "V17", "default versions")
    found, names = libraries.find(session, which, TYPES, path)
    with refused_as("library_type.default_refused", 409, object=path):
        version(found, number).SetAsDefault()
    return _info(found, names)


def delete(session: Session, which: Which, path: str, number: str | None = None) -> TypeInfo:
    """Delete a type, or one of its versions; returns what it was.

    Raises:
        Problem: It has instances, dependents or a version in work, or the library is read-only.
    """
    found, names = libraries.find(session, which, TYPES, path)
    gone = _info(found, names)
    doomed = found if number is None else version(found, number)
    with (
        libraries.changing(session, which, f"Delete {path}"),
        refused_as("library_type.delete_refused", 409, object=path),
    ):
        doomed.Delete()
    return gone


def instantiate(
    session: Session, which: Which, path: str, number: str | None, device: str, folder: str, paths: str
) -> Made:
    """Make an instance of a version in a PLC; one that is there is brought to that version.

    Args:
        session: The portal.
        which: The library; a type of a global one comes into the project library first.
        path: The type.
        number: The version; the default one when it is left out.
        device: The PLC.
        folder: Folder of the PLC, made where it is missing.
        paths: One of PATHS: what to do with an instance in another folder; before V18 there is no choice.

    Raises:
        Problem: No such type or version, a type of something else than a block or data type, or TIA Portal refuses.
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
    with transaction(session, f"Instantiate {path}"), refused_as("library_type.instantiate_refused", 409, object=path):
        group = groups.made(getattr(plc(session, device), root), folder, device)
        made = getattr(group, collection).CreateFrom(chosen, *options)
    return Made(str(made.Name), type(made).__name__, device, folder)


def compare(left: Any, right: Any) -> TypeComparison:
    """Compare two types or two versions, as `side` gives them."""
    with refused_as("library_type.compare_refused", 422):
        rows = [_difference(each) for each in left.CompareTo(right).Properties]
    different = sum(1 for row in rows if row.status == "ObjectsDifferent")
    return TypeComparison(different == 0, different, rows)


def side(session: Session, which: Which, path: str, number: str | None) -> Any:
    """One side of a comparison: a type, or a version of it when a number is given.

    Raises:
        Problem: Before V19, no such type or version.
    """
    _require(session, "DetailedCompareResult", "V19", "a comparison of types")
    found, _ = libraries.find(session, which, TYPES, path)
    return found if number is None else version(found, number)


# -- making types and versions ------------------------------------------------------------


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """How a version is released.

    Attributes:
        number: Such as 1.0.0; the number that the version in work has when it is left out.
        release: Whether to release it at all, or to leave it in work.
    """

    number: str | None = None
    author: str = ""
    comment: str = ""
    release: bool = True


def create_type(session: Session, device: str, name: str, folder: str, how: Release) -> TypeMade:
    """Make a type of a block or data type of a PLC, which becomes its first instance (V20 and later).

    Raises:
        Problem: Before V20, an object with errors, a language without documents, something used that is no type yet, or
            TIA Portal refuses.
    """
    group, is_block = _ready(session, device, name, how)
    options = enum(session.model, "LibraryImportOptions", "None")
    top = libraries.root(libraries.opened(session, libraries.PROJECT), TYPES)
    with TemporaryDirectory(prefix="engineering-api-", ignore_cleanup_errors=True) as place:
        _export(session, device, name, Path(place), is_block=is_block)
        with (
            transaction(session, f"Create type {name}"),
            refused_as("library_type.refused", 422, device=device, object=name),
        ):
            home = libraries.folder_made(top, folder).Types
            result = home.CreateFromDocuments(di(session.model, place), "content", group, options)
    _finish(session, device, name, is_block, next(iter(result.CreatedType.Versions)), how)
    return TypeMade(_info(result.CreatedType, groups.split(folder)), _messages(result))


def create_version(
    session: Session, path: str, device: str, name: str | None, how: Release, *, override: bool
) -> TypeMade:
    """Make a version of a type of the project library as the object in a PLC is now (V20 and later).

    Args:
        session: The portal.
        path: The type.
        device: The PLC.
        name: The block or data type; the one of the type's name when it is left out.
        how: Number, author and comment.
        override: Replace a version that is in work.

    Raises:
        Problem: As `create_type`, the number is used, or there is a version in work and override is not set.
    """
    found, names = libraries.find(session, libraries.PROJECT, TYPES, path)
    wanted = name or str(found.Name)
    group, is_block = _ready(session, device, wanted, how)
    _require_new(found, how.number)
    create = enum(session.model, "CreateOptions", "Override" if override else "None")
    options = enum(session.model, "LibraryImportOptions", "None")
    with TemporaryDirectory(prefix="engineering-api-", ignore_cleanup_errors=True) as place:
        _export(session, device, wanted, Path(place), is_block=is_block)
        with refused_as("library_type.refused", 422, device=device, object=path):
            result = found.Versions.CreateFromDocuments(di(session.model, place), "content", group, create, options)
    _finish(session, device, wanted, is_block, result.CreatedVersion, how)
    return TypeMade(_info(found, names), _messages(result))


def release_version(session: Session, path: str, how: Release) -> TypeInfo:
    """Release the version of a type that is in work.

    Raises:
        Problem: Before V20, none is in work, or TIA Portal refuses.
    """
    found, names, pending = _in_work(session, path)
    _release(session, pending, how)
    return _info(found, names)


def discard_version(session: Session, path: str) -> TypeInfo:
    """Give up the version of a type that is in work; returns what the type was.

    Raises:
        Problem: Before V20, or none is in work.
    """
    found, names, pending = _in_work(session, path)
    before = _info(found, names)
    with refused_as("library_type.discard_refused", 409, object=path):
        pending.Discard()
    return before


def _in_work(session: Session, path: str) -> tuple[Any, Names, Any]:
    _require_authoring(session)
    found, names = libraries.find(session, libraries.PROJECT, TYPES, path)
    pending = next((each for each in found.Versions if enum_name(each.State) == "InWork"), None)
    if pending is None:
        raise Problem("library_type.not_in_work", f"'{path}' has no version in work.", status=409)
    return found, names, pending


def _object(session: Session, device: str, name: str) -> tuple[Any, bool]:
    """The folder of a block or data type, and whether it is a block."""
    _require_authoring(session)
    software = plc(session, device)
    for root, collection in ((software.BlockGroup, "Blocks"), (software.TypeGroup, "Types")):
        found = next(groups.find_all(root, collection, name), None)
        if found is not None:
            return groups.existing(root, groups.join(found[1]), device), collection == "Blocks"
    raise not_found("object", name, device=device)


def _export(session: Session, device: str, name: str, folder: Path, *, is_block: bool) -> None:
    (documents.export_block if is_block else documents.export_type)(session, device, name, folder)


def _ready(session: Session, device: str, name: str, how: Release) -> tuple[Any, bool]:
    """What `_object` gives, once it is known that the object and the number can be released: nothing is changed before."""
    found = _object(session, device, name)
    if how.number is not None:
        parsed(session, how.number)
    if how.release:
        _compile(session, device, name, found[1])
    return found


def _require_new(library_type: Any, number: str | None) -> None:
    used = (
        str(each.VersionNumber.ToString()) for each in library_type.Versions if enum_name(each.State) == "Committed"
    )
    if number is not None and number.strip() in used:
        msg = f"'{library_type.Name}' has a version {number} already: choose a higher number."
        raise Problem("library_version.exists", msg, status=409, place=Place(object=str(library_type.Name)))


def _finish(session: Session, device: str, name: str, is_block: bool, made: Any, how: Release) -> None:
    """Compile the test instance and release the version; one that cannot be released stays in work with what is in it."""
    if not how.release:
        return
    try:
        _compile(session, device, name, is_block)
        _release(session, made, how)
    except Problem as problem:
        number = made.VersionNumber.ToString()
        problem.message += f" The version {number} stays in work: release it with another number, or discard it."
        raise


def _compile(session: Session, device: str, name: str, is_block: bool) -> None:
    software = plc(session, device)
    root, collection = (software.BlockGroup, "Blocks") if is_block else (software.TypeGroup, "Types")
    element, _ = next(groups.find_all(root, collection, name))
    compilable = None if element.IsConsistent else service(element, session.model.ICompilable)
    if compilable is not None:
        compilable.Compile()
    if not element.IsConsistent:
        msg = f"'{name}' has errors, so that its version cannot be released: compile the PLC to see them."
        raise Problem("library_type.inconsistent", msg, place=Place(device=device, object=name))


def _release(session: Session, made: Any, how: Release) -> None:
    number = how.number or str(made.VersionNumber.ToString())
    mode = enum(session.model, "CreateOrReleaseDependenciesMode", KEEP)
    with refused_as("library_type.release_refused", 422, object=number):
        made.Release(mode, parsed(session, number), how.author or str(made.Author), how.comment)


def parsed(session: Session, number: str) -> Any:
    """A System.Version of three numbers.

    Raises:
        Problem: Something else.
    """
    parts = number.strip().split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        msg = f"'{number}' is no version of a type: it has three numbers, such as 1.0.0."
        raise Problem("library_type.version_number", msg, status=400)
    return session.model.Version(".".join(str(int(part)) for part in parts))


def _require_authoring(session: Session) -> None:
    _require(session, "CreateOptions", "V20", "making types and versions")


def _require(session: Session, type_name: str, since: str, what: str) -> None:
    if not session.model.has(type_name):
        msg = f"TIA Portal V{session.model.version} offers no {what} to programs: use {since} or later, or its window."
        raise Problem("library_type.tia_version", msg, status=501)


# -- reading ------------------------------------------------------------------------------


def version(library_type: Any, number: str | None) -> Any:
    """A version by its number; without one the default version, before V17 the highest that is released.

    Raises:
        Problem: There is none.
    """
    name, versions = str(library_type.Name), list(library_type.Versions)
    if number is not None:
        found = next((each for each in versions if str(each.VersionNumber.ToString()) == number.strip()), None)
        if found is None:
            known = ", ".join(str(each.VersionNumber.ToString()) for each in versions)
            msg = f"'{name}' has no version {number}: use one of {known}."
            raise Problem("library_version.not_found", msg, status=404, place=Place(object=name))
        return found
    committed = [each for each in versions if enum_name(each.State) == "Committed"]
    if not committed:
        msg = f"'{name}' has no released version: release one first."
        raise Problem("library_version.none_released", msg, status=409, place=Place(object=name))
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
                    name = str(found.LibraryTypeInstance.Name)
                    yield Instance(str(software.Name), name, str(each.VersionNumber.ToString()))


def _info(library_type: Any, names: Names) -> TypeInfo:
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


def _messages(result: Any) -> list[str]:
    return [str(each.Message) for each in result.Messages]


def _difference(row: Any) -> PropertyDifference:
    left, right = ("" if value is None else str(value) for value in (row.LeftValue, row.RightValue))
    return PropertyDifference(str(row.Description), enum_name(row.DetailCompareStatus), left, right)
