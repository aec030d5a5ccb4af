"""An example in curl, PowerShell and Python.

The shells take `$URL` and `$KEY` (`$Url` and `$Headers`); every text that comes from an example is quoted so that a
shell reads nothing into it.
"""

from __future__ import annotations

from pprint import pformat
from typing import Any

import msgspec

from engineering_api.documentation.calls import Call
from engineering_api.operation import Mode, Operation

LONG = 100
"""Characters from which a body is written in several lines."""


def curl(call: Call) -> str:
    """The call for sh, with curl."""
    method = "" if call.method == "GET" else f"-X {call.method} "
    parts = [f'curl {method}"$URL{call.target}" -H "X-API-Key: $KEY"']
    if call.body:
        body = _laid_out(call.body).replace("'", "'\\''")
        parts.append(f"-H 'Content-Type: application/json' -d '{body}'")
    return " \\\n  ".join(parts)


def powershell(call: Call) -> str:
    """The call for Windows PowerShell 5.1 and PowerShell 7.

    The content type names the encoding, because 5.1 sends Latin-1 otherwise.
    """
    parts = [f'Invoke-RestMethod -Method {call.method.title()} -Uri "$Url{call.target}" -Headers $Headers']
    if call.body:
        body = _laid_out(call.body).replace("'", "''")
        parts.append(f"-ContentType 'application/json; charset=utf-8' -Body '{body}'")
    return " `\n  ".join(parts)


def python(op: Operation, mode: Mode) -> str:
    """The call with this project's Python client: its answer, or the job that will have it."""
    given = [f"{name}={_literal(value)}" for name, value in op.example.items()]
    parts = [f'"{op.name}"', *given, *(["wait=False"] if mode is Mode.JOB else [])]
    name = "job" if mode is Mode.JOB else "answer"
    return f"{name} = client.call({', '.join(parts)})"


def _laid_out(body: str) -> str:
    return body if len(body) < LONG else msgspec.json.format(body, indent=2)


def _literal(value: Any) -> str:
    """A value in Python, in one line when it fits."""
    return pformat(value, width=LONG, sort_dicts=False)
