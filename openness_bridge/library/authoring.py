"""Makes library types and versions of objects in a PLC, and releases or discards them.

Openness makes types and versions of SIMATIC SD documents only, and only from V20 on: the bridge exports the object in
the PLC, makes the document a version in work whose test instance is that object, compiles the object and releases the
version. Facts: docs/facts/openness-libraries.md#types-and-versions; docs/facts/tia-operations.md#libraries; type lists
of V20 and V21.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from openness_bridge import groups
from openness_bridge.errors import Kind, Place, Problem, not_found, refused_as
from openness_bridge.groups import Names
from openness_bridge.library import libraries
from openness_bridge.library.libraries import TYPES
from openness_bridge.library.types import TypeInfo, describe_type, require_type
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import settled, transaction
from openness_bridge.program import compile as compiling
from openness_bridge.program import documents
from openness_bridge.values import di, enum, enum_name, service

KEEP = "DoNotAutomaticallyCreateOrReleaseDependencies"


class TypeMade(msgspec.Struct, rename="camel", frozen=True):
    """A type with a new version.

    Attributes:
        messages: TIA Portal's messages about the document.
    """

    library_type: TypeInfo
    messages: list[str]


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """How a version is released.

    Attributes:
        number: Such as 1.0.0; by default the number of the version in work.
        release: Whether to release it at all, or to leave it in work.
    """

    number: str | None = None
    author: str = ""
    comment: str = ""
    release: bool = True


def create_type(session: Session, device: str, name: str, folder: str, how: Release) -> TypeMade:
    """Make a type of a block or data type of a PLC, which becomes its first instance (V20 and later).

    Raises:
        Problem: Before V20, an object with errors, a language without documents, a used object that is no type yet, or
            TIA Portal refuses.
    """
    group, is_block = _ready(session, device, name, how)
    options = enum(session.model, "LibraryImportOptions", "None")
    top = libraries.root(libraries.find_library(session, libraries.PROJECT), TYPES)
    with TemporaryDirectory(prefix="engineering-api-", ignore_cleanup_errors=True) as place:
        _export(session, device, name, Path(place), is_block=is_block)
        with (
            transaction(session, f"Create type {name}"),
            refused_as("library_type.refused", Kind.REFUSED, device=device, object=name),
        ):
            home = libraries.find_or_create_folder(top, folder).Types
            result = home.CreateFromDocuments(di(session.model, place), "content", group, options)
    _finish(session, device, name, is_block, next(iter(result.CreatedType.Versions)), how)
    return TypeMade(describe_type(result.CreatedType, groups.split(folder)), _messages(result))


def create_version(
    session: Session, path: str, device: str, name: str | None, how: Release, *, override: bool
) -> TypeMade:
    """Make a version of a project library type from the present object in a PLC (V20 and later).

    Args:
        session: The portal.
        path: The type.
        device: The PLC.
        name: The block or data type; by default the one of the type's name.
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
        with refused_as("library_type.refused", Kind.REFUSED, device=device, object=path), settled():
            result = found.Versions.CreateFromDocuments(di(session.model, place), "content", group, create, options)
    _finish(session, device, wanted, is_block, result.CreatedVersion, how)
    return TypeMade(describe_type(found, names), _messages(result))


def release_version(session: Session, path: str, how: Release) -> TypeInfo:
    """Release the version of a type that is in work.

    Raises:
        Problem: Before V20, none is in work, or TIA Portal refuses.
    """
    found, names, pending = _in_work(session, path)
    _release(session, pending, how)
    return describe_type(found, names)


def discard_version(session: Session, path: str) -> TypeInfo:
    """Discard the version of a type that is in work; returns the type as it was.

    Raises:
        Problem: Before V20, or none is in work.
    """
    found, names, pending = _in_work(session, path)
    before = describe_type(found, names)
    with refused_as("library_type.discard_refused", Kind.CONFLICT, object=path):
        pending.Discard()
    return before


def _in_work(session: Session, path: str) -> tuple[Any, Names, Any]:
    _require_authoring(session)
    found, names = libraries.find(session, libraries.PROJECT, TYPES, path)
    pending = next((each for each in found.Versions if enum_name(each.State) == "InWork"), None)
    if pending is None:
        raise Problem("library_type.not_in_work", f"'{path}' has no version in work.", kind=Kind.CONFLICT)
    return found, names, pending


def _object(session: Session, device: str, name: str) -> tuple[Any, bool]:
    """Return the folder of a block or data type, and whether it is a block."""
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
    """Return `_object`'s result after checks that the object and the number can be released, before any change."""
    found = _object(session, device, name)
    if how.number is not None:
        parse_version(session, how.number)
    if how.release:
        _compile(session, device, name, found[1])
    return found


def _require_new(library_type: Any, number: str | None) -> None:
    used = (
        str(each.VersionNumber.ToString()) for each in library_type.Versions if enum_name(each.State) == "Committed"
    )
    if number is not None and number.strip() in used:
        msg = f"'{library_type.Name}' already has a version {number}: choose a higher number."
        raise Problem("library_version.exists", msg, kind=Kind.CONFLICT, place=Place(object=str(library_type.Name)))


def _finish(session: Session, device: str, name: str, is_block: bool, made: Any, how: Release) -> None:
    """Compile the test instance and release the version; one that cannot be released stays in work."""
    if not how.release:
        return
    try:
        _compile(session, device, name, is_block)
        _release(session, made, how)
    except Problem as problem:
        number = made.VersionNumber.ToString()
        problem.message += f" The version {number} remains in work: release it with another number, or discard it."
        raise


def _compile(session: Session, device: str, name: str, is_block: bool) -> None:
    software = plc(session, device)
    root, collection = (software.BlockGroup, "Blocks") if is_block else (software.TypeGroup, "Types")
    element, _ = next(groups.find_all(root, collection, name))
    compilable = None if element.IsConsistent else service(element, session.model.ICompilable)
    if compilable is not None:
        compiling.run_compiler(session, compilable)
    if not element.IsConsistent:
        msg = f"'{name}' has errors, so that its version cannot be released: compile the PLC to see them."
        raise Problem("library_type.inconsistent", msg, place=Place(device=device, object=name))


def _release(session: Session, made: Any, how: Release) -> None:
    number = how.number or str(made.VersionNumber.ToString())
    mode = enum(session.model, "CreateOrReleaseDependenciesMode", KEEP)
    with refused_as("library_type.release_refused", Kind.REFUSED, object=number):
        made.Release(mode, parse_version(session, number), how.author or str(made.Author), how.comment)


def parse_version(session: Session, number: str) -> Any:
    """Return a System.Version of three numbers.

    Raises:
        Problem: Something else.
    """
    parts = number.strip().split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        msg = f"'{number}' is not a version of a type: use three numbers, such as 1.0.0."
        raise Problem("library_type.version_number", msg, kind=Kind.INVALID)
    return session.model.Version(".".join(str(int(part)) for part in parts))


def _require_authoring(session: Session) -> None:
    require_type(session, "CreateOptions", "V20", "creating types and versions")


def _messages(result: Any) -> list[str]:
    return [str(each.Message) for each in result.Messages]
