"""Reads files that come into a program: what form each has by its extension, and which objects are in it.

No portal is needed: everything that can be wrong with a file alone is found here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import msgspec

import simatic_xml
from engineering_api.features.blocks import import_order
from engineering_api.features.blocks.block_generation import document_xml
from engineering_api.features.blocks.documents import parse
from engineering_api.features.blocks.import_order import Unit
from engineering_api.features.program_files.objects import Form, Wanted, objects_of
from engineering_api.features.tags import tag_sheets
from engineering_api.features.tags.files import STRICT
from engineering_api.features.tags.tag_sheets import Rows
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.program import sources
from openness_bridge.program.origins import Origin

FORMS: dict[str, Form] = {
    ".xml": "xml",
    ".json": "json",
    ".scl": "source",
    ".awl": "source",
    ".db": "source",
    ".udt": "source",
    ".s7dcl": "sd",
    ".xlsx": "list",
    ".csv": "list",
    ".sdf": "list",
}
TEXTS = ".s7res"
_DEFINES = re.compile(
    r"^\s*(?P<kind>FUNCTION_BLOCK|FUNCTION|ORGANIZATION_BLOCK|DATA_BLOCK|TYPE)\s+(?:\"(?P<quoted>[^\"\n]+)\"|(?P<plain>\w+))",
    re.MULTILINE | re.IGNORECASE,
)
_MENTIONS = re.compile(r"\"([^\"\n]+)\"")
_CLASSIC = re.compile(rb"<Tagtable\b")
_KINDS = {
    "FUNCTION_BLOCK": "FB",
    "FUNCTION": "FC",
    "ORGANIZATION_BLOCK": "OB",
    "DATA_BLOCK": "GlobalDB",
    "TYPE": "UDT",
}


@dataclass(slots=True)
class Incoming:
    """A file that was read.

    Attributes:
        number: Its place in the request.
        name: As the client named it.
        content: Its bytes; of a JSON form the SimaticML that was made of it.
        extension: In lower case, with its dot.
        folder: Of what is new in it; empty for that of the request.
        texts: Those of a SIMATIC SD document, where it has a file of them.
        objects: The objects in it, none for a tag list.
        units: What is imported in one call each.
        source: A source, as it was read; None for another form.
        engineering: The version of TIA Portal that SimaticML names.
        rows: Those of a tag list.
        data: The JSON form of a single object, where the file is one.
    """

    number: int
    name: str
    form: Form
    content: bytes
    extension: str
    texts: bytes | None = None
    folder: str = ""
    objects: list[Wanted] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    source: Origin | None = None
    engineering: str = ""
    rows: Rows | None = None
    data: dict[str, Any] | None = None


def form_of(name: str) -> Form:
    """Return the form of a file, by its extension.

    Raises:
        Problem: It is not one that can be imported.
    """
    found = FORMS.get(PurePath(name).suffix.lower())
    if found is None:
        msg = f"'{name}' cannot be imported: its extension must be one of {', '.join(FORMS)}."
        raise Problem("file.wrong_kind", msg, kind=Kind.INVALID, place=Place(path=name))
    return found


def read(number: int, name: str, content: bytes, texts: bytes | None, version: str, culture: str) -> Incoming:
    """Read a file.

    Args:
        number: Its place in the request.
        name: As the client named it.
        content: Its bytes.
        texts: Those of the texts next to a SIMATIC SD document.
        version: The TIA version of the project, such as 20.
        culture: The language of texts that name none.

    Raises:
        Problem: It cannot be read.
    """
    made = Incoming(number, name, form_of(name), content, PurePath(name).suffix.lower(), texts)
    if made.form == "json" and not _is_tag_list(content):
        form = _json_form(content)
        made.data = None if "objects" in form else form
        made.content, made.form = document_xml(form, version, culture), "xml"
    if made.form in {"list", "json"} or (made.form == "xml" and _CLASSIC.search(content[:4096])):
        made.form = "list"
        made.rows = tag_sheets.of_file(content, PurePath(name).name, lambda *_: None, STRICT)
        made.units = [Unit(number, "TagTable", (), (), frozenset(), b"", "", override=True)]
    elif made.form == "xml":
        document = parse(made.content)
        made.engineering = document.engineering
        made.units = import_order.units(number, made.content, document, "", override=True)
        made.objects = [Wanted(each.name, each.kind, each) for each in document.objects]
    else:
        _read_text(made, version)
    return made


def read_source(file: Incoming) -> Origin | None:
    """Return the text of a source under the file's name; None for another form."""
    if file.form != "source":
        return None
    return sources.read_text(simatic_xml.scl.decode(file.content), file.extension, file=file.name)


def list_declared(text: str) -> list[Wanted]:
    """Return the objects that a source or SIMATIC SD document declares, without their content."""
    found = {(each["quoted"] or each["plain"]): _KINDS[each["kind"].upper()] for each in _DEFINES.finditer(text)}
    return [Wanted(name, kind) for name, kind in found.items()]


def _read_text(made: Incoming, version: str) -> None:
    text = simatic_xml.scl.decode(made.content)
    known = {each.name.casefold(): each for each in objects_of(made.extension, made.content, made.texts, version)}
    for each in list_declared(text):
        content = known.get(each.name.casefold())
        made.objects.append(Wanted(each.name, content.kind, content) if content else each)
    names = tuple(each.name for each in made.objects)
    kinds = tuple(each.kind for each in made.objects)
    mentions = {name.casefold() for name in _MENTIONS.findall(text)} - {name.casefold() for name in names}
    kind = "UDT" if kinds and set(kinds) == {"UDT"} else next((each for each in kinds if each != "UDT"), "FB")
    made.units = [Unit(made.number, kind, names, kinds, frozenset(mentions), b"", "", override=True)]


def _is_tag_list(content: bytes) -> bool:
    found = _decode(content)
    return isinstance(found, list) or (isinstance(found, dict) and "kind" not in found and "objects" not in found)


def _json_form(content: bytes) -> dict[str, Any]:
    found = _decode(content)
    if not isinstance(found, dict):
        msg = "The file is not an object in the JSON form, which begins with {."
        raise Problem("import.json", msg, kind=Kind.REFUSED)
    return found


def _decode(content: bytes) -> object:
    try:
        return msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except msgspec.DecodeError as error:
        msg = f"The file is not JSON: {error}."
        raise Problem("import.json", msg, kind=Kind.REFUSED, details=[Detail("import.json", msg)]) from None
