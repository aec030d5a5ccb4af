"""The start of the service imports what every request needs; the rest is imported by the first request that needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LATER = {
    "cryptography",
    "engineering_api.features.design.designs",
    "engineering_api.features.plc_tests.suite",
    "fake_openness.installation",
    "httpx",
    "jwt",
    "openpyxl",
    "pydantic",
    "simatic_xml.program.nodes",
    "simatic_xml.scl.parser",
    "simatic_xml.stl.sources",
    "virtual_plc",
}
CODE = """
import sys
from pathlib import Path
import engineering_api.cli.serve
from engineering_api.app import create_app
from engineering_api.settings import Settings
app = create_app(Settings(data_dir=Path(sys.argv[1]), backend="fake"))
print(*sys.modules)
app.state.service.portals.model.TiaPortal
print(*sys.modules)
"""


def test_the_start_does_not_import_what_some_requests_need(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path)], capture_output=True, text=True, check=True, timeout=300
    )
    start, used = (set(line.split()) for line in done.stdout.splitlines())
    assert start & LATER == set()
    assert used & LATER >= {"fake_openness.installation", "virtual_plc"}
