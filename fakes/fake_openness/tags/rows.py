"""Tags and constants as rows of a table, with handles made only for those that a caller reads.

A table of 100,000 tags has its rows in memory, not 100,000 live objects. A handle is
dead as soon as its row or its table is deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from fake_dotnet.lists import item_at
from fake_dotnet.system import require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import TAG_LENGTH, require_name
from fake_openness.core.objects import _Collection
from fake_openness.core.texts import MultilingualText
from fake_openness.program import consistency
from fake_openness.program.cross_references import cross_reference_service
from fake_openness.program.program_object import _ProgramObject
from simatic_xml.model import Tag, UserConstant

if TYPE_CHECKING:
    from fake_openness.tags.tag_tables import PlcTagTable

R = TypeVar("R", bound=Tag | UserConstant)
H = TypeVar("H", bound="_Row[Any]")


class _Row(_ProgramObject, Generic[R]):
    """A handle on one row."""

    _WRITABLE_FROM: ClassVar[dict[str, str]] = {"Name": "20"}

    def __init__(self, parent: _Rows[Any, Any], row: R) -> None:
        """Represent a row of a collection."""
        super().__init__(parent, parent._table._plc)
        self._rows, self._row = parent, row

    @property
    def _alive(self) -> bool:
        return self._rows._alive and self._rows._find_row(self._row.name) is self._row

    @_alive.setter
    def _alive(self, value: bool) -> None:
        """Do nothing: life depends on the table alone."""

    def __eq__(self, other: object) -> bool:
        """Compare by row: two handles on one row are equal."""
        return isinstance(other, _Row) and other._row is self._row

    def __hash__(self) -> int:
        """Hash by row."""
        return hash(id(self._row))

    @property
    def Name(self) -> str:
        """The name, unique among the tags, constants, blocks and data types of the PLC; can be set from V20 on."""
        return self._row.name

    @Name.setter
    def Name(self, value: str) -> None:
        """Rename the row; references of consistent users follow."""
        plc, row, old = self._plc, self._row, self._row.name
        require_name(require_type(value, str, "value"), "tag", TAG_LENGTH)
        plc._require_free_name(value, "tag", row)
        self._rows._rename_row(row, value)
        for user in plc._program.users(old):
            if user._state.consistent:
                consistency.follow(user, old, value)

    @property
    def DataTypeName(self) -> str:
        """The data type."""
        return self._row.data_type

    @property
    def Comment(self) -> MultilingualText:
        """The comment."""
        return MultilingualText(self, self._plc._language_settings, self._row.comment, self._rows._table._touch)

    def Delete(self) -> None:
        """Delete the row; everything that uses it becomes inconsistent."""
        self._plc._require_offline("Deleting a tag")
        self._rows._remove_row(self._row)
        self._rows._table._used(self._row.name)

    def _services(self) -> dict[type, Any]:
        return cross_reference_service(self, self._plc, lambda: [self._row.name])

    def _set(self, field: str, value: Any) -> None:
        """Set a field of the row so that it can be undone."""
        row, old = self._row, getattr(self._row, field)
        setattr(row, field, value)
        self._note_change(lambda: setattr(row, field, old))
        self._rows._table._touch()


class _Rows(_Collection, Generic[R, H]):
    """The tags or constants of one table."""

    def __init__(self, table: PlcTagTable, rows: Callable[[], list[R]], handle: Callable[[_Rows[R, H], R], H]) -> None:
        """View the rows of a table's content, which is loaded when first needed."""
        super().__init__(table)
        self._table, self._source, self._make = table, rows, handle
        self._index: dict[str, R] | None = None

    @property
    def Count(self) -> int:
        """How many there are."""
        return len(self._list)

    @property
    def IsReadOnly(self) -> bool:
        """Whether rows can be added."""
        return False

    def __iter__(self) -> Iterator[H]:
        """Go through all; changing the collection meanwhile breaks the enumerator, as in .NET."""
        self._enter("GetEnumerator", by_method=False)
        rows, size = self._list, len(self._list)
        for index in range(size):
            if len(rows) != size:
                msg = "The collection was changed while it was enumerated: copy it to a list first."
                raise EngineeringTargetInvocationException(msg, code="collection.changed")
            yield self._make(self, rows[index])

    def __getitem__(self, index: int) -> H:
        """Return the one at index, as this[int]."""
        self._enter("Item", by_method=False)
        return self._make(self, item_at(self._list, index))

    def Find(self, name: str) -> H | None:
        """Return the row of that name, without regard to case, or None."""
        return self._find_by_name(require_type(name, str, "name"))

    def _find_by_name(self, name: str) -> H | None:
        """Return the same for the fake's own code, as NamedComposition has it."""
        row = self._find_row(name)
        return None if row is None else self._make(self, row)

    def IndexOf(self, item: H) -> int:
        """Return the place of a row, or -1."""
        return next((i for i, row in enumerate(self._list) if row is item._row), -1)

    def Contains(self, item: H) -> bool:
        """Return whether the row is here."""
        return self._find_row(item._row.name) is item._row

    @property
    def _list(self) -> list[R]:
        return self._source()

    def _names(self) -> dict[str, R]:
        if self._index is None:
            self._index = {row.name.casefold(): row for row in self._list}
        return self._index

    def _find_row(self, name: str) -> R | None:
        return self._names().get(name.casefold())

    def _add_row(self, row: R) -> H:
        """Append a row so that it can be undone."""
        self._list.append(row)
        self._names()[row.name.casefold()] = row

        def undo() -> None:
            self._take_out(row)

        self._note_change(undo)
        self._table._touch()
        return self._make(self, row)

    def _remove_row(self, row: R) -> None:
        """Take a row out so that it can be undone."""
        place = self._take_out(row)

        def undo() -> None:
            self._list.insert(place, row)
            self._names()[row.name.casefold()] = row

        self._note_change(undo)
        self._table._touch()

    def _take_out(self, row: R) -> int:
        rows = self._list
        place = next(index for index in range(len(rows) - 1, -1, -1) if rows[index] is row)
        del rows[place]
        del self._names()[row.name.casefold()]
        return place

    def _rename_row(self, row: R, name: str) -> None:
        """Rename a row so that it can be undone."""
        names, old = self._names(), row.name
        del names[old.casefold()]
        row.name = name
        names[name.casefold()] = row

        def undo() -> None:
            del names[name.casefold()]
            row.name = old
            names[old.casefold()] = row

        self._note_change(undo)
        self._table._touch()
