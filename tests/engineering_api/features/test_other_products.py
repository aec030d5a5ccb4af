"""Answers in the forms of other products name the program whose values they have: a matrix over all endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from engineering_api.features.sections import SECTIONS
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import EVENTS
from engineering_api.web.application import App
from runtime_data.runtime import Runtime
from runtime_data.sources.memory import MemoryTag
from tests import ROOT
from tests.support.service import KEY, Client

NAME, VALUE = "memory:Line.mark", 73519
MEMBERS = {"project": "default", "name": NAME, "tag": NAME}
"""Parameters of paths; others are the name of nothing."""
PAGE = (ROOT / "docs" / "online.md").read_text(encoding="utf-8")
QUERY = {"path": "[memory]Line/mark"}
BODIES: list[Any] = [
    {"tags": [NAME]},
    {"variableNames": [NAME]},
    {"value": VALUE},
    [{"variableName": NAME, "value": VALUE}],
    [{"name": NAME, "value": VALUE}],
    {"writes": [{"path": "[memory]Line/mark", "value": VALUE}]},
    {"query": f'{{ tagValues(names: ["{NAME}"]) {{ value {{ value }} }} }}'},
]
"""One of them is understood by each endpoint that takes names or values of tags."""
ENDPOINTS = [
    each for each in Catalogue(SECTIONS).endpoints if each.media != EVENTS and not each.is_only_socket
]  # streams name programs in their beats: tests/structure/test_live_answers.py


@pytest.fixture
def answers(client: Client) -> Iterator[Any]:
    """A function that gives all answers of an endpoint that have the value of a tag."""
    http: TestClient[App] = client.http
    http.app.state.service.part(Runtime).sources.find("memory").define(MemoryTag("Line.mark", "DInt", VALUE))
    headers = {"X-API-Key": KEY, "Authorization": f"Bearer {KEY}"}

    def ask(endpoint: Any) -> list[Any]:
        found = []
        for route in endpoint.routes:
            path = route.path
            for name in route.parameters:
                path = path.replace(f"{{{name}}}", quote(MEMBERS.get(name, "nothing"), safe=""))
            query = {name: text for name, text in QUERY.items() if name in endpoint.query}
            bodies = BODIES if endpoint.body and route.method != "GET" else [None]
            found += [http.request(route.method, path, json=body, params=query, headers=headers) for body in bodies]
        return [each for each in found if each.is_success and str(VALUE) in each.text]

    yield ask


PAST = re.findall(r"`(?:GET|POST) (/[^`]+)`", PAGE.split("Answers about the past")[1].split("\n\n")[0])
"""What the page names as answers about the past."""


def test_an_endpoint_that_shows_a_value_names_its_program(answers: Any) -> None:
    now = [each for each in ENDPOINTS if not any(route.path in PAST for route in each.routes)]
    shown = {each.name: found for each in now if (found := answers(each))}
    for name, found in shown.items():
        assert {each.headers.get("X-Online") for each in found} == {"memory=unknown"}, name
    handlers = {"ignition.handle_read", "ignition.handle_change"}  # of users: ignition/test_handlers.py
    assert shown.keys() == {each.name for each in ENDPOINTS if each.live} - handlers
