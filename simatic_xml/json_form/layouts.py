"""The layout of a loaded file in JSON: only what differs from its TIA version's own."""

from typing import Any

from simatic_xml.json_form.reader import Reader
from simatic_xml.json_form.texts import Json
from simatic_xml.versions import TiaVersion
from simatic_xml.xml.layout import Layout, regular_layout
from simatic_xml.xml.source import Encoding


def layout_to_json(layout: Layout, version: TiaVersion) -> Json:
    """Return what differs from the layout of `version`."""
    values, usual = _flat(layout), _flat(regular_layout(version))
    return {key: value for key, value in values.items() if value != usual[key]}


def layout_from_json(reader: Reader, version: TiaVersion) -> Layout:
    """Return the layout for its JSON."""
    usual = _flat(regular_layout(version))
    values = {key: reader.raw(key) if reader.has(key) else value for key, value in usual.items()}
    reader.refuse_unread()
    _check(reader, values, usual)
    return Layout(
        Encoding(values["bom"], values["codec"], values["eol"]),
        values["prolog"],
        values["epilog"],
        values["embeddedInline"],
        values["rawAttributes"],
        values["rawSections"],
        tuple((int(index), str(text)) for index, text in values["edits"]),
        values["editedText"],
    )


def _check(reader: Reader, values: dict[str, Any], usual: dict[str, Any]) -> None:
    for key, value in values.items():
        if type(value) is not type(usual[key]):
            raise reader.error("This is not the layout of a loaded file; remove it.", key)
    if values["codec"] not in ("utf-8", "utf-16-le", "utf-16-be", "us-ascii", "iso-8859-1", "windows-1252"):
        raise reader.error("This encoding is not supported; remove it to use UTF-8.", "codec")
    for edit in values["edits"]:
        if not (isinstance(edit, list) and len(edit) == 2 and isinstance(edit[0], int) and isinstance(edit[1], str)):
            raise reader.error("An edit is [index, text].", "edits")


def _flat(layout: Layout) -> dict[str, Any]:
    return {
        "bom": layout.encoding.bom,
        "codec": layout.encoding.codec,
        "eol": layout.encoding.eol,
        "prolog": layout.prolog,
        "epilog": layout.epilog,
        "embeddedInline": layout.embedded_inline,
        "rawAttributes": layout.raw_attributes,
        "rawSections": layout.raw_sections,
        "edits": [list(edit) for edit in layout.edits],
        "editedText": layout.edited_text,
    }
