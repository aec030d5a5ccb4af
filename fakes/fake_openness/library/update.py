"""Update check, update of projects and libraries, harmonising and cleaning up.

Facts: docs/facts/openness-libraries.md#updates; docs/facts/tia-operations.md#libraries (texts of the update check;
HarmonizeProject renames instances to the name of their type and moves them to its folders). An update gives instances
the default version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fake_dotnet.system import require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.library import instances, placement
from fake_openness.library.kinds import UpdateCheckMode
from fake_openness.library.library_object import refusal
from fake_openness.library.modes import (
    CleanUpMode,
    DeleteUnusedVersionsMode,
    ForceUpdateMode,
    HarmonizeProjectOptions,
    StructureConflictResolutionMode,
)
from fake_openness.library.placement import UpdatePathsMode
from fake_openness.library.versions import LibraryTypeVersion
from fake_openness.program.elements import _Element
from fake_openness.program.plc import _Plc

if TYPE_CHECKING:
    from fake_openness.library.library import ProjectLibrary, _Library
    from fake_openness.library.types import LibraryType


@dataclass(frozen=True, slots=True)
class _Modes:
    """The modes of an update."""

    force: ForceUpdateMode = ForceUpdateMode.SetOnlyHigherUpdatedVersionAsDefault
    delete: DeleteUnusedVersionsMode = DeleteUnusedVersionsMode.DoNotDelete
    structure: StructureConflictResolutionMode = StructureConflictResolutionMode.RetainStructure

    def __post_init__(self) -> None:
        """Refuse members of other enumerations, as pythonnet does."""
        require_type(self.force, ForceUpdateMode, "forceUpdateMode")
        require_type(self.delete, DeleteUnusedVersionsMode, "deleteUnusedVersionsMode")
        require_type(self.structure, StructureConflictResolutionMode, "structureConflictResolutionMode")


def select_types(selection: Iterable[Any]) -> list[LibraryType]:
    """Return the types of a selection of types and folders, each once."""
    return list(dict.fromkeys(each for chosen in selection for each in chosen._select()))


# -- update check -------------------------------------------------------------------------


class UpdateCheckResultMessage(EngineeringObject):
    """A message of an update check."""

    def __init__(self, parent: EngineeringObject, text: str) -> None:
        """Hold a message."""
        super().__init__(parent)
        self._text = text
        self._messages = UpdateCheckResultMessageComposition(self)

    @property
    def Description(self) -> str:
        """The text."""
        return self._text

    @property
    def Messages(self) -> UpdateCheckResultMessageComposition:
        """The messages below it."""
        return self._messages

    def _say(self, text: str) -> UpdateCheckResultMessage:
        made = UpdateCheckResultMessage(self._messages, text)
        self._messages._items.append(made)
        return made


class UpdateCheckResultMessageComposition(Composition[UpdateCheckResultMessage]):
    """Messages of an update check."""


class UpdateCheckResult(EngineeringObject):
    """The outcome of an update check."""

    def __init__(self, parent: EngineeringObject) -> None:
        """Start without messages."""
        super().__init__(parent)
        self._messages = UpdateCheckResultMessageComposition(self)

    @property
    def Messages(self) -> UpdateCheckResultMessageComposition:
        """The findings, one message for each PLC."""
        return self._messages


def check(library: _Library, programs: Iterable[_Plc], mode: UpdateCheckMode) -> UpdateCheckResult:
    """List the instances of a project that are not of the default version."""
    result = UpdateCheckResult(library)
    for plc in programs:
        head = UpdateCheckResultMessage(result._messages, f"Update check for: {plc._name}")
        for element, version, default in _instances(library, plc):
            current = version._guid == default._guid
            if current and mode is UpdateCheckMode.ReportOutOfDateOnly:
                continue
            below = head._say(f"Update check for library element {element._name} {version._number.ToString()}")
            below._say("Up-to-date" if current else "Out-of-date")
        if head._messages._items:
            result._messages._items.append(head)
    return result


def _instances(library: _Library, plc: _Plc) -> Iterator[tuple[Any, LibraryTypeVersion, LibraryTypeVersion]]:
    """Yield the instances of a PLC whose type a library has, with their version and its default one."""
    for element in plc._program:
        version = instances.version_of(element)
        home = None if version is None else library._type(version._type._guid)
        default = None if home is None else home._default()
        if version is not None and default is not None:
            yield element, version, default


# -- updates ------------------------------------------------------------------------------


def update_project(library: _Library, selection: Iterable[Any], scopes: Iterable[Any], modes: _Modes) -> None:
    """Update the instances of PLCs to the default versions, those of a global library through the project library."""
    types = select_types(selection)
    programs = [instances.require_plc(each) for each in scopes]
    for plc in programs:
        plc._require_offline("Updating instances")
    for context in {id(plc._context): plc._context for plc in programs}.values():
        with context.whole():
            own = [plc for plc in programs if plc._context is context]
            _update_programs(library, types, own, modes)


def _update_programs(library: _Library, types: list[LibraryType], programs: list[_Plc], modes: _Modes) -> None:
    mine = instances.library_of(programs[0])
    if library is not mine:
        types = [each for each in types if mine._type(each._guid) is not None]
        update_library(types, mine, modes)
        types = [found for each in types if (found := mine._type(each._guid)) is not None]
    for library_type in types:
        default = library_type._default()
        if default is not None:
            _update_instances([each for plc in programs for each in instances.of_type(plc, library_type)], default)
        if modes.delete is DeleteUnusedVersionsMode.AutomaticallyDelete:
            delete_unused(library_type)


def _update_instances(elements: Iterable[_Element], version: LibraryTypeVersion) -> None:
    for element in elements:
        placement.instantiate(element._composition(), version, UpdatePathsMode.KeepExistingPathsInTarget)


def update_library(types: Iterable[LibraryType], target: _Library, modes: _Modes) -> None:
    """Copy the default versions of types to another library.

    Raises:
        EngineeringTargetInvocationException: The same library, it is read-only, or a folder differs and is to be kept.
    """
    target._require_writable()
    with target._context.whole():
        for each in types:
            _update_type(each, target, modes)


def _update_type(source: LibraryType, target: _Library, modes: _Modes) -> None:
    if source._library is target:
        raise refusal("same_library", "A library cannot be updated from itself: name another one.", source._name)
    default = source._default()
    if default is None:
        raise refusal("in_work", f"'{source._name}' has no released version: release one first.", source._name)
    there = target._type(source._guid)
    if there is not None and there._path() != source._path():
        _settle_structure(there, source, modes.structure)
    before = None if there is None else there._default()
    made = placement.bring(target, default)
    if _becomes_default(made, before, modes.force):
        made._make_default()
    if modes.delete is DeleteUnusedVersionsMode.AutomaticallyDelete:
        delete_unused(made._type)


def _settle_structure(there: LibraryType, source: LibraryType, mode: StructureConflictResolutionMode) -> None:
    if mode is StructureConflictResolutionMode.CancelIfStructureConflicts:
        msg = f"'{source._name}' is in another folder of the target library."
        raise refusal("structure_conflict", msg, source._name)
    if mode is StructureConflictResolutionMode.UpdateStructure:
        folder = there._library._type_folder._descend(source._path())
        if there._name.casefold() in folder._types._by_name:
            msg = f"The folder of '{source._name}' has another type of that name in the target library."
            raise refusal("structure_conflict", msg, source._name)
        there._home()._remove(there)
        there._assign("_parent", folder._types)
        folder._types._add(there)


def _becomes_default(made: LibraryTypeVersion, before: LibraryTypeVersion | None, mode: ForceUpdateMode) -> bool:
    if before is None or mode is ForceUpdateMode.ForceSetAnyUpdatedVersionAsDefault:
        return True
    return mode is ForceUpdateMode.SetOnlyHigherUpdatedVersionAsDefault and made._number > before._number


# -- harmonise and clean up ---------------------------------------------------------------


def harmonize(
    library: ProjectLibrary, selection: Iterable[Any], scopes: Iterable[Any], options: HarmonizeProjectOptions
) -> None:
    """Give instances the names of their types, and move them to folders like those of the types.

    Raises:
        EngineeringTargetInvocationException: No option, or a name is used.
    """
    if not require_type(options, HarmonizeProjectOptions, "harmonizeProjectOptions").value:
        raise refusal("harmonize_nothing", "Name what is to be harmonized: names, paths, or both.")
    programs = [instances.require_plc(each) for each in scopes]
    with library._context.whole():
        for library_type in select_types(selection):
            for plc in programs:
                plc._require_offline("Harmonizing")
                for element in instances.of_type(plc, library_type):
                    _harmonize(element, library_type, options)


def _harmonize(element: Any, library_type: LibraryType, options: HarmonizeProjectOptions) -> None:
    if options.HasFlag(HarmonizeProjectOptions.HarmonizeNames) and element._name != library_type._name:
        element.Name = library_type._name
    if options.HasFlag(HarmonizeProjectOptions.HarmonizePaths):
        plc: _Plc = element._plc
        root: Any = plc._trees()["types" if element._state.kind == "UDT" else "blocks"]
        (target,) = root._descend(library_type._path())._contents()
        if target is not element._parent:
            placement.move(element, target)


def clean_up(library: _Library, selection: Iterable[Any], mode: CleanUpMode) -> None:
    """Delete versions, or whole types, that nothing uses.

    Raises:
        EngineeringTargetInvocationException: The library is read-only.
    """
    library._require_writable()
    pending = select_types(selection)
    with library._context.whole():
        while pending:
            done = [each for each in pending if _clean(each, mode)]
            pending = [each for each in pending if each not in done and each._alive] if done else []


def _clean(library_type: LibraryType, mode: CleanUpMode) -> bool:
    """Clean up one type; return whether it is deleted, so that others may be unused now."""
    delete_unused(library_type)
    if mode is not CleanUpMode.DeleteUnusedTypes or library_type._in_work() is not None:
        return False
    if not all(_is_unused(each) for each in library_type._versions._items):
        return False
    library_type.Delete()
    return True


def delete_unused(library_type: LibraryType) -> None:
    """Delete the released versions that are no default and that nothing uses."""
    if library_type._in_work() is not None:
        return
    for version in list(library_type._versions._items):
        if not version._is_default and _is_unused(version):
            version._remove()


def _is_unused(version: LibraryTypeVersion) -> bool:
    try:
        version._require_deletable()
    except EngineeringTargetInvocationException:
        return False
    return not version._copies()
