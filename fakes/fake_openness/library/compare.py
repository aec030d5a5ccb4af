"""CompareTo of master copies, types and versions: property by property, then what differs in the content (from V19 on).

Facts: type lists of V20 and V21. What the properties are called is not documented; the descriptions here are this project's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import simatic_xml
from fake_dotnet.system import NetEnum
from fake_openness.core.objects import Composition, EngineeringObject
from simatic_xml.diff import diff

if TYPE_CHECKING:
    from fake_openness.library.copies import MasterCopy
    from fake_openness.library.types import LibraryType
    from fake_openness.library.versions import LibraryTypeVersion

Row = tuple[str, Any, Any]


class DetailCompareStatus(NetEnum):
    """How two values stand to each other."""

    NotCompared = 0
    ObjectsDifferent = 1
    ObjectsIdentical = 2


class DetailedCompareResultElement(EngineeringObject):
    """One property on both sides."""

    def __init__(self, parent: EngineeringObject, row: Row) -> None:
        """Show a property."""
        super().__init__(parent)
        self._row = row

    @property
    def Description(self) -> str:
        """What is compared."""
        return self._row[0]

    @property
    def DetailCompareStatus(self) -> DetailCompareStatus:
        """How the values stand to each other."""
        _, left, right = self._row
        return DetailCompareStatus.ObjectsIdentical if left == right else DetailCompareStatus.ObjectsDifferent

    @property
    def LeftValue(self) -> Any:
        """The value of the object that was asked."""
        return self._row[1]

    @property
    def RightValue(self) -> Any:
        """The value of the other one."""
        return self._row[2]


class DetailedCompareResultElementComposition(Composition[DetailedCompareResultElement]):
    """The properties."""


class DetailedCompareResult(EngineeringObject):
    """A comparison of two objects."""

    def __init__(self, left: EngineeringObject, rows: Iterable[Row]) -> None:
        """Hold the rows."""
        super().__init__(left)
        self._properties = DetailedCompareResultElementComposition(self)
        self._properties._items = [DetailedCompareResultElement(self._properties, row) for row in rows]

    @property
    def Properties(self) -> DetailedCompareResultElementComposition:
        """What was compared."""
        return self._properties


def of_copies(left: MasterCopy, right: MasterCopy) -> DetailedCompareResult:
    """Compare two master copies."""
    one, two = left._package(), right._package()
    rows: list[Row] = [
        ("Name", left._name, right._name),
        ("Author", left._author, right._author),
        ("Content type", one.kind, two.kind),
    ]
    rows += _files(one.files, two.files)
    return DetailedCompareResult(left, rows)


def of_types(left: LibraryType, right: LibraryType) -> DetailedCompareResult:
    """Compare two types with their default versions."""
    one, two = left._default(), right._default()
    rows: list[Row] = [
        ("Name", left._name, right._name),
        ("Author", left._author, right._author),
        ("Comment", left._shown_comment(), right._shown_comment()),
        ("Default version", one and one._number.ToString(), two and two._number.ToString()),
    ]
    if one is not None and two is not None:
        rows += _contents(one._data(), two._data())
    return DetailedCompareResult(left, rows)


def of_versions(left: LibraryTypeVersion, right: LibraryTypeVersion) -> DetailedCompareResult:
    """Compare two versions."""
    rows: list[Row] = [
        ("Version", left._number.ToString(), right._number.ToString()),
        ("State", left._state.ToString(), right._state.ToString()),
        ("Author", left._author, right._author),
        ("Comment", left._shown_comment(), right._shown_comment()),
    ]
    return DetailedCompareResult(left, [*rows, *_contents(left._data(), right._data())])


def _files(one: Any, two: Any) -> Iterator[Row]:
    for name in sorted({*one, *two}):
        left, right = one.get(name), two.get(name)
        if left is None or right is None or not name.endswith(".xml"):
            if left != right:
                yield f"File {name}", _there(left), _there(right)
        else:
            yield from _contents(left, right)


def _there(content: bytes | None) -> str:
    return "missing" if content is None else f"{len(content)} bytes"


def _contents(one: bytes, two: bytes) -> Iterator[Row]:
    """What differs in two objects, a row for each change; the left one is the newer."""
    changes = diff(simatic_xml.load(two, own=True), simatic_xml.load(one, own=True)).changes
    for each in changes:
        yield f"{each.path}: {each.kind.value.replace('-', ' ')}", each.after or "", each.before or "(none)"
    if not changes:
        yield "Content", "identical", "identical"
