"""/WinCCRestService/tagManagement in the shapes that clients of WinCC send."""

from __future__ import annotations

import re

import httpx
import pytest

from runtime_data.quality import GOOD, INITIAL_VALUE, NOT_A_NUMBER
from runtime_data.wincc import names
from runtime_data.wincc.spelling import spell
from tests.runtime_data.wincc.kit import WORD, Wincc
from tests.support.service import KEY

BASE = "/WinCCRestService/tagManagement"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def no_login(request: httpx.Request) -> httpx.Request:
    return request


@pytest.fixture
def olga(plant: Wincc) -> Wincc:
    plant.http.auth = httpx.BasicAuth("olga", WORD)
    return plant


def test_a_value(olga: Wincc) -> None:
    found = olga.ask("GET", f"{BASE}/Value/memory:Temperature_Sensor_1")
    assert TIME.fullmatch(found.pop("timestamp"))
    assert found == {
        "variableName": "memory:Temperature_Sensor_1",
        "dataType": 8,
        "value": 24.7,
        "qualitycode": 128,
        "state": 0,
    }
    assert olga.ask("GET", f"{BASE}/Value/memory:Line%201%2FMotor%20speed")["value"] == 7
    assert olga.ask("GET", f"{BASE}/Value/Nope", status=404)["error"]
    assert olga.ask("GET", f"{BASE}/Value/memory:Setpoint")["qualitycode"] == INITIAL_VALUE.wincc


def test_a_write(olga: Wincc) -> None:
    assert olga.ask("PUT", f"{BASE}/Value/Speed", {"value": 1}) == {"variableName": "Speed", "errorcode": 0}
    assert olga.ask("GET", f"{BASE}/Value/Speed")["value"] == 1.0
    assert olga.ask("PUT", f"{BASE}/Value/Speed", {"val": 1}, 400)["code"] == "wincc.request"
    assert olga.ask("PUT", f"{BASE}/Value/Level", {"value": "many"}, 422)["error"]


def test_values_come_in_the_order_asked_with_status_200(olga: Wincc) -> None:
    wanted = ["Nope", "Level", "Data.motor.speed", "x:y", "Level"]
    found = olga.ask("POST", f"{BASE}/Values", {"variableNames": wanted})
    assert [each["variableName"] for each in found] == wanted
    assert ["error" in each for each in found] == [True, False, False, True, False]
    assert [each.get("dataType") for each in found] == [None, names.SWORD, names.FLOAT, None, names.SWORD]
    assert olga.ask("POST", f"{BASE}/Values", {"names": wanted}, 400)["code"] == "wincc.request"


def test_values_are_written_with_an_error_for_each_that_is_not(olga: Wincc) -> None:
    body = [{"variableName": "Speed", "value": 2}, {"variableName": "Nope", "value": 2}]
    first, second = olga.ask("PUT", f"{BASE}/Values", body)
    assert first == {"variableName": "Speed", "errorcode": 0}
    assert (second["variableName"], second["errorcode"]) == ("Nope", 1)
    assert second["error"]
    assert olga.ask("PUT", f"{BASE}/Values", {"Speed": 2}, 400)["code"] == "wincc.request"


def test_a_whole_number_beyond_a_double_is_uncertain(olga: Wincc) -> None:
    exact = (1 << 53) + 1
    printed = olga.http.get("/api/v1/tags/memory:Big/value", headers={"X-API-Key": KEY}, auth=no_login)
    assert printed.json()["value"] == exact
    found = olga.ask("GET", f"{BASE}/Value/memory:Big")
    assert (found["value"], found["dataType"]) == (float(exact), names.DOUBLE)
    assert found["qualitycode"] == NOT_A_NUMBER.wincc
    olga.ask("PUT", f"{BASE}/Value/memory:Big", {"value": exact - 1})
    assert olga.ask("GET", f"{BASE}/Value/memory:Big")["qualitycode"] == GOOD.wincc


def test_the_configuration(olga: Wincc) -> None:
    everything = olga.ask("GET", f"{BASE}/variables")
    by_name = {each["variableName"]: each for each in everything}
    assert by_name["In"] == {"variableName": "In", "dataType": 1, "connectionName": "PLC_1"}
    assert olga.ask("GET", f"{BASE}/variable/In") == by_name["In"]
    assert olga.ask("GET", f"{BASE}/variable/Nope", status=404)["error"]
    found = olga.ask("POST", f"{BASE}/variables", params={"variableName": "Data.motor*"})
    assert {each["variableName"] for each in found} == {"Data.motor.speed", "Data.motor.on"}
    assert olga.ask("GET", f"{BASE}/Connections") == [{"connectionName": "PLC_1"}, {"connectionName": "memory"}]
    assert olga.ask("GET", f"{BASE}/Connection/plc_1") == {"connectionName": "PLC_1"}
    assert olga.ask("GET", f"{BASE}/Connection/none", status=404)["code"] == "source.not_found"


def test_lists_come_in_pages(olga: Wincc) -> None:
    everything = olga.ask("GET", f"{BASE}/Variables")
    pages, point = [], "0"
    while point:
        answer = olga.http.get(f"{BASE}/Variables", params={"itemLimit": 10, "continuationPoint": point})
        pages.append(answer.json())
        point = answer.headers.get(names.NEXT, "")
    assert [each for page in pages for each in page] == everything
    assert {len(page) for page in pages[:-1]} == {10}
    assert olga.ask("GET", f"{BASE}/Variables", params={"itemLimit": "x"}, status=400)["code"] == "wincc.request"


@pytest.mark.parametrize("kind", ["Group", "StructureType", "StructureVariable"])
def test_what_there_is_none_of_is_an_empty_list(olga: Wincc, kind: str) -> None:
    assert olga.ask("GET", f"{BASE}/{kind}s") == []
    assert olga.ask("GET", f"{BASE}/{kind}/Motor", status=404)["code"] == "wincc.not_found"


def test_structure_types_are_refused_one_by_one(olga: Wincc) -> None:
    (found,) = olga.ask("POST", f"{BASE}/StructureVariables", {"typeNames": ["Motor"]})
    assert (found["typeName"], bool(found["error"])) == ("Motor", True)


@pytest.mark.parametrize(
    ("sent", "routed"),
    [
        ("/winccrestservice/TAGMANAGEMENT/value/Motor", "/WinCCRestService/tagManagement/Value/Motor"),
        ("/WinCCRestService/TagManagement/values", "/WinCCRestService/tagManagement/Values"),
        ("/WinCCRestService/tagManagement/VALUE/value%2Fx", "/WinCCRestService/tagManagement/Value/value%2Fx"),
        ("/WinCCRestService/nothing", "/WinCCRestService/nothing"),
        ("/WinCCRestService/", "/WinCCRestService/"),
    ],
)
def test_paths_are_compared_without_case_and_names_keep_theirs(sent: str, routed: str) -> None:
    assert spell(sent) == routed


def test_the_same_route_in_other_spellings(olga: Wincc) -> None:
    for path in (f"{BASE}/Value/Speed", "/winccrestservice/TagManagement/value/Speed"):
        assert olga.ask("GET", path)["variableName"] == "Speed"
    assert olga.http.get("/API/HEALTH").status_code == 404  # only this family is so


def test_errors_have_the_form_of_the_family(plant: Wincc) -> None:
    answer = plant.http.get(f"{BASE}/Values")
    assert answer.status_code == 405
    answer = plant.http.get(f"{BASE}/Value/Speed")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert set(answer.json()) == {"error", "code"}
    assert plant.ask("GET", "/winccRESTservice/x", status=404)["code"] == "route.not_found"
