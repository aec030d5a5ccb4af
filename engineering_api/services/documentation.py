"""The documentation as text: a page for each section of the catalogue, and the guides of the folder docs.

The guides are there when the service runs from the project's folder; an installed package has the pages only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from engineering_api.operation import PARAMETER, Catalogue, Mode, Operation, Right, Route, metas

GUIDES = Path(__file__).resolve().parents[2] / "docs"
BODILESS = {"GET", "DELETE"}
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_INTRODUCTION = """# The engineering API

Send the key as the header `X-API-Key`. An answer is JSON with `success`, `message` and `data`; a refusal has `error` with
a stable `code`, a `place` and every single cause. Routes that answer with a job give `jobId`: ask
`GET /api/jobs/{jobId}` until `completedAt` is set. Names in paths are percent-encoded, a slash is `%2F`. Fields are
accepted without regard to case.
"""


class Page(msgspec.Struct, rename="camel", frozen=True):
    """A section of the documentation.

    Attributes:
        name: For the route, such as tags-constants.
        kind: api for a section of the routes, guide for a text about a subject.
        content: Markdown.
    """

    name: str
    title: str
    kind: str
    content: str


@lru_cache(maxsize=2)
def pages(catalogue: Catalogue) -> tuple[Page, ...]:
    """All sections: the routes in their order, then the guides by name."""
    return (*_api_pages(catalogue), *_guides())


def whole(catalogue: Catalogue) -> str:
    """Everything as one text."""
    return "\n".join([_INTRODUCTION, *(page.content for page in pages(catalogue))])


def slug(title: str) -> str:
    """A title as it stands in a path: lower case, words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))


def _api_pages(catalogue: Catalogue) -> Iterator[Page]:
    sections: dict[str, list[Operation]] = {}
    for op in catalogue:
        sections.setdefault(op.section, []).append(op)
    for title, operations in sections.items():
        content = "\n".join([f"# {title}\n", *map(_operation, operations)])
        yield Page(slug(title), title, "api", content)


def _guides() -> Iterator[Page]:
    for file in sorted(GUIDES.rglob("*.md")):
        content = file.read_text(encoding="utf-8")
        name = slug(str(file.relative_to(GUIDES).with_suffix("")))
        found = _TITLE.search(content)
        yield Page(f"guide-{name}", found[1] if found else name, "guide", content)


def _operation(op: Operation) -> str:
    about = [f"## {op.summary}\n", *([f"{op.description}\n"] if op.description else []), f"Operation `{op.name}`"]
    about[-1] += f", right {op.right.name.lower()}." if op.right is not Right.PUBLIC else ", public."
    routes = [f"- `{route}`{' (answers with a job)' if route.mode is Mode.JOB else ''}" for route in op.routes]
    fields = [_field(info) for info in msgspec.structs.fields(op.request)]
    return "\n".join([*about, "", *routes, "", *fields, *([""] if fields else []), *_example(op), ""])


def _field(info: msgspec.structs.FieldInfo) -> str:
    text = next((meta.description for meta in metas(info.type) if meta.description), "")
    return f"- `{info.encode_name}`{' (required)' if info.required else ''}: {text}"


def _example(op: Operation) -> list[str]:
    """A call of the first route with curl."""
    route = op.routes[0]
    rest = {name: value for name, value in op.example.items() if name not in route.parameters}
    address = f"http://localhost:9000{_filled(route, op.example)}"
    key = '-H "X-API-Key: $KEY" '
    if route.method in BODILESS:
        query = f"?{urlencode({name: _text(value) for name, value in rest.items()})}" if rest else ""
        return ["```sh", f"curl -X {route.method} {key}'{address}{query}'", "```"]
    body = msgspec.json.encode(rest).decode().replace("'", "'\\''")
    send = f" -H 'Content-Type: application/json' -d '{body}'" if rest else ""
    return ["```sh", f"curl -X {route.method} {key}'{address}'{send}", "```"]


def _filled(route: Route, example: dict[str, Any]) -> str:
    """A route's path with an example's names; what the example does not name stays in braces."""
    return PARAMETER.sub(lambda found: quote(_text(example.get(found[1], found[0])), safe="{}"), route.path)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
