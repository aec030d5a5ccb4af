"""One change and a list of them, for people and for programs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What happened; the value is the stable name for programs."""

    OBJECT_ADDED = "object-added"
    OBJECT_REMOVED = "object-removed"
    OBJECT_RENAMED = "object-renamed"
    ATTRIBUTE_CHANGED = "attribute-changed"
    TITLE_CHANGED = "title-changed"
    COMMENT_CHANGED = "comment-changed"
    MEMBER_ADDED = "member-added"
    MEMBER_REMOVED = "member-removed"
    MEMBER_MOVED = "member-moved"
    DATA_TYPE_CHANGED = "data-type-changed"
    START_VALUE_CHANGED = "start-value-changed"
    NETWORK_ADDED = "network-added"
    NETWORK_REMOVED = "network-removed"
    NETWORK_MOVED = "network-moved"
    PART_ADDED = "part-added"
    PART_REMOVED = "part-removed"
    PART_CHANGED = "part-changed"
    CONTACT_INVERTED = "contact-inverted"
    PIN_INVERTED = "pin-inverted"
    OPERAND_CHANGED = "operand-changed"
    PARAMETER_CHANGED = "parameter-changed"
    INSTANCE_CHANGED = "instance-changed"
    WIRING_CHANGED = "wiring-changed"
    ORDER_CHANGED = "order-changed"
    LINE_ADDED = "line-added"
    LINE_REMOVED = "line-removed"
    LINE_CHANGED = "line-changed"
    TAG_ADDED = "tag-added"
    TAG_REMOVED = "tag-removed"
    CONSTANT_ADDED = "constant-added"
    CONSTANT_REMOVED = "constant-removed"
    ENTRY_ADDED = "entry-added"
    ENTRY_REMOVED = "entry-removed"
    ENTRY_MOVED = "entry-moved"
    OTHER_CHANGED = "other-changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        path: Where, for people: ``Motor/Input/start``, ``Motor/network 3/contact #start``.
        kind: What happened.
        before: The value before, or None where there was none.
        after: The value after, or None where there is none.
        network: Network, counted from 1, in the second document; in the first for a removed one.
        detail: Name of the attribute, pin or culture, or the line in the network.
        network_before: Network in the first document, where it is in both.
        parts: UIds of the part of a LAD or FBD network in the first and the second document, None where it is not there.
    """

    path: str
    kind: Kind
    before: str | None = None
    after: str | None = None
    network: int | None = None
    detail: str = ""
    network_before: int | None = None
    parts: tuple[int | None, int | None] = (None, None)

    def __str__(self) -> str:
        """Return the change as one line."""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.path}: {self.kind.replace('-', ' ')}{detail}{self._values()}"

    def _values(self) -> str:
        if self.before is None or self.after is None:
            value = self.after if self.before is None else self.before
            arrow = {"changed": " -> ", "moved": " -> "}.get(self.kind.rpartition("-")[2])
            if value and arrow:
                return f": {format_value(self.before)}{arrow}{format_value(self.after)}"
            return f": {format_value(value)}" if value else ""
        return f": {format_value(self.before)} -> {format_value(self.after)}"

    def to_json(self) -> dict[str, Any]:
        """Return the change as JSON data, without what has no value."""
        data: dict[str, Any] = {"path": self.path, "kind": str(self.kind)}
        rest = {"before": self.before, "after": self.after, "network": self.network, "detail": self.detail or None}
        return data | {key: value for key, value in rest.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Diff:
    """The changes from one document to another, in the order of the second; false where there are none."""

    changes: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Return whether anything changed."""
        return bool(self.changes)

    def __len__(self) -> int:
        """How many changes there are."""
        return len(self.changes)

    def __iter__(self) -> Iterator[Change]:
        """Yield the changes."""
        return iter(self.changes)

    def text(self) -> str:
        """Return one line for each change; empty where nothing changed."""
        return "".join(f"{change}\n" for change in self.changes)

    def to_json(self) -> dict[str, Any]:
        """Return the changes as JSON data."""
        return {"changes": [change.to_json() for change in self.changes]}


def format_value(value: str | None) -> str:
    """Return a value for one line of text."""
    if value is None:
        return "(none)"
    return (
        value.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n") if _breaks(value) else value or "(empty)"
    )


def _breaks(value: str) -> bool:
    return len(value.splitlines()) > 1 or value.endswith(("\n", "\r"))
