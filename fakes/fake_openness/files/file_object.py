"""What projects and global libraries have in common: each is saved in its own folder, locked while it is open, and archived.

Facts: docs/facts/openness.md#projects, docs/facts/openness-libraries.md#global-libraries, docs/facts/tia-rules.md#files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fake_dotnet.system import DirectoryInfo, FileInfo, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.texts import LanguageSettings, MultilingualText
from fake_openness.files import archive
from fake_openness.files.header import Header
from fake_openness.files.locks import FileLock


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
        self._save_parts()
        self._header.modified, self._header.modified_by = self._context.now(), self._context.machine.user
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
