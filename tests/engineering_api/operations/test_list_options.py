"""Lists are filtered, sorted and paged by the same parameters, whichever list it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.operations.selection import select
from tests.support.service import Client

TAGS = "/api/devices/PLC_1/tags/all"
ROWS = [("Start", "Bool", "%I0.0"), ("stop", "Bool", "%I0.1"), ("Speed", "Int", "%IW2"), ("Level", "Real", "%ID4")]


@pytest.fixture
def tags(plc: Client) -> Client:
    for name, kind, address in ROWS:
        plc.ok("POST", "/api/devices/PLC_1/tags", {"name": name, "dataType": kind, "logicalAddress": address})
    return plc


def names(client: Client, **query: Any) -> list[str]:
    return [tag["name"] for tag in client.ok("GET", TAGS, None, **query)]


def test_without_parameters_a_list_is_as_it_was(tags: Client) -> None:
    assert names(tags) == ["Start", "stop", "Speed", "Level"]


@pytest.mark.parametrize(
    ("condition", "chosen"),
    [
        ("dataType=bool", ["Start", "stop"]),
        ("dataType!=Bool", ["Speed", "Level"]),
        ("name~s*", ["Start", "stop", "Speed"]),
        ("name~s*;dataType=Bool", ["Start", "stop"]),
        ("LEVEL", ["Level"]),
        ("logicalAddress~%I?.1", ["stop"]),
        ("externalVisible=true", ["Start", "stop", "Speed", "Level"]),
        ("externalVisible=false", []),
    ],
)
def test_filter(tags: Client, condition: str, chosen: list[str]) -> None:
    assert names(tags, filter=condition) == chosen


def test_sorting_takes_no_notice_of_case_and_can_descend(tags: Client) -> None:
    assert names(tags, sort="name") == ["Level", "Speed", "Start", "stop"]
    assert names(tags, sort="-name") == ["stop", "Start", "Speed", "Level"]
    assert names(tags, sort="dataType,-name") == ["stop", "Start", "Speed", "Level"]


def test_a_page_says_how_many_there_are(tags: Client) -> None:
    answer = tags.http.get(TAGS, params={"page": 2, "pageSize": 3, "sort": "name"})
    assert [tag["name"] for tag in answer.json()["data"]] == ["stop"]
    assert (answer.headers["X-Total-Count"], answer.headers["X-Page-Count"]) == ("4", "2")
    assert names(tags, page=3, pageSize=3) == []


def test_an_unknown_field_is_refused_with_the_nearest(tags: Client) -> None:
    error = tags.refused(400, "request.unknown_field", "GET", TAGS, None, sort="nmae")
    assert "'name'" in error["message"]
    assert error["place"]["pointer"] == "/sort"


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "x"}, {"pageSize": "100000"}])
def test_a_page_that_is_none_is_refused(tags: Client, query: dict[str, str]) -> None:
    tags.refused(400, "request.wrong_type", "GET", TAGS, None, **query)


def test_an_operations_own_field_goes_first(client: Client) -> None:
    """`filter` of the diagnostic types is the contract's own: a text in the name."""
    found = client.ok("GET", "/api/diagnostic/types", None, filter="PlcBlock", sort="-name")
    assert found
    assert all("plcblock" in entry["fullName"].casefold() for entry in found)


@given(st.lists(st.tuples(st.text(max_size=3), st.one_of(st.none(), st.integers(-5, 5)))), st.integers(1, 4))
def test_pages_together_are_the_whole_list_in_order(rows: list[tuple[str, int | None]], size: int) -> None:
    entries = [{"name": name, "number": number} for name, number in rows]
    gathered: list[Any] = []
    for page in range(1, len(entries) // size + 2):
        selection = select("", dict, {"sort": "number,name", "page": str(page), "pageSize": str(size)})
        assert selection is not None
        gathered += selection.apply(entries)
    whole = select("", dict, {"sort": "number,name"})
    assert whole is not None
    assert gathered == whole.apply(entries)
    assert sorted(map(repr, gathered)) == sorted(map(repr, entries))


def test_a_page_of_jobs_has_their_results(tags: Client) -> None:
    job = tags.http.get(TAGS, headers={"Prefer": "respond-async"}).json()["data"]["jobId"]
    tags.ended(job)
    (entry,) = tags.ok("GET", "/api/jobs", None, filter=f"jobId={job}")
    assert [tag["name"] for tag in entry["result"]] == ["Start", "stop", "Speed", "Level"]
