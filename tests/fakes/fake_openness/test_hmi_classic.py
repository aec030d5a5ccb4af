"""Classic panels: what they come with, what is imported and exported, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import simatic_xml
from fake_openness.core.errors import (
    EngineeringObjectDisposedException,
    EngineeringTargetInvocationException,
    NonRecoverableException,
)
from fake_openness.core.versions import TiaVersion
from fake_openness.hardware import articles
from tests.fakes.fake_openness import hmi_kit
from tests.fakes.fake_openness.hardware_kit import COMFORT_PANEL, Kit, items
from tests.fakes.fake_openness.hmi_kit import BASIC_PANEL, compiled, out, panel, put, screen, software, table, tag
from tests.simatic_xml.corpus import CORPUS


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit.new(tmp_path)


@pytest.fixture
def hmi(kit: Kit) -> Any:
    return panel(kit)


def refused(code: str) -> Any:
    return pytest.raises(EngineeringTargetInvocationException, check=lambda error: error.FakeCode == code)


def names(collection: Any) -> list[str]:
    return [each.Name for each in collection]


def test_every_panel_has_a_runtime_of_its_kind(kit: Kit) -> None:
    panels = [a for a in articles.articles() if a.kind == "panel" and a.is_offered(TiaVersion.of("20"))]
    assert len({a.category for a in panels}) == 3
    for number, article in enumerate(panels[::5]):
        device = kit.cpu(article.type_identifier, f"P{number}", f"P{number}")
        unified = article.category == "HMI Unified panel"
        found = software(kit, device)
        assert type(found).__name__ == ("HmiSoftware" if unified else "HmiTarget")
        assert found.Name == f"HMI_RT_{number + 1}"


def test_a_new_panel_has_its_default_table_and_its_cycles(hmi: Any) -> None:
    assert names(hmi.TagFolder.TagTables) == [hmi.TagFolder.DefaultTagTable.Name] == ["Default tag table"]
    assert "1 s" in names(hmi.Cycles) and all(cycle.IsSystemObject for cycle in hmi.Cycles)
    assert sorted(each.SlideinType.ToString() for each in hmi.ScreenSlideinFolder.ScreenSlideins) == [
        "Bottom",
        "Left",
        "Right",
        "Top",
    ]
    for doomed in (hmi.TagFolder.DefaultTagTable, hmi.Cycles.Find("1 s"), hmi.ScreenSlideinFolder.ScreenSlideins[0]):
        with refused("hmi.system_object"):
            doomed.Delete()


PLACES: dict[str, tuple[Any, Any]] = {
    "screen": (lambda hmi: hmi.ScreenFolder.Screens, lambda: screen("A")),
    "template": (
        lambda hmi: hmi.ScreenTemplateFolder.ScreenTemplates,
        lambda: hmi_kit.simple("Hmi.Screen.ScreenTemplate", "A"),
    ),
    "popup": (lambda hmi: hmi.ScreenPopupFolder.ScreenPopups, lambda: hmi_kit.simple("Hmi.Screen.ScreenPopup", "A")),
    "tag table": (lambda hmi: hmi.TagFolder.TagTables, lambda: table("A", tag("T"))),
    "script": (lambda hmi: hmi.VBScriptFolder.VBScripts, lambda: hmi_kit.script("A")),
    "text list": (lambda hmi: hmi.TextLists, lambda: hmi_kit.text_list("A", "off", "on")),
    "graphic list": (lambda hmi: hmi.GraphicLists, lambda: hmi_kit.simple("Hmi.TextGraphicList.GraphicList", "A")),
    "cycle": (lambda hmi: hmi.Cycles, lambda: hmi_kit.simple("Hmi.Cycle.Cycle", "A", "<CycleTime>3</CycleTime>")),
    "connection": (lambda hmi: hmi.Connections, lambda: hmi_kit.connection("A")),
}


@pytest.mark.parametrize("kind", PLACES)
def test_what_is_imported_is_saved_exported_replaced_and_deleted(kit: Kit, kind: str) -> None:
    place, made = PLACES[kind]
    (first,) = put(kit, place(panel(kit)), made())
    assert first.Name == "A"
    text = out(kit, first)
    kit.reopen()
    hmi = software(kit, kit.project.Devices.Find("HMI_1"))
    again = place(hmi).Find("a")
    assert body(out(kit, again)) == body(text)
    with refused("import.exists"):
        put(kit, place(hmi), made())
    (second,) = put(kit, place(hmi), made(), override=True)
    with pytest.raises(EngineeringObjectDisposedException):
        _ = again.Name
    second.Delete()
    assert place(hmi).Find("A") is None
    kit.reopen()
    assert place(software(kit, kit.project.Devices.Find("HMI_1"))).Find("A") is None


@pytest.mark.parametrize("kind", PLACES)
def test_a_transaction_that_is_not_committed_leaves_nothing(kit: Kit, kind: str) -> None:
    place, made = PLACES[kind]
    hmi = panel(kit)
    (kept,) = put(kit, place(hmi), made().replace(">A<", ">Kept<").replace(">T<", ">K<").replace(">1<", ">7<"))
    before = (names(place(hmi)), body(out(kit, kept)))

    def work() -> None:
        put(kit, place(hmi), made(), name="inside.xml")
        kept.Delete()

    kit.undone(work)
    assert (names(place(hmi)), body(out(kit, kept))) == before


def body(text: str) -> str:
    """A document without its head."""
    root = etree.fromstring(text.encode())
    return etree.tostring(root[-1]).decode()


def test_a_file_with_another_kind_of_object_is_refused(kit: Kit, hmi: Any) -> None:
    with refused("import.wrong_kind"):
        put(kit, hmi.TagFolder.TagTables, hmi_kit.text_list())
    with refused("import.wrong_kind"):
        put(kit, hmi.ScreenFolder.Screens, screen(), hmi_kit.text_list())
    with refused("import.not_simaticml"):
        Path(kit.file("bad.xml").FullName).write_text("PNG", encoding="utf-8")
        hmi.ScreenFolder.Screens.Import(kit.file("bad.xml"), kit.type("ImportOptions").None_)
    with refused("import.version"):
        put(kit, hmi.ScreenFolder.Screens, screen(), version="V99")


def test_a_file_with_several_objects_is_taken_whole_or_not_at_all(kit: Kit, hmi: Any) -> None:
    screens = hmi.ScreenFolder.Screens
    assert names(put(kit, screens, screen("A", 1), screen("B", 2))) == ["A", "B"]
    with refused("import.exists"):
        put(kit, screens, screen("C", 3), screen("B", 4))
    with refused("name.exists"):
        put(kit, screens, screen("C", 3), screen("c", 4))
    assert names(screens) == ["A", "B"]


def test_folders_hold_objects_whose_names_are_unique_on_the_panel(kit: Kit, hmi: Any) -> None:
    line = hmi.ScreenFolder.Folders.Create("Line/1").Folders.Create("Drives")
    put(kit, line.Screens, screen("Motor", 5))
    with refused("name.exists"):
        put(kit, hmi.ScreenFolder.Screens, screen("MOTOR", 6), override=True)
    with refused("name.exists"):
        hmi.ScreenFolder.Folders.Create("LINE/1")
    kit.reopen()
    hmi = software(kit, kit.project.Devices.Find("HMI_1"))
    folder = hmi.ScreenFolder.Folders.Find("Line/1")
    assert names(folder.Folders.Find("Drives").Screens) == ["Motor"]
    folder.Delete()
    assert hmi.ScreenFolder.Folders.Count == 0
    put(kit, hmi.ScreenFolder.Screens, screen("Motor", 5))


def test_a_screen_number_that_is_used_ends_the_portal(kit: Kit, hmi: Any) -> None:
    put(kit, hmi.ScreenFolder.Screens, screen("A", 11))
    with pytest.raises(NonRecoverableException):
        put(kit, hmi.ScreenFolder.Screens, screen("B", 11))
    with pytest.raises(NonRecoverableException):
        _ = hmi.Name


def test_a_screen_keeps_its_number_when_it_is_replaced(kit: Kit, hmi: Any) -> None:
    put(kit, hmi.ScreenFolder.Screens, screen("A", 11))
    put(kit, hmi.ScreenFolder.Screens, screen("A", 11, hmi_kit.field()), override=True)
    assert "Field_1" in out(kit, hmi.ScreenFolder.Screens.Find("A"))


def test_tags_come_with_their_table_or_alone(kit: Kit, hmi: Any) -> None:
    (made,) = put(kit, hmi.TagFolder.TagTables, table("Tank", tag("Level"), tag("Pump")))
    assert names(made.Tags) == ["Level", "Pump"]
    put(kit, made.Tags, tag("Valve"))
    put(kit, made.Tags, tag("Level", "Real"), override=True)
    assert names(made.Tags) == ["Level", "Pump", "Valve"]
    assert "Real" in out(kit, made.Tags.Find("level")) and "Valve" in out(kit, made)
    with refused("name.exists"):
        put(kit, hmi.TagFolder.TagTables, table("Other", tag("PUMP")))
    with refused("name.exists"):
        put(kit, hmi.TagFolder.DefaultTagTable.Tags, tag("pump"))
    made.Tags.Find("Pump").Delete()
    kit.reopen()
    found = software(kit, kit.project.Devices.Find("HMI_1")).TagFolder.TagTables.Find("Tank")
    assert names(found.Tags) == ["Level", "Valve"]
    assert "Pump" not in out(kit, found)


def test_an_override_replaces_a_table_and_does_not_merge(kit: Kit, hmi: Any) -> None:
    put(kit, hmi.TagFolder.TagTables, table("Tank", tag("Level")))
    (made,) = put(kit, hmi.TagFolder.TagTables, table("Tank", tag("Pump")), override=True)
    assert names(made.Tags) == ["Pump"]
    (default,) = put(kit, hmi.TagFolder.TagTables, table("Default tag table", tag("X")), override=True)
    assert hmi.TagFolder.DefaultTagTable == default


def test_languages_that_the_project_does_not_have(kit: Kit, hmi: Any) -> None:
    tables, options = hmi.TagFolder.TagTables, kit.type("ImportOptions")
    file = kit.file("german.xml")
    Path(file.FullName).write_text(hmi_kit.document(table("T", tag("X", culture="de-DE"))), encoding="utf-8")
    with refused("import.culture"):
        tables.Import(file, options.None_)
    (made,) = tables.Import(file, options.SkipInactiveCultures)
    assert "de-DE" not in out(kit, made)
    (made,) = tables.Import(file, options.Override | options.ActivateInactiveCultures)
    assert "de-DE" in out(kit, made)
    assert [each.Culture.Name for each in kit.project.LanguageSettings.ActiveLanguages] == ["en-US", "de-DE"]


def test_an_export_counts_ids_and_needs_a_new_file(kit: Kit, hmi: Any) -> None:
    (made,) = put(kit, hmi.ScreenFolder.Screens, screen("A", 1, hmi_kit.field("F") + hmi_kit.field("G")))
    root = etree.fromstring(out(kit, made).encode())
    ids = [each.get("ID") for each in root.iter() if each.get("ID")]
    assert ids == [f"{n:X}" for n in range(len(ids))]
    assert root.find("Engineering").get("version") == "V20"
    with refused("export.file_exists"):
        made.Export(kit.file("out.xml"), kit.type("ExportOptions").None_)


def test_global_elements_and_overview_are_there_and_replaced(kit: Kit, hmi: Any) -> None:
    for single, element, take in (
        ("ScreenGlobalElements", "Hmi.Screen.ScreenGlobalElements", hmi.ImportScreenGlobalElements),
        ("ScreenOverview", "Hmi.Screen.ScreenOverview", hmi.ImportScreenOverview),
    ):
        assert element in out(kit, getattr(hmi, single))
        file = kit.file("single.xml")
        new = f'<{element} ID="0"><AttributeList><Visible>false</Visible></AttributeList></{element}>'
        Path(file.FullName).write_text(hmi_kit.document(new), encoding="utf-8")
        with refused("import.exists"):
            take(file, kit.type("ImportOptions").None_)
        take(file, kit.type("ImportOptions").Override)
        assert "<Visible>false" in out(kit, getattr(hmi, single))
    kit.reopen()
    assert "<Visible>false" in out(kit, software(kit, kit.project.Devices.Find("HMI_1")).ScreenOverview)


def test_a_slide_in_replaces_the_one_of_its_side(kit: Kit, hmi: Any) -> None:
    slideins = hmi.ScreenSlideinFolder.ScreenSlideins
    left = '<Hmi.Screen.ScreenSlidein ID="0"><AttributeList><SlideinType>Left</SlideinType></AttributeList></Hmi.Screen.ScreenSlidein>'
    with refused("import.exists"):
        put(kit, slideins, left)
    (made,) = put(kit, slideins, left, override=True)
    assert (made.SlideinType.ToString(), slideins.Count) == ("Left", 4)
    with refused("hmi.slidein_type"):
        put(kit, slideins, left.replace("Left", "Middle"))


def test_a_basic_panel_has_no_pop_ups_slide_ins_and_scripts(kit: Kit) -> None:
    basic = panel(kit, BASIC_PANEL, "HMI_2")
    assert basic.ScreenSlideinFolder.ScreenSlideins.Count == 0
    with refused("hmi.not_offered"):
        put(kit, basic.VBScriptFolder.VBScripts, hmi_kit.script())
    with refused("hmi.not_offered"):
        put(kit, basic.ScreenPopupFolder.ScreenPopups, hmi_kit.simple("Hmi.Screen.ScreenPopup", "P"))


def test_the_compiler_reports_links_to_what_is_not_there(kit: Kit, hmi: Any, tmp_path: Path) -> None:
    assert compiled(kit, hmi) == ("Success", ["compile.success"])
    view = (
        '<Hmi.Screen.GraphicView ID="9" CompositionName="ScreenItems"><AttributeList><ObjectName>View</ObjectName>'
        '</AttributeList><LinkList><Picture TargetID="@OpenLink"><Name>Pump</Name></Picture></LinkList>'
        "</Hmi.Screen.GraphicView>"
    )
    put(kit, hmi.ScreenFolder.Screens, screen("A", 1, hmi_kit.field(tag="Level") + view, template="Base"))
    put(kit, hmi.TagFolder.TagTables, table("T", tag("Speed", connection="Connection_1", plc_tag="Speed")))
    state, codes = compiled(kit, hmi)
    assert (state, sorted(codes)) == (
        "Error",
        ["hmi.missing_connection", "hmi.missing_graphic", "hmi.missing_tag", "hmi.missing_template"],
    )
    put(kit, hmi.TagFolder.DefaultTagTable.Tags, tag("Level"))
    put(kit, hmi.ScreenTemplateFolder.ScreenTemplates, hmi_kit.simple("Hmi.Screen.ScreenTemplate", "Base"))
    put(kit, hmi.Connections, hmi_kit.connection())
    put(kit, kit.project.Graphics, hmi_kit.graphic(tmp_path))
    assert compiled(kit, hmi)[0] == "Success"
    assert compiled(kit, kit.project.Devices.Find("HMI_1"))[0] in ("Success", "Information")


# -- graphics -----------------------------------------------------------------------------


def test_a_graphic_keeps_the_bytes_of_its_picture(kit: Kit, tmp_path: Path) -> None:
    put(kit, kit.project.Graphics, hmi_kit.graphic(tmp_path, "Pump"))
    kit.reopen()
    found = kit.project.Graphics.Find("pump")
    text = out(kit, found, "Copy.xml")
    assert "Copy files\\DefaultImageStream.png" in text
    assert (tmp_path / "Copy files" / "DefaultImageStream.png").read_bytes() == hmi_kit.picture()
    with refused("import.exists"):
        put(kit, kit.project.Graphics, hmi_kit.graphic(tmp_path, "Pump"))
    found.Delete()
    kit.reopen()
    assert kit.project.Graphics.Count == 0


@pytest.mark.parametrize(
    ("content", "suffix", "taken"),
    [
        (b"", "png", False),
        (b"prose", "png", False),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "png", False),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg", True),
        (b"BM....", "bmp", True),
        (b"GIF89a", "gif", True),
    ],
)
def test_a_picture_is_what_its_extension_says(
    kit: Kit, tmp_path: Path, content: bytes, suffix: str, taken: bool
) -> None:
    text = hmi_kit.graphic(tmp_path, "Pump", content, suffix)
    if taken:
        assert names(put(kit, kit.project.Graphics, text)) == ["Pump"]
    else:
        with refused("hmi.picture"):
            put(kit, kit.project.Graphics, text)
        assert kit.project.Graphics.Count == 0


def test_a_picture_outside_of_the_folder_of_its_document_is_not_read(kit: Kit, tmp_path: Path) -> None:
    (tmp_path.parent / "secret.png").write_bytes(hmi_kit.picture())
    text = hmi_kit.graphic(tmp_path, "Pump").replace("Pump files\\DefaultImageStream.png", "..\\secret.png")
    with refused("hmi.picture"):
        put(kit, kit.project.Graphics, text)


def test_graphics_moved_to_a_service_in_v21(tmp_path: Path) -> None:
    kit = Kit.new(tmp_path, "21")
    with pytest.raises(AttributeError):
        _ = kit.project.Graphics
    provider = kit.service(kit.project, "GraphicsProvider")
    assert names(put(kit, provider.Graphics, hmi_kit.graphic(tmp_path))) == ["Pump"]


# -- real files and any names -------------------------------------------------------------


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not on this machine")
def test_real_screens_and_tags_come_out_as_they_went_in(kit: Kit, hmi: Any) -> None:
    files = sorted(CORPUS.rglob("*Exports__HMI__*.xml"))
    assert files
    for number, path in enumerate(files):
        (item,) = simatic_xml.load(path.read_bytes()).objects
        where = hmi.TagFolder.TagTables if item.kind == "Hmi.Tag.TagTable" else hmi.ScreenFolder.Screens
        options = kit.type("ImportOptions")
        file = kit.type("FileInfo")(str(path))
        replaced = where.Find(item.name) is not None
        (made,) = where.Import(
            file, (options.Override if replaced else options.None_) | options.ActivateInactiveCultures
        )
        assert plain(out(kit, made, f"{number}.xml").encode()) == plain(path.read_bytes())
        made.Delete()


def plain(data: bytes) -> bytes:
    """A document's object without ids, which an export counts anew."""
    (item,) = simatic_xml.load(data).objects
    assert isinstance(item, simatic_xml.Opaque)
    for each in item.element.iter():
        for attribute in ("ID", "TargetID"):
            each.attrib.pop(attribute, None)
    return etree.tostring(item.element, method="c14n")


@given(st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters='<>&"'), min_size=1, max_size=128))
@settings(max_examples=25)
def test_any_name_is_kept_over_a_save(tmp_path: Path, name: str) -> None:
    kit = Kit.new(tmp_path / str(abs(hash(name))))
    put(kit, panel(kit).TextLists, hmi_kit.text_list(name, "a"))
    kit.reopen()
    found = software(kit, kit.project.Devices.Find("HMI_1")).TextLists
    assert names(found) == [name]
    assert body(out(kit, found[0]))


def test_a_master_copy_of_a_panel_brings_its_screens(kit: Kit) -> None:
    put(kit, panel(kit).ScreenFolder.Screens, screen("A", 1))
    copy = kit.project.ProjectLibrary.MasterCopyFolder.MasterCopies.Create(kit.project.Devices.Find("HMI_1"))
    made = kit.project.Devices.CreateFrom(copy)
    assert names(software(kit, made).ScreenFolder.Screens) == ["A"]
    kit.reopen()
    assert names(software(kit, kit.project.Devices.Find("HMI_1_1")).ScreenFolder.Screens) == ["A"]


def test_a_deleted_panel_takes_its_files_along(kit: Kit, tmp_path: Path) -> None:
    put(kit, panel(kit).ScreenFolder.Screens, screen("A", 1))
    kit.reopen()
    assert list(tmp_path.rglob("hmi/screens/A.xml"))
    kit.project.Devices.Find("HMI_1").Delete()
    kit.reopen()
    assert not list(tmp_path.rglob("hmi/**/*.xml")) and not list(tmp_path.rglob("hmi.json"))


def test_a_type_change_keeps_the_screens_and_not_the_family(kit: Kit) -> None:
    hmi = panel(kit)
    put(kit, hmi.ScreenFolder.Screens, screen("A", 1))
    device = kit.project.Devices.Find("HMI_1")
    head = next(item for item in items(device) if item.Name == "HMI_1")
    with refused("module.change_type"):
        head.ChangeType(hmi_kit.UNIFIED_PANEL)
    head.ChangeType(COMFORT_PANEL.replace("0GC01", "0JC01"))
    assert names(software(kit, device).ScreenFolder.Screens) == ["A"]
