"""Endpoints are declared in the catalogue next to the operations, each once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing
from engineering_api.operations.streaming.streams import Listening, Message
from engineering_api.operations.terms import Reach, Right, Site


def read(_: Any, request: Nothing) -> int:
    return id(request)


async def listen(_: Listening) -> AsyncIterator[Message]:
    raise NotImplementedError


def test_a_stream_has_what_its_declaration_and_its_section_say() -> None:
    section = Section("Trial", Site.GATEWAY)
    section.stream("GET /api/trial/{name}/events", reach=Reach.OWN)(listen)
    (stream,) = Catalogue((section,)).endpoints
    assert (*map(str, stream.routes), stream.section, stream.name) == (
        "GET /api/trial/{name}/events",
        "Trial",
        "test_endpoints.listen",
    )
    assert (stream.right, stream.reach, stream.site, stream.run) == (Right.VIEW, Reach.OWN, Site.GATEWAY, listen)


def test_a_stream_and_an_operation_do_not_share_a_route() -> None:
    section = Section("Trial")
    section.operation(wait="GET /api/trial/{name}", changes=False)(read)
    section.stream("GET /api/trial/{id}", reach=Reach.ALL)(listen)
    with pytest.raises(ValueError, match=r"test_endpoints\.read and by test_endpoints\.listen"):
        Catalogue((section,))


def test_a_stream_is_declared_once() -> None:
    section = Section("Trial")
    for path in ("/api/one", "/api/two"):
        section.stream(f"GET {path}", reach=Reach.ALL)(listen)
    with pytest.raises(ValueError, match=r"test_endpoints\.listen is claimed"):
        Catalogue((section,))
