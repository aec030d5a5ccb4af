"""An example in curl, PowerShell and Python.

The shells take `$URL` and `$KEY` (`$Url` and `$Headers`); every text that comes from an example is quoted so that a
shell reads nothing into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pprint import pformat
from typing import Any

import msgspec

from engineering_api.documentation.calls import Call
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Mode

LONG = 100
"""Characters from which a body is written in several lines."""


def curl(call: Call) -> str:
    """Return the call for sh, with curl."""
    method = "" if call.method == "GET" else f"-X {call.method} "
    parts = [f'curl {method}"$URL{call.target}" -H "X-API-Key: $KEY"']
    if call.body:
        body = _lay_out(call.body).replace("'", "'\\''")
        parts.append(f"-H 'Content-Type: application/json' -d '{body}'")
    return " \\\n  ".join(parts)


def powershell(call: Call) -> str:
    """Return the call for Windows PowerShell 5.1 and PowerShell 7.

    The content type names the encoding, because 5.1 sends Latin-1 otherwise.
    """
    parts = [f'Invoke-RestMethod -Method {call.method.title()} -Uri "$Url{call.target}" -Headers $Headers']
    if call.body:
        body = _lay_out(call.body).replace("'", "''")
        parts.append(f"-ContentType 'application/json; charset=utf-8' -Body '{body}'")
    return " `\n  ".join(parts)


def python(op: Operation, mode: Mode) -> str:
    """Return the call with this project's Python client: its answer, or the job that will have it.

    A request whose parts are structs is given by name with plain values; others have a method with their types.
    """
    is_job = mode is Mode.JOB
    names = {field.encode_name: field.name for field in msgspec.structs.fields(op.request)}
    given = [f"{names[name]}={_literal(value)}" for name, value in op.example.items()]
    if _is_plain(op):
        call = f"client.{op.name}({_join([*given, *(['wait=False'] if is_job else [])])})"
    else:
        call = f"client.{'submit' if is_job else 'call'}({_join([_literal(op.name), *given])})"
    return f"{'job' if is_job else 'answer'} = {call}"


def _is_plain(op: Operation) -> bool:
    """Return whether the example has no value that is a struct for the client."""
    return not any(isinstance(part, dict) for value in op.example.values() for part in (value, *_items(value)))


def _items(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()


def _join(arguments: list[str]) -> str:
    line = ", ".join(arguments)
    return line if len(line) < LONG and "\n" not in line else "".join(f"\n    {each}," for each in arguments) + "\n"


def _lay_out(body: str) -> str:
    return body if len(body) < LONG else msgspec.json.format(body, indent=2)


def _literal(value: Any) -> str:
    """Return a value in Python, in one line when it fits."""
    if isinstance(value, str):
        return msgspec.json.encode(value).decode()
    return pformat(value, width=LONG, sort_dicts=False).replace("\n", "\n    ")
