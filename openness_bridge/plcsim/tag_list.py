"""The tag list of an instance, as it was refreshed last: found by name, read entry by entry on request.

Names of the API depend on case and have no quotes; people write `"Motor".speed` too.
Facts: docs/facts/plcsim-advanced.md#tags.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, cast

import msgspec

from openness_bridge import likeness
from openness_bridge.plcsim.errors import not_found
from openness_bridge.values import enum_name

PrimitiveType = Annotated[
    Literal[
        "Unspecific", "Struct", "Bool", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64",
        "Float", "Double", "Char", "WChar",
    ],
    msgspec.Meta(title="PrimitiveType"),
]  # fmt: skip


class Dimension(msgspec.Struct, rename="camel", frozen=True):
    """One dimension of an array."""

    start: int
    count: int


class Tag(msgspec.Struct, rename="camel", frozen=True):
    """An entry of the tag list.

    Attributes:
        area: Input, Output, Marker, Counter, Timer or DataBlock.
        data_type: Type in the program, such as Time.
        primitive_type: Type of the value, such as Int32; Struct or Unspecific when it has none.
        size: In bytes.
        offset: Byte in its area; 0 in a data block.
        parent_index: Entry of the structure or array that it belongs to; 0 without one.
        dimensions: Of an array.
    """

    name: str
    area: str
    data_type: str
    primitive_type: PrimitiveType
    size: int
    offset: int
    bit: int
    index: int
    parent_index: int
    dimensions: list[Dimension]

    @property
    def is_value(self) -> bool:
        """Whether it is a single value that can be read and written."""
        return not self.dimensions and self.primitive_type not in ("Struct", "Unspecific")


class TagList:
    """The entries of one instance.

    Attributes:
        version: Counts how often the entries were replaced.
    """

    def __init__(self) -> None:
        """Begin with no entries."""
        self.version = 0
        self._infos: dict[str, Any] = {}
        self._folded: dict[str, str] = {}
        self._known: dict[str, Tag] = {}

    def __len__(self) -> int:
        return len(self._infos)

    def replace(self, infos: Iterable[Any]) -> None:
        """Replace all entries by those of the API (STagInfo)."""
        self._infos = {str(info.Name): info for info in infos}
        self._folded = {_fold(name): name for name in reversed(self._infos)}
        self._known = {}
        self.version += 1

    def names(self, part: str = "") -> list[str]:
        """Return the names that contain a text, without regard to case."""
        wanted = part.casefold()
        return [name for name in self._infos if wanted in name.casefold()] if wanted else list(self._infos)

    def tag(self, name: str) -> Tag:
        """Return the entry of a name: exactly, or without regard to quotes and case.

        Raises:
            Problem: There is none; the message names similar ones.
        """
        found = name if name in self._infos else self._folded.get(_fold(name))
        if found is None:
            near = likeness.find_near(_fold(name), self._folded, 3) if len(self) < LARGEST_SEARCH else []
            hint = (
                f"Is it {' or '.join(self._folded[each] for each in near)}?" if near else "Is the tag list up to date?"
            )
            raise not_found("tag", name, hint)
        if found not in self._known:
            self._known[found] = _tag(self._infos[found])
        return self._known[found]


LARGEST_SEARCH = 20_000
"""The most entries with which the bridge searches for similar names."""


def _fold(name: str) -> str:
    return name.replace('"', "").replace(" ", "").casefold()


def _tag(info: Any) -> Tag:
    dimensions = [Dimension(int(each.StartIndex), int(each.Count)) for each in info.Dimension or ()]
    return Tag(
        str(info.Name),
        enum_name(info.Area),
        enum_name(info.DataType),
        cast("PrimitiveType", enum_name(info.PrimitiveDataType)),
        int(info.Size),
        int(info.Offset),
        int(info.Bit),
        int(info.Index),
        int(info.ParentIndex),
        dimensions,
    )
