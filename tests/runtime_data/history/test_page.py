"""The page about history tells the truth; the benchmark runs."""

from __future__ import annotations

import json
import re

from runtime_data.history import answers, buffer, history
from runtime_data.history.aggregates import MODES
from runtime_data.history.answers import _of_hours
from runtime_data.history.model import DAY, HOUR, Hour, Series
from runtime_data.native import history_export, runtime_history_operations
from tests.support.pages import Page
from tests.support.service import Client

PAGE = Page("runtime/history.md")
TEXT = " ".join(PAGE.text.split())


def test_the_page_lists_all_modes_and_formats() -> None:
    assert re.findall(r"^\| `([A-Z]\w+)` \|", PAGE.text, re.MULTILINE) == list(MODES)
    assert re.findall(r"^\| `([a-z]+)` \| [^|]*\|$", PAGE.text, re.MULTILINE) == list(history_export.FORMATS)


def test_the_page_lists_the_modes_that_hours_answer() -> None:
    hours = [Hour(0, 1.0, 3.0, 2.0, 5, HOUR)]
    answered = {mode for mode in MODES if _of_hours(hours, mode, HOUR) is not None}
    (listed,) = re.findall(r"\n- (.*?) are calculated from them", TEXT.replace(" - `Average`", "\n- `Average`"))
    assert set(re.findall(r"`(\w+)`", listed)) == answered


def test_the_limits_of_the_page_are_those_of_the_service() -> None:
    for what, most in {
        "values of one answer": f"{history.MOST_SAMPLES:,}",
        "intervals of one answer": f"{history.MOST_BUCKETS:,}",
        "values that one aggregate reads": f"{answers.SCANNED:,}",
        "tags of one table or export": str(runtime_history_operations.MOST_TAGS),
    }.items():
        assert f"| {what} | {most} |" in TEXT
    assert history.LONGEST // DAY == 3660
    assert f"At most {history.MOST_SERIES:,} series" in TEXT and f"up to {buffer.LARGEST:,} values wait" in TEXT
    assert buffer.PERIOD == 1.0
    usual = Series("a:b")
    assert (usual.mode, usual.period, usual.deadband, usual.keep) == ("change", 0.5, 0.0, 365)


def test_the_requests_of_the_page_work(client: Client) -> None:
    shown = re.findall(r"^    (GET|POST) (/api\S+)(?:\n    (\{.*\}))?$", PAGE.text, re.MULTILINE)
    assert [path.partition("?")[0] for _, path, _ in shown] == [
        "/api/runtime/logging",
        "/api/runtime/history",
        "/api/runtime/history/actions/insert",
    ]
    for method, path, body in shown:
        client.ok(method, path, json.loads(body) if body else None)
