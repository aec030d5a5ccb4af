"""A project under source control, and what its users do."""

from __future__ import annotations

from typing import Any

from tests.support.service import Client

API = "/api/source-control"
BLOCKS = "/api/devices/PLC_1/blocks"
TABLES = "/api/devices/PLC_1/tag-tables"
MOTOR = "blocks/PLC_1/Motor.xml"
SCL = """TYPE "Drive"
STRUCT
    speed : Real;
END_STRUCT
END_TYPE

FUNCTION_BLOCK "Motor"
VAR_INPUT
    start : Bool;
END_VAR
VAR_OUTPUT
    run : Bool;
END_VAR
VAR
    drive : "Drive";
END_VAR
BEGIN
    #run := #start;
END_FUNCTION_BLOCK

DATA_BLOCK "Motor_1"
"Motor"
BEGIN
END_DATA_BLOCK
"""


def write(client: Client, text: str, device: str = "PLC_1") -> None:
    client.ok("POST", f"/api/devices/{device}/external-sources/import-and-generate", {"sclContent": text})
    compiled(client, device)


def compiled(client: Client, device: str = "PLC_1") -> None:
    assert client.ok("POST", f"/api/devices/{device}/actions/compile-sync")["result"]["errorCount"] == 0


def add_tag(client: Client, name: str, address: str, table: str = "Line") -> None:
    body = {"tableName": table, "name": name, "dataType": "Bool", "logicalAddress": address}
    client.ok("POST", "/api/devices/PLC_1/tags", body)


def commit(client: Client, message: str, **more: Any) -> Any:
    return client.ok("POST", f"{API}/commit-sync", {"message": message} | more)


def changes(client: Client) -> dict[str, str]:
    """What an export finds changed, by path."""
    answer = client.ok("POST", f"{API}/export-preview-sync")
    assert answer == client.ok("GET", f"{API}/status")
    assert answer["changedFilesCount"] == len(answer["changes"])
    return {each["filePath"]: each["status"] for each in answer["changes"]}


def content(client: Client, path: str = MOTOR, sha: str = "HEAD") -> str | None:
    found = client.ok("GET", f"{API}/file-content", commitSha=sha, filePath=path)["content"]
    return None if found is None else str(found)


def source(client: Client, block: str = "Motor") -> str:
    return str(client.ok("GET", f"{BLOCKS}/{block}/content")["sourceText"])
