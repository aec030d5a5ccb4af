"""Inputs made to exhaust the server: each is refused or read within 1.5 GB, and in bounded time.

Each runs in a process of its own whose address space ends at 1.5 GB: what needs more fails there.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests import ROOT

resource = pytest.importorskip("resource")
ROOM = 1_500 << 20
SECONDS = 300
HEAD = """
from simatic_xml import load, scl
from simatic_xml.limits import LimitError
from simatic_xml.program.workspace import Workspace
from tests import ROOT
H = 'FUNCTION "F" : Void\\nVAR_TEMP\\n    a : Int;\\nEND_VAR\\nBEGIN\\n'
T = "\\nEND_FUNCTION\\n"
def attempt(work, *given):
    try:
        work(*given)
    except LimitError as error:
        assert error.value > error.limit, error
def check(source):
    workspace = Workspace()
    workspace.put_source(source)
    workspace.check()
def both(source):
    attempt(scl.generate, source)
    attempt(check, source)
"""
INPUTS = {
    "a text without an end": 'both(H + "\'" + "x" * 5_000_000)',
    "apostrophes": 'both(H + "\'" * 5_000_000)',
    "dollars in a text": 'both(H + "\'" + "$" * 5_000_000)',
    "hashes": 'both(H + "#" * 5_000_000)',
    "types without values": 'both(H + "a#" * 2_000_000)',
    "an address of many parts": 'both(H + "%I" + ".1" * 2_500_000)',
    "line comments": 'both(H + "//\\n" * 1_600_000 + T)',
    "a chain of additions": 'both(H + "#a := 1" + "+1" * 100_000 + ";" + T)',
    "the longest chain": 'both(H + "#a := #a" + "+#a" * 10_000 + ";" + T)',
    "the longest block": 'both(H + "#a := #a + 1;\\n" * 28_000 + T)',
    "a huge source": 'both(H + "#a := #a + 1;\\n" * 1_500_000 + T)',
    "mistakes": 'both(H + "? " * 90_000 + T)',
    "repeated start values": (
        'both(\'DATA_BLOCK "D"\\nVAR\\na : Array[0..9] of Int := [\' + "65536(0)," * 100_000 + "1];\\nEND_VAR\\nBEGIN\\n")'
    ),
    "one type for many names": (
        'both(\'DATA_BLOCK "D"\\nVAR\\n\' + ",".join(f"a{i}" for i in range(10_000)) + " : STRUCT "'
        ' + "".join(f"m{i} : Int;" for i in range(10_000)) + " END_STRUCT;\\nEND_VAR\\nBEGIN\\nEND_DATA_BLOCK\\n")'
    ),
    "types of two types": (
        'both(\'TYPE "T0"\\nSTRUCT\\nx : Int;\\nEND_STRUCT;\\nEND_TYPE\\n\' + "".join(f\'TYPE "T{i}"\\nSTRUCT\\n'
        'x : "T{i - 1}"; y : "T{i - 1}";\\nEND_STRUCT;\\nEND_TYPE\\n\' for i in range(1, 64)))'
    ),
    "a chain of types": (
        'both("".join(f\'TYPE "T{i}"\\nSTRUCT\\nx : "T{i + 1}";\\nEND_STRUCT;\\nEND_TYPE\\n\' for i in range(2_000)))'
    ),
    "a large array": (
        "both('DATA_BLOCK \"D\"\\nVAR\\na : Array[0..2147483647, 0..2147483647] of Int;\\nEND_VAR\\nBEGIN\\nEND_DATA_BLOCK\\n')"
    ),
    "many elements": 'attempt(load, b"<Document>" + b"<a/>" * 5_000_000 + b"</Document>")',
    "the most elements": (
        'attempt(load, b"<Document><Engineering version=\\"V20\\" />" + b"<a b=\'\' c=\'\'/>" * 499_000 + b"</Document>")'
    ),
    "many attributes": (
        'attempt(load, b"<Document><a " + b" ".join(b"a%d=\'\'" % i for i in range(2_000_000)) + b"/></Document>")'
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", INPUTS)
def test_memory_is_bounded(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAD + INPUTS[name]],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM)),
    )
    assert done.returncode == 0, done.stderr[-2_000:]
