"""Each rule of docs/conformance-plc/cpu.md names tests that exist, and a mark."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "conformance-plc" / "cpu.md"


def test_each_rule_has_a_mark_and_tests_that_exist() -> None:
    defined = {
        name
        for file in (ROOT / "tests" / "plc").glob("test_cpu_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(), re.M)
    }
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    rules = [row for row in rows if row[0] != "Rule" and not row[0].startswith("---")]
    assert len(rules) > 50
    for rule in rules:
        assert len(rule) == 4, rule
        name, _, mark, tests = rule
        assert re.match(r"[DCSU]\b|-$", mark), name
        named = re.findall(r"`(test_\w+)`", tests)
        assert named, name
        assert set(named) <= defined, name
