"""What project libraries and global libraries have in common, and the library of a project.

Facts: docs/facts/openness-libraries.md#libraries; type lists of V15.1, V20 and V21. A project library has no name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from fake_dotnet.system import Guid, require_type
from fake_openness.core import texts
from fake_openness.core.context import Context
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.texts import LanguageSettings
from fake_openness.hardware.hardware import _ProjectRoot
from fake_openness.library import store, update
from fake_openness.library.copies import MasterCopy
from fake_openness.library.folder_trees import _LibraryFolder
from fake_openness.library.folders import LibraryTypeSystemFolder, MasterCopySystemFolder
from fake_openness.library.kinds import UpdateCheckMode
from fake_openness.library.library_object import _LibraryRoot
from fake_openness.library.modes import (
    CleanUpMode,
    DeleteUnusedVersionsMode,
    ForceUpdateMode,
    HarmonizeProjectOptions,
    StructureConflictResolutionMode,
)
from fake_openness.library.types import LibraryType
from fake_openness.library.versions import LibraryTypeVersion
from fake_openness.program.plc import _Plc, programs_of


class _Library(_LibraryRoot):
    """A library: master copies and types, each in folders."""

    _is_global = False

    def __init__(self, parent: EngineeringObject, context: Context | None = None) -> None:
        """Start empty."""
        EngineeringObject.__init__(self, parent, context)
        self._copy_folder = MasterCopySystemFolder(self, self, "Master copies")
        self._type_folder = LibraryTypeSystemFolder(self, self, "Types")

    @property
    def MasterCopyFolder(self) -> MasterCopySystemFolder:
        """The root folder of the master copies."""
        return self._copy_folder

    @property
    def TypeFolder(self) -> LibraryTypeSystemFolder:
        """The root folder of the types."""
        return self._type_folder

    def FindType(self, typeGuid: Guid) -> LibraryType | None:
        """Return the type of an identity, or None."""
        return self._type(require_type(typeGuid, Guid, "guid").ToString())

    def FindVersion(self, versionGuid: Guid) -> LibraryTypeVersion | None:
        """Return the version of an identity, or None."""
        return self._version(require_type(versionGuid, Guid, "guid").ToString())

    def UpdateCheck(self, project: _ProjectRoot, updateCheckMode: UpdateCheckMode) -> update.UpdateCheckResult:
        """List the instances of a project that are not of this library's default versions."""
        require_type(updateCheckMode, UpdateCheckMode, "updateCheckMode")
        return update.check(self, programs_of(project._hardware.every_device()), updateCheckMode)

    def UpdateLibrary(
        self,
        sourceTypesAndFolders: Iterable[Any],
        targetLibrary: _Library,
        forceUpdateMode: ForceUpdateMode = ForceUpdateMode.SetOnlyHigherUpdatedVersionAsDefault,
        deleteUnusedVersionsMode: DeleteUnusedVersionsMode = DeleteUnusedVersionsMode.DoNotDelete,
        structureConflictResolutionMode: StructureConflictResolutionMode = StructureConflictResolutionMode.RetainStructure,
    ) -> None:
        """Copy types to another library, or update them there."""
        modes = update._Modes(forceUpdateMode, deleteUnusedVersionsMode, structureConflictResolutionMode)
        update.update_library(update.select_types(sourceTypesAndFolders), targetLibrary, modes)

    def _languages(self) -> LanguageSettings:
        """Return the languages of its texts."""
        raise NotImplementedError

    def _culture(self) -> str:
        return self._languages()._editing._culture

    def _programs(self) -> Iterator[_Plc]:
        """Return the programs that hold instances of its types."""
        raise NotImplementedError

    def _roots(self) -> dict[str, _LibraryFolder]:
        """Return the trees by the names that the files use."""
        return {"copies": self._copy_folder, "types": self._type_folder}

    def _load(self) -> None:
        """Read the library from its files."""
        store.load(self._context.files, self._roots())

    def _save_parts(self) -> None:
        """Write the changes to the files of the library or its project."""
        store.save(self._context.files, self._roots())

    def _types(self) -> Iterator[LibraryType]:
        return self._type_folder._everything()

    def _versions(self) -> Iterator[LibraryTypeVersion]:
        for each in self._types():
            yield from each._versions._items

    def _copies(self) -> Iterator[MasterCopy]:
        return self._copy_folder._everything()

    def _type(self, guid: str) -> LibraryType | None:
        return next((each for each in self._types() if each._guid == guid), None)

    def _version(self, guid: str) -> LibraryTypeVersion | None:
        return next((each for each in self._versions() if each._guid == guid), None)

    def _children(self) -> list[EngineeringObject]:
        return [self._copy_folder, self._type_folder]


class ProjectLibrary(_Library):
    """The library of a project."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"HarmonizeProject": "17", "CleanUpLibrary": "17"}

    def __init__(self, project: _ProjectRoot) -> None:
        """Read the library from the project's files."""
        super().__init__(project)
        self._project = project
        self._load()

    def UpdateProject(
        self,
        sourceTypesAndFolders: Iterable[Any],
        updateProjectScopes: Iterable[Any],
        deleteUnusedVersionsMode: DeleteUnusedVersionsMode = DeleteUnusedVersionsMode.DoNotDelete,
    ) -> None:
        """Update the instances of PLCs to the default versions."""
        update.update_project(
            self, list(sourceTypesAndFolders), list(updateProjectScopes), update._Modes(delete=deleteUnusedVersionsMode)
        )

    def HarmonizeProject(
        self,
        sourceTypesAndFolders: Iterable[Any],
        harmonizeScope: Iterable[Any],
        harmonizeProjectOptions: HarmonizeProjectOptions,
    ) -> None:
        """Give instances the names of their types, and the folders.

        Raises:
            EngineeringTargetInvocationException: No option, or a name is used.
        """
        update.harmonize(self, list(sourceTypesAndFolders), list(harmonizeScope), harmonizeProjectOptions)

    def CleanUpLibrary(self, sourceTypesAndFolders: Iterable[Any], cleanUpMode: CleanUpMode) -> None:
        """Delete versions, or whole types, that nothing uses."""
        update.clean_up(self, list(sourceTypesAndFolders), require_type(cleanUpMode, CleanUpMode, "cleanUpMode"))

    def _languages(self) -> texts.LanguageSettings:
        return self._project._language_settings

    def _programs(self) -> Iterator[_Plc]:
        return programs_of(self._project._hardware.every_device())
