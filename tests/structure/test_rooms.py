"""The order of the rooms is the one on the page, and what a lower room of the fake calls, a higher room has defined."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from typing import Any

import fake_openness.installation
from fake_openness.core.upward import UpwardCall
from tests import ROOT

LAYERED = {"engineering_api", "runtime_data", "openness_bridge", "simatic_xml", "fake_openness", "virtual_plc"}


def order(contract: dict[str, Any]) -> tuple[str, str]:
    """The package of a contract, and its rooms as the page shows them."""
    (package,) = contract["containers"]
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    levels = []
    for layer in reversed(contract["layers"]):
        names = (name.strip() for name in layer.replace(":", "|").split("|"))
        rooms = ", ".join(f"`{name}/`" for name in names if (Path(spec.origin).parent / name).is_dir())
        levels.append(f"({rooms})" if ":" in layer and rooms else rooms)
    return package, " < ".join(level for level in levels if level)


def test_the_page_shows_the_order_of_the_rooms() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [each for each in settings["tool"]["importlinter"]["contracts"] if "containers" in each]
    orders = dict(order(each) for each in contracts)
    assert set(orders) == LAYERED
    assert [name for name, rooms in orders.items() if f"| `{name}` | {rooms} |" not in page] == []
    assert [each["name"] for each in contracts if not each["exhaustive"]] == []


def test_every_room_of_the_service_is_above_or_below_runtime_data() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["name"]: each for each in settings["tool"]["importlinter"]["contracts"]}
    above, own, below = contracts["runtime data imports no feature"]["layers"]
    rooms = " | ".join(contracts["rooms of the service"]["layers"]).replace(":", "|").split(" | ")
    assert own == "runtime_data"
    assert f"{above} : {below}".split(" : ") == [f"engineering_api.{name}" for name in rooms]


def test_every_call_upward_is_defined() -> None:
    assert fake_openness.installation.__name__ in sys.modules
    calls = {
        f"{name}.{attribute}": value
        for name, module in sys.modules.items()
        if name.startswith("fake_openness.")
        for attribute, value in vars(module).items()
        if isinstance(value, UpwardCall)
    }
    assert len(calls) >= 8
    assert [name for name, call in calls.items() if not hasattr(call, "_function")] == []
