"""The documentation as text: a page for each section of the catalogue, and the guides of the folder docs.

The guides of an installed package are in its folder engineering_api/guides, where its build has put them (setup.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from engineering_api.documentation import languages, shapes
from engineering_api.documentation.calls import call, select_routes
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Endpoint, Operation
from engineering_api.operations.terms import Lock, Mode
from engineering_api.web import options
from engineering_api.web.openapi import codes, undo
from engineering_api.web.openapi.samples import samples

PACKAGE = Path(__file__).resolve().parents[1]
GUIDES = PACKAGE / "guides" if (PACKAGE / "guides").is_dir() else PACKAGE.parent / "docs"
API = "api"
"""The folder of GUIDES that holds the pages of the sections: what is written there is made here."""
SHOWN = 1500
"""Characters of the longest table of fields that a page shows; a longer one is folded."""
FEW = 6
"""Error codes that a page shows; more of them are folded."""
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_LOCK = {
    Lock.NONE: "needs no portal",
    Lock.PORTAL: "uses the portal, changes no project",
    Lock.PROJECT: "one at a time: it is the only one that changes the project meanwhile",
}
INTRODUCTION = """# The engineering API

Send the key as the header `X-API-Key`. An answer is JSON with `success`, `message` and `data`; a refusal has `error` with
a stable `code`, a `place` and every single cause. Routes that answer with a job give `jobId`: ask
`GET /api/jobs/{jobId}` until `completedAt` is set. Names in paths are percent-encoded, a slash is `%2F`. Fields are
accepted without regard to case.

Many routes take options in addition to their fields, in the query or the body: `filter`, `sort`, `page` and `pageSize` for lists,
`dryRun` to preview a change, `wait` for the seconds after which the route answers with a job; `If-Match` binds an edit to
the `ETag` of the state that you read, `Prefer: respond-async` requests a job. The guide "What every route understands" has
the details.

An example of an answer is its `data`, as the simulated TIA Portal gave it for the example; long lists and texts are cut.
The examples take these from their surroundings:

```sh
URL=http://localhost:9000
KEY=the-key-of-your-server
```

```powershell
$Url = 'http://localhost:9000'
$Headers = @{ 'X-API-Key' = 'the-key-of-your-server' }
```

```python
from engineering_api.client import Client

client = Client("http://localhost:9000", "the-key-of-your-server")
```

The Python client waits for jobs; `wait=False` and `submit` give the job instead. Strings in examples that name something
only your server knows, such as the id of a job or a snapshot, are placeholders for the values of your server.
"""


PageKind = Annotated[Literal["api", "guide"], msgspec.Meta(title="PageKind")]


class Page(msgspec.Struct, rename="camel", frozen=True):
    """A section of the documentation.

    Attributes:
        name: For the route, such as tags-constants.
        kind: api for a section of the routes, guide for a text about a subject.
        content: Markdown.
    """

    name: str
    title: str
    kind: PageKind
    content: str


@lru_cache(maxsize=2)
def pages(catalogue: Catalogue) -> tuple[Page, ...]:
    """Return all sections: the routes in their order, then the guides by name."""
    return (*api_pages(catalogue), *_guides())


def render_all(catalogue: Catalogue) -> str:
    """Return everything as one text."""
    return "\n".join([introduction(catalogue), *(page.content for page in pages(catalogue))])


def introduction(catalogue: Catalogue) -> str:
    """Return what is true of all routes, and the endpoints."""
    return f"{INTRODUCTION}\n{streams(catalogue)}\n{sockets(catalogue)}\n{other_endpoints(catalogue)}"


def streams(catalogue: Catalogue) -> str:
    """Return the streams of a catalogue, each with what it sends and the right that it needs."""
    return _section(
        "Streams",
        "A stream sends server-sent events for as long as a client listens.",
        [each for each in catalogue.endpoints if each.is_stream],
    )


def other_endpoints(catalogue: Catalogue) -> str:
    """Return the endpoints of a catalogue that send files or speak other protocols."""
    return _section(
        "Files and other protocols",
        "These routes exchange files, or are for clients of other protocols. Their answers have no envelope.",
        [each for each in catalogue.endpoints if not each.is_stream and not each.is_only_socket],
    )


def sockets(catalogue: Catalogue) -> str:
    """Return the WebSockets of a catalogue."""
    return _section(
        "WebSockets",
        "A WebSocket carries messages in both directions. Its first message identifies the caller.",
        [each for each in catalogue.endpoints if each.is_only_socket],
    )


def _section(title: str, about: str, endpoints: Iterable[Endpoint]) -> str:
    listed = []
    for endpoint in endpoints:
        spoken = f" It speaks `{endpoint.subprotocol}`." if endpoint.subprotocol else ""
        also = " Clients connect by WebSocket, too." if endpoint.serve else ""
        given = f" Give {', '.join(f'`{name}`' for name in endpoint.query)}." if endpoint.query else ""
        routes = ", ".join(f"`{route}`" for route in endpoint.routes)
        listed.append(f"- {routes}, for a {endpoint.right.word}: {endpoint.summary}{spoken}{also}{given}")
    return "\n".join([f"## {title}\n", f"{about}\n", *listed, ""])


def slug(title: str) -> str:
    """Return a title as part of a path: lower case, words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))


def api_pages(catalogue: Catalogue) -> Iterator[Page]:
    """Yield the pages of the catalogue's sections, in their order."""
    sections: dict[str, list[Operation]] = {}
    for op in catalogue:
        sections.setdefault(op.section, []).append(op)
    for title, operations in sections.items():
        yield Page(slug(title), title, "api", _page(title, operations))


def _page(title: str, operations: list[Operation]) -> str:
    structures = shapes.Structures()
    parts = [f"# {title}\n", *(_operation(op, structures) for op in operations)]
    described = list(structures.sections())
    return "\n".join([*parts, *(["## Structures\n", *_fold("Fields", described)] if described else [])])


def _guides() -> Iterator[Page]:
    for file in sorted(GUIDES.rglob("*.md")):
        if file.is_relative_to(GUIDES / API):
            continue
        content = file.read_text(encoding="utf-8")
        name = slug(str(file.relative_to(GUIDES).with_suffix("")))
        found = _TITLE.search(content)
        yield Page(f"guide-{name}", found[1] if found else name, "guide", content)


def _operation(op: Operation, structures: shapes.Structures) -> str:
    about = f"Operation `{op.name}`; right {op.right.word}; {_LOCK[op.lock]}.{undo.sentence(op)}"
    taken = [f"Takes the options {', '.join(f'`{name}`' for name in options.names(op))}."] if options.names(op) else []
    heading, _, further = op.summary.partition(". ")
    fields = shapes.request_table(op.request, structures)
    return "\n".join(
        [
            f"## {heading.removesuffix('.')}\n",
            *(f"{text}\n" for text in (further, op.description) if text),
            f"{' '.join([about, *taken])}\n",
            *_routes(op),
            "",
            *(_fold(f"{len(fields) - 3} fields", fields) if sum(map(len, fields)) > SHOWN else fields),
            f"Answers {shapes.answer(op.answer, structures)}.\n",
            *_refusals(op),
            *_fold("Example", [*_sample(op), *_examples(op)]),
        ]
    )


def _routes(op: Operation) -> Iterator[str]:
    for route in op.routes:
        is_job = " answers with a job" if route.mode is Mode.JOB else ""
        alias = " (another spelling)" if route not in select_routes(op) else ""
        yield f"- `{route}`{is_job}{alias}"


def _examples(op: Operation) -> Iterator[str]:
    """Yield each shown route in the shells, and the operation in Python."""
    for route in select_routes(op):
        yield _fence("sh", languages.curl(call(route, op.example)))
    for route in select_routes(op):
        yield _fence("powershell", languages.powershell(call(route, op.example)))
    for mode in dict.fromkeys(route.mode for route in select_routes(op)):
        yield _fence("python", languages.python(op, mode))


def _refusals(op: Operation) -> list[str]:
    """Return the error codes of an operation that others do not have through the steps around them."""
    given = codes.own(op)
    count = sum(map(len, given.values()))
    about = "; ".join(f"{status} {', '.join(f'`{code}`' for code in each)}" for status, each in given.items())
    if count > FEW:
        return _fold(f"{count} error codes", [f"{about}.\n"])
    return [f"Error codes: {about}.\n"] if about else []


def _sample(op: Operation) -> Iterator[str]:
    """Yield what the example was answered."""
    if op.name in samples():
        yield _fence("json", msgspec.json.format(msgspec.json.encode(samples()[op.name]), indent=2).decode())


def _fold(title: str, parts: list[str]) -> list[str]:
    """Return parts that a reader opens."""
    return [f'<details markdown="1">\n<summary>{title}</summary>\n', *parts, "</details>\n"]


def _fence(language: str, code: str) -> str:
    return f"```{language}\n{code}\n```\n"
