"""Data types and data blocks of a design as SCL."""

from __future__ import annotations

from engineering_api.features.design.made_blocks import INDENT, comment, header
from engineering_api.features.design.model import Data, DataType, Member
from engineering_api.features.design.names import Names, element_type
from engineering_api.features.design.wires import number


def data_type(given: DataType, names: Names) -> str:
    """Return the SCL of a PLC data type."""
    lines = [f'TYPE "{given.name}"', "VERSION : 0.1", f"{INDENT}STRUCT{comment(given.comment)}"]
    lines += [f"{INDENT * 2}{_member(each, names)}" for each in given.members]
    return "\n".join([*lines, f"{INDENT}END_STRUCT;", "", "END_TYPE", ""])


def data_block(given: Data, names: Names) -> str:
    """Return the SCL of a global data block."""
    lines = header("DATA_BLOCK", given.name, given.name, given.comment)
    lines += ["VAR", *(f"{INDENT}{_member(each, names)}" for each in given.members), "END_VAR", "BEGIN"]
    return "\n".join([*lines, "END_DATA_BLOCK", ""])


def type_text(data_type_: str, names: Names) -> str:
    """Return a data type as SCL has it: types of the design in quotes."""
    found = names.element(data_type_)
    if found is None:
        return data_type_
    element = element_type(data_type_)
    return data_type_[: len(data_type_.rstrip()) - len(element)] + f'"{found.name}"'


def start_value(value: bool | float | str, data_type_: str) -> str:
    """Return a start value as SCL has it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float) and data_type_.casefold() in ("real", "lreal"):
        return number(value)
    return str(value)


def _member(member: Member, names: Names) -> str:
    start = "" if member.start is None else f" := {start_value(member.start, member.type)}"
    return f"{member.name} : {type_text(member.type, names)}{start};{comment(member.comment)}"
