"""History: snapshots of blocks and tag tables, compared, restored and cleaned up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engineering_api.storage import database, snapshots
from engineering_api.storage.snapshots import Subject
from tests.support.service import Client

BLOCKS = "/api/devices/PLC_1/blocks"
TABLES = "/api/devices/PLC_1/tag-tables"
HISTORY = "/api/history"
OF_MOTOR = f"{HISTORY}/blocks/PLC_1/Motor"
OF_LINE = f"{HISTORY}/tags/PLC_1/Line"
SCL = """FUNCTION_BLOCK "Motor"
VAR_INPUT
    start : Bool;
END_VAR
VAR_OUTPUT
    run : Bool;
END_VAR
BEGIN
    #run := #start;
END_FUNCTION_BLOCK
"""


@pytest.fixture
def line(plc: Client) -> Client:
    """A client with the compiled SCL block Motor and the tag table Line in the folder Area."""
    write(plc, SCL)
    plc.ok("POST", f"{TABLES}/actions/create-sync", {"name": "Line", "folder": "Area"})
    add_tag(plc, "bStart", "%I0.0")
    return plc


def write(client: Client, text: str) -> None:
    client.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", {"sclContent": text})
    assert client.ok("POST", "/api/devices/PLC_1/actions/compile-sync")["result"]["errorCount"] == 0


def add_tag(client: Client, name: str, address: str) -> None:
    body = {
        "tableName": "Line",
        "name": name,
        "dataType": "Bool",
        "logicalAddress": address,
        "comment": f"about {name}",
    }
    client.ok("POST", "/api/devices/PLC_1/tags", body)


def tags(client: Client, table: str = "Line") -> list[str]:
    return [tag["name"] for tag in client.ok("GET", f"{TABLES}/{table}/tags")]


def source(client: Client) -> str:
    assert client.ok("POST", "/api/devices/PLC_1/actions/compile-sync")["result"]["errorCount"] == 0
    return str(client.ok("GET", f"{BLOCKS}/Motor/content")["sourceText"])


def of(snapshot: Any) -> str:
    return f"{HISTORY}/snapshots/{snapshot['snapshotId']}"


# -- blocks -------------------------------------------------------------------------------


def test_a_block_is_kept_listed_and_put_back(line: Client) -> None:
    first = line.ok("POST", f"{OF_MOTOR}/actions/snapshot", {"note": "as delivered"})
    assert (first["subject"]["kind"], first["subject"]["name"], first["note"]) == ("block", "Motor", "as delivered")
    write(line, SCL.replace("#run := #start;", "#run := NOT #start;"))
    second = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    assert line.ok("GET", OF_MOTOR) == [second, first]
    restored = line.ok("POST", f"{of(first)}/actions/restore-sync")
    assert (restored["name"], restored["snapshot"], restored["backup"]) == ("Motor", first, None)
    assert "NOT" not in source(line)
    line.ok("POST", f"{of(second)}/actions/restore-sync")
    assert "NOT #start" in source(line)


def test_snapshots_of_both_families_of_routes_are_the_same(line: Client) -> None:
    kept = line.ok("POST", f"{BLOCKS}/Motor/actions/create-snapshot")
    assert line.ok("GET", OF_MOTOR) == [kept]
    other = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    assert line.ok("GET", f"{BLOCKS}/Motor/snapshots") == [other, kept]


def test_a_deleted_block_comes_back(line: Client) -> None:
    kept = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    line.ok("DELETE", f"{BLOCKS}/Motor")
    assert line.ok("GET", f"{HISTORY}/blocks/PLC_1/MOTOR") == [kept]
    line.ok("POST", f"{of(kept)}/actions/restore-sync")
    assert "#run := #start" in source(line)


def test_what_is_there_is_kept_before_it_is_replaced(line: Client) -> None:
    kept = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    write(line, SCL.replace("#run := #start;", "#run := NOT #start;"))
    backup = line.ok("POST", f"{of(kept)}/actions/restore-sync", {"backup": True})["backup"]
    assert kept["snapshotId"] in backup["note"]
    line.ok("POST", f"{of(backup)}/actions/restore-sync")
    assert "NOT #start" in source(line)
    line.ok("DELETE", f"{BLOCKS}/Motor")
    assert line.ok("POST", f"{of(kept)}/actions/restore-sync", {"backup": True})["backup"] is None


def test_what_cannot_be_kept_is_not_replaced(line: Client) -> None:
    kept = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    line.ok("POST", f"{BLOCKS}/Motor/interface/members", {"section": "Input", "name": "stop", "dataType": "Bool"})
    line.refused(409, "block.export_refused", "POST", f"{of(kept)}/actions/restore-sync", {"backup": True})
    assert "stop" in source(line)


def test_restore_runs_as_a_job_too(line: Client) -> None:
    kept = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    job = line.job("POST", f"{of(kept)}/actions/restore")
    assert (job["status"], job["result"]["name"]) == ("Completed", "Motor")


# -- tag tables ---------------------------------------------------------------------------


def test_a_tag_table_is_kept_and_put_back(line: Client) -> None:
    kept = line.ok("POST", f"{OF_LINE}/actions/snapshot", {"comment": "one tag"})
    assert (kept["subject"]["kind"], kept["folder"], kept["note"]) == ("tagTable", "Area", "one tag")
    add_tag(line, "bStop", "%I0.1")
    assert line.ok("GET", f"{HISTORY}/tags/PLC_1/line") == [kept]
    assert line.ok("POST", f"{of(kept)}/actions/restore-sync")["folder"] == "Area"
    assert tags(line) == ["bStart"]


def test_a_deleted_tag_table_and_its_folder_come_back(line: Client) -> None:
    kept = line.ok("POST", f"{OF_LINE}/actions/snapshot")
    line.ok("DELETE", f"{TABLES}/Line")
    line.ok("DELETE", f"{TABLES}/folders", folder="Area")
    assert line.ok("POST", f"{of(kept)}/actions/restore-sync")["folder"] == "Area"
    assert tags(line) == ["bStart"]


def test_the_default_table_is_put_back(line: Client) -> None:
    table = next(each["name"] for each in line.ok("GET", TABLES) if each["isDefault"])
    kept = line.ok("POST", f"{HISTORY}/tags/PLC_1/{table}/actions/snapshot")
    line.ok("POST", "/api/devices/PLC_1/tags", {"tableName": table, "name": "x", "dataType": "Bool"})
    line.ok("POST", f"{of(kept)}/actions/restore-sync")
    assert tags(line, table) == []


def test_a_name_that_another_table_took_is_not_stolen(line: Client) -> None:
    kept = line.ok("POST", f"{OF_LINE}/actions/snapshot")
    line.ok("DELETE", f"{TABLES}/Line/tags/bStart")
    line.ok("POST", f"{TABLES}/actions/create-sync", {"name": "Other"})
    line.ok("POST", "/api/devices/PLC_1/tags", {"tableName": "Other", "name": "bStart", "dataType": "Bool"})
    line.refused(422, "tag_table.import_refused", "POST", f"{of(kept)}/actions/restore-sync")
    assert (tags(line), tags(line, "Other")) == ([], ["bStart"])


# -- one snapshot -------------------------------------------------------------------------


def test_content_of_a_block_is_xml_and_source(line: Client) -> None:
    kept = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    content = line.ok("GET", f"{of(kept)}/content")
    assert content["snapshot"] == kept == line.ok("GET", of(kept))
    assert "<SW.Blocks.FB" in content["rawXml"]
    assert "#run := #start;" in content["sourceText"]
    assert "Motor" in content["listing"]
    assert content["tags"] == content["constants"] == []


def test_content_of_a_tag_table_is_its_entries(line: Client) -> None:
    line.ok("POST", f"{TABLES}/Line/constants", {"name": "LIMIT", "dataType": "Int", "value": "7"})
    content = line.ok("GET", f"{of(line.ok('POST', f'{OF_LINE}/actions/snapshot'))}/content")
    tag = {"name": "bStart", "dataType": "Bool", "logicalAddress": "%I0.0", "comment": "about bStart"}
    assert content["tags"] == [tag]
    assert content["constants"] == [{"name": "LIMIT", "dataType": "Int", "value": "7", "comment": ""}]
    assert content["sourceText"] is None


def test_comparison_names_what_changed(line: Client) -> None:
    first = line.ok("POST", f"{OF_LINE}/actions/snapshot")
    assert line.ok("GET", f"{of(first)}/compare")["equal"] is True
    add_tag(line, "bStop", "%I0.1")
    now = line.ok("GET", f"{of(first)}/compare")
    assert [(each["kind"], each["path"]) for each in now["changes"]] == [("tag-added", "Line/bStop")]
    second = line.ok("POST", f"{OF_LINE}/actions/snapshot")
    back = line.ok("GET", f"{of(second)}/compare", otherId=first["snapshotId"])
    assert ([each["kind"] for each in back["changes"]], back["other"]) == (["tag-removed"], first)


def test_unchanged_objects_give_equal_snapshots(line: Client) -> None:
    first, second = (line.ok("POST", f"{OF_MOTOR}/actions/snapshot") for _ in range(2))
    assert line.ok("GET", f"{of(first)}/compare", otherId=second["snapshotId"])["equal"] is True


def test_a_deleted_snapshot_is_gone(line: Client) -> None:
    kept = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    assert line.ok("DELETE", of(kept)) == kept
    for method, path in (
        ("GET", ""),
        ("GET", "/content"),
        ("GET", "/compare"),
        ("DELETE", ""),
        ("POST", "/actions/restore-sync"),
    ):
        line.refused(404, "snapshot.not_found", method, of(kept) + path)
    assert line.ok("GET", OF_MOTOR) == []


def test_a_snapshot_of_another_project_is_not_put_in_this_one(line: Client) -> None:
    kept = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    line.ok("POST", "/api/projects/actions/save-sync", {"directory": "projects/Copy"})
    error = line.refused(409, "snapshot.other_project", "POST", f"{of(kept)}/actions/restore-sync")
    assert error["place"]["path"] == kept["subject"]["project"]
    line.refused(409, "snapshot.other_project", "GET", f"{of(kept)}/compare")
    assert line.ok("GET", of(kept)) == kept
    assert line.ok("GET", f"{HISTORY}/snapshots") == []


def test_nothing_is_kept_of_what_is_not_there(line: Client, client: Client) -> None:
    line.refused(404, "block.not_found", "POST", f"{HISTORY}/blocks/PLC_1/None/actions/snapshot")
    line.refused(404, "tag_table.not_found", "POST", f"{HISTORY}/tags/PLC_1/None/actions/snapshot")
    line.refused(404, "device.not_found", "POST", f"{HISTORY}/tags/None/Line/actions/snapshot")
    line.refused(404, "device.not_found", "GET", f"{HISTORY}/blocks/None/Motor")
    assert line.ok("GET", f"{HISTORY}/stats")["count"] == 0
    client.ok("POST", "/api/projects/actions/close-sync", {"discard": True})
    client.refused(409, "project.none", "GET", OF_MOTOR)


# -- the store ----------------------------------------------------------------------------


def test_list_of_the_project_is_filtered(line: Client) -> None:
    motor = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    table = line.ok("POST", f"{OF_LINE}/actions/snapshot")
    everything = f"{HISTORY}/snapshots"
    assert line.ok("GET", everything) == [table, motor]
    assert line.ok("GET", everything, kind="BLOCK") == [motor]
    assert line.ok("GET", everything, name="line", deviceName="plc_1") == [table]
    assert line.ok("GET", everything, deviceName=motor["subject"]["device"]) == [table, motor]
    assert line.ok("GET", everything, deviceName="PLC_2") == []
    assert line.ok("GET", everything, limit=1) == [table]


def test_statistics_count_what_is_there(line: Client) -> None:
    empty = line.ok("GET", f"{HISTORY}/stats")
    assert (empty["count"], empty["size"], empty["oldest"], empty["projects"]) == (0, 0, None, [])
    motor = line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    table = line.ok("POST", f"{OF_LINE}/actions/snapshot")
    stats = line.ok("GET", f"{HISTORY}/stats")
    size = motor["size"] + table["size"]
    assert (stats["count"], stats["size"]) == (2, size)
    assert (stats["oldest"], stats["newest"]) == (motor["createdAt"], table["createdAt"])
    assert stats["projects"] == [{"name": motor["subject"]["project"], "count": 2, "size": size}]
    assert {share["name"]: share["count"] for share in stats["kinds"]} == {"block": 1, "tagTable": 1}


def aged(client: Client, snapshot: Any, days: float) -> None:
    """Make a snapshot older."""
    service = client.http.app.state.service
    moment = snapshots.now(dt.datetime.now(dt.UTC).timestamp() - days * 86400)
    change = (
        database.snapshots.update().where(database.snapshots.c.id == snapshot["snapshotId"]).values(created_at=moment)
    )
    service.snapshots._database.run_now(lambda connection: connection.execute(change))


def test_cleanup_takes_old_ones_but_never_the_newest(line: Client) -> None:
    taken = [line.ok("POST", f"{OF_MOTOR}/actions/snapshot") for _ in range(3)]
    table = line.ok("POST", f"{OF_LINE}/actions/snapshot")
    for snapshot, days in zip([*taken, table], (90, 60, 40, 90), strict=True):
        aged(line, snapshot, days)
    plan = line.ok("POST", f"{HISTORY}/actions/cleanup", {"olderThanDays": 50, "dryRun": True})
    assert [each["snapshotId"] for each in plan["snapshots"]] == [taken[1]["snapshotId"], taken[0]["snapshotId"]]
    assert line.ok("GET", f"{HISTORY}/stats")["count"] == 4
    done = line.ok("POST", f"{HISTORY}/actions/cleanup", {"olderThanDays": 50})
    assert (done["removed"], done["freed"]) == (2, taken[0]["size"] + taken[1]["size"])
    assert [each["snapshotId"] for each in line.ok("GET", OF_MOTOR)] == [taken[2]["snapshotId"]]
    assert len(line.ok("GET", OF_LINE)) == 1
    assert line.ok("POST", f"{HISTORY}/actions/cleanup", {"olderThanDays": 0, "keep": 0})["removed"] == 2


def test_cleanup_by_default_keeps_what_is_young(line: Client) -> None:
    for _ in range(3):
        line.ok("POST", f"{OF_MOTOR}/actions/snapshot")
    assert line.ok("POST", f"{HISTORY}/actions/cleanup")["removed"] == 0
    line.refused(400, "request.wrong_type", "POST", f"{HISTORY}/actions/cleanup", {"keep": -1})


def test_cleanup_gives_space_back(client: Client, tmp_path: Path) -> None:
    store = client.http.app.state.service.snapshots
    for number in range(50):
        store.add(Subject("p", "PLC_1", "block", "Big"), bytes([number]) * 100_000, folder="", author="a", note="")
    before = client.ok("GET", f"{HISTORY}/stats")["fileSize"]
    assert before > 5_000_000
    assert client.ok("POST", f"{HISTORY}/actions/cleanup", {"olderThanDays": 0, "keep": 2})["removed"] == 48
    assert client.ok("GET", f"{HISTORY}/stats")["fileSize"] < before / 10
    assert (tmp_path / "service.db").stat().st_size < before / 10
    with sa.create_engine(f"sqlite:///{tmp_path / 'service.db'}").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
