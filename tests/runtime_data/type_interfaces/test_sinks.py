"""Line protocol and the bodies of pushes: how each of them writes every type, and what it leaves out or marks."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from runtime_data.sinks import bodies
from runtime_data.sinks.definition import Body
from runtime_data.sinks.line_protocol import line
from runtime_data.sinks.placeholders import Facts
from runtime_data.values import Value
from tests.runtime_data.plant import OPERATOR
from tests.runtime_data.servers.s7.kit import Served
from tests.runtime_data.type_interfaces.cases import CASES
from tests.runtime_data.type_interfaces.program import path_of

SHOWN = [each for each in CASES if each.name != "Date_And_Time_broken"]
LINES = {
    "Bool_low": "false", "Bool_high": "true", "Byte_high": "255i", "Word_high": "65535i", "DWord_high": "4294967295i",
    "LWord_high": None, "SInt_low": "-128i", "SInt_high": "127i", "Int_low": "-32768i", "Int_high": "32767i",
    "DInt_low": "-2147483648i", "DInt_high": "2147483647i", "LInt_low": "-9223372036854775808i",
    "LInt_high": "9223372036854775807i", "USInt_high": "255i", "UInt_high": "65535i", "UDInt_high": "4294967295i", "ULInt_high": None,
    "Real_low": "-3.4028235e+38", "Real_small": "1e-45", "Real_odd": "-0.1", "Real_nan": None, "Real_infinite": None,
    "LReal_high": "1.7976931348623157e+308", "LReal_small": "5e-324", "LReal_nan": None, "LReal_infinite": None,
    "Time_low": "-2147483648i", "Time_high": "2147483647i", "LTime_low": "-9223372036854775808i", "LTime_high": "9223372036854775807i",
    "S5Time_low": "0i", "S5Time_high": "9990000i", "S5Time_broken": None, "Date_low": '"1990-01-01"', "Date_high": '"2169-06-06"',
    "Time_Of_Day_low": '"00:00:00"', "Time_Of_Day_high": '"23:59:59.999"', "Time_Of_Day_broken": None,
    "LTime_Of_Day_high": '"23:59:59.999999999"', "LTime_Of_Day_broken": None, "Date_And_Time_low": '"1990-01-01T00:00:00"',
    "Date_And_Time_high": '"2089-12-31T23:59:59.999"', "LDT_low": '"1970-01-01T00:00:00"',
    "LDT_high": '"2262-04-11T23:47:16.854775807"', "LDT_broken": None, "Char_low": '" "', "Char_high": '"ÿ"', "WChar_high": '"\ud7ff"',
    "WChar_usual": '"λ"', "WChar_broken": None,
}  # fmt: skip
"""The field of each line; None for a value that line protocol does not have: docs/runtime/mqtt.md#line-protocol."""
UNSIGNED = {
    "Byte_high": "255u",
    "Word_high": "65535u",
    "DWord_high": "4294967295u",
    "LWord_high": "18446744073709551615u",
    "USInt_high": "255u",
    "UInt_high": "65535u",
    "UDInt_high": "4294967295u",
    "ULInt_high": "18446744073709551615u",
}
TEXTS = {
    "Bool_low": "false",
    "Bool_high": "true",
    "Real_low": "-3.4028235e38",
    "Real_small": "1e-45",
    "LReal_high": "1.7976931348623157e308",
    "LReal_small": "5e-324",
}
"""Values as texts, where they are not as Python writes them."""


def read(cpu: Served) -> dict[str, Value]:
    found = asyncio.run(cpu.plant.runtime.read(OPERATOR, list(map(path_of, SHOWN))))
    return {each.name: value for each, value in zip(SHOWN, found, strict=True)}


def test_lines(cpu: Served) -> None:
    assert set(LINES) == {each.name for each in SHOWN}
    for name, value in read(cpu).items():
        quality = "Uncertain" if name == "Char_low" else "Good"
        for unsigned, field in ((False, LINES[name]), (True, UNSIGNED.get(name, LINES[name]))):
            wanted = f'S,quality={quality} value={field},online="unknown" {value.source_time * 1000}'
            assert line("S", value, {}, 0, unsigned=unsigned) == (None if field is None else wanted), name


def rendered(form: Any, template: Any, values: dict[str, Value]) -> bytes:
    body = Body(format=form, template=template)
    bodies.require_form(body)
    return bodies.render(body, Facts("key", "Erp", 1_000_000, {value.tag: value for value in values.values()}))


def test_bodies(cpu: Served) -> None:
    """Each format writes all types into one body. A missing value is null in JSON and empty elsewhere; its quality marks it."""
    values = read(cpu)
    tags = {name: f"{{tag:{value.tag}}}" for name, value in values.items()}
    found = json.loads(rendered("json", tags, values))
    assert {name: repr(each) for name, each in found.items()} == {each.name: repr(each.value) for each in SHOWN}
    qualities = {name: f"{{quality:{value.tag}}}" for name, value in values.items()}
    assert json.loads(rendered("json", qualities, values)) == {each.name: each.quality for each in SHOWN}
    texts = {each.name: TEXTS.get(each.name, "" if each.value is None else str(each.value)) for each in SHOWN}
    rows = csv.reader(
        io.StringIO(rendered("csv", [[name, tag] for name, tag in tags.items()], values).decode(), newline="")
    )
    assert {name: cell.removeprefix("'") for name, cell in rows} == texts
    form = dict(parse_qsl(rendered("form", tags, values).decode(), keep_blank_values=True))
    assert form == texts
    assert rendered("text", "|".join(tags.values()), values).decode().split("|") == list(texts.values())
    document = rendered("xml", f"<v>{''.join(f'<{name}>{tag}</{name}>' for name, tag in tags.items())}</v>", values)
    assert {each.tag: each.text or "" for each in ET.fromstring(document)} == texts | {"Char_low": "\ufffd"}  # noqa: S314 - our own
