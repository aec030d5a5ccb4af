"""tia audit: exit status, the first broken number, and files that a third party checks."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner

from engineering_api.cli.commands import main
from tests.engineering_api.audit.kit import fill


def test_a_whole_log_is_whole_and_its_export_too(log: Path, tmp_path: Path) -> None:
    run = CliRunner()
    found = run.invoke(main, ["audit", "verify", "--data-dir", str(log)])
    assert found.exit_code == 0
    verdict = json.loads(found.stdout)
    for form in ("jsonl", "csv"):
        file = str(tmp_path / f"log.{form}")
        made = run.invoke(main, ["audit", "export", "--data-dir", str(log), "--format", form, "--output", file])
        assert made.exit_code == 0, made.output
        checked = run.invoke(main, ["audit", "verify", file])
        assert checked.exit_code == 0
        assert json.loads(checked.stdout)["hash"] == verdict["hash"]


def test_a_change_is_named(log: Path) -> None:
    with closing(sqlite3.connect(log / "service.db")) as connection:
        connection.execute("DROP TRIGGER audit_no_change")
        connection.execute("UPDATE audit SET outcome = 'ok', arguments = x'ff' WHERE number = 5")
        connection.commit()
    found = CliRunner().invoke(main, ["audit", "verify", "--data-dir", str(log)])
    assert found.exit_code == 1
    assert json.loads(found.stdout)["broken"] == 5
    assert "Broken at 5" in found.stderr
    exported = CliRunner().invoke(main, ["audit", "export", "--data-dir", str(log)])
    assert exported.exit_code == 1


def test_a_key_is_taken_from_the_environment(tmp_path: Path) -> None:
    fill(tmp_path, 2, key="secret")
    options = ["audit", "verify", "--data-dir", str(tmp_path)]
    assert CliRunner().invoke(main, options, env={"TIA_AUDIT_KEY": "secret"}).exit_code == 0
    assert CliRunner().invoke(main, options).exit_code == 1


def test_no_log_is_told(tmp_path: Path) -> None:
    found = CliRunner().invoke(main, ["audit", "verify", "--data-dir", str(tmp_path / "none")])
    assert found.exit_code == 4
    assert "audit.no_database" in found.output
