"""What the functions of `system` give to handlers: values with quality and time, lists of nodes, tables, alarm events.

Facts: docs/facts/ignition.md#scripting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from runtime_data.ignition import qualities, times
from runtime_data.ignition.qualities import Quality
from runtime_data.values import Value


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A moment; its text is RFC 3339, and Ignition's has another form.

    Attributes:
        microseconds: Since 1970, UTC.
    """

    microseconds: int

    def getTime(self) -> int:
        """Return milliseconds since 1970."""
        return self.microseconds // 1000

    def __str__(self) -> str:
        """Return the moment in UTC."""
        return times.written(self.microseconds)


@dataclass(frozen=True, slots=True)
class QualifiedValue:
    """A value with its quality and the time when the source took it."""

    value: Any
    quality: Quality
    timestamp: Date

    def getValue(self) -> Any:
        """Return the value."""
        return self.value

    def getQuality(self) -> Quality:
        """Return the quality."""
        return self.quality

    def getTimestamp(self) -> Date:
        """Return the time."""
        return self.timestamp


def qualified(value: Value) -> QualifiedValue:
    """Return a value of the runtime as handlers get it."""
    return QualifiedValue(value.value, qualities.of_value(value), Date(value.source_time or value.server_time))


class Results(list[dict[str, Any]]):
    """What a browse found."""

    def getResults(self) -> list[dict[str, Any]]:
        """Return the nodes."""
        return list(self)


class Dataset:
    """A table, as handlers read it: by row and column, or row by row as tuples."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Hold these rows."""
        self._columns, self._rows = list(columns), [tuple(row) for row in rows]

    def getColumnNames(self) -> list[str]:
        """Return the names of the columns."""
        return list(self._columns)

    def getColumnCount(self) -> int:
        """Return how many columns there are."""
        return len(self._columns)

    def getRowCount(self) -> int:
        """Return how many rows there are."""
        return len(self._rows)

    def getValueAt(self, row: int, column: int | str) -> Any:
        """Return a cell.

        Args:
            row: Its row, from 0.
            column: Its column, from 0 or by its name; case does not matter.
        """
        if isinstance(column, str):
            column = [each.casefold() for each in self._columns].index(column.casefold())
        return self._rows[row][column]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._rows)
