"""Log lines: one for one thing, with the request's id, and nothing that a client sends makes another."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.observability import logs
from engineering_api.observability.logs import bound, configure, formatter, plain
from tests.support.faults import Plant
from tests.support.service import Client, settings


@pytest.fixture
def restored() -> Iterator[None]:
    """The root logger as it was before."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    root.handlers.clear()
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord("part", logging.WARNING, __file__, 1, message, args, info)


@given(st.text(), st.text(max_size=20))
def test_no_text_makes_another_line(text: str, caller: str) -> None:
    with bound(caller=caller):
        for form in ("json", "console"):
            line = formatter(form).format(record("name %s", text))
            assert len(line.splitlines()) == 1
            assert "\x1b" not in line
    if form == "json":
        assert json.loads(line)["event"] == f"name {text}"


@given(st.text())
def test_what_is_printable_stays(text: str) -> None:
    assert plain(text).isprintable()
    assert (plain(text) == text) is text.isprintable()


def test_a_traceback_cannot_be_forged() -> None:
    try:
        raise ValueError("bad\n2026-01-01 INFO engineering_api.app: the key was changed")
    except ValueError as error:
        lines = formatter("console").format(record("It failed", error=error)).splitlines()
        parsed = json.loads(formatter("json").format(record("It failed", error=error)))
    assert len(lines) > 3
    assert all(line.startswith("  | ") for line in lines[1:])
    assert "the key was changed" in parsed["exception"]
    assert (parsed["level"], parsed["logger"]) == ("warning", "part")


def test_lines_go_to_a_file_too(tmp_path: Path, restored: None) -> None:
    file = tmp_path / "logs" / "service.log"
    configure(settings(tmp_path, log_format="json", log_file=file))
    with bound(request_id="r1", job=""):
        logging.getLogger("engineering_api.part").info("one\ntwo")
    logging.getLogger("apscheduler").info("not this")
    (line,) = file.read_text(encoding="utf-8").splitlines()
    known = json.loads(line)
    assert (known["event"], known["request_id"], known["level"]) == ("one\ntwo", "r1", "info")
    assert "job" not in known


def test_a_request_has_an_id(client: Client) -> None:
    given_id = client.http.get("/api/health/ping", headers={"X-Request-Id": "build-17.3"})
    assert given_id.headers["X-Request-Id"] == "build-17.3"
    for forged in ("a b", "x" * 65, "a\x1b[31m", ""):
        answer = client.http.get("/api/health/ping", headers={"X-Request-Id": forged})
        assert answer.headers["X-Request-Id"] != forged
        assert len(answer.headers["X-Request-Id"]) == 32


def test_slow_and_failed_requests_are_logged_and_no_others(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    name = "engineering_api.observability.requests"
    caplog.set_level(logging.INFO, name)

    def lines() -> list[tuple[str, object]]:
        return [(each.getMessage(), each.__dict__["operation"]) for each in caplog.records if each.name == name]

    service = client.http.app.state.service
    client.ok("GET", "/api/health/ping")
    client.refused(404, "route.not_found", "GET", "/nowhere")
    assert lines() == []
    service.settings.slow_limit = 1e-9
    client.http.get("/api/health/ping?token=of-the-query")
    assert lines() == [("Request was slow: GET /api/health/ping", "health.ping")]
    service.settings.slow_limit = 0
    service.portals.instances = lambda: 1 // 0
    client.refused(500, "internal", "GET", "/api/health")
    assert lines()[1:] == [("Request failed: GET /api/health", "health.health")]


def test_what_is_logged_on_a_portals_thread_has_the_requests_id(plant: Plant) -> None:
    lines: list[dict[str, str]] = []
    handler = logging.Handler()
    handler.emit = lambda each: lines.append(json.loads(formatter("json").format(each)))
    log = logging.getLogger("tests.portal")
    log.addHandler(handler)
    plant.with_plc()
    plant.faults.at("Create", lambda: log.warning("on the thread"), of="PlcTagTableComposition")
    try:
        answer = plant.client.http.post(
            "/api/devices/PLC_1/tag-tables", json={"name": "Line"}, headers={"X-Request-Id": "r-77"}
        )
    finally:
        log.removeHandler(handler)
    assert answer.status_code == 200
    (line,) = lines
    assert (line["request_id"], line["operation"], line["caller"]) == ("r-77", "tag_tables.create", "api-key")
