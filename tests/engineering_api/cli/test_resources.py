"""The commands of resources: arguments, defaults, files and messages, against a server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engineering_api.cli import outcome
from engineering_api.client import Client
from tests.engineering_api.cli.kit import Tia

SOURCE = 'FUNCTION "Twice" : Int\nVAR_INPUT x : Int; END_VAR\nBEGIN\n  #Twice := 2 * #x;\nEND_FUNCTION\n'


def test_the_name_is_an_argument_and_the_only_plc_the_default(tia: Tia, plant: Client) -> None:
    tia("tag-tables", "create", "Motors")
    tia("tags", "add", "Start", "--data-type", "Bool", "--logical-address", "%I0.0", "--table-name", "Motors")
    assert [tag.name for tag in plant.tags.list_(device_name="PLC_1", table_name="Motors")] == ["Start"]
    listed = tia("tags", "list").stdout.splitlines()
    assert listed[0].split()[0] == "NAME"
    assert listed[1].split()[0] == "Start"
    assert json.loads(tia("tags", "list", "--json").stdout)[0]["name"] == "Start"
    assert tia("tags", "list", "--quiet").stdout == ""
    assert json.loads(tia("tag-tables", "list", "--filter", "name~Mot*", "--json").stdout)[0]["name"] == "Motors"


def test_a_text_option_reads_files_and_standard_input(tia: Tia, plant: Client, tmp_path: Path) -> None:
    del plant
    (tmp_path / "twice.scl").write_text(SOURCE, encoding="utf-8-sig")
    assert "Twice" in tia("sources", "import-and-generate", "--scl-content", "@twice.scl").stdout
    other = SOURCE.replace("Twice", "Double")
    assert "Double" in tia("sources", "import-and-generate", "--scl-content", "@-", given=other).stdout
    assert "missing.scl" in tia("sources", "import-and-generate", "--scl-content", "@missing.scl", code=2).stderr
    assert tia("blocks", "export-text", "Double", "--format", "scl", code=outcome.REFUSED).stderr
    tia("compile")
    text = tia("blocks", "export-text", "Double", "--format", "scl").stdout
    assert text.startswith('FUNCTION "Double"')


def test_local_files_are_sent_and_fetched(tia: Tia, plant: Client, tmp_path: Path) -> None:
    tia("compile")
    done = tia("blocks", "export", "Main", "-o", "out/Main.xml", "--json")
    assert json.loads(done.stdout)["path"] == str(Path("out/Main.xml"))
    assert "SW.Blocks.OB" in (tmp_path / "out" / "Main.xml").read_text(encoding="utf-8-sig")
    assert "exists" in tia("blocks", "export", "Main", "-o", "out/Main.xml", code=2).stderr
    plant.blocks.delete(device_name="PLC_1", block_name="Main")
    tia("blocks", "import", "--path", "out/Main.xml")
    assert [block.name for block in plant.blocks.list_(device_name="PLC_1")] == ["Main"]
    assert "server:nothing.xml" in tia("blocks", "import", "--path", "nothing.xml", code=2).stderr
    assert "file.not_found" in tia("blocks", "import", "--path", "server:nothing.xml", code=4).stderr


def test_a_dry_run_and_a_job_without_waiting(tia: Tia, plant: Client) -> None:
    tia("tag-tables", "create", "Motors", "--dry-run")
    assert "Motors" not in {table.name for table in plant.tag_tables.list_(device_name="PLC_1")}
    job = json.loads(tia("devices", "compile", "--no-wait", "--json").stdout)["jobId"]
    plant.job(job).result()


def test_a_request_as_json(tia: Tia, plant: Client, tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text('{"name": "A"}')
    tia("tag-tables", "create", "--input", "request.json")
    tia("tag-tables", "create", "--input", "-", given='{"name": "B"}')
    tia("tag-tables", "create", "C", "--input", "request.json")
    assert {table.name for table in plant.tag_tables.list_(device_name="PLC_1")} >= {"A", "B", "C"}
    assert "--input" in tia("tag-tables", "create", "--input", "-", given="[]", code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["tag-tables", "create"], 2, "Missing argument NAME"),
        (["blocks", "rename", "Main"], 2, "Missing option --new-name"),
        (["constants", "create", "A"], 2, "Missing option --data-type"),
        (["blocks", "get-content", "Mian"], 4, "Did you mean 'Main'?"),
        (["blocks", "list", "--device-name", "PLC1"], 4, "Did you mean 'PLC_1'?"),
        (["tags", "list", "--table-name", "Default tag tabel"], 4, "Did you mean 'Default tag table'?"),
        (["tag-transfer", "import-csv", "--mode", "replace"], 2, "'create', 'skip', 'update'"),
        (["catalog", "find", "6ES7"], 4, "`tia catalog search`"),
        (["blocks", "add-networks", "Main", "--networks", "x"], 2, "--networks must be JSON"),
        (["api", "PLCs"], 2, "There is no operation"),
        (["api", "FETCH", "/api/projects"], 2, "'GET'"),
    ],
)
def test_messages_use_the_words_of_the_command_line(
    tia: Tia, plant: Client, arguments: list[str], code: int, said: str
) -> None:
    del plant
    found = tia(*arguments, code=code).stderr
    assert said in found
    assert "/deviceName" not in found
    assert " /api/" not in found


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["POST", "/api/devices/PLC_1/blocks", "-f", "override=perhaps"], "must be true or false, not text"),
        (["GET", "/api/devices/PLC_1/blocks?filtre=x"], "Did you mean the option 'filter'?"),
        (
            [
                "POST",
                "/api/devices/PLC_1/tag-tables/T/actions/import-csv-sync",
                "-f",
                "mode=replace",
                "-f",
                "filePath=x",
            ],
            "Valid values: create, skip, update.",
        ),
        (
            ["POST", "/api/projects/actions/create-sync", "-f", "name=1"],
            "The field 'name' must be text, not an integer.",
        ),
    ],
)
def test_the_server_names_field_and_valid_values(tia: Tia, plant: Client, arguments: list[str], said: str) -> None:
    del plant
    found = tia("api", *arguments, code=outcome.USAGE).stderr
    assert said in found
    assert "`" not in found


def test_any_route_and_operation(tia: Tia, plant: Client, tmp_path: Path) -> None:
    del plant
    assert json.loads(tia("api", "GET", "/api/projects/overview").stdout)["devices"]
    assert json.loads(tia("api", "blocks.list_", "-f", "deviceName=PLC_1", "-f", "filter=name=Main").stdout)
    (tmp_path / "table.json").write_text('{"name": "FromFile"}')
    tia("api", "POST", "/api/devices/PLC_1/tag-tables", "--input", "table.json")
    assert "FromFile" in tia("tag-tables", "list").stdout
    assert "HTTP 200" in tia("api", "-i", "GET", "/api/health/ping").stdout
    assert "blocks.list_" in tia("api", "--list").stdout


def test_without_a_server(tia: Tia, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIA_URL", "http://127.0.0.1:9")
    for command in (["blocks", "list"], ["compile"], ["api", "GET", "/api/projects"]):
        assert "tia serve" in tia(*command, code=outcome.UNREACHABLE).stderr
