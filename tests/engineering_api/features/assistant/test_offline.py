"""Without a language model: what is said, which models can be listed, what settings are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engineering_api.features.assistant.provider import Answer, FakeProvider, Refusal, serving
from tests.engineering_api.features.assistant.talk import PROVIDER_KEY, Talk
from tests.support.service import Client

Made = Callable[..., Talk]


def test_without_a_model_the_assistant_says_so_and_offers_what_search_finds(server: Client) -> None:
    conversation = Talk(server, FakeProvider())
    turn = conversation.ask("How do I import tags from an Excel file?")
    answer = turn["response"]["content"]
    assert turn["response"]["success"] is True
    assert answer.startswith("No language model is set up")
    assert "not from a model" in answer
    assert "import-xlsx" in answer
    assert "**In the documentation**" in answer
    assert "**Operations that may do it**" in answer
    assert turn["usage"]["totalTokens"] == 0
    kept = server.ok("GET", "/api/assistant/history")
    assert [each["role"] for each in kept] == ["user", "assistant"]
    assert conversation.events(turn["turnId"])[-1][1]["content"]["content"] == answer


def test_words_that_nothing_knows(server: Client) -> None:
    answer = Talk(server, FakeProvider()).ask("Xyzzyplugh?")["response"]["content"]
    assert "found nothing" in answer


def test_the_answer_names_what_is_missing(server: Client) -> None:
    server.ok("POST", "/api/assistant/settings", {"provider": "Anthropic", "model": "m"})
    assert "needs a key" in Talk(server, FakeProvider()).ask("tags")["response"]["content"]
    server.ok("POST", "/api/assistant/settings", {"provider": "ollama", "model": ""})
    assert "No model is chosen" in Talk(server, FakeProvider()).ask("tags")["response"]["content"]


def test_settings_are_told_without_the_key(server: Client, tmp_path: Path) -> None:
    first = server.ok("GET", "/api/assistant/settings")
    assert (first["provider"], first["ready"], first["hasKey"], first["maxTokens"]) == ("", False, False, 4096)
    assert {"openai", "anthropic", "ollama", "vllm", "custom"} <= set(first["providers"])
    body = {"provider": "openai", "model": "m", "apiKey": PROVIDER_KEY, "maxRounds": 3}
    saved = server.ok("POST", "/api/assistant/settings", body)
    assert (saved["endpoint"], saved["ready"], saved["missing"], saved["maxRounds"]) == (
        "https://api.openai.com/v1",
        True,
        "",
        3,
    )
    assert server.ok("GET", "/api/assistant/settings") == saved
    assert server.ok("POST", "/api/assistant/settings", {"provider": ""})["ready"] is False
    (tmp_path / "assistant.json").write_text("{", encoding="utf-8")
    server.refused(500, "settings.invalid", "GET", "/api/assistant/settings")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"provider": "skynet"}, "assistant.provider", "/provider"),
        ({"endpoint": "ftp://host/v1"}, "assistant.endpoint", "/endpoint"),
        ({"endpoint": "http://me:pw@host/v1"}, "assistant.endpoint", "/endpoint"),
        ({"endpoint": "http://host/v1?key=x"}, "assistant.endpoint", "/endpoint"),
        ({"endpoint": "http://host:99999/v1"}, "assistant.endpoint", "/endpoint"),
        ({"endpoint": "http://\x00/v1"}, "assistant.endpoint", "/endpoint"),
        ({"endpoint": "http://\u200b/v1"}, "assistant.endpoint", "/endpoint"),
        ({"endpoint": "http://host:0/v1"}, "assistant.endpoint", "/endpoint"),
        ({"endpoint": "http://[::1/v1"}, "assistant.endpoint", "/endpoint"),
        ({"provider": "openai", "apiKey": "two words"}, "assistant.key", "/apiKey"),
        ({"provider": "openai", "apiKey": "schlüssel"}, "assistant.key", "/apiKey"),
        ({"apiKey": "k"}, "assistant.incomplete", "/provider"),
    ],
)
def test_settings_that_cannot_be_used(server: Client, body: dict[str, Any], code: str, pointer: str) -> None:
    error = server.refused(422, code, "POST", "/api/assistant/settings", body)
    assert error["place"]["pointer"] == pointer
    assert server.ok("GET", "/api/assistant/settings")["provider"] == ""


def test_whole_addresses_are_taken_as_base_addresses(server: Client) -> None:
    saved = server.ok("POST", "/api/assistant/settings", {"endpoint": "http://127.0.0.1:1234/v1/chat/completions/"})
    assert (saved["provider"], saved["endpoint"]) == ("custom", "http://127.0.0.1:1234/v1")


def test_models_come_from_the_provider(talk: Made, server: Client) -> None:
    server.refused(422, "assistant.no_provider", "POST", "/api/assistant/models", {})
    server.refused(422, "assistant.incomplete", "POST", "/api/assistant/models", {"provider": "openai"})
    with serving(FakeProvider(Answer(["Yes."]))) as other:
        tried = {"provider": "custom", "customEndpoint": other.url, "ApiKey": "k1", "Model": "any"}
        assert server.ok("POST", "/api/assistant/models", tried) == ["large", "small"]
        assert (other.requests[-1].path, other.requests[-1].headers["authorization"]) == ("/v1/models", "Bearer k1")
    assert server.ok("GET", "/api/assistant/settings")["provider"] == ""
    conversation = talk(Answer(["Yes."]))
    assert server.ok("POST", "/api/assistant/models", {}) == ["large", "small"]
    conversation.provider.models = {"models": []}
    server.refused(502, "assistant.bad_answer", "POST", "/api/assistant/models", {})
    conversation.provider.models = Refusal(401, {"error": {"message": "who?"}})
    server.refused(502, "assistant.key_refused", "POST", "/api/assistant/models", {})
    conversation.provider.models = Refusal(429, {"error": {"message": "later"}})
    server.refused(503, "assistant.busy_provider", "POST", "/api/assistant/models", {})
