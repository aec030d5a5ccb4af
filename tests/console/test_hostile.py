"""Texts of a project that look like markup, addresses that look like scripts: the console shows them and runs nothing."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.console.console import Console

pytestmark = pytest.mark.slow
MARKUP = "<img src=x onerror=\"console.error('POLICY broken')\"><b>bold</b>"
SOURCE = f"""FUNCTION_BLOCK "Hostile"
TITLE = {MARKUP}
VAR_INPUT start : Bool; // {MARKUP}
END_VAR
BEGIN
  // {MARKUP}
  IF #start THEN ; END_IF;
END_FUNCTION_BLOCK
"""


def test_texts_of_a_program_become_no_markup(console: Console) -> None:
    console.service.create_project("Hostile")
    console.service.generate(SOURCE)
    tag = {"name": "Valve", "dataType": "Bool", "address": "%M0.0", "comment": MARKUP}
    console.service.send("POST", "devices/PLC_1/tag-tables/Default%20tag%20table/tags", tag)
    console.service.send(
        "POST", "pipelines", {"name": "P", "description": MARKUP, "steps": [{"name": "S", "action": "health.ping"}]}
    )
    for view in (
        "p/Hostile/PLC_1/tags",
        "p/Hostile/PLC_1/blocks/Hostile?tab=interface",
        "p/Hostile/PLC_1/blocks/Hostile?tab=code",
        "pipelines/P",
    ):
        page = console.open(view)
        expect(page.get_by_role("main").get_by_text("onerror").first).to_be_visible()
        assert page.locator("main img, main b").count() == 0, view


@pytest.mark.parametrize(
    "view",
    [
        f"jobs/{quote(MARKUP, safe='')}",
        "jobs/javascript:alert(1)",
        f"p/{quote(MARKUP, safe='')}/PLC_1/blocks/%2e%2e%2f%2e%2e",
    ],
)
def test_addresses_run_nothing_and_reach_no_other_route(console: Console, view: str) -> None:
    asked: list[str] = []
    console.page.on("request", lambda sent: asked.append(sent.url))
    page = console.open(view)
    page.wait_for_timeout(300)
    assert page.locator("main img").count() == 0
    assert all(url.startswith(console.service.address) for url in asked)


def test_no_other_page_may_show_the_console_in_a_frame(console: Console) -> None:
    page = console.page
    page.goto(f"{console.service.address}/swagger")
    answer = console.service.http.get("/console/")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "set-cookie" not in answer.headers
