"""The versions of TIA Portal are declared once, in simatic_xml/versions.py; what else needs a new one is found here."""

from __future__ import annotations

import json
from pathlib import Path

from fake_openness.core.versions import TiaVersion
from openness_bridge.manifest import reading
from simatic_xml import versions
from simatic_xml.versions import PORTALS, VERSIONS
from tests import ROOT


def test_every_version_has_its_object_model_and_a_fake() -> None:
    assert reading.versions() == list(PORTALS)
    assert [TiaVersion.of(text).text for text in PORTALS] == list(PORTALS)


def test_the_schema_names_the_versions() -> None:
    schema = json.loads(Path(versions.__file__).with_name("schema.json").read_text(encoding="utf-8"))
    assert schema["properties"]["engineering"]["examples"] == list(VERSIONS)[1:]


def test_the_page_has_the_numbers_of_each_version() -> None:
    known = list(VERSIONS.values())[1:]
    rows = {
        "TIA Portal": [each.name for each in known],
        "Interface": [each.interface for each in known],
        "LAD, FBD": [each.flgnet for each in known],
        "SCL": [each.scl for each in known],
        "STL": [each.stl for each in known],
        "GRAPH": [each.graph for each in known],
    }
    page = (ROOT / "docs" / "simatic_xml.md").read_text(encoding="utf-8")
    for title, numbers in rows.items():
        assert f"| {title} | {' | '.join('–' if each is None else str(each) for each in numbers)} |\n" in page
