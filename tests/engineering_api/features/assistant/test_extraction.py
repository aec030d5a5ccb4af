"""A text becomes a document: the model writes it, the schema judges it, mistakes go back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from engineering_api.features.assistant.extraction import extract
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from openness_bridge.errors import Kind, Problem
from tests.engineering_api.features.assistant.provider import Answer
from tests.engineering_api.features.assistant.talk import DIALECTS, Talk
from tests.support.service import Client

Made = Callable[..., Talk]
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "motors": {"type": "array", "items": {"type": "integer"}}},
    "required": ["name"],
    "additionalProperties": False,
}
FITS = {"name": "Line", "motors": [1, 2]}
VIEWER = Caller("viewer", Right.VIEW)


def extracted(client: Client, instruction: str = "A line with two motors", caller: Caller = VIEWER) -> Any:
    """On the server's own event loop, as its operations do it."""
    service = client.http.app.state.service

    async def run() -> Any:
        return await extract(service, caller, instruction, SCHEMA)

    with client.http.portal() as portal:
        return portal.call(run)


@pytest.mark.parametrize("provider", DIALECTS)
def test_the_model_hands_in_a_document(talk: Made, provider: str) -> None:
    conversation = talk(Answer([], [("submit_document", FITS)]), provider=provider)
    assert extracted(conversation.client) == FITS
    body = conversation.provider.requests[0].body
    [tool] = body["tools"]
    schema = tool["input_schema"] if provider == "custom-anthropic" else tool["function"]["parameters"]
    assert schema == SCHEMA
    assert "submit_document" in json.dumps(body["tool_choice"])


@pytest.mark.parametrize("provider", DIALECTS)
def test_mistakes_go_back_with_their_places(talk: Made, provider: str) -> None:
    wrong = {"motors": [1, "two"], "extra": 1}
    conversation = talk(
        Answer([], [("submit_document", wrong)]), Answer([], [("submit_document", FITS)]), provider=provider
    )
    assert extracted(conversation.client) == FITS
    told = json.dumps(conversation.provider.requests[1].body["messages"][-1])
    for part in ("/motors/1", "'name' is a required property", "extra"):
        assert part in told


@pytest.mark.parametrize("text", [f"Here it is:\n```json\n{json.dumps(FITS)}\n```\nFine?", json.dumps(FITS)])
def test_a_model_without_tools_writes_it_as_text(talk: Made, text: str) -> None:
    assert extracted(talk(Answer([text])).client) == FITS


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(["I would rather not."]), "assistant.not_json"),
        (Answer([], [("submit_document", "[1]")]), "assistant.schema"),
        (Answer([], [("submit_document", '{"name": 7}')]), "assistant.schema"),
    ],
)
def test_what_does_not_fit_after_three_attempts_is_refused_with_every_mistake(
    talk: Made, answer: Answer, code: str
) -> None:
    conversation = talk(answer)
    with pytest.raises(Problem) as caught:
        extracted(conversation.client)
    assert caught.value.code == "assistant.no_document"
    assert {each.code for each in caught.value.details} == {code}
    assert len(conversation.provider.requests) == 3


def test_without_a_provider_it_is_refused(server: Client) -> None:
    with pytest.raises(Problem) as caught:
        extracted(server)
    assert (caught.value.code, caught.value.kind) == ("assistant.no_provider", Kind.REFUSED)


def test_the_right_is_needed(talk: Made) -> None:
    with pytest.raises(Problem, match="view"):
        extracted(talk(Answer([], [("submit_document", FITS)])).client, caller=Caller("nobody", Right.PUBLIC))


def test_a_schema_that_is_none_is_a_mistake_of_the_program(server: Client) -> None:
    service = server.http.app.state.service
    with pytest.raises(Exception, match="is not valid under any of the given schemas"):
        asyncio.run(extract(service, VIEWER, "x", {"type": "thing"}))
