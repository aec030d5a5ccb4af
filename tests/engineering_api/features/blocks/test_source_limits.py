"""Refusals of what is too large, as clients see them: code, limit and value."""

from __future__ import annotations

from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"


def test_a_folder_path_that_is_too_deep(plc: Client) -> None:
    path = f"{DEVICE}/blocks/folders"
    error = plc.refused(422, "limit.folder_levels", "POST", path, {"folderPath": "/".join("x" * 1000)})
    assert (error["limit"], error["value"]) == (50, 1000)
    plc.ok("POST", path, {"folderPath": "/".join("x" * 50)})
    plc.ok("GET", f"{DEVICE}/blocks")
    plc.ok("POST", "/api/projects/actions/save-sync")
    plc.ok("POST", "/api/projects/actions/close-sync", {"save": False})


def test_a_test_that_runs_too_long(client: Client) -> None:
    text = "tests:\n- name: T\n  steps:\n  - run: 2000000000\n"
    error = client.refused(422, "limit.test_cycles", "POST", "/api/plc-tests/actions/run-sync", {"tests": text})
    assert (error["limit"], error["value"]) == (2_000_000, 2_000_000_000)


def test_a_source_with_too_long_a_chain(plc: Client) -> None:
    chain = "#a := 1" + "+1" * 100_000 + ";"
    content = f'FUNCTION "F" : Void\nVAR_TEMP\n a : Int;\nEND_VAR\nBEGIN\n{chain}\nEND_FUNCTION\n'
    path = f"{DEVICE}/external-sources/import-and-generate"
    error = plc.refused(422, "limit.operator_chain", "POST", path, {"sclContent": content})
    assert (error["limit"], error["value"]) == (10_000, 10_001)
    assert error["place"]["line"] == 6
    plc.ok("POST", path, {"sclContent": content.replace("+1" * 100_000, "")})


def test_data_that_no_cpu_holds(plc: Client) -> None:
    content = 'DATA_BLOCK "D"\nVAR\n a : Array[0..2147483647] of Int;\nEND_VAR\nBEGIN\nEND_DATA_BLOCK\n'
    error = plc.refused(
        422, "source.errors", "POST", f"{DEVICE}/external-sources/import-and-generate", {"sclContent": content}
    )
    assert "4,194,304 KB" in error["message"]
    assert "D" not in {block["name"] for block in plc.ok("GET", f"{DEVICE}/blocks")}
