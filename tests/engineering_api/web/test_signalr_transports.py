"""SignalR 2 over its three transports, as a program speaks them to a server process: each message comes once."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.journeys.clients.tools import NODE, needs_node
from tests.support.service import KEY

HUBS = json.dumps([{"name": "jobhub"}])
PATIENCE = 60
STATES = ["Pending", "Running", "Completed"]


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers={"X-API-Key": KEY}, timeout=PATIENCE) as client:
        yield client


def negotiate(http: httpx.Client, **headers: str) -> Any:
    given = {"connectionData": HUBS, "clientProtocol": "2.1"}
    answer = http.get("/signalr/negotiate", params=given, headers={**http.headers, **headers})
    assert answer.status_code == 200, answer.text
    return answer.json()


def query(token: str, transport: str, **more: str) -> dict[str, str]:
    return {"transport": transport, "clientProtocol": "2.1", "connectionToken": token, "connectionData": HUBS} | more


def submit(http: httpx.Client) -> str:
    answer = http.post("/api/catalog/actions/find", json={"orderNumber": "6ES7 511-1AK02-0AB0"})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["data"]["jobId"])


def states(messages: list[Any], job: str) -> list[str]:
    return [each["A"][1] for each in messages if each["M"] == "jobStatusChanged" and each["A"][0] == job]


class Polling:
    """A client that sends what it got last in a form, as the official one does."""

    transport = "longPolling"

    def __init__(self, http: httpx.Client, token: str) -> None:
        self.http, self.token = http, token
        first = http.post("/signalr/connect", params=query(token, self.transport)).json()
        assert first["S"] == 1
        self.form, self.path = {"messageId": first["C"], "groupsToken": first["G"]}, "poll"

    def take(self) -> list[Any]:
        answer = self.http.post(f"/signalr/{self.path}", params=query(self.token, self.transport), data=self.form)
        assert answer.status_code == 200, answer.text
        document = answer.json()
        self.form, self.path = {"messageId": document["C"], "groupsToken": document["G"]}, "poll"
        return list(document["M"])

    def come_back(self) -> None:
        self.path = "reconnect"

    def close(self) -> None:
        pass


class Events:
    """A client of server-sent events."""

    transport = "serverSentEvents"

    def __init__(self, http: httpx.Client, token: str) -> None:
        self.http, self.token, self.last = http, token, ("", "")
        self._open("connect")
        assert self._next()["S"] == 1

    def _open(self, path: str, headers: dict[str, str] | None = None, **more: str) -> None:
        parameters = query(self.token, self.transport, **more)
        self._entered = self.http.stream("GET", f"/signalr/{path}", params=parameters, headers=headers)
        self._answer = self._entered.__enter__()
        assert self._answer.headers["Content-Type"].startswith("text/event-stream")
        self._lines = (line.removeprefix("data: ") for line in self._answer.iter_lines() if line.startswith("data: "))
        assert next(self._lines) == "initialized"

    def _next(self) -> Any:
        document = json.loads(next(self._lines))
        self.last = (document.get("C", self.last[0]), document.get("G", self.last[1]))
        return document

    def take(self) -> list[Any]:
        return list(self._next().get("M", []))

    def come_back(self) -> None:
        self.close()
        self._open("reconnect", messageId=self.last[0], groupsToken=self.last[1])

    def close(self) -> None:
        self._entered.__exit__(None, None, None)


class Socket:
    """A client of WebSockets."""

    transport = "webSockets"

    def __init__(self, http: httpx.Client, token: str) -> None:
        self.http, self.token, self.last = http, token, ("", "")
        self.connection = open_socket(http, "connect", query(token, self.transport))
        assert self._next()["S"] == 1

    def _next(self) -> Any:
        document = json.loads(self.connection.recv(PATIENCE))
        self.last = (document.get("C", self.last[0]), document.get("G", self.last[1]))
        return document

    def take(self) -> list[Any]:
        return list(self._next().get("M", []))

    def come_back(self) -> None:
        self.close()
        message_id, groups = self.last
        sent = query(self.token, self.transport, messageId=message_id, groupsToken=groups)
        self.connection = open_socket(self.http, "reconnect", sent)

    def close(self) -> None:
        self.connection.close()


def open_socket(http: httpx.Client, path: str, sent: dict[str, str], **headers: str) -> ClientConnection:
    address = f"ws{str(http.base_url).removeprefix('http').rstrip('/')}/signalr/{path}?{urlencode(sent)}"
    return connect(address, additional_headers=headers or {"X-API-Key": KEY}, proxy=None)


@pytest.fixture(params=[Polling, Events, Socket])
def listener(http: httpx.Client, request: pytest.FixtureRequest) -> Iterator[Any]:
    found = request.param(http, negotiate(http)["ConnectionToken"])
    start = http.get("/signalr/start", params=query(found.token, found.transport))
    assert start.json() == {"Response": "started"}
    yield found
    found.close()
    http.post("/signalr/abort", params=query(found.token, found.transport))


def until_ended(listener: Any, job: str) -> list[Any]:
    """All messages up to a job's end."""
    seen: list[Any] = []
    while "Completed" not in states(seen, job):
        seen += listener.take()
    return seen


def test_each_message_comes_once(http: httpx.Client, listener: Any) -> None:
    first = submit(http)
    seen = until_ended(listener, first)
    second = submit(http)
    seen += until_ended(listener, second)
    assert [states(seen, job) for job in (first, second)] == [STATES, STATES]


def test_each_message_comes_once_also_when_the_client_was_away(http: httpx.Client, listener: Any) -> None:
    before = submit(http)
    seen = until_ended(listener, before)
    during = submit(http)
    listener.come_back()
    seen += until_ended(listener, during)
    after = submit(http)
    seen += until_ended(listener, after)
    assert [states(seen, job) for job in (before, during, after)] == [STATES] * 3


def test_a_client_gets_what_it_missed_over_another_transport(http: httpx.Client) -> None:
    token = negotiate(http)["ConnectionToken"]
    events = Events(http, token)
    first = submit(http)
    seen = until_ended(events, first)
    events.close()
    second = submit(http)
    polling = Polling(http, token)
    polling.form = {"messageId": events.last[0]}
    seen += until_ended(polling, second)
    assert [states(seen, job) for job in (first, second)] == [STATES, STATES]


def test_an_event_source_that_connects_again_by_itself_continues(http: httpx.Client) -> None:
    parameters = query(negotiate(http)["ConnectionToken"], "serverSentEvents")
    seen: list[Any] = []
    jobs: list[str] = []
    headers: dict[str, str] = {}
    for _ in range(2):
        jobs.append(submit(http))
        with http.stream("GET", "/signalr/connect", params=parameters, headers=headers) as answer:
            for line in answer.iter_lines():
                name, _, text = line.partition(": ")
                if name == "id":
                    headers["Last-Event-ID"] = text
                if name == "data" and text != "initialized":
                    seen += json.loads(text).get("M", [])
                if name == "data" and "Completed" in states(seen, jobs[-1]):
                    break
    assert [states(seen, job) for job in jobs] == [STATES, STATES]


def test_a_server_method_is_refused_over_each_transport(http: httpx.Client, listener: Any) -> None:
    call = json.dumps({"H": "jobhub", "M": "Publish", "A": [], "I": 7})
    if isinstance(listener, Socket):
        listener.connection.send(call)
        answer = listener._next()
    else:
        sent = http.post("/signalr/send", params=query(listener.token, listener.transport), data={"data": call})
        assert sent.status_code == 200
        answer = sent.json()
    assert set(answer) == {"I", "E"}
    assert answer["I"] == "7"
    assert "no server methods" in answer["E"]


def test_what_is_no_call_is_refused(http: httpx.Client) -> None:
    token = negotiate(http)["ConnectionToken"]
    for data, code in (("{}", "signalr.send"), ("x", "request.malformed_json"), ("[1]", "request.not_an_object")):
        answer = http.post("/signalr/send", params=query(token, "longPolling"), data={"data": data})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    many = {f"f{number}": "x" for number in range(200)}
    answer = http.post("/signalr/poll", params=query(token, "longPolling"), data=many)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "signalr.form")


def test_web_sockets_are_offered_to_programs_and_not_to_pages(http: httpx.Client) -> None:
    assert negotiate(http)["TryWebSockets"] is True
    assert negotiate(http, **{"Sec-Fetch-Site": "same-origin"})["TryWebSockets"] is False
    assert negotiate(http, Origin=str(http.base_url).rstrip("/"))["TryWebSockets"] is False


@pytest.mark.parametrize(
    ("asked", "answered"), [("1.2", "1.2"), ("1.5", "1.5"), ("2.0", "2.0"), ("2.1", "2.0"), ("", "1.5"), ("x", "1.5")]
)
def test_the_version_of_the_protocol_is_one_that_the_client_takes(
    http: httpx.Client, asked: str, answered: str
) -> None:
    answer = http.get("/signalr/negotiate", params={"clientProtocol": asked})
    assert answer.json()["ProtocolVersion"] == answered


def test_a_web_socket_needs_the_same_right_as_the_other_transports(http: httpx.Client) -> None:
    sent = query(negotiate(http)["ConnectionToken"], "webSockets")
    for headers, status, code in (
        ({"X-Client-Id": "x"}, 401, "auth.required"),
        ({"X-API-Key": "wrong"}, 401, "auth.key"),
        ({"X-API-Key": KEY, "Origin": "https://elsewhere.example"}, 403, "request.origin"),
    ):
        with pytest.raises(InvalidStatus) as refused:
            open_socket(http, "connect", sent, **headers)
        answer = refused.value.response
        assert (answer.status_code, json.loads(answer.body)["error"]["code"]) == (status, code)
    with pytest.raises(InvalidStatus) as refused:
        open_socket(http, "connect", sent | {"access_token": KEY})
    assert json.loads(refused.value.response.body)["error"]["code"] == "request.secret_in_url"


def test_a_connection_of_another_caller_is_unknown(http: httpx.Client) -> None:
    token = negotiate(http)["ConnectionToken"]
    made = http.post("/api/api-keys", json={"name": "signalr-other", "right": "viewer"})
    assert made.status_code == 200, made.text
    other = {"X-API-Key": made.json()["data"]["apiKey"]}
    http.post("/signalr/abort", params=query(token, "longPolling"), headers=other)
    assert http.get("/signalr/start", params=query(token, "longPolling")).status_code == 200
    refused = http.get("/signalr/start", params=query(token, "longPolling"), headers=other)
    assert refused.json()["error"]["code"] == "signalr.connection"


def test_a_web_socket_without_a_connection_gets_an_error_that_ends_it(http: httpx.Client) -> None:
    with open_socket(http, "reconnect", query("unknown", "webSockets")) as connection:
        assert "negotiate again" in json.loads(connection.recv(PATIENCE))["E"]
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(PATIENCE)
    assert closed.value.rcvd
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "signalr.connection")


def test_a_request_that_names_web_sockets_and_is_none_is_refused(http: httpx.Client) -> None:
    token = negotiate(http)["ConnectionToken"]
    for path in ("connect", "reconnect"):
        answer = http.get(f"/signalr/{path}", params=query(token, "webSockets"))
        assert (answer.status_code, answer.json()["error"]["code"]) == (426, "request.upgrade")


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("transport", ["longPolling", "serverSentEvents", "webSockets"])
def test_the_official_client_gets_each_message_once(url: str, transport: str) -> None:
    version = json.loads((NODE / "signalr" / "package.json").read_text("utf-8"))["version"]
    driver = Path(__file__).with_name("signalr_client.cjs")
    done = subprocess.run(
        ["node", str(driver), url, transport],
        env=os.environ | {"NODE_PATH": str(NODE), "TIA_API_KEY": KEY},
        capture_output=True,
        text=True,
        timeout=PATIENCE * 2,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (version, found["used"], found["errors"]) == ("2.4.3", transport, [])
    assert len(found["submitted"]) == 4
    assert found["received"] == [[job, state] for job in found["submitted"] for state in STATES]
    assert "no server methods" in found["refusal"]
