"""Bodies, read back by other libraries: what a tag holds never becomes markup, another field or another row."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.files.csv_text import restored_value
from openness_bridge.errors import Problem
from runtime_data.sinks import answers, bodies
from runtime_data.sinks.definition import Body
from runtime_data.sinks.placeholders import Facts, Placeholder, find_placeholders, parse
from runtime_data.values import Value

TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)


def facts(value: Any = 1, **more: Any) -> Facts:
    return Facts("the-key", "Erp", 1_000_000, {"a:b": Value("a:b", value, source_time=2_000_000)}, **more)


def made(format_: Any, template: Any, known: Facts) -> bytes:
    body = Body(format=format_, template=template)
    bodies.require_form(body)
    return bodies.render(body, known)


def test_a_body_names_the_program_of_a_tag() -> None:
    template = {"x": "{online:a:b}"}
    assert json.loads(made("json", template, facts(programs={"a": "differs"}))) == {"x": "differs"}
    assert json.loads(made("json", template, facts())) == {"x": "unknown"}


@given(VALUES)
def test_a_placeholder_alone_keeps_its_type_in_json(value: Any) -> None:
    template = {"x": "{tag:a:b}", "list": ["{tag:a:b}", 1, None], "t": "<{tag:a:b}>{{}}", "{key}": "{sink}"}
    found = json.loads(made("json", template, facts(value)))
    text = value if isinstance(value, str) else "" if value is None else None
    assert found["x"] == value and type(found["x"]) is type(value)
    assert found["list"] == [value, 1, None]
    assert found["the-key"] == "Erp"
    assert found["t"][0] == "<" and found["t"].endswith(">{}")
    if text is None:
        assert json.loads(found["t"][1:-3]) == value
    else:
        assert found["t"] == f"<{text}>{{}}"


@given(TEXTS)
def test_values_stay_texts_in_xml(value: str) -> None:
    template = '<order xmlns="urn:x" n="{tag:a:b}"><!-- c --><item>{tag:a:b}</item>tail {tag:a:b}<e/></order>'
    root = ET.fromstring(made("xml", template, facts(value)))  # noqa: S314
    allowed = value.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    assert root.get("n") == allowed
    assert [each.tag for each in root] == ["{urn:x}item", "{urn:x}e"]
    assert (root[0].text or "") == allowed and root[0].tail == f"tail {allowed}"


@given(TEXTS)
def test_values_stay_cells_and_fields(value: str) -> None:
    rows = list(csv.reader(io.StringIO(made("csv", [["a", "b"], ["{tag:a:b}", 2]], facts(value)).decode(), newline="")))
    assert [rows[0], [restored_value(rows[1][0]), rows[1][1]]] == [["a", "b"], [value, "2"]]
    assert not rows[1][0].startswith(("=", "@"))
    form = made("form", {"x": "{tag:a:b}", "y": "1"}, facts(value)).decode()
    assert parse_qsl(form, keep_blank_values=True) == [("x", value), ("y", "1")]


def test_each_placeholder() -> None:
    asked = Placeholder("history", "a:b", "sum", 8 * 3600 * 10**6)
    known = facts(5, aggregates={asked: 99.5}, alarm={"text": "hot"}, shift="early", shift_begin=0)
    template = [
        "{now}",
        "{quality:a:b}",
        "{time:a:b}",
        "{history:a:b,sum,8h}",
        "{alarm:text}",
        "{alarm:none}",
        "{shift}",
        "{shift:begin}",
        "{shift:end}",
    ]
    assert set(find_placeholders(template)) >= {asked}
    assert json.loads(made("json", template, known)) == [
        "1970-01-01T00:00:01.000000Z",
        "Good",
        "1970-01-01T00:00:02.000000Z",
        99.5,
        "hot",
        None,
        "early",
        "1970-01-01T00:00:01.000000Z",
        "1970-01-01T00:00:01.000000Z",
    ]
    assert made("text", "{history:a:b,sum,8h} kg", known) == b"99.5 kg"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "}",
        "{}",
        "{tag}",
        "{tag:}",
        "{nope}",
        "{now:x}",
        "{history:a}",
        "{history:a,sum,8x}",
        "{a{b}}",
        "{tag.__class__}",
        "{alarm:a.b}",
        "{shift:x}",
        "{history:a,s m,1h}",
    ],
)
def test_what_is_no_placeholder_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        parse(text)
    assert refused.value.code in {"sink.placeholder", "sink.duration"}


@pytest.mark.parametrize(
    ("format_", "template"),
    [
        ("xml", "<a>"),
        ("xml", {"a": 1}),
        ("xml", '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'),
        ("csv", "a"),
        ("csv", [1]),
        ("form", []),
        ("form", {"a": {"b": 1}}),
        ("text", 1),
        ("json", "x" * (300 << 10)),
    ],
)
def test_a_template_of_another_form_is_refused(format_: Any, template: Any) -> None:
    with pytest.raises(Problem) as refused:
        bodies.require_form(Body(format=format_, template=template))
    assert refused.value.code == "sink.template"


def test_fields_of_answers() -> None:
    body = json.dumps({"a/b": [{"~": 7}], "t": "x", "o": {}}).encode()
    paths = {"one": "/a~1b/0/~0", "two": "/t", "all": "", "none": "/a~1b/1", "object": "/o"}
    found, missing = answers.fields(body, paths)
    assert found == {"one": 7, "two": "x", "all": body.decode()}
    assert len(missing) == 2 and "none" in missing[0] and "object" in missing[1]
    xml = b"<?xml version='1.0'?><order><number>4711</number><item q='2'>a<b>c</b></item></order>"
    paths = {"n": "/order/number", "q": "/order/item/@q", "t": "/order/item", "c": "/order/item[2]", "bad": "/order["}
    found, missing = answers.fields(xml, paths)
    assert found == {"n": "4711", "q": "2", "t": "ac"} and len(missing) == 2
    bomb = b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'
    assert answers.fields(bomb, {"a": "/a"})[0] == {}
    assert answers.fields(b"\xff\x00", {"a": "/a", "b": ""})[0] == {"b": "\ufffd\x00"}
