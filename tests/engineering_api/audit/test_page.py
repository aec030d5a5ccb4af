"""docs/audit.md: its formula makes the hashes, its settings and codes exist."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from engineering_api.audit.files import export
from engineering_api.audit.reading import Trail
from engineering_api.settings import from_environment
from tests import ROOT

PAGE = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
SOURCES = "".join(
    path.read_text(encoding="utf-8")
    for name in ("engineering_api", "runtime_data")
    for path in (ROOT / name).rglob("*.py")
)


def test_a_third_party_can_check_a_file_by_the_page_alone(log: Path) -> None:
    previous = "0" * 64
    *lines, last = b"".join(export(Trail(log), "jsonl")).decode().splitlines()
    for line in lines:
        row = json.loads(line)
        columns = [value for name, value in row.items() if name not in {"hash", "previous"}]
        text = previous + json.dumps(columns, separators=(",", ":"), ensure_ascii=False)
        assert row["previous"] == previous
        assert row["hash"] == hashlib.sha256(text.encode()).hexdigest()
        previous = row["hash"]
    assert json.loads(last)["number"] == len(lines)


def test_what_the_page_names_is_there(tmp_path: Path) -> None:
    for variable, value in {"TIA_AUDIT_CONTENT": "digest", "TIA_AUDIT_KEY": "k", "TIA_KEEP_AUDIT_DAYS": "7"}.items():
        assert variable in PAGE
        name = variable.removeprefix("TIA_").lower()
        assert str(getattr(from_environment({variable: value}, tmp_path), name)) == value
    for code in re.findall(r"`(audit\.\w+)`", PAGE):
        assert code.endswith(".head") or f'"{code}"' in SOURCES
