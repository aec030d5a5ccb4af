"""The way of a request through the code is the one that docs/architecture.md shows, and it is short."""

from __future__ import annotations

import re
from itertools import dropwhile
from pathlib import Path

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.structure.tracing import ROOT, traced
from tests.support.service import CPU, FIRMWARE, Client, settings

MOST_BOUNDARIES = 12
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
DEVICE = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
TAG = {"tableName": "Default tag table", "dataType": "Bool"}
CHANGE = ("POST", "/api/devices/PLC_1/tags", TAG | {"name": "Start"})
READ = ("GET", "/api/devices/PLC_1/tag-tables/Default%20tag%20table/tags", None)
NOT_OF_CHANGES = {"web/kept_answers.py"}
NOT_OF_READS = {"web/bodies.py", "execution/steps/record.py", "execution/steps/hold.py"}
OPERATIONS = "features/tags/tags_operations.py"


def way() -> list[str]:
    """The files of the page's table, in order."""
    table = PAGE.partition("## The way of a request")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([\w/]+\.py)` \|", table, re.MULTILINE)


def entered(folder: Path, request: tuple[str, str, dict[str, str] | None], function: str) -> list[str]:
    """The files of the service that a request enters, each once, until its operation runs."""
    with traced(f"{OPERATIONS}:{function}") as trace, TestClient(create_app(settings(folder))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        client.ok("POST", "/api/projects/devices/actions/add-sync", DEVICE)
        trace.on = True
        client.ok(*request)
    assert not trace.on, "the operation did not run"
    files = (file for _, file, _ in trace.crossings)
    return list(dict.fromkeys(dropwhile(lambda file: file != way()[0], files)))  # the request before may still end


@pytest.mark.parametrize(
    ("request_", "function", "left_out"),
    [(CHANGE, "add", NOT_OF_CHANGES), (READ, "list_", NOT_OF_READS)],
    ids=["change", "read"],
)
def test_a_request_goes_the_way_of_the_page(
    tmp_path: Path, request_: tuple[str, str, dict[str, str] | None], function: str, left_out: set[str]
) -> None:
    expected = [file for file in way() if file not in left_out]
    assert [file for file in entered(tmp_path, request_, function) if file in way()] == expected


def test_the_way_is_short() -> None:
    assert way()[-1] == OPERATIONS
    assert len(set(way()) - NOT_OF_CHANGES) - 1 <= MOST_BOUNDARIES
    assert len(set(way()) - NOT_OF_READS) - 1 <= MOST_BOUNDARIES
