"""The messages protocol of Anthropic. Facts: the public reference of `POST /v1/messages` with `stream: true`."""

from __future__ import annotations

from typing import Any

import msgspec

from engineering_api.features.assistant.messages import Message, Prompt, Reply, ToolCall, Usage
from engineering_api.features.assistant.provider import MalformedAnswer, ProviderFault, Sampling

VERSION = "2023-06-01"
FINISHES = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tools"}
BUSY = {"overloaded_error", "rate_limit_error"}


class AnthropicDialect:
    """What is sent and how it is read."""

    path = "/messages"

    def headers(self, key: str) -> dict[str, str]:
        """Return the version of the protocol, and the key where there is one."""
        return {"anthropic-version": VERSION, **({"x-api-key": key} if key else {})}

    def body(self, model: str, prompt: Prompt, settings: Sampling) -> dict[str, Any]:
        """Return the request for a streamed answer."""
        body: dict[str, Any] = {
            "model": model,
            "system": prompt.system,
            "messages": [_message(message) for message in prompt.messages],
            "max_tokens": settings.max_tokens,
            "stream": True,
        }
        if settings.temperature is not None:
            body["temperature"] = min(settings.temperature, 1.0)
        if prompt.tools:
            body["tools"] = [
                {"name": t.name, "description": t.description, "input_schema": t.schema} for t in prompt.tools
            ]
            body["tool_choice"] = {"type": "tool", "name": prompt.forced} if prompt.forced else {"type": "auto"}
        return body

    def reader(self) -> AnthropicReader:
        """Return what reads the answer."""
        return AnthropicReader()


class AnthropicReader:
    """Joins the events of one answer."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._text: list[str] = []
        self._calls: dict[int, list[str]] = {}
        self._usage = Usage()
        self._finish = ""
        self.complete = False

    def take(self, data: dict[str, Any]) -> str:
        """Take one event; returns its text. Kinds that are not known are passed over, as the protocol asks."""
        try:
            return self._parse_event(data)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise MalformedAnswer(f"an event without its fields ({type(error).__name__}: {error})") from None

    def _parse_event(self, data: dict[str, Any]) -> str:
        kind = data["type"]
        if kind == "error":
            error = data["error"]
            raise ProviderFault(str(error.get("message") or error.get("type")), busy=error.get("type") in BUSY)
        if kind == "message_start":
            self._count(data["message"].get("usage") or {})
        elif kind == "content_block_start" and data["content_block"]["type"] == "tool_use":
            block = data["content_block"]
            self._calls[int(data["index"])] = [str(block["id"]), str(block["name"]), ""]
        elif kind == "content_block_start":
            return self._add_text(str(data["content_block"].get("text") or ""))
        elif kind == "content_block_delta":
            return self._delta(int(data["index"]), data["delta"])
        elif kind == "message_delta":
            self._count(data.get("usage") or {})
            self._finish = str(data["delta"].get("stop_reason") or self._finish)
        elif kind == "message_stop":
            self.complete = True
        return ""

    def _delta(self, index: int, delta: dict[str, Any]) -> str:
        if delta["type"] == "input_json_delta":
            self._calls[index][2] += delta["partial_json"]
        return self._add_text(str(delta["text"])) if delta["type"] == "text_delta" else ""

    def _add_text(self, text: str) -> str:
        self._text.append(text)
        return text

    def _count(self, usage: dict[str, Any]) -> None:
        """Counts are of the whole answer so far, not of the event."""
        self._usage = Usage(
            int(usage.get("input_tokens") or self._usage.input), int(usage.get("output_tokens") or self._usage.output)
        )

    def reply(self) -> Reply:
        """Return the whole answer."""
        calls = tuple(ToolCall(*call) for _, call in sorted(self._calls.items()))
        return Reply("".join(self._text), calls, self._usage, FINISHES.get(self._finish, self._finish))


def _message(message: Message) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [
        {"type": "tool_result", "tool_use_id": r.id, "content": r.text, "is_error": r.is_error} for r in message.results
    ]
    if message.text.strip():
        blocks.append({"type": "text", "text": message.text})
    blocks += [{"type": "tool_use", "id": c.id, "name": c.name, "input": _input(c.arguments)} for c in message.calls]
    return {"role": message.role, "content": blocks}


def _input(arguments: str) -> dict[str, Any]:
    """Return the arguments as the protocol wants them back: an object, even where the model wrote broken ones."""
    try:
        found = msgspec.json.decode(arguments or "{}")
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}
