"""CompareTo and CompareToOnline: a tree of equal and different objects, on the left the project.

Facts: docs/facts/openness-online.md#compare. Objects are identified by kind and name. An object differs also if the compiled
code would: an address, interface or data type that it uses has changed. DetailedInformation says which parts of an object
differ; its wording is this project's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import simatic_xml
from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import NetEnum
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.online import station_image
from fake_openness.online.connection import IConfiguration
from fake_openness.online.held_protection import is_read_protected
from fake_openness.online.station_image import ImageObject
from fake_openness.program.groups import BLOCKS, TECHNOLOGY, TYPES
from fake_openness.program.plc import _Plc
from simatic_xml.diff import Change, Kind, diff

_ROOTS = {"blocks": BLOCKS, "types": TYPES, "tags": "PLC tags"}
_FOLDERS = _ROOTS | {"technology": TECHNOLOGY}


class CompareResultState(NetEnum):
    """How two objects or folders differ."""

    FolderContentsDifferent = 0
    FolderContentsIdentical = 1
    FolderContainsDifferencesOwnStateDifferent = 2
    FolderContentEqualOwnStateDifferent = 3
    ObjectsDifferent = 4
    LeftMissing = 5
    RightMissing = 6
    ObjectsIdentical = 7
    CompareIrrelevant = 8


@dataclass(frozen=True, slots=True)
class CompareResultElement(NetObject):
    """A node of the tree."""

    LeftName: str
    RightName: str
    ComparisonResult: CompareResultState
    DetailedInformation: str
    Elements: NetList[CompareResultElement]

    @property
    def _same(self) -> bool:
        return self.ComparisonResult in (
            CompareResultState.ObjectsIdentical,
            CompareResultState.FolderContentsIdentical,
        )


@dataclass(frozen=True, slots=True)
class CompareResult(NetObject):
    """A comparison."""

    RootElement: CompareResultElement


@dataclass(slots=True)
class _Folder:
    """A folder while the tree grows."""

    elements: list[CompareResultElement] = field(default_factory=list)
    folders: dict[str, _Folder] = field(default_factory=dict)

    def element(self, left: str, right: str) -> CompareResultElement:
        """Return the finished node."""
        below = [folder.element(name, name) for name, folder in self.folders.items()] + self.elements
        same = all(each._same for each in below)
        state = CompareResultState.FolderContentsIdentical if same else CompareResultState.FolderContentsDifferent
        return CompareResultElement(left, right, state, "", NetList(below))


def with_online(plc: _Plc, way: IConfiguration) -> CompareResult:
    """Compare a program with the one in its CPU.

    Raises:
        EngineeringTargetInvocationException: The CPU does not answer, or holds nothing that came from a project.
    """
    controller = way._controller()
    if controller is None:
        msg = f"'{plc._name}' does not answer: check the connection, the address, and that the CPU is on."
        raise EngineeringTargetInvocationException(msg, code="compare.not_reachable")
    if is_read_protected(controller):
        msg = f"'{plc._name}' cannot be read without a password, so it is not compared."
        raise EngineeringTargetInvocationException(msg, code="compare.protected")
    image = station_image.image_of(controller)
    if image is None and controller.card.program is not None:
        msg = "The program in the CPU did not come from a project, so its objects are not known: download the program from a project."
        raise EngineeringTargetInvocationException(msg, code="compare.no_source")
    return compare_programs(
        plc._name, station_image.objects(plc), controller.card.plc_name, image.objects if image else ()
    )


def compare_programs(left: str, mine: Iterable[ImageObject], right: str, other: Iterable[ImageObject]) -> CompareResult:
    """Compare the objects of two programs."""
    here, there = ({(each.tree, each.name.casefold()): each for each in side} for side in (mine, other))
    root = _Folder(folders={name: _Folder() for name in _ROOTS.values()})
    for key in dict.fromkeys([*here, *there]):
        one, two = here.get(key), there.get(key)
        known = one or two
        assert known is not None  # noqa: S101 - the key is from one of them
        folder = root.folders.setdefault(_FOLDERS[known.tree], _Folder())
        for name in known.folder:
            folder = folder.folders.setdefault(name, _Folder())
        folder.elements.append(_element(one, two))
    return CompareResult(root.element(left, right))


def _element(one: ImageObject | None, two: ImageObject | None) -> CompareResultElement:
    if one is None or two is None:
        state = CompareResultState.LeftMissing if one is None else CompareResultState.RightMissing
        return CompareResultElement(one.name if one else "", two.name if two else "", state, "", NetList())
    detail = ", ".join(_differences(one, two))
    state = CompareResultState.ObjectsDifferent if detail else CompareResultState.ObjectsIdentical
    return CompareResultElement(one.name, two.name, state, detail, NetList())


def _differences(one: ImageObject, two: ImageObject) -> list[str]:
    """Return the differences, each kind of change once."""
    found = dict.fromkeys([] if one.folder == two.folder else ["folder"])
    if one.content != two.content:
        changes = diff(simatic_xml.load(two.content, own=True), simatic_xml.load(one.content, own=True)).changes
        found |= dict.fromkeys(_describe(each) for each in changes)
    if one.used and two.used and one.used != two.used:
        found["used objects changed"] = None
    return list(found)


def _describe(change: Change) -> str:
    detail = f": {change.detail}" if change.kind is Kind.ATTRIBUTE_CHANGED else ""
    return f"{change.kind.value.replace('-', ' ')} ({change.path}{detail})"
