"""A browser, a server and a tab for each module, and a page for each test.

A violation of the policy, or an error in the page's log, fails the test. The browser keeps the files of the console between
the tests of a module, and nothing that a page stored.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from console import vendoring
from tests import ROOT
from tests.console.console import SECONDS, SIZE, WATCH, Console, Service
from tests.console.plant import start
from tests.support.servers import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def missing() -> str:
    """What is not here, and how to get it; empty where all is there."""
    if not CHROMIUM:
        return "Chromium is not installed (Debian: apt-get install chromium)"
    return "" if vendoring.complete() else "the console's packages are missing: run python3 dev.py console"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of a module; while it runs, this thread has an event loop."""
    if reason := missing():
        pytest.skip(f"THE CONSOLE WAS NOT TESTED: {reason}")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=SECONDS * 1000)

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield found
        finally:
            found.close()


@pytest.fixture(scope="module")
def service(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server of its own for the tests of a module."""
    folder = tmp_path_factory.mktemp("console")
    with serving(folder, TIA_WEBHOOK_HOSTS="127.0.0.1") as address, httpx.Client(base_url=address, timeout=60) as http:
        yield Service(address, http, folder)


@pytest.fixture(scope="module")
def context(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    """The user's profile for the tests of a module."""
    made = browser.new_context(viewport=SIZE, locale="en-GB", reduced_motion="reduce")
    made.grant_permissions(["clipboard-read", "clipboard-write"], origin=service.address)
    made.set_default_timeout(SECONDS * 1000)
    made.add_init_script(WATCH)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def browser_tab(context: BrowserContext) -> Page:
    """The tab for the tests of a module: a new one for each takes longer than most tests."""
    return context.new_page()


@pytest.fixture
def console(browser_tab: Page, service: Service) -> Iterator[Console]:
    """The console, in a tab that has no page and stores nothing."""
    shown = Console(browser_tab, service)
    try:
        yield shown
        assert shown.faults == []
    finally:
        shown.leave()


@pytest.fixture
def pictures() -> Path:
    """The folder of the documentation's pictures."""
    return ROOT / "docs" / "pictures"


@pytest.fixture(scope="module")
def plant(service: Service) -> Service:
    """The server of the module, with a program that runs in a simulated PLC."""
    return start(service)
