"""Requests that schemathesis makes of the OpenAPI document, brought near to what the common state has.

Made of the document alone, nearly every request names a device that does not exist and goes no further. So each field that
the operation's example has is taken from the example most of the time, and what every route takes beside its own fields is
left out most of the time.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi import checks

from engineering_api.operations.declaration import Operation
from engineering_api.web.forms.versions import PREFIX_2
from engineering_api.web.openapi.document import FORMS
from engineering_api.web.openapi.options import PARAMETERS
from tests.journeys.fuzz.agreement import document, require_agreement
from tests.support.state.api import CATALOGUE

EXCLUDED = {
    "health.shutdown": "ends the server",
    "portals.shutdown": "ends the portal that all others work on",
    "portals.detach": "leaves the portal that all others work on",
    "portals.launch": "starts a portal each time",
    "system.save_settings": "changes how the server itself works",
    "plc_tests.run": "runs programs, which is tested at its own place",
}
"""Operations that are not called with random requests, and why."""
REFUSALS = {501, 502, 503}
"""What of 5xx is an answer: TIA Portal cannot do it; a language model does not answer; what it needs is not there now."""
MADE_UP = {"name", "newName"}
"""Fields of new things on a walk, which keep the random value."""
ODD: list[Any] = [
    "", " ", "\x00", "\x1b[0m", "../../etc/passwd", "/", "\\", "a/b", "%2F", '"', '"Motor"', "#x", "a" * 300, "Ä\u200b\U0001f600",
    "<a>&amp;", "CON", "1.5", "-1", "TRUE", "null", "{}", "[*", "(", "T#1s", "Array[0..1] of Int", "Struct", "*", "a\nb", ";", "16#FFFF",
    0, -1, 1, 65536, 2**31, 2**63, 2**70, 1.5, -0.0, 1e308, True, False, None, [], {}, [[]], [{}], [None], {"": None}, {"name": 1},
]  # fmt: skip
"""Values that texts, numbers and structures seldom are."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""Characters that no path and no header holds."""
NO_SEGMENTS = {"", ".", ".."}
"""What a path cannot have between two slashes: it would be the path of another route."""
NEVER_SENT = {"x-api-key", "cookie"}

load_all_checks()


@dataclass(frozen=True)
class Target:
    """One route of one operation, with the requests that schemathesis makes for it.

    Attributes:
        op: The operation.
        label: Method and path.
        described: The route in the description.
        is_first: Whether it is the first route of its operation.
    """

    op: Operation
    label: str
    described: Any
    is_first: bool

    @property
    def takes_body(self) -> bool:
        """Whether a request may have a body."""
        return "requestBody" in self.described.definition.raw

    def requests(self, mode: GenerationMode) -> st.SearchStrategy[Any]:
        """Cases of the document alone."""
        return self.described.as_strategy(mode)


@cache
def targets(api: int = 1) -> tuple[Target, ...]:
    """All routes of a version of the API for the operations that may be called."""
    found = []
    for result in schemathesis.openapi.from_dict(document(api)).get_all_operations():
        described = result.ok()
        if "x-endpoint" in described.definition.raw:
            continue
        op = CATALOGUE.named(described.definition.raw["x-operation"])
        assert op is not None
        if op.name not in EXCLUDED:
            path, route = next(FORMS[api].routes(op))
            found.append(Target(op, described.label, described, described.label == f"{route.method} {path}"))
    return tuple(found)


@st.composite
def near(draw: st.DrawFn, target: Target, mode: GenerationMode, values: dict[str, str]) -> Any:
    """A case with most of the example's fields.

    Args:
        target: The route.
        mode: Whether the case fits the document, or is against it in one place.
        values: What the server knows, by the text that stands for it in the example.
    """
    case = draw(target.requests(mode))
    example = json.loads(_filled(json.dumps(target.op.example), values))
    parts = [case.path_parameters, case.query, *([case.body] if isinstance(case.body, dict) else [])]
    _take(draw, case.path_parameters, {name: _segment(value) for name, value in example.items()})
    for part in parts[1:]:
        _take(draw, part, example)
    for name, value in (case.path_parameters or {}).items():
        case.path_parameters[name] = "x" if value in NO_SEGMENTS else value
    if isinstance(case.body, dict):
        left = {name: value for name, value in example.items() if all(name not in part for part in parts)}
        case.body |= {name: value for name, value in left.items() if draw(st.integers(0, 9))}
    for part in (case.query, case.headers):
        for name in [name for name in part or () if name in PARAMETERS and draw(st.integers(0, 4))]:
            del part[name]
    return case


@st.composite
def mangled(draw: st.DrawFn, target: Target, values: dict[str, str]) -> Any:
    """The example with one or two values, at any depth, replaced by what such values seldom are, or left out."""
    case = draw(target.requests(GenerationMode.POSITIVE))
    example = json.loads(_filled(json.dumps(target.op.example), values))
    path = {name: example.pop(name, "x") for name in case.path_parameters}
    inside = example
    if inside and draw(st.integers(0, 5)):
        for _ in range(draw(st.integers(1, 2))):
            inside = _inside(draw, inside) if inside else {}
    elif path:
        path = path | _inside(draw, path)
    for name, value in path.items():
        case.path_parameters[name] = _segment(CONTROL.sub("", str(value)))
    if target.takes_body:
        case.body, case.media_type, case.query = inside, "application/json", {}
    else:
        case.query = {name: value for name, value in inside.items() if isinstance(value, (str, int))}
    case.headers = {}
    return case


def _mangle(draw: st.DrawFn, value: Any) -> Any:
    """A copy of a JSON value with one place changed."""
    if isinstance(value, (dict, list)) and value and draw(st.integers(0, 5)):
        return _inside(draw, value)
    return draw(
        st.sampled_from(ODD if draw(st.booleans()) else [odd for odd in ODD if type(odd) is type(value)] or ODD)
    )


def _inside(draw: st.DrawFn, value: Any) -> Any:
    """A copy of an object or list with one entry changed or left out."""
    changed = value.copy()
    key = draw(st.sampled_from(list(value) if isinstance(value, dict) else range(len(value))))
    if draw(st.integers(0, 6)):
        changed[key] = _mangle(draw, value[key])
    else:
        del changed[key]
    return changed


def fitted(case: Any, *, keep_path: bool) -> None:
    """Give a case the example's fields: not its path where a link gave it, and not the name of what is made."""
    op = CATALOGUE.named(case.operation.definition.raw["x-operation"])
    assert op is not None
    for name in [] if keep_path else list(case.path_parameters):
        case.path_parameters[name] = op.example.get(name, case.path_parameters[name])
    for part in (case.query, case.headers):
        for name in [name for name in part or () if name in PARAMETERS]:
            del part[name]
    if isinstance(case.body, dict):
        inside = {name: value for name, value in op.example.items() if name not in case.path_parameters}
        case.body = inside | {name: case.body[name] for name in MADE_UP & set(case.body)}


def send(http: httpx.Client, case: Any) -> httpx.Response:
    """The answer to a case."""
    wire = case.as_transport_kwargs(base_url=str(http.base_url).rstrip("/"))
    headers = {
        name: CONTROL.sub("", value).strip().encode("utf-8", "replace") if isinstance(value, str) else value
        for name, value in dict(wire.get("headers") or {}).items()
        if name.lower() not in NEVER_SENT
    }
    body = {"json": wire["json"]} if "json" in wire else {"content": _bytes(wire.get("data"))}
    return http.request(wire["method"], wire["url"], params=wire.get("params"), headers=headers, **body)


def check(case: Any, answer: Any) -> None:
    """Nothing of a server's error, and nothing that the document does not say.

    Raises:
        AssertionError: There is.
    """
    assert answer.status_code < 500 or answer.status_code in REFUSALS, (
        f"{case.as_curl_command()}\n{answer.content[:2000]!r}"
    )
    case.validate_response(
        answer,
        checks=[
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_schema_conformance,
            checks.response_headers_conformance,
        ],
    )


def check_agreement(case: Any, answer: httpx.Response) -> None:
    """Valid requests are accepted, and no others.

    Raises:
        AssertionError: The service decides otherwise than the description.
    """
    method, _, path = case.operation.label.partition(" ")
    api = 2 if path.startswith(f"{PREFIX_2}/") else 1
    require_agreement(api, case.operation.definition.raw["x-operation"], method, path, answer)


def _take(draw: st.DrawFn, part: Any, example: dict[str, Any]) -> None:
    """Take most of the fields from the example, and leave out most of those that it does not have."""
    for name in list(part or ()):
        if name in example:
            if draw(st.integers(0, 5)):
                part[name] = example[name]
        elif name not in PARAMETERS and draw(st.booleans()):
            del part[name]


def _filled(text: str, values: dict[str, str]) -> str:
    for stands, value in values.items():
        text = text.replace(stands, value).replace(quote(stands, safe=""), quote(value, safe=""))
    return text


def _segment(value: Any) -> str:
    """Return a value as a segment of a path."""
    return quote(str(value), safe="") if str(value) not in NO_SEGMENTS else "x"


def _bytes(data: Any) -> bytes | None:
    return data.encode() if isinstance(data, str) else data
