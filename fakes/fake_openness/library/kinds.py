"""The enumerations and marker interfaces of libraries that all versions have.

Names and numbers: type list of V15.1.
"""

from __future__ import annotations

from fake_dotnet.objects import NetObject
from fake_dotnet.system import NetEnum


class ILibraryTypeOrFolderSelection(NetObject):
    """A type or a folder of types, as updates take them."""


class OpenMode(NetEnum):
    """How a global library is opened."""

    ReadOnly = 0
    ReadWrite = 1


class GlobalLibraryType(NetEnum):
    """Who made a global library."""

    System = 0
    Corporate = 1
    User = 2


class LibraryArchivationMode(NetEnum):
    """How Archive writes; only the compressed modes make a file."""

    None_ = 0
    Compressed = 1
    DiscardRestorableData = 2
    DiscardRestorableDataAndCompressed = 3

    @property
    def compressed(self) -> bool:
        """Whether one .zalNN file is made."""
        return self.value in (1, 3)


class LibraryTypeVersionState(NetEnum):
    """Whether a version is released."""

    InWork = 0
    Committed = 1


class MasterCopyMode(NetEnum):
    """What CreateFrom does with an existing name."""

    ThrowIfExists = 0
    Rename = 1
    Replace = 2


class UpdateCheckMode(NetEnum):
    """What an update check reports."""

    ReportOutOfDateOnly = 0
    ReportOutOfDateAndUpToDate = 1
