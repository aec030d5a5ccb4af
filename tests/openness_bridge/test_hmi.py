"""What the bridge reads of panels: how often it asks TIA Portal, and what it makes of real files and of any file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import simatic_xml
from openness_bridge.errors import Kind, Problem
from openness_bridge.hmi import formatted_text, panels, screens, xml
from openness_bridge.hmi import tags as hmi_tags
from openness_bridge.portal import loader
from openness_bridge.portal.portal import Portals, Session
from openness_bridge.project import projects
from openness_bridge.project.texts import Text
from tests.fakes.fake_openness import hmi_kit
from tests.fakes.fake_openness.hardware_kit import COMFORT_PANEL
from tests.fakes.fake_openness.hmi_kit import UNIFIED_PANEL
from tests.simatic_xml.corpus import CORPUS


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A portal with a classic and a Unified panel, and a classic table of 200 tags."""
    portals = Portals(loader.load("fake", "20"), launch_when_needed=True)
    made = portals.session()
    made.call(lambda: _fill(made, tmp_path))
    yield made
    portals.close()


def _fill(session: Session, folder: Path) -> None:
    projects.create(session, folder, "Line")
    session.project.Devices.CreateWithItem(COMFORT_PANEL, "HMI_1", "HMI_1")
    session.project.Devices.CreateWithItem(UNIFIED_PANEL, "HMI_2", "HMI_2")
    tags = [hmi_kit.tag(f"Tag_{number}") for number in range(200)]
    (folder / "tags.xml").write_text(hmi_kit.document(hmi_kit.table("Many", *tags)), encoding="utf-8")
    hmi_tags.import_file(session, "HMI_1", folder / "tags.xml", ["Many"], "", override=False)


def test_tags_of_a_table_are_read_by_one_export(session: Session) -> None:
    machine = session.project._context.machine
    machine.calls = Counter()
    found = session.call(lambda: hmi_tags.list_tags(session, "HMI_1"))
    assert len(found) == 200
    exports = {kind: count for (kind, member), count in machine.calls.items() if member == "Export"}
    assert exports == {"TagTable": 2}
    assert machine.calls["Tag", "Name"] == 0


def test_names_of_panels(session: Session) -> None:
    def families() -> list[tuple[str, str]]:
        return [(found.device, found.family) for found in panels.panels(session)]

    assert session.call(families) == [("HMI_1", "classic"), ("HMI_2", "unified")]
    assert session.call(lambda: panels.panel(session, "hmi_rt_2").device) == "HMI_2"
    with pytest.raises(Problem, match="HMI_9"):
        session.call(lambda: panels.panel(session, "HMI_9"))


def test_a_refused_import_leaves_the_folder_unmade(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "bad.xml"
    file.write_text(hmi_kit.document(hmi_kit.table("Other", hmi_kit.tag("TAG_7"))), encoding="utf-8")
    with pytest.raises(Problem) as caught:
        session.call(lambda: hmi_tags.import_file(session, "HMI_1", file, ["Other"], "New/Inner", override=False))
    assert caught.value.code == "hmi.import_refused"
    root = session.call(lambda: hmi_tags.tree(session, "HMI_1"))
    assert [child.name for child in root.children] == ["Default tag table", "Many"]


def import_screens(session: Session, file: Path) -> None:
    elements = panels.elements(file.read_bytes())
    session.call(lambda: screens.import_file(session, "HMI_1", file, elements, "", override=False))


def test_a_screen_that_tia_portal_would_not_survive_never_reaches_it(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "screens.xml"
    file.write_text(hmi_kit.document(hmi_kit.screen("A", 1)), encoding="utf-8")
    import_screens(session, file)
    file.write_text(hmi_kit.document(hmi_kit.screen("B", 1)), encoding="utf-8")
    with pytest.raises(Problem) as caught:
        import_screens(session, file)
    assert (caught.value.code, caught.value.kind) == ("hmi.screen_number", Kind.CONFLICT)
    assert [each.name for each in session.call(lambda: screens.list_screens(session, "HMI_1"))] == ["A"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not on this machine")
def test_items_and_bindings_of_real_screens_are_all_read() -> None:
    files = sorted(CORPUS.rglob("*Exports__HMI__*Screens__*.xml"))
    assert files
    for path in files:
        (item,) = simatic_xml.load(path.read_bytes()).objects
        assert isinstance(item, simatic_xml.Opaque)
        found = xml.screen_items(item.element)
        listed = [each for each in item.element.iter() if each.get("CompositionName") == "ScreenItems"]
        assert len(found) == len(listed) > 0
        assert sum(len(each.bindings) for each in found) == len(list(item.element.iter("Tag")))
        assert all(each.name and each.type for each in found)


names = st.text("abcXYZ_ 12", min_size=1, max_size=8)


@st.composite
def items(draw: st.DrawFn, depth: int = 2) -> tuple[Any, list[tuple[str, str]]]:
    """A screen item with what its own bindings are, and those in it."""
    name, tags = draw(names), draw(st.lists(names, max_size=2))
    below = draw(st.lists(items(depth - 1), max_size=2)) if depth else []
    element = etree.Element("Hmi.Screen.Group", {"ID": "0", "CompositionName": "ScreenItems"})
    etree.SubElement(etree.SubElement(element, "AttributeList"), "ObjectName").text = name
    inside = etree.SubElement(element, "ObjectList")
    for tag in tags:
        moved = etree.SubElement(inside, "Hmi.Screen.Property", {"ID": "0", "CompositionName": "Properties"})
        etree.SubElement(etree.SubElement(moved, "AttributeList"), "Name").text = "ProcessValue"
        link = etree.SubElement(etree.SubElement(moved, "LinkList"), "Tag", {"TargetID": "@OpenLink"})
        etree.SubElement(link, "Name").text = tag
    for child, _ in below:
        inside.append(child)
    return element, [(name, tag) for tag in tags] + [pair for _, pairs in below for pair in pairs]


@given(st.lists(items(), max_size=3))
@settings(max_examples=50)
def test_each_binding_belongs_to_the_innermost_item(made: list[tuple[Any, list[tuple[str, str]]]]) -> None:
    screen = etree.Element("Hmi.Screen.Screen")
    layer = etree.SubElement(
        etree.SubElement(screen, "ObjectList"), "Hmi.Screen.ScreenLayer", {"CompositionName": "Layers"}
    )
    inside = etree.SubElement(layer, "ObjectList")
    for element, _ in made:
        inside.append(element)
    found = [(item.name, binding.tag) for item in xml.screen_items(screen) for binding in item.bindings]
    assert found == [pair for _, pairs in made for pair in pairs]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("&lt;body&gt;&lt;p&gt;on&lt;/p&gt;&lt;/body&gt;", "on"),
        ("<body><p>on</p><p>off</p></body>", "on\noff"),
        ("plain &amp; simple", "plain & simple"),
        ("&lt;body&gt;&lt;p&gt;broken", "<body><p>broken"),
        ("<body><p/></body>", ""),
        ("", ""),
    ],
)
def test_texts_are_shown_without_markup(inside: str, shown: str) -> None:
    element = etree.fromstring(
        "<X><ObjectList><MultilingualText CompositionName='Text'><ObjectList><MultilingualTextItem><AttributeList>"
        f"<Culture>en-US</Culture><Text>{inside}</Text></AttributeList></MultilingualTextItem></ObjectList>"
        "</MultilingualText></ObjectList></X>"
    )
    assert xml.texts(element, "Text") == ({"en-US": shown} if shown else {})


# -- texts of Unified panels --------------------------------------------------------------


@pytest.mark.parametrize("version", ["17", "18", "20", "21"])
@pytest.mark.parametrize("text", ["Start", 'A < B & C > "D"', "one\ntwo\n", "<body><p>not markup</p></body>", ""])
def test_texts_of_unified_panels_are_plain_texts_for_clients(tmp_path: Path, version: str, text: str) -> None:
    portals = Portals(loader.load("fake", version), launch_when_needed=True)
    session = portals.session()

    def add() -> tuple[str, str]:
        projects.create(session, tmp_path, "Line")
        session.project.Devices.CreateWithItem(UNIFIED_PANEL.replace("/19", "/17"), "HMI_2", "HMI_2")
        screens.create(session, "HMI_2", "A", "", None, None, None)
        item = screens.NewItem("Go", "HmiButton", texts=(Text("en-US", text),))
        shown = screens.add_items(session, "HMI_2", "A", [item]).items[0].text
        held = panels.panel(session, "HMI_2").software.Screens[0].ScreenItems[0].Text.Items[0].Text
        return shown, str(held)

    try:
        shown, held = session.call(add)
    finally:
        portals.close()
    assert shown == text
    assert held == text if version == "17" else held.startswith("<body><p>")


def test_a_document_has_a_paragraph_for_each_line() -> None:
    assert formatted_text.to_document("A < B\r\n\nC") == "<body><p>A &lt; B</p><p></p><p>C</p></body>"
    assert formatted_text.to_plain("<body><p>A <b>big</b> pump</p><p/></body>") == "A big pump\n"
    assert formatted_text.to_plain(f"<!DOCTYPE body [<!ENTITY x 'y'>]>{'<body><p>&x;</p></body>'}") != "y"


@pytest.mark.parametrize("text", ["a\x00", "\x1b", "\ud800", "\ufffe"])
def test_a_text_that_xml_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        formatted_text.to_document(text)
    assert caught.value.code == "text.characters"


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\n\t")
    )
)
def test_a_document_gives_its_text_back(text: str) -> None:
    assert formatted_text.to_plain(formatted_text.to_document(text)) == text
