"""A server that is killed under load has lost nothing that it acknowledged, and has done nothing twice."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.forge import Forge
from tests.reliability.kill import Killed, Outcome, rounds
from tests.reliability.model import Ledger, Part


def test_what_was_acknowledged_survives_kills(forge: Forge, log: Path, tmp_path: Path) -> None:
    printed = log.stat().st_size
    outcome = rounds(forge, 2, 7, tmp_path)
    assert outcome.faults == []
    assert sum(outcome.acknowledged.values()) > 0
    assert sum(outcome.parts.values()) == 2 * 4
    assert "Traceback" not in log.read_text()[printed:]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_what_was_acknowledged_survives_many_kills(forge: Forge, tmp_path: Path) -> None:
    outcome = rounds(forge, 12, 11, tmp_path)
    assert outcome.faults == []
    assert outcome.jobs["Completed"] > 0
    assert outcome.jobs["job.interrupted"] > 0
    assert outcome.acknowledged["projects.save"] > 0


def enough(ledger: Ledger) -> bool:
    """Whether a change was saved and a job completed, so that there is something to lose."""
    return bool(ledger.completed) and any(part.states[part.saved] != part.states[0] for part in ledger.parts.values())


def older_database(folder: Path) -> None:
    """The database as it was when the project was made; its log is gone."""
    shutil.copytree(folder.parent / "before", folder.parent / "older")
    for name in ("service.db", "service.db-wal", "service.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(folder.parent / "older" / "service.db", folder / "service.db")


def older_project(folder: Path) -> None:
    """The project as it was when it was made."""
    shutil.rmtree(folder / "workspace")
    shutil.copytree(folder.parent / "before" / "workspace", folder / "workspace")


def an_effect_twice(folder: Path) -> None:
    """Each snapshot is there twice."""
    with sqlite3.connect(folder / "service.db") as connection:
        connection.execute(
            "INSERT INTO snapshots (id, project, device, kind, name, folder, author, created_at, note, content)"
            " SELECT id || 'x', project, device, kind, name, folder, author, created_at, note, content FROM snapshots"
        )
    connection.close()


@pytest.mark.parametrize(
    ("meddle", "told"),
    [
        (older_project, "which none of its"),
        pytest.param(older_database, "the audit log has", marks=pytest.mark.slow),
        pytest.param(an_effect_twice, "has 2 effects", marks=pytest.mark.slow),
    ],
)
def test_the_check_tells_what_is_lost(forge: Forge, tmp_path: Path, meddle: Callable[[Path], None], told: str) -> None:
    chance = random.Random(5)  # noqa: S311
    killed = Killed(forge, tmp_path / "data", chance)
    with sqlite3.connect(tmp_path / "data" / "service.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.copytree(tmp_path / "data", tmp_path / "before")
    try:
        found = Outcome()
        killed.round(found, meddle, enough)
    finally:
        killed.close()
    assert any(told in fault for fault in found.faults), found


def test_a_part_may_be_any_state_from_the_saved_one_on() -> None:
    ledger = Ledger({"T": (part := Part("T"))})
    for number in range(3):
        part.sent({"a": number})
        part.done()
        if number == 1:
            ledger.saved(ledger.before_saving())
    part.sent({"a": 3})
    assert [part.allows({"a": number}) for number in range(5)] == [False, True, True, True, False]
    part.refused()
    assert not part.allows({"a": 3})
    part.go_on({"a": 2})
    assert (part.now, part.allows({"a": 2}), part.allows({"a": 1})) == ({"a": 2}, True, False)
