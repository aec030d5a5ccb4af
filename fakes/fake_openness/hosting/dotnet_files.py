"""The static types of System.IO: File, Directory and Path, for Windows paths and those of this computer."""

from __future__ import annotations

import ntpath
import shutil
import tempfile
from pathlib import Path as Local

from fake_dotnet import drives
from fake_dotnet.errors import NetException
from fake_dotnet.system import DirectoryInfo


class IOException(NetException):
    """System.IO.IOException."""


class FileNotFoundException(IOException):
    """System.IO.FileNotFoundException."""


class DirectoryNotFoundException(IOException):
    """System.IO.DirectoryNotFoundException."""


def _local(path: str) -> Local:
    return Local(drives.local(path))


class File:
    """System.IO.File."""

    @staticmethod
    def Exists(path: str) -> bool:
        """Return whether it is a file."""
        return _local(path).is_file()

    @staticmethod
    def Delete(path: str) -> None:
        """Delete a file; nothing happens without one."""
        _local(path).unlink(missing_ok=True)

    @staticmethod
    def Copy(sourceFileName: str, destFileName: str, overwrite: bool = False) -> None:
        """Copy a file.

        Raises:
            IOException: The target exists, and overwrite is not given.
        """
        if File.Exists(destFileName) and not overwrite:
            msg = f"The file '{destFileName}' already exists."
            raise IOException(msg)
        shutil.copyfile(_local(sourceFileName), _local(destFileName))

    @staticmethod
    def ReadAllText(path: str) -> str:
        """Return the text of a file in UTF-8.

        Raises:
            FileNotFoundException: There is no such file.
        """
        if not File.Exists(path):
            msg = f"Could not find file '{path}'."
            raise FileNotFoundException(msg)
        return _local(path).read_text(encoding="utf-8-sig")

    @staticmethod
    def WriteAllText(path: str, contents: str) -> None:
        """Write a text in UTF-8.

        Raises:
            DirectoryNotFoundException: The folder does not exist.
        """
        target = _local(path)
        if not target.parent.is_dir():
            msg = f"Could not find a part of the path '{path}'."
            raise DirectoryNotFoundException(msg)
        target.write_text(contents, encoding="utf-8", newline="")


class Directory:
    """System.IO.Directory."""

    @staticmethod
    def Exists(path: str) -> bool:
        """Return whether it is a folder."""
        return _local(path).is_dir()

    @staticmethod
    def CreateDirectory(path: str) -> DirectoryInfo:
        """Make a folder and those above it."""
        made = DirectoryInfo(path)
        made.Create()
        return made

    @staticmethod
    def Delete(path: str, recursive: bool = False) -> None:
        """Delete a folder, with its content where recursive is given."""
        DirectoryInfo(path).Delete(recursive)

    @staticmethod
    def GetFiles(path: str, searchPattern: str = "*") -> list[str]:
        """Return the full names of its files."""
        return [each.FullName for each in DirectoryInfo(path).GetFiles(searchPattern)]

    @staticmethod
    def GetDirectories(path: str, searchPattern: str = "*") -> list[str]:
        """Return the full names of its folders."""
        return [each.FullName for each in DirectoryInfo(path).GetDirectories(searchPattern)]


class Path:
    """System.IO.Path, for paths of Windows."""

    @staticmethod
    def Combine(first: str, *others: str) -> str:
        """Join paths."""
        windows = ntpath.splitdrive(first)[0] or "\\" in first
        return ntpath.join(first, *others) if windows else str(Local(first, *others))

    @staticmethod
    def GetFileName(path: str) -> str:
        """Return the last part."""
        return ntpath.basename(path)

    @staticmethod
    def GetFileNameWithoutExtension(path: str) -> str:
        """Return the last part without its extension."""
        return ntpath.splitext(ntpath.basename(path))[0]

    @staticmethod
    def GetExtension(path: str) -> str:
        """Return the extension with its dot."""
        return ntpath.splitext(path)[1]

    @staticmethod
    def GetDirectoryName(path: str) -> str:
        """Return the folder."""
        return ntpath.dirname(path)

    @staticmethod
    def GetFullPath(path: str) -> str:
        """Return the absolute path."""
        return DirectoryInfo(path).FullName

    @staticmethod
    def GetTempPath() -> str:
        """Return the folder for temporary files."""
        return tempfile.gettempdir()
