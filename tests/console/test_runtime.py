"""The page Runtime: sources, the CPU of a simulated PLC and its time, tags, forces, modules and plant models."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.console.console import Console, Service, needs_axe

VIEW = "runtime?source=PLC_1"
STATE = ".cpu-state"
COUNT = '.live[data-tag="PLC_1:Tank.count"]'

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def in_run(plant: Service) -> None:
    """Each test begins in RUN, with a time that runs freely."""
    plant.send("POST", "simulation/instances/PLC_1/actions/resume")
    plant.send("POST", "simulation/instances/PLC_1/run")


def test_sources_have_their_states(console: Console) -> None:
    console.open("runtime")
    rows = console.table("Sources of values").get_by_role("row")
    expect(rows.filter(has_text="PLC_1")).to_contain_text("RUN")
    expect(rows.filter(has_text="memory").last).to_contain_text("connected")


def test_the_cpu_stops_and_runs(console: Console, plant: Service) -> None:
    page = console.open(f"{VIEW}&path=Tank")
    expect(page.locator(STATE)).to_contain_text("RUN")
    page.get_by_role("button", name="STOP", exact=True).click()
    expect(page.locator(STATE)).to_contain_text("STOP")
    expect(page.locator(COUNT)).to_have_attribute("data-stale", "yes")
    assert plant.send("GET", "simulation/instances/PLC_1/state")["operatingState"] == "Stop"
    page.get_by_role("button", name="RUN", exact=True).click()
    expect(page.locator(STATE)).to_contain_text("RUN")
    expect(page.locator(COUNT)).not_to_have_attribute("data-stale", "yes")


def test_frozen_time_passes_by_cycles(console: Console, plant: Service) -> None:
    page = console.open(f"{VIEW}&path=Tank")
    page.get_by_role("button", name="Freeze").click()
    expect(page.locator(STATE)).to_contain_text("frozen")
    before = plant.send("GET", "runtime/tags/PLC_1:Tank.count/value")["value"]
    page.get_by_role("button", name="One cycle").click()
    expect(page.locator(".passed")).to_contain_text("1 cycles")
    after = plant.send("GET", "runtime/tags/PLC_1:Tank.count/value")["value"]
    assert after == before + 1
    expect(page.locator(COUNT)).to_have_text(str(after))
    page.get_by_label("Virtual time").fill("1s")
    page.get_by_role("button", name="Run for this time").click()
    expect(page.locator(".passed")).to_contain_text(re.compile(r"1,\d{3} ms of virtual time|1,0\d\d"))
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(STATE)).to_contain_text("RUN")


def test_the_time_factor_is_set(console: Console, plant: Service) -> None:
    page = console.open(VIEW)
    page.get_by_label("Time factor").fill("2.5")
    page.get_by_role("button", name="Set the factor").click()
    expect(page.locator(".facts")).to_contain_text("2.5 ×")
    assert plant.send("GET", "simulation/instances/PLC_1/config")["scaleFactor"] == 2.5
    plant.send("PUT", "simulation/instances/PLC_1/scale-factor", {"factor": 1})


def test_a_factor_out_of_range_is_refused_with_its_code(console: Console) -> None:
    page = console.open(VIEW)
    page.get_by_label("Time factor").fill("1000")
    page.get_by_role("button", name="Set the factor").click()
    expect(page.get_by_role("alert")).to_contain_text("request.")


def test_tags_are_browsed_and_found(console: Console) -> None:
    page = console.open(VIEW)
    page.get_by_role("link", name="Tank ›").click()
    expect(page).to_have_url(re.compile("path=Tank"))
    expect(page.locator(COUNT)).to_have_text(re.compile(r"^\d+$"))
    page.get_by_role("link", name="many ›").click()
    expect(page.locator('.live[data-tag="PLC_1:Tank.many[3]"]')).to_have_text(re.compile(r"^\d+$"))
    page.get_by_role("searchbox", name="Filter").fill("level")
    page.keyboard.press("Enter")
    expect(console.table("Tags").get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Trends PLC_1:Tank.level").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trends")


def test_only_values_on_the_screen_are_read(console: Console) -> None:
    page = console.open(f"{VIEW}&path=Tank.many")
    first = page.locator('.live[data-tag="PLC_1:Tank.many[0]"]')
    expect(first).to_have_text(re.compile(r"^\d+$"))
    last = page.locator('.live[data-tag="PLC_1:Tank.many[49]"]')
    assert last.inner_text() == "…"
    last.scroll_into_view_if_needed()
    expect(last).to_have_text(re.compile(r"^\d+$"))
    expect(first).to_have_attribute("data-stale", "yes")


def test_an_input_is_forced_until_forcing_stops(console: Console, plant: Service) -> None:
    page = console.open(f"{VIEW}&tab=equipment")
    page.get_by_label("Operand").fill("Switch")
    page.get_by_role("button", name="Force", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Switch of PLC_1 is forced to TRUE")
    page.get_by_role("dialog").get_by_role("button", name="Force").click()
    row = console.table("Forced inputs and outputs").get_by_role("row", name="Switch")
    expect(row).to_contain_text("%I0.0")
    assert plant.send("GET", "simulation/instances/PLC_1/forces")[0]["value"] is True
    row.get_by_role("button", name="Stop forcing").click()
    expect(page.get_by_text("Nothing is forced.")).to_be_visible()


def test_plant_models_are_listed(console: Console, plant: Service) -> None:
    plant.send("PUT", "simulation/instances/PLC_1/models/tank", {"type": "Tank", "bind": {"inflow": "Switch"}})
    page = console.open(f"{VIEW}&tab=equipment")
    row = console.table("Plant models").get_by_role("row", name="tank")
    expect(row).to_contain_text("max_inflow")
    row.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("There is no plant model.")).to_be_visible()


def test_a_simulated_plc_is_created_and_switched_off(console: Console, plant: Service) -> None:
    page = console.open("runtime")
    page.get_by_label("New simulated PLC").fill("Spare")
    page.get_by_role("button", name="Create and switch on").click()
    expect(page.get_by_role("heading", name="Spare")).to_be_visible()
    page.get_by_role("button", name="Switch off").click()
    page.get_by_role("dialog").get_by_role("button", name="Switch off").click()
    expect(page.locator(STATE)).to_contain_text("off")
    plant.send("DELETE", "simulation/instances/Spare")


@pytest.fixture
def press(plant: Service) -> Iterator[Service]:
    """The same with a connection to a CPU by its web server, which is that of the simulated PLC."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = {"userName": "web", "password": "correct horse battery staple"}
    settings = {"port": port, "source": "PLC_1", "plainHttp": True}
    connection = {"host": "127.0.0.1", "port": port, "plainHttp": True, "user": "web", "password": words["password"]}
    plant.send("POST", "users", {**words, "right": "operator"})
    plant.send("PUT", "runtime/servers/webapi", {"enabled": True, "settings": settings})
    plant.send("POST", "runtime/sources", {"name": "Press", "kind": "webapi", "connection": connection})
    plant.send("PUT", "runtime/rules", {"rules": [{"tag": "*:*", "write": ["operator"]}]})
    yield plant
    plant.send("PUT", "runtime/rules", {"rules": []})
    plant.send("DELETE", "runtime/sources/Press")
    plant.send("PUT", "runtime/servers/webapi", {"enabled": False, "settings": settings})
    plant.send("DELETE", "users/web")


def test_writing_to_a_real_source_asks_for_the_value_twice(console: Console, press: Service) -> None:
    page = console.open("runtime?source=Press&path=Tank")
    expect(console.table("Sources of values").get_by_role("row", name="Press")).to_contain_text("real")
    page.get_by_role("button", name="Write Press:Tank.hot").click()
    expect(page.get_by_text("This moves a real plant")).to_be_visible()
    write = page.get_by_role("dialog").get_by_role("button", name="Write", exact=True)
    page.get_by_label("New value").select_option("TRUE")
    expect(write).to_be_disabled()
    page.get_by_label("The value again").fill("false")
    expect(write).to_be_disabled()
    page.get_by_label("The value again").fill("true")
    write.click()
    page.get_by_role("dialog", name="Please confirm").get_by_role("button", name="Write", exact=True).click()
    expect(page.locator(".toasts")).to_contain_text("Press:Tank.hot has the value TRUE.")
    assert press.send("GET", "runtime/tags/PLC_1:Tank.hot/value")["value"] is True


def test_a_real_source_has_diagnostics_and_its_connection_ends(console: Console, press: Service) -> None:
    page = console.open("runtime?source=Press&tab=diagnostics")
    expect(console.table("Diagnostic buffer").get_by_role("row").nth(1)).to_be_visible()
    page.get_by_role("button", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    row = console.table("Sources of values").get_by_role("row", name="Press")
    expect(row).to_contain_text("disconnected")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(row).to_contain_text("RUN")


def test_a_viewer_changes_nothing(console: Console, plant: Service) -> None:
    key = plant.send("POST", "api-keys", {"name": "looker", "right": "viewer", "expiresInDays": 1})["apiKey"]
    page = console.open(VIEW, key=key)
    expect(page.locator(STATE)).to_contain_text("RUN")
    for name in ("STOP", "Freeze", "One cycle"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
    expect(page.get_by_label("New simulated PLC")).to_have_count(0)
    stopped = plant.http.post("/api/v2/simulation/instances/PLC_1/stop", json={}, headers={"X-API-Key": key})
    assert stopped.status_code == 403


def test_an_action_is_copied_as_curl(console: Console) -> None:
    page = console.open(VIEW)
    page.locator("main").get_by_role("button", name="Copy as curl, tia or Python").nth(2).click()
    expect(page.get_by_role("dialog")).to_contain_text("simulation/instances/PLC_1/stop")


def test_german(console: Console) -> None:
    page = console.open(VIEW, language="de")
    expect(page.get_by_role("button", name="Einfrieren")).to_be_visible()


@needs_axe
@pytest.mark.parametrize("tab", ["tags", "equipment"])
def test_axe_finds_nothing(console: Console, tab: str) -> None:
    page = console.open(f"{VIEW}&tab={tab}")
    expect(page.locator(STATE)).to_contain_text("RUN")
    expect(
        page.locator("#panel-tab").get_by_role("table").or_(page.get_by_text("Nothing is forced.")).first
    ).to_be_visible()
    assert console.violations() == []
