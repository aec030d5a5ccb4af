"""Compares each refusal that a client of a test is sent with the error codes that the description lists."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path
from typing import Any

import httpx
import pytest

FIRST_ERROR = 400
COLLECT = "TIA_OBSERVED_CODES"
"""The variable with a file that gets the codes that the description does not have; no test fails by them then."""


@cache
def _routes() -> dict[tuple[str, int], list[tuple[re.Pattern[str], Any]]]:
    """Return the operations by method and number of slashes, each with the pattern of its path; those with few parameters first."""
    from engineering_api.app import catalogue
    from engineering_api.operations.terms import PARAMETER

    found: dict[tuple[str, int], list[tuple[re.Pattern[str], Any]]] = {}
    declared = [
        op for op in catalogue() if op.run.__module__.startswith(("engineering_api.", "runtime_data."))
    ]  # not by a test
    pairs = [(route, op) for op in declared for route in op.routes]
    for route, op in sorted(pairs, key=lambda pair: len(pair[0].parameters)):
        path = "".join("[^/]+" if at % 2 else re.escape(part) for at, part in enumerate(PARAMETER.split(route.path)))
        found.setdefault((route.method, route.path.count("/")), []).append((re.compile(path), op))
    return found


def check(response: httpx.Response) -> None:
    """Require that the description has status and code of a refusal, if it is one of an operation of this service.

    Raises:
        AssertionError: It has not.
    """
    code = _code(response)
    if not code:
        return
    from engineering_api.web.openapi import codes

    method, path = response.request.method, response.request.url.raw_path.decode().partition("?")[0]
    path = re.sub("^/api/v2/", "/api/", path)
    routes = _routes().get(("GET" if method == "HEAD" else method, path.count("/")), ())
    op = next((op for pattern, op in routes if pattern.fullmatch(path)), None)
    if op is None:
        return
    listed = codes.failures(op).get(response.status_code, [])
    if {code, codes.family(code), codes.ANY} & {*listed}:
        return
    file = os.environ.get(COLLECT)
    if file:
        with Path(file).open("a", encoding="utf-8") as lines:
            lines.write(f"{op.name}\t{response.status_code}\t{code}\n")
        return
    raise AssertionError(
        f"{op.name} answers {response.status_code} {code}, which its description does not have: "
        "python -m tests.support.codes.record"
    )


def _code(response: httpx.Response) -> str:
    """Return the code of a refusal in one of the forms of this service; empty for any other answer."""
    from engineering_api.web.forms.versions import PROBLEM, PROBLEM_TYPE

    try:
        document = response.json()
    except ValueError:
        return ""
    if not isinstance(document, dict):
        return ""
    if response.headers.get("content-type") == PROBLEM:
        is_own = str(document.get("type")).startswith(PROBLEM_TYPE)
        return str(document["code"]) if is_own else ""
    error = document.get("error")
    return str(error["code"]) if document.get("success") is False and isinstance(error, dict) else ""


@pytest.fixture(scope="session", autouse=True)
def checked_refusals() -> Iterator[None]:
    """Compare what the clients of httpx are sent; that of Litestar is one of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.Client, "send", _checked(httpx.Client.send))
        patch.setattr(httpx.AsyncClient, "send", _checked_later(httpx.AsyncClient.send))
        yield


def _checked(send: Callable[..., httpx.Response]) -> Callable[..., httpx.Response]:
    @wraps(send)
    def sending(*args: Any, **given: Any) -> httpx.Response:
        response = send(*args, **given)
        if response.status_code >= FIRST_ERROR and not given.get("stream"):
            check(response)
        return response

    return sending


def _checked_later(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    async def sending(*args: Any, **given: Any) -> httpx.Response:
        response: httpx.Response = await send(*args, **given)
        if response.status_code >= FIRST_ERROR and not given.get("stream"):
            check(response)
        return response

    return sending
