"""Streams in the OpenAPI description: the fields of a query, and server-sent events as the answer."""

from __future__ import annotations

from typing import Any

from engineering_api.operations.declaration import Stream
from engineering_api.web.openapi_options import CONDITIONAL, FAILURES

_TEXT = {"type": "string"}


def described(stream: Stream) -> dict[str, Any]:
    """Return a stream as an operation of OpenAPI."""
    in_path = [_parameter(name, "path", "As in the routes of the same path.") for name in stream.route.parameters]
    in_query = [_parameter(name, "query", about) for name, about in stream.query.items()]
    failures = {
        str(status): {"$ref": f"#/components/responses/Failed{status}"} for status in FAILURES if status != CONDITIONAL
    }
    messages = {
        "description": "Messages, until the listener or the service ends it.",
        "content": {"text/event-stream": {"schema": _TEXT}},
    }
    return {
        "operationId": f"{stream.name}.listen",
        "tags": [stream.section],
        "summary": stream.summary,
        "description": "",
        "parameters": [*in_path, *in_query],
        "responses": {"200": messages, **failures},
        "security": [{"apiKey": []}, {"bearer": []}],
        "x-stream": stream.name,
        "x-right": stream.right.word,
    }


def _parameter(name: str, where: str, about: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "description": about, "schema": _TEXT}
