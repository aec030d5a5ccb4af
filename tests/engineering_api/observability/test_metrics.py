"""Metrics: what is counted, with labels that nobody can make many of; and the page that lists them."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families as parsed

from tests import ROOT
from tests.engineering_api.audit.kit import served
from tests.support.service import Client

PAGE = ROOT / "docs" / "observability.md"


def values(client: Client) -> dict[tuple[str, tuple[str, ...]], float]:
    text = client.http.get("/metrics").text
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in parsed(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_operation_and_status(plc: Client) -> None:
    before = values(plc)
    plc.ok("POST", "/api/devices/PLC_1/tag-tables", {"name": "Line"})
    plc.refused(404, "device.not_found", "GET", "/api/devices/None/tag-tables")
    for name in ("a", "b", "c"):
        assert plc.http.get(f"/nowhere/{name}").status_code == 404
    job = plc.job("POST", "/api/devices/PLC_1/actions/compile")
    after = values(plc)

    def grown(name: str, *labels: str) -> float:
        return after.get((name, labels), 0) - before.get((name, labels), 0)

    assert grown("tia_requests_total", "tag_tables.create", "200") == 1
    assert grown("tia_requests_total", "tag_tables.list_", "404") == 1
    assert grown("tia_requests_total", "other", "404") == 3
    assert grown("tia_request_seconds_count", "tag_tables.create") == 1
    assert grown("tia_jobs", "Completed") == 1
    assert grown("tia_audit_rows_total") >= 4
    assert grown("tia_database_seconds_count") > 4
    assert after["tia_memory_bytes", ()] > 1 << 20
    end = time.monotonic() + 60
    while not values(plc)["tia_loop_lag_seconds_count", ()]:
        assert time.monotonic() < end
    portal = str(plc.ok("GET", "/api/health/details")["portals"][0]["processId"])
    assert after["tia_portal_queue", (portal,)] == 0
    known = {op.name for op in plc.http.app.state.service.catalogue}
    assert {labels[0] for name, labels in after if name == "tia_requests_total"} <= {*known, "other"}
    assert job["jobId"] not in str(after)


def test_metrics_need_a_right_unless_this_computer_may(tmp_path: Path) -> None:
    assert _asked(tmp_path, "127.0.0.1", metrics_local=False) == 401
    assert _asked(tmp_path, "127.0.0.1", metrics_local=True) == 200
    assert _asked(tmp_path, "10.0.0.9", metrics_local=True) == 401
    assert _asked(tmp_path, "127.0.0.1", {"Origin": "http://elsewhere"}, metrics_local=True) in {401, 403}


def _asked(folder: Path, address: str, headers: dict[str, str] | None = None, **given: bool) -> int:
    """The status of an answer to a program at an address that has no key."""
    with served(folder, **given) as client:
        transport = httpx.ASGITransport(client.http.app, client=(address, 50000))

        async def ask() -> int:
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:9000") as http:
                return (await http.get("/metrics", headers=headers)).status_code

        return client.http.blocking_portal.call(ask)


def test_the_page_lists_what_there_is(client: Client) -> None:
    families = {family.name for family in parsed(client.http.get("/metrics").text)}
    listed = set(re.findall(r"^\| `(tia_\w+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {name.removesuffix("_total") for name in listed} == families
