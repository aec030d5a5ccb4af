"""User constants, whose values must be of their type, and system constants, which nobody changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.tags.constant_value import why_not
from tests.support.service import CPU, FIRMWARE, Client, settings

DEVICE = "/api/devices/PLC_1"
DEFAULT = f"{DEVICE}/tag-tables/Default%20tag%20table"
CONSTANTS = f"{DEFAULT}/constants"


def test_create_and_list(plc: Client) -> None:
    made = plc.ok("POST", CONSTANTS, {"name": "LIMIT", "dataType": "int", "value": "16#10", "comment": "rpm"})
    assert made == {
        "name": "LIMIT",
        "dataType": "Int",
        "value": "16#10",
        "comment": "rpm",
        "table": "Default tag table",
        "isSystem": False,
        "comments": [{"culture": "en-US", "text": "rpm"}],
    }
    assert plc.ok("GET", f"{CONSTANTS}/user") == [made]
    assert plc.ok("GET", CONSTANTS) == [made, *plc.ok("GET", f"{CONSTANTS}/system")]


def test_system_constants_are_in_the_default_table_only_and_stay(plc: Client) -> None:
    system = plc.ok("GET", f"{CONSTANTS}/system")
    assert "OB_Main" in {constant["name"] for constant in system}
    assert all(constant["isSystem"] for constant in system)
    plc.ok("POST", f"{DEVICE}/tag-tables", {"name": "A"})
    assert plc.ok("GET", f"{DEVICE}/tag-tables/A/constants/system") == []
    plc.refused(409, "constant.system", "PUT", f"{CONSTANTS}/OB_Main", {"value": 2})
    plc.refused(409, "constant.system", "DELETE", f"{CONSTANTS}/OB_Main")
    assert plc.ok("GET", f"{CONSTANTS}/system") == system


@pytest.mark.parametrize("version", ["20", "19"])
def test_update_keeps_what_is_not_given(tmp_path: Path, version: str) -> None:
    with TestClient(create_app(settings(tmp_path, tia_version=version))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "P"})
        body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
        client.ok("POST", "/api/projects/devices/actions/add-sync", body)
        client.ok("POST", CONSTANTS, {"name": "LIMIT", "dataType": "Int", "value": 5, "comment": "rpm"})
        changed = client.ok("PUT", f"{CONSTANTS}/limit", {"value": 7})
        assert (changed["value"], changed["comment"]) == ("7", "rpm")
        changed = client.ok("PUT", f"{CONSTANTS}/LIMIT", {"newName": "MAX", "comment": "1/min"})
        assert (changed["name"], changed["value"], changed["comment"]) == ("MAX", "7", "1/min")
        changed = client.ok("PUT", f"{CONSTANTS}/MAX", {"dataType": "Bool", "value": True})
        assert (changed["dataType"], changed["value"]) == ("Bool", "TRUE")
        assert client.ok("GET", f"{CONSTANTS}/user") == [changed]


@pytest.mark.parametrize(
    ("values", "status", "code", "pointer"),
    [
        ({"value": "32768"}, 422, "constant_value.type", "/value"),
        ({"value": "ten"}, 422, "constant_value.type", "/value"),
        ({"value": ""}, 422, "constant_value.missing", "/value"),
        ({"dataType": "Byte", "value": -1}, 422, "constant_value.type", "/value"),
        ({"dataType": "Time", "value": "2s"}, 422, "constant_value.type", "/value"),
        ({"name": 'a"'}, 422, "tag_name.character", "/name"),
        ({"value": [1]}, 400, "request.wrong_type", "/value"),
        ({"valeu": 1}, 400, "request.unknown_field", "/valeu"),
    ],
)
def test_bad_value_is_refused(plc: Client, values: Any, status: int, code: str, pointer: str) -> None:
    body = {"name": "LIMIT", "dataType": "Int", "value": 5} | values
    error = plc.refused(status, code, "POST", CONSTANTS, body)
    assert error["place"]["pointer"] == pointer
    assert plc.ok("GET", f"{CONSTANTS}/user") == []


def test_refused_change_changes_nothing(plc: Client) -> None:
    before = plc.ok("POST", CONSTANTS, {"name": "LIMIT", "dataType": "Int", "value": 5})
    plc.ok("POST", f"{DEVICE}/tags", {"name": "Start"})
    plc.refused(409, "tag.exists", "POST", CONSTANTS, {"name": "START", "dataType": "Int", "value": 5})
    plc.refused(409, "tag.exists", "PUT", f"{CONSTANTS}/LIMIT", {"newName": "start"})
    plc.refused(422, "constant_value.type", "PUT", f"{CONSTANTS}/LIMIT", {"dataType": "Bool"})
    plc.refused(422, "constant.refused", "PUT", f"{CONSTANTS}/LIMIT", {"dataType": "Nonsense"})
    plc.refused(404, "constant.not_found", "PUT", f"{CONSTANTS}/OTHER", {"value": 1})
    assert plc.ok("GET", f"{CONSTANTS}/user") == [before]


def test_delete(plc: Client) -> None:
    made = plc.ok("POST", CONSTANTS, {"name": "a/b", "dataType": "Int", "value": 5})
    assert plc.ok("DELETE", f"{CONSTANTS}/a%2Fb") == made
    plc.refused(404, "constant.not_found", "DELETE", f"{CONSTANTS}/a%2Fb")


BITS = {"SInt": 8, "Int": 16, "DInt": 32, "LInt": 64}


@given(kind=st.sampled_from(sorted(BITS)), number=st.integers(-(1 << 65), 1 << 65))
def test_signed_numbers_are_taken_in_their_range(kind: str, number: int) -> None:
    half = 1 << (BITS[kind] - 1)
    assert (why_not(kind, str(number)) is None) == (-half <= number < half)
    assert (why_not(f"U{kind}", str(number)) is None) == (0 <= number < 2 * half)


@given(number=st.integers(0, 1 << 17), base=st.sampled_from(["16#{:X}", "2#{:b}", "8#{:o}", "{}"]))
def test_bit_strings_are_taken_in_every_base(number: int, base: str) -> None:
    assert (why_not("Word", base.format(number)) is None) == (number < 1 << 16)


@given(milliseconds=st.integers(0, 1 << 33))
def test_times_are_taken_in_their_range(milliseconds: int) -> None:
    seconds, rest = divmod(milliseconds, 1000)
    text = f"T#{seconds}s_{rest}ms"
    assert (why_not("Time", text) is None) == (milliseconds < 1 << 31)
    assert (why_not("LTime", f"L{text}") is None) is True


@pytest.mark.parametrize(
    ("kind", "value", "good"),
    [
        ("Bool", "TRUE", True),
        ("bool", "2", False),
        ("Real", "1.5e3", True),
        ("Real", "1e39", False),
        ("LReal", "1e39", True),
        ("Real", "1,5", False),
        ("Int", "1_000", True),
        ("Int", "1__000", False),
        ("Int", "16#8000", False),
        ("Word", "16#FFFF", True),
        ("Word", "16#G", False),
        ("Time", "T#-24d_20h_31m_23s_648ms", True),
        ("Time", "T#-24d_20h_31m_23s_649ms", False),
        ("Time", "5", False),
        ("S5Time", "S5T#9990s", True),
        ("S5Time", "S5T#9991s", False),
        ("S5Time", "S5T#-1s", False),
        ("Date", "D#2024-01-31", True),
        ("Date", "31.01.2024", False),
        ("Time_Of_Day", "TOD#12:30:00", True),
        ("Char", "'a'", True),
        ("Char", "'ab'", False),
        ("String", "'text'", True),
        ("String", "text", False),
        ("Hw_Device", "anything", True),
    ],
)
def test_values_by_type(kind: str, value: str, good: bool) -> None:
    assert (why_not(kind, value) is None) is good
