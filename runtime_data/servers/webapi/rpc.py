"""JSON-RPC 2.0 as a CPU speaks it: a call, or a list of calls, and an answer to each.

Reads that follow each other are read at once, and writes are written at once, with one entry of the audit log.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from runtime_data.servers.webapi.refusals import Refused
from runtime_data.webapi import codes

MOST_CALLS = 5000
"""Calls in a request."""
READ, WRITE = "PlcProgram.Read", "PlcProgram.Write"


class Asked(NamedTuple):
    """A call.

    Attributes:
        id: What the answer is named by; a number or a text.
        method: Its name.
        params: Its parameters.
    """

    id: Any
    method: str
    params: dict[str, Any]


Answers = Callable[[Sequence[Asked]], Awaitable[list[Any]]]
"""Answers calls of one method, with a result or a Refused for each."""


def parse(body: bytes) -> Any:
    """Return the document of a request.

    Raises:
        Refused: It is no JSON.
    """
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise Refused(codes.PARSE_ERROR) from None


async def answer(document: Any, answers: Answers) -> Any:
    """Return the answer to a request: to a call, or to each of a list."""
    if not isinstance(document, list):
        return (await _answer_all([document], answers))[0]
    if not document or len(document) > MOST_CALLS:
        return refuse(codes.INVALID_REQUEST)
    return await _answer_all(document, answers)


def refuse(code: int, id_: Any = None) -> dict[str, Any]:
    """Return the answer that refuses a call, or the whole request."""
    return {"jsonrpc": "2.0", "id": id_, "error": {"code": code, "message": codes.MESSAGES.get(code, "Error")}}


async def _answer_all(documents: Sequence[Any], answers: Answers) -> list[Any]:
    asked = [_call(each) for each in documents]
    found: list[Any] = [refuse(codes.INVALID_REQUEST, _id(each)) for each in documents]
    for group in _groups([(at, call) for at, call in enumerate(asked) if call is not None]):
        results = await answers([call for _, call in group])
        for (at, call), result in zip(group, results, strict=True):
            is_refused = isinstance(result, Refused)
            found[at] = (
                refuse(result.code, call.id) if is_refused else {"jsonrpc": "2.0", "id": call.id, "result": result}
            )
    return found


def _groups(calls: Sequence[tuple[int, Asked]]) -> list[list[tuple[int, Asked]]]:
    """Return the calls in their order, those together that are done at once: no tag is written twice in a group."""
    groups: list[list[tuple[int, Asked]]] = []
    for each in calls:
        last = groups[-1] if groups else []
        method = each[1].method
        together = bool(last) and last[0][1].method == method and method in (READ, WRITE)
        if together and not (method == WRITE and _tag(each) in {_tag(other) for other in last}):
            last.append(each)
        else:
            groups.append([each])
    return groups


def _tag(call: tuple[int, Asked]) -> str:
    return str(call[1].params.get("var", "")).replace('"', "").replace(" ", "").casefold()


def _call(document: Any) -> Asked | None:
    """Return a call; None where the document is none."""
    if not isinstance(document, dict) or document.get("jsonrpc") != "2.0" or _id(document) is None:
        return None
    method, params = document.get("method"), document.get("params", {})
    if not isinstance(method, str) or not isinstance(params, dict | None):
        return None
    return Asked(document["id"], method, params or {})


def _id(document: Any) -> Any:
    found = document.get("id") if isinstance(document, dict) else None
    return found if isinstance(found, int | str) and not isinstance(found, bool) and len(str(found)) <= 100 else None
