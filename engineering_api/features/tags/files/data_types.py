"""Reads the data type of a row before a tag table takes it: TIA Portal imports any type, and refuses to compile.

Lists carry the names of other systems (`Boolean`, `Real32`). `type_names.csv` has those that are known, with the types of
TIA Portal that they may mean; which one is right can depend on the address. PLC data types are written in double quotes;
whether one exists only TIA Portal knows. Facts: docs/facts/tia-rules.md#data-types.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files

from engineering_api.features.tags.files.addresses import Form, form_of_address, normalise_address, normalise_data_type
from engineering_api.files.tables.errors import TableFileError
from simatic_xml.program.types.system_types import open_type, system_type
from simatic_xml.program.types.type_text import TypeTextError, parse
from simatic_xml.program.types.types import ELEMENTARY, DataType

_BLOCK = re.compile(r"(?:OB|FB|FC|DB|SFB|SFC|SDB|UDT|VAT)\s*[0-9]+", re.IGNORECASE)
_LONGEST = 500
"""Characters of the longest text that is looked up."""
_CERTAIN = {"type.length", "type.array_element"}
"""Errors of a type text that no constant of the PLC can change."""
_OF_FORM = {
    Form.BIT: "Bool",
    Form.BYTE: "Byte",
    Form.WORD: "Word",
    Form.DOUBLE_WORD: "DWord",
    Form.TIMER: "Timer",
    Form.COUNTER: "Counter",
}


@dataclass(frozen=True, slots=True)
class TypeReading:
    """What the text of a data type is.

    Attributes:
        name: The type as TIA Portal spells it; the text itself where it is none.
        problem: Why it is no data type; empty where it is one.
        means: Types of TIA Portal that the name of another system may mean.
        is_block: It names a block (`FB 5`), as rows of a STEP 7 symbol table do.
    """

    name: str
    problem: str = ""
    means: tuple[str, ...] = ()
    is_block: bool = False


def read_type(text: str) -> TypeReading:
    """Return what the text of a data type is. Upper and lower case make no difference."""
    if len(text) > _LONGEST:
        return TypeReading(text, f"A text of {len(text)} characters is not a data type. Write one such as Bool or Int.")
    return _read_type(text)


@lru_cache(maxsize=4096)
def _read_type(text: str) -> TypeReading:
    name = normalise_data_type(text)
    if not name:
        return TypeReading("", "The data type is missing.")
    if _BLOCK.fullmatch(name):
        return TypeReading(name, f"{name} is a block and not a data type.", is_block=True)
    means = _foreign_names().get(_key(name), ())
    if means:
        hint = f"Did you mean {' or '.join(means)}?"
        return TypeReading(name, f"TIA Portal has no data type {name!r}. {hint}", means)
    return TypeReading(name, _why_unknown(name) or "")


def list_fitting(means: tuple[str, ...], address: str) -> tuple[str, ...]:
    """Return the types that an address suits; all where there is no address."""
    return tuple(each for each in means if _fits(each, address)) if address.strip() else means


def type_of_address(address: str) -> str:
    """Return the data type that STEP 7 proposes for an address: Bool, Byte, Word, DWord, Timer or Counter.

    Raises:
        TableFileError: It is not an address.
    """
    return _OF_FORM[form_of_address(address)]


def is_type_name(text: str) -> bool:
    """Return whether a cell is the name of a data type, here or in another system."""
    reading = read_type(text)
    return not reading.problem or bool(reading.means) or reading.is_block


def _why_unknown(name: str) -> str | None:
    try:
        parse(name, _find, _any_bound)
    except TypeTextError as error:
        if error.code != "type.unknown":
            return error.message if error.code in _CERTAIN else None
        names = {each.name.casefold(): each.name for each in ELEMENTARY.values()}
        similar = [names[each] for each in get_close_matches(name.casefold(), names, n=3)]
        hint = f" Did you mean {' or '.join(similar)}?" if similar else ""
        return f"There is no data type {name!r}.{hint} Write a PLC data type in double quotes."
    return None


def _fits(data_type: str, address: str) -> bool:
    try:
        normalise_address(address, data_type)
    except TableFileError:
        return False
    return True


@cache
def _foreign_names() -> dict[str, tuple[str, ...]]:
    table = files(__package__).joinpath("type_names.csv").read_text(encoding="utf-8")
    return {_key(row["name"]): tuple(row["means"].split()) for row in csv.DictReader(table.splitlines())}


def _key(name: str) -> str:
    return "".join(name.casefold().replace("_", " ").split())


def _find(name: str, quoted: bool) -> DataType | None:
    return open_type(name) if quoted else system_type(name)


def _any_bound(_: str) -> int:
    return 1
