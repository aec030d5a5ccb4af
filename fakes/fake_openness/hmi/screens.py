"""Screens, templates, pop-up and slide-in screens, global elements and the overview of a classic panel.

Facts: docs/facts/openness-hmi.md#classic-panels; docs/facts/tia-rules.md#names: a screen number that is used twice is
not refused: it ends the session.
"""

from __future__ import annotations

from typing import Any, ClassVar

from lxml import etree

from fake_dotnet.lists import NetList
from fake_dotnet.system import FileInfo, NetEnum, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException, NonRecoverableException
from fake_openness.core.options import ExportOptions, ImportOptions
from fake_openness.hmi import documents
from fake_openness.hmi.documents import Element
from fake_openness.hmi.hmi_object import _ClassicSoftware, _HmiObject
from fake_openness.hmi.parts import _Document, _Documents, _Folder, _Folders, _UserFolder
from fake_openness.program.importing import require_absent


class SlideinType(NetEnum):
    """The side of the display that a slide-in screen comes from."""

    Top = 0
    Bottom = 1
    Left = 2
    Right = 3


def _not_on_basic(target: _ClassicSoftware, what: str) -> None:
    if target._basic:
        msg = f"'{target._name}' belongs to a Basic Panel, which has no {what}."
        raise EngineeringTargetInvocationException(msg, code="hmi.not_offered")


# -- screens ------------------------------------------------------------------------------


class Screen(_Document):
    """A screen."""

    _ELEMENT, _WHAT = "Hmi.Screen.Screen", "screen"

    def _number(self) -> str:
        return self._element().findtext("AttributeList/Number") or ""


class ScreenComposition(_Documents[Screen]):
    """The screens of a folder."""

    _KIND = Screen

    def _check(self, element: Element, options: ImportOptions) -> None:
        super()._check(element, options)
        number, name = element.findtext("AttributeList/Number"), documents.name_of(element).casefold()
        screens: list[Any] = list(self._target._all(self._tree))
        others = [each for each in screens if each._name.casefold() != name]
        if number and any(each._number() == number for each in others):
            self._end_portal()
            msg = f"The screen number '{number}' is used twice on this panel: TIA Portal has ended."
            raise NonRecoverableException(msg)

    def _end_portal(self) -> None:
        portal = self._target._item._device._hardware.project._portal
        if portal is not None:
            portal.end()


class ScreenFolder(_Folder):
    """A folder of screens."""

    _documents: ScreenComposition

    @property
    def Screens(self) -> ScreenComposition:
        """The screens directly in this folder."""
        return self._documents


class ScreenSystemFolder(ScreenFolder):
    """The root folder of the screens."""


class ScreenUserFolder(ScreenFolder, _UserFolder):
    """A folder of screens that a user made."""


class ScreenUserFolderComposition(_Folders[Screen]):
    """The folders in a folder of screens."""

    _KIND = ScreenUserFolder


ScreenFolder._DOCUMENTS, ScreenFolder._FOLDERS = ScreenComposition, ScreenUserFolderComposition


# -- templates ----------------------------------------------------------------------------


class ScreenTemplate(_Document):
    """A template that screens are based on."""

    _ELEMENT, _WHAT = "Hmi.Screen.ScreenTemplate", "screen template"


class ScreenTemplateComposition(_Documents[ScreenTemplate]):
    """The templates of a folder."""

    _KIND = ScreenTemplate


class ScreenTemplateFolder(_Folder):
    """A folder of templates."""

    _documents: ScreenTemplateComposition

    @property
    def ScreenTemplates(self) -> ScreenTemplateComposition:
        """The templates directly in this folder."""
        return self._documents


class ScreenTemplateSystemFolder(ScreenTemplateFolder):
    """The root folder of the templates."""


class ScreenTemplateUserFolder(ScreenTemplateFolder, _UserFolder):
    """A folder of templates that a user made."""


class ScreenTemplateUserFolderComposition(_Folders[ScreenTemplate]):
    """The folders in a folder of templates."""

    _KIND = ScreenTemplateUserFolder


ScreenTemplateFolder._DOCUMENTS = ScreenTemplateComposition
ScreenTemplateFolder._FOLDERS = ScreenTemplateUserFolderComposition


# -- pop-up screens -----------------------------------------------------------------------


class ScreenPopup(_Document):
    """A pop-up screen."""

    _ELEMENT, _WHAT = "Hmi.Screen.ScreenPopup", "pop-up screen"


class ScreenPopupComposition(_Documents[ScreenPopup]):
    """The pop-up screens of a folder."""

    _KIND = ScreenPopup

    def _require_offered(self) -> None:
        _not_on_basic(self._target, "pop-up screens")


class ScreenPopupFolder(_Folder):
    """A folder of pop-up screens."""

    _documents: ScreenPopupComposition

    @property
    def ScreenPopups(self) -> ScreenPopupComposition:
        """The pop-up screens directly in this folder."""
        return self._documents


class ScreenPopupSystemFolder(ScreenPopupFolder):
    """The root folder of the pop-up screens."""


class ScreenPopupUserFolder(ScreenPopupFolder, _UserFolder):
    """A folder of pop-up screens that a user made."""


class ScreenPopupUserFolderComposition(_Folders[ScreenPopup]):
    """The folders in a folder of pop-up screens."""

    _KIND = ScreenPopupUserFolder


ScreenPopupFolder._DOCUMENTS, ScreenPopupFolder._FOLDERS = ScreenPopupComposition, ScreenPopupUserFolderComposition


# -- slide-in screens ---------------------------------------------------------------------


class ScreenSlidein(_Document):
    """A slide-in screen; there is one for each side of the display."""

    _ELEMENT, _WHAT = "Hmi.Screen.ScreenSlidein", "slide-in screen"

    @property
    def SlideinType(self) -> SlideinType:
        """The side that it comes from."""
        return SlideinType[self._name]

    def _is_system(self) -> bool:
        return True


class ScreenSlideinComposition(_Documents[ScreenSlidein]):
    """The slide-in screens; an import replaces the one of its side."""

    _KIND = ScreenSlidein

    def _require_offered(self) -> None:
        _not_on_basic(self._target, "slide-in screens")

    def _check(self, element: Element, options: ImportOptions) -> None:
        side = element.findtext("AttributeList/SlideinType") or ""
        if side not in SlideinType.__members__:
            msg = f"A slide-in screen comes from {', '.join(SlideinType.__members__)}, not from '{side}'."
            raise EngineeringTargetInvocationException(msg, code="hmi.slidein_type")
        require_absent(self._by_name.get(side.casefold()), side, "slide-in screen", options)

    def _take(self, element: Element, options: ImportOptions) -> ScreenSlidein:
        documents.settle_cultures(self._target._language_settings(), element, options)
        side = element.findtext("AttributeList/SlideinType") or ""
        self._by_name[side.casefold()]._delete()
        return self._make(side, element)

    def _fill(self) -> None:
        """Make the four that every panel but a Basic Panel has."""
        for side in SlideinType.__members__ if not self._target._basic else ():
            self._make(side, _plain(ScreenSlidein._ELEMENT, SlideinType=side))


class ScreenSlideinSystemFolder(_HmiObject):
    """The folder of the slide-in screens."""

    def __init__(self, target: _ClassicSoftware, slideins: ScreenSlideinComposition) -> None:
        """Show the slide-in screens."""
        super().__init__(target, target)
        self._slideins = slideins

    @property
    def ScreenSlideins(self) -> ScreenSlideinComposition:
        """The slide-in screens."""
        return self._slideins


# -- global elements and overview ---------------------------------------------------------


class _Single(_HmiObject):
    """A document that a panel has once."""

    _ELEMENT: ClassVar[str]
    _FILE: ClassVar[str]

    def Export(self, path: FileInfo, exportOptions: ExportOptions) -> None:
        """Write the document as SimaticML.

        Raises:
            EngineeringTargetInvocationException: Online, or the file exists.
        """
        self._software._require_offline("Exporting")
        documents.export(self, self._content(), path, exportOptions)

    def _path(self) -> str:
        return f"{self._software._folder}/{self._FILE}.xml"

    def _content(self) -> Element:
        files = self._software._store
        return documents.from_bytes(files.get(self._path())) if files.exists(self._path()) else _plain(self._ELEMENT)

    def _import(self, file: FileInfo, options: ImportOptions) -> NetList[Any]:
        self._software._require_offline("Importing")
        if not require_type(options, ImportOptions, "importOptions").HasFlag(ImportOptions.Override):
            msg = "Every panel has this object: import with Override to replace it."
            raise EngineeringTargetInvocationException(msg, code="import.exists")
        (element,) = documents.read(self, file, options, self._ELEMENT)
        documents.settle_cultures(self._software._language_settings(), element, options)
        self._put(self._path(), documents.to_bytes(self, element))
        return NetList([self])


class ScreenGlobalElements(_Single):
    """The global elements, which all screens show, such as the alarm window."""

    _ELEMENT, _FILE = "Hmi.Screen.ScreenGlobalElements", "globalElements"


class ScreenOverview(_Single):
    """The overview, which all screens have at their edges."""

    _ELEMENT, _FILE = "Hmi.Screen.ScreenOverview", "overview"


def _plain(kind: str, **attributes: str) -> Element:
    """Return a document without content."""
    root = etree.Element(kind, {"ID": "0"})
    listed = etree.SubElement(root, "AttributeList")
    for name, value in attributes.items():
        etree.SubElement(listed, name).text = value
    return root
