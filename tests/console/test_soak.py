"""A long look at values that change: the memory of the page stays, and its process needs less than 30 % of one core.

    python -m pytest -m slow -s tests/console/test_soak.py

TIA_SOAK_SECONDS sets the length, 15 by default; docs/console.md publishes the figures of 600.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.console.console import Console, Service
from tests.support.pace import slowness

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession

SECONDS = float(os.environ.get("TIA_SOAK_SECONDS", "15"))
SAMPLES = 12
WARM_UP = 5_000
GROWTH = 2.0
"""Mebibytes by which the heap may differ between the first and the last third."""
SHARE = 0.30
TAGS = [f"PLC_1:Tank.many[{index}]" for index in range(50)]
COUNT = """async tags => {
  const { hold } = await import("./parts/values/values.js");
  window.counted = 0;
  for (const tag of tags) hold(tag, () => window.counted++);
}"""
VIEWS = {
    "50 rows": "runtime?source=PLC_1&path=Tank.many",
    "16 series": "trends?last=60&" + "&".join(f"tag={tag}" for tag in TAGS[:16]),
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(SECONDS + 600)]


@pytest.mark.parametrize("name", VIEWS)
def test_the_page_keeps_its_memory_and_leaves_the_core(
    browser: Browser, console: Console, plant: Service, name: str
) -> None:
    page = console.page
    page.set_viewport_size({"width": 1280, "height": 3200})
    console.open(VIEWS[name])
    page.wait_for_function("() => [...document.querySelectorAll('.live')].every(each => /\\d/.test(each.textContent))")
    page.evaluate(COUNT, TAGS)
    cdp, system = console.context.new_cdp_session(page), browser.new_browser_cdp_session()
    cdp.send("Performance.enable")
    page.wait_for_timeout(WARM_UP)

    slow = slowness()
    begun, used, painted = time.monotonic(), processor(system), page.evaluate("window.counted")
    heaps = []
    for sample in range(SAMPLES):
        left = begun + SECONDS * (sample + 1) / SAMPLES - time.monotonic()
        page.wait_for_timeout(max(0.0, left * 1000))
        heaps.append(heap(cdp))
    slow, seconds = max(slow, slowness()), time.monotonic() - begun
    share = (processor(system) - used) / seconds
    rate = (page.evaluate("window.counted") - painted) / seconds
    third = SAMPLES // 3
    growth = statistics.median(heaps[-third:]) - statistics.median(heaps[:third])
    print(  # noqa: T201
        f"\n{name}: {seconds:.0f} s, {rate:.0f} values/s, {share:.1%} of one core, heap {heaps[0]:.1f} -> {heaps[-1]:.1f} MiB"
        f" (between thirds {growth:+.2f}), load of the machine {os.getloadavg()[0]:.1f}"
    )
    assert rate > 250, "the values did not change fast enough for this test"
    assert growth < GROWTH
    assert share < SHARE * slow


def processor(system: CDPSession) -> float:
    """The seconds that the processes of pages have computed."""
    found: dict[str, Any] = system.send("SystemInfo.getProcessInfo")
    return sum(each["cpuTime"] for each in found["processInfo"] if each["type"] == "renderer")


def heap(cdp: CDPSession) -> float:
    """The mebibytes that scripts have in use after a garbage collection."""
    cdp.send("HeapProfiler.collectGarbage")
    found = cdp.send("Performance.getMetrics")["metrics"]
    return next(each["value"] for each in found if each["name"] == "JSHeapUsedSize") / 2**20
