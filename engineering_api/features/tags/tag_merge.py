"""Brings rows into the tag tables of a PLC, in memory: what is new, changed, equal or in conflict.

A row of a file says of its tag what the file has columns for, a row of a
request what it does not leave out; the rest stays as it is. Tags that no row
names stay too.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

import simatic_xml
from engineering_api.features.tags.files import ConstantRow, RowError, TagRow
from engineering_api.features.tags.tag_sheets import Rows
from openness_bridge.program.tag_tables import TableFile
from simatic_xml import Document, Tag, TagTable, UserConstant

Mode = Literal["update", "create", "skip"]
Row = TagRow | ConstantRow
DEFAULT_NAMES = {"default tag table", "standard-variablentabelle"}
"""What an export calls the default table, in English and German; its name here may be the other one."""


@dataclass(slots=True, eq=False)
class Holder:
    """A tag table as it is and as it becomes."""

    name: str
    folder: tuple[str, ...]
    is_default: bool
    document: Document
    table: TagTable
    changed: bool = False

    def file(self) -> TableFile:
        """Return the table as SimaticML."""
        return TableFile(self.name, self.folder, self.is_default, simatic_xml.dump(self.document))

    def __str__(self) -> str:
        """Return folders and name, as tag files write them."""
        return "\\".join((*self.folder, self.name))


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What an import makes of one row.

    Attributes:
        row: The row.
        status: created, replaced, unchanged, or skipped for a tag that is left as it is.
        before: What is different now, such as `address %I0.0 → %I7.7`; empty where nothing was there or nothing changes.
    """

    row: Row
    status: Literal["created", "replaced", "unchanged", "skipped"]
    before: str = ""


@dataclass(slots=True)
class Counts:
    """How many rows did what."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0


@dataclass(slots=True)
class Merge:
    """What an import makes of the tables.

    Attributes:
        rows: What is imported.
        mode: What becomes of tags that are there: changed, refused, or left.
        culture: The language of the comments.
        version: The TIA version that new tables are written for.
        target: The table of every row, or None for those that the rows name.
        fallback: The table of rows that name none.
        made: The tables that the PLC does not have yet.
        outcomes: What becomes of each row without an error, in their order.
    """

    rows: Rows
    mode: Mode
    culture: str
    version: str
    holders: list[Holder]
    target: Holder | None
    fallback: Holder
    counts: Counts = field(default_factory=Counts)
    errors: list[RowError] = field(default_factory=list)
    outcomes: list[RowOutcome] = field(default_factory=list)
    made: list[Holder] = field(default_factory=list)
    _owners: dict[str, tuple[Holder, Tag | UserConstant]] = field(default_factory=dict)
    _by_path: dict[str, Holder | str] = field(default_factory=dict)

    def run(self) -> None:
        """Import all rows; those that cannot be are in `errors` afterwards."""
        for holder in self.holders:
            for entry in chain[Tag | UserConstant](holder.table.tags, holder.table.constants):
                self._owners[entry.name.casefold()] = (holder, entry)
        for row in chain[Row](self.rows.sheet.tags, self.rows.sheet.constants):
            self._merge_row(row)

    def list_changed(self) -> list[Holder]:
        """Return the tables that are not what they were."""
        return [holder for holder in self.holders if holder.changed]

    def _merge_row(self, row: Row) -> None:
        holder = self._table_of(row)
        if isinstance(holder, str):
            self._refuse(row, "tag_table.other_folder", holder, self.rows.origin.path)
            return
        owner = self._owners.get(row.name.casefold())
        if owner is not None and self.target is None and not row.table:
            holder = owner[0]  # the row names no table: the tag is found where it is
        if owner is None:
            self._create(holder, row)
        elif self._is_in_the_way(row, holder, *owner):
            return
        elif self.mode == "skip":
            self.counts.skipped += 1
            self.outcomes.append(RowOutcome(row, "skipped"))
        else:
            self._update(holder, owner[1], row)

    def _is_in_the_way(self, row: Row, holder: Holder, owner: Holder, entry: Tag | UserConstant) -> bool:
        kind = "tag" if isinstance(entry, Tag) else "constant"
        there = f"There is a {kind} '{entry.name}' in the table '{owner}' already"
        if owner is not holder or (kind == "tag") != isinstance(row, TagRow):
            self._refuse(row, f"{kind}.exists_elsewhere", f"{there}, and names are unique in a PLC: choose another.")
            return True
        tried = copy.deepcopy(entry)
        if self.mode != "create" or not change(tried, row, self.culture, self.rows.find_absent(row)):
            return False
        would = _difference(_facts(entry, self.culture), _facts(tried, self.culture))
        self._refuse(row, f"{kind}.exists", f"{there}: import with the mode update to change it ({would}).")
        return True

    def _refuse(self, row: Row, code: str, message: str, column: str | None = None) -> None:
        self.errors.append(self.rows.error(row, code, message, column or self.rows.origin.name))

    def _create(self, holder: Holder, row: Row) -> None:
        entry = new_entry(row, self.culture)
        if isinstance(entry, Tag):
            holder.table.tags.append(entry)
        else:
            holder.table.constants.append(entry)
        self._owners[row.name.casefold()] = (holder, entry)
        holder.changed = True
        self.counts.created += 1
        self.outcomes.append(RowOutcome(row, "created"))

    def _update(self, holder: Holder, entry: Tag | UserConstant, row: Row) -> None:
        before = _facts(entry, self.culture)
        if change(entry, row, self.culture, self.rows.find_absent(row)):
            holder.changed = True
            self.counts.updated += 1
            self.outcomes.append(RowOutcome(row, "replaced", _difference(before, _facts(entry, self.culture))))
        else:
            self.counts.unchanged += 1
            self.outcomes.append(RowOutcome(row, "unchanged"))

    def _table_of(self, row: Row) -> Holder | str:
        """Return the table of a row, or why it has none."""
        if self.target is not None:
            return self.target
        if not row.table:
            return self.fallback
        found = self._by_path.get(row.table)
        if found is None:
            found = self._by_path[row.table] = self._at(row.table)
        return found

    def _at(self, path: str) -> Holder | str:
        """Return the table of a path, made where it is missing: the path's own text may be a name with a backslash."""
        *folder, name = [path] if self._find_by_name(path) else path.split("\\")
        known = self._find_by_name(name)
        if known is None and not folder and name.casefold() in DEFAULT_NAMES:
            return next(holder for holder in self.holders if holder.is_default)
        if known is None:
            made = new_holder(name, tuple(folder), self.version)
            self.holders.append(made)
            self.made.append(made)
            return made
        if folder and [part.casefold() for part in folder] != [part.casefold() for part in known.folder]:
            return f"There is a table '{name}' already, as '{known}', and names of tables are unique: correct the path."
        return known

    def _find_by_name(self, name: str) -> Holder | None:
        return next((holder for holder in self.holders if holder.name.casefold() == name.casefold()), None)


def _facts(entry: Tag | UserConstant, culture: str) -> dict[str, str]:
    """Return what an import may change of a tag or constant, by the words of a tag table."""
    facts = {"name": entry.name, "data type": entry.data_type, "comment": entry.comment.get(culture, "")}
    if isinstance(entry, UserConstant):
        return facts | {"value": entry.value}
    flags = (entry.external_accessible, entry.external_visible, entry.external_writable)
    return facts | {
        "address": entry.address,
        "HMI flags": ", ".join("no" if flag is False else "yes" for flag in flags),
    }


def _difference(before: dict[str, str], after: dict[str, str]) -> str:
    return ", ".join(
        f"{name} {old or '(none)'} → {after[name] or '(none)'}" for name, old in before.items() if old != after[name]
    )


def new_holder(name: str, folder: tuple[str, ...], version: str) -> Holder:
    """Return a table that the PLC does not have yet."""
    table = TagTable(name)
    return Holder(name, folder, False, Document(version, [table]), table)


def holder_of(file: TableFile) -> Holder:
    """Return a table of a PLC from its export."""
    document = simatic_xml.load(file.xml, own=True)
    table = next(item for item in document.objects if isinstance(item, TagTable))
    return Holder(file.name, file.folder, file.is_default, document, table)


def new_entry(row: Row, culture: str) -> Tag | UserConstant:
    """Return the tag or constant of a row."""
    comment = {culture: row.comment} if row.comment else {}
    if isinstance(row, ConstantRow):
        return UserConstant(row.name, row.data_type, row.value, comment)
    return Tag(
        row.name,
        row.data_type,
        row.address,
        comment,
        None if row.hmi_accessible else False,
        None if row.hmi_visible else False,
        None if row.hmi_writeable else False,
    )


def change(entry: Tag | UserConstant, row: Row, culture: str, left_out: frozenset[str]) -> bool:
    """Give a tag or constant the values of a row; return whether anything was different.

    Args:
        entry: What is changed.
        row: The values.
        culture: Language of the comment.
        left_out: Fields that stay as they are.
    """
    if _says_the_same(entry, row, culture):
        return False
    wanted: dict[str, str | bool | None] = {"name": row.name, "data_type": row.data_type}
    if isinstance(row, TagRow) and isinstance(entry, Tag):
        wanted |= {
            "address": row.address,
            "external_accessible": _flag(row.hmi_accessible, entry.external_accessible),
            "external_visible": _flag(row.hmi_visible, entry.external_visible),
            "external_writable": _flag(row.hmi_writeable, entry.external_writable),
        }
    elif isinstance(row, ConstantRow):
        wanted["value"] = row.value
    different = {n: v for n, v in wanted.items() if n not in left_out and getattr(entry, n) != v}
    for name, value in different.items():
        setattr(entry, name, value)
    if "comment" in left_out or entry.comment.get(culture, "") == row.comment:
        return bool(different)
    entry.comment[culture] = row.comment
    return True


def _says_the_same(entry: Tag | UserConstant, row: Row, culture: str) -> bool:
    """Return whether a tag is as its row says in everything, which most are when a file comes again."""
    return (
        isinstance(row, TagRow)
        and isinstance(entry, Tag)
        and entry.name == row.name
        and entry.data_type == row.data_type
        and entry.address == row.address
        and (entry.external_accessible is not False) == row.hmi_accessible
        and (entry.external_visible is not False) == row.hmi_visible
        and (entry.external_writable is not False) == row.hmi_writeable
        and entry.comment.get(culture, "") == row.comment
    )


def _flag(wanted: bool, present: bool | None) -> bool | None:
    """Return a flag as a table has it: what is left out is true."""
    return present if (present is not False) == wanted else wanted
