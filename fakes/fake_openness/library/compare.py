"""CompareTo of master copies, types and versions: by property, then differences of the content (from V19 on).

Facts: type lists of V20 and V21. What the properties are called is not documented; the descriptions here are this
project's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import simatic_xml
from fake_dotnet.system import NetEnum
from fake_openness.core.objects import Composition, EngineeringObject
from simatic_xml.diff import diff

Row = tuple[str, Any, Any]
Facts = Mapping[str, Any]


class DetailCompareStatus(NetEnum):
    """How two values differ."""

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
        """How the values differ."""
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
        """The compared properties."""
        return self._properties


def compare_objects(left: EngineeringObject, one: Facts, two: Facts, contents: Iterable[Row]) -> DetailedCompareResult:
    """Compare two objects.

    Args:
        left: The object that was asked.
        one: Its facts, by description.
        two: The same of the other one.
        contents: What differs in their contents.
    """
    return DetailedCompareResult(left, [*((about, one[about], two[about]) for about in one), *contents])


def files(one: Mapping[str, bytes], two: Mapping[str, bytes]) -> Iterator[Row]:
    """Yield the differences in the files of two objects."""
    for name in sorted({*one, *two}):
        left, right = one.get(name), two.get(name)
        if left is None or right is None or not name.endswith(".xml"):
            if left != right:
                yield f"File {name}", _there(left), _there(right)
        else:
            yield from contents_of(left, right)


def _there(content: bytes | None) -> str:
    return "missing" if content is None else f"{len(content)} bytes"


def contents_of(one: bytes, two: bytes) -> Iterator[Row]:
    """Yield the differences of two objects, a row for each change; the left one is the newer."""
    changes = diff(simatic_xml.load(two, own=True), simatic_xml.load(one, own=True)).changes
    for each in changes:
        yield f"{each.path}: {each.kind.value.replace('-', ' ')}", each.after or "", each.before or "(none)"
    if not changes:
        yield "Content", "identical", "identical"
