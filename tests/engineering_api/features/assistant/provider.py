"""A provider of language models on a real loopback socket, which says what a test tells it to, faults included."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """One answer: text in pieces, then calls of tools as (name, arguments as JSON text or object)."""

    text: list[str] = field(default_factory=list)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    tokens: tuple[int, int] = (100, 10)
    finish: str = ""


@dataclass
class Refusal:
    """An answer with another status."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Cut:
    """An answer that breaks off after its text; rudely, or as if it had ended."""

    text: list[str]
    rude: bool = True


@dataclass
class Raw:
    """Bytes as the stream's body."""

    body: bytes
    kind: str = "text/event-stream"


@dataclass
class Slow:
    """Says one piece after another until the test sets `enough` or the client is gone."""

    piece: str = "and "
    enough: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)


Act = Answer | Refusal | Cut | Raw | Slow
Script = Callable[[dict[str, Any]], Act]


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class FakeProvider:
    """What was asked of it, and what it answers: the acts in their order, then the last one again and again."""

    def __init__(self, *acts: Act | Script) -> None:
        self.acts = list(acts)
        self.requests: list[Request] = []
        self.models: Any = {"data": [{"id": "small"}, {"id": "large"}]}
        self.url = ""

    def act(self, request: Request) -> Act:
        self.requests.append(request)
        found = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
        return found(request.body) if callable(found) else found


@contextmanager
def serving(provider: FakeProvider) -> Iterator[FakeProvider]:
    """The provider on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.provider = provider
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def openai_events(answer: Answer) -> Iterator[dict[str, Any]]:
    for piece in answer.text:
        yield {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
    for number, (name, arguments) in enumerate(answer.calls):
        text = _text(arguments)
        half = len(text) // 2
        first = {
            "index": number,
            "id": f"call{number}",
            "type": "function",
            "function": {"name": name, "arguments": ""},
        }
        yield _tool_chunk(first)
        for part in (text[:half], text[half:]):
            yield _tool_chunk({"index": number, "function": {"arguments": part}})
    finish = answer.finish or ("tool_calls" if answer.calls else "stop")
    yield {"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
    usage = {
        "prompt_tokens": answer.tokens[0],
        "completion_tokens": answer.tokens[1],
        "total_tokens": sum(answer.tokens),
    }
    yield {"choices": [], "usage": usage}


def anthropic_events(answer: Answer) -> Iterator[dict[str, Any]]:
    yield {"type": "message_start", "message": {"usage": {"input_tokens": answer.tokens[0], "output_tokens": 1}}}
    yield {"type": "ping"}
    yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    for piece in answer.text:
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
    yield {"type": "content_block_stop", "index": 0}
    for number, (name, arguments) in enumerate(answer.calls, 1):
        block = {"type": "tool_use", "id": f"call{number}", "name": name, "input": {}}
        yield {"type": "content_block_start", "index": number, "content_block": block}
        delta = {"type": "input_json_delta", "partial_json": _text(arguments)}
        yield {"type": "content_block_delta", "index": number, "delta": delta}
        yield {"type": "content_block_stop", "index": number}
    finish = {"length": "max_tokens", "": "tool_use" if answer.calls else "end_turn"}.get(answer.finish, answer.finish)
    yield {"type": "message_delta", "delta": {"stop_reason": finish}, "usage": {"output_tokens": answer.tokens[1]}}
    yield {"type": "message_stop"}


def _tool_chunk(call: dict[str, Any]) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]}


def _text(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _provider(self) -> FakeProvider:
        return self.server.provider

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        provider = self._provider
        provider.requests.append(self._request({}))
        if isinstance(provider.models, Refusal):
            self._refuse(provider.models)
        else:
            self._whole(200, json.dumps(provider.models).encode(), "application/json", {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        act = self._provider.act(self._request(body))
        if isinstance(act, Refusal):
            self._refuse(act)
            return
        self._begin(act.kind if isinstance(act, Raw) else "text/event-stream")
        try:
            self._say(act)
        except OSError:
            if isinstance(act, Slow):
                act.gone.set()

    def _say(self, act: Act) -> None:
        if isinstance(act, Raw):
            self._piece(act.body)
        elif isinstance(act, Answer):
            self._events(list(self._dialect(act)))
        elif isinstance(act, Cut):
            after = len(act.text) + (3 if self._dialect is anthropic_events else 0)
            self._events(list(self._dialect(Answer(act.text)))[:after])
        elif isinstance(act, Slow):
            event = next(each for each in self._dialect(Answer([act.piece])) if act.piece in json.dumps(each))
            while not act.enough.wait(0.01):
                self._event(event)
        if isinstance(act, Cut) and act.rude:
            self.close_connection = True
            self.connection.close()
            return
        self._piece(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    @property
    def _dialect(self) -> Callable[[Answer], Iterator[dict[str, Any]]]:
        return anthropic_events if self.path.endswith("/messages") else openai_events

    def _request(self, body: dict[str, Any]) -> Request:
        return Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body)

    def _refuse(self, act: Refusal) -> None:
        body = act.body if isinstance(act.body, bytes) else json.dumps(act.body).encode()
        self._whole(act.status, body, "application/json", act.headers)

    def _whole(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _begin(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _events(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            self._event(event)

    def _event(self, event: dict[str, Any]) -> None:
        name = f"event: {event['type']}\n" if "type" in event else ""
        self._piece(f"{name}data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())

    def _piece(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()
