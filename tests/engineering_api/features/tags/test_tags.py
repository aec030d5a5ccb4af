"""Single tags: shapes, spelling, refusals, and names that are hard to put into a URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.support.service import CPU, FIRMWARE, Client, settings

DEVICE = "/api/devices/PLC_1"
DEFAULT = f"{DEVICE}/tag-tables/Default%20tag%20table"


def names(client: Client) -> list[str]:
    return [tag["name"] for tag in client.ok("GET", f"{DEVICE}/tags/all")]


def add(client: Client, name: str = "Start", **values: Any) -> Any:
    return client.ok("POST", f"{DEVICE}/tags", {"name": name, "logicalAddress": "%I0.0"} | values)


def test_tag_has_the_shape_of_the_contract(plc: Client) -> None:
    made = add(plc, comment="Start button", externalWritable=False)
    assert made == {
        "name": "Start",
        "dataType": "Bool",
        "logicalAddress": "%I0.0",
        "comment": "Start button",
        "externalAccessible": True,
        "externalVisible": True,
        "externalWritable": False,
        "table": "Default tag table",
        "folder": "",
        "comments": [{"culture": "en-US", "text": "Start button"}],
    }
    assert plc.ok("GET", f"{DEFAULT}/tags") == [made]
    assert plc.ok("GET", f"{DEVICE}/tags/all") == [made]


def test_list_of_a_table_as_a_job_gives_the_same(plc: Client) -> None:
    add(plc)
    assert plc.job("GET", f"{DEFAULT}/tags/async")["result"] == plc.ok("GET", f"{DEFAULT}/tags")


def test_older_clients_add_a_tag_below_its_table_in_pascal_case(plc: Client) -> None:
    plc.ok("POST", f"{DEVICE}/tag-tables", {"name": "Line"})
    body = {"Name": "Speed", "DataType": "Int", "LogicalAddress": "%MW10", "Comment": "rpm"}
    assert plc.ok("POST", f"{DEVICE}/tag-tables/Line/tags", body)["table"] == "Line"


@pytest.mark.parametrize(
    ("data_type", "written", "read"),
    [
        ("Bool", "i0.0", "%I0.0"),
        ("bool", "E0.1", "%I0.1"),
        ("Bool", "a4.7", "%Q4.7"),
        ("INT", "mw10", "%MW10"),
        ("Real", "%MD20", "%MD20"),
        ("LReal", "m40.0", "%M40.0"),
        ("Timer", "T3", "%T3"),
        ("Counter", "z4", "%C4"),
        ("Bool", "", ""),
    ],
)
def test_addresses_are_normalised(plc: Client, data_type: str, written: str, read: str) -> None:
    made = add(plc, dataType=data_type, logicalAddress=written)
    assert made["logicalAddress"] == read
    assert made["dataType"].casefold() == data_type.casefold()


@pytest.mark.parametrize(
    ("values", "code", "pointer"),
    [
        ({"dataType": "Int", "logicalAddress": "%M0.0"}, "tag_address.width", "/logicalAddress"),
        ({"dataType": "Bool", "logicalAddress": "%MW0"}, "tag_address.width", "/logicalAddress"),
        ({"dataType": "Bool", "logicalAddress": "%I0.8"}, "tag_address.range", "/logicalAddress"),
        ({"logicalAddress": "%I0.0:P"}, "tag_address.form", "/logicalAddress"),
        ({"logicalAddress": "DB1.DBX0.0"}, "tag_address.form", "/logicalAddress"),
        ({"name": ""}, "tag_name.empty", "/name"),
        ({"name": 'a"b'}, "tag_name.character", "/name"),
        ({"name": " a"}, "tag_name.blank", "/name"),
        ({"name": "x" * 129}, "tag_name.too_long", "/name"),
        ({"dataType": ""}, "tag_type.missing", "/dataType"),
    ],
)
def test_bad_value_is_refused_with_its_field(plc: Client, values: dict[str, str], code: str, pointer: str) -> None:
    error = plc.refused(422, code, "POST", f"{DEVICE}/tags", {"name": "Start", "logicalAddress": "%I0.0"} | values)
    assert error["place"]["pointer"] == pointer
    assert names(plc) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"dataType": '"Nonsense"', "logicalAddress": ""}, "tag.data_type_refused"),
        ({"dataType": "Bool", "logicalAddress": "%M60000.0"}, "tag.logical_address_refused"),
        ({"comments": [{"culture": "fr-FR", "text": "x"}]}, "text.culture"),
    ],
)
def test_what_only_the_portal_knows_is_refused_and_leaves_no_tag(plc: Client, values: Any, code: str) -> None:
    plc.refused(422, code, "POST", f"{DEVICE}/tags", {"name": "Start"} | values)
    assert names(plc) == []


def test_name_is_unique_over_all_tables_and_constants_without_regard_to_case(plc: Client) -> None:
    add(plc)
    plc.ok("POST", f"{DEVICE}/tag-tables", {"name": "Line"})
    plc.ok("POST", f"{DEFAULT}/constants", {"name": "LIMIT", "dataType": "Int", "value": 5})
    error = plc.refused(409, "tag.exists", "POST", f"{DEVICE}/tag-tables/Line/tags", {"name": "START"})
    assert error["place"]["table"] == "Default tag table"
    plc.refused(409, "constant.exists", "POST", f"{DEVICE}/tag-tables/Line/tags", {"name": "limit"})
    assert names(plc) == ["Start"]


def test_same_address_twice_is_allowed(plc: Client) -> None:
    add(plc, "A")
    assert add(plc, "B")["logicalAddress"] == "%I0.0"


def test_update_changes_what_is_given_and_keeps_the_rest(plc: Client) -> None:
    add(plc, comment="old", externalVisible=False)
    path = f"{DEFAULT}/tags/Start"
    changed = plc.ok("PUT", path, {"dataType": "Int", "logicalAddress": "ew2"})
    assert (changed["dataType"], changed["logicalAddress"]) == ("Int", "%IW2")
    assert (changed["comment"], changed["externalVisible"]) == ("old", False)
    assert plc.ok("PUT", path, {"comment": "new", "newName": "Run"})["name"] == "Run"
    assert names(plc) == ["Run"]
    assert plc.ok("PUT", f"{DEFAULT}/tags/Run", {"comment": ""})["comments"] == []


def test_update_of_the_type_alone_moves_the_address(plc: Client) -> None:
    add(plc, logicalAddress="%M10.3")
    assert plc.ok("PUT", f"{DEFAULT}/tags/Start", {"dataType": "Word"})["logicalAddress"] == "%MW10"


def test_refused_update_changes_nothing(plc: Client) -> None:
    before = [add(plc), add(plc, "Stop")]
    path = f"{DEFAULT}/tags/Start"
    plc.refused(409, "tag.exists", "PUT", path, {"newName": "stop"})
    plc.refused(422, "tag_address.width", "PUT", path, {"logicalAddress": "%MW0", "comment": "x"})
    plc.refused(422, "tag.logical_address_refused", "PUT", path, {"logicalAddress": "%M60000.0", "dataType": "Bool"})
    plc.refused(422, "text.culture", "PUT", path, {"dataType": "Byte", "comments": [{"culture": "xx", "text": "x"}]})
    assert plc.ok("GET", f"{DEFAULT}/tags") == before


def test_spelling_of_a_name_can_be_changed(plc: Client) -> None:
    add(plc)
    assert plc.ok("PUT", f"{DEFAULT}/tags/Start", {"newName": "START"})["name"] == "START"


def test_spelling_of_a_name_can_be_changed_where_names_cannot_be_set(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, tia_version="16"))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Old"})
        body = {"orderNumber": CPU, "version": "V2.5", "name": "PLC_1"}
        client.ok("POST", "/api/projects/devices/actions/add-sync", body)
        add(client)
        assert client.ok("PUT", f"{DEFAULT}/tags/Start", {"newName": "START"})["name"] == "START"
        assert [tag["name"] for tag in client.ok("GET", f"{DEFAULT}/tags")] == ["START"]


def test_delete_returns_what_is_gone(plc: Client) -> None:
    made = add(plc)
    assert plc.ok("DELETE", f"{DEFAULT}/tags/start") == made
    plc.refused(404, "tag.not_found", "DELETE", f"{DEFAULT}/tags/Start")


@pytest.mark.parametrize("name", ["-Motor.1", "a/b", "Förderband 1", "100%", "a\\b", "M+1?", "&=#"])
def test_names_travel_percent_encoded(plc: Client, name: str) -> None:
    table = f"{DEVICE}/tag-tables/{quote(name, safe='')}"
    plc.ok("POST", f"{DEVICE}/tag-tables", {"name": name})
    plc.ok("POST", f"{table}/tags", {"name": name})
    path = f"{table}/tags/{quote(name, safe='')}"
    assert plc.ok("PUT", path, {"comment": "x"})["name"] == name
    assert plc.ok("DELETE", path)["table"] == name


def test_table_called_as_a_word_of_the_routes_is_reached_by_encoding_a_letter(plc: Client) -> None:
    plc.ok("POST", f"{DEVICE}/tag-tables", {"name": "tree"})
    assert plc.ok("POST", f"{DEVICE}/tag-tables/%74ree/tags", {"name": "A"})["table"] == "tree"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "A", "adress": "%I0.0"}, 400, "request.unknown_field"),
        ({"name": 5}, 400, "request.wrong_type"),
        ({}, 400, "request.missing_field"),
        ({"name": "A", "tableName": "None"}, 404, "tag_table.not_found"),
    ],
)
def test_bad_request_is_refused(plc: Client, body: Any, status: int, code: str) -> None:
    plc.refused(status, code, "POST", f"{DEVICE}/tags", body)
    assert names(plc) == []


def test_broken_json_is_refused(plc: Client) -> None:
    answer = plc.http.post(f"{DEVICE}/tags", content=b'{"name": ')
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "request.malformed_json")


def test_places_that_are_not_there(plc: Client, tmp_path: Path) -> None:
    plc.refused(404, "device.not_found", "GET", "/api/devices/Nobody/tags/all")
    plc.refused(404, "tag_table.not_found", "GET", f"{DEVICE}/tag-tables/Nothing/tags")
    plc.ok("POST", "/api/projects/actions/close-sync", {"discard": True})
    plc.refused(409, "project.none", "GET", f"{DEVICE}/tags/all")


def test_tag_is_renamed_before_v20_too(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, tia_version="19"))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Old"})
        body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
        client.ok("POST", "/api/projects/devices/actions/add-sync", body)
        before = add(client, comment="kept", externalVisible=False)
        renamed = client.ok("PUT", f"{DEFAULT}/tags/Start", {"newName": "Run"})
        assert renamed == before | {"name": "Run"}
        assert names(client) == ["Run"]
