"""What is sent, without a server: the request that the service would bind, retries, and the generated modules."""

import asyncio
import re
from collections.abc import Callable
from functools import cache
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.client import AsyncClient, Client, Options, Problem
from engineering_api.client.calls import (
    Call,
    bind_arguments,
    call_as_job,
    catalogue,
    operation,
    segment,
    waiting,
)
from engineering_api.documentation.pages import api_pages
from engineering_api.operations import binding
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import PARAMETER, Route
from engineering_api.settings import Settings
from engineering_api.web.bodies import decoded
from tests.documentation.reading import examples

OK = b'{"status":200,"success":true,"message":"OK","data":{"pong":true},"response":{}}'
TOO_MANY = (
    b'{"success":false,"message":"Too many","data":null,"error":{"code":"request.too_many","message":"Too many"}}'
)


class SentError(Exception):
    """A request was sent, and there is no answer."""


def received(op: Operation, call: Call) -> object:
    """The request that the server binds of a call."""
    for route in op.routes:
        pattern = PARAMETER.sub(r"(?P<\1>[^/]+)", route.path)
        if route.method == call.method and (match := re.fullmatch(pattern, call.path)) and _is_own(route, call.path):
            path = {name: unquote(value) for name, value in match.groupdict().items()}
            document = binding.document(path, call.query, decoded(call.body, Settings()))
            return binding.bind_document(op.request, document, strict=not (path or call.query))
    raise AssertionError(f"{call} is no route of {op.name}")


def _is_own(route: Route, path: str) -> bool:
    """Whether the fixed segments are the same: {blockName} would match `async` too."""
    return route.path.count("/") == path.count("/")


@cache
def examples_in_python() -> dict[str, list[str]]:
    """The examples in Python on the pages, by operation."""
    found: dict[str, list[str]] = {op.name: [] for op in catalogue()}
    for page in api_pages(catalogue()):
        for each in examples(page.content):
            if each.language == "python":
                found[each.operation].append(each.code)
    return found


@pytest.mark.parametrize("op", list(catalogue()), ids=lambda op: op.name)
def test_the_server_binds_what_the_examples_in_python_send(op: Operation) -> None:
    sent: list[Call] = []

    def take(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        sent.append(Call(request.method, path, dict(request.url.params), request.content))
        raise SentError

    codes = examples_in_python()[op.name]
    for code in codes:
        http = httpx.Client(transport=httpx.MockTransport(take))
        with Client("http://test", "key", http=http) as client, pytest.raises(SentError):
            exec(code, {"client": client})  # noqa: S102 - the examples of this project
    assert [received(op, each) for each in sent] == [bind_arguments(op, dict(op.example))] * len(codes)


@given(st.text(min_size=1))
def test_any_name_is_one_segment_of_a_path(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    url = httpx.URL(f"http://127.0.0.1/a/{segment(name)}/b")
    parts = url.raw_path.decode().split("/")
    assert [parts[1], unquote(parts[2]), parts[3]] == ["a", name, "b"]


def test_an_operation_without_a_route_for_jobs_is_asked_to_be_one() -> None:
    op = operation("tag_tables.tree")
    call = call_as_job(op, bind_arguments(op, {"deviceName": "PLC_1"}), Options(instance=7))
    assert (call.path, call.headers) == (
        "/api/devices/PLC_1/tag-tables/tree",
        {"X-TIA-Instance": "7", "Prefer": "respond-async"},
    )


def test_no_job_carries_a_password() -> None:
    op = operation("projects.open_")
    with pytest.raises(Problem) as caught:
        call_as_job(op, bind_arguments(op, dict(op.example) | {"password": "x", "userName": "me"}), Options())
    assert caught.value.code == "job.secret"


def test_options_go_where_every_route_takes_them() -> None:
    op = operation("tag_tables.update")
    options = Options(filter="name~M*", sort="-name", page=2, page_size=10, if_match='"3"', wait=1.5)
    call = waiting(op, bind_arguments(op, dict(op.example)), options)
    assert call.query == {"filter": "name~M*", "sort": "-name", "page": "2", "pageSize": "10", "wait": "1.5"}
    assert call.headers == {"If-Match": '"3"'}


Handler = Callable[[httpx.Request], httpx.Response]


def run_both(handler: Handler, monkeypatch: pytest.MonkeyPatch, verb: str, **options: object) -> list[object]:
    """What both clients come to, with no pause."""
    monkeypatch.setattr("engineering_api.client.leading.time.sleep", lambda _: None)
    made = [_blocking(handler, verb, options)]

    async def instantly(_: float) -> None:
        return None

    monkeypatch.setattr("engineering_api.client.asynchronous.asyncio.sleep", instantly)
    return [*made, asyncio.run(_awaited(handler, verb, options))]


def _blocking(handler: Handler, verb: str, options: dict[str, object]) -> object:
    with Client("http://test", "key", http=httpx.Client(transport=httpx.MockTransport(handler))) as client:
        try:
            return client.using(**options).call(verb)
        except Problem as problem:
            return problem.code


async def _awaited(handler: Handler, verb: str, options: dict[str, object]) -> object:
    http = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    async with AsyncClient("http://test", "key", http=http) as client:
        try:
            return await client.using(**options).call(verb)
        except Problem as problem:
            return problem.code


def failing(times: int, how: Handler) -> tuple[Handler, list[str]]:
    """A server that fails so often for each client, and what it was asked."""
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return how(request) if len(asked) % (times + 1) else httpx.Response(200, content=OK)

    return handle, asked


def cut_off(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("cut off", request=request)


def refused(_: httpx.Request) -> httpx.Response:
    return httpx.Response(429, content=TOO_MANY, headers={"Retry-After": "2"})


def test_a_read_that_was_cut_off_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    handle, asked = failing(2, cut_off)
    assert run_both(handle, monkeypatch, "health.ping") == [{"pong": True}] * 2
    assert asked == ["GET"] * 6


def test_a_change_that_was_cut_off_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    handle, asked = failing(2, cut_off)
    assert run_both(handle, monkeypatch, "projects.save") == ["client.unreachable"] * 2
    assert asked == ["POST"] * 2


def test_a_refusal_that_names_its_end_is_repeated_even_for_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    handle, asked = failing(1, refused)
    assert run_both(handle, monkeypatch, "projects.history", retries=1) == [{"pong": True}] * 2
    assert len(asked) == 4


def test_repeating_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_both(refused, monkeypatch, "health.ping", retries=2) == ["request.too_many"] * 2


def test_a_cancelled_job_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/projects/actions/save-sync":
            return httpx.Response(202, content=b'{"success":true,"data":{"jobId":"7"}}')
        record = {
            "jobId": "7",
            "operation": "projects.save",
            "status": "Cancelled",
            "progress": 3,
            "message": "",
            "result": None,
            "error": None,
            "problem": None,
            "createdAt": "",
            "startedAt": None,
            "completedAt": "",
        }
        return httpx.Response(200, json={"success": True, "data": record})

    assert run_both(handle, monkeypatch, "projects.save") == ["job.cancelled"] * 2


def test_what_is_no_answer_of_the_service_is_told_from_one(monkeypatch: pytest.MonkeyPatch) -> None:
    page = b"<html>proxy</html>"
    assert (
        run_both(lambda _: httpx.Response(502, content=page), monkeypatch, "health.ping")
        == ["client.foreign_answer"] * 2
    )
