"""Answers as XML and CSV, and requests as XML: one rule, and its inverse."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.web.forms.representation import from_xml, to_csv, to_xml
from openness_bridge.errors import Problem
from tests.support.service import Client

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TEXTS = st.text(st.characters(codec="utf-8"))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
KEYS = TEXTS | st.sampled_from(["item", "entry", "response", "name", "type", "xml", "a.b", "1", ""])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


@given(VALUES)
def test_xml_is_read_back_as_it_was_written(value: Any) -> None:
    assert from_xml(to_xml(value)) == value


def plain(element: Any) -> Any:
    """What Python's own parser makes of a document, by the words of the rule."""
    if element.get(NIL) == "true":
        return None
    match element.get("type"):
        case "list":
            return [plain(each) for each in element]
        case "number" | "boolean" | "json":
            return json.loads(element.text)
        case "object":
            return {each.get("name", each.tag): plain(each) for each in element}
    return {each.get("name", each.tag): plain(each) for each in element} or (element.text or "")


NAMES = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_.\-]{0,8}", fullmatch=True).filter(lambda name: name != "entry")


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=20))
def test_another_parser_reads_the_same(value: Any) -> None:
    assert plain(ET.fromstring(to_xml(value))) == value  # noqa: S314 - its own document


@given(st.lists(st.dictionaries(NAMES, SCALARS, min_size=1), min_size=1))
def test_csv_has_each_key_once(rows: list[dict[str, Any]]) -> None:
    header, *lines = csv.reader(io.StringIO(to_csv(rows).decode(), newline=""))
    assert sorted(header) == sorted({key for row in rows for key in row}) and len(lines) == len(rows)
    for row, line in zip(rows, lines, strict=True):
        for key, cell in zip(header, line, strict=True):
            value = row.get(key)
            if isinstance(value, str):
                assert cell in {value, f"'{value}"}
            else:
                assert cell == ("" if value is None else json.dumps(value)) or json.loads(cell) == value


def test_spreadsheets_run_no_cell() -> None:
    assert to_csv([{"name": "=1+1"}]).decode().splitlines()[1] == "'=1+1"


@pytest.mark.parametrize(
    "text",
    [
        "<a>",
        "<!DOCTYPE a><a/>",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<a type="number">1,5</a>',
        '<a type="thing">1</a>',
        "<a><b/><b/></a>",
        "",
        "<a>" * 300 + "</a>" * 300,
    ],
)
def test_other_xml_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        from_xml(text.encode())
    assert refused.value.code == "request.malformed_xml"


def test_lists_and_texts_need_no_type() -> None:
    assert from_xml(b"<r><item>1</item><item>2</item></r>") == ["1", "2"]
    assert from_xml(b"<r><name>Tank &lt;1&gt;</name><deep><x/></deep></r>") == {"name": "Tank <1>", "deep": {"x": ""}}


@pytest.mark.parametrize("how", [{"headers": {"Accept": "application/xml"}}, {"params": {"format": "xml"}}])
def test_answers_as_xml(client: Client, how: dict[str, Any]) -> None:
    answer = client.http.get("/api/health", **how)
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    found, wanted = from_xml(answer.content), client.http.get("/api/health").json()
    assert found["data"].keys() == wanted["data"].keys() and found["success"] is True
    refused = client.http.get("/api/jobs/none", **how)
    assert refused.status_code == 404 and from_xml(refused.content)["error"]["code"] == "job.not_found"
    assert from_xml(client.http.get("/api/nothing", **how).content)["error"]["code"] == "route.not_found"


def test_a_list_as_csv(client: Client) -> None:
    wanted = client.ok("GET", "/api/command/list", pageSize=3)
    answer = client.http.get("/api/command/list", params={"pageSize": 3}, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8" and "Accept" in answer.headers["vary"]
    assert len(list(csv.DictReader(io.StringIO(answer.text)))) == len(wanted if isinstance(wanted, list) else [wanted])
    refused = client.http.get("/api/jobs/none", params={"format": "csv"})
    assert refused.json()["error"]["code"] == "job.not_found"


@pytest.mark.parametrize(
    "accepted",
    [
        "*/*",
        "application/json",
        "application/json, application/xml;q=0.5",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/xml;q=0",
        "text/plain",
    ],
)
def test_json_is_usual(client: Client, accepted: str) -> None:
    assert client.http.get("/api/health", headers={"Accept": accepted}).json()["success"] is True


def test_requests_as_xml(client: Client) -> None:
    def post(content: str) -> Any:
        headers = {"Content-Type": "application/xml"}
        return client.http.post("/api/projects/actions/create-sync", content=content, headers=headers)

    made = post("<request><name>Plant</name></request>")
    assert made.status_code == 200 and made.json()["data"]["name"] == "Plant"
    assert post("<!DOCTYPE a><a/>").json()["error"]["code"] == "request.malformed_xml"
    assert post("<r><nme>Plant</nme></r>").json()["error"]["code"] == "request.unknown_field"
    assert post("<r>Plant</r>").json()["error"]["code"] == "request.not_an_object"
    deep = "<a>" * 100 + "</a>" * 100
    assert post(f"<r><name>{deep}</name></r>").json()["error"]["code"] == "request.too_deep"


def test_a_format_that_there_is_not(client: Client) -> None:
    client.refused(400, "request.wrong_type", "GET", "/api/health", format="yaml")
