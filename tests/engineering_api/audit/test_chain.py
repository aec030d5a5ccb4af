"""Any single change of any row is found: in the database, and in exported files."""
# ruff: noqa: S608 - the statements are made of constants

from __future__ import annotations

import asyncio
import csv
import hashlib
import hmac
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as with_
from hypothesis import strategies as st
from msgspec.structs import replace

from engineering_api.audit.chain import COLUMNS, START, Check, Link, Row
from engineering_api.audit.files import Format, export, verify_file
from engineering_api.audit.head import FILE
from engineering_api.audit.reading import Trail
from tests.engineering_api.audit.kit import fill, opened

QUICK = with_(max_examples=120)
FEW = with_(max_examples=30)
texts = st.text(max_size=8)
rows = st.builds(
    Row,
    number=st.just(0),
    at=texts,
    entry=st.sampled_from(["begin", "end", "event"]),
    caller=texts,
    client=texts,
    operation=texts,
    object=texts,
    arguments=texts,
    before=st.none() | texts,
    after=st.none() | texts,
    outcome=texts,
    milliseconds=st.integers(0, 9),
    job=texts,
    begun=st.none() | st.integers(0, 9),
)


def chained(written: list[Row], key: bytes = b"") -> list[Row]:
    """Bind rows as docs/audit.md defines it, without the code under test; keyed rows with the key."""
    previous, made = "0" * 64, []
    for number, row in enumerate(written, 1):
        values = {name: getattr(row, name) for name in COLUMNS} | {"number": number}
        columns = [values[name] for name in COLUMNS if name != "hash"]
        text = previous.encode() + json.dumps(columns, separators=(",", ":"), ensure_ascii=False).encode()
        previous = (hmac.new(key, text, "sha256") if row.keyed else hashlib.sha256(text)).hexdigest()
        made.append(Row(**values | {"hash": previous}))
    return made


@QUICK
@given(st.lists(rows, min_size=1, max_size=6), st.data())
def test_any_single_change_of_a_chain_is_found(written: list[Row], data: st.DataObject) -> None:
    whole = chained(written)
    head = Link(whole[-1].number, whole[-1].hash)
    assert Check(head=head).run(whole).ok
    place = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(["change", "delete", "swap", "insert", "repeat", "cut"]))
    changed = list(whole)
    if kind == "change":
        column = data.draw(st.sampled_from(COLUMNS))
        values = {name: getattr(whole[place], name) for name in COLUMNS}
        values[column] = data.draw({int: st.integers(-9, 99), str: texts}.get(type(values[column]), texts))
        changed[place] = Row(**values)
    elif kind == "delete":
        del changed[place]
    elif kind == "swap":
        other = data.draw(st.integers(0, len(whole) - 1))
        changed[place], changed[other] = changed[other], changed[place]
    elif kind == "insert":
        changed.insert(place, data.draw(rows))
    elif kind == "repeat":
        changed.insert(place, changed[place])
    else:
        changed = changed[:place]
    found = Check(head=head).run(changed)
    assert found.ok is (changed == whole)
    assert found.ok or (found.broken is not None and found.broken <= len(whole) + 1)


def test_a_verdict_names_what_was_checked_and_the_first_row_that_differs() -> None:
    row, secret = Row(number=0, at="", entry="event", caller="", operation="a.b"), b"secret"
    plain, keyed = chained([row] * 3), chained([row, *[replace(row, keyed=1)] * 2], secret)
    other = Link(2, "f" * 64)
    missing = replace(row, operation="audit.broken")

    def verdict(rows: list[Row], start: Link = START, head: Link | None = None, key: bytes = b"") -> tuple[Any, ...]:
        found = Check(start, head, key).run(rows)
        assert found.ok is (found.broken is None)
        assert found.hash == (rows[found.last - rows[0].number].hash if found.entries else start.hash)
        return found.entries, found.first, found.last, found.keyed_from, found.broken, found.reason

    assert verdict([]) == (0, 0, 0, None, None, "")
    assert verdict(plain) == verdict(plain, head=Link(3, plain[2].hash)) == (3, 1, 3, None, None, "")
    assert verdict(plain[1:], Link(1, plain[0].hash)) == (2, 2, 3, None, None, "")
    assert verdict(plain[1:])[:5] == (0, 2, 0, None, 1)
    assert verdict(plain, head=Link(4, ""))[4:] == (
        4,
        "Rows 4 to 4 are missing at the end: audit.head notes more rows than the database has.",
    )
    assert verdict(plain, head=other)[:5] == (2, 1, 2, None, 2)
    assert verdict(plain, head=Link(0, "x"))[4] is None
    assert verdict(chained([row, missing]))[:5] == (1, 1, 1, None, 2)
    assert verdict(keyed, key=secret) == (3, 1, 3, 2, None, "")
    assert verdict(keyed)[:5] == (1, 1, 1, 2, 2)
    assert "set TIA_AUDIT_KEY" in verdict(keyed)[5]
    assert verdict(keyed, key=b"other")[:5] == (1, 1, 1, 2, 2)
    assert verdict(plain, key=secret)[:5] == (3, 1, 3, None, 1)
    assert verdict([], key=secret) == (0, 0, 0, None, None, "")
    assert verdict(chained([replace(row, keyed=1), row], secret), key=secret)[:5] == (1, 1, 1, 1, 2)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    fill(folder, 12)
    return folder


def tampered(folder: Path, into: Path, *statements: str, values: tuple[object, ...] = ()) -> Trail:
    """A copy whose database somebody changed who knows how to put the triggers away."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(folder, into)
    with closing(sqlite3.connect(into / "service.db")) as connection:
        for name in ("change", "gap", "removal"):
            connection.execute(f"DROP TRIGGER audit_no_{name}")
        for statement in statements:
            connection.execute(statement, values if "?" in statement else ())
        connection.commit()
    return Trail(into)


@FEW
@given(st.data())
def test_any_single_change_of_the_database_is_found(copied: Path, tmp_path: Path, data: st.DataObject) -> None:
    count = Trail(copied).verify().entries
    number = data.draw(st.integers(1, count))
    kind = data.draw(st.sampled_from(["flip", "delete", "swap", "insert", "cut", "empty"]))
    column = data.draw(st.sampled_from([name for name in COLUMNS if name != "number"]))
    statements: dict[str, tuple[str, ...]] = {
        "flip": (f"UPDATE audit SET {column} = CASE WHEN {column} = 1 THEN 2 ELSE 1 END WHERE number = {number}",),
        "delete": (f"DELETE FROM audit WHERE number = {number}",),
        "swap": tuple(
            f"UPDATE audit SET number = {new} WHERE number = {old}"
            for old, new in ((number, -1), (number % count + 1, number), (-1, number % count + 1))
        ),
        "insert": (
            "UPDATE audit SET number = -number",
            f"UPDATE audit SET number = -number + (-number >= {number})",
            f"INSERT INTO audit SELECT {', '.join(str(number) if n == 'number' else n for n in COLUMNS)} FROM audit LIMIT 1",
        ),
        "cut": (f"DELETE FROM audit WHERE number >= {number}",),
        "empty": ("DELETE FROM audit",),
    }
    found = tampered(copied, tmp_path / "copy", *statements[kind]).verify()
    assert not found.ok
    assert found.broken is not None
    if kind in {"flip", "delete", "cut"}:
        assert found.broken == number


@FEW
@given(st.sampled_from(["jsonl", "csv"]), st.data())
def test_any_single_change_of_an_exported_file_is_found(
    copied: Path, tmp_path: Path, form: Format, data: st.DataObject
) -> None:
    file = tmp_path / f"log.{form}"
    content = b"".join(export(Trail(copied), form))
    file.write_bytes(content)
    whole = verify_file(file)
    assert (whole.ok, whole.hash) == (True, Trail(copied).verify().hash)
    lines = content.splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    kind = data.draw(st.sampled_from(["flip", "delete", "swap", "repeat", "cut", "cut inside", "append"]))
    if kind == "flip":
        at = data.draw(st.integers(0, len(content) - 1))
        changed = content[:at] + bytes([content[at] ^ (1 << data.draw(st.integers(0, 7)))]) + content[at + 1 :]
    elif kind == "cut inside":
        changed = content[: data.draw(st.integers(0, len(content) - 1))]
    elif kind == "append":
        changed = content + data.draw(st.sampled_from([b"\n", b"{}", lines[place]]))
    else:
        if kind == "delete":
            del lines[place]
        elif kind == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[place], lines[other] = lines[other], lines[place]
        elif kind == "repeat":
            lines.insert(place, lines[place])
        else:
            lines = lines[:place]
        changed = b"".join(lines)
    file.write_bytes(changed)
    assert verify_file(file).ok is (changed == content)


def test_a_part_of_the_log_is_exported_and_checked(log: Path, tmp_path: Path) -> None:
    asyncio.run(_later(log))
    trail, file = Trail(log), tmp_path / "part.jsonl"
    moments = [row.at for row in trail.rows()]
    file.write_bytes(b"".join(export(trail, "jsonl", since=moments[-1])))
    found = verify_file(file)
    assert found.ok
    assert 0 < found.entries < len(moments)
    assert (found.last, found.hash) == (trail.verify().last, trail.verify().hash)
    file.write_bytes(b"".join(export(trail, "csv", since="2999")))
    assert (verify_file(file).ok, verify_file(file).entries) == (True, 0)


async def _later(folder: Path) -> None:
    await asyncio.sleep(0.01)  # time: another millisecond begins
    with opened(folder) as audit:
        await audit.event("test.later")


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE audit SET outcome = 'ok'", "never changed"),
        ("DELETE FROM audit WHERE number = 3", "only up to a checkpoint"),
        ("INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE number = 2", "only added at its end"),
        (
            "INSERT INTO audit SELECT number - 5, " + ", ".join(COLUMNS[1:]) + " FROM audit WHERE number = 2",
            "only added",
        ),
    ],
)
def test_the_database_itself_refuses_changes(log: Path, statement: str, message: str) -> None:
    with (
        closing(sqlite3.connect(log / "service.db")) as connection,
        pytest.raises(sqlite3.IntegrityError, match=message),
    ):
        connection.execute(statement)
    assert Trail(log).verify().ok


def test_a_chain_with_a_key_cannot_be_made_anew_without_it(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    plain = Trail(tmp_path).verify()
    fill(tmp_path, 3, key="secret")
    found = Trail(tmp_path).verify(b"secret")
    assert (found.ok, found.keyed_from) == (True, plain.last + 1)
    assert Trail(tmp_path).verify(b"wrong").broken == plain.last + 1
    assert Trail(tmp_path).verify().broken == plain.last + 1
    _forge(tmp_path)
    assert not Trail(tmp_path).verify(b"secret").ok
    file = tmp_path / "log.jsonl"
    file.write_bytes(b"".join(export(Trail(tmp_path), "jsonl")))
    assert not verify_file(file, b"secret").ok


def _forge(folder: Path) -> None:
    """Make the whole chain and its note anew, without the key."""
    forged = chained([Row(**{n: getattr(row, n) for n in COLUMNS} | {"keyed": 0}) for row in Trail(folder).rows()])
    with closing(sqlite3.connect(folder / "service.db")) as connection:
        connection.execute("DROP TRIGGER audit_no_change")
        for row in forged:
            connection.execute("UPDATE audit SET hash = ?, keyed = 0 WHERE number = ?", (row.hash, row.number))
        connection.commit()
    (folder / FILE).write_text(f"{forged[-1].number:015d} {forged[-1].hash}\n")
    assert Trail(folder).verify().ok


def test_rows_that_are_missing_at_a_start_stay_missing(log: Path) -> None:
    last = Trail(log).verify().last
    with closing(sqlite3.connect(log / "service.db")) as connection:
        connection.execute("DROP TRIGGER audit_no_removal")
        connection.execute("DELETE FROM audit WHERE number = ?", (last,))
        connection.commit()
    assert Trail(log).verify().broken == last
    fill(log, 3)
    found = Trail(log).verify()
    assert (found.ok, found.broken) == (False, last)
    assert "missing when the service started" in found.reason


def _no_note(folder: Path) -> None:
    (folder / FILE).unlink()


def _other_note(folder: Path) -> None:
    (folder / FILE).write_text("something else")


@pytest.mark.parametrize("spoil", [_no_note, _other_note])
def test_a_note_that_is_gone_is_told(log: Path, spoil: Callable[[Path], None]) -> None:
    spoil(log)
    assert not Trail(log).verify().ok


def test_old_rows_go_behind_a_checkpoint(log: Path) -> None:
    before = Trail(log).verify()
    with opened(log) as audit:
        assert asyncio.run(audit.remove_before("2000-01-01T00:00:00.000Z")) == 0
        assert asyncio.run(audit.remove_before("2999-01-01T00:00:00.000Z")) > 0
        fresh = asyncio.run(audit.latest(10))
        assert fresh[0].operation == "audit.retention"
        assert asyncio.run(audit.remove_before("2000-01-01T00:00:00.000Z")) == 0
    found = Trail(log).verify()
    assert (found.ok, found.last) == (True, before.last + 1)
    assert found.entries < before.entries
    fill(log, 6)
    assert Trail(log).verify().ok
    with opened(log) as audit:
        assert asyncio.run(audit.remove_before("2999-01-01T00:00:00.000Z")) > 0
    assert Trail(log).verify().ok


def test_what_runs_is_not_removed_from_under_its_end(tmp_path: Path) -> None:
    async def work() -> None:
        with opened(tmp_path) as audit:
            begun = Row(number=0, at="", entry="begin", caller="x", operation="a.b", arguments='{"held":1}')
            await audit.event("a.before")
            await audit.begin(begun)
            for _ in range(3):
                await audit.event("a.later")
            assert await audit.remove_before("2999-01-01T00:00:00.000Z") == 1
            assert await audit.recover() == 1
            entry = (await audit.latest(1))[0]
            assert (entry.operation, entry.outcome, bytes(entry.arguments)) == ("a.b", "interrupted", b'{"held":1}')
            assert await audit.recover() == 0

    asyncio.run(work())
    assert Trail(tmp_path).verify().ok


def test_two_processes_may_append(log: Path) -> None:
    async def work() -> None:
        with opened(log) as one, opened(log) as two:
            await asyncio.gather(*(each.event("a.b", number=n) for n in range(10) for each in (one, two)))

    before = Trail(log).verify().last
    asyncio.run(work())
    found = Trail(log).verify()
    assert (found.ok, found.last) == (True, before + 20)


def test_a_log_without_a_chain_is_bound_at_the_first_start(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "service.db")) as connection:
        connection.execute(
            "CREATE TABLE audit (number INTEGER NOT NULL PRIMARY KEY, at VARCHAR NOT NULL, caller VARCHAR NOT NULL, "
            "operation VARCHAR NOT NULL, arguments BLOB NOT NULL, outcome VARCHAR NOT NULL, milliseconds INTEGER NOT NULL)"
        )
        for number in range(1, 6):
            row = (number, "2026-01-01T00:00:00.000Z", "api-key", "tags.add", b'{"name":"a"}', "ok", 5)
            connection.execute("INSERT INTO audit VALUES (?,?,?,?,?,?,?)", row)
        connection.commit()
    with opened(tmp_path) as audit:
        entries = asyncio.run(audit.latest(10))
    assert [entry.operation for entry in entries] == ["audit.chained"] + ["tags.add"] * 5
    assert bytes(entries[1].arguments) == b'{"name":"a"}'
    assert Trail(tmp_path).verify().ok
    fill(tmp_path, 3)
    assert Trail(tmp_path).verify().ok
    assert not tampered(tmp_path, tmp_path / "copy", "UPDATE audit SET caller = 'nobody' WHERE number = 2").verify().ok


async def _with_formulas(folder: Path) -> None:
    with opened(folder) as audit:
        for text in ("=cmd|x", "-1+1", "@SUM(A1)", "'=1", "plain"):
            await audit.event(text)


def test_a_csv_file_holds_no_formula(tmp_path: Path) -> None:
    asyncio.run(_with_formulas(tmp_path))
    file = tmp_path / "log.csv"
    file.write_bytes(b"".join(export(Trail(tmp_path), "csv")))
    assert verify_file(file).ok
    assert "'=cmd|x" in file.read_text()
    cells = [cell for row in csv.reader(file.read_text().splitlines(keepends=True)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
