"""Every code that the SCL front end reports is documented with an example, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "simatic_xml" / "program"
MODULES = (
    "absolute",
    "call_binding",
    "calls",
    "expressions",
    "labels",
    "operands",
    "scl_block",
    "statements",
    "targets",
)
CODE = re.compile(r'(?:\.error|\.warning|report)\(\s*f?"([a-z_]+\.[a-z_]+)')
ROW = re.compile(r"^\| `([a-z_]+\.[a-z_*]+)` \| (?:error|warning)", re.MULTILINE)


def test_codes_and_documentation_agree():
    paths = [PROGRAM / f"{name}.py" for name in MODULES] + sorted(PROGRAM.glob("scl_*.py"))
    reported = {code for path in paths for code in CODE.findall(path.read_text(encoding="utf-8"))}
    documented = ROW.findall((ROOT / "docs" / "diagnostics" / "scl.md").read_text(encoding="utf-8"))
    assert len(documented) == len(set(documented))
    assert reported == set(documented) - {"syntax.*"}


def test_every_code_is_triggered_by_a_test():
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    documented = ROW.findall((ROOT / "docs" / "diagnostics" / "scl.md").read_text(encoding="utf-8"))
    assert [code for code in documented if code.rstrip("*") not in tests] == []
