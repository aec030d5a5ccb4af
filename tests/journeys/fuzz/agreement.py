"""Whether the description and the service agree on which requests are valid.

jsonschema reads the description and decides of the request that was sent; it knows nothing of the service. A valid request is not
refused as one that can never be right (400), unless `unexpressed.py` names the rule. An invalid one is refused. The status 422 is
left to a rule of TIA Portal about names, types or code: it depends on the project or on a grammar, which no schema has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx
import msgspec
from jsonschema import Draft202012Validator
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from engineering_api import VERSION
from engineering_api.web.openapi.document import describe
from tests.journeys.fuzz.unexpressed import is_unexpressed
from tests.support.state.api import CATALOGUE

INVALID = 400
REFUSED = {400, 401, 403, 422, 429}
"""The answers that refuse a request for its content, its caller, or its number."""


def _is_whole(_: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


Validator = extend(Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole))
"""Reads an integer as docs/requests.md does: 2.0 is none."""


@cache
def document(api: int) -> dict[str, Any]:
    """The description of a version of the API."""
    made: dict[str, Any] = json.loads(msgspec.json.encode(describe(CATALOGUE, VERSION, api)))
    return made


class Described:
    """What the description says of the requests of one route."""

    def __init__(self, api: int, method: str, path: str) -> None:
        """Find the route."""
        self._api, self._path = api, path.split("/")
        route = ("paths", path, method.lower())
        found = _part(api, route)
        places = [_place(each, (*route, "parameters", str(index))) for index, each in enumerate(found["parameters"])]
        declared = {(_part(api, place)["in"], _part(api, place)["name"]): place for place in places}
        self._texts = {key: self._schema(*place, "schema") for key, place in declared.items() if key[0] != "header"}
        self._required = [key for key, place in declared.items() if _part(api, place)["required"]]
        self._body = found.get("requestBody")
        self._content = self._schema(*route, "requestBody", "content", "application/json", "schema")

    def fault(self, request: httpx.Request) -> str:
        """Why a request is not valid; empty where it is."""
        given = dict(self._given(request))
        if missing := [key for key in self._required if key not in given]:
            return f"{missing} left out"
        for key, text in given.items():
            if key[0] == "query" and given.get(("path", key[1])) == text:
                continue  # what a path says, may be said again
            if key not in self._texts or not any(map(self._texts[key].is_valid, _values(text))):
                return f"{key} is {text!r}"
        return self._fault_of_body(request.content)

    def _fault_of_body(self, content: bytes) -> str:
        content = content.strip(b" \t\r\n")
        if not content or self._body is None:
            return "a body" if content else "no body" if self._body and self._body["required"] else ""
        try:
            wrong = next(self._content.iter_errors(json.loads(content)), None)
        except ValueError:
            return "no JSON"
        return f"{wrong.json_path}: {wrong.message[:300]}" if wrong else ""

    def _given(self, request: httpx.Request) -> Iterator[tuple[tuple[str, str], str]]:
        sent = request.url.raw_path.decode().partition("?")[0].split("/")
        for named, text in zip(self._path, sent, strict=True):
            if named.startswith("{"):
                yield ("path", named[1:-1]), unquote(text)
        for name, text in request.url.params.multi_items():
            yield ("query", name), text

    def _schema(self, *place: str) -> Any:
        return Validator({"$ref": f"{_urn(self._api)}#{_pointer(place)}"}, registry=_registry(self._api))


@cache
def described(api: int, method: str, path: str) -> Described:
    """What the description of a version says of a route."""
    return Described(api, method, path)


def require_agreement(api: int, operation: str, method: str, path: str, answer: httpx.Response) -> None:
    """Refuse an answer that the description contradicts.

    Raises:
        AssertionError: A valid request was refused as invalid, or an invalid one was not refused.
    """
    wrong = described(api, method, path).fault(answer.request)
    sent = f"{operation}: {method} {answer.request.url} {answer.request.content[:2000]!r}\n{answer.text[:1000]}"
    if wrong:
        assert answer.status_code in REFUSED, f"accepted, although not valid ({wrong}): {sent}"
    elif answer.status_code == INVALID:
        body = answer.json()
        error = body if api > 1 else body["error"]
        pointer = (error.get("place") or {}).get("pointer") or ""
        assert is_unexpressed(operation, error["code"], pointer), f"valid, but refused: {sent}"


def _values(text: str) -> Iterator[Any]:
    """What a text of a path or a query can mean (docs/requests.md#values)."""
    yield text
    plain = {"true": True, "false": False, "null": None, "": None}
    if text.casefold() in plain:
        yield plain[text.casefold()]
    for kind in (int, float):
        with suppress(ValueError):
            yield kind(text)


def _urn(api: int) -> str:
    return f"urn:description:{api}"


@cache
def _registry(api: int) -> Registry[Any]:
    return Registry().with_resource(_urn(api), Resource(document(api), DRAFT202012))


def _place(value: dict[str, Any], usual: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value["$ref"].removeprefix("#/").split("/")) if "$ref" in value else usual


def _part(api: int, place: tuple[str, ...]) -> Any:
    part: Any = document(api)
    for name in place:
        part = part[int(name)] if isinstance(part, list) else part[name]
    return part


def _pointer(place: tuple[str, ...]) -> str:
    return "".join(f"/{name.replace('~', '~0').replace('/', '~1')}" for name in place)
