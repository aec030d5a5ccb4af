"""Access, audit, pipelines, integrations and the assistant."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.console.console import Console, needs_axe

pytestmark = pytest.mark.slow

PIPELINE = {
    "name": "Build",
    "description": "Saves the project.",
    "steps": [
        {"name": "Save", "action": "projects.save"},
        {"name": "Break", "action": "devices.get", "params": {"deviceName": "Nothing"}},
    ],
}


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[dict[str, object]]]]:
    """A receiver of webhooks on this computer, and what it got."""
    got: list[dict[str, object]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", got
        server.shutdown()


def test_a_key_is_made_shown_once_used_and_revoked(console: Console) -> None:
    page = console.open("access")
    page.get_by_role("button", name="Create an API key").click()
    page.get_by_label("Name", exact=True).fill("Line 3 build")
    page.get_by_label("Right").select_option("engineer")
    page.get_by_role("button", name="Create", exact=True).click()
    key = page.get_by_role("dialog", name="The key").locator("pre").inner_text()
    page.keyboard.press("Escape")
    assert console.service.send("GET", "auth/me", key=key)["right"] == "engineer"
    row = console.table("API keys").get_by_role("row", name="Line 3 build")
    row.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("dialog")).to_contain_text("refused from now on")
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)
    answer = console.service.http.get("/api/v2/auth/me", headers={"X-API-Key": key})
    assert answer.status_code == 401


def test_a_user_is_made_and_disabled(console: Console) -> None:
    page = console.open("access?tab=users")
    page.get_by_role("button", name="Create a user").click()
    page.get_by_label("User name").fill("olga")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("12")
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Create", exact=True).click()
    row = console.table("Users").get_by_role("row", name="olga")
    expect(row).to_contain_text("enabled")
    row.get_by_role("button", name="Disable").click()
    expect(row).to_contain_text("disabled")
    assert [user["enabled"] for user in console.service.send("GET", "users") if user["name"] == "olga"] == [False]


def test_a_change_is_in_the_audit_log_with_its_state_before_and_after(console: Console) -> None:
    console.service.create_project("Audited")
    table = {"name": "Motors"}
    console.service.send("POST", "devices/PLC_1/tag-tables/actions/create-sync", table)
    page = console.open("audit?operation=tag_tables.create")
    page.get_by_role("button", name="tag_tables.create").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("ins").filter(has_text="Motors").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Check the log").click()
    expect(page.get_by_text("The log is complete")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    assert "tag_tables.create" in download.value.path().read_text("utf-8")


def test_a_pipeline_runs_and_shows_where_it_failed(console: Console) -> None:
    console.service.create_project("Piped")
    console.service.send("POST", "pipelines", PIPELINE)
    page = console.open("pipelines")
    console.table("Pipelines").get_by_role("link", name="Build").click()
    page.get_by_role("button", name="Run", exact=True).click()
    steps = page.locator("ol.steps > li")
    expect(steps.nth(0)).to_contain_text("completed")
    expect(steps.nth(1)).to_contain_text("failed")
    expect(steps.nth(1).get_by_role("alert")).to_contain_text("device.not_found")
    expect(console.table("Executions").get_by_role("row", name="Build")).to_contain_text("failed")


def test_a_pipeline_with_errors_is_not_saved(console: Console) -> None:
    console.service.send("POST", "pipelines", PIPELINE)
    page = console.open("pipelines/Build")
    page.locator("summary", has_text="Edit").click()
    text = page.get_by_label("The pipeline as JSON")
    text.fill(text.input_value().replace("projects.save", "projects.safe"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("/steps/0/action")
    assert console.service.send("GET", "pipelines/Build")["steps"][0]["action"] == "projects.save"
    text.fill(text.input_value().replace("projects.safe", "projects.save").replace("Saves the", "Keeps the"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Keeps the project.", exact=True)).to_be_visible()


def test_a_pipeline_is_made_from_a_template(console: Console) -> None:
    page = console.open("pipelines")
    page.locator("section.card").first.get_by_role("button", name="Use").click()
    page.get_by_label("Name", exact=True).fill("Mine")
    for field in page.get_by_role("dialog").locator("input[required]").all()[1:]:
        if not field.input_value():
            field.fill("PLC_1")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pipeline Mine")


def test_a_webhook_is_added_tried_and_its_delivery_shown(
    console: Console, receiver: tuple[str, list[dict[str, object]]]
) -> None:
    address, got = receiver
    page = console.open("integrations")
    page.get_by_role("button", name="Add a webhook").click()
    page.get_by_label("Address").fill(address)
    page.get_by_label("Secret").fill("a secret of sixteen letters")
    page.get_by_role("button", name="Create", exact=True).click()
    row = console.table("Webhooks").get_by_role("row", name=address)
    row.get_by_role("button", name="Send a test event").click()
    expect(page.get_by_role("dialog").get_by_role("row", name="webhook.ping")).to_contain_text("Delivered")
    assert [each["event"] if "event" in each else each.get("kind") for each in got] == ["webhook.ping"]


def test_servers_are_listed_with_their_state(console: Console) -> None:
    page = console.open("integrations?tab=servers")
    for name in ("opcua", "s7", "webapi"):
        expect(
            page.locator("section.card").filter(has=page.get_by_role("heading", name=name, exact=True))
        ).to_contain_text("off")


def test_the_assistant_without_a_model_says_what_is_missing(console: Console) -> None:
    page = console.open("assistant")
    page.get_by_label("Message").fill("Which blocks are there?")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("alert").or_(page.locator("[data-role=assistant]")).first).to_be_visible()


def test_an_action_is_copied_for_curl_tia_and_python(console: Console) -> None:
    console.service.send("POST", "pipelines", PIPELINE)
    page = console.open("pipelines/Build")
    page.get_by_role("main").get_by_role("button", name="Copy as").first.click()
    texts = page.get_by_role("dialog").locator("pre")
    expect(texts).to_have_count(3)
    curl, tia, python = texts.all_inner_texts()
    assert curl.startswith(f"curl -X POST {console.service.address}/api/v2/pipelines/Build/run")
    assert tia == "tia api pipelines.run -f name=Build"
    assert 'tia.submit("pipelines.run", name="Build")' in python


def test_the_pages_speak_german(console: Console) -> None:
    page = console.open("access", language="de")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zugriff")
    expect(page.get_by_role("button", name="API-Schlüssel anlegen")).to_be_visible()


@needs_axe
@pytest.mark.parametrize(
    "view",
    [
        "access",
        "access?tab=users",
        "audit",
        "pipelines",
        "pipelines/Build",
        "integrations",
        "integrations?tab=servers",
        "assistant",
    ],
)
def test_axe_finds_nothing(console: Console, view: str) -> None:
    console.service.send("POST", "pipelines", PIPELINE)
    console.open(view)
    console.page.wait_for_timeout(400)
    assert console.violations() == []
