"""Projects: created, opened, saved, archived and retrieved as TIA Portal does it.

Facts: docs/facts/openness.md#projects, docs/facts/tia-rules.md#files, after the V19 Openness manual.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from fake_dotnet.system import DateTime, DirectoryInfo, NetEnum, SecureString, require_type
from fake_openness.cax.cax import CaxProvider
from fake_openness.core.context import Context
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.core.showing import View, require_user_interface
from fake_openness.core.store import Store
from fake_openness.core.texts import LanguageSettings
from fake_openness.files.file_object import _FileObject
from fake_openness.files.header import Header
from fake_openness.hardware import hardware_files
from fake_openness.hardware.hardware import Hardware, _ProjectRoot
from fake_openness.hmi.graphics import GraphicsProvider, MultiLingualGraphicComposition
from fake_openness.library.library import ProjectLibrary
from fake_openness.online.upload import StationUploadProvider
from fake_openness.project.about import HistoryEntryComposition, UsedProductComposition
from fake_openness.security.umac import Umac, UmacConfigurator


class ProjectOpenMode(NetEnum):
    """Whether a project opens as the one that can be changed, or as a read-only second."""

    Primary = 0
    Secondary = 1


class ProjectArchivationMode(NetEnum):
    """How Archive writes; only the compressed modes make a file."""

    None_ = 0
    Compressed = 1
    DiscardRestorableData = 2
    DiscardRestorableDataAndCompressed = 3

    @property
    def compressed(self) -> bool:
        """Whether one .zapNN file is made."""
        return self.value in (1, 3)


class Project(_ProjectRoot, _FileObject):
    """An open project."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"IsSimulationDuringBlockCompilationEnabled": "16", "ProtectProject": "17"}
    _GONE_FROM: ClassVar[dict[str, str]] = {"Graphics": "21", "IsSimulationDuringBlockCompilationEnabled": "21"}

    def __init__(self, parent: Composition[Project], file: Path, header: Header, mode: ProjectOpenMode) -> None:
        """Load the project whose .apNN file is given; the caller holds its lock."""
        machine = parent._context.machine
        self._siblings = parent._items
        store = Store(file.parent)
        super().__init__(parent, Context(machine, machine.version, store))
        self._file, self._header, self._mode = file, header, mode
        self._lock = None
        self._language_settings = LanguageSettings(self, header.languages)
        self._hardware = Hardware(self)
        hardware_files.load(self._hardware, store)
        self._users_and_roles = Umac(self)
        self._users_and_roles.load(store)
        self._project_library = ProjectLibrary(self)
        self._graphics = MultiLingualGraphicComposition(self)
        self._graphics._load(store)
        self._history = HistoryEntryComposition(self, header)
        self._size = self._measure()
        self._context.modified = False

    @property
    def Copyright(self) -> str:
        """The copyright note."""
        return self._header.copyright

    @property
    def Family(self) -> str:
        """The project family; empty, as nothing here sets it."""
        return self._header.family

    @property
    def CreationTime(self) -> DateTime:
        """When the project was made."""
        return DateTime(self._header.created)

    @property
    def LastModified(self) -> DateTime:
        """When the project was last saved."""
        return DateTime(self._header.modified)

    @property
    def LastModifiedBy(self) -> str:
        """The user who last saved the project."""
        return self._header.modified_by

    @property
    def Version(self) -> str:
        """The TIA Portal version of the project, such as V20."""
        return self._header.engineering

    @property
    def Size(self) -> int:
        """The size of the project's saved files, in KB."""
        return self._size

    @property
    def HistoryEntries(self) -> HistoryEntryComposition:
        """What happened to the project: it was created, upgraded, saved."""
        return self._history

    @property
    def UsedProducts(self) -> UsedProductComposition:
        """The products that its devices need."""
        return UsedProductComposition(self, self._hardware)

    @property
    def IsPrimary(self) -> bool:
        """Whether the project can be changed."""
        return self._mode is ProjectOpenMode.Primary

    @property
    def Devices(self) -> Any:
        """The devices outside of groups."""
        return self._hardware.devices

    @property
    def DeviceGroups(self) -> Any:
        """The device groups."""
        return self._hardware.groups

    @property
    def UngroupedDevicesGroup(self) -> Any:
        """The group of distributed devices that belong to no group."""
        return self._hardware.ungrouped

    @property
    def Subnets(self) -> Any:
        """The subnets."""
        return self._hardware.subnets

    @property
    def ProjectLibrary(self) -> ProjectLibrary:
        """The library of the project."""
        return self._project_library

    @property
    def Graphics(self) -> MultiLingualGraphicComposition:
        """The graphics of all panels (a service from V21 on)."""
        return self._graphics

    @property
    def HwUtilities(self) -> Any:
        """Helpers for hardware, such as the module information of V17 and before."""
        return self._hardware.utilities

    @property
    def IsSimulationDuringBlockCompilationEnabled(self) -> bool:
        """Whether blocks are compiled so that PLCSIM can run them (a service from V21 on)."""
        return self._header.simulation

    @IsSimulationDuringBlockCompilationEnabled.setter
    def IsSimulationDuringBlockCompilationEnabled(self, value: bool) -> None:
        self._set_simulation(value)

    def _set_simulation(self, value: bool) -> None:
        old, self._header.simulation = self._header.simulation, require_type(value, bool, "value")
        self._note_change(lambda: setattr(self._header, "simulation", old))

    def _services(self) -> dict[type, Any]:
        services: dict[type, Any] = {
            CaxProvider: lambda: CaxProvider(self._hardware),
            StationUploadProvider: lambda: StationUploadProvider(self._hardware),
        }
        if self._context.version.has("21"):
            services[PlcSimulationSettingsProvider] = lambda: PlcSimulationSettingsProvider(self)
            services[GraphicsProvider] = lambda: GraphicsProvider(self, self._graphics)
        if self._context.version.has("17"):
            services[UmacConfigurator] = lambda: UmacConfigurator(self._users_and_roles)
        return services

    def _set_at_creation(self, name: str, value: Any) -> None:
        """Set the author or the comment, which Create takes besides folder and name (V21 Openness manual)."""
        if name == "Author":
            self._header.author = require_type(value, str, "Author")
        elif name == "Comment":
            self._get_comment().Items[0].Text = require_type(value, str, "Comment")
        else:
            super()._set_at_creation(name, value)

    def ProtectProject(self, administratorUsername: str, administratorUserPassword: SecureString) -> None:
        """Protect the project permanently; its administrator has this name and password."""
        self._require_primary("protected")
        self._users_and_roles.protect(administratorUsername, administratorUserPassword)

    def ShowHwEditor(self, view: View) -> None:
        """Open the editor "Devices & networks".

        Raises:
            EngineeringTargetInvocationException: TIA Portal has no user interface.
        """
        require_type(view, View, "view")
        require_user_interface(self)

    def Save(self) -> None:
        """Save all changes, atomically.

        Raises:
            EngineeringTargetInvocationException: In a transaction, or the project is read-only.
        """
        self._context.refuse_in_transaction("Saving a project")
        self._require_primary("saved")
        self._write()

    def SaveAs(self, targetFolderPath: DirectoryInfo) -> None:
        """Save into a new folder and use it from then on; the folder's name becomes the project's.

        Raises:
            EngineeringTargetInvocationException: In a transaction, or the folder is there and not empty.
        """
        self._context.refuse_in_transaction("Saving a project")
        self._save_as(targetFolderPath)

    def Close(self) -> None:
        """Close the project; unsaved changes are lost.

        Raises:
            EngineeringTargetInvocationException: In a transaction.
        """
        self._context.refuse_in_transaction("Closing a project")
        self._close()

    def Archive(self, targetDirectory: DirectoryInfo, targetName: str, archivationMode: ProjectArchivationMode) -> None:
        """Write the saved project to a .zapNN file (compressed modes) or a copy of its folder.

        Raises:
            EngineeringTargetInvocationException: Unsaved changes, or the target is there already.
        """
        compressed = require_type(archivationMode, ProjectArchivationMode, "mode").compressed
        self._archive(targetDirectory, targetName, compressed=compressed)

    def _children(self) -> list[EngineeringObject]:
        own = [self._language_settings, self._project_library, self._graphics, self._history]
        return [*own, *self._hardware.roots(), *self._users_and_roles.roots()]

    def _require_primary(self, action: str) -> None:
        if not self.IsPrimary:
            msg = f"The project '{self.Name}' is open as secondary and cannot be {action}."
            raise EngineeringTargetInvocationException(msg, code="project.read_only")

    def _save_parts(self) -> None:
        hardware_files.save(self._hardware, self._context.files)
        self._users_and_roles.save(self._context.files)
        self._project_library._save_parts()
        self._graphics._save(self._context.files)
        self._header.note(self._header.modified, f"The project was saved by {self._header.modified_by}.")
        self._history._list()

    def _write(self) -> None:
        super()._write()
        self._size = self._measure()

    def _measure(self) -> int:
        """Return the size of the saved files, in KB."""
        return sum(path.stat().st_size for path in self._file.parent.rglob("*") if path.is_file()) // 1024


class PlcSimulationSettingsProvider(EngineeringObject):
    """V21's service for the simulation setting."""

    _SINCE = "21"

    def __init__(self, project: Project) -> None:
        """View the project's setting."""
        super().__init__(project)
        self._project = project

    @property
    def IsSimulationDuringBlockCompilationEnabled(self) -> bool:
        """Whether blocks are compiled so that PLCSIM can run them."""
        return self._project._header.simulation

    @IsSimulationDuringBlockCompilationEnabled.setter
    def IsSimulationDuringBlockCompilationEnabled(self, value: bool) -> None:
        self._project._set_simulation(value)
