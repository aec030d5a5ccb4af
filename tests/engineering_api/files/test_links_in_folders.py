"""Folders that clients name are gone through without following links out of them, and nothing is written through a link."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from engineering_api.cli import serve
from tests.support.service import Client

TEST = """
tests:
  - name: Sum
    steps:
      - run: 1
        expect: {Out.sum: 0}
"""
SOURCE = """DATA_BLOCK "Out"
{ S7_Optimized_Access := 'TRUE' }
VAR
  sum : Int;
END_VAR
BEGIN
END_DATA_BLOCK
"""
RUN = "/api/plc-tests/actions/run-sync"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.plctest.yaml").write_text(TEST)
    (folder / "secret.scl").write_text(SOURCE)
    (folder / "report.json").write_text("of somebody else")
    (folder / "Other.zap20").write_text("x")
    return folder


def test_tests_and_sources_behind_links_are_not_read(client: Client, workspace: Path, outside: Path) -> None:
    for name in ("tests", "sources"):
        (workspace / name).mkdir()
    (workspace / "tests" / "a.plctest.yaml").write_text(TEST)
    (workspace / "sources" / "a.scl").write_text(SOURCE)
    (workspace / "tests" / "link.plctest.yaml").symlink_to(outside / "secret.plctest.yaml")
    body = {"testPaths": ["tests"], "sourcePaths": ["sources"]}
    client.refused(403, "path.outside_roots", "POST", RUN, body)
    (workspace / "tests" / "link.plctest.yaml").unlink()
    (workspace / "sources" / "link.scl").symlink_to(outside / "secret.scl")
    client.refused(403, "path.outside_roots", "POST", RUN, body)


def test_reports_replace_links_and_not_what_they_lead_to(client: Client, workspace: Path, outside: Path) -> None:
    (workspace / "reports").mkdir()
    (workspace / "reports" / "report.json").symlink_to(outside / "report.json")
    (workspace / "a.plctest.yaml").write_text(TEST)
    (workspace / "a.scl").write_text(SOURCE)
    client.ok("POST", RUN, {"testPaths": ["a.plctest.yaml"], "sourcePaths": ["a.scl"], "outputPath": "reports"})
    assert (outside / "report.json").read_text() == "of somebody else"
    assert not (workspace / "reports" / "report.json").is_symlink()


def test_lists_leave_out_what_lies_elsewhere(client: Client, workspace: Path, outside: Path) -> None:
    (workspace / "Other.zap20").symlink_to(outside / "Other.zap20")
    (workspace / "Mine.zap20").write_text("x")
    assert [each["name"] for each in client.ok("GET", "/api/projects/files")] == ["Mine"]
    assert [each["name"] for each in client.ok("GET", "/api/files")["entries"]] == ["Mine.zap20"]


def test_temporary_files_of_a_server_that_was_killed_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    left = tmp_path / "temporary" / "engineering-api-1" / "content.xml"
    left.parent.mkdir(parents=True)
    left.write_text("x")
    serve._keep_temporary_files(tmp_path / "temporary")
    assert list((tmp_path / "temporary").iterdir()) == []
    with tempfile.TemporaryDirectory() as made:
        assert Path(made).parent == tmp_path / "temporary"
