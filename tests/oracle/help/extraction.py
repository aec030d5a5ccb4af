"""Takes tables out of a copy of the help; `python -m tests.oracle.help.extraction conversions` writes `conversions.csv` again."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

from tests.oracle.help.pages import list_rows, read_page, split_sections

PAGES = {
    "S7-1200": "Data types",
    "S7-1500": "Data type conversion for S7-1500 (S7-1500)",
    "S7-300": "Data type conversion for S7-300, S7-400 (S7-300, S7-400)",
}
"""The page with the conversions of a CPU family; the S7-400 has those of the S7-300."""
MISPRINTS = {
    "UDNT_TO_LTOD": "UDINT_TO_LTOD",
    "LREAL_TO_LREAL": "LREAL_TO_REAL",
    "TIME_TO_TIME": "TIME_TO_S5TIME",
}
"""Names of the tables that cannot be meant: the row beside them says what is."""
_INSTRUCTION = re.compile(r"[A-Z][A-Z0-9_]+")
_MARKS = ("X", "x", "-")


class Conversions(NamedTuple):
    """What the help says of one source type on one CPU family; every set has names of types, `names` has X_TO_Y."""

    always: frozenset[str]
    unchecked: frozenset[str]
    names: frozenset[str]


def extract_conversions(family: str) -> dict[str, Conversions]:
    """Return the conversions of a CPU family by source type."""
    implicit: dict[str, dict[str, tuple[bool, bool]]] = {}
    names: dict[str, set[str]] = {}
    heading, source = "", ""
    for title, text in split_sections(read_page(PAGES[family])):
        found = re.match(r"(Implicit|Explicit) conversion of (\w+)", title)
        if found:
            heading, source = found.groups()
        if heading == "Implicit":
            implicit.setdefault(source, {}).update(_implicit(source, list_rows(text)))
        elif heading == "Explicit":
            words = (cell.replace(",", " ").split() for row in list_rows(text) for cell in row)
            instructions = (each for each in words if all(map(_INSTRUCTION.fullmatch, each)))
            found_names = (MISPRINTS.get(name, name) for each in instructions for name in each if "_TO_" in name)
            names.setdefault(source, set()).update(found_names)
        if not found:
            heading = heading if "ptions" in title else ""
    return {
        each: Conversions(
            frozenset(target for target, (checked, _) in implicit.get(each, {}).items() if checked),
            frozenset(target for target, (checked, free) in implicit.get(each, {}).items() if free and not checked),
            frozenset(names.get(each, ())),
        )
        for each in implicit | names
    }


def _implicit(source: str, rows: list[list[str]]) -> Iterator[tuple[str, tuple[bool, bool]]]:
    for row in rows:
        cells = row[1:] if row[0] == source and len(row) > 4 else row
        target, *marks = cells[:3]
        if len(marks) == 2 and all(mark in _MARKS for mark in marks):
            yield target, (marks[0] != "-", marks[1] != "-")


_HEADING = "Valid data types in the block interface in "
_COLUMNS = (
    ("standard", "Standard"),
    ("structured", "ARRAY  STRUCT"),
    ("open array", r"ARRAY ?\[\*\]"),
    *(
        (name.lower(), name)
        for name in ("Parameter types", "VOID", "DB_ANY", "POINTER", "ANY", "VARIANT", "REF_TO", "NVT")
    ),
)
_BLOCKS = {"Organization block": "OB", "Function block": "FB", "Function": "FC"}


def extract_declarations() -> dict[tuple[str, str, str], frozenset[str]]:
    """Return the groups of types that can be declared, by CPU family, kind of block and section."""
    found = {}
    for title, text in split_sections(read_page("Declaring the block interface")):
        if title.startswith(_HEADING):
            family = title.removeprefix(_HEADING).removesuffix("/400")
            heading, *rows = list_rows(text)
            groups = [next(name for name, pattern in _COLUMNS if re.match(pattern, cell)) for cell in heading[1:]]
            kind = ""
            for section, *cells in rows:
                kind = _BLOCKS.get(section, kind)
                if cells[0] in _MARKS:
                    possible = (group for group, cell in zip(groups, cells, strict=True) if cell in ("X", "x"))
                    found[family, kind, section] = frozenset(possible)
    return found


def main(table: str) -> None:
    """Write a table as it is kept."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if table == "declarations":
        writer.writerow(("family", "block", "section", "groups"))
        writer.writerows((*key, "; ".join(sorted(groups))) for key, groups in extract_declarations().items())
        return
    writer.writerow(("family", "source", "always", "unchecked", "names"))
    for family in PAGES:
        for source, found in extract_conversions(family).items():
            short = (name.removeprefix(f"{source}_TO_") for name in found.names)
            writer.writerow(
                (family, source, *(" ".join(sorted(each)) for each in (found.always, found.unchecked, short)))
            )


if __name__ == "__main__":
    main(sys.argv[1])
