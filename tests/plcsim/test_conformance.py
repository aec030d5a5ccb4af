"""The pages about PLCSIM Advanced name tests and routes that exist."""

from __future__ import annotations

import re
from pathlib import Path

from engineering_api.app import catalogue

ROOT = Path(__file__).parents[2]


def test_every_rule_names_a_test() -> None:
    page = (ROOT / "docs" / "conformance-plc" / "plcsim.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    files = (*Path(__file__).parent.glob("test_*.py"), ROOT / "tests" / "bridge" / "test_plcsim.py")
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    assert len(named) > 50
    assert named - set(re.findall(r"def (test_\w+)", sources)) == set()


def test_every_route_of_the_guide_is_served() -> None:
    page = (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:GET|POST|PUT|DELETE) /api/[^` ?]+)", page))
    assert len(named) > 30
    unknown = {each for each in named if not catalogue().at(each)} - {"GET /api/simulation/stream"}
    assert unknown == set()
