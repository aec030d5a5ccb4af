"""What goes wrong between the assistant and its provider has an outcome that says what it was, and every turn ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.assistant import wire
from engineering_api.features.assistant.assistant import Assistant
from engineering_api.features.assistant.wire import Wire
from tests.engineering_api.features.assistant.provider import Answer, Cut, Raw, Refusal, Slow
from tests.engineering_api.features.assistant.talk import DIALECTS, PROVIDER_KEY, Talk
from tests.support.service import CPU, FIRMWARE, Client, settings

Made = Callable[..., Talk]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One server for all faults: after each of them it is as good as new."""
    with TestClient(create_app(settings(tmp_path_factory.mktemp("faults")))) as http:
        http.app.state.service.part(Assistant).wire = Wire((0.0, 0.0, 0.0))
        yield Client(http)


@pytest.fixture(scope="module")
def plc(server: Client) -> Client:
    server.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    server.ok("POST", "/api/projects/devices/actions/add-sync", body)
    return server


@pytest.fixture(autouse=True)
def _as_new(server: Client) -> Iterator[None]:
    yield
    server.ok("POST", "/api/assistant/stop")
    for project in ("", "A"):
        server.ok("DELETE", "/api/assistant/history", projectKey=project)
    (server.http.app.state.service.settings.data_dir / "assistant.json").unlink()


BUSY = {"error": {"message": "slow down", "type": "rate_limit_error"}}


@pytest.mark.parametrize("provider", DIALECTS)
@pytest.mark.parametrize("status", [429, 503, 529])
def test_a_busy_provider_is_asked_again(talk: Made, provider: str, status: int) -> None:
    conversation = talk(Refusal(status, BUSY), Refusal(status, BUSY), Answer(["Now."]), provider=provider)
    turn = conversation.ask()
    assert turn["response"]["content"] == "Now."
    assert [line.partition(".")[0] for line in turn["toolLog"]] == ["Waiting 0 s"] * 2
    assert "slow down" in turn["toolLog"][0]
    assert len(conversation.provider.requests) == 3


def test_a_provider_that_stays_busy_is_given_up(talk: Made) -> None:
    conversation = talk(Refusal(429, BUSY))
    turn = conversation.failed("assistant.busy_provider")
    assert "slow down" in turn["response"]["errorMessage"]
    assert len(conversation.provider.requests) == 4


def test_retry_after_is_what_the_provider_says(talk: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(wire, "pause", sleep)
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    conversation = talk(
        Refusal(429, BUSY, {"Retry-After": "7"}),
        Refusal(503, BUSY, {"Retry-After": date}),
        Refusal(529, BUSY),
        Answer(["Now."]),
    )
    turn = conversation.ask()
    assert turn["response"]["content"] == "Now."
    assert slept[0] == 7
    assert 50 < slept[1] <= 60
    assert slept[2] == 0
    assert turn["toolLog"][0].startswith("Waiting 7 s.")


def test_nobody_is_kept_waiting_for_minutes(talk: Made) -> None:
    conversation = talk(Refusal(429, BUSY, {"Retry-After": "3600"}))
    conversation.failed("assistant.busy_provider")
    assert len(conversation.provider.requests) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (500, "assistant.provider_failed"),
        (502, "assistant.provider_failed"),
        (401, "assistant.key_refused"),
        (403, "assistant.key_refused"),
        (404, "assistant.model_unknown"),
        (400, "assistant.request_refused"),
        (302, "assistant.provider_failed"),
    ],
)
def test_a_refusal_says_what_the_provider_said_but_no_key(talk: Made, status: int, code: str) -> None:
    body = {"error": {"message": f"no good: {PROVIDER_KEY} or so"}}
    conversation = talk(Refusal(status, body, {"Location": "http://127.0.0.1:9/v1"}))
    turn = conversation.failed(code)
    assert "no good: … or so" in turn["response"]["errorMessage"]
    assert PROVIDER_KEY not in str(turn)
    assert len(conversation.provider.requests) == 1


def test_an_error_without_form_is_shown_in_short(talk: Made) -> None:
    turn = talk(Refusal(500, b"\xff<html>" + b"x" * 5000)).failed("assistant.provider_failed")
    assert len(turn["response"]["errorMessage"]) < 500


@pytest.mark.parametrize("provider", DIALECTS)
@pytest.mark.parametrize("rude", [True, False])
def test_a_stream_that_is_cut_keeps_what_came_and_says_so(talk: Made, provider: str, rude: bool) -> None:
    conversation = talk(Cut(["Half ", "a "], rude=rude), provider=provider)
    turn = conversation.failed("assistant.cut")
    assert turn["response"]["content"] == "Half a "
    assert len(conversation.provider.requests) == 1
    kept = conversation.client.ok("GET", "/api/assistant/history")
    assert kept[-1]["content"].startswith("Half a \n\n[The connection")


@pytest.mark.parametrize("rude", [True, False])
def test_a_stream_that_is_cut_before_a_word_is_asked_for_again(talk: Made, rude: bool) -> None:
    conversation = talk(Raw(b"") if not rude else Cut([]), Answer(["Now."]))
    assert conversation.ask()["response"]["content"] == "Now."


@pytest.mark.parametrize(
    "act",
    [
        Raw(b"data: {\n\n"),
        Raw(b"data: 7\n\n"),
        Raw(b"data: {}\n\n"),
        Raw(b'data: {"choices": 7}\n\n'),
        Raw(b'data: {"choices": [{"delta": 3}]}\n\n'),
        Raw(b'{"choices": []}', "application/json"),
        Raw(b"<html>", "text/html"),
        Raw(b"data: \xff\xfe\n\n"),
        Raw(b"data: " + b"[" * 100_000 + b"\n\n"),
        Raw(b'data: {"choices": [{"delta": {"tool_calls": [{"index": "x"}]}}]}\n\n'),
    ],
)
def test_an_answer_that_cannot_be_read_says_so(talk: Made, act: Raw) -> None:
    turn = talk(act).failed("assistant.bad_answer")
    assert "cannot be read" in turn["response"]["errorMessage"]


@pytest.mark.parametrize(
    "body",
    [
        b'data: {"type": "content_block_delta", "index": 4, "delta": {"type": "input_json_delta", "partial_json": "x"}}\n\n',
        b'data: {"type": "message_start"}\n\n',
        b'data: {"kind": "x"}\n\n',
        b'data: {"type": "content_block_start"}\n\n',
    ],
)
def test_the_other_protocol_is_read_as_carefully(talk: Made, body: bytes) -> None:
    talk(Raw(body), provider="custom-anthropic").failed("assistant.bad_answer")


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("custom", b'data: {"error": {"message": "boom", "type": "server_error"}}\n\n'),
        ("custom-anthropic", b'data: {"type": "error", "error": {"type": "api_error", "message": "boom"}}\n\n'),
    ],
)
def test_an_error_inside_the_stream_is_told(talk: Made, provider: str, body: bytes) -> None:
    turn = talk(Raw(body), provider=provider).failed("assistant.provider_failed")
    assert "boom" in turn["response"]["errorMessage"]


def test_an_overload_inside_the_stream_is_asked_again(talk: Made) -> None:
    busy = Raw(b'data: {"type": "error", "error": {"type": "overloaded_error", "message": "full"}}\n\n')
    assert talk(busy, Answer(["Now."]), provider="custom-anthropic").ask()["response"]["content"] == "Now."


def test_an_answer_without_end_is_ended(talk: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 20_000)
    talk(Slow("x" * 1000)).failed("assistant.bad_answer")


def test_nobody_there(talk: Made) -> None:
    conversation = talk(Answer(["Yes."]), endpoint="http://127.0.0.1:9/v1")
    turn = conversation.failed("assistant.unreachable")
    assert "http://127.0.0.1:9/v1" in turn["response"]["errorMessage"]
    conversation.client.refused(502, "assistant.unreachable", "POST", "/api/assistant/models")


def test_silence_is_not_waited_for_without_end(talk: Made) -> None:
    enough = threading.Event()

    def silent(_: dict[str, Any]) -> Answer:
        enough.wait(60)
        return Answer(["Late."])

    conversation = talk(silent, maxSilence=1)
    conversation.failed("assistant.silent")
    enough.set()


def test_a_turn_has_a_time_limit(talk: Made) -> None:
    slow = Slow()
    turn = talk(slow, maxSeconds=1).failed("assistant.limit_seconds")
    assert turn["response"]["content"].startswith("and ")
    assert slow.gone.wait(60)


# -- tools --------------------------------------------------------------------------------


def test_tools_without_end_are_ended(talk: Made, plc: Client) -> None:
    conversation = talk(Answer([], [("get_project_status", {})]), maxRounds=5)
    turn = conversation.failed("assistant.limit_rounds")
    assert "5 rounds" in turn["response"]["errorMessage"]
    assert len(conversation.provider.requests) == 5
    assert turn["toolLog"].count("get_project_status: done") == 5


def test_many_tools_at_once_are_not_called(talk: Made, plc: Client) -> None:
    conversation = talk(Answer([], [("get_project_status", {})] * 8), maxToolCalls=7)
    turn = conversation.failed("assistant.limit_tool_calls")
    assert turn["toolLog"] == []


def test_tokens_have_a_limit(talk: Made, plc: Client) -> None:
    conversation = talk(Answer([], [("get_project_status", {})], tokens=(3000, 300)), maxTotalTokens=10_000)
    turn = conversation.failed("assistant.limit_tokens")
    assert turn["usage"]["totalTokens"] == 13_200
    assert len(conversation.provider.requests) == 4


@pytest.mark.parametrize("provider", DIALECTS)
@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("list_blocks", '{"device": "PLC', "assistant.arguments"),
        ("list_blocks", "[1]", "assistant.arguments"),
        ("fly_to_the_moon", {}, "tool.not_found"),
        ("list_blocks", {}, "request.missing_field"),
        ("list_blocks", {"device": "PLC_9"}, "device.not_found"),
        ("", {}, "tool.not_found"),
    ],
)
def test_a_wrong_call_is_told_to_the_model_which_goes_on(
    talk: Made, plc: Client, provider: str, name: str, arguments: Any, code: str
) -> None:
    conversation = talk(Answer([], [(name, arguments)]), Answer(["Sorry."]), provider=provider)
    turn = conversation.ask()
    assert turn["response"]["content"] == "Sorry."
    assert turn["toolLog"][-1] == f"{name}: {code}"
    assert code in str(conversation.provider.requests[-1].body["messages"][-1])


def test_a_model_that_says_nothing(talk: Made) -> None:
    assert "maxTokens" in talk(Answer([], finish="length")).failed("assistant.empty")["response"]["errorMessage"]


# -- stop ---------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", DIALECTS)
def test_stop_stops_in_the_middle_of_a_sentence(talk: Made, provider: str) -> None:
    slow = Slow()
    conversation = talk(slow, provider=provider)
    turn_id = conversation.begin(projectKey="A")
    listening = threading.Thread(target=lambda: events.extend(conversation.events(turn_id)))
    events: list[tuple[str, Any]] = []
    conversation.until(turn_id, lambda _: len(conversation.provider.requests) == 1)
    listening.start()
    client = conversation.client
    assert client.ok("POST", "/api/assistant/stop", {"projectKey": "B"}) == {"stopped": []}
    assert client.ok("POST", "/api/assistant/stop", {"projectKey": "A"}) == {"stopped": [turn_id]}
    turn = conversation.ended(turn_id)
    assert (turn["response"]["success"], turn["response"]["code"]) == (False, "assistant.stopped")
    assert slow.gone.wait(60), "the provider is still being read"
    listening.join(10)
    assert events[-1][0] == "response"
    assert client.ok("POST", "/api/assistant/stop") == {"stopped": []}
    assert len(client.ok("GET", "/api/assistant/history", projectKey="A")) == 2


def test_stop_while_waiting_for_a_busy_provider(talk: Made) -> None:
    conversation = talk(Refusal(429, BUSY, {"Retry-After": "60"}))
    turn_id = conversation.begin()
    conversation.until(turn_id, lambda turn: turn["toolLog"])
    conversation.client.ok("POST", "/api/assistant/stop", {"turnId": turn_id})
    assert conversation.ended(turn_id)["response"]["code"] == "assistant.stopped"
    conversation.client.ok("POST", "/api/assistant/chat", {"message": "Again"})


def test_turns_that_are_long_gone_are_not_found(talk: Made) -> None:
    conversation = talk(Answer(["Yes."]))
    first = conversation.ask()["turnId"]
    for _ in range(20):
        conversation.ask()
    conversation.client.refused(404, "assistant.turn_not_found", "GET", f"/api/assistant/turns/{first}")
    conversation.client.refused(404, "assistant.turn_not_found", "GET", f"/api/assistant/turns/{first}/events")
