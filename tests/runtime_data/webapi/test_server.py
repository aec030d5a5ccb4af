"""The server: called as a client calls a CPU, and by the service's own source."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fakes.fake_plcsim.kit import load
from tests.support.service import Client

PASSWORD = "a-long-Password-1"  # noqa: S105
USERS = {"olga": "operator", "victor": "viewer"}


class Caller:
    """A client of the server."""

    def __init__(self, endpoint: str) -> None:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.endpoint = endpoint
        self.http = httpx.Client(verify=context, trust_env=False, timeout=60)
        self._number = 0

    def post(self, document: Any) -> httpx.Response:
        return self.http.post(self.endpoint, json=document)

    def one(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        call = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}
        answer: dict[str, Any] = self.post(call).json()
        assert answer["id"] == self._number and answer["jsonrpc"] == "2.0"
        return answer

    def result(self, method: str, **params: Any) -> Any:
        answer = self.one(method, **params)
        assert "error" not in answer, answer
        return answer["result"]

    def code(self, method: str, **params: Any) -> Any:
        return self.one(method, **params)["error"]["code"]

    def login(self, user: str) -> Caller:
        self.http.headers["X-Auth-Token"] = self.result("Api.Login", user=user, password=PASSWORD)["token"]
        return self


def start_cpu(client: Client) -> None:
    """Switch the virtual CPU PLC_1 on, with the program of the kit."""
    simulation = client.http.app.state.service.simulation
    with simulation.register("PLC_1", "CPU1511").use() as api:
        api.PowerOn(60_000)
    load(simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1"))
    with simulation.handle("PLC_1").use() as api:
        api.Run(60_000)


def serve(client: Client, **settings: Any) -> str:
    """Start the server; return its address."""
    body = {"enabled": True, "settings": {"port": 0, "source": "PLC_1"} | settings}
    found = client.ok("PUT", "/api/runtime/servers/webapi", body)
    assert found["state"] == "running"
    endpoint: str = found["endpoints"][0]
    return endpoint


@pytest.fixture
def plant(client: Client) -> Client:
    """A service with a running CPU and two users."""
    start_cpu(client)
    for name, role in USERS.items():
        client.ok("POST", "/api/users", {"name": name, "password": PASSWORD, "role": role})
    return client


@pytest.fixture
def caller(plant: Client) -> Iterator[Caller]:
    caller = Caller(serve(plant))
    yield caller
    caller.http.close()


def test_what_anybody_may_ask(caller: Caller) -> None:
    methods = {each["name"] for each in caller.result("Api.Browse")}
    assert {"Api.Login", "PlcProgram.Read", "Plc.RequestChangeOperatingMode", "DiagnosticBuffer.Browse"} <= methods
    assert caller.result("Api.GetPermissions") == []
    assert caller.result("Api.Ping") == caller.result("Api.Ping") != ""
    assert caller.result("Api.Version") == 4.0
    public = {"Browse", "GetPermissions", "Ping", "Version", "Login", "Logout"}
    for method in sorted(methods - {f"Api.{each}" for each in public} - {"Plc.ReadSystemTime"}):
        assert caller.code(method) == 2, method
    assert caller.code("Files.Browse") == -32601


def test_logins(plant: Client, caller: Caller) -> None:
    assert caller.code("Api.Login", user="olga", password="wrong") == 100  # noqa: S106
    assert caller.code("Api.Login", user=5, password="x") == -32602  # noqa: S106
    caller.login("victor")
    assert caller.code("Api.Login", user="olga", password=PASSWORD) == 101
    assert {each["name"] for each in caller.result("Api.GetPermissions")} == {"read_value", "read_diagnostics"}
    (client,) = plant.ok("GET", "/api/runtime/servers/webapi/clients")
    assert (client["name"], client["address"]) == ("user:victor", "127.0.0.1")
    operations = [(each["operation"], each["outcome"]) for each in plant.ok("GET", "/api/audit")]
    assert ("runtime_servers.login", "ok") in operations and ("runtime_servers.login", "auth.login") in operations
    plant.ok("PATCH", "/api/users/victor", {"enabled": False})
    assert caller.code("PlcProgram.Browse", mode="children") == 2, "the user is no user any more"


def test_logout_and_limits(plant: Client) -> None:
    first = Caller(serve(plant, sessions=1, largestRequest=1024)).login("olga")
    second = Caller(first.endpoint)
    assert second.code("Api.Login", user="victor", password=PASSWORD) == 4
    assert first.result("Api.Logout") is True
    second.login("victor")
    assert second.result("Api.GetQuantityStructures")["webapi_max_http_request_body_size"] == 1024
    assert second.post({"x": "y" * 2000}).status_code == 413
    assert second.http.get(second.endpoint).status_code == 405
    assert second.http.post(second.endpoint.replace("jsonrpc", "other"), json={}).status_code == 404
    first.http.close()
    second.http.close()


def test_browse_read_and_write(plant: Client, caller: Caller) -> None:
    caller.login("olga")
    top = {each["name"]: each for each in caller.result("PlcProgram.Browse", mode="children")}
    assert top["Data"] == {"name": "Data", "has_children": True, "datatype": "datablock"}
    assert top["Flag"] == {"name": "Flag", "area": "M", "datatype": "bool"}
    only = caller.result("PlcProgram.Browse", mode="children", type=["data_blocks"])
    assert {each["name"] for each in only} == {"Data", "Blink_DB"}
    below = {each["name"]: each for each in caller.result("PlcProgram.Browse", mode="children", var='"Data"')}
    assert below["list"] == {"name": "list", "datatype": "int", "array_dimensions": [{"start_index": -1, "count": 3}]}
    assert [each["count"] for each in below["grid"]["array_dimensions"]] == [2, 3]
    assert below["motor"] == {"name": "motor", "has_children": True, "datatype": "struct"}
    assert caller.result("PlcProgram.Browse", mode="var", var='"Data".list') == [below["list"]]
    assert caller.code("PlcProgram.Browse", mode="children", var='"Data".count') == 202
    assert caller.code("PlcProgram.Browse", mode="var", var='"Data".nope') == 200
    assert caller.code("PlcProgram.Browse", mode="var", var="a..b") == 201
    assert caller.code("PlcProgram.Browse", mode="all") == -32602
    for var, simple, raw in (
        ('"Data".motor.speed', 1.5, [0x3F, 0xC0, 0, 0]),
        ('"Data".wide', "0", [0] * 8),
        ('"Data".delay', 2000, [0, 0, 7, 0xD0]),
        ('"Data".letter', "x", [0x78]),
    ):
        assert caller.result("PlcProgram.Read", var=var) == simple
        assert caller.result("PlcProgram.Read", var=var, mode="raw") == raw
    assert caller.result("PlcProgram.Write", var='"Data".wide', value=str(2**64 - 1)) is True
    assert caller.result("PlcProgram.Write", var='"Data".exact', value=[0x7F, 0xF8] + [0] * 6, mode="raw") is True
    assert caller.result("PlcProgram.Read", var='"Data".exact') is None
    read = plant.ok("POST", "/api/runtime/values/actions/read", {"tags": ["PLC_1:Data.wide", "PLC_1:Data.exact"]})
    assert (read[0]["value"], read[1]["text"]) == (2**64 - 1, "NaN")
    assert caller.code("PlcProgram.Read", var='"Data".motor') == 204
    assert caller.code("PlcProgram.Read", var='"nope"') == 200
    assert caller.code("PlcProgram.Write", var='"Data".wide', value=5.5) == -32602
    assert caller.code("PlcProgram.Write", var='"Data".wide', value=None) == -32602


def test_a_bulk_request_is_one_reading_and_one_entry(plant: Client, caller: Caller) -> None:
    caller.login("olga")

    def call(number: int, method: str, **params: Any) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": f"x{number}", "method": f"PlcProgram.{method}", "params": params}

    answers = caller.post(
        [
            call(1, "Write", var='"Flag"', value=True),
            call(2, "Write", var='"Data".wide', value=7),
            call(3, "Write", var='"Data".motor.speed', value="fast"),
            call(4, "Read", var='"Flag"'),
            call(5, "Write", var='"Flag"', value=False),
            call(6, "Write", var="Flag", value=True),
            {"jsonrpc": "1.0", "id": 7},
        ]
    ).json()
    assert [each["id"] for each in answers] == ["x1", "x2", "x3", "x4", "x5", "x6", 7]
    assert [each.get("result", each.get("error", {}).get("code")) for each in answers] == [
        True,
        True,
        -32602,
        True,
        True,
        True,
        -32600,
    ]
    entries = [each for each in plant.ok("GET", "/api/audit") if each["operation"] == "runtime_servers.write"]
    assert len(entries) == 3, "a tag that is written twice in a request has two entries"
    assert entries[-1]["caller"] == "user:olga" and entries[-1]["address"] == "127.0.0.1"
    assert entries[-1]["arguments"]["values"] == {
        "PLC_1:Flag": {"before": False, "value": True, "error": ""},
        "PLC_1:Data.wide": {"before": 0, "value": 7, "error": ""},
    }
    assert caller.http.post(caller.endpoint, content=b"{half").json()["error"]["code"] == -32700
    assert caller.post([]).json()["error"]["code"] == -32600


def test_rules_are_for_clients_of_servers_too(plant: Client, caller: Caller) -> None:
    rules = [
        {"tag": "PLC_1:Data.motor.*", "read": ["administrator"]},
        {"tag": "PLC_1:Data.count", "write": ["operator"], "maximum": 10},
    ]
    plant.ok("PUT", "/api/runtime/rules", {"rules": rules})
    caller.login("olga")
    assert caller.code("PlcProgram.Read", var='"Data".motor.speed') == 2
    assert caller.code("PlcProgram.Write", var='"Data".motor.speed', value=1) == 2
    assert caller.code("PlcProgram.Write", var='"Data".count', value=11) == -32602
    assert caller.code("PlcProgram.Write", var='"Out"', value=True) == 2, "an output needs a rule with its name"
    below = [each["name"] for each in caller.result("PlcProgram.Browse", mode="children", var='"Data"')]
    assert "count" in below
    assert caller.result("PlcProgram.Browse", mode="children", var='"Data".motor') == []
    caller.result("Api.Logout")
    del caller.http.headers["X-Auth-Token"]
    caller.login("victor")
    assert caller.code("PlcProgram.Write", var='"Flag"', value=True) == 2


def test_the_cpu(plant: Client, caller: Caller) -> None:
    caller.login("olga")
    assert caller.result("Plc.ReadOperatingMode") == "run"
    assert caller.result("Plc.RequestChangeOperatingMode", mode="stop") is True
    assert caller.result("Plc.ReadOperatingMode") == "stop"
    assert caller.code("Plc.RequestChangeOperatingMode", mode="hold") == -32602
    buffer = caller.result("DiagnosticBuffer.Browse", language="en-US", count=2)
    assert len(buffer["entries"]) == 2 < buffer["count_current"]
    assert "STOP" in buffer["entries"][0]["short_text"] and buffer["entries"][0]["timestamp"].endswith("Z")
    assert caller.code("DiagnosticBuffer.Browse") == -32602
    assert caller.result("Plc.ReadModuleName") == {"module_name": "PLC_1"}
    assert caller.result("Plc.ReadCpuType")["product_name"]
    assert caller.result("Plc.ReadSystemTime")["timestamp"][:2] == "20"
    assert caller.result("Project.ReadLanguages") == {"languages": [{"language": "en-US"}]}
    changed = [each for each in plant.ok("GET", "/api/audit") if each["operation"].endswith("change_operating_mode")]
    assert changed[0]["arguments"] == {"source": "PLC_1", "mode": "stop"}
    plant.ok("PUT", "/api/runtime/servers/webapi", {"enabled": True, "settings": {"port": 0, "source": "memory"}})
    endpoint = plant.ok("GET", "/api/runtime/servers/webapi")["endpoints"][0]
    memory = Caller(endpoint)
    assert "Plc.RequestChangeOperatingMode" not in {each["name"] for each in memory.result("Api.Browse")}
    memory.http.close()


def test_the_certificate_is_kept(plant: Client) -> None:
    serve(plant)
    folder = plant.http.app.state.service.settings.data_dir / "runtime" / "webapi"
    before = (folder / "certificate.pem").read_bytes()
    assert (folder / "key.pem").stat().st_mode & 0o077 == 0
    serve(plant)
    assert (folder / "certificate.pem").read_bytes() == before
    body = {"enabled": True, "settings": {"host": "0.0.0.0", "plainHttp": True}}  # noqa: S104
    plant.refused(400, "runtime.server_settings", "PUT", "/api/runtime/servers/webapi", body)


def test_a_source_of_the_server(plant: Client) -> None:
    """Values of a virtual CPU over TLS, by the server and the source of one service."""
    port = int(serve(plant).split(":")[2].partition("/")[0])
    connection = {"host": "127.0.0.1", "port": port, "user": "olga", "password": PASSWORD}
    plant.ok("POST", "/api/runtime/sources", {"name": "Press", "kind": "webapi", "connection": connection})
    strange = plant.ok("POST", "/api/runtime/sources/Press/actions/test")
    assert strange["state"] == "failed" and strange["tags"] is None and "fingerprint" in strange["message"]
    trusted = connection | {"fingerprint": strange["fingerprint"]}
    shown = plant.ok("PATCH", "/api/runtime/sources/Press", {"connection": trusted})
    assert shown["connection"]["password"] == "" and shown["real"] and not shown["atomic"]
    found = plant.ok("POST", "/api/runtime/sources/Press/actions/test")
    tags = plant.ok("GET", "/api/runtime/tags", source="PLC_1")
    assert (found["state"], found["operatingState"]) == ("connected", "Run")
    paths = [each["tag"].partition(":")[2] for each in tags]
    assert found["tags"] == len(paths)
    both = [
        plant.ok("POST", "/api/runtime/values/actions/read", {"tags": [f"{source}:{path}" for path in paths]})
        for source in ("PLC_1", "Press")
    ]
    counting = {"Data.count", "Blink_DB.timer.ET"}
    for direct, remote, path in zip(*both, paths, strict=True):
        if path not in counting:
            assert {**direct, "tag": "", "sourceTime": "", "serverTime": ""} == {
                **remote,
                "tag": "",
                "sourceTime": "",
                "serverTime": "",
            }
    assert plant.ok("GET", "/api/runtime/sources/Press/diagnostics", count=1)["entries"][0]["event"].startswith("16#")
    plant.ok("POST", "/api/runtime/sources/Press/actions/disconnect")
    assert plant.ok("GET", "/api/runtime/tags/Press:Flag/value")["quality"] == "Bad"
    assert plant.ok("POST", "/api/runtime/sources/Press/actions/connect")["state"] == "connected"
    plant.refused(422, "runtime.no_connection", "POST", "/api/runtime/sources/memory/actions/connect")
    plant.refused(501, "runtime.no_diagnostics", "GET", "/api/runtime/sources/memory/diagnostics")


def test_an_answer_with_values_names_their_program(caller: Caller) -> None:
    caller.login("victor")
    read = {"jsonrpc": "2.0", "id": 1, "method": "PlcProgram.Read", "params": {"var": '"Data".motor.speed'}}
    answer = caller.post(read)
    assert (answer.json()["result"], answer.headers["X-Online"]) == (1.5, "PLC_1=unknown")
    assert "X-Online" not in caller.post({**read, "method": "Api.Ping", "params": {}}).headers
