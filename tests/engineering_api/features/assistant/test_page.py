"""The page about the assistant says what is so."""

from __future__ import annotations

import json
import re

from engineering_api.app import catalogue
from engineering_api.features.assistant.assistant_operations import Chat, SaveSettings
from engineering_api.features.assistant.provider import PRESETS
from engineering_api.features.assistant.settings import Limits
from engineering_api.operations.binding import bind_document
from tests import ROOT
from tests.engineering_api.features.assistant.provider import FakeProvider
from tests.engineering_api.features.assistant.talk import Talk
from tests.support.service import Client

PAGE = (ROOT / "docs" / "assistant.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def test_the_table_of_providers_is_the_one_that_is_used() -> None:
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.+?) \| (?:not )?needed \|$", PAGE, re.MULTILINE))
    assert set(rows) == set(PRESETS)
    assert {name: rows[name].strip("`") for name, each in PRESETS.items() if each.endpoint} == {
        name: each.endpoint for name, each in PRESETS.items() if each.endpoint
    }
    assert set(re.findall(r"`([\w-]+)` \| .+? \| not needed", PAGE)) == {
        n for n, each in PRESETS.items() if not each.needs_key
    }


def test_the_limits_are_those_of_the_settings() -> None:
    sentence = PAGE.partition("Limits of a turn")[2].partition("\n\n")[0]
    told = {name: float(number.replace(",", "")) for name, number in re.findall(r"`(\w+)` ([\d,]+\d)", sentence)}
    assert told == {
        field: getattr(Limits(), name)
        for name, field in zip(Limits.__struct_fields__, Limits.__struct_encode_fields__, strict=True)
    }


def test_every_code_is_one_that_is_raised() -> None:
    sources = [
        *(ROOT / "engineering_api" / "features" / "assistant").glob("*.py"),
        ROOT / "engineering_api" / "storage" / "vault.py",
    ]
    code = "".join(file.read_text(encoding="utf-8") for file in sources).replace('f"assistant.limit_{limit}"', "")
    for name in set(re.findall(r"`((?:assistant|secret)\.\w+)`", PAGE)):
        limit = name.removeprefix("assistant.limit_")
        assert f'"{name}"' in code or f'_over("{limit}"' in code, name


def test_every_route_is_served() -> None:
    served = {str(route).partition("?")[0] for op in catalogue() for route in op.routes}
    streams = {str(route) for each in catalogue().endpoints for route in each.routes}
    for route in re.findall(r"`((?:GET|POST|DELETE) /api/[^`]+)`", PAGE):
        assert route in served | streams, route


def test_the_examples_are_taken(server: Client) -> None:
    setting, question, confirmation = EXAMPLES
    bind_document(SaveSettings, dict(setting))
    bind_document(Chat, dict(confirmation))
    assert Talk(server, FakeProvider()).ask(**question)["response"]["success"] is True
    assert server.ok("POST", "/api/assistant/settings", setting)["ready"] is True
