"""Scripts, text lists, graphic lists, cycles and connections of a classic panel.

Facts: docs/facts/openness-hmi.md#classic-panels. The system cycles are those that every panel comes with; their list is
background.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.hmi.parts import _Document, _Documents, _Folder, _Folders, _UserFolder

SYSTEM_CYCLES = {
    "100 ms": (100, "Millisecond"),
    "500 ms": (500, "Millisecond"),
    "1 s": (1, "Second"),
    "2 s": (2, "Second"),
    "5 s": (5, "Second"),
    "10 s": (10, "Second"),
    "1 min": (1, "Minute"),
    "5 min": (5, "Minute"),
    "10 min": (10, "Minute"),
    "1 h": (1, "Hour"),
}


# -- scripts ------------------------------------------------------------------------------


class VBScript(_Document):
    """A VB script."""

    _ELEMENT, _WHAT = "Hmi.RuntimeScripting.VBScript", "VB script"


class VBScriptComposition(_Documents[VBScript]):
    """The scripts of a folder."""

    _KIND = VBScript

    def _require_offered(self) -> None:
        if self._target._basic:
            msg = f"'{self._target._name}' belongs to a Basic Panel, which has no scripts."
            raise EngineeringTargetInvocationException(msg, code="hmi.not_offered")


class VBScriptFolder(_Folder):
    """A folder of scripts."""

    _documents: VBScriptComposition

    @property
    def VBScripts(self) -> VBScriptComposition:
        """The scripts directly in this folder."""
        return self._documents


class VBScriptSystemFolder(VBScriptFolder):
    """The root folder of the scripts."""


class VBScriptUserFolder(VBScriptFolder, _UserFolder):
    """A folder of scripts that a user made."""


class VBScriptUserFolderComposition(_Folders[VBScript]):
    """The folders in a folder of scripts."""

    _KIND = VBScriptUserFolder


VBScriptFolder._DOCUMENTS, VBScriptFolder._FOLDERS = VBScriptComposition, VBScriptUserFolderComposition


# -- lists --------------------------------------------------------------------------------


class TextList(_Document):
    """A text list; its entries are in its document only."""

    _ELEMENT, _WHAT = "Hmi.TextGraphicList.TextList", "text list"


class TextListComposition(_Documents[TextList]):
    """The text lists."""

    _KIND = TextList


class GraphicList(_Document):
    """A graphic list; its entries are in its document only."""

    _ELEMENT, _WHAT = "Hmi.TextGraphicList.GraphicList", "graphic list"


class GraphicListComposition(_Documents[GraphicList]):
    """The graphic lists."""

    _KIND = GraphicList


# -- cycles and connections ---------------------------------------------------------------


class Cycle(_Document):
    """How often something is done."""

    _ELEMENT, _WHAT = "Hmi.Cycle.Cycle", "cycle"

    def __init__(self, parent: CycleComposition, name: str, *, system: bool = False) -> None:
        """Represent a cycle."""
        super().__init__(parent, name)
        self._system = system

    @property
    def IsSystemObject(self) -> bool:
        """Whether every panel has it."""
        return self._system

    def _is_system(self) -> bool:
        return self._system

    def _record(self) -> dict[str, Any]:
        return {"system": True} if self._system else {}


class CycleComposition(_Documents[Cycle]):
    """The cycles."""

    _KIND = Cycle

    def _fill(self) -> None:
        """Make the cycles that every panel has."""
        for name, (time, unit) in SYSTEM_CYCLES.items():
            root = etree.Element(Cycle._ELEMENT, {"ID": "0"})
            listed = etree.SubElement(root, "AttributeList")
            for attribute, value in (("CycleTime", str(time)), ("CycleUnit", unit), ("Name", name)):
                etree.SubElement(listed, attribute).text = value
            self._make(name, root, system=True)


class Connection(_Document):
    """A connection to a controller."""

    _ELEMENT, _WHAT = "Hmi.Communication.Connection", "connection"


class ConnectionComposition(_Documents[Connection]):
    """The connections."""

    _KIND = Connection
