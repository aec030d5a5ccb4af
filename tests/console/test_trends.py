"""The page Trends: logged and live values, zoom, cursors, comparison, alarms, logging, CSV, and the text twin."""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.console.console import Console, Service, needs_axe
from tests.console.plant import add_table

TANK = "trends?tag=PLC_1:Tank.level&tag=PLC_1:Tank.count"
STEPS = [(0, 10.0), (600, 20.0), (1200, 40.0), (2400, 0.0)]
"""What the tag memory:Oven had yesterday, by seconds of an hour."""
LENGTH = 3600

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def begin() -> dt.datetime:
    """When the hour began in which the oven has values."""
    now = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
    return now - dt.timedelta(hours=20)


@pytest.fixture(scope="module")
def logged(plant: Service, begin: dt.datetime) -> Service:
    """The plant with logged tags: one that changes now, and one that changed yesterday."""
    add_table(plant, "Narrow", [{"name": "Switch"}])
    plant.send("POST", "runtime/logging", {"tag": "PLC_1:Tank.level", "period": 0.1, "unit": "l"})
    plant.send("PUT", "runtime/tags/memory:Oven", {"dataType": "Real", "unit": "°C", "initialValue": 0})
    plant.send("POST", "runtime/logging", {"tag": "memory:Oven"})
    values = [{"value": value, "time": (begin + dt.timedelta(seconds=second)).isoformat()} for second, value in STEPS]
    plant.send("POST", "runtime/history/actions/insert", {"tag": "memory:Oven", "values": values})
    return plant


def view_of(begin: dt.datetime, **more: str) -> str:
    """The address of the oven's hour."""
    end = begin + dt.timedelta(seconds=LENGTH)
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    return f"trends?tag=memory:Oven&from={stamp(begin)}&to={stamp(end)}{extra}"


def stamp(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def range_of(page: Page, *, before: tuple[float, float] | None = None) -> tuple[float, float]:
    """The two times of the address, in seconds, once they are others than before."""
    found = page.wait_for_function(
        """before => { const query = new URLSearchParams(location.hash.split("?")[1]);
        const range = ["from", "to"].map(name => Date.parse(query.get(name)) / 1000);
        return !range.some(Number.isNaN) && String(range) !== String(before) && range; }""",
        arg=before,
    )
    first, last = found.json_value()
    return first, last


def drawn(page: Page) -> int:
    """How many pixels of the chart have the colour of the first series."""
    page.locator(".chart canvas").wait_for()
    return page.evaluate(
        """() => {
        const swatch = getComputedStyle(document.querySelector(".swatch")).backgroundColor.match(/\\d+/g).map(Number);
        const canvas = document.querySelector(".chart canvas");
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4)
          if (data[at + 3] > 200 && swatch.every((part, index) => Math.abs(data[at + index] - part) < 12)) count++;
        return count;
    }"""
    )


def wait_for_more(page: Page, pixels: int) -> None:
    """Wait until the first series has more than so many pixels."""
    deadline = time.monotonic() + 30
    while (found := drawn(page)) <= pixels:
        assert time.monotonic() < deadline, f"{found} pixels"
        page.wait_for_timeout(250)


def plot(page: Page) -> FloatRect:
    """Where the lines are, once they are drawn."""
    expect(page.get_by_text("Drag to zoom")).to_be_visible()
    found = page.wait_for_function(
        """() => {
        const chart = document.querySelector(".chart"), over = chart?.querySelector(".u-over");
        if (!over?.offsetWidth || chart.dataset.drawn !== chart.dataset.version) return null;
        const { x, y, width, height } = over.getBoundingClientRect();
        return { x, y, width, height };
    }"""
    )
    box: FloatRect = found.json_value()
    return box


def move(page: Page, name: str, part: float) -> None:
    """Set a cursor to a part of the range by its slider."""
    slider = page.get_by_role("slider", name=name)
    slider.evaluate(
        """(slider, part) => {
        slider.value = Number(slider.min) + part * (slider.max - slider.min);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
    }""",
        part,
    )


def test_live_values_are_drawn_and_written(console: Console, logged: Service) -> None:
    page = console.open(f"{TANK}&last=60")
    row = console.table("Values of the trend").get_by_role("row", name="PLC_1:Tank.level")
    expect(row.locator(".live")).to_have_text(re.compile(r"^[\d.]+"))
    plot(page)
    wait_for_more(page, drawn(page) + 50)


def test_the_past_is_drawn_as_logged(console: Console, logged: Service, begin: dt.datetime) -> None:
    page = console.open(view_of(begin))
    plot(page)
    wait_for_more(page, 800)
    row = console.table("Values of the trend").get_by_role("row", name="memory:Oven")
    expect(row).to_contain_text("°C")


def test_two_cursors_say_the_difference(console: Console, logged: Service, begin: dt.datetime) -> None:
    page = console.open(view_of(begin))
    expect(page.get_by_text("Drag to zoom")).to_be_visible()
    move(page, "A", 700 / LENGTH)
    move(page, "B", 1300 / LENGTH)
    cells = console.table("Values of the trend").get_by_role("row", name="memory:Oven").get_by_role("cell")
    expect(cells.nth(3)).to_have_text("20")
    expect(cells.nth(4)).to_have_text("40")
    expect(cells.nth(5)).to_have_text("20")
    expect(page.locator(".cursors")).to_contain_text("Δ")
    page.get_by_role("button", name="Remove the cursors").click()
    expect(cells.nth(5)).to_have_text("")


def test_cursors_move_by_keys_and_by_clicks(console: Console, logged: Service, begin: dt.datetime) -> None:
    page = console.open(view_of(begin))
    box = plot(page)
    page.get_by_role("slider", name="A").press("ArrowRight")
    expect(page.get_by_role("slider", name="A")).not_to_have_attribute("aria-valuetext", "not set")
    page.locator(".u-over").click(position={"x": box["width"] / 2, "y": 50})
    cells = console.table("Values of the trend").get_by_role("row", name="memory:Oven").get_by_role("cell")
    expect(cells.nth(3)).to_have_text("40")
    page.locator(".u-over").click(position={"x": box["width"] / 4, "y": 50}, modifiers=["Shift"])
    expect(cells.nth(4)).to_have_text("20")


def test_dragging_zooms_and_escape_widens(console: Console, logged: Service, begin: dt.datetime) -> None:
    page = console.open(view_of(begin))
    box = plot(page)
    shown = range_of(page)
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 120, steps=5)
    page.mouse.up()
    first, last = range_of(page, before=shown)
    assert first == pytest.approx(begin.timestamp() + LENGTH / 4, abs=LENGTH / 50)
    assert last == pytest.approx(begin.timestamp() + LENGTH / 2, abs=LENGTH / 50)
    page.keyboard.press("Escape")
    wider = range_of(page, before=(first, last))
    assert wider[1] - wider[0] == pytest.approx(2 * (last - first), rel=0.01)
    assert sum(wider) == pytest.approx(first + last, abs=2)


def test_the_range_goes_along_to_the_alarms(console: Console, logged: Service, begin: dt.datetime) -> None:
    page = console.open(view_of(begin))
    shown = range_of(page)
    page.get_by_role("button", name="Later").click()
    first, _ = range_of(page, before=shown)
    assert first == pytest.approx(begin.timestamp() + LENGTH / 2, abs=1)
    page.locator("nav.rail").get_by_role("link", name="Alarms").click()
    page.wait_for_url(re.compile("#/alarms"))
    assert range_of(page)[0] == first
    page.go_back()
    page.wait_for_url(re.compile("#/trends"))
    page.get_by_role("button", name="Live", exact=True).click()
    expect(page.get_by_label("Range", exact=True).locator("option:checked")).to_have_text("Last 15 min")


def test_aggregates_are_those_of_the_history(console: Console, logged: Service, begin: dt.datetime) -> None:
    page = console.open(view_of(begin))
    with page.expect_request(lambda request: "aggregate=Maximum" in request.url) as sent:
        page.get_by_role("combobox", name="Values").select_option("Maximum")
    assert "interval=7.2" in sent.value.url
    move(page, "A", 0.5)
    row = console.table("Values of the trend").get_by_role("row", name="memory:Oven")
    expect(row).to_contain_text("Maximum")
    expect(row.get_by_role("cell").nth(3)).to_have_text("40")


def test_many_values_are_drawn_as_their_means(console: Console, logged: Service, begin: dt.datetime) -> None:
    logged.send("PUT", "runtime/tags/memory:Fast", {"dataType": "Real", "initialValue": 0})
    logged.send("POST", "runtime/logging", {"tag": "memory:Fast"})
    for part in range(6):
        values = [
            {"value": second % 2, "time": (begin + dt.timedelta(seconds=second / 2)).isoformat()}
            for second in range(part * 1000, part * 1000 + 1000)
        ]
        logged.send("POST", "runtime/history/actions/insert", {"tag": "memory:Fast", "values": values})
    page = console.open(view_of(begin).replace("memory:Oven", "memory:Fast"))
    row = console.table("Values of the trend").get_by_role("row", name="memory:Fast")
    expect(row).to_contain_text("Average")
    move(page, "A", 0.5)
    expect(row.get_by_role("cell").nth(3)).to_have_text(re.compile(r"^0\.\d+$"))


def test_the_period_before_is_compared(console: Console, logged: Service, begin: dt.datetime) -> None:
    page = console.open(view_of(begin + dt.timedelta(seconds=LENGTH)))
    plot(page)
    alone = drawn(page)
    with page.expect_response(lambda answer: f"from={stamp(begin)[:13]}" in answer.url):
        page.get_by_label("With the period before").check()
    wait_for_more(page, alone + 100)


def test_a_tag_that_is_not_logged_offers_it(console: Console, logged: Service) -> None:
    page = console.open("trends?tag=PLC_1:Tank.hot&last=60")
    row = console.table("Values of the trend").get_by_role("row", name="PLC_1:Tank.hot")
    row.get_by_role("button", name="Log this tag").click()
    expect(row).to_contain_text("yes")
    assert "PLC_1:Tank.hot" in [each["tag"] for each in logged.send("GET", "runtime/logging")["series"]]
    expect(page.get_by_role("button", name="Log this tag")).to_have_count(0)


def test_tags_are_added_and_removed(console: Console, logged: Service) -> None:
    page = console.open("trends")
    expect(page.get_by_text("Choose tags")).to_be_visible()
    for tag in ("PLC_1:Tank.level", "memory:Oven"):
        page.get_by_role("combobox", name="Tag").fill(tag)
        page.get_by_role("button", name="Add").click()
    rows = console.table("Values of the trend").get_by_role("row")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Remove PLC_1:Tank.level").click()
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile(r"tag=memory%3AOven"))


def test_a_trend_has_at_most_16_tags(console: Console, logged: Service) -> None:
    tags = "&".join(f"tag=PLC_1:Tank.many[{index}]" for index in range(20))
    page = console.open(f"trends?{tags}&last=60")
    expect(console.table("Values of the trend").get_by_role("row")).to_have_count(17)
    expect(page.get_by_text("at most 16 tags")).to_be_visible()


def test_alarms_of_the_time_are_marks_and_text(console: Console, logged: Service) -> None:
    logged.send("PUT", "runtime/tags/memory:Full", {"dataType": "Bool", "initialValue": False})
    logged.send("PUT", "runtime/tags/memory:Full/value", {"value": False})
    body = {"name": "Full", "tag": "memory:Full", "trigger": "bit", "priority": 900, "texts": {"en-US": "It is full"}}
    logged.send("POST", "runtime/alarm-definitions", body)
    logged.send("PUT", "runtime/tags/memory:Full/value", {"value": True})
    page = console.open("trends?tag=memory:Full&last=300")
    page.get_by_text("alarms were raised in this range").click()
    expect(page.get_by_role("link", name="It is full").first).to_have_attribute(
        "href", re.compile("alarms.*tab=journal")
    )


def test_the_values_are_saved_as_csv(console: Console, logged: Service, begin: dt.datetime, tmp_path: Path) -> None:
    page = console.open(view_of(begin))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as CSV").click()
    waiting.value.save_as(tmp_path / "history.csv")
    lines = (tmp_path / "history.csv").read_text("utf-8").splitlines()
    assert len(lines) == 1 + len(STEPS)
    assert all("memory:Oven" in line for line in lines[1:])


AXES = """async series => {
  const { axesOf } = await import("./parts/values/series.js");
  return axesOf(series.map(([dataType, unit, ...y]) => ({ dataType, unit, points: { x: y.map((_, index) => index), y } })));
}"""


def test_series_share_at_most_three_axes(console: Console, logged: Service) -> None:
    page = console.open("api")
    found = page.evaluate(
        AXES, [["Bool", "", 0, 1], ["Real", "°C", 90], ["Int", "", 2, 3], ["DInt", "", 5e7], ["Real", "°C", 1]]
    )
    assert found["names"] == ["0 / 1", "°C", "~1"]
    assert found["axis"] == [0, 1, 2, 2, 1]


@pytest.mark.parametrize("view", ["p/Conveyor/PLC_1/watch", "runtime?path=Tank", TANK, "alarms"])
def test_a_narrow_page_needs_no_scrolling_aside(console: Console, logged: Service, view: str) -> None:
    console.page.set_viewport_size({"width": 320, "height": 800})
    page = console.open(view)
    expect(page.locator("main .busy")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_german(console: Console, logged: Service, begin: dt.datetime) -> None:
    page = console.open(view_of(begin), language="de")
    expect(page.get_by_text("Ziehen vergrößert")).to_be_visible()


@needs_axe
def test_axe_finds_nothing(console: Console, logged: Service, begin: dt.datetime) -> None:
    page = console.open(view_of(begin, compare="1"))
    plot(page)
    assert console.violations() == []
