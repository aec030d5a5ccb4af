"""STL does what awlsim does, a simulator of S7-300 and S7-400, where that program is installed.

It is a program of its own, called `awlsim-test` (or what `AWLSIM_TEST` names); nothing of it is imported. What is known
to differ, and why, stands in docs/conformance-plc/stl.md and is left out here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from simatic_xml.program.symbols import Cpu
from tests.fakes.virtual_plc.agreement import TIERS, Run, program
from tests.fakes.virtual_plc.stl_programs import Snippet, Writer, source

TOOL = os.environ.get("AWLSIM_TEST") or shutil.which("awlsim-test") or ""
pytestmark = pytest.mark.skipif(not TOOL, reason="awlsim is not installed")

COUNTS = {"whole": 150, "common": 150, "bcd": 60, "logic": 90, "jump": 200, "counter": 25, "timer": 90}
"""How many snippets of each kind fit the markers that awlsim has."""


@pytest.mark.parametrize("kind", COUNTS)
@pytest.mark.parametrize("seed", range(2))
def test_statements_do_what_awlsim_does(kind: str, seed: int, tmp_path: Path) -> None:
    snippets = list(Writer(seed).snippets(COUNTS[kind], kind))
    lines = [line for snippet in snippets for line in (*snippet.lines, *_expected(snippet))]
    assert _complaint(lines, tmp_path) == ""


def test_a_wrong_expectation_is_noticed(tmp_path: Path) -> None:
    assert "T MD 0" in _complaint(["L 5", "T MD 0", "__ASSERT== MD 0, DW#16#00000006"], tmp_path)


def _expected(snippet: Snippet) -> Iterator[str]:
    """Yield what awlsim is to check behind a snippet: the markers that the snippet leaves on the first tier."""
    run = Run(program(statements=source([snippet]), cpu=Cpu("S7-300")), TIERS["reference"])
    assert run.scan() == ""
    for number in snippet.doubles:
        yield f"__ASSERT== MD {number}, DW#16#{_marker(run, number, 4):08X}"
    for number in snippet.words:
        yield f"__ASSERT== MW {number}, W#16#{_marker(run, number, 2):04X}"


def _marker(run: Run, number: int, size: int) -> int:
    return int.from_bytes(run.memory.markers[number : number + size], "big")


def _complaint(lines: list[str], folder: Path) -> str:
    """Return the lines around the one that awlsim does not agree with, empty when it agrees with all."""
    text = ["ORGANIZATION_BLOCK OB 1", "BEGIN", *lines, "CALL SFC 46", "END_ORGANIZATION_BLOCK"]
    path = folder / "program.awl"
    path.write_text("\n".join(text), encoding="utf-8")
    command = [TOOL, "--twoaccu", "--extended-insns", "--no-cpu-dump", "--loglevel", "1", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode == 0:
        return ""
    found = re.search(r"at line (\d+)", done.stdout + done.stderr)
    at = int(found[1]) if found else len(text)
    return "\n".join(text[max(at - 25, 0) : at]) or done.stderr
