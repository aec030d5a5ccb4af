"""The page of a block: drawings in LAD, FBD and GRAPH, the current on them, the way to the writer, and the other views."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.console.console import Console, Service, needs_axe

pytestmark = pytest.mark.slow

BLOCKS = "p/Conveyor/PLC_1/blocks"
RUN = {"rungs": [[{"any": [[{"contact": "#start"}], [{"contact": "#run"}]]}, {"contact": "#stop"}, {"coil": "#run"}]]}
FAST = {"rungs": [[{"compare": ["#speed", ">", "100"], "type": "Int"}, {"contact": '"Enable"'}, {"coil": '"Lamp"'}]]}
MANY = [{"rungs": [[{"contact": "#run"}, {"coil": f"#bit{number}"}]]} for number in range(60)]
MOTOR: dict[str, Any] = {
    "kind": "FB",
    "name": "Motor",
    "language": "LAD",
    "interface": {
        "Input": [
            {"name": "start", "type": "Bool", "comment": "Start button"},
            {"name": "stop", "type": "Bool", "default": "TRUE"},
        ],
        "Static": [
            {"name": "run", "type": "Bool"},
            {"name": "speed", "type": "Int"},
            *({"name": f"bit{number}", "type": "Bool"} for number in range(60)),
        ],
    },
    "networks": [
        {"title": "Run", "source": RUN},
        {"title": "Fast", "source": FAST},
        *({"source": each} for each in MANY),
    ],
}
GATES = {
    "kind": "FC",
    "name": "Gates",
    "language": "FBD",
    "networks": [{"source": {"fbd": [[{"box": "A", "in": {"in1": '"Enable"', "in2": '"Lamp"'}}, {"coil": '"Both"'}]]}}],
}
GRAPH = {
    "sequences": [
        {
            "steps": [{"name": "Idle", "init": True}, {"name": "Mix"}],
            "transitions": [
                {"name": "Go", "condition": [{"contact": '"Enable"'}]},
                {"name": "Done", "condition": [{"contact": '"Both"'}]},
            ],
            "flow": ["Idle", "Go", "Mix", "Done", {"jump": "Idle"}],
        }
    ]
}
PROGRAM = """
FUNCTION "Text" : Void
BEGIN
  "Both" := "Both";
END_FUNCTION
DATA_BLOCK "Motor_1"
"Motor"
BEGIN
END_DATA_BLOCK
DATA_BLOCK "Mixer_1"
"Mixer"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Cycle"
BEGIN
  "Motor_1"();
  "Mixer_1"();
  "Gates"();
END_ORGANIZATION_BLOCK
"""


@pytest.fixture(scope="module")
def plant(service: Service) -> Iterator[Service]:
    """A project whose program runs on the virtual CPU PLC_1."""
    service.create_project()
    for name, address in (("Enable", "%I0.0"), ("Lamp", "%Q0.0"), ("Both", "%Q0.1")):
        tag = {"name": name, "dataType": "Bool", "address": address, "comment": f"The {name.lower()}"}
        service.send("POST", "devices/PLC_1/tag-tables/Default%20tag%20table/tags", tag)
    service.send("POST", "devices/PLC_1/blocks", MOTOR)
    service.send("POST", "devices/PLC_1/blocks", GATES)
    graph = {
        "deviceName": "PLC_1",
        "name": "Mixer",
        "graph": {"graph": GRAPH},
        "interface": {"Input": [{"name": "begin", "type": "Bool"}]},
    }
    service.send("POST", "blockgeneration/generate-graph", graph)
    service.generate(PROGRAM)
    service.send("POST", "simulation/instances/create", {"name": "PLC_1"})
    service.send("POST", "simulation/instances/PLC_1/power-on")
    service.send("POST", "devices/PLC_1/actions/download-sync")
    service.send("POST", "devices/PLC_1/cpu/actions/start")
    service.send("POST", "simulation/connect", {"instance": "PLC_1"})
    yield service


@pytest.fixture
def running(plant: Service) -> Service:
    """The same in RUN, with all inputs off."""
    plant.send("POST", "devices/PLC_1/cpu/actions/start")
    for tag, value in (
        ("Enable", False),
        ("Motor_1.start", False),
        ("Motor_1.stop", True),
        ("Motor_1.speed", 0),
        ("Motor_1.run", False),
    ):
        write(plant, tag, value)
    return plant


def write(service: Service, tag: str, value: Any) -> None:
    service.send("PUT", f"simulation/tags/{tag}", {"value": value})


def network(page: Page, number: int) -> Locator:
    return page.locator(f"#net-{number}")


def expect_states(page: Page, number: int, *states: str) -> None:
    """Wait until the wires of a network have these states and no other."""
    page.wait_for_function(
        "([number, states]) => { const found = new Set([...document.querySelectorAll(`#net-${number} line[data-on]`)].map(e => e.dataset.on));"
        " return found.size === states.length && states.every(each => found.has(each)); }",
        arg=[number, list(states)],
    )


def test_a_bit_lights_its_wire(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor")
    expect(page.locator(".age")).to_have_attribute("data-live", "yes")
    expect_states(page, 1, "yes", "no")
    write(running, "Motor_1.start", True)
    expect_states(page, 1, "yes")
    write(running, "Motor_1.start", False)
    expect(network(page, 1).locator('[data-operand="#run"] + .value').last).to_have_text("TRUE")
    write(running, "Motor_1.stop", False)
    expect_states(page, 1, "yes", "no")
    expect(network(page, 1).locator('[data-operand="#run"] + .value').last).to_have_text("FALSE")


def test_what_is_not_live_never_looks_live(console: Console, running: Service) -> None:
    write(running, "Motor_1.start", True)
    page = console.open(f"{BLOCKS}/Motor")
    expect_states(page, 1, "yes")
    running.send("POST", "devices/PLC_1/cpu/actions/stop")
    expect_states(page, 1, "unknown")
    expect(page.locator(".age")).to_have_attribute("data-live", "no")
    expect(page.locator(".age")).to_contain_text("STOP")
    expect(network(page, 1).locator('[data-operand="#start"]')).to_have_attribute("data-stale", "yes")
    running.send("POST", "devices/PLC_1/cpu/actions/start")
    expect(page.locator(".age")).to_have_attribute("data-live", "yes")


def test_values_turn_grey_when_the_service_is_away(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor")
    expect_states(page, 1, "yes", "no")
    console.context.set_offline(True)
    expect_states(page, 1, "unknown")
    expect(page.locator(".age")).to_contain_text("old")
    console.context.set_offline(False)
    expect_states(page, 1, "yes", "no")
    console.faults = [each for each in console.faults if "ERR_INTERNET_DISCONNECTED" not in each]


def test_without_a_source_nothing_is_painted(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor?source=-")
    expect(network(page, 1).locator("svg")).to_be_visible()
    expect(page.locator("line[data-on]")).to_have_count(0)
    page.get_by_label("Values of").select_option("PLC_1")
    expect_states(page, 1, "yes", "no")
    expect(page).to_have_url(re.compile("source=PLC_1"))


def test_a_pointed_operand_shows_value_address_and_comment(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor?net=2")
    network(page, 2).locator("[data-operand='\"Enable\"']").hover()
    about = page.get_by_role("complementary", name="Operand")
    expect(about).to_contain_text("%I0.0")
    expect(about).to_contain_text("The enable")
    expect(about).to_contain_text("FALSE")
    write(running, "Motor_1.speed", 120)
    network(page, 2).locator('[data-operand="#speed"]').hover()
    expect(about).to_contain_text("120")
    expect(about).to_contain_text("PLC_1:Motor_1.speed")


def test_keys_move_between_operands_and_follow_to_the_writer(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor")
    first = network(page, 1).locator("[data-operand]").first
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("complementary", name="Operand")).to_contain_text("#run")
    page.goto(f"{console.service.address}/console/#/{BLOCKS}/Gates")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gates")
    network(page, 1).locator("[data-operand='\"Lamp\"']").hover()
    page.keyboard.press("f")
    expect(page.get_by_role("heading", level=1)).to_have_text("Motor")
    expect(page).to_have_url(re.compile("net=2"))
    expect(network(page, 2)).to_be_in_viewport()


def test_an_operand_without_a_writer_is_named(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor")
    network(page, 1).locator('[data-operand="#stop"]').hover()
    page.get_by_role("button", name="Go to the writer").click()
    expect(page.locator(".toast")).to_contain_text("No network of the program writes #stop")


def test_an_operand_leads_to_its_references(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Gates")
    network(page, 1).locator("[data-operand='\"Lamp\"']").hover()
    page.get_by_role("button", name="References").click()
    table = console.table("References")
    expect(table.get_by_role("row").filter(has_text="Write")).to_contain_text("Motor")
    page.get_by_role("button", name="Show the whole block").click()
    expect(table.get_by_role("row").filter(has_text="Cycle")).to_have_count(1)


def test_fbd_is_drawn_and_lives(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Gates")
    expect(network(page, 1).locator(".title").first).to_have_text("&")
    write(running, "Enable", True)
    write(running, "Motor_1.speed", 150)
    expect_states(page, 1, "yes")


def test_graph_shows_its_active_step(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Mixer")
    frames = network(page, 1).locator("rect[data-on]")
    expect(frames.nth(0)).to_have_attribute("data-on", "yes")
    write(running, "Enable", True)
    expect(frames.nth(0)).to_have_attribute("data-on", "no")
    expect(network(page, 1).locator("text.name", has_text="Mix").first).to_be_visible()


def test_far_networks_are_drawn_when_they_come_near(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor")
    expect_states(page, 1, "yes", "no")
    assert page.locator("svg.network").count() < 40
    page.get_by_text("Networks 61 to 62").evaluate("place => place.scrollIntoView()")
    expect(network(page, 62).locator("svg")).to_be_visible()
    # what is drawn above moves it away again
    network(page, 62).evaluate("place => { setInterval(() => place.scrollIntoView(), 500); }")
    expect_states(page, 62, "yes", "no")

    def asks_for_the_last(sent: Request) -> bool:
        asked = sent.post_data_json["networks"] if sent.url.endswith("power-flow") else []
        return 62 in asked and 1 not in asked

    page.wait_for_event("request", asks_for_the_last)


def test_an_address_with_a_network_shows_it(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor?net=40")
    expect(network(page, 40)).to_be_in_viewport()
    expect(network(page, 40).locator("svg")).to_be_visible()


def test_the_drawing_has_a_text_twin(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor")
    svg = network(page, 1).locator("svg")
    twin = page.locator(f"#{svg.get_attribute('aria-describedby')}")
    twin.get_by_text("Network as text").click()
    expect(twin.locator("pre")).to_contain_text("#start")


def test_the_interface_lists_members_with_comments(console: Console, running: Service) -> None:
    console.open(f"{BLOCKS}/Motor?tab=interface")
    row = console.table("Interface").get_by_role("row").filter(has_text="Start button")
    expect(row).to_contain_text("Input")
    expect(row).to_contain_text("Bool")


def test_code_is_shown_for_languages_with_and_without_a_source(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Text")
    expect(page.get_by_role("tab", name="Drawing")).to_have_count(0)
    expect(page.get_by_role("tabpanel")).to_contain_text("FUNCTION")
    console.open(f"{BLOCKS}/Motor?tab=code")
    expect(page.get_by_role("tabpanel")).to_contain_text("#start")


def test_history_keeps_and_compares(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor?tab=history")
    page.get_by_role("button", name="Keep a snapshot").click()
    page.get_by_role("button", name="Compare with now").first.click()
    expect(page.get_by_text("Both states are the same.")).to_be_visible()


def test_findings_are_those_of_the_compiler(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor?tab=findings")
    page.get_by_role("button", name="Compile", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="0 errors")).to_be_visible()


def test_tabs_are_part_of_the_address_and_tests_lead_on(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor")
    page.get_by_role("tab", name="Drawing").focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("tab=tests"))
    page.get_by_role("tabpanel").get_by_role("link", name="Tests").click()
    expect(page).to_have_url(re.compile("#/tests"))


def test_a_block_that_is_missing_leads_to_the_project(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Nothing")
    page.get_by_role("main").get_by_role("link", name="Project").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conveyor")


def test_the_page_speaks_german(console: Console, running: Service) -> None:
    page = console.open(f"{BLOCKS}/Motor", language="de")
    expect(page.get_by_role("tab", name="Zeichnung")).to_be_visible()
    expect(page.get_by_role("heading", name="Netzwerk 1: Run")).to_be_visible()
    expect(page.locator(".age")).to_contain_text("aktuell")


@needs_axe
@pytest.mark.parametrize("tab", ["drawing", "code", "interface", "references", "history", "findings", "tests"])
def test_axe_finds_nothing(console: Console, running: Service, tab: str) -> None:
    page = console.open(f"{BLOCKS}/Motor?tab={tab}")
    page.get_by_role("tabpanel").wait_for()
    page.wait_for_timeout(500)  # time: axe reads the page as it is
    if tab == "drawing":
        network(page, 1).locator('[data-operand="#stop"]').hover()
        expect_states(page, 1, "yes", "no")
    assert console.violations() == []
