"""The page about Ignition tells the truth."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from engineering_api.app import catalogue
from engineering_api.settings import Settings
from runtime_data.ignition.commands import load
from runtime_data.ignition.scripting.handlers import MOST
from tests.runtime_data.ignition.plant import plant_in
from tests.support.pages import Page

PAGE = Page("runtime/ignition.md")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.text, re.DOTALL)


def test_the_requests_do_what_the_page_shows(tmp_path: Path) -> None:
    with plant_in(tmp_path) as plant:

        def send(method: str, path: str, body: Any) -> Any:
            answer = plant.http.request(method, path, json=body, headers=plant.headers)
            assert answer.status_code == 200, answer.text
            return answer.json()

        assert PAGE.play(send) == 3


def test_the_handler_of_the_page_runs(tmp_path: Path) -> None:
    (code,) = blocks("python")
    file = tmp_path / "handlers" / "default" / "page.py"
    file.parent.mkdir(parents=True)
    file.write_text(code, encoding="utf-8")
    with plant_in(tmp_path, ignition_handlers=tmp_path / "handlers") as plant:
        assert plant.send("GET", "/page").text == "<h1>24.5 °C</h1>"


def test_the_commands_of_the_page_are_commands(tmp_path: Path) -> None:
    file = tmp_path / "commands.json"
    file.write_text(blocks("json")[-1], encoding="utf-8")
    assert set(load(file)) == {"reset", "order", "report"}


def test_the_page_names_every_route_and_setting() -> None:
    family = [each for each in catalogue().endpoints if each.name.startswith("ignition.")]
    offered = {str(route) for each in family for route in each.routes}
    assert PAGE.table("route") == {each for each in offered if "{path}" not in each}
    settings = {field.name for field in msgspec.structs.fields(Settings) if field.name.startswith("ignition_")}
    assert set(re.findall(r"TIA_(IGNITION_\w+)", PAGE.text)) == {name.upper() for name in settings}
    assert f"At most {MOST} handlers" in " ".join(PAGE.text.split())
