"""What projects and global libraries have in common: each is saved in its own folder, locked while it is open, and archived.

Only a file of exactly the simulated version opens; an older one is copied and upgraded.

Facts: docs/facts/openness.md#projects, docs/facts/openness-libraries.md#global-libraries, docs/facts/tia-rules.md#files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, TypeVar

from fake_dotnet.system import DirectoryInfo, FileInfo, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.core.texts import LanguageSettings, MultilingualText
from fake_openness.core.versions import TiaVersion
from fake_openness.files import archive
from fake_openness.files.header import Header
from fake_openness.files.locks import FileLock
from fake_openness.files.names import valid_name, version_of

T = TypeVar("T", bound=EngineeringObject)


class _FileObject(EngineeringObject):
    """An open project or global library."""

    _file: Path
    _header: Header
    _lock: FileLock | None
    _siblings: list[Any]
    _language_settings: LanguageSettings

    @property
    def Path(self) -> FileInfo:
        """The .apNN or .alNN file."""
        return FileInfo(str(self._file))

    @property
    def Author(self) -> str:
        """The user who made it."""
        return self._header.author

    @property
    def Comment(self) -> MultilingualText:
        """The comment."""
        return self._get_comment()

    def _get_comment(self) -> MultilingualText:
        return MultilingualText(self, lambda: self._language_settings, self._header.comment)

    @property
    def IsModified(self) -> bool:
        """Whether there are changes that were not saved."""
        return self._context.modified

    @property
    def LanguageSettings(self) -> LanguageSettings:
        """Active, editing and reference languages."""
        return self._language_settings

    def _save_parts(self) -> None:
        """Put the content of all parts into the files."""
        raise NotImplementedError

    def _write(self) -> None:
        """Save all changes, atomically."""
        self._header.modified, self._header.modified_by = self._context.now(), self._context.machine.user
        self._save_parts()
        self._header.languages = [item._culture for item in self._language_settings._active._items]
        self._context.files.put(self._file.name, self._header.to_bytes())
        self._context.files.save()
        self._context.modified = False

    def _save_as(self, folder: DirectoryInfo) -> None:
        """Save into a new folder and use it from then on; the folder's name becomes that of the file.

        Raises:
            EngineeringTargetInvocationException: The folder is there and not empty.
        """
        target = absolute(folder, DirectoryInfo, "targetDirectory")
        archive.require_empty(target)
        if target.exists():
            target.rmdir()
        old, suffix = self._file.name, f".{self._header.EXTENSION}{self._context.version.suffix}"
        self._context.files.save_as(target)
        self._release()
        self._file = (target / old).rename(target / f"{target.name}{suffix}")
        self._lock = FileLock(self._file, self._context.machine)
        self._write()

    def _close(self) -> None:
        """Close without saving."""
        self._release()
        self._siblings.remove(self)
        self._die()

    def _archive(self, folder: DirectoryInfo, name: str, *, compressed: bool) -> None:
        """Write the saved files to one file, or to a copy of the folder.

        Raises:
            EngineeringTargetInvocationException: Unsaved changes, or the target is there already.
        """
        target = absolute(folder, DirectoryInfo, "targetDirectory") / require_type(name, str, "targetName")
        if self._context.modified:
            kind, own = self._header.WHAT, self._file.stem
            msg = f"The {kind} '{own}' has changes that are not saved: save it before it is archived."
            raise EngineeringTargetInvocationException(msg, code=f"{kind}.not_saved", place={"name": own})
        archive.write(self._context.files, target, compressed=compressed, about=self._header)

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None


class _FileObjects(Composition[T]):
    """The open ones of a portal."""

    _kind: ClassVar[type[Header]] = Header

    def _new(self, folder: DirectoryInfo, name: str) -> Path:
        """Return the file folder/name/name.apNN or .alNN of a new one, which does not exist yet.

        Raises:
            EngineeringTargetInvocationException: The name cannot be that of a folder.
        """
        target = absolute(folder, DirectoryInfo, "targetDirectory") / valid_name(
            require_type(name, str, "name"), self._kind.WHAT
        )
        return target / f"{name}.{self._kind.EXTENSION}{self._context.version.suffix}"

    def _put(self, file: Path) -> Path:
        """Write the file of a new one."""
        archive.require_empty(file.parent)
        file.parent.mkdir(parents=True, exist_ok=True)
        header = self._kind.new(self._context.version.engineering, self._context.machine)
        file.write_bytes(header.to_bytes())
        return file

    def _require_version(self, file: Path) -> None:
        """Refuse a file of another version."""
        found = version_of(file, self._kind)
        if found != self._context.version:
            raise self._wrong_version(file, found)

    def _upgrade(self, file: Path) -> Path:
        """Return the file, or that of its copy as the simulated version if it is older; refuse a newer one."""
        found = version_of(file, self._kind)
        if found > self._context.version:
            raise self._wrong_version(file, found)
        return (
            file
            if found == self._context.version
            else archive.copy_and_upgrade(file, self._context.version, self._context.now(), self._kind)
        )

    def _wrong_version(self, file: Path, found: TiaVersion) -> EngineeringTargetInvocationException:
        what, own = self._kind.WHAT, self._context.version
        advice = "open it with upgrade" if found < own else "open it with that version"
        msg = f"'{file.name}' is a {what} of TIA Portal {found.engineering}, this is {own.engineering}: {advice}."
        return EngineeringTargetInvocationException(msg, code=f"{what}.version", place={"name": file.stem})
