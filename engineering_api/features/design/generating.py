"""A PLC's part of a design as objects of TIA Portal: a pure function of the design and the version.

Data types and data blocks, function blocks and organization blocks are SCL, functions SCL or LAD, sequences GRAPH. The
text of an object is what people read; its SimaticML is what is imported.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import simatic_xml
from engineering_api.features.blocks.documents import Json, from_json, parse
from engineering_api.features.design import blocks, calls, data_text, watch
from engineering_api.features.design.calls import Caller
from engineering_api.features.design.model import AnyModule, Sequence
from engineering_api.features.design.names import Names
from engineering_api.features.design.parts import Part
from engineering_api.features.tags.files.addresses import normalise_address, normalise_data_type
from openness_bridge.errors import Problem
from simatic_xml import Document, scl
from simatic_xml.model import Block
from simatic_xml.scl import Callee, Program

LIBRARY_FOLDER = "Library"
CULTURE = "en-US"


@dataclass(frozen=True, slots=True)
class Artifact:
    """One object of TIA Portal.

    Attributes:
        kind: As in the JSON form of simatic_xml, such as FB or TagTable.
        folder: Folder below the root of its kind.
        text: What it says, as SCL or JSON.
        language: Of the text: SCL, or JSON.
        xml: The same as SimaticML.
        pointer: What of the design it comes from.
    """

    kind: str
    name: str
    folder: str
    language: str
    text: str
    xml: bytes
    pointer: str

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it among all others of its PLC."""
        return self.kind, self.name.casefold()


class Generator:
    """Makes the objects of one PLC."""

    def __init__(self, part: Part, version: str, culture: str = CULTURE) -> None:
        """Prepare for a part of a design.

        Args:
            part: The part; it was checked.
            version: The TIA version, such as "20".
            culture: Language of titles and comments.
        """
        self.part, self.version, self.culture = part, version, culture
        self.names = Names(part)
        self._program = _around(part)

    def artifacts(self) -> list[Artifact]:
        """Return all objects, what is needed before what needs it."""
        return [
            *self._data_types(),
            *self._tables(),
            *self._function_blocks(),
            *self._data(),
            *self._instances(),
            *self._functions(),
            *self._organization_blocks(),
            *self._watch_tables(),
        ]

    def _data_types(self) -> Iterator[Artifact]:
        for each in self.part.types:
            yield self._scl("UDT", data_text.data_type(each, self.names), "", self.part.pointer("types", each))

    def _tables(self) -> Iterator[Artifact]:
        by_table: dict[str, list[Json]] = {}
        spelled: dict[str, str] = {}
        for tag in self.part.tags:
            table = spelled.setdefault(tag.table.casefold(), tag.table)
            comment = {"comment": tag.comment} if tag.comment else {}
            address = normalise_address(tag.address, tag.type)
            row = {"name": tag.name, "type": normalise_data_type(tag.type), "address": address} | comment
            by_table.setdefault(table, []).append(row)
        for name, rows in by_table.items():
            yield self._json({"kind": "TagTable", "name": name, "tags": rows}, "", "/tags")

    def _function_blocks(self) -> Iterator[Artifact]:
        done: set[str] = set()
        for module in self.part.modules:
            name = blocks.block_name(module)
            if name in done:
                continue
            done.add(name)
            text = blocks.source(module)
            pointer = self.part.pointer("modules", module)
            in_library = type(module) in blocks.LIBRARY
            folder = LIBRARY_FOLDER if in_library else self._folder(module)
            if text is not None:
                yield self._scl("FB", text, folder, "/modules" if in_library else pointer)
            elif isinstance(module, Sequence):
                yield self._graph(module, folder, pointer)

    def _data(self) -> Iterator[Artifact]:
        for each in self.part.data:
            yield self._scl("GlobalDB", data_text.data_block(each, self.names), "", self.part.pointer("data", each))

    def _instances(self) -> Iterator[Artifact]:
        for module in self.part.modules:
            data = {"kind": "InstanceDB", "name": module.name, "instanceOf": blocks.block_name(module)}
            comment = {"comment": module.comment} if module.comment else {}
            yield self._json(data | comment, self._folder(module), self.part.pointer("modules", module))

    def _functions(self) -> Iterator[Artifact]:
        caller = Caller(self.part, self.names)
        for group in self.part.groups:
            pointer = self.part.pointer("groups", group)
            if group.language == "LAD":
                yield self._json(caller.ladder(group), group.name, pointer)
            else:
                yield self._scl("FC", caller.scl(group), group.name, pointer)

    def _organization_blocks(self) -> Iterator[Artifact]:
        for block in calls.organization_blocks(self.part):
            (made,) = self._documents(block.text)
            content = parse(made).objects[0]
            assert isinstance(content, Block)  # noqa: S101 - an organization block
            content.secondary_type, content.number, content.auto_number = block.event, block.number, False
            xml = simatic_xml.dump(Document(f"V{self.version}", [content]))
            yield Artifact("OB", block.name, "", "SCL", block.text, xml, "/groups")

    def _watch_tables(self) -> Iterator[Artifact]:
        for group in self.part.groups:
            yield self._json(watch.table(self.part, group), "", self.part.pointer("groups", group))

    def _folder(self, module: AnyModule) -> str:
        """Return the folder of the group that calls a module."""
        name = module.name.casefold()
        found = next((each for each in self.part.groups if name in map(str.casefold, each.modules)), None)
        return "" if found is None else found.name

    def _scl(self, kind: str, text: str, folder: str, pointer: str) -> Artifact:
        (xml,) = self._documents(text)
        return Artifact(kind, parse(xml).objects[0].name, folder, "SCL", text, xml, pointer)

    def _documents(self, text: str) -> list[bytes]:
        made = scl.generate(text, f"V{self.version}", self._program, self.culture)
        errors = [each.message for each in made.diagnostics if each.severity == "error"]
        if errors or len(made.documents) != 1:
            why = errors[0] if errors else "a text in it ends its object too early."
            msg = f"The design gives no valid SCL: {why}\n{text}"
            raise Problem("design.not_scl", msg)
        return made.documents

    def _json(self, data: Json, folder: str, pointer: str) -> Artifact:
        xml = from_json({"cultures": [self.culture]} | data, self.version, pointer)
        text = json.dumps(data, indent=2, ensure_ascii=False)
        return Artifact(str(data["kind"]), str(data["name"]), folder, "JSON", text, xml, pointer)

    def _graph(self, module: Sequence, folder: str, pointer: str) -> Artifact:
        block = blocks.graph_block(module, self.names.type_of, f"V{self.version}", self.culture)
        xml = simatic_xml.dump(Document(f"V{self.version}", [block]))
        text = json.dumps(blocks.graph_network(module, self.names.type_of), indent=2, ensure_ascii=False)
        return Artifact("FB", block.name, folder, "GRAPH", text, xml, pointer)


def _around(part: Part) -> Program:
    """Return what quoted names call, for the SCL of each object."""
    callees = {each.name.casefold(): Callee("FB", blocks.block_name(each)) for each in part.modules}
    callees |= {each.name.casefold(): Callee("FC", each.name) for each in part.groups}
    return Program(callees, types=frozenset(each.name.casefold() for each in part.types))
