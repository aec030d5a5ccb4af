"""User data types, blocks, sources, and the compiler's word on them."""

from __future__ import annotations

from typing import Any

from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.walk import Walk, names

MOTOR = PLC | {"blockName": "Motor"}
FB = {
    "kind": "FB",
    "name": "Motor",
    "language": "LAD",
    "interface": {"Input": [{"name": "start", "type": "Bool"}], "Output": [{"name": "run", "type": "Bool"}]},
    "networks": [{"title": "Run", "source": {"rungs": [[{"contact": "#start"}, {"coil": "#run"}]]}}],
}
LAMP = 'FUNCTION_BLOCK "Lamp"\nVAR_INPUT\n  on : Bool;\nEND_VAR\nVAR_OUTPUT\n  q : Bool;\nEND_VAR\nBEGIN\n  #q := #on;\nEND_FUNCTION_BLOCK\n'
SPEED = {"name": "Speed", "dataType": "Int", "startValue": "0", "comment": "rpm"}


def types_are_made(w: Walk) -> None:
    on = PLC | {"udtName": "UDT_Motor"}
    w.changes("udts.create_folder", PLC | {"folder": "Drives/Spare"}, seen="udts.tree", by=PLC)
    w.changes("udts.delete_folder", PLC | {"folderPath": "Drives/Spare"}, seen="udts.tree", by=PLC)
    made = w.changes(
        "udts.create", PLC | {"name": "UDT_Motor", "folder": "Drives", "members": [SPEED]}, seen="udts.list_", by=PLC
    )
    assert names(made.appeared) == ["UDT_Motor"]
    more = [SPEED, SPEED | {"name": "Current", "dataType": "Real", "startValue": "0.0"}]
    changed = w.changes("udts.update", on | {"members": more}, seen="udts.get", by=on)
    assert names(changed.after["members"]) == ["Speed", "Current"] == names(w.read("udts.get", on)["members"])
    written = w.between("udts.export", on | {"exportPath": "types/UDT_Motor.xml"}, lambda: w.files("types"))
    assert written.appeared == ["types/UDT_Motor.xml"]
    renamed = w.changes("udts.rename", on | {"newName": "UDT_Drive"}, seen="udts.list_", by=PLC, look=names)
    assert renamed.appeared == ["UDT_Drive"]
    again = w.changes(
        "udts.import_", PLC | {"importFilePath": "types/UDT_Motor.xml"}, seen="udts.list_", by=PLC, look=names
    )
    assert again.appeared == ["UDT_Motor"]
    w.changes("udts.delete", PLC | {"udtName": "UDT_Drive"}, seen="udts.list_", by=PLC)
    assert names(w.read("udts.list_", PLC)) == ["UDT_Motor"]
    assert "UDT_Motor" in str(w.read("udts.tree", PLC))


def content(w: Walk) -> Any:
    """A block's content, which can be read when it is compiled."""
    w.peek("blocks.compile_", MOTOR)
    shown = w.peek("blocks.get_content", MOTOR)
    return {part: shown[part] for part in ("interface", "networks")}


def blocks_are_made(w: Walk) -> None:
    w.changes("blocks.create_folder", PLC | {"folder": "Drives/Spare"}, seen="blocks.tree", by=PLC)
    w.changes("blocks.delete_folder", PLC | {"folder": "Drives/Spare"}, seen="blocks.tree", by=PLC)
    made = w.changes("blocks.create", PLC | FB | {"folder": "Drives"}, seen="blocks.list_", by=PLC)
    assert names(made.appeared) == ["Motor"]
    assert "Motor" in str(w.read("blocks.tree", PLC))
    w.peek("blocks.compile_", MOTOR)
    [drawn] = w.read("block_drawing.draw_networks", MOTOR)["networks"]
    assert 'data-operand="#start"' in drawn["svg"]
    [lit] = w.read("block_drawing.power_flow", MOTOR | {"values": {"#start": True, "#run": False}})["networks"]
    assert all(lit["places"][0]["parts"].values())
    stop = {"section": "Input", "name": "stop", "dataType": "Bool"}
    added = w.between("blocks.add_member", MOTOR | stop, lambda: content(w))
    assert "stop" not in str(added.before["interface"])
    assert "stop" in str(added.after["interface"])
    said = w.between(
        "blocks.update_member", MOTOR | {"memberName": "stop", "comment": "Stop button"}, lambda: content(w)
    )
    assert "Stop button" in str(said.after["interface"])
    gone = w.between("blocks.delete_member", MOTOR | {"memberName": "stop"}, lambda: content(w))
    assert gone.after["interface"] == added.before["interface"]
    second = {"networks": [{"title": "Hold", "source": {"rungs": [[{"contact": "#run"}, {"coil": "#run"}]]}}]}
    more = w.between("blocks.add_networks", MOTOR | second, lambda: content(w))
    assert (len(more.before["networks"]), len(more.after["networks"])) == (1, 2)
    put = w.between("blocks.put_content", MOTOR | {"networks": FB["networks"]}, lambda: content(w))
    assert len(put.after["networks"]) == 1 == len(w.read("blocks.get_content", MOTOR)["networks"])


def blocks_are_carried(w: Walk) -> None:
    xml = w.read("blocks.export_xml", MOTOR)
    body = xml.index("<SW.Blocks.FB")
    assert xml[body:] == w.read("blocks.export_text", MOTOR | {"format": "xml"})[body:]
    written = w.between("blocks.export", MOTOR | {"exportPath": "blocks/Motor.xml"}, lambda: w.files("blocks"))
    assert written.appeared == ["blocks/Motor.xml"]
    renamed = w.changes("blocks.rename", MOTOR | {"newName": "Motor_2"}, seen="blocks.list_", by=PLC, look=names)
    assert (renamed.gone, renamed.appeared) == (["Motor"], ["Motor_2"])
    again = w.changes(
        "blocks.import_",
        PLC | {"importFilePath": "blocks/Motor.xml", "folder": "Drives"},
        seen="blocks.list_",
        by=PLC,
        look=names,
    )
    assert again.appeared == ["Motor"]
    gone = w.changes("blocks.delete", PLC | {"blockName": "Motor_2"}, seen="blocks.list_", by=PLC, look=names)
    assert gone.gone == ["Motor_2"]
    (w.workspace / "blocks" / "Whole.scl").write_text(LAMP.replace("Lamp", "Whole"), encoding="utf-8")
    files = PLC | {"files": ["blocks/Whole.scl"]}
    whole = w.changes("program_files.import_", files, seen="blocks.list_", by=PLC, look=names)
    assert whole.appeared == ["Whole"] == [each["object"] for each in whole.answer["changes"]]
    w.changes("blocks.delete", PLC | {"blockName": "Whole"}, seen="blocks.list_", by=PLC, look=names)
    assert names(w.read("blocks.list_", PLC)).count("Motor") == 1


def sources_become_blocks(w: Walk) -> None:
    (w.workspace / "sources").mkdir(exist_ok=True)
    (w.workspace / "sources" / "lamp.scl").write_text(LAMP, encoding="utf-8")
    text = PLC | {"sourceName": "text.scl", "content": LAMP}
    found = w.read("editing.check_scl", PLC | {"text": LAMP})
    assert [each["code"] for each in found["findings"]] == ["L201", "L202", "L202"]
    assert names(w.changes("sources.from_text", text, seen="sources.list_", by=PLC).appeared) == ["text.scl"]
    w.changes("sources.delete", PLC | {"sourceName": "text.scl"}, seen="sources.list_", by=PLC)
    file = PLC | {"path": "sources/lamp.scl", "sourceName": "lamp.scl"}
    w.changes("sources.from_file", file, seen="sources.list_", by=PLC)
    assert names(w.read("sources.list_", PLC)) == ["lamp.scl"]
    made = w.changes("sources.generate", PLC | {"sourceName": "lamp.scl"}, seen="blocks.list_", by=PLC)
    assert names(made.appeared) == ["Lamp"]
    direct = w.changes(
        "sources.import_and_generate", PLC | {"sclContent": LAMP.replace("Lamp", "Lamp2")}, seen="blocks.list_", by=PLC
    )
    assert names(direct.appeared) == ["Lamp2"]
    w.peek("blocks.compile_", PLC | {"blockName": "Lamp2"})
    assert '"Lamp2"' in str(w.read("blocks.export_source", PLC | {"blockName": "Lamp2"}))


def folders_of_sources(w: Walk) -> None:
    """No read lists the folders of sources: that a source can be put into one, or can not, shows them."""
    inside = PLC | {"sourceName": "in.scl", "content": LAMP, "folder": "Generated"}
    w.between("sources.create_folder", PLC | {"folder": "Generated"}, lambda: None)
    made = w.changes("sources.from_text", inside, seen="sources.list_", by=PLC)
    assert [each["folder"] for each in made.appeared] == ["Generated"]
    gone = w.changes(
        "sources.delete_folder", PLC | {"folder": "Generated", "force": True}, seen="sources.list_", by=PLC
    )
    assert names(gone.gone) == ["in.scl"]


def the_program_is_compiled(w: Walk) -> None:
    broken = 'FUNCTION_BLOCK "Broken"\nBEGIN\n  #none := TRUE;\nEND_FUNCTION_BLOCK\n'
    w.peek("sources.import_and_generate", PLC | {"sclContent": broken, "keepOnError": True})
    report = w.between("blocks.compile_", PLC | {"blockName": "Broken"}, lambda: None).answer
    assert report["result"]["errorCount"] > 0
    w.peek("blocks.delete", PLC | {"blockName": "Broken"})
    compiled = w.changes("devices.compile_", PLC | {"scope": "all"}, seen="blocks.list_", by=PLC)
    assert compiled.answer["result"]["errorCount"] == 0
    third = LAMP.replace("Lamp", "Lamp3")
    written = w.changes("sources.write", PLC | {"scl": third}, seen="blocks.list_", by=PLC)
    assert names(written.appeared) == ["Lamp3"]
    assert "Lamp3" not in {each["block"] for each in written.answer["findings"]}
    assert '"Lamp3"' in str(w.read("blocks.export_source", PLC | {"blockName": "Lamp3"}))
    w.peek("blocks.delete", PLC | {"blockName": "Lamp3"})
    assert all(block["isConsistent"] for block in compiled.after)


def technology_objects_are_made(w: Walk) -> None:
    heater, axis = PLC | {"objectName": "Heater"}, {"name": "Belt", "type": "TO_PositioningAxis", "version": "5.0"}
    made = w.changes(
        "technology.create",
        PLC | {"name": "Heater", "type": "PID_Compact", "version": "2.3"},
        seen="technology.list_",
        by=PLC,
    )
    assert [(each["name"], each["type"]) for each in made.appeared] == [("Heater", "PID_Compact")]
    w.peek("technology.create", PLC | axis)
    cam = {"name": "Cam", "type": "TO_OutputCam", "version": "5.0"}
    w.refuses("technology.create", PLC | cam, 422, "technology_object.refused")
    w.peek("technology.create", PLC | cam | {"axis": "Belt"})
    assert {each["name"]: each["axis"] for each in w.read("technology.list_", PLC)} == {
        "Heater": None,
        "Belt": None,
        "Cam": "Belt",
    }
    values = {"Retain.CtrlParams.Gain": 2, "Config.InvertControl": True}
    changed = w.changes(
        "technology.set_parameters", heater | {"values": values}, seen="technology.list_parameters", by=heater
    )
    shown = {each["name"]: each["value"] for each in changed.after}
    assert (shown["Retain.CtrlParams.Gain"], shown["Config.InvertControl"]) == (2.0, True)
    with w.unchanged("technology.list_parameters", heater):
        w.refuses(
            "technology.set_parameters",
            heater | {"values": {"Retain.CtrlParams.Ti": 5.0, "Mode": 9}},
            422,
            "technology_object.parameter_refused",
        )
    w.peek("devices.compile_", PLC | {"scope": "all"})
    assert w.read("technology.get", heater)["isConsistent"] is True
    written = w.between(
        "technology.export", heater | {"exportPath": "technology/Heater.xml"}, lambda: w.files("technology")
    )
    assert written.appeared == ["technology/Heater.xml"]
    gone = w.changes("technology.delete", heater, seen="technology.list_", by=PLC)
    assert names(gone.gone) == ["Heater"]
    back = w.changes(
        "technology.import_", PLC | {"importFilePath": "technology/Heater.xml"}, seen="technology.list_", by=PLC
    )
    assert names(back.appeared) == ["Heater"]
    assert {"name": "Retain.CtrlParams.Gain", "value": 2.0} in w.read("technology.list_parameters", heater)
    w.peek("technology.delete", PLC | {"objectName": "Belt"})
    w.peek("technology.delete", heater)
    assert w.read("technology.list_", PLC) == []


def what_is_where(w: Walk) -> None:
    w.read("projects.index")
    assert "Motor" in names(w.read("projects.search", {"query": "Motor"}))


CHAPTERS = (
    types_are_made,
    blocks_are_made,
    blocks_are_carried,
    sources_become_blocks,
    folders_of_sources,
    the_program_is_compiled,
    technology_objects_are_made,
    what_is_where,
)
