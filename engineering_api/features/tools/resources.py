"""What can be read by a URI: the project, blocks as text, tag tables, the documentation, and answers that were too large.

Names in URIs are percent-encoded, one name a segment.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from engineering_api.features.blocks import blocks_operations
from engineering_api.features.blocks.documents import parse, understood
from engineering_api.features.projects import projects_operations
from engineering_api.features.system import system_operations
from engineering_api.features.tags import tags_operations
from engineering_api.features.tools.answers import PAGE, Results
from engineering_api.features.tools.running import Run
from openness_bridge.errors import Kind, Problem
from simatic_xml.diff import to_text
from simatic_xml.svg import svg

MARKDOWN, PLAIN, JSON, SVG = "text/markdown", "text/plain", "application/json", "image/svg+xml"


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """Something to read.

    Attributes:
        uri: Its URI, or a template of URIs with names in braces.
        mime: Media type.
    """

    uri: str
    name: str
    title: str
    description: str
    mime: str


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a resource.

    Attributes:
        page: Counted from 1.
        characters: Of all pages together.
        note: Why the text may not be what the project has now; empty where it is.
    """

    uri: str
    mime: str
    text: str
    page: int
    pages: int
    characters: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A text, and why it may not be what the project has now."""

    text: str
    note: str


Reader = Callable[["Resources", Run, dict[str, str]], Awaitable[str | Noted]]
EARLIER = (
    "The block is not consistent, so TIA Portal does not export it. This is the text that was imported; names in it may have "
    "been changed since. Compile the block to read its present text."
)


async def _project(_: Resources, run: Run, __: dict[str, str]) -> str:
    return _json(await run.perform(projects_operations.get_overview))


async def _block(_: Resources, run: Run, names: dict[str, str]) -> str | Noted:
    found = await run.perform(blocks_operations.get_content, device_name=names["device"], block_name=names["block"])
    if found["sourceText"]:
        return _note(str(found["sourceText"]), found)
    xml = _require_xml(found)
    return _note(await asyncio.to_thread(lambda: to_text(parse(xml))), found)


def _note(text: str, found: dict[str, Any]) -> str | Noted:
    """Return the text of a block's content, marked where it is from an earlier import."""
    return Noted(text, EARLIER) if found["isEarlier"] else text


def _require_xml(found: dict[str, Any]) -> bytes:
    """Return the SimaticML in a block's content.

    Raises:
        Problem: It has none, because it must be compiled first.
    """
    if not found["rawXml"]:
        msg = f"TIA Portal does not export '{found['name']}', because it is not compiled: compile it first."
        raise Problem("block.inconsistent", msg, kind=Kind.CONFLICT)
    return bytes(found["rawXml"], "utf-8")


async def _draw(_: Resources, run: Run, names: dict[str, str]) -> str | Noted:
    found = await run.perform(blocks_operations.get_content, device_name=names["device"], block_name=names["block"])
    number = names["network"]
    xml = _require_xml(found)
    networks = await asyncio.to_thread(lambda: getattr(parse(xml).objects[0], "networks", []))
    if not (number.isdecimal() and 1 <= int(number) <= len(networks)):
        msg = f"'{names['block']}' has {len(networks)} networks, no network {number}."
        raise Problem("resource.not_found", msg, kind=Kind.MISSING)
    with understood():
        return _note(await asyncio.to_thread(svg, networks[int(number) - 1]), found)


async def _table(_: Resources, run: Run, names: dict[str, str]) -> str:
    return _json(await run.perform(tags_operations.list_, device_name=names["device"], table_name=names["table"]))


async def _result(resources: Resources, run: Run, names: dict[str, str]) -> str:
    return resources.results.get(run.caller.name, names["number"])


async def _docs(_: Resources, run: Run, __: dict[str, str]) -> str:
    sections = await run.perform(system_operations.sections)
    return "\n".join(f"- [{each['title']}](tia://docs/{quote(each['name'])})" for each in sections)


async def _page(_: Resources, run: Run, names: dict[str, str]) -> str:
    return str((await run.perform(system_operations.doc_section, section_name=names["section"]))["content"])


FIXED: dict[str, tuple[Resource, Reader]] = {
    each.uri: (each, read)
    for each, read in (
        (
            Resource(
                uri="tia://project",
                name="project",
                title="Open project",
                mime=JSON,
                description="Devices, blocks, tag tables and data types of the open project.",
            ),
            _project,
        ),
        (
            Resource(
                uri="tia://docs",
                name="docs",
                title="Documentation",
                mime=MARKDOWN,
                description="The sections of the documentation, conformance pages too.",
            ),
            _docs,
        ),
    )
}
TEMPLATES: tuple[tuple[Resource, Reader], ...] = (
    (
        Resource(
            uri="tia://devices/{device}/blocks/{block}",
            name="block",
            title="Block",
            mime=PLAIN,
            description="A block as SCL source or, of another language, as text of its networks.",
        ),
        _block,
    ),
    (
        Resource(
            uri="tia://devices/{device}/blocks/{block}/networks/{network}",
            name="drawing",
            title="Drawing",
            mime=SVG,
            description="A network in LAD, FBD or GRAPH as a drawing; networks count from 1.",
        ),
        _draw,
    ),
    (
        Resource(
            uri="tia://devices/{device}/tag-tables/{table}",
            name="tag-table",
            title="Tag table",
            mime=JSON,
            description="The tags of a tag table.",
        ),
        _table,
    ),
    (
        Resource(
            uri="tia://docs/{section}",
            name="documentation",
            title="Documentation page",
            mime=MARKDOWN,
            description="A section of the documentation.",
        ),
        _page,
    ),
    (
        Resource(
            uri="tia://results/{number}",
            name="result",
            title="Whole answer",
            mime=JSON,
            description="An answer of a tool that was cut.",
        ),
        _result,
    ),
)


class Resources:
    """The resources of a service."""

    def __init__(self, results: Results) -> None:
        """Offer these results in addition to what the service has."""
        self.results = results
        self._templates = [(_pattern(each.uri), each, read) for each, read in TEMPLATES]

    async def read(self, run: Run, uri: str, page: int = 1) -> Content:
        """Return a page of a resource; a drawing has one.

        Args:
            run: Who reads.
            uri: The resource; `?page=2` at its end names a page, too.
            page: Which, from 1.

        Raises:
            Problem: There is no such resource or page, or it cannot be read.
        """
        bare, _, query = uri.partition("?")
        if query:
            page = _page_of(query, uri)
        resource, read, names = self._find(bare)
        answer = await read(self, run, names)
        text, note = (answer.text, answer.note) if isinstance(answer, Noted) else (answer, "")
        size = len(text) if resource.mime == SVG else PAGE
        pages = max(1, -(-len(text) // size))
        if page > pages:
            raise Problem("resource.page", f"{bare} has {pages} pages, no page {page}.", kind=Kind.MISSING)
        part = text[(page - 1) * size : page * size]
        return Content(uri=uri, mime=resource.mime, text=part, page=page, pages=pages, characters=len(text), note=note)

    def _find(self, uri: str) -> tuple[Resource, Reader, dict[str, str]]:
        if uri in FIXED:
            return *FIXED[uri], {}
        for pattern, resource, read in self._templates:
            if match := pattern.fullmatch(uri):
                return resource, read, {name: unquote(text) for name, text in match.groupdict().items()}
        known = ", ".join([*FIXED, *(each.uri for each, _ in TEMPLATES)])
        raise Problem("resource.not_found", f"There is no resource '{uri}'. There are: {known}.", kind=Kind.MISSING)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template)))


def _page_of(query: str, uri: str) -> int:
    match = re.fullmatch(r"page=([1-9]\d{0,6})", query)
    if match is None:
        raise Problem(
            "resource.page", f"'{uri}' ends with something other than ?page= and a number.", kind=Kind.MISSING
        )
    return int(match[1])


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
