"""What a test does with the console: log in, open a view, read and change the service behind it, ask axe."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests import ROOT
from tests.support.service import CPU, FIRMWARE, KEY

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Dialog, Error, Locator, Page, ViewportSize

WATCH = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`POLICY ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`));
"""
EXPECTED = "Failed to load resource: the server responded with a status of"
"""A refusal of the service, which the browser notes as an error; the tests look at what the page says of it."""
AXE_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
AUDIT = """async ([theme, rules]) => {
  const former = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = theme;
  const result = await axe.run(document, rules);
  if (former) document.documentElement.dataset.theme = former;
  else delete document.documentElement.dataset.theme;
  return JSON.stringify(result.violations);
}"""
AXE = ROOT / "build" / "clients" / "node" / "node_modules" / "axe-core" / "axe.min.js"
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="AXE WAS NOT RUN: run python3 dev.py clients")
SECONDS = 15
SIZE: ViewportSize = {"width": 1280, "height": 900}
BARE = "/console/icon.svg"
"""A page of the console's address that runs no program."""


@dataclass
class Service:
    """The server behind the console."""

    address: str
    http: httpx.Client
    folder: Path

    def send(self, method: str, path: str, body: Any = None, key: str = KEY, **query: Any) -> Any:
        """The data of an answer, which must be a success; a job is waited for."""
        headers = {"X-API-Key": key, "Prefer": "wait=60"}
        answer = self.http.request(method, f"/api/v2/{path}", json=body, params=query, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def create_project(self, name: str = "Conveyor", plc: str = "PLC_1") -> None:
        """Make a project with a PLC, in the place of the open one."""
        if self.send("GET", "projects"):
            self.send("POST", "projects/actions/close-sync", {"discard": True})
        self.send("POST", "projects/actions/create-sync", {"name": name})
        self.send("POST", "projects/devices/actions/add-sync", {"orderNumber": CPU, "version": FIRMWARE, "name": plc})

    def generate(self, source: str, plc: str = "PLC_1", name: str = "source.scl") -> None:
        """Generate blocks from a source."""
        body = {"name": name, "content": source}
        self.send("POST", f"devices/{plc}/external-sources/from-text", body)
        self.send("POST", f"devices/{plc}/external-sources/{name}/generate", {})


class Console:
    """A page of the console."""

    def __init__(self, tab: Page, service: Service) -> None:
        self.service = service
        self.context = tab.context
        self.faults: list[str] = []
        self.page = tab
        self._begin()
        self.listeners = {"console": self._note, "pageerror": self._fail}
        for event, listener in self.listeners.items():
            self.page.on(event, listener)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED):
            self.faults.append(message.text)

    def _fail(self, error: Error) -> None:
        self.faults.append(str(error))

    def _accept(self, question: Dialog) -> None:
        question.accept()

    def leave(self) -> None:
        """Leave the tab to the next test, which goes on with its network and sees no page of this one."""
        self.context.set_offline(False)
        self.page.unroute_all()
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)

    def _begin(self) -> None:
        """Have a tab of the usual size that shows and stores nothing; a page that would ask whether to leave it is left."""
        self.page.on("dialog", self._accept)
        self.page.set_viewport_size(SIZE)
        self.page.goto(f"{self.service.address}{BARE}")
        self.page.remove_listener("dialog", self._accept)
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.context.clear_cookies()

    def log_in(self, key: str = KEY) -> None:
        """Have a login of the tab, as after a login that is kept."""
        if self.page.url != f"{self.service.address}{BARE}":
            self.page.goto(f"{self.service.address}{BARE}")
        self.page.evaluate("key => sessionStorage.setItem('console.login', JSON.stringify({key}))", key)

    def open(self, view: str = "", *, key: str = KEY, language: str = "en") -> Page:
        """Open a view by its address behind the #, logged in; wait until the page has its heading."""
        self.log_in(key)
        self.page.evaluate("language => localStorage.setItem('console.language', language)", language)
        self.page.goto(f"{self.service.address}/console/#/{view}")
        self.page.locator("main h1").first.wait_for()
        return self.page

    def table(self, label: str) -> Locator:
        """A table by its caption."""
        return self.page.get_by_role("table", name=label)

    def violations(self) -> list[str]:
        """What axe finds in the page as it is, in the light and in the dark: theme, rule, and where."""
        if self.page.evaluate("typeof axe") == "undefined":
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        return [
            f"{theme}: {each['id']}: {node['target']} {node['failureSummary']}"
            for theme in ("light", "dark")
            for each in json.loads(self.page.evaluate(AUDIT, [theme, AXE_RULES]))
            for node in each["nodes"]
        ]
