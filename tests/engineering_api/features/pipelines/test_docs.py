"""The page about pipelines tells the truth."""

import re
from typing import Any

from engineering_api.app import catalogue
from engineering_api.features.pipelines import expressions, scope, templates, triggers
from engineering_api.features.pipelines.model import ON_FAILURE, Step
from tests import ROOT
from tests.support.pages import Page
from tests.support.service import Client

PAGE = Page("pipelines.md")
ROOT = ROOT / "engineering_api"


def test_the_requests_do_what_the_page_shows(plc: Client) -> None:
    def send(method: str, path: str, body: Any) -> Any:
        answer = plc.http.request(method, path, json=body).json()
        return answer["data"] if answer["success"] else answer["error"]

    assert PAGE.play(send) == 6


def test_the_tables_name_all_there_is() -> None:
    assert PAGE.table("key of a step") == set(Step.__struct_encode_fields__)
    assert PAGE.table("template") == {info.id for info in templates.available(catalogue())}
    assert all(f"`{each}`" in PAGE.text for each in (*ON_FAILURE, *scope.STEP_FIELDS, *scope.RUN_FIELDS))
    assert all(re.search(rf"`{each}`", PAGE.text) for each in expressions._FUNCTIONS)
    for text in PAGE.table("trigger"):
        assert triggers.parse(text) is not None


def test_the_page_lists_every_code() -> None:
    sources = [path.read_text() for path in (ROOT / "features" / "pipelines").glob("*.py")]
    used = {code for text in sources for code in re.findall(r'"(pipeline\.\w+)"', text)}
    used |= {f"pipeline.{what}" for text in sources for what in re.findall(r'_detail\(\s*"(\w+)"', text)}
    events = {"pipeline.started", "pipeline.finished"}
    assert PAGE.table("code") == (used | {"pipeline.not_found"}) - events
