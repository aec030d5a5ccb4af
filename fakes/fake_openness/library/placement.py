"""Versions of types put into a library and into a program, with everything that they depend on.

Facts: docs/facts/openness-libraries.md#instances (a type of a global library comes into the project library first).
That an instance which is there already is brought to the version, and moved or not by UpdatePathsMode, is inferred from
the names of its members.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import simatic_xml
from fake_dotnet.system import NetEnum
from fake_openness.blocks import block_import
from fake_openness.blocks.block_groups import blocks_of
from fake_openness.blocks.plc_types import types_of
from fake_openness.core.options import ImportOptions, SWImportOptions
from fake_openness.library import instances
from fake_openness.library.kinds import LibraryTypeVersionState
from fake_openness.library.library_object import refusal
from fake_openness.program.elements import _Element
from fake_openness.program.importing import in_version, settle_cultures
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition
from simatic_xml.model import Block, PlcType

if TYPE_CHECKING:
    from fake_openness.library.library import _Library
    from fake_openness.library.types import LibraryType
    from fake_openness.library.versions import LibraryTypeVersion

TOLERANT = SWImportOptions.IgnoreMissingReferencedObjects


class UpdatePathsMode(NetEnum):
    """What CreateFrom does with an instance that is there in another folder."""

    KeepExistingPathsInTarget = 0
    UpdatePathsInTarget = 1
    ThrowIfPathsConflict = 2


def content_of(version: LibraryTypeVersion) -> Block | PlcType:
    """Return the object of a version, as this TIA version has it."""
    document = in_version(simatic_xml.load(version._data(), own=True), version._context.version)
    found = document.objects[0]
    assert isinstance(found, (Block, PlcType))  # noqa: S101 - nothing else is kept
    return found


# -- into a library -----------------------------------------------------------------------


def bring(target: _Library, version: LibraryTypeVersion) -> LibraryTypeVersion:
    """Return the version in another library, copied there with what it depends on when it is missing.

    Raises:
        EngineeringTargetInvocationException: It is in work, another object has the name or number, or the library is
            read-only.
    """
    found = target._version(version._guid)
    if found is not None:
        return found
    target._require_writable()
    version._require_committed("stays in its library")
    for needed in version._find_needed():
        bring(target, needed)
    home = target._type(version._type._guid) or _new_type(target, version._type)
    if home._versions._find_by_number(version._number) is not None:
        msg = f"The library has another version {version._number.ToString()} of '{home._name}': their origins differ."
        raise refusal("duplicate_version", msg, version._title())
    made = home._versions._make(version._number, version._guid, version._author)
    made._comment, made._dependencies = dict(version._comment), version._dependencies
    made._state = LibraryTypeVersionState.Committed
    made._keep(version._data())
    if home._default() is None:
        made._make_default()
    return made


def _new_type(target: _Library, source: LibraryType) -> LibraryType:
    folder = target._type_folder._descend(source._path())
    made: LibraryType = folder._types._make(source._name, source._guid, source._kind, source._author)
    made._comment = dict(source._comment)
    return made


# -- into a program -----------------------------------------------------------------------


def instantiate(target: _ProgramComposition[Any], version: LibraryTypeVersion, paths: UpdatePathsMode) -> Any:
    """Make an instance in a folder of a PLC, or update the existing one to the version.

    Args:
        target: The blocks or data types of a folder.
        version: A version of the project library or of a global one.
        paths: What to do with an instance in another folder.

    Raises:
        EngineeringTargetInvocationException: Online, the version is in work, a name is used, or the paths differ.
    """
    plc = target._plc
    plc._require_offline("Instantiating a type")
    version._require_committed("cannot be instantiated")
    with plc._context.whole():
        mine = bring(instances.library_of(plc), version)
        return _place(target, mine, paths)


def _place(target: _ProgramComposition[Any], version: LibraryTypeVersion, paths: UpdatePathsMode) -> _Element:
    for needed in version._find_needed():
        _place(_home(target._plc, needed), needed, UpdatePathsMode.KeepExistingPathsInTarget)
    there = instances.of_type(target._plc, version._type)
    if not there:
        return _new(target, version)
    element = there[0]
    if element._state.library_version != version._guid:
        instances.rewrite(element, content_of(version), version)
    if element._parent is not target and paths is not UpdatePathsMode.KeepExistingPathsInTarget:
        if paths is UpdatePathsMode.ThrowIfPathsConflict:
            msg = f"'{element._name}' is an instance of the type already, in another folder."
            raise refusal("path_conflict", msg, element._name)
        move(element, target)
    return element


def _home(plc: _Plc, version: LibraryTypeVersion) -> _ProgramComposition[Any]:
    """Return the folder for a dependency of a type: the root of its tree."""
    return blocks_of(plc) if isinstance(content_of(version), Block) else types_of(plc)


def _new(target: _ProgramComposition[Any], version: LibraryTypeVersion) -> _Element:
    content = content_of(version)
    content.name = version._type._name
    plc = target._plc
    if plc._program.find(content.name) is not None:
        msg = f"The PLC has '{content.name}', which is not an instance of this type: rename or delete it."
        raise refusal("name_used", msg, content.name)
    element = put(target, content, ImportOptions.None_)
    instances.tie(element, version)
    return element


def put(target: _ProgramComposition[Any], content: Block | PlcType, options: ImportOptions) -> _Element:
    """Put an object into a folder; a free number replaces a used block number.

    Raises:
        EngineeringTargetInvocationException: A rule of imports is broken.
    """
    plc = target._plc
    settle_cultures(plc, content, ImportOptions.SkipInactiveCultures)
    taker: Any = target
    if isinstance(content, PlcType):
        return block_import.take_types(taker, [content], options, TOLERANT)[0]
    old = plc._program.find(content.name)
    space = content.kind if content.kind in ("OB", "FB", "FC") else "DB"
    if old is not None and old._state.space == space:
        content.number = old._state.number
    elif content.number is not None and plc._program.is_taken(space, content.number):
        content.number = None
    return block_import.take_blocks(taker, [content], options, TOLERANT)[0]


def move(element: _Element, target: _ProgramComposition[Any]) -> None:
    """Move an instance to another folder of its tree."""
    owner: Any = target
    element._composition()._remove(element)
    element._assign("_parent", target)
    element._assign("_group", owner._group)
    target._add(element)
    element._relocate()
