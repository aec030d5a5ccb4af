"""Chat completions, as OpenAI began them and Ollama, vLLM, Groq, Gemini and many others speak them.

Facts: the public reference of `POST /chat/completions` with `stream: true`; docs/facts/t-ia-connect.md#assistant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engineering_api.features.assistant.messages import Message, Prompt, Reply, ToolCall, Usage
from engineering_api.features.assistant.provider import MalformedAnswer, ProviderFault, Sampling

FINISHES = {"tool_calls": "tools", "function_call": "tools"}


class OpenAiDialect:
    """What is sent and how it is read."""

    path = "/chat/completions"

    def headers(self, key: str) -> dict[str, str]:
        """Return a bearer token, where there is a key."""
        return {"Authorization": f"Bearer {key}"} if key else {}

    def body(self, model: str, prompt: Prompt, settings: Sampling) -> dict[str, Any]:
        """Return the request for a streamed answer with its count of tokens."""
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": "system", "content": prompt.system}, *_messages(prompt.messages)],
            settings.limit_field: settings.max_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if settings.temperature is not None:
            body["temperature"] = settings.temperature
        if prompt.tools:
            body["tools"] = [
                {"type": "function", "function": {"name": t.name, "description": t.description, "parameters": t.schema}}
                for t in prompt.tools
            ]
            body["tool_choice"] = {"type": "function", "function": {"name": prompt.forced}} if prompt.forced else "auto"
        return body

    def reader(self) -> OpenAiReader:
        """Return what reads the answer."""
        return OpenAiReader()


class OpenAiReader:
    """Joins the chunks of one answer."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._text: list[str] = []
        self._calls: dict[int, dict[str, str]] = {}
        self._places: dict[int, int] = {}
        self._usage = Usage()
        self._finish = ""

    @property
    def complete(self) -> bool:
        """Whether a chunk said why the answer ended."""
        return bool(self._finish)

    def take(self, data: dict[str, Any]) -> str:
        """Take one chunk; returns its text."""
        if data.get("error"):
            raise _fault(data["error"])
        try:
            return self._parse_event(data)
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            raise MalformedAnswer(f"a chunk without its fields ({type(error).__name__}: {error})") from None

    def _parse_event(self, data: dict[str, Any]) -> str:
        usage = data.get("usage")
        if usage:
            self._usage = Usage(int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0))
        if not data["choices"]:
            return ""
        choice = data["choices"][0]
        delta = choice.get("delta") or {}
        for position, part in enumerate(delta.get("tool_calls") or ()):
            self._call(position if part.get("index") is None else int(part["index"]), part)
        self._finish = choice.get("finish_reason") or self._finish
        text = str(delta.get("content") or "")
        self._text.append(text)
        return text

    def _call(self, index: int, part: dict[str, Any]) -> None:
        """Add to a call; a new id at a known place is a further call, because some providers number none."""
        place = self._places.get(index, index)
        begun = self._calls.get(place)
        if begun and part.get("id") and begun["id"] not in {"", part["id"]}:
            place = self._places[index] = len(self._calls)
        call = self._calls.setdefault(place, {"id": "", "name": "", "arguments": ""})
        function = part.get("function") or {}
        call["id"] = str(part.get("id") or call["id"])
        call["name"] = str(function.get("name") or call["name"])
        call["arguments"] += str(function.get("arguments") or "")

    def reply(self) -> Reply:
        """Return the whole answer; a call without an id gets one."""
        calls = tuple(
            ToolCall(call["id"] or f"call_{number}", call["name"], call["arguments"])
            for number, call in sorted(self._calls.items())
        )
        finish = FINISHES.get(self._finish, self._finish)
        return Reply("".join(self._text), calls, self._usage, "tools" if calls and finish == "stop" else finish)


def _fault(error: Any) -> ProviderFault:
    known = error if isinstance(error, dict) else {"message": error}
    kind = f"{known.get('type')} {known.get('code')}"
    return ProviderFault(
        str(known.get("message") or kind), busy=any(w in kind for w in ("rate_limit", "overload", "429", "503"))
    )


def _messages(messages: list[Message]) -> Iterator[dict[str, Any]]:
    for message in messages:
        if message.results:
            for result in message.results:
                yield {"role": "tool", "tool_call_id": result.id, "content": result.text}
        if message.calls:
            calls = [
                {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments or "{}"}}
                for c in message.calls
            ]
            yield {"role": "assistant", "content": message.text or None, "tool_calls": calls}
        elif message.text:
            yield {"role": message.role, "content": message.text}
