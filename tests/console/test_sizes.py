"""What the console costs: bytes and requests of the first page, of all own code, and of the chunks that load later."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Request

from console import vendoring
from engineering_api.web.pages import console_page
from tests import ROOT
from tests.console.console import Console

FOLDER = ROOT / "console"
FIRST_PAGE = 90_000
FIRST_OWN_CODE = 60_000
ALL_OWN_CODE = 115_000
"""Bytes, gzip, as they are sent: all that the first page loads; the own modules among it; all modules that any view loads."""


def packed(suffix: str) -> int:
    """The size of all own files of a kind, each packed as it is sent."""
    files = (file for file in FOLDER.rglob(f"*{suffix}") if "vendor" not in file.relative_to(FOLDER).parts)
    return sum(len(console_page.read(file, 0).packed) for file in files)


def test_own_code_stays_small() -> None:
    assert packed(".js") <= ALL_OWN_CODE


def test_the_first_page_stays_small(console: Console) -> None:
    loaded: list[Request] = []
    console.page.on("requestfinished", lambda sent: loaded.append(sent))
    page = console.open()
    page.locator(".lamp[data-state=live]").wait_for()
    seconds = page.evaluate("performance.now()") / 1000
    files = [each for each in loaded if "/console/" in each.url]
    sizes = {each.url.rpartition("/console/")[2]: each.sizes()["responseBodySize"] for each in files}
    total = sum(sizes.values())
    print(f"first page: {total} bytes in {len(files)} requests, {seconds:.1f} s until it is live")  # noqa: T201
    print(f"own modules in all: {packed('.js')} bytes")  # noqa: T201
    assert total <= FIRST_PAGE, sizes
    assert sum(size for name, size in sizes.items() if name.endswith(".js") and "vendor" not in name) <= FIRST_OWN_CODE
    assert not any("codemirror" in name or "uplot" in name.lower() for name in sizes)


@pytest.mark.skipif(
    not vendoring.complete(), reason="THE CONSOLE'S PACKAGES WERE NOT WEIGHED: run python3 dev.py console"
)
def test_chunks_of_others_stay_as_they_are() -> None:
    """The editor and the trend load only where they are shown; a new version that is much larger is noticed here."""
    sizes = {"codemirror": 0, "uplot": 0, "first": 0}
    for file in vendoring.VENDOR.rglob("*.*js"):
        name = str(file.relative_to(vendoring.VENDOR)).lower()
        kind = "uplot" if "uplot" in name else "first" if "preact" in name or "htm" in name else "codemirror"
        sizes[kind] += len(gzip.compress(file.read_bytes(), mtime=0))
    print(sizes)  # noqa: T201
    assert sizes["first"] <= 13_000
    assert sizes["uplot"] <= 25_000
    assert sizes["codemirror"] <= 150_000
