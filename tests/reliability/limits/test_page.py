"""The table of docs/limits.md says what the code has."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from engineering_api.settings import Settings, from_environment, variable
from tests import ROOT

PAGE = (ROOT / "docs" / "limits.md").read_text("utf-8").partition("## Requests and server")[2].partition("\n## ")[0]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")][
    1:
]
LIMITS = {
    field.name
    for field in msgspec.structs.fields(Settings)
    if field.name.startswith(("max_", "runtime_streams", "runtime_stream_tags", "runtime_messages"))
    or field.name.endswith(("_limit", "_timeout", "keep_alive"))
} - {"slow_limit"}
SOURCES = "".join(
    path.read_text("utf-8")
    for folder in ("engineering_api", "runtime_data", "openness_bridge")
    for path in (ROOT / folder).rglob("*.py")
)


def test_every_limit_has_a_row() -> None:
    assert {row[2].strip("`") for row in ROWS} == {variable(name) for name in LIMITS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2].strip("`"))
def test_a_row_says_what_the_code_has(row: list[str], tmp_path: Path) -> None:
    name = row[2].strip("`").removeprefix("TIA_").lower()
    assert float(row[1]) == getattr(Settings(), name)
    assert getattr(from_environment({row[2].strip("`"): "7"}, tmp_path), name) == 7
    for code in re.findall(r"`([a-z_]+\.[a-z_]+)`", row[3]):
        assert f'"{code}"' in SOURCES, f"nothing refuses with {code}"
