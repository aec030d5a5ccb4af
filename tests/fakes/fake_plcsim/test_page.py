"""The pages about PLCSIM Advanced name tests and routes that exist."""

from __future__ import annotations

import re

from engineering_api.app import catalogue
from tests import ROOT


def test_every_route_of_the_guide_is_served() -> None:
    page = (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:GET|POST|PUT|DELETE) /api/[^` ?]+)", page))
    assert len(named) > 30
    unknown = {each for each in named if not catalogue().at(each)} - {"GET /api/simulation/stream"}
    assert unknown == set()
