"""The example files can be read, and say what a conveyor needs."""

from __future__ import annotations

import pytest

from engineering_api.features.tags.files import read
from tests import ROOT

EXAMPLES = ROOT / "examples" / "conveyor"


@pytest.mark.parametrize(("name", "tags", "constants"), [("conveyor.xlsx", 30, 3), ("sensors.csv", 12, 0)])
def test_example(name: str, tags: int, constants: int) -> None:
    sheet = read(EXAMPLES / name)
    assert (len(sheet.tags), len(sheet.constants), sheet.errors) == (tags, constants, [])


def test_the_symbols_of_both_files_fit_into_one_plc() -> None:
    rows = [tag for path in (EXAMPLES / "conveyor.xlsx", EXAMPLES / "sensors.csv") for tag in read(path).tags]
    assert len({tag.name for tag in rows}) == len({tag.address for tag in rows}) == 42
    addresses = {tag.name: tag.address for tag in rows}
    assert (addresses["Conveyor_Start"], addresses["Conveyor_Run"], addresses["Level_Raw"]) == (
        "%I0.0",
        "%Q0.0",
        "%IW64",
    )
