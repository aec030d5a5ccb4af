"""The operations that read what a client sent, with a file or a text for each that imports it."""

from __future__ import annotations

from typing import Any

import simatic_xml
from engineering_api.features.sections import SECTIONS
from engineering_api.operations.catalogue import Catalogue
from tests.fakes.fake_openness import hmi_kit

CATALOGUE = Catalogue(SECTIONS)
READING = [op for op in CATALOGUE if op.reads is not None or op.takes_files]
PANEL = {"orderNumber": "6AV2 124-0GC01-0AX0", "version": "15.1.0.0", "name": "HMI_1"}
SOURCE = 'FUNCTION "{}" : Void\nBEGIN\nEND_FUNCTION\n'


def _simatic_ml(**form: Any) -> bytes:
    return simatic_xml.dump(simatic_xml.from_json({"engineering": "V20"} | form))


def _type(name: str) -> bytes:
    return _simatic_ml(kind="UDT", name=name, members=[{"name": "x", "type": "Int"}])


def _block(name: str) -> bytes:
    return _simatic_ml(kind="FC", name=name, language="LAD")


def _table(name: str) -> bytes:
    return _simatic_ml(kind="TagTable", name=name, tags=[{"name": f"{name}1", "type": "Bool", "address": "%M1.0"}])


def _watch(name: str) -> bytes:
    return _simatic_ml(kind="WatchTable", name=name, entries=[{"address": "%M1.0"}])


def _panel(*objects: str) -> bytes:
    return hmi_kit.document(*objects).encode()


Given = tuple[str, bytes, dict[str, Any]]
"""A file, its content, and what its request has in addition to the example."""
PANEL_FILES = {"deviceName": "HMI_1"}
IMPORTS: dict[str, list[Given]] = {
    "technology.import_": [("technology/Pump.xml", b"", {"override": True})],
    "blocks.import_": [("F.xml", _block("F"), {"folder": ""}), ("S.s7dcl", b'FUNCTION "S" : Void\nEND_FUNCTION\n', {})],
    "udts.import_": [("T.xml", _type("T"), {"folder": ""})],
    "tag_tables.import_xml": [("Tags.xml", _table("Tags"), {})],
    "watch_tables.import_": [("Watch.xml", _watch("Watch"), {})],
    "sources.from_file": [("G.scl", SOURCE.format("G").encode(), {}), ("A.awl", SOURCE.format("A").encode(), {})],
    "block_generation.import_only": [("H.xml", _block("H"), {})],
    "block_generation.bulk_import_": [("I.xml", _block("I"), {}), ("U.xml", _type("U"), {})],
    "program_files.import_": [
        ("J.xml", _block("J"), {"dryRun": False}),
        ("K.json", b'{"kind": "FC", "name": "K"}', {"dryRun": False}),
        ("L.scl", SOURCE.format("L").encode(), {"dryRun": False}),
        ("M.csv", b"Name;Data Type;Logical Address\nM;Bool;%M2.0\n", {"dryRun": False}),
        ("N.xml", _table("N"), {"dryRun": False}),
    ],
    **{
        name: [("", b"", {})]
        for name in (
            "block_generation.generate_and_import",
            "block_generation.generate_from_design",
            "block_generation.generate_graph",
            "sources.from_text",
            "sources.generate",
            "sources.import_and_generate",
            "sources.write",
            "tag_transfer.import_json",
        )
    },
    "blocks.create": [("", b"", {"name": "Created"})],
    "block_generation.instantiate": [("", b"", {"parameters": {"blockName": "Valve", "instanceName": "Valve_1"}})],
    "blocks.put_content": [("", b"", {"blockName": "F", "sourceText": SOURCE.format("F"), "networks": None})],
    "hardware.import_hardware": [("hardware/PLC_1.aml", b"", {})],
    "tag_transfer.import_csv": [("O.csv", b"Name;Data Type;Logical Address\nO;Bool;%M3.0\n", {"createTable": True})],
    "hmi.import_screens": [("Start.xml", _panel(hmi_kit.screen()), PANEL_FILES)],
    "hmi_tags.import_tags": [("Motors.xml", _panel(hmi_kit.table("Motors")), PANEL_FILES)],
    "hmi_tags.import_connections": [("Connections.xml", _panel(hmi_kit.connection()), PANEL_FILES)],
    "hmi_lists.import_scripts": [("Count.xml", _panel(hmi_kit.script()), PANEL_FILES)],
    "hmi_lists.import_text_lists": [("States.xml", _panel(hmi_kit.text_list("States", "Off")), PANEL_FILES)],
    "hmi_lists.import_graphic_lists": [
        ("Symbols.xml", _panel(hmi_kit.simple("Hmi.TextGraphicList.GraphicList", "Symbols")), PANEL_FILES)
    ],
}
"""By the name of the operation."""
