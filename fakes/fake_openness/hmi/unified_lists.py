"""Script modules, text lists and graphic lists of a Unified panel: only files create them (from V20 on).

The object model shows their names. Measured on V21: an import replaces a module as a whole, and there is no Delete.
Facts: docs/facts/openness-hmi.md#unified-panels, docs/facts/openness.md#version-gates.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import yaml

from fake_dotnet.lists import NetList
from fake_dotnet.system import DirectoryInfo, FileInfo, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import GROUP_LENGTH, require_name
from fake_openness.core.objects import EngineeringObject, _Lacking
from fake_openness.core.sorted_composition import _SortedComposition
from fake_openness.core.store import file_name
from fake_openness.hmi import markup
from fake_openness.hmi.hmi_object import _HmiObject, _HmiSoftware

T = TypeVar("T", bound="_FileObject")


class _FileObject(_HmiObject):
    """An object whose content is a file of the project."""

    def __init__(self, parent: _FileObjects[Any], name: str) -> None:
        """Represent an object whose content is in its file."""
        super().__init__(parent, parent._hmi)
        self._objects, self._name = parent, name

    @property
    def Name(self) -> str:
        """The name."""
        return self._name

    def _file(self) -> str:
        of = self._objects
        return f"{self._software._folder}/{of._TREE}/{file_name(self._name, of._SUFFIX)}"

    def _content(self) -> str:
        return self._software._store.get(self._file()).decode()

    def _record(self) -> dict[str, Any]:
        return {"name": self._name}


class _FileObjects(_SortedComposition[T]):
    """A collection that files are imported into.

    Attributes:
        _KEY: The key of its objects in WinCC ML.
        _TREE: The folder of its files in the project.
        _SUFFIX: The extension of these files.
    """

    _KIND: ClassVar[type[Any]]
    _KEY: ClassVar[str]
    _TREE: ClassVar[str]
    _SUFFIX: ClassVar[str] = ".yml"

    def __init__(self, software: _HmiSoftware) -> None:
        """Start empty."""
        super().__init__(software)
        self._hmi = software

    def _export(self, directory: DirectoryInfo, name: str) -> NetList[FileInfo]:
        """Write one object into a folder, over what is there."""
        self._hmi._require_offline("Exporting")
        found = self._by_name.get(require_type(name, str, "name").casefold())
        if found is None:
            msg = f"There is no '{name}' to export."
            raise EngineeringTargetInvocationException(msg, code="hmi.not_found", place={"name": name})
        return NetList([FileInfo(str(path)) for path in self._write(found, absolute(directory, DirectoryInfo, "path"))])

    def _import(self, directory: DirectoryInfo, name: str | None) -> bool:
        """Import the objects of one file of a folder, or of all; return whether there was a file."""
        self._hmi._require_offline("Importing")
        folder = absolute(directory, DirectoryInfo, "path")
        found = markup.files(folder, name)
        contents = {
            require_name(each, "name", GROUP_LENGTH): self._parse(folder, values)
            for file in found
            for each, values in markup.read(file, self._KEY).items()
        }
        with self._context.whole():
            for each, content in contents.items():
                made = self._by_name.get(each.casefold()) or self._add(self._KIND(self, each))
                made._put(made._file(), content.encode())
        return bool(found)

    def _write(self, found: T, folder: Path) -> list[Path]:
        """Write an object into a folder; returns its files."""
        values = yaml.safe_load(found._content())
        return [markup.write(folder, found._name, self._KEY, {found._name: values})]

    def _parse(self, folder: Path, values: dict[str, Any]) -> str:
        """Return the content of an object from its entry in a file."""
        del folder
        return str(yaml.safe_dump(values, allow_unicode=True, sort_keys=True))

    def _restore(self, record: dict[str, Any]) -> None:
        self._add(self._KIND(self, record["name"]))

    def _children(self) -> list[EngineeringObject]:
        return list(self._items)


# -- scripts ------------------------------------------------------------------------------


class HmiScriptModule(_FileObject):
    """A module of JavaScript functions."""

    def Export(self, destinationLocation: DirectoryInfo, name: str | None = None) -> NetList[FileInfo]:
        """Write the module as a .hmi.yml and a .hmi.js file into a folder."""
        del name
        return self._objects._export(destinationLocation, self._name)


class HmiScriptModuleComposition(_FileObjects[HmiScriptModule]):
    """The script modules."""

    if not TYPE_CHECKING:
        Find = _Lacking()
    _KIND, _KEY, _TREE, _SUFFIX = HmiScriptModule, "ScriptModules", "scripts", ".js"

    def Export(self, destinationLocation: DirectoryInfo) -> NetList[FileInfo]:
        """Write all modules into a folder."""
        self._hmi._require_offline("Exporting")
        folder = absolute(destinationLocation, DirectoryInfo, "directory")
        return NetList([FileInfo(str(path)) for each in self._items for path in self._write(each, folder)])

    def Import(self, sourceLocation: DirectoryInfo, name: str | None = None) -> bool:
        """Import the module of a file, or all of a folder; a module of the same name is replaced.

        Returns:
            Whether there was a file.

        Raises:
            EngineeringTargetInvocationException: No such file, or its code is missing; nothing was changed.
        """
        return self._import(sourceLocation, name)

    def _write(self, found: HmiScriptModule, folder: Path) -> list[Path]:
        code = f"{found._name}.hmi.js"
        about = markup.write(folder, found._name, self._KEY, {found._name: {"ScriptFile": code}})
        (folder / code).write_text(found._content(), encoding="utf-8", newline="")
        return [about, folder / code]

    def _parse(self, folder: Path, values: dict[str, Any]) -> str:
        path = (folder / str(values.get("ScriptFile", ""))).resolve()
        if not path.is_file() or not path.is_relative_to(folder.resolve()):
            msg = f"The file of the code, '{values.get('ScriptFile', '')}', is not in the folder."
            raise EngineeringTargetInvocationException(msg, code="hmi.script_file")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.read()


# -- lists --------------------------------------------------------------------------------


class _Lists(_FileObjects[T]):
    """Lists that are exported and imported by name."""

    def Export(self, destinationLocation: DirectoryInfo, filename: str) -> NetList[FileInfo]:
        """Write a list as a .hmi.yml file into a folder.

        Raises:
            EngineeringTargetInvocationException: There is none of that name.
        """
        return self._export(destinationLocation, filename)

    def Import(self, sourceLocation: DirectoryInfo, filename: str) -> bool:
        """Import the lists of a file; those of the same names are replaced.

        Returns:
            Whether there was a file.

        Raises:
            EngineeringTargetInvocationException: No such file; nothing was changed.
        """
        return self._import(sourceLocation, require_type(filename, str, "name"))


class HmiTextList(_FileObject):
    """A text list."""


class HmiTextListComposition(_Lists[HmiTextList]):
    """The text lists."""

    _KIND, _KEY, _TREE = HmiTextList, "TextLists", "textLists"


class HmiGraphicList(_FileObject):
    """A graphic list."""


class HmiGraphicListComposition(_Lists[HmiGraphicList]):
    """The graphic lists."""

    _KIND, _KEY, _TREE = HmiGraphicList, "GraphicLists", "graphicLists"
