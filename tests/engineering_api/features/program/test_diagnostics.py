"""Diagnostics: namespaces, types, enums and services of Openness."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from openness_bridge.errors import Kind, Problem
from openness_bridge.model import Model
from openness_bridge.portal.loader import load
from openness_bridge.program import reflection
from tests.support.service import Client, settings

ROOT = "Siemens.Engineering"


def test_namespaces_count_their_types(client: Client) -> None:
    spaces = {space["name"]: space for space in client.ok("GET", "/api/diagnostic/namespaces")}
    assert list(spaces) == sorted(spaces)
    everything = client.ok("GET", "/api/diagnostic/types")
    assert sum(space["types"] for space in spaces.values()) == len(everything) > 1200
    blocks = spaces[f"{ROOT}.SW.Blocks"]
    in_blocks = [info for info in everything if info["namespace"] == f"{ROOT}.SW.Blocks"]
    assert blocks["types"] == len(in_blocks)
    assert blocks["enums"] == sum(info["kind"] == "enum" for info in in_blocks)
    assert blocks["assemblies"] == [ROOT]


def test_types_are_filtered(client: Client) -> None:
    found = client.ok("GET", "/api/diagnostic/types", filter="plcblock")
    names = [info["fullName"] for info in found]
    assert f"{ROOT}.SW.Blocks.PlcBlock" in names
    assert all("plcblock" in name.lower() for name in names)
    assert names == sorted(names)
    enums = client.ok("GET", "/api/diagnostic/types", filter="online", kind="enum")
    assert {info["kind"] for info in enums} == {"enum"}
    assert client.ok("GET", "/api/diagnostic/types", filter="no such type") == []
    client.refused(400, "request.wrong_type", "GET", "/api/diagnostic/types", kind="module")


def test_a_type_is_found_by_its_name(client: Client) -> None:
    (found,) = client.ok("GET", "/api/diagnostic/search", typeName="onlineprovider")
    assert found["fullName"] == f"{ROOT}.Online.OnlineProvider"
    assert (found["kind"], found["isService"], found["base"]) == ("class", True, "System.Object")
    assert f"{ROOT}.IEngineeringService" in found["interfaces"]
    (state,) = client.ok("GET", "/api/diagnostic/search", typeName=f"{ROOT}.Online.OnlineState")
    assert {"name": "Online", "value": 2} in state["values"]


def test_a_name_of_several_types_finds_all(client: Client) -> None:
    names = [info["fullName"] for info in client.ok("GET", "/api/diagnostic/types")]
    simple = [name.rpartition(".")[2] for name in names]
    twice = next(name for name in simple if simple.count(name) > 1)
    assert len(client.ok("GET", "/api/diagnostic/search", typeName=twice)) == simple.count(twice)


def test_an_unknown_type_is_refused_with_near_names(client: Client) -> None:
    error = client.refused(404, "type.not_found", "GET", "/api/diagnostic/search", typeName="OnlineProvidr")
    assert "OnlineProvider" in error["message"]
    client.refused(404, "type.not_found", "GET", "/api/diagnostic/enum-values/Nothing")
    client.refused(400, "request.missing_field", "GET", "/api/diagnostic/search")


def test_values_of_an_enum(client: Client) -> None:
    options = client.ok("GET", "/api/diagnostic/enum-values/exportoptions")
    assert options["fullName"] == f"{ROOT}.ExportOptions"
    assert options["values"] == [
        {"name": "None", "value": 0},
        {"name": "WithDefaults", "value": 1},
        {"name": "WithReadOnly", "value": 2},
    ]
    client.refused(422, "type.no_enum", "GET", "/api/diagnostic/enum-values/PlcBlock")


def test_services_are_those_that_can_be_asked_for(client: Client) -> None:
    names = {info["name"] for info in client.ok("GET", "/api/diagnostic/providers")}
    assert {"OnlineProvider", "DownloadProvider", "SoftwareContainer", "ICompilable"} <= names
    assert "PlcSoftware" not in names


def test_types_of_online_and_download_have_categories(client: Client) -> None:
    categories = {each["name"]: each for each in client.ok("GET", "/api/diagnostic/online-download-types")}
    assert set(categories) == set(reflection.CATEGORIES)
    assert all(each["types"] for each in categories.values())
    prompts = {info["name"] for info in categories["Download configurations"]["types"]}
    assert {"StopModules", "StopModulesSelections"} <= prompts
    assert "OnlineProvider" in {info["name"] for info in categories["Online"]["types"]}


def test_services_of_a_plc_and_its_cpu(plc: Client) -> None:
    program = plc.ok("GET", "/api/diagnostic/plc-services/PLC_1")
    assert program["of"] == "PlcSoftware"
    assert f"{ROOT}.Compiler.ICompilable" in {each["fullName"] for each in program["services"]}
    cpu = plc.ok("GET", "/api/diagnostic/cpu-services/PLC_1")
    assert {f"{ROOT}.Online.OnlineProvider", f"{ROOT}.Download.DownloadProvider"} <= {
        each["fullName"] for each in cpu["services"]
    }
    plc.refused(404, "device.not_found", "GET", "/api/diagnostic/plc-services/None")
    plc.refused(404, "device.not_found", "GET", "/api/diagnostic/cpu-services/None")


def test_services_need_a_project(client: Client) -> None:
    client.refused(409, "project.none", "GET", "/api/diagnostic/cpu-services/PLC_1")


@pytest.fixture
def newest(tmp_path: Path) -> Iterator[Client]:
    with TestClient(create_app(settings(tmp_path, tia_version="21"))) as http:
        yield Client(http)


def test_each_version_has_its_own_types(client: Client, newest: Client) -> None:
    query = {"typeName": "PlcBlockWriteProtectionProvider"}
    client.refused(404, "type.not_found", "GET", "/api/diagnostic/search", **query)
    (found,) = newest.ok("GET", "/api/diagnostic/search", **query)
    assert found["assembly"] == f"{ROOT}.Step7"


def test_an_enum_name_of_two_namespaces_is_ambiguous() -> None:
    kinds = [SimpleNamespace(Name="Mode", FullName=f"{ROOT}.{space}.Mode", IsEnum=True) for space in ("HW", "SW")]
    with pytest.raises(Problem) as refusal:
        reflection.enum_values(_with(lambda: kinds), "mode")
    assert (refusal.value.code, refusal.value.kind) == ("type.ambiguous", Kind.CONFLICT)
    assert f"{ROOT}.HW.Mode" in refusal.value.message


def test_an_assembly_that_cannot_be_read_is_named() -> None:
    def fail() -> list[object]:
        raise FileNotFoundError("Siemens.Engineering.Contract")

    with pytest.raises(Problem) as refusal:
        reflection.types(_with(fail))
    assert (refusal.value.code, refusal.value.place.object if refusal.value.place else "") == ("type.unreadable", ROOT)


def _with(exported: object) -> Model:
    """A model whose only assembly is this one."""
    assembly = SimpleNamespace(GetName=lambda: SimpleNamespace(Name=ROOT), GetExportedTypes=exported)
    domain = SimpleNamespace(CurrentDomain=SimpleNamespace(GetAssemblies=lambda: [assembly]))
    real = load("fake", "20")
    return Model("20", lambda name: domain if name == "AppDomain" else getattr(real, name), "fake")


@pytest.mark.parametrize("version", ["15.1", "17", "19", "21"])
def test_every_offered_service_is_a_listed_type(tmp_path: Path, version: str) -> None:
    with TestClient(create_app(settings(tmp_path, tia_version=version))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
        body = {"orderNumber": "6ES7 511-1AK01-0AB0", "version": "V2.5", "name": "PLC_1"}
        client.ok("POST", "/api/projects/devices/actions/add-sync", body)
        services = {info["fullName"] for info in client.ok("GET", "/api/diagnostic/providers")}
        for of in ("plc", "cpu"):
            offered = client.ok("GET", f"/api/diagnostic/{of}-services/PLC_1")["services"]
            assert offered
            assert {each["fullName"] for each in offered} <= services
