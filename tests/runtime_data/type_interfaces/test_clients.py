"""Every elementary type through every interface: it is read, written, subscribed to and kept as the page of the interface says.

The values are those at the edge of each type (`rig.DECLARED`). `FORMS` names where an interface has another form than
docs/runtime/values.md, with the page that says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import msgspec
import pytest
from asyncua import ua

from engineering_api.operations.terms import Right
from tests.runtime_data.native.live import live
from tests.runtime_data.opcua.kit import OPEN, PASSWORD, Heard, Rig, connect, until
from tests.runtime_data.type_interfaces.rig import DECLARED, path_of, prepare, types_of
from tests.runtime_data.unified.kit import Unified

SOURCES = ("PLC_1", "memory")
PUBLISHED = {name: value for name, (value, _) in DECLARED.items()}
"""docs/runtime/values.md#types."""
WCHAR, DATE_DAYS = ord("λ"), 65535
OPCUA = PUBLISHED | {
    "Real": pytest.approx(-0.1, rel=1e-6),
    "S5Time": 0x3999,
    "Date": DATE_DAYS,
    "Time_Of_Day": 86_399_999,
    "LTime_Of_Day": 86_399_999_999_999,
    "Date_And_Time": list(bytes.fromhex("8912312359599997")),
    "LDT": 2**63 - 1,
    "Char": 255,
    "WChar": WCHAR,
}
"""docs/runtime/opcua.md#types."""
WINCC = PUBLISHED | {name: float(PUBLISHED[name]) for name in ("LWord", "LInt", "ULInt")}
"""A DOUBLE, whose quality says that it is not exact: docs/facts/wincc.md."""
WINCC_TYPES = {
    "Bool": 1, "Byte": 3, "Word": 5, "DWord": 7, "LWord": 9, "SInt": 2, "Int": 4, "DInt": 6, "LInt": 9, "USInt": 3, "UInt": 5,
    "UDInt": 7, "ULInt": 9, "Real": 8, "LReal": 9, "Time": 6, "LTime": 9, "S5Time": 7, "Date": 11, "Time_Of_Day": 11,
    "LTime_Of_Day": 11, "Date_And_Time": 11, "LDT": 11, "Char": 10, "WChar": 11, "String": 10, "WString": 11,
}  # fmt: skip
WEBAPI = PUBLISHED | {
    "LWord": str(2**64 - 2),
    "LInt": str(-(2**63)),
    "ULInt": str(2**64 - 1),
    "LTime": "-2000000001",
    "S5Time": {"basis": 10000, "value": 999},
    "Date": DATE_DAYS,
    "Time_Of_Day": 86_399_999,
    "LTime_Of_Day": "86399999999999",
    "Date_And_Time": {
        "year": 2089, "month": 12, "day": 31, "hour": 23, "minute": 59, "second": 59.999, "day_of_week": "sat",
    },
    "LDT": str(2**63 - 1),
    "Char": None,
}  # fmt: skip
"""docs/facts/webapi.md; a Char above 127 is null there."""


class Interface:
    """One way to the tags of a source.

    Attributes:
        forms: The value of each type as this interface writes it.
    """

    forms: dict[str, Any] = PUBLISHED

    def __init__(self, rig: Rig, source: str) -> None:
        self.rig, self.source = rig, source
        self.types = types_of(source)
        self.tags = {each: path_of(source, each) for each in self.types}

    async def begin(self) -> None:
        """Let the interface work."""

    async def end(self) -> None:
        """Close what `begin` opened."""

    async def read(self, but: str = "") -> dict[str, Any]:
        """The values of all types but one, in one request where the interface can."""
        raise NotImplementedError

    async def write(self, values: dict[str, Any]) -> None:
        """Write values by type; each of them must be accepted."""
        raise NotImplementedError

    async def heard(self, change: Callable[[], Awaitable[None]]) -> dict[str, Any]:
        """What a subscriber to all types has after a change."""
        raise NotImplementedError


class Rest(Interface):
    """The routes of the runtime."""

    async def read(self, but: str = "") -> dict[str, Any]:
        found = await self.rig.ok("POST", "/api/runtime/values/actions/read", {"tags": list(self.tags.values())})
        for name, each in zip(self.types, found, strict=True):
            if name == but:
                continue
            assert (each["dataType"], each["quality"], each.get("text", "")) == (name, "Good", DECLARED[name][1])
        return {name: each["value"] for name, each in zip(self.types, found, strict=True) if name != but}

    async def write(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            await self.rig.ok("PUT", f"/api/runtime/tags/{self.tags[name]}/value", {"value": value})

    async def heard(self, change: Callable[[], Awaitable[None]]) -> dict[str, Any]:
        """By server-sent events."""
        seen: dict[str, Any] = {}
        names = {tag: name for name, tag in self.tags.items()}
        async with self.rig.live.events(tag=list(self.tags.values())) as events:
            while len(seen) < len(names):
                seen |= {names[each["tag"]]: each["value"] for each in await events.take()}
            await change()
            while seen != {name: self.forms[name] for name in self.types}:
                seen |= {names[each["tag"]]: each["value"] for each in await events.take()}
        return seen


class WebSocket(Rest):
    """The WebSocket of the runtime."""

    async def heard(self, change: Callable[[], Awaitable[None]]) -> dict[str, Any]:
        names = {tag: name for name, tag in self.tags.items()}
        async with self.rig.live.socket() as socket:
            await socket.ask("subscribe", tags=list(names))
            await change()
            while {names[tag]: each["value"] for tag, each in socket.values.items()} != {
                name: self.forms[name] for name in self.types
            }:
                await socket.receive()
        return {names[tag]: each["value"] for tag, each in socket.values.items()}


class Wincc(Interface):
    """The REST service of WinCC."""

    forms = WINCC
    base = "/WinCCRestService/tagManagement"

    async def read(self, but: str = "") -> dict[str, Any]:
        answer = await self.rig.live.http.post(f"{self.base}/Values", json={"variableNames": list(self.tags.values())})
        found = {name: each for name, each in zip(self.types, answer.json(), strict=True) if name != but}
        assert {name: each["dataType"] for name, each in found.items()} == {n: WINCC_TYPES[n] for n in found}
        inexact = {name for name, each in found.items() if each["qualitycode"] != 128}
        assert inexact == {"LWord", "LInt", "ULInt"} - {but}
        return {name: each["value"] for name, each in found.items()}

    async def write(self, values: dict[str, Any]) -> None:
        exact = values | {name: PUBLISHED[name] for name in ("LWord", "LInt", "ULInt")}
        for name, value in exact.items():
            answer = await self.rig.live.http.put(f"{self.base}/Value/{self.tags[name]}", json={"value": value})
            assert answer.status_code == 200, (name, answer.text)


class WebDev(Interface):
    """The routes of Ignition."""

    base = "/system/webdev/default/api"

    def _paths(self) -> list[str]:
        return [f"[{self.source}]{tag.partition(':')[2].replace('.', '/')}" for tag in self.tags.values()]

    async def read(self, but: str = "") -> dict[str, Any]:
        query = [("path", each) for each in self._paths()] + [("flat", "false")]
        answer = await self.rig.live.http.get(f"{self.base}/tags", params=query)
        found = {name: each for name, each in zip(self.types, answer.json(), strict=True) if name != but}
        assert {each["quality"] for each in found.values()} == {"Good"}
        return {name: each["value"] for name, each in found.items()}

    async def write(self, values: dict[str, Any]) -> None:
        paths = dict(zip(self.types, self._paths(), strict=True))
        writes = [{"path": paths[name], "value": value} for name, value in values.items()]
        answer = await self.rig.live.http.post(f"{self.base}/write", json={"writes": writes})
        assert answer.status_code == 200, answer.text


class GraphQl(Interface):
    """WinCC Unified's GraphQL."""

    async def begin(self) -> None:
        self.client = Unified(self.rig.live)
        query = 'mutation($p: String!) { login(username: "gisela", password: $p) { token error { code } } }'
        self.client.token = (await self.client.ask(query, p=PASSWORD))["login"]["token"]

    async def read(self, but: str = "") -> dict[str, Any]:
        query = "query($n: [String!]!) { tagValues(names: $n) { value { value } error { code } } }"
        found = (await self.client.ask(query, n=list(self.tags.values())))["tagValues"]
        good = {name: each for name, each in zip(self.types, found, strict=True) if name != but}
        assert {each["error"]["code"] for each in good.values()} == {"0"}
        return {name: each["value"]["value"] for name, each in good.items()}

    async def write(self, values: dict[str, Any]) -> None:
        query = "mutation($w: [TagValueInput]!) { writeTagValues(input: $w) { name error { code description } } }"
        writes = [{"name": self.tags[name], "value": value} for name, value in values.items()]
        found = (await self.client.ask(query, w=writes))["writeTagValues"]
        assert [each["error"]["code"] for each in found] == ["0"] * len(found), found

    async def heard(self, change: Callable[[], Awaitable[None]]) -> dict[str, Any]:
        names = {tag: name for name, tag in self.tags.items()}
        query = "subscription($n: [String!]!) { tagValues(names: $n) { name value { value } } }"
        seen: dict[str, Any] = {}
        async with self.client.socket() as socket:
            await socket.start(query, n=list(names))
            await change()
            while seen != {name: self.forms[name] for name in self.types}:
                message = (await socket.take())["payload"]["data"]["tagValues"]
                seen[names[message["name"]]] = message["value"]["value"]
        return seen


class OpcUa(Interface):
    """The OPC UA server."""

    forms = OPCUA

    async def begin(self) -> None:
        self.url = await self.rig.serve(**OPEN | {"source": self.source})

    def _nodes(self) -> dict[str, Any]:
        form = '"All"."v_{}"' if self.source == "PLC_1" else '"v_{}"'
        return {name: ua.NodeId(form.format(name), 3) for name in self.types}

    async def read(self, but: str = "") -> dict[str, Any]:
        async with connect(self.url) as client:
            found = await client.uaclient.read_attributes(list(self._nodes().values()), ua.AttributeIds.Value)
        good = {name: each for name, each in zip(self.types, found, strict=True) if name != but}
        assert {each.StatusCode.name for each in good.values()} == {"Good"}
        return {name: each.Value.Value for name, each in good.items()}

    async def write(self, values: dict[str, Any]) -> None:
        nodes = self._nodes()
        async with connect(self.url) as client:
            types = {name: await client.get_node(nodes[name]).read_data_type_as_variant_type() for name in values}
            given = {"Real": -0.1}
            written = [ua.DataValue(ua.Variant(given.get(name, value), types[name])) for name, value in values.items()]
            statuses = await client.uaclient.write_attributes(
                [nodes[name] for name in values], written, ua.AttributeIds.Value
            )
        assert {name: each.name for name, each in zip(values, statuses, strict=True)} == dict.fromkeys(values, "Good")

    async def heard(self, change: Callable[[], Awaitable[None]]) -> dict[str, Any]:
        heard, nodes = Heard(), self._nodes()
        async with connect(self.url) as client:
            subscription = await client.create_subscription(20, heard)
            await subscription.subscribe_data_change([client.get_node(each) for each in nodes.values()])
            await change()

            def now() -> dict[str, Any]:
                values = {name: heard.values.get(each.to_string()) for name, each in nodes.items()}
                return {name: each.Value.Value for name, each in values.items() if each is not None and each.Value}

            await until(lambda: now() == {name: self.forms[name] for name in self.types})
            return now()


class WebApi(Interface):
    """The Web API of an S7-1500."""

    forms = WEBAPI

    async def begin(self) -> None:
        body = {"enabled": True, "settings": {"port": 0, "source": self.source}}
        self.url = (await self.rig.ok("PUT", "/api/runtime/servers/webapi", body))["endpoints"][0]
        self.http = httpx.AsyncClient(verify=False, trust_env=False, timeout=60)  # noqa: S501 - its own certificate
        (login,) = await self._call([("Api.Login", {"user": "olga", "password": PASSWORD})])
        self.http.headers["X-Auth-Token"] = login["result"]["token"]

    async def end(self) -> None:
        await self.http.aclose()

    async def _call(self, calls: list[tuple[str, dict[str, Any]]]) -> list[Any]:
        body = [
            {"jsonrpc": "2.0", "id": number, "method": name, "params": given}
            for number, (name, given) in enumerate(calls)
        ]
        answers = (await self.http.post(self.url, json=body)).json()
        return sorted(answers, key=lambda each: int(each["id"]))

    def _vars(self) -> dict[str, str]:
        form = '"All".v_{}' if self.source == "PLC_1" else '"v_{}"'
        return {name: form.format(name) for name in self.types}

    async def read(self, but: str = "") -> dict[str, Any]:
        found = await self._call([("PlcProgram.Read", {"var": each}) for each in self._vars().values()])
        return {name: each.get("result", each) for name, each in zip(self.types, found, strict=True) if name != but}

    async def write(self, values: dict[str, Any]) -> None:
        names = self._vars()
        found = await self._call(
            [
                ("PlcProgram.Write", {"var": names[name], "value": PUBLISHED[name] if value is None else value})
                for name, value in values.items()
            ]
        )
        refused = {name: each["error"] for name, each in zip(values, found, strict=True) if "error" in each}
        assert refused == {}


Scenario = Callable[[Rig], Awaitable[None]]
INTERFACES = [Rest, WebSocket, Wincc, WebDev, GraphQl, OpcUa, WebApi]


async def reset(rig: Rig, source: str) -> None:
    """Give each tag another value than the declared one."""
    zero: dict[str, Any] = {"Bool": False, "Char": "a", "WChar": "a", "String": "", "WString": ""}
    zero |= {"Date": "1990-01-01", "Time_Of_Day": "00:00:00", "LTime_Of_Day": "00:00:00", "LDT": "1970-01-01T00:00:00"}
    zero |= {"Date_And_Time": "1990-01-01T00:00:00"}
    writes = [{"tag": path_of(source, each), "value": zero.get(each, 0)} for each in types_of(source)]
    found = await rig.ok("POST", "/api/runtime/values/actions/write", {"writes": writes})
    assert found["refused"] == 0, found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Scenario], None]]:
    """Runs scenarios with one service, which has the tags of all types and the users."""
    folder = tmp_path_factory.mktemp("clients")

    async def begin() -> Rig:
        rig = Rig(await serving.__aenter__(), folder)
        await prepare(rig)
        for name in ("gisela", "olga"):
            await rig.user(name, Right.OPERATE)
        return rig

    async def limited(scenario: Scenario) -> None:
        async with asyncio.timeout(240):
            await scenario(rig)

    with asyncio.Runner() as runner:
        serving = live(folder / "data")
        rig = runner.run(begin())
        yield lambda scenario: runner.run(limited(scenario))
        runner.run(serving.__aexit__(None, None, None))


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kind", INTERFACES)
def test_every_type_is_read_written_and_heard(
    run: Callable[[Scenario], None], kind: type[Interface], source: str
) -> None:
    async def scenario(rig: Rig) -> None:
        interface = kind(rig, source)
        wanted = {name: interface.forms[name] for name in interface.types}
        await reset(rig, source)
        await interface.begin()
        try:
            await interface.write(wanted)
            published = await Rest(rig, source).read()
            assert published == {name: PUBLISHED[name] for name in interface.types}
            assert await interface.read() == wanted
            if kind.heard is not Interface.heard:
                await reset(rig, source)
                assert await interface.heard(lambda: Rest(rig, source).write(published)) == wanted
        finally:
            await interface.end()

    run(scenario)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [each for each in INTERFACES if each is not WebSocket])
def test_one_bad_value_harms_no_other_item(run: Callable[[Scenario], None], kind: type[Interface]) -> None:
    """A source gives values that are not of their types; each of the others is there, in the same answer."""

    async def scenario(rig: Rig) -> None:
        interface = kind(rig, "memory")
        await Rest(rig, "memory").write({name: PUBLISHED[name] for name in interface.types})
        await interface.begin()
        memory = rig.live.memory
        try:
            for name in interface.types:
                tag = memory._tags[f"v_{name}".casefold()]
                for broken in ("not a value", 1 << 70, 1.5, [1], {"a": 1}):
                    memory._tags[f"v_{name}".casefold()] = msgspec.structs.replace(tag, value=broken)
                    found = await interface.read(name)
                    assert found == {each: interface.forms[each] for each in interface.types if each != name}, broken
                memory._tags[f"v_{name}".casefold()] = tag
        finally:
            await interface.end()

    run(scenario)
