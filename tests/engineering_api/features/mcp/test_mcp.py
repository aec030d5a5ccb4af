"""MCP over its transports, driven by the client of the official SDK; and the routes about it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path

import anyio
import httpx2
import mcp_types as types
import pytest
from jsonschema import Draft202012Validator
from mcp.client.client import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from benchmarks.reports.tool_choice import TOKEN_BYTES, count_tokens
from engineering_api.app import catalogue
from engineering_api.cli.mcp_stdio import sse_url
from engineering_api.features.mcp.prompts import PROMPTS
from engineering_api.features.mcp.setups import Server, setups
from engineering_api.features.tools.answers import BUDGET
from engineering_api.features.tools.own import OWN
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.settings import ToolProfile, from_environment
from openness_bridge.errors import Problem
from tests import ROOT
from tests.engineering_api.features.mcp.mcp_kit import HEADERS, Served, ok, refused, run, served, tia, with_plc
from tests.support.service import BACKEND, KEY
from tests.support.service import Client as Rest

ENGINEER = Caller("engineer", Right.ADMINISTER)
VENDOR = {"get_project_status", "list_devices", "list_blocks"}
TRANSPORTS = ("streamable", "sse", "proxied")
MODES = ("auto", "legacy")
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
ACCEPT = {"Accept": "application/json, text/event-stream"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": {"name": "old", "version": "1"}},
}


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("writable"), mcp_write=True) as server:
        yield server


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("reading")) as server:
        yield server


# -- transports -----------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_every_transport_serves_tools_resources_and_prompts(writable: Served, transport: str, mode: str) -> None:
    async def steps(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} >= VENDOR
        for tool in tools:
            Draft202012Validator.check_schema(tool.input_schema)
            assert tool.output_schema is None, "schemas of answers cost more than all the rest"
        status = await client.call_tool("get_project_status", {})
        assert json.loads(status.content[0].text) == status.structured_content
        assert status.structured_content["result"]["backend"] == BACKEND
        assert "tia://project" in [str(each.uri) for each in (await client.list_resources()).resources]
        assert [each.name for each in (await client.list_prompts()).prompts] == list(PROMPTS)
        assert "Documentation" in str(await client.list_resource_templates())

    run(steps, getattr(writable, transport)(mode))


# -- profiles -----------------------------------------------------------------------------


def names_of(server: Served, connect: AbstractAsyncContextManager[Client]) -> set[str]:
    """The names of the tools that a client sees."""
    found: set[str] = set()

    async def steps(client: Client) -> None:
        found.update(tool.name for tool in (await client.list_tools()).tools)

    run(steps, connect)
    return found


def expected(server: Served, profile: ToolProfile, *, writing: bool) -> set[str]:
    """The names of the tools of a profile."""
    toolbox = server.app.state.service.part(Toolbox)
    return {tool.name for tool in toolbox.list_tools(ENGINEER, writing=writing, profile=profile)}


@asynccontextmanager
async def choosing(server: Served, transport: str, query: str = "", header: str = "") -> AsyncIterator[Client]:
    """A client that chooses its tools by a query or a header."""
    headers = HEADERS | ({"X-TIA-Tools": header} if header else {})
    if transport == "sse":
        async with Client(sse_client(f"{server.url}/mcp/sse{query}", headers=headers)) as client:
            yield client
        return
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        way = streamable_http_client(f"{server.url}/mcp{query}", http_client=http)
        async with Client(way) as client:
            yield client


@pytest.mark.parametrize("transport", ["streamable", "sse"])
@pytest.mark.parametrize("way", [{"query": "?tools=code"}, {"header": "code"}])
def test_a_client_chooses_its_tools_over_http(writable: Served, transport: str, way: dict[str, str]) -> None:
    shown = names_of(writable, choosing(writable, transport, **way))
    assert shown == expected(writable, "code", writing=True)
    assert "write_scl" in shown
    assert not {"plcsim_read_tag", "add_device"} & shown


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["read", "simulate"])
def test_a_client_that_starts_a_program_chooses_its_tools(
    writable: Served, tmp_path: Path, profile: ToolProfile
) -> None:
    proxied = Client(tia("mcp", "--url", writable.url, "--tools", profile, key=KEY))
    assert names_of(writable, proxied) == expected(writable, profile, writing=True)
    own = ("mcp", "--backend", "fake", "--headless", "--mcp-write", "--data-dir", str(tmp_path), "--tools", profile)
    assert names_of(writable, Client(tia(*own))) == expected(writable, profile, writing=True)


def test_a_tool_that_is_not_listed_can_be_called(writable: Served) -> None:
    async def steps(client: Client) -> None:
        assert "search_catalog" not in {tool.name for tool in (await client.list_tools()).tools}
        found = await ok(client, "call_operation", operation="search_catalog", arguments={"query": "1511", "limit": 1})
        assert found == await ok(client, "search_catalog", query="1511", limit=1)
        answer = await ok(client, "find_operations", text="search the catalogue", answers=True)
        shown = next(each for each in answer["result"] if each["name"] == "search_catalog")
        Draft202012Validator(shown["answer"]).validate(found)

    run(steps, choosing(writable, "streamable", "?tools=code"))


def test_the_setting_chooses_the_tools_of_clients_that_choose_none(tmp_path: Path) -> None:
    with served(tmp_path, mcp_tools="read", mcp_write=True) as server:
        assert names_of(server, server.streamable()) == expected(server, "read", writing=True)
        assert names_of(server, choosing(server, "streamable", "?tools=all")) == expected(server, "all", writing=True)
        info = rest(server, "GET", "/mcp/info")["data"]
        assert (info["toolProfile"], set(info["tools"])) == ("read", expected(server, "read", writing=True))


@pytest.mark.parametrize("path", ["/mcp", "/mcp/sse", "/mcp/messages"])
def test_an_unknown_set_of_tools_is_refused_with_those_that_there_are(reading: Served, path: str) -> None:
    method = "GET" if path.endswith("sse") else "POST"
    answer = httpx2.request(method, f"{reading.url}{path}?tools=most", headers=ACCEPT | HEADERS, json=PING)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "mcp.unknown_profile")
    assert "read, code, simulate, all" in answer.json()["error"]["message"]


def test_the_list_as_it_is_sent_costs_what_the_benchmark_counts(writable: Served) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    opened = httpx2.post(f"{writable.url}/mcp", headers=ACCEPT | HEADERS, json=INITIALIZE)
    mine = ACCEPT | HEADERS | {"mcp-session-id": opened.headers["mcp-session-id"]}
    sent = httpx2.post(f"{writable.url}/mcp", headers=mine, json=body, timeout=60).text
    data = next(line for line in sent.splitlines() if line.startswith("data: ")).removeprefix("data: ")
    listed = json.dumps(json.loads(data)["result"], separators=(",", ":"), ensure_ascii=False)
    tools = writable.app.state.service.part(Toolbox).list_tools(ENGINEER, writing=True)
    assert abs(len(listed.encode()) / TOKEN_BYTES - count_tokens(tools)) < 100
    assert len(listed.encode()) / TOKEN_BYTES < 8000


@pytest.mark.slow
def test_a_server_of_its_own_speaks_over_standard_input_and_output(tmp_path: Path) -> None:
    async def steps(client: Client) -> None:
        await with_plc(client)
        blocks = (await ok(client, "list_blocks", deviceName="PLC_1"))["result"]
        assert [block["name"] for block in blocks] == ["Main"]
        await ok(client, "save_project")

    async def again(client: Client) -> None:
        found = (await ok(client, "list_devices"))["result"]
        assert [device["cpuName"] for device in found] == ["PLC_1"]
        await refused(client, "tool.read_only", "create_tag", deviceName="PLC_1", name="t")

    own = ("mcp", "--backend", "fake", "--headless", "--data-dir", str(tmp_path))
    run(steps, Client(tia(*own, "--mcp-write")))
    project = next(tmp_path.rglob("Plant.ap20"))
    run(again, Client(tia(*own, "--project", str(project))))


@pytest.mark.slow
def test_a_proxy_says_what_is_wrong(tmp_path: Path, reading: Served) -> None:
    async def outcome(*arguments: str, key: str = KEY) -> str:
        parameters = tia("mcp", *arguments, key=key)
        process = await asyncio.create_subprocess_exec(
            parameters.command,
            *parameters.args,
            env={"TIA_API_KEY": key, "PATH": ""},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(b"")
        assert out == b"", "standard output belongs to the protocol"
        return err.decode()

    async def main() -> None:
        assert "mcp.not_reached" in await outcome("--url", reading.url, key="wrong")
        assert "mcp.no_key" in await outcome("--url", reading.url, "--data-dir", str(tmp_path), key="")
        assert f"Connected. Endpoint: {reading.url}/mcp/sse" in await outcome("--url", f"{reading.url}/mcp")

    asyncio.run(main())


def test_the_environment_names_the_server(tmp_path: Path) -> None:
    async def main() -> bytes:
        parameters = tia("mcp", "--data-dir", str(tmp_path))
        process = await asyncio.create_subprocess_exec(
            parameters.command,
            *parameters.args,
            env={"TIA_API_KEY": KEY, "TIA_URL": "http://127.0.0.1:9", "PATH": ""},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return (await process.communicate(b""))[1]

    said = asyncio.run(main()).decode()
    assert "mcp.not_reached" in said and "http://127.0.0.1:9/mcp/sse" in said


@pytest.mark.slow
def test_a_proxy_answers_what_was_asked_before_its_input_ended(reading: Served) -> None:
    async def main() -> None:
        parameters = tia("mcp", "--url", reading.url)
        process = await asyncio.create_subprocess_exec(
            parameters.command,
            *parameters.args,
            env={"TIA_API_KEY": KEY, "PATH": ""},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        lines = [
            INITIALIZE,
            {"jsonrpc": "2.0", "method": "notifications/initialized"},
            {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
        ]
        out, _ = await process.communicate(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        answers = [json.loads(line) for line in out.splitlines()]
        assert [answer["id"] for answer in answers] == [1, 2]
        assert len(answers[1]["result"]["tools"]) > 10

    asyncio.run(main())


def test_a_proxy_ends_with_its_server(tmp_path: Path) -> None:
    async def main(server: Served, stop: Callable[[], None]) -> None:
        parameters = tia("mcp", "--url", server.url)
        process = await asyncio.create_subprocess_exec(
            parameters.command,
            *parameters.args,
            env={"TIA_API_KEY": KEY, "PATH": ""},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        process.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
        assert json.loads(await process.stdout.readline())["id"] == 1
        await asyncio.to_thread(stop)
        assert b"The server ended." in await process.stderr.read()
        assert await process.wait() == 3

    with ExitStack() as stack:
        server = stack.enter_context(served(tmp_path))
        asyncio.run(main(server, stack.close))


@pytest.mark.parametrize("named", ["http://h:9000", "http://h:9000/", "http://h:9000/mcp", "h:9000/mcp/sse"])
def test_any_address_of_a_server_leads_to_its_stream(named: str) -> None:
    assert sse_url(named) == "http://h:9000/mcp/sse"


def test_the_older_pair_is_as_the_contract_has_it(reading: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client gives no session id; the server announces one as sessionId, and its heartbeat keeps the stream alive."""
    from sse_starlette.sse import EventSourceResponse

    assert EventSourceResponse.DEFAULT_PING_INTERVAL == 15
    monkeypatch.setattr(EventSourceResponse, "DEFAULT_PING_INTERVAL", 0.05)
    with httpx2.Client(headers=HEADERS, timeout=30) as http, http.stream("GET", f"{reading.url}/mcp/sse") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: endpoint"
        path = next(lines).removeprefix("data: ")
        assert path.startswith("/mcp/messages?sessionId=")
        assert any(line.startswith(": ping") for line in lines)
        assert http.post(reading.url + path, json=INITIALIZE).status_code == 202
        answer = json.loads(next(line for line in lines if line.startswith("data: ")).removeprefix("data: "))
        assert answer["result"]["protocolVersion"] == "2024-11-05"
        assert answer["result"]["serverInfo"]["name"] == "tia-connect"
        hyphened = "/mcp/messages?session_id=" + path.partition("=")[2]
        assert http.post(reading.url + hyphened, json=PING | {"id": 2}).status_code == 202
        assert http.post(f"{reading.url}/mcp/messages?sessionId={'0' * 32}", json=PING).status_code == 404
        assert http.post(f"{reading.url}/mcp/messages", json=PING).status_code == 400


# -- who may ask ------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/mcp", "/mcp/sse", "/mcp/messages?sessionId=00000000000000000000000000000000"])
@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"X-API-Key": ""}, 401, "auth.key"),
        ({"X-API-Key": "wrong"}, 401, "auth.key"),
        ({"Host": "rebound.example"}, 421, "request.host"),
        ({"Host": "rebound.example:9000"}, 421, "request.host"),
        ({"Origin": "https://page.example"}, 403, "request.origin"),
        ({"Origin": "null"}, 403, "request.origin"),
        ({"X-TIA-Instance": "x"}, 400, "request.instance"),
    ],
)
def test_strangers_and_pages_of_others_are_refused(
    reading: Served, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    method = "GET" if path.endswith("sse") else "POST"
    answer = httpx2.request(method, reading.url + path, headers=ACCEPT | HEADERS | headers, json=PING)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_without_a_key_nothing_is_told(reading: Served) -> None:
    assert httpx2.post(f"{reading.url}/mcp", headers=ACCEPT, json=PING).json()["error"]["code"] == "auth.required"


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:9000", "192.168.0.7:9000", "plant-pc.local"])
def test_names_and_addresses_of_the_server_itself_pass(tmp_path: Path, host: str) -> None:
    with served(tmp_path, hosts=["plant-pc.local"]) as server:
        answer = httpx2.post(f"{server.url}/mcp", headers=ACCEPT | HEADERS | {"Host": host}, json=INITIALIZE)
        assert answer.status_code == 200


def test_the_environment_says_what_clients_may() -> None:
    found = from_environment({"TIA_MCP_WRITE": "1", "TIA_HOSTS": "a.local,b.local"})
    assert (found.mcp_write, found.hosts) == (True, ["a.local", "b.local"])
    assert from_environment({}).mcp_write is False
    assert (from_environment({}).mcp_tools, from_environment({"TIA_MCP_TOOLS": "code"}).mcp_tools) == ("all", "code")
    with pytest.raises(Problem, match="most"):
        from_environment({"TIA_MCP_TOOLS": "most"})


# -- sessions -----------------------------------------------------------------------------


def rest(server: Served, method: str, path: str, **body: object) -> dict:
    return httpx2.request(method, server.url + path, headers=HEADERS, json=body or None).json()


def test_sessions_are_seen_and_ended(reading: Served) -> None:
    async def steps(client: Client) -> None:
        await client.list_tools()
        await client.call_tool("get_project_status", {})
        listed = await asyncio.to_thread(rest, reading, "GET", "/mcp/sessions")
        mine = next(each for each in listed["data"] if each["transport"] == "streamable-http")
        assert (mine["client"].startswith("mcp"), mine["caller"]) == (True, "api-key")
        assert (mine["calls"] >= 2, mine["protocol"]) == (True, "2025-11-25")
        shown = await asyncio.to_thread(rest, reading, "GET", f"/mcp/sessions/{mine['sessionId']}")
        assert shown["data"]["sessionId"] == mine["sessionId"]
        none = await asyncio.to_thread(rest, reading, "POST", "/mcp/sessions/cleanup", idleMinutes=30)
        assert none["data"]["removed"] == 0
        ended = await asyncio.to_thread(rest, reading, "POST", "/mcp/sessions/cleanup", sessionId=mine["sessionId"])
        assert [each["sessionId"] for each in ended["data"]["sessions"]] == [mine["sessionId"]]
        gone = await asyncio.to_thread(rest, reading, "GET", f"/mcp/sessions/{mine['sessionId']}")
        assert gone["error"]["code"] == "mcp.session_not_found"
        with pytest.raises(MCPError):
            await client.list_prompts()

    run(steps, reading.streamable("legacy"))


def test_a_stream_that_is_ended_from_here_ends_for_its_client(reading: Served) -> None:
    with httpx2.Client(headers=HEADERS, timeout=30) as http, http.stream("GET", f"{reading.url}/mcp/sse") as stream:
        lines = stream.iter_lines()
        session = [next(lines), next(lines)][1].partition("=")[2]
        assert rest(reading, "GET", f"/mcp/sessions/{session}")["data"]["transport"] == "sse"
        assert rest(reading, "POST", "/mcp/sessions/cleanup", sessionId=session)["data"]["removed"] == 1
        assert not any(line.startswith("event:") for line in lines)


def test_a_client_that_ends_its_session_is_forgotten(reading: Served) -> None:
    opened = httpx2.post(f"{reading.url}/mcp", headers=ACCEPT | HEADERS, json=INITIALIZE)
    session = opened.headers["mcp-session-id"]
    assert rest(reading, "GET", f"/mcp/sessions/{session}")["success"] is True
    mine = ACCEPT | HEADERS | {"mcp-session-id": session}
    assert httpx2.delete(f"{reading.url}/mcp", headers=mine).status_code == 200
    assert rest(reading, "GET", f"/mcp/sessions/{session}")["success"] is False
    assert httpx2.post(f"{reading.url}/mcp", headers=mine, json=PING).status_code == 404


# -- progress, cancellation, resources, prompts -----------------------------------------------

SLOW = "block: Lamp\ntests:\n" + "".join(
    f"- name: T{number}\n  steps:\n  - write: {{on: true}}\n    wait: 20s\n    expect: {{q: true}}\n"
    for number in range(400)
)
LAMP = "FUNCTION_BLOCK Lamp\nVAR_INPUT\n  on : Bool;\nEND_VAR\nVAR_OUTPUT\n  q : Bool;\nEND_VAR\nBEGIN\n  #q := #on;\nEND_FUNCTION_BLOCK\n"


@pytest.mark.parametrize("mode", MODES)
def test_a_long_call_reports_its_progress_and_can_be_cancelled(writable: Served, mode: str) -> None:
    reports: list[tuple[float, str | None]] = []

    async def steps(client: Client) -> None:
        seen = anyio.Event()

        async def told(progress: float, _total: float | None, message: str | None) -> None:
            reports.append((progress, message))
            seen.set()

        async with anyio.create_task_group() as group:

            async def call() -> None:
                arguments = {"tests": SLOW, "sources": [{"name": "lamp.scl", "content": LAMP}]}
                await client.call_tool("run_tests", arguments, progress_callback=told)

            group.start_soon(call)
            await seen.wait()
            group.cancel_scope.cancel()
        job = {"status": "Running"}
        while job["status"] == "Running":  # each question gives the job time to stop
            job = (await ok(client, "call_operation", operation="jobs.list_"))["result"][0]
        assert (job["operation"], job["status"]) == ("plc_tests.run", "Cancelled")

    run(steps, writable.streamable(mode))
    assert reports


def test_what_is_too_large_is_cut_and_read_in_pages(reading: Served) -> None:
    async def steps(client: Client) -> None:
        answer = await client.call_tool("call_operation", {"operation": "system.docs"})
        link = next(each for each in answer.content if each.type == "resource_link")
        assert len(answer.content[0].text) < 14_000
        assert answer.structured_content["cut"]
        first = await client.read_resource(str(link.uri))
        meta = first.contents[0].meta
        assert meta is not None and meta["pages"] > 1
        second = await client.read_resource(f"{link.uri}?page=2")
        by_tool = await ok(client, "read_resource", uri=str(link.uri), page=2)
        assert second.contents[0].text == by_tool["result"]["text"]
        assert first.contents[0].text.startswith(answer.structured_content["result"][:200])
        whole = "".join(
            [(await client.read_resource(f"{link.uri}?page={n}")).contents[0].text for n in range(1, meta["pages"] + 1)]
        )
        assert len(whole) == meta["characters"]
        for wrong in (f"{link.uri}?page={meta['pages'] + 1}", f"{link.uri}?p=1", "tia://results/none", "tia://nothing"):
            with pytest.raises(MCPError):
                await client.read_resource(wrong)

    run(steps, reading.streamable())


def test_documentation_and_conformance_are_resources(reading: Served) -> None:
    async def steps(client: Client) -> None:
        sections = (await client.read_resource("tia://docs")).contents[0].text
        assert "(tia://docs/blocks)" in sections
        assert "conformance" in sections
        page = (await client.read_resource("tia://docs/blocks")).contents[0]
        assert (page.mime_type, "block" in page.text.casefold()) == ("text/markdown", True)

    run(steps, reading.streamable())


def test_prompts_name_tools_that_there_are(reading: Served) -> None:
    async def steps(client: Client) -> None:
        given = {"device": "PLC_1", "block": "Motor", "table": "T", "rule": "R", "task": "a {brace}", "symptom": "S"}
        for each in (await client.list_prompts()).prompts:
            wanted = {argument.name: given[argument.name] for argument in each.arguments if argument.required}
            text = (await client.get_prompt(each.name, wanted)).messages[0].content.text
            assert "data" in text and "{device}" not in text
            with pytest.raises(MCPError):
                await client.get_prompt(each.name, {})
        with pytest.raises(MCPError):
            await client.get_prompt("nonsense", {})

    run(steps, reading.streamable())


def test_arguments_are_completed_with_what_there_is(tmp_path: Path) -> None:
    async def values(client: Client, argument: str, text: str, **known: str) -> list[str]:
        ref = types.ResourceTemplateReference(uri="tia://devices/{device}/blocks/{block}")
        found = await client.complete(ref, {"name": argument, "value": text}, known)
        return found.completion.values

    async def steps(client: Client) -> None:
        assert await values(client, "device", "") == []
        await with_plc(client)
        assert await values(client, "device", "plc") == ["PLC_1"]
        assert await values(client, "block", "m", device="PLC_1") == ["Main"]
        assert await values(client, "block", "m") == await values(client, "block", "x", device="PLC_1") == []
        assert await values(client, "table", "", device="PLC_1") == ["Default tag table"]
        assert await values(client, "block", "", device="none") == await values(client, "task", "") == []
        assert "blocks" in await values(client, "section", "BLO")

    with served(tmp_path, mcp_write=True) as server:
        run(steps, server.streamable())


# -- the routes about it -----------------------------------------------------------------------


def test_info_tells_what_is_there(client: Rest) -> None:
    info = client.ok("GET", "/mcp/info")
    assert (info["name"], info["writing"]) == ("tia-connect", False)
    assert set(info["tools"]) >= VENDOR
    assert info["allTools"] > 200
    assert {"2024-11-05", "2026-07-28"} <= set(info["protocolVersions"])
    assert [each["kind"] for each in info["transports"]] == ["streamable-http", "sse", "stdio"]


def test_instance_tells_which_portal_is_reached(client: Rest) -> None:
    assert client.ok("GET", "/mcp/instance")["project"] is None
    client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
    found = client.ok("GET", "/mcp/instance")
    assert (found["project"], found["backend"], found["writing"]) == ("Conveyor", BACKEND, False)
    assert found["portalProcessId"]


def test_blocks_for_clients_hold_no_key(client: Rest) -> None:
    found = client.ok("GET", "/mcp/config")
    assert [each["client"] for each in found["clients"]] == [
        "claude-desktop",
        "claude-code",
        "cursor",
        "vscode",
        "continue",
    ]
    assert KEY not in json.dumps(found)
    for each in found["clients"]:
        assert (each["format"] == "json") == isinstance(_json(each["block"]), dict)
    one = client.ok("GET", "/mcp/config", client="cursor")["clients"]
    assert json.loads(one[0]["block"])["mcpServers"]["tia-connect"]["url"] == found["url"]
    client.refused(404, "mcp.unknown_client", "GET", "/mcp/config", client="emacs")


def test_no_session_is_no_error(client: Rest) -> None:
    assert client.ok("GET", "/mcp/sessions") == []
    client.refused(404, "mcp.session_not_found", "GET", "/mcp/sessions/none")
    client.refused(404, "mcp.session_not_found", "POST", "/mcp/sessions/cleanup", {"sessionId": "none"})
    assert client.ok("POST", "/mcp/sessions/cleanup", {})["removed"] == 0


@pytest.mark.slow
def test_the_block_of_a_client_that_starts_a_program_works(reading: Served) -> None:
    """What /mcp/config gives is run as it stands, but for the program's name."""
    block = json.loads(rest(reading, "GET", "/mcp/config?client=claude-desktop")["data"]["clients"][0]["block"])
    arguments = block["mcpServers"]["tia-connect"]["args"]
    assert arguments[0] == "mcp"

    async def steps(client: Client) -> None:
        assert not (await client.call_tool("get_project_status", {})).is_error

    run(steps, Client(tia(*arguments, key=KEY)))


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


PAGE = ROOT / "docs" / "mcp.md"


def test_the_page_shows_the_blocks_that_are_served() -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = setups(Server("http://127.0.0.1:9000", ("mcp", "--url", "http://127.0.0.1:9000")))
    for each in found:
        section = text.partition(f"### {each.title}\n")[2].partition("\n##")[0]
        assert f"```{each.format}\n{each.block}```" in section, each.title
        assert f"`{each.file}`" in section
        assert each.command in section


def test_the_page_names_tools_and_prompts_that_there_are(client: Rest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    info = client.ok("GET", "/mcp/info")
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", text))
    assert named <= {op.tool for op in catalogue()} | {*OWN, *PROMPTS}
    assert all(f"`{each}" in text for each in info["resources"])
    assert f"{BUDGET:,} characters" in text
