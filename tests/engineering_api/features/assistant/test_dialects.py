"""The two protocols carry the same conversation: whatever is said arrives whole, however the stream is cut into pieces."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.features.assistant import wire
from engineering_api.features.assistant.anthropic_dialect import AnthropicDialect
from engineering_api.features.assistant.history import REMEMBERED, REMEMBERED_CHARACTERS, window
from engineering_api.features.assistant.messages import Message, Prompt, ToolCall, ToolResult, Usage
from engineering_api.features.assistant.openai_dialect import OpenAiDialect
from engineering_api.features.assistant.provider import Dialect, Sampling
from engineering_api.features.assistant.room import LEFT_OUT, fit_conversation
from tests.engineering_api.features.assistant.provider import Answer, anthropic_events, openai_events

PAIRS = [(OpenAiDialect(), openai_events), (AnthropicDialect(), anthropic_events)]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
ANSWERS = st.builds(
    Answer,
    st.lists(st.text(min_size=1), max_size=5),
    st.lists(
        st.tuples(st.text("abc_", min_size=1), st.dictionaries(st.text(max_size=5), JSON, max_size=3)), max_size=3
    ),
    st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)),
)


class Stream(httpx.AsyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def events_of(data: bytes, cuts: list[int]) -> list[dict[str, Any]]:
    """What is read of a stream that arrives in pieces."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    pieces = [data[a:b] for a, b in pairwise(places)]
    answer = httpx.Response(200, headers={"content-type": "text/event-stream; charset=utf-8"}, stream=Stream(pieces))

    async def run() -> list[dict[str, Any]]:
        return [event async for event in wire._events(answer)]

    return asyncio.run(run())


@pytest.mark.parametrize(("dialect", "events"), PAIRS)
@given(answer=ANSWERS, cuts=st.lists(st.integers(0, 5000), max_size=8), ending=st.sampled_from(["\n", "\r\n"]))
def test_an_answer_arrives_as_it_was_said(
    dialect: Dialect, events: Any, answer: Answer, cuts: list[int], ending: str
) -> None:
    lines = [f"data: {json.dumps(event, ensure_ascii=False)}{ending}{ending}" for event in events(answer)]
    data = "".join([": alive", ending, *lines, "data: [DONE]", ending]).encode("utf-8", "surrogatepass")
    reader, heard = dialect.reader(), ""
    for event in events_of(data, cuts):
        heard += reader.take(event)
    assert reader.complete
    reply = reader.reply()
    assert heard == reply.text == "".join(answer.text)
    assert [(call.name, json.loads(call.arguments)) for call in reply.calls] == answer.calls
    assert len({call.id for call in reply.calls}) == len(answer.calls)
    assert reply.usage == Usage(*answer.tokens)
    assert reply.finish == ("tools" if answer.calls else "stop")


@pytest.mark.parametrize(("dialect", "events"), PAIRS)
@given(answer=ANSWERS, left=st.integers(0, 100))
def test_an_answer_that_breaks_off_is_not_whole(dialect: Dialect, events: Any, answer: Answer, left: int) -> None:
    whole = list(events(answer))
    ends = next(
        n
        for n, each in enumerate(whole)
        if '"finish_reason": "' in json.dumps(each) or each.get("type") == "message_stop"
    )
    reader = dialect.reader()
    for event in whole[: min(left, ends)]:
        reader.take(event)
    assert not reader.complete


def test_calls_that_are_numbered_badly_are_told_apart_by_their_ids() -> None:
    reader = OpenAiDialect().reader()
    for call in ({"id": "x"}, {"id": "y", "index": 0}, {"id": "z", "index": 0}):
        part = call | {"function": {"name": call["id"], "arguments": "{}"}}
        reader.take({"choices": [{"delta": {"tool_calls": [part]}}]})
    assert [(each.id, each.name, each.arguments) for each in reader.reply().calls] == [(n, n, "{}") for n in "xyz"]


def texts(messages: list[Message]) -> list[str]:
    return [result.text for message in messages for result in message.results]


@given(st.lists(st.integers(0, 3000), max_size=12), st.integers(100, 5000))
def test_old_answers_of_tools_make_room(sizes: list[int], tokens: int) -> None:
    said = [Message("user", "Q" * 50)]
    for number, size in enumerate(sizes):
        said.append(Message("assistant", calls=(ToolCall(str(number), "look", "{}"),)))
        said.append(Message("user", results=(ToolResult(str(number), "x" * size),)))
    kept = fit_conversation(said, tokens)
    assert kept[0] == said[0]
    assert kept[-1] == said[-1]
    assert [[each.id for each in message.results] for message in kept] == [
        [each.id for each in m.results] for m in said
    ]
    long = [text for text, size in zip(texts(kept), sizes[:-1], strict=False) if size > len(LEFT_OUT)]
    emptied = [text == LEFT_OUT for text in long]
    assert emptied == sorted(emptied, reverse=True), "the oldest go first"
    before, after = (sum(map(len, texts(each))) for each in (said, kept))
    assert all(emptied) or after <= tokens * 4
    assert after == before or before + len(said) * 10 + 50 > tokens * 4


def conversation() -> list[Message]:
    calls = (ToolCall("a", "list_blocks", '{"device": "P"}'), ToolCall("b", "look", "broken"))
    results = (ToolResult("a", "[]"), ToolResult("b", "no JSON", is_error=True))
    return [Message("user", "Hi"), Message("assistant", "Hm", calls=calls), Message("user", results=results)]


def test_tools_and_results_in_the_one_protocol() -> None:
    body = OpenAiDialect().body("m", Prompt("S", conversation()), Sampling(None, 9, "max_completion_tokens"))
    assert (body["max_completion_tokens"], "temperature" in body, "tools" in body) == (9, False, False)
    assert body["messages"] == [
        {"role": "system", "content": "S"},
        {"role": "user", "content": "Hi"},
        {
            "role": "assistant",
            "content": "Hm",
            "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "list_blocks", "arguments": '{"device": "P"}'}},
                {"id": "b", "type": "function", "function": {"name": "look", "arguments": "broken"}},
            ],
        },
        {"role": "tool", "tool_call_id": "a", "content": "[]"},
        {"role": "tool", "tool_call_id": "b", "content": "no JSON"},
    ]


def test_tools_and_results_in_the_other() -> None:
    body = AnthropicDialect().body("m", Prompt("S", conversation()), Sampling(1.5, 9))
    assert (body["system"], body["max_tokens"], body["temperature"]) == ("S", 9, 1.0)
    assert body["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        {
            "role": "assistant",
            "content": [
                {"type": "text", "text": "Hm"},
                {"type": "tool_use", "id": "a", "name": "list_blocks", "input": {"device": "P"}},
                {"type": "tool_use", "id": "b", "name": "look", "input": {}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "a", "content": "[]", "is_error": False},
                {"type": "tool_result", "tool_use_id": "b", "content": "no JSON", "is_error": True},
            ],
        },
    ]


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.integers(0, 15_000)), max_size=60))
def test_the_model_is_given_the_latest_that_fits_beginning_with_the_user(sizes: list[tuple[str, int]]) -> None:
    said = [Message(role, "x" * size) for role, size in sizes]
    kept = window(said)
    assert kept == said[len(said) - len(kept) :]
    assert len(kept) <= REMEMBERED
    assert sum(len(each.text) for each in kept) <= REMEMBERED_CHARACTERS
    assert not kept or kept[0].role == "user"
