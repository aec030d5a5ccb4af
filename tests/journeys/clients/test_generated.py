"""Clients that generators make of the description build without errors, and do the main job."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.journeys.clients.tools import NODE, needs_node, needs_python, run, write_description
from tests.support.service import KEY

HERE = Path(__file__).parent
PACKAGE = "simatic_engineering_api_client"
UNREAD = ("audit/export", "runtime/history/export")
"""Routes whose answers are lines of JSON, for which openapi-python-client has no type."""
TYPESCRIPT = """{"compilerOptions": {"strict": true, "noUncheckedIndexedAccess": true, "target": "es2022", "module": "nodenext",
"moduleResolution": "nodenext", "lib": ["es2022", "dom", "dom.iterable"], "types": [], "outDir": "out"},
"files": ["main_job.ts", "api.d.ts"]}"""


@pytest.mark.slow
@pytest.mark.timeout(1800)
@needs_python
def test_a_generated_python_client_does_the_main_job(empty_url: str, tmp_path: Path) -> None:
    made = run(
        "openapi-python-client", "generate", "--meta", "none", "--path", write_description(tmp_path),
        "--output-path", tmp_path / PACKAGE, folder=tmp_path,
    )  # fmt: skip
    warned = [line for line in made.stdout.splitlines() if line.startswith(("WARNING", "ERROR", "Unable"))]
    assert all(any(route in line for route in UNREAD) for line in warned), made.stdout
    shutil.copy(HERE / "main_job.py", tmp_path)
    silent = ("--follow-imports", "silent", "--python-version", "3.11")  # its client.py has errors for any description
    run("mypy", *silent, f"{PACKAGE}/api", f"{PACKAGE}/models", folder=tmp_path)
    run("mypy", "--strict", *silent, "main_job.py", folder=tmp_path)
    done = run("python", "main_job.py", empty_url, KEY, folder=tmp_path)
    assert done.stdout.split()[:4] == ["Generated", "Warning", "devices.compile_", "device.not_found"]
    assert "PLC_1" in done.stdout


@pytest.mark.slow
@pytest.mark.timeout(1800)
@needs_node
def test_a_typed_typescript_client_does_the_main_job(empty_url: str, tmp_path: Path) -> None:
    run("openapi-typescript", write_description(tmp_path), "-o", "api.d.ts", folder=tmp_path)
    shutil.copy(HERE / "main_job.ts", tmp_path)
    (tmp_path / "node_modules").symlink_to(NODE)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "tsconfig.json").write_text(TYPESCRIPT, encoding="utf-8")
    run("tsc", "-p", ".", folder=tmp_path)
    done = run("node", "out/main_job.js", folder=tmp_path, TIA_URL=empty_url, TIA_API_KEY=KEY)
    assert done.stdout.split()[:4] == ["Typed", "Warning", "devices.compile_", "device.not_found"]
    assert "PLC_1" in done.stdout


@pytest.mark.slow
@pytest.mark.timeout(1800)
@needs_node
def test_redocly_finds_no_error_and_few_warnings(tmp_path: Path) -> None:
    description = write_description(tmp_path)
    done = run("redocly", "lint", description, "--format", "json", "--max-problems", "1000", folder=tmp_path)
    totals = json.loads(done.stdout)["totals"]
    assert totals["errors"] == 0
    assert totals["warnings"] < 20, done.stdout[:3000]


@pytest.mark.exploration
@pytest.mark.timeout(1800)
@needs_node
def test_spectral_finds_no_error_and_few_warnings(tmp_path: Path) -> None:
    description = write_description(tmp_path)
    (tmp_path / ".spectral.yaml").write_text('extends: ["spectral:oas"]\n', encoding="utf-8")
    done = run("spectral", "lint", description, "-f", "json", "--fail-severity", "error", folder=tmp_path)
    found = json.loads(done.stdout)
    assert [each for each in found if each["severity"] == 0] == []
    assert len(found) < 20, [each["message"] for each in found][:30]
