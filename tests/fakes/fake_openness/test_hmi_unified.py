"""Unified panels: typed properties, Validate, and the files of tags, scripts and lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_openness import install
from fake_openness.core.errors import EngineeringTargetInvocationException
from tests.fakes.fake_openness.hardware_kit import Kit
from tests.fakes.fake_openness.hmi_kit import UNIFIED_PANEL, UNIFIED_V16, compiled, panel, software


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit.new(tmp_path)


@pytest.fixture
def hmi(kit: Kit) -> Any:
    return panel(kit, UNIFIED_PANEL)


def refused(code: str) -> Any:
    return pytest.raises(EngineeringTargetInvocationException, check=lambda error: error.FakeCode == code)


def names(collection: Any) -> list[str]:
    return [each.Name for each in collection]


def folder(kit: Kit, name: str = "files") -> tuple[Any, Path]:
    path = kit.folder / name
    return kit.type("DirectoryInfo")(str(path)), path


def reopened(kit: Kit) -> Any:
    kit.reopen()
    return software(kit, kit.project.Devices.Find("HMI_1"))


# -- versions -----------------------------------------------------------------------------


def test_scripts_and_lists_came_with_v20(tmp_path: Path) -> None:
    old = panel(Kit.new(tmp_path, "19"), UNIFIED_PANEL)
    for member in ("Scripts", "HmiTextLists", "HmiGraphicLists"):
        with pytest.raises(AttributeError):
            getattr(old, member)
    assert names(old.TagTables) == ["Default tag table"]


def test_before_v17_there_is_no_software_and_an_upgrade_brings_it(tmp_path: Path) -> None:
    old = Kit.new(tmp_path, "16")
    assert panel(old, UNIFIED_V16) is None
    assert "HmiSoftware" not in old.installation.types
    path = old.project.Path.FullName
    old.project.Save()
    old.project.Close()
    new = install("17")
    project = new.types["TiaPortal"]().Projects.OpenWithUpgrade(new.types["FileInfo"](path))
    kit = Kit(new, None, project, tmp_path)
    found = software(kit, project.Devices.Find("HMI_1"))
    assert names(found.AlarmClasses) and found.Screens.Create("A").Width == 1280


# -- screens ------------------------------------------------------------------------------


def test_a_screen_and_its_items_keep_what_is_set(kit: Kit, hmi: Any) -> None:
    made = hmi.ScreenGroups.Create("Line").Groups.Create("Drives").Screens.Create("Motor")
    made.Width, made.Height, made.ScreenNumber = 1024, 600, 7
    field = made.ScreenItems.Create[kit.type("HmiIOField")]("Level")
    field.Left, field.Top, field.Visible = 10, 20, False
    field.Dynamizations.Create[kit.type("TagDynamization")]("ProcessValue").Tag = "Level"
    button = made.ScreenItems.Create[kit.type("HmiButton")]("Go")
    button.Text.Items[0].Text = "<body><p>Start</p></body>"
    hmi = reopened(kit)
    found = hmi.ScreenGroups.Find("Line").Groups.Find("Drives").Screens.Find("motor")
    assert (found.Width, found.Height, found.ScreenNumber, names(found.ScreenItems)) == (1024, 600, 7, ["Go", "Level"])
    level = found.ScreenItems.Find("Level")
    assert (type(level).__name__, level.Left, level.Top, level.Visible) == ("HmiIOField", 10, 20, False)
    assert [(each.PropertyName, each.Tag) for each in level.Dynamizations] == [("ProcessValue", "Level")]
    assert found.ScreenItems.Find("Go").Text.Items[0].Text == "<body><p>Start</p></body>"


def test_numbers_have_the_type_of_the_attribute(hmi: Any, kit: Kit) -> None:
    screen = hmi.Screens.Create("A")
    screen.SetAttribute("Width", kit.type("UInt32")(1024))
    screen.SetAttribute("ScreenNumber", kit.type("UInt16")(7))
    for name, kind in (("Width", "Int32"), ("ScreenNumber", "UInt32")):
        with refused("attribute.type"):
            screen.SetAttribute(name, kit.type(kind)(9))
    for kind, number in (("UInt32", -1), ("UInt16", 2**16), ("Int32", 2**31), ("Byte", 256)):
        with pytest.raises(OverflowError):
            kit.type(kind)(number)
    assert (screen.Width, screen.ScreenNumber) == (1024, 7)


@pytest.mark.parametrize(
    "plain",
    ["Start", "", "<p>Start</p>", "<body>Start</body>", "<body/>", "<body><p>A</p>B</body>", "<body><p>A</body>"],
)
def test_texts_without_format_are_refused_from_v18_on(hmi: Any, kit: Kit, plain: str) -> None:
    button = hmi.Screens.Create("A").ScreenItems.Create[kit.type("HmiButton")]("Go")
    for text in (button.Text, hmi.DiscreteAlarms.Create("High").EventText):
        with refused("hmi.text_format"):
            text.Items[0].Text = plain
        assert text.Items[0].Text == ""
    tag = hmi.Tags.Create("Level")
    tag.Comment.Items[0].Text = plain
    assert tag.Comment.Items[0].Text == plain


def test_plain_texts_of_v17_have_format_after_the_upgrade(tmp_path: Path) -> None:
    old = Kit.new(tmp_path, "17")
    made = panel(old, UNIFIED_PANEL.replace("/19", "/17"))
    made.Screens.Create("A").ScreenItems.Create[old.type("HmiButton")]("Go").Text.Items[0].Text = "A<B"
    path = old.project.Path.FullName
    old.project.Save()
    old.project.Close()
    new = install("18")
    project = new.types["TiaPortal"]().Projects.OpenWithUpgrade(new.types["FileInfo"](path))
    found = software(Kit(new, None, project, tmp_path), project.Devices.Find("HMI_1"))
    assert found.Screens[0].ScreenItems[0].Text.Items[0].Text == "<body><p>A&lt;B</p></body>"


def test_names_and_numbers_of_screens_are_unique_on_the_panel(hmi: Any) -> None:
    one, two = hmi.Screens.Create("A"), hmi.ScreenGroups.Create("G").Screens.Create("B")
    assert (one.ScreenNumber, two.ScreenNumber) == (1, 2)
    with refused("name.exists"):
        hmi.Screens.Create("b")
    with refused("hmi.screen_number"):
        two.ScreenNumber = 1
    hmi.ScreenGroups.Find("G").Delete()
    assert hmi.Screens.Create("B").ScreenNumber == 2


def test_items_are_made_by_their_type(kit: Kit, hmi: Any) -> None:
    made = hmi.Screens.Create("A")
    with refused("hmi.item_type"):
        made.ScreenItems.Create[kit.type("HmiTag")]("X")
    made.ScreenItems.Create[kit.type("HmiCircle")]("X")
    with refused("name.exists"):
        made.ScreenItems.Create[kit.type("HmiButton")]("x")
    with refused("hmi.dynamization"):
        made.ScreenItems[0].Dynamizations.Create[kit.type("TagDynamization")]("Colour")


def test_properties_are_typed(hmi: Any) -> None:
    made = hmi.Screens.Create("A")
    with pytest.raises(TypeError):
        made.Width = "wide"
    with pytest.raises(OverflowError):
        made.Width = -1
    with pytest.raises(AttributeError):
        made.Name = "B"
    with pytest.raises(AttributeError):
        made.Colour = 1
    assert {"Width", "Height", "ScreenNumber", "Name"} <= {info.Name for info in made.GetAttributeInfos()}
    assert made.GetAttribute("Width") == 1280


# -- tags ---------------------------------------------------------------------------------


def test_a_tag_is_made_in_a_table_and_belongs_to_all_tags(kit: Kit, hmi: Any) -> None:
    hmi.TagTableGroups.Create("Line").TagTables.Create("Tank")
    hmi.Tags.Create("Level", "Tank")
    hmi.Tags.Create("Speed")
    assert names(hmi.Tags) == ["Level", "Speed"]
    assert (hmi.Tags.Find("level").TagTableName, hmi.Tags.Find("Speed").TagTableName) == ("Tank", "Default tag table")
    with refused("name.exists"):
        hmi.Tags.Create("LEVEL")
    with refused("hmi.no_table"):
        hmi.Tags.Create("X", "None")
    hmi = reopened(kit)
    table = hmi.TagTableGroups.Find("Line").TagTables.Find("Tank")
    assert (names(table.Tags), names(hmi.Tags)) == (["Level"], ["Level", "Speed"])
    table.Delete()
    assert names(hmi.Tags) == ["Speed"]
    with refused("hmi.system_object"):
        hmi.TagTables.Find("Default tag table").Delete()


def test_a_tag_takes_the_data_type_of_its_plc_tag(kit: Kit, hmi: Any) -> None:
    plc = software(kit, kit.cpu())
    plc.TagTableGroup.TagTables[0].Tags.Create("Speed", "Real", "%MD10")
    hmi.Connections.Create("Connection_1").Partner = "PLC_1"
    tag = hmi.Tags.Create("HMI_Speed")
    with refused("hmi.internal_tag"):
        tag.PlcTag = "Speed"
    tag.Connection = "Connection_1"
    tag.PlcTag = "Speed"
    assert (tag.DataType, tag.HmiDataType) == ("Real", "Real")
    tag.PlcTag = "Elsewhere"
    assert (tag.PlcTag, tag.DataType) == ("Elsewhere", "Real")
    again = reopened(kit).Tags.Find("HMI_Speed")
    assert (again.Connection, again.PlcTag, again.AccessMode.ToString()) == (
        "Connection_1",
        "Elsewhere",
        "SymbolicAccess",
    )


def test_validate_and_the_compiler_say_the_same(kit: Kit, hmi: Any) -> None:
    tag = hmi.Tags.Create("Level")
    tag.Connection = "Gone"
    item = hmi.Screens.Create("A").ScreenItems.Create[kit.type("HmiIOField")]("F")
    item.Dynamizations.Create[kit.type("TagDynamization")]("ProcessValue").Tag = "None"
    alarm = hmi.DiscreteAlarms.Create("Full")
    alarm.AlarmClass = "Nobody"
    hmi.Connections.Create("C")
    assert [result.PropertyName for result in tag.Validate()] == ["Connection"]
    assert [result.PropertyName for result in item.Validate()] == ["ProcessValue"]
    assert [result.PropertyName for result in alarm.Validate()] == ["RaisedStateTag", "AlarmClass"]
    assert hmi.Connections[0].Validate()[0].Warnings.Count == 1
    state, codes = compiled(kit, hmi)
    assert (state, codes) == ("Error", ["hmi.validation"] * 5)
    tag.Connection, alarm.RaisedStateTag, alarm.AlarmClass = "", "Level", "Alarm"
    item.Dynamizations[0].Tag = "Level"
    assert compiled(kit, hmi)[0] == "Warning"
    hmi.Connections[0].Partner = "PLC_1"
    assert compiled(kit, hmi) == ("Success", ["compile.success"])


def test_everything_else_is_kept(kit: Kit, hmi: Any) -> None:
    assert hmi.AlarmClasses.Find("Alarm").Priority == 12
    hmi.AlarmClasses.Create("Mine").Priority = 3
    limit = hmi.AnalogAlarms.Create("High")
    limit.ConditionValue = 99
    limit.EventText.Items[0].Text = "<body><p>Too high</p></body>"
    hmi.DataLogs.Create("D")
    hmi.AlarmLogs.Create("A")
    hmi = reopened(kit)
    assert (hmi.AlarmClasses.Find("Mine").Priority, hmi.AnalogAlarms[0].ConditionValue) == (3, 99.0)
    assert hmi.AnalogAlarms[0].EventText.Items[0].Text == "<body><p>Too high</p></body>"
    assert (names(hmi.DataLogs), names(hmi.AlarmLogs)) == (["D"], ["A"])


def test_a_transaction_that_is_not_committed_leaves_nothing(kit: Kit, hmi: Any) -> None:
    screen, tag = hmi.Screens.Create("A"), hmi.Tags.Create("Level")
    tag.Comment.Items[0].Text = "before"

    def work() -> None:
        screen.Width = 5
        screen.ScreenItems.Create[kit.type("HmiButton")]("Go")
        hmi.Screens.Create("B")
        tag.Comment.Items[0].Text = "after"
        tag.Persistent = True
        tag.Delete()
        hmi.Tags.Create("Level", "Default tag table")
        module(kit, "M", "export function f() {}")
        hmi.Scripts.Import(folder(kit)[0], "M")

    kit.undone(work)
    assert (names(hmi.Screens), screen.Width, screen.ScreenItems.Count) == (["A"], 1280, 0)
    assert (hmi.Tags.Find("Level") == tag, tag.Persistent, tag.Comment.Items[0].Text) == (True, False, "before")
    assert hmi.Scripts.Count == 0


# -- files --------------------------------------------------------------------------------


def module(kit: Kit, name: str, code: str) -> None:
    path = folder(kit)[1]
    path.mkdir(exist_ok=True)
    (path / f"{name}.hmi.yml").write_text(f"#Version: 2.0\nScriptModules:\n  {name}:\n    ScriptFile: {name}.hmi.js\n")
    (path / f"{name}.hmi.js").write_text(code, newline="")


def test_a_script_module_comes_and_goes_as_two_files(kit: Kit, hmi: Any) -> None:
    module(kit, "Counter", "export function next() {\r\n  return 1;\r\n}\r\n")
    assert hmi.Scripts.Import(folder(kit)[0], "Nothing") is False
    assert hmi.Scripts.Import(folder(kit)[0], "Counter") is True
    hmi = reopened(kit)
    target, path = folder(kit, "out")
    written = next(each for each in hmi.Scripts if each.Name == "Counter").Export(target)
    assert [each.Name for each in written] == ["Counter.hmi.yml", "Counter.hmi.js"]
    assert (path / "Counter.hmi.js").read_bytes() == (folder(kit)[1] / "Counter.hmi.js").read_bytes()
    module(kit, "Counter", "export function other() {}")
    hmi.Scripts.Import(folder(kit)[0])
    hmi.Scripts.Export(target)
    assert "other" in (path / "Counter.hmi.js").read_text()
    assert not hasattr(hmi.Scripts[0], "Delete")


def test_files_that_are_none(kit: Kit, hmi: Any) -> None:
    target, path = folder(kit)
    path.mkdir()
    for content, code in (
        ("a: [", "hmi.not_yaml"),
        ("Tags: {}", "hmi.wrong_kind"),
        ("ScriptModules: {M: {ScriptFile: ../../x.js}}", "hmi.script_file"),
        ("ScriptModules: {M: {}}", "hmi.script_file"),
    ):
        (path / "bad.hmi.yml").write_text(content)
        with refused(code):
            hmi.Scripts.Import(target, "bad")
    (path / "bad.hmi.yml").write_text("Tags: {T: {Colour: red}}")
    with refused("hmi.tag_property"):
        hmi.Tags.Import(target, "bad")
    (path / "bad.hmi.yml").write_text("Tags: {T: {MaxLength: red}}")
    with refused("hmi.tag_property"):
        hmi.Tags.Import(target, "bad")
    assert (hmi.Tags.Count, hmi.Scripts.Count) == (0, 0)


@pytest.mark.parametrize(("lists", "key"), [("HmiTextLists", "TextLists"), ("HmiGraphicLists", "GraphicLists")])
def test_lists_come_and_go_as_a_file(kit: Kit, hmi: Any, lists: str, key: str) -> None:
    source, path = folder(kit)
    path.mkdir()
    (path / "all.hmi.yml").write_text(f"{key}:\n  States:\n    Entries: [{{From: 0, To: 0}}]\n  Modes: {{}}\n")
    assert getattr(hmi, lists).Import(source, "all") is True
    found = getattr(reopened(kit), lists)
    assert names(found) == ["Modes", "States"]
    target, out = folder(kit, "out")
    found.Export(target, "States")
    assert "From: 0" in (out / "States.hmi.yml").read_text()
    with refused("hmi.not_found"):
        found.Export(target, "None")


text = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters='"'), min_size=1, max_size=30)


@given(
    st.dictionaries(
        text,
        st.fixed_dictionaries(
            {},
            optional={
                "DataType": text,
                "Connection": text,
                "Persistent": st.booleans(),
                "MaxLength": st.integers(0, 2**32 - 1),
                "InitialValue": text,
            },
        ),
        max_size=5,
    ),
    st.sampled_from(["Default tag table", "Tank"]),
)
@settings(max_examples=20)
def test_tags_come_out_as_they_went_in(tmp_path: Path, wanted: dict[str, dict[str, Any]], table: str) -> None:
    kit = Kit.new(tmp_path / str(abs(hash(str(wanted) + table))))
    one, two = panel(kit, UNIFIED_PANEL), panel(kit, UNIFIED_PANEL, "HMI_2")
    if table != "Default tag table":
        one.TagTables.Create(table)
    for name, values in wanted.items():
        if one.Tags.Find(name) is None:
            tag = one.Tags.Create(name, table)
            for attribute, each in values.items():
                setattr(tag, attribute, each)
    target, _ = folder(kit)
    one.Tags.Export(target, "tags")
    assert two.Tags.Import(target, "tags") is True

    def seen(hmi: Any) -> list[Any]:
        kinds = ("Name", "TagTableName", "DataType", "Connection", "Persistent", "MaxLength", "InitialValue")
        return [[getattr(each, kind) for kind in kinds] for each in hmi.Tags]

    assert seen(two) == seen(one)
