"""The bodies of both WinCC interfaces: number of the type, value, quality byte and fields, written by hand for every type."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest

from runtime_data import absolute
from runtime_data.absolute import Change, Range
from tests.fakes.fake_plcsim.kit import Simulated
from tests.runtime_data.native.live import Live, live
from tests.runtime_data.type_interfaces.cases import CASES, SOUND
from tests.runtime_data.type_interfaces.program import BLOCK, image, path_of, workspace
from virtual_plc.memory.program import program_of

pytestmark = pytest.mark.slow
BIT, SBYTE, BYTE, SWORD, WORD, SDWORD, DWORD, FLOAT, DOUBLE, TEXT8, TEXT16 = range(1, 12)
GOOD, UNCERTAIN = 128, 64
BODIES: dict[str, tuple[int, Any, int]] = {
    "Bool_low": (BIT, False, GOOD),
    "Bool_high": (BIT, True, GOOD),
    "Byte_high": (BYTE, 255, GOOD),
    "Word_high": (WORD, 65535, GOOD),
    "DWord_high": (DWORD, 4294967295, GOOD),
    "LWord_high": (DOUBLE, 1.8446744073709552e19, UNCERTAIN),
    "SInt_low": (SBYTE, -128, GOOD),
    "SInt_high": (SBYTE, 127, GOOD),
    "Int_low": (SWORD, -32768, GOOD),
    "Int_high": (SWORD, 32767, GOOD),
    "DInt_low": (SDWORD, -2147483648, GOOD),
    "DInt_high": (SDWORD, 2147483647, GOOD),
    "LInt_low": (DOUBLE, -9.223372036854776e18, UNCERTAIN),
    "LInt_high": (DOUBLE, 9.223372036854776e18, UNCERTAIN),
    "USInt_high": (BYTE, 255, GOOD),
    "UInt_high": (WORD, 65535, GOOD),
    "UDInt_high": (DWORD, 4294967295, GOOD),
    "ULInt_high": (DOUBLE, 1.8446744073709552e19, UNCERTAIN),
    "Real_low": (FLOAT, -3.4028235e38, GOOD),
    "Real_small": (FLOAT, 1e-45, GOOD),
    "Real_odd": (FLOAT, -0.1, GOOD),
    "Real_nan": (FLOAT, None, UNCERTAIN),
    "Real_infinite": (FLOAT, None, UNCERTAIN),
    "LReal_high": (DOUBLE, 1.7976931348623157e308, GOOD),
    "LReal_small": (DOUBLE, 5e-324, GOOD),
    "LReal_nan": (DOUBLE, None, UNCERTAIN),
    "LReal_infinite": (DOUBLE, None, UNCERTAIN),
    "Time_low": (SDWORD, -2147483648, GOOD),
    "Time_high": (SDWORD, 2147483647, GOOD),
    "LTime_low": (DOUBLE, -9.223372036854776e18, UNCERTAIN),
    "LTime_high": (DOUBLE, 9.223372036854776e18, UNCERTAIN),
    "S5Time_low": (DWORD, 0, GOOD),
    "S5Time_high": (DWORD, 9990000, GOOD),
    "S5Time_broken": (DWORD, None, UNCERTAIN),
    "Date_low": (TEXT16, "1990-01-01", GOOD),
    "Date_high": (TEXT16, "2169-06-06", GOOD),
    "Time_Of_Day_low": (TEXT16, "00:00:00", GOOD),
    "Time_Of_Day_high": (TEXT16, "23:59:59.999", GOOD),
    "Time_Of_Day_broken": (TEXT16, None, UNCERTAIN),
    "LTime_Of_Day_high": (TEXT16, "23:59:59.999999999", GOOD),
    "LTime_Of_Day_broken": (TEXT16, None, UNCERTAIN),
    "Date_And_Time_low": (TEXT16, "1990-01-01T00:00:00", GOOD),
    "Date_And_Time_high": (TEXT16, "2089-12-31T23:59:59.999", GOOD),
    "LDT_low": (TEXT16, "1970-01-01T00:00:00", GOOD),
    "LDT_high": (TEXT16, "2262-04-11T23:47:16.854775807", GOOD),
    "LDT_broken": (TEXT16, None, UNCERTAIN),
    "Char_low": (TEXT8, "\0", GOOD),
    "Char_high": (TEXT8, "ÿ", GOOD),
    "WChar_high": (TEXT16, "\ud7ff", GOOD),
    "WChar_usual": (TEXT16, "λ", GOOD),
    "WChar_broken": (TEXT16, None, UNCERTAIN),
}
NUMBERED = {"PLC_1:Ended": (DWORD, 0, GOOD), "PLC_1:Count": (WORD, 0, GOOD)}
SHOWN = [each for each in CASES if each.name != "Date_And_Time_broken"]
REFUSED = ["PLC_1:Types.v_String", "PLC_1:Types.v_DTL", "PLC_1:Nope"]
"""What has an error in its object, and harms no other one."""


async def start(service: Live) -> None:
    """Let PLC_1 run with the value of each case."""
    made = await service.http.post("/api/simulation/instances/create", json={"name": "PLC_1", "powerOn": True})
    assert made.status_code == 200, made.text
    simulation = service.service.simulation
    instance = simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1")
    await asyncio.to_thread(lambda: Simulated.behind(instance)._load(program_of(workspace()), workspace()))
    await service.http.post("/api/simulation/instances/PLC_1/run")
    await asyncio.to_thread(poke, service)


def poke(service: Live) -> None:
    content, _ = image()
    handle = service.service.simulation.handle("PLC_1")
    absolute.change(handle, [Change("DataBlock", BLOCK, 0, b"\xff" * len(content), content)])


def bytes_of(service: Live) -> str:
    content, _ = image()
    (found,) = absolute.read(service.service.simulation.handle("PLC_1"), [Range("DataBlock", BLOCK, 0, len(content))])
    return (found or b"").hex()


Plant = tuple[asyncio.Runner, Live]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """A service with its event loop, for all tests of the module."""
    with asyncio.Runner() as runner:
        serving = live(tmp_path_factory.mktemp("wincc"))
        service = runner.run(serving.__aenter__())
        runner.run(start(service))
        yield runner, service
        runner.run(serving.__aexit__(None, None, None))


def names() -> list[str]:
    return [*map(path_of, SHOWN), *NUMBERED, *REFUSED]


def test_the_rest_service(plant: Plant) -> None:
    runner, service = plant
    route = "/WinCCRestService/tagManagement/Values"
    answer = runner.run(service.http.post(route, json={"variableNames": names()}))
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/json")
    found = answer.json()
    wanted = [*((path_of(each), BODIES[each.name]) for each in SHOWN), *NUMBERED.items()]
    for (name, (kind, value, quality)), each in zip(wanted, found, strict=False):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each.pop("timestamp")), name
        body = {"variableName": name, "dataType": kind, "value": value, "qualitycode": quality, "state": 0}
        assert repr(dict(sorted(each.items()))) == repr(dict(sorted(body.items())))
    assert [(each["variableName"], set(each)) for each in found[len(wanted) :]] == [
        (name, {"variableName", "error"}) for name in REFUSED
    ]


def test_the_printed_routes(plant: Plant) -> None:
    runner, service = plant
    answer = runner.run(service.http.post("/api/v1/tags/values", json={"tags": names()}))
    assert answer.status_code == 200
    found = answer.json()
    for case, each in zip(SHOWN, found, strict=False):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", each.pop("timestamp")), case
        body = {"name": path_of(case), "value": case.value, "quality": case.quality, "dataType": case.type}
        body |= {"text": case.text} if case.value is None else {}
        assert repr(dict(sorted(each.items()))) == repr(dict(sorted(body.items())))
    assert [(each["quality"], bool(each.get("error"))) for each in found[-3:]] == [("Bad", True)] * 3


def test_writes_of_both(plant: Plant) -> None:
    runner, service = plant
    wrong = {"PLC_1:Ended": 5, "PLC_1:Types.v_DTL": 1, "PLC_1:Types.v_Int_low": "many"}
    given = {path_of(each): each.written for each in SOUND if each.name != "Int_low"} | wrong
    writes = [{"variableName": name, "value": value} for name, value in given.items()]
    answer = runner.run(service.http.put("/WinCCRestService/tagManagement/Values", json=writes))
    assert answer.status_code == 200
    refused = {each["variableName"]: each["errorcode"] for each in answer.json() if each["errorcode"]}
    assert set(refused) == set(wrong)
    answer = runner.run(service.http.put("/api/v1/tags/values", json=given))
    assert answer.status_code == 207
    assert {each["name"] for each in answer.json() if not each["success"]} == set(wrong)
    assert bytes_of(service) == image()[0].hex()
