"""HmiTarget: the runtime software of a Basic, Comfort or Mobile Panel.

Facts: docs/facts/openness-hmi.md#classic-panels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from fake_dotnet.lists import NetList
from fake_dotnet.system import FileInfo
from fake_openness.core.compile_messages import _Finding
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import ImportOptions
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hmi import compile as hmi_compile
from fake_openness.hmi import screens
from fake_openness.hmi.hmi_object import _ClassicSoftware
from fake_openness.hmi.lists import (
    ConnectionComposition,
    CycleComposition,
    GraphicListComposition,
    TextListComposition,
    VBScriptSystemFolder,
)
from fake_openness.hmi.parts import _Document, _Documents, _Folder
from fake_openness.hmi.screens import (
    ScreenPopupSystemFolder,
    ScreenSlideinComposition,
    ScreenSlideinSystemFolder,
    ScreenSystemFolder,
    ScreenTemplateSystemFolder,
)
from fake_openness.hmi.tags import TagSystemFolder

F = TypeVar("F", bound=_Folder)


class HmiTarget(_ClassicSoftware):
    """The software of a classic panel."""

    def __init__(self, parent: DeviceItem, name: str, folder: str) -> None:
        """Represent the software in a folder of the project; without files it gets the content of a new panel."""
        super().__init__(parent, name, folder)
        self._screens = self._root(ScreenSystemFolder, "screens", "Screens")
        self._templates = self._root(ScreenTemplateSystemFolder, "templates", "Templates")
        self._popups = self._root(ScreenPopupSystemFolder, "popups", "Pop-up screens")
        self._tags = self._root(TagSystemFolder, "tags", "HMI tags")
        self._scripts = self._root(VBScriptSystemFolder, "scripts", "VB scripts")
        slideins = ScreenSlideinComposition(self, self, "slideins")
        self._text_lists = TextListComposition(self, self, "textLists")
        self._graphic_lists = GraphicListComposition(self, self, "graphicLists")
        self._cycles = CycleComposition(self, self, "cycles")
        self._connections = ConnectionComposition(self, self, "connections")
        roots: tuple[_Folder | _Documents[Any], ...] = (
            *(self._screens, self._templates, self._popups, self._tags, self._scripts),
            *(slideins, self._text_lists, self._graphic_lists, self._cycles, self._connections),
        )
        self._trees = {root._tree: root for root in roots}
        self._slideins = ScreenSlideinSystemFolder(self, slideins)
        self._global_elements = screens.ScreenGlobalElements(self, self)
        self._overview = screens.ScreenOverview(self, self)
        if not self._store.exists(self._index()):
            self._tags._make_default()
            self._cycles._fill()
            slideins._fill()

    @property
    def ScreenFolder(self) -> ScreenSystemFolder:
        """The screens."""
        return self._screens

    @property
    def ScreenTemplateFolder(self) -> ScreenTemplateSystemFolder:
        """The templates."""
        return self._templates

    @property
    def ScreenPopupFolder(self) -> ScreenPopupSystemFolder:
        """The pop-up screens."""
        return self._popups

    @property
    def ScreenSlideinFolder(self) -> ScreenSlideinSystemFolder:
        """The slide-in screens."""
        return self._slideins

    @property
    def ScreenGlobalElements(self) -> screens.ScreenGlobalElements:
        """The global elements, which all screens show."""
        return self._global_elements

    @property
    def ScreenOverview(self) -> screens.ScreenOverview:
        """The overview, which all screens have at their edges."""
        return self._overview

    @property
    def TagFolder(self) -> TagSystemFolder:
        """The tags."""
        return self._tags

    @property
    def VBScriptFolder(self) -> VBScriptSystemFolder:
        """The scripts."""
        return self._scripts

    @property
    def TextLists(self) -> TextListComposition:
        """The text lists."""
        return self._text_lists

    @property
    def GraphicLists(self) -> GraphicListComposition:
        """The graphic lists."""
        return self._graphic_lists

    @property
    def Cycles(self) -> CycleComposition:
        """The cycles."""
        return self._cycles

    @property
    def Connections(self) -> ConnectionComposition:
        """The connections."""
        return self._connections

    def ImportScreenGlobalElements(self, path: FileInfo, importOptions: ImportOptions) -> NetList[Any]:
        """Replace the global elements by those of a SimaticML file.

        Raises:
            EngineeringTargetInvocationException: Without Override, or the file is refused.
        """
        return self._global_elements._import(path, importOptions)

    def ImportScreenOverview(self, path: FileInfo, importOptions: ImportOptions) -> NetList[Any]:
        """Replace the overview by that of a SimaticML file.

        Raises:
            EngineeringTargetInvocationException: Without Override, or the file is refused.
        """
        return self._overview._import(path, importOptions)

    # -- inside -----------------------------------------------------------------------

    def _root(self, kind: type[F], tree: str, title: str) -> F:
        return kind(self, self, tree, title, (), f"{self._folder}/{tree}")

    def _all(self, tree: str) -> Iterator[_Document]:
        """Yield every object of a tree, from all folders."""
        for documents in self._trees[tree]._walk():
            yield from documents._items

    def _findings(self) -> list[_Finding]:
        return hmi_compile.classic_findings(self)

    def _lines(self) -> Iterator[dict[str, Any]]:
        for tree, root in self._trees.items():
            for folder in root._below() if isinstance(root, _Folder) else ():
                yield {"tree": tree, "folder": list(folder._path)}
            for documents in root._walk():
                place = {"tree": tree, "folder": list(documents._path)}
                yield from (place | {"name": item._name} | item._record() for item in documents._items)

    def _restore(self, line: dict[str, Any]) -> None:
        documents = self._trees[line.pop("tree")]._descend(tuple(line.pop("folder")))
        if line:
            documents._restore(line.pop("name"), **line)

    def _content_files(self) -> Iterator[str]:
        yield from (item._file for tree in self._trees for item in self._all(tree))
        for single in (self._global_elements, self._overview):
            if self._store.exists(single._path()):
                yield single._path()

    def _children(self) -> list[EngineeringObject]:
        return [*self._trees.values(), self._slideins, self._global_elements, self._overview]
