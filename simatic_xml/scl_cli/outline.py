"""What a source declares and calls, as data: for editors, documentation and scripts."""

from __future__ import annotations

from typing import Any

from simatic_xml.lint.source import direct, parts
from simatic_xml.scl.nodes import Call, DataType, Declaration, Node, Region, SourceObject, SourceTree, walk
from simatic_xml.scl.printing import unparse

_SECTIONS = {
    "VAR_INPUT": "Input",
    "VAR_OUTPUT": "Output",
    "VAR_IN_OUT": "InOut",
    "VAR_TEMP": "Temp",
    "VAR": "Static",
    "STRUCT": "None",
}


def outline(tree: SourceTree) -> list[dict[str, Any]]:
    """Return the objects of a source with their variables, regions and calls, places included."""
    return [_object(tree, node) for node in tree.objects]


def _object(tree: SourceTree, node: SourceObject) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": node.keyword, "name": node.name, **_place(tree, node)}
    optional = {
        "returns": type_text(node.return_type) if node.return_type else "",
        "instanceOf": node.instance_of,
        "header": node.header,
        "attributes": node.attributes,
        "comment": node.comment,
    }
    data |= {key: value for key, value in optional.items() if value}
    data["variables"] = [
        _variable(tree, member, "Constant" if "CONSTANT" in section.modifiers else _SECTIONS[section.keyword])
        for section in node.sections
        for member in section.members
    ]
    if node.keyword not in ("TYPE", "DATA_BLOCK"):
        data["regions"] = [
            {"name": each.name, **_place(tree, each)} for each in walk(node.statements) if isinstance(each, Region)
        ]
        data["calls"] = _calls(tree, node)
    return data


def _variable(tree: SourceTree, member: Declaration, section: str) -> dict[str, Any]:
    data: dict[str, Any] = {"name": member.name, "type": type_text(member.data_type), **_place(tree, member)}
    data |= {"section": section} if section else {}
    optional = {"start": member.initial, "comment": member.comment, "overlays": member.overlays}
    data |= {key: value for key, value in optional.items() if value}
    if member.data_type.members:
        data["members"] = [_variable(tree, each, "") for each in member.data_type.members]
    return data


def _calls(tree: SourceTree, node: SourceObject) -> list[dict[str, Any]]:
    return [
        {"name": unparse(tree, part.callee).strip(), **_place(tree, part)}
        for statement in walk(node.statements)
        for expression in direct(statement)
        for part in parts(expression)
        if isinstance(part, Call)
    ]


def type_text(data_type: DataType) -> str:
    """Return a data type as a declaration writes it."""
    bounds = ", ".join(data_type.bounds)
    return f"Array[{bounds}] of {data_type.name}" if bounds else data_type.name


def _place(tree: SourceTree, node: Node) -> dict[str, int]:
    span = tree.span(node)
    return {"line": span.line, "column": span.column, "endLine": span.end_line, "endColumn": span.end_column}
