"""A whole document in JSON; a document with one object is written as that object."""

import json
from importlib.resources import files
from typing import Any

from simatic_xml import limits
from simatic_xml.deviations import record_layout
from simatic_xml.errors import SimaticMLError
from simatic_xml.json_form.blocks import block_from_json, block_to_json, type_from_json, type_to_json
from simatic_xml.json_form.cultures import document_cultures
from simatic_xml.json_form.layouts import layout_from_json, layout_to_json
from simatic_xml.json_form.reader import Reader, count_values
from simatic_xml.json_form.tables import (
    tag_table_from_json,
    tag_table_to_json,
    watch_table_from_json,
    watch_table_to_json,
)
from simatic_xml.json_form.texts import Cultures, Json, put, put_rest
from simatic_xml.model import Block, Document, Opaque, PlcObject, PlcType, TagTable
from simatic_xml.model.blocks import BLOCK_KINDS
from simatic_xml.versions import DEFAULT_VERSION, VERSIONS, TiaVersion, nearest_version, tia_version
from simatic_xml.xml.tree import from_tree, to_tree

_FILE_MEMBERS = ("engineering", "cultures", "file")
_KINDS = (*BLOCK_KINDS, "UDT", "TagTable", "WatchTable", "ForceTable", "Opaque")


def to_json(document: Document) -> dict[str, Any]:
    """Return a document as plain JSON data that says as much as the file itself."""
    version = nearest_version(document.engineering)
    cultures = Cultures(document_cultures(document))
    objects = [_object_to_json(node, version, cultures) for node in document.objects]
    result: Json = {"engineering": document.engineering}
    put(result, cultures=cultures.names)
    if len(objects) == 1:
        result.update(objects[0])
    else:
        result["objects"] = objects
    rest: Json = {"header": [to_tree(element) for element in document.header]}
    layout = record_layout(document)
    if layout is not None:
        rest["layout"] = layout_to_json(layout, version)
    file: Json = {}
    put_rest(file, document.extra)
    put(file, **rest)
    if file or document.engineering not in VERSIONS:
        result["file"] = file
    return result


def from_json(data: Any) -> Document:
    """Return the document for its JSON; `dump` then gives the file.

    What is left out gets the values that TIA Portal gives new objects.

    Args:
        data: One object (``{"kind": "FB", "name": "Motor", ...}``), or ``{"objects": [...]}``; ``engineering`` names
            the TIA version.

    Raises:
        LimitError: There is too much of it.
        SimaticMLError: ``"json"`` or another code, with a JSON pointer to what is wrong.
    """
    limits.require("json_values", count_values(data))
    top = Reader(data, "", nearest_version(""), [])
    engineering = top.text("engineering")
    version = tia_version(DEFAULT_VERSION) if engineering is None else _version(engineering, loaded=top.has("file"))
    reader = Reader(data, "", version, [str(culture) for culture in top.list("cultures")])
    for name in _FILE_MEMBERS:
        reader.raw(name)
    document = Document(version.name if engineering is None else engineering)
    if reader.has("objects"):
        document.objects = [_object_from_json(each) for each in reader.children("objects")]
        reader.refuse_unread()
    else:
        document.objects = [_object_from_json(reader)]
    _read_file(document, top.child("file"), version)
    return document


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the JSON form."""
    text = files("simatic_xml").joinpath("schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _version(engineering: str, *, loaded: bool) -> TiaVersion:
    return nearest_version(engineering) if loaded else tia_version(engineering)


def _read_file(document: Document, reader: Reader | None, version: TiaVersion) -> None:
    if reader is None:
        return
    document.extra = reader.extra()
    document.header = [
        from_tree(tree, f"{reader.pointer}/header/{index}") for index, tree in enumerate(reader.list("header"))
    ]
    layout = reader.child("layout")
    document.layout = None if layout is None else layout_from_json(layout, version)
    reader.refuse_unread()


def _object_to_json(node: PlcObject, version: TiaVersion, cultures: Cultures) -> Json:
    if isinstance(node, Opaque):
        return {"kind": "Opaque", "name": node.name, "tree": to_tree(node.element)}
    if isinstance(node, Block):
        return block_to_json(node, version, cultures)
    if isinstance(node, PlcType):
        return type_to_json(node, version, cultures)
    if isinstance(node, TagTable):
        return tag_table_to_json(node, cultures)
    return watch_table_to_json(node, cultures)


def _object_from_json(reader: Reader) -> PlcObject:
    kind = reader.text("kind")
    if kind in BLOCK_KINDS:
        return block_from_json(str(kind), reader)
    if kind == "UDT":
        return type_from_json(reader)
    if kind == "TagTable":
        return tag_table_from_json(reader)
    if kind in ("WatchTable", "ForceTable"):
        return watch_table_from_json(str(kind), reader)
    if kind == "Opaque":
        return _opaque_from_json(reader)
    raise SimaticMLError(
        "kind", f"The kind {kind!r} is not known; choose one of {', '.join(_KINDS)}.", pointer=f"{reader.pointer}/kind"
    )


def _opaque_from_json(reader: Reader) -> Opaque:
    element = from_tree(reader.raw("tree"), f"{reader.pointer}/tree")
    reader.text("name")
    reader.refuse_unread()
    return Opaque(element)
