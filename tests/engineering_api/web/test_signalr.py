"""SignalR 2 by long polling, as a client speaks it that negotiates, starts, and polls without connecting; how connections end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from litestar.exceptions import WebSocketDisconnect
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.jobs.signalr import signalr
from engineering_api.features.jobs.signalr.connections import Connection, Connections
from engineering_api.features.jobs.signalr.messages import pascal
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from openness_bridge.errors import Problem
from tests.engineering_api.web.listener import Listener
from tests.support.service import KEY, Client, settings

HOLD = 0.6


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(signalr.SignalR.__init__, "__defaults__", (HOLD,))
    monkeypatch.setattr(signalr, "HOLD", HOLD)
    with TestClient(create_app(settings(tmp_path))) as http:
        yield Client(http)


def statuses(messages: list[dict[str, Any]], job: str) -> list[str]:
    return [each["A"][1] for each in messages if each["M"] == "jobStatusChanged" and each["A"][0] == job]


def create(client: Client, name: str = "Line") -> str:
    answer = client.http.post("/api/projects/actions/create", json={"name": name})
    return str(answer.json()["data"]["jobId"])


def test_the_states_of_a_job_arrive_with_its_result(server: Client) -> None:
    listener = Listener(server)
    job = create(server)
    messages = listener.until("jobStatusChanged", job, "Completed")
    assert statuses(messages, job) == ["Pending", "Running", "Completed"]
    last = next(each for each in messages if each["A"][:2] == [job, "Completed"])
    assert last["H"] == "jobhub"
    assert set(last["A"][2]) == {"Name", "Path"}
    assert "project" in last["A"][3]
    assert server.ok("GET", f"/api/jobs/{job}")["status"] == "Completed"


def test_a_job_that_failed_says_why(server: Client) -> None:
    server.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
    listener = Listener(server)
    job = create(server, "Other")
    messages = listener.until("jobStatusChanged", job, "Failed")
    last = next(each for each in messages if each["A"][:2] == [job, "Failed"])
    assert last["A"][2] is None
    assert "Line" in last["A"][3]


def test_progress_arrives(server: Client) -> None:
    listener = Listener(server)
    server.http.app.state.service.hub.publish("job.progress", "j", progress=40, message="Importing")
    assert listener.poll() == [{"H": "jobhub", "M": "jobProgressChanged", "A": ["j", 40, "Importing"]}]


def test_a_poll_is_held_until_something_happens(server: Client) -> None:
    listener = Listener(server)
    begin = time.monotonic()
    assert listener.poll() == []
    assert time.monotonic() - begin >= HOLD * 0.9


def test_a_poll_ends_when_something_happens(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as http, ThreadPoolExecutor() as pool:
        client = Client(http)
        listener, hub = Listener(client), http.app.state.service.hub
        before = hub.listening
        polled = pool.submit(listener.poll)
        while hub.listening == before:
            time.sleep(0.01)
        create(client)
        assert polled.result()


def test_what_happens_between_polls_is_not_lost_and_comes_once(server: Client) -> None:
    listener = Listener(server)
    job = create(server)
    server.ended(job)
    first = listener.message_id
    seen = listener.until("jobStatusChanged", job, "Completed")
    assert listener.poll() == []
    listener.message_id = first
    assert listener.poll() == seen


def test_an_id_of_another_server_repeats_what_came_since_the_negotiation(server: Client) -> None:
    server.ended(create(server))
    listener = Listener(server)
    listener.message_id = "deadbeef,FFFF"
    server.http.app.state.service.hub.publish("job.progress", "j", progress=1, message="x")
    assert [each["A"][0] for each in listener.poll()] == ["j"]


def test_an_unknown_token_is_refused_so_that_the_client_negotiates_again(server: Client) -> None:
    listener = Listener(server)
    query = {"transport": "longPolling", "connectionToken": listener.token}
    assert server.http.post("/signalr/abort", params=query).status_code == 200
    for path in ("/signalr/poll", "/signalr/start", "/signalr/connect", "/signalr/reconnect"):
        server.refused(400, "signalr.connection", "GET", path, **query)
    assert Listener(server).poll() == []


def test_only_the_hubs_that_were_asked_for(server: Client) -> None:
    jobs, talk = Listener(server, '[{"name":"JobHub"}]'), Listener(server, '[{"name":"assistanthub"}]')
    hub = server.http.app.state.service.hub
    hub.publish("assistant.response", "a", content={"success": True, "content": "Done.", "errorMessage": None})
    hub.publish("job.progress", "j", progress=1, message="x")
    assert [each["M"] for each in jobs.poll()] == ["jobProgressChanged"]
    assert talk.poll() == [
        {
            "H": "assistanthub",
            "M": "onAssistantResponse",
            "A": [{"Success": True, "Content": "Done.", "ErrorMessage": None}],
        }
    ]


def test_clients_that_connect_first_are_served_too(server: Client) -> None:
    answer = server.http.get("/signalr/negotiate", params={"clientProtocol": "1.5"}).json()
    assert (answer["ProtocolVersion"], answer["Url"]) == ("1.5", "/signalr")
    query = {"transport": "longPolling", "connectionToken": answer["ConnectionToken"]}
    assert server.http.get("/signalr/connect", params=query).json()["S"] == 1
    assert server.http.get("/signalr/start", params=query).json() == {"Response": "started"}
    assert server.http.get("/signalr/ping").json() == {"Response": "pong"}


def test_other_transports_and_broken_lists_are_refused(server: Client) -> None:
    server.refused(400, "signalr.transport", "GET", "/signalr/poll", transport="webSockets", connectionToken="x")
    for text in ("nonsense", "{}", '[{"hub":1}]'):
        server.refused(400, "signalr.connection_data", "POST", "/signalr/negotiate", connectionData=text)


def test_the_key_is_asked_for(server: Client) -> None:
    del server.http.headers["X-API-Key"]
    server.refused(401, "auth.required", "POST", "/signalr/negotiate")
    server.http.headers["X-API-Key"] = "wrong"
    server.refused(401, "auth.key", "GET", "/signalr/poll")
    server.http.headers["X-API-Key"] = KEY


def test_connections_that_are_not_used_are_forgotten() -> None:
    caller, connections = Caller("anna", Right.VIEW), Connections(forgotten_after=-1.0)
    token = connections.open(Connection("anna", frozenset(), 0))
    connections.open(Connection("anna", frozenset(), 0))
    with pytest.raises(Problem):
        connections.get(token, caller)


def socket(server: Client, listener: Listener) -> Any:
    return server.http.websocket_connect(
        f"/signalr/connect?transport=webSockets&connectionToken={listener.token}", headers={"X-API-Key": KEY}
    )


def received_until(connection: Any, *codes: int) -> list[Any]:
    """What comes until the server closes with one of some codes."""
    found: list[Any] = []
    with pytest.raises(WebSocketDisconnect) as closed:
        while True:
            found.append(connection.receive_json(timeout=60))
    assert closed.value.code in codes
    return found


def test_signs_of_life_come_and_an_abort_ends_the_connection(server: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signalr, "ALIVE", 0.05)
    listener = Listener(server)
    with socket(server, listener) as connection:
        assert connection.receive_json(timeout=60)["S"] == 1
        assert [connection.receive_json(timeout=60) for _ in range(2)] == [{}, {}]
        server.http.post("/signalr/abort", params={"connectionToken": listener.token})
        assert all(each == {} for each in received_until(connection, 1001))


def test_an_abort_ends_a_poll_that_is_held(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as http, ThreadPoolExecutor() as pool:
        listener, hub = Listener(Client(http)), http.app.state.service.hub
        before = hub.listening
        polled = pool.submit(listener.poll)
        while hub.listening == before:
            time.sleep(0.01)
        http.post("/signalr/abort", params={"connectionToken": listener.token})
        assert polled.result(timeout=30) == []


def test_a_client_that_comes_back_takes_the_place_of_its_former_request(server: Client) -> None:
    listener = Listener(server)
    with socket(server, listener) as former:
        assert former.receive_json(timeout=60)["S"] == 1
        with socket(server, listener) as latter:
            assert latter.receive_json(timeout=60)["S"] == 1
            assert received_until(former, 1001) == []
            server.http.app.state.service.hub.publish("job.progress", "j", progress=1, message="x")
            assert [each["A"][0] for each in latter.receive_json(timeout=60)["M"]] == ["j"]


def test_what_others_do_keeps_no_sign_of_life_back(server: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signalr, "ALIVE", 0.05)
    listener = Listener(server, '[{"name":"assistanthub"}]')
    hub = server.http.app.state.service.hub
    with socket(server, listener) as connection:
        connection.receive_json(timeout=60)
        for _ in range(50):
            hub.publish("job.progress", "j", progress=1, message="x")
        assert connection.receive_json(timeout=60) == {}


def test_a_revoked_key_ends_the_connection(server: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signalr, "ALIVE", 0.05)
    made = server.ok("POST", "/api/api-keys", {"name": "watcher", "right": "viewer"})
    key = {"X-API-Key": made["apiKey"]}
    token = server.http.get("/signalr/negotiate", headers=key).json()["ConnectionToken"]
    path = f"/signalr/connect?transport=webSockets&connectionToken={token}"
    with server.http.websocket_connect(path, headers=key) as connection:
        assert connection.receive_json(timeout=60)["S"] == 1
        server.ok("DELETE", f"/api/api-keys/{made['id']}")
        server.http.app.state.service.hub.publish("job.progress", "j", progress=1, message="x")
        assert all(each == {} for each in received_until(connection, 1001))


def test_more_clients_than_the_limit_are_refused(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, max_connections=2))) as http:
        client = Client(http)
        first = Listener(client)
        Listener(client)
        client.refused(503, "signalr.connections", "GET", "/signalr/negotiate")
        http.post("/signalr/abort", params={"connectionToken": first.token})
        Listener(client)


@pytest.mark.parametrize("cursor", ["-1", "FFFFFF", "x", ""])
def test_a_cursor_that_was_never_sent_repeats_what_came_since_the_negotiation(server: Client, cursor: str) -> None:
    server.http.app.state.service.hub.publish("job.progress", "before", progress=1, message="x")
    listener = Listener(server)
    listener.message_id = f"{listener.message_id.partition(',')[0]},{cursor}"
    server.http.app.state.service.hub.publish("job.progress", "after", progress=1, message="x")
    assert [each["A"][0] for each in listener.poll()] == ["after"]


def test_names_begin_with_capitals_at_every_depth() -> None:
    assert pascal({"a": [{"bC": 1, "": 2}], "d": "x"}) == {"A": [{"BC": 1, "": 2}], "D": "x"}
