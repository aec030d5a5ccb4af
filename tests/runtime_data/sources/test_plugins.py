"""Kinds of sources of plugins: chosen by name, their settings validated; what fails in one is an answer of this source."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from openness_bridge.errors import Place, Problem
from runtime_data.sources import kind
from runtime_data.sources.registry import SourceDefinition
from simatic_xml.lazy.plugins import Table
from tests.runtime_data.plant import Plant, plant_in
from tests.support.plugins import Declare, Install
from tests.support.service import Client

SOURCES = "/api/runtime/sources"
KIND = """
import msgspec
from runtime_data.sources.kind import SourceKind
class Form(msgspec.Struct):
    pass
class Failing:
    real = atomic = False
    def read(self, paths): {read}
    def close(self): raise OSError("gone")
    def __getattr__(self, name):
        if name.startswith("_"): raise AttributeError(name)
        def fail(*given, **named): raise RuntimeError(name)
        return fail
    def __dir__(self): return ["read", "close", "status", "write", "find", "tags", "browse", "leaves", "follow"]
PLUGIN = SourceKind("mine", Form, lambda name, settings, around: {made})
"""
VIEWER = Caller("victor", Right.VIEW)


@pytest.fixture(autouse=True)
def path(plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the plugins of the test, and no others."""
    monkeypatch.syspath_prepend(str(plugins))
    find_again(monkeypatch)


def find_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find plugins as after a start."""
    monkeypatch.setattr(kind, "KINDS", Table("sources", kind.OWN, kind._accept, kind.RESERVED))
    for module in ("sine_source", "broken"):
        sys.modules.pop(module, None)


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path) as plant:
        yield plant


def test_the_example_is_installed_and_its_values_are_read(install: Install, client: Client) -> None:
    install("source")
    wrong = {"name": "Wave", "kind": "sine", "connection": {"period": 0}}
    error = client.refused(400, "request.wrong_type", "POST", SOURCES, wrong)
    assert error["place"] == {"pointer": "/connection/period"}
    made = client.ok("POST", SOURCES, wrong | {"connection": {"period": 5}})
    assert (made["kind"], made["connection"], made["real"]) == ("sine", {"period": 5.0}, False)
    assert client.ok("GET", f"{SOURCES}/Wave/status")["state"] == "connected"
    [value] = client.ok("POST", "/api/runtime/values/actions/read", {"tags": ["Wave:value"]})
    assert value["quality"] == "Good" and -1 <= value["value"] <= 1
    error = client.refused(400, "runtime.source_kind", "POST", SOURCES, {"name": "Other", "kind": "cosine"})
    assert "opcua, s7, sine, webapi" in error["message"]


def _define(plant: Plant, code: str, declare: Declare) -> Any:
    declare("broken", "sources", "mine", code)
    return plant.sources.create(SourceDefinition("Mine", "mine"))


def test_what_fails_in_a_source_is_its_answer(declare: Declare, plant: Plant) -> None:
    source = _define(plant, KIND.format(read="return []", made="Failing()"), declare)
    assert source.status().state == "failed" and "of the package broken failed" in source.status().message
    [value] = source.read(["a"])
    assert (value.tag, value.error.code) == ("Mine:a", "plugin.failed")
    [error] = source.write([("a", 1)], {}, atomic=False)
    assert error.code == "plugin.failed" and error.place.object == "Mine:a"
    with pytest.raises(Problem, match="of the package broken failed: RuntimeError"):
        source.tags()
    plant.memory(Count="Int")
    assert [each.kind for each in plant.sources.all()] == ["mine", "memory"]


def test_a_source_of_the_wrong_shape_is_refused_and_the_others_stay(declare: Declare, plant: Plant) -> None:
    source = _define(
        plant, KIND.format(read="", made="object()").replace("(self, paths): ", "(self, paths): return []"), declare
    )
    assert "its source has no status, read, write" in source.status().message
    [value] = source.read(["a"])
    assert value.error.code == "plugin.not_used"


def test_a_source_whose_plugin_is_gone_says_so(
    declare: Declare, plant: Plant, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _define(plant, KIND.format(read="return []", made="Failing()"), declare)
    (plugins / "broken-1.dist-info" / "entry_points.txt").unlink()
    find_again(monkeypatch)
    plant.sources._made.clear()
    memory, mine = plant.sources.find("memory"), plant.sources.find("Mine")
    assert memory.status().state == "connected" and mine.status().state == "failed"
    assert "'mine' is not a kind of source with a connection" in mine.status().message
    assert mine.follow(lambda _: None) is None and plant.sources.shown_connection("Mine") == {}
    assert plant.sources.remove("Mine") == "Mine"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("mine", "PLUGIN = 1"),
        ("mine", KIND.format(read="return []", made="1").replace('"mine"', '"yours"')),
        ("mine", KIND.format(read="return []", made="1").replace("Form, lambda", "dict, lambda")),
        ("mine", "import a_module_that_nobody_has"),
        ("memory", "PLUGIN = 1"),
    ],
)
def test_a_kind_that_cannot_be_used_is_refused_with_its_package(
    declare: Declare, plant: Plant, name: str, code: str
) -> None:
    declare("broken", "sources", name, code)
    [error] = kind.KINDS.refused.values()
    assert error.code == "plugin.not_used" and "of the package broken is not used" in error.message
    if name == "mine":
        with pytest.raises(Problem) as caught:
            plant.sources.create(SourceDefinition("Mine", "mine"))
        assert (caught.value.code, caught.value.place) == ("plugin.not_used", Place(pointer="/kind"))
    assert plant.sources.find("memory").status().state == "connected"
