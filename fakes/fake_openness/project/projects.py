"""The open projects of a portal: created, opened or retrieved.

Facts: docs/facts/openness.md#projects, docs/facts/tia-rules.md#files, after the V19 Openness manual.
"""

from __future__ import annotations

from pathlib import Path

from fake_dotnet.system import DirectoryInfo, FileInfo, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.machine import Process
from fake_openness.core.objects import EngineeringObject
from fake_openness.files import archive
from fake_openness.files.file_object import _FileObjects
from fake_openness.files.header import Header
from fake_openness.files.locks import FileLock
from fake_openness.project.project import Project, ProjectOpenMode
from fake_openness.security.login import UmacDelegate, require_login


class ProjectComposition(_FileObjects[Project]):
    """The open projects of a portal: one primary, any number of secondary ones."""

    def __init__(self, parent: EngineeringObject, process: Process) -> None:
        """Start without a project."""
        super().__init__(parent)
        self._process = process

    def Create(self, targetDirectory: DirectoryInfo, name: str) -> Project:
        """Create folder/name/name.apNN and open it.

        Raises:
            EngineeringTargetInvocationException: A primary project is open, the name is no file name, or it exists.
        """
        file = self._new(targetDirectory, name)
        self._require_ready(ProjectOpenMode.Primary)
        return self._enter_project(self._put(file), ProjectOpenMode.Primary)

    def Open(
        self, file: FileInfo, umacDelegate: UmacDelegate | None = None, mode: ProjectOpenMode = ProjectOpenMode.Primary
    ) -> Project:
        """Open a project of exactly this version.

        Raises:
            EngineeringTargetInvocationException: Not there, not a project, another version, locked, or one is open.
        """
        path = absolute(file, FileInfo, "path")
        self._require_ready(require_type(mode, ProjectOpenMode, "mode"))
        self._require_version(path)
        return self._enter_project(path, mode, umacDelegate)

    def OpenWithUpgrade(
        self, file: FileInfo, umacDelegate: UmacDelegate | None = None, mode: ProjectOpenMode = ProjectOpenMode.Primary
    ) -> Project:
        """Open a project of this or an older version; an older one is copied to name_VNN and upgraded.

        Raises:
            EngineeringTargetInvocationException: As Open, or the project is newer.
        """
        path = absolute(file, FileInfo, "path")
        self._require_ready(require_type(mode, ProjectOpenMode, "mode"))
        return self._enter_project(self._upgrade(path), mode, umacDelegate)

    def Retrieve(
        self,
        sourcePath: FileInfo,
        targetDirectory: DirectoryInfo,
        umacDelegate: UmacDelegate | None = None,
        projectOpenMode: ProjectOpenMode = ProjectOpenMode.Primary,
    ) -> Project:
        """Unpack a .zapNN below a folder and open it.

        Raises:
            EngineeringTargetInvocationException: Damaged archive, other version, target there, or one is open.
        """
        return self.Open(self._unpack(sourcePath, targetDirectory, projectOpenMode), umacDelegate, projectOpenMode)

    def RetrieveWithUpgrade(
        self,
        sourcePath: FileInfo,
        targetDirectory: DirectoryInfo,
        umacDelegate: UmacDelegate | None = None,
        projectOpenMode: ProjectOpenMode = ProjectOpenMode.Primary,
    ) -> Project:
        """Unpack a .zapNN of this or an older version and open it."""
        return self.OpenWithUpgrade(
            self._unpack(sourcePath, targetDirectory, projectOpenMode), umacDelegate, projectOpenMode
        )

    def _unpack(self, file: FileInfo, folder: DirectoryInfo, mode: ProjectOpenMode) -> FileInfo:
        source = absolute(file, FileInfo, "sourcePath")
        target = absolute(folder, DirectoryInfo, "targetDirectory")
        self._require_ready(require_type(mode, ProjectOpenMode, "mode"))
        return FileInfo(str(archive.read(source, target)))

    def _enter_project(self, file: Path, mode: ProjectOpenMode, login: UmacDelegate | None = None) -> Project:
        lock = FileLock(file, self._process.machine)
        try:
            project = Project(self, file, Header.read(file), mode)
            require_login(project._users_and_roles, login)
        except BaseException:
            lock.release()
            raise
        project._lock = lock
        self._items.append(project)
        return project

    def _require_ready(self, mode: ProjectOpenMode) -> None:
        for project in self._items:
            project._context.refuse_in_transaction("Opening or creating a project")
            if mode is ProjectOpenMode.Primary and project._mode is ProjectOpenMode.Primary:
                msg = f"Another project ('{project.Name}') is already open: close it first."
                raise EngineeringTargetInvocationException(msg, code="project.already_open")
