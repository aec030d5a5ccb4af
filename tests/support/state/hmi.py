"""A Comfort panel and a Unified panel beside the PLC, with one of everything that the examples name."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.fake_openness import hmi_kit as kit
from tests.support.state.api import Step

PANEL = {"deviceName": "HMI_1"}
IMPORTS = {
    "hmi_tags.import_connections": ("hmi/Connections.xml", (kit.connection(),)),
    "hmi_tags.import_tags": ("hmi/Tags.xml", (kit.table("Motors", kit.tag("Level", connection="Connection_1")),)),
    "hmi.import_screens": ("hmi/Start.xml", (kit.screen(inside=kit.field()),)),
    "hmi_lists.import_scripts": ("export/Count.xml", (kit.script(),)),
    "hmi_lists.import_text_lists": ("hmi/States.xml", (kit.text_list("States", "Off", "On"),)),
    "hmi_lists.import_graphic_lists": ("hmi/Symbols.xml", (kit.simple("Hmi.TextGraphicList.GraphicList", "States"),)),
    "hmi_lists.import_graphics": ("hmi/Pump.xml", ()),
}
STEPS: tuple[Step, ...] = (
    ("devices.add", {"orderNumber": "6AV2 124-0GC01-0AX0", "version": "15.1.0.0", "name": "HMI_1"}),
    ("devices.add", {"orderNumber": "6AV2 128-3GB06-0AXx", "version": "19.0.0.0", "name": "HMI_2"}),
    *((name, PANEL | {"importFilePath": file}) for name, (file, _) in IMPORTS.items()),
)


def write_files(workspace: Path) -> None:
    """Write what the steps import."""
    (workspace / "hmi").mkdir()
    pump = kit.graphic(workspace / "hmi")
    for file, objects in IMPORTS.values():
        (workspace / file).write_text(kit.document(*(objects or (pump,))), encoding="utf-8")
