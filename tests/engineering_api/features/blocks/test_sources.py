"""External sources over HTTP: text in, blocks out, every error with its line."""

from pathlib import Path

from tests.support.service import Client

SOURCES = "/api/devices/PLC_1/external-sources"
LAMP = """FUNCTION_BLOCK "Lamp"
VAR_INPUT
  on : Bool;
END_VAR
VAR_OUTPUT
  q : Bool;
END_VAR
BEGIN
  #q := #on;
END_FUNCTION_BLOCK
"""
BAD = LAMP.replace("#q := #on;", "#q := ;").replace("on : Bool;", "on : ;")


def blocks(client: Client) -> set[str]:
    return {block["name"] for block in client.ok("GET", "/api/devices/PLC_1/blocks")}


def test_text_becomes_blocks_and_the_source_does_not_stay(plc: Client) -> None:
    made = plc.ok("POST", f"{SOURCES}/import-and-generate", {"SclContent": LAMP + LAMP.replace('"Lamp"', '"Lämpchen"')})
    assert [(block["name"], block["type"]) for block in made] == [("Lamp", "FB"), ("Lämpchen", "FB")]
    assert {"Lamp", "Lämpchen"} <= blocks(plc)
    assert plc.ok("GET", SOURCES) == []


def test_every_error_comes_with_its_line_and_nothing_is_generated(plc: Client) -> None:
    before = blocks(plc)
    error = plc.refused(422, "source.errors", "POST", f"{SOURCES}/import-and-generate", {"sclContent": LAMP + BAD})
    assert [detail["place"]["line"] for detail in error["details"]] == [13, 19]
    assert blocks(plc) == before
    assert plc.ok("GET", SOURCES) == []


def test_a_source_stays_until_it_is_deleted(plc: Client, workspace: Path) -> None:
    (workspace / "lamp.scl").write_text(LAMP, encoding="utf-8")
    plc.ok("POST", f"{SOURCES}/from-file", {"path": "lamp.scl"})
    plc.ok("POST", f"{SOURCES}/from-text", {"sourceName": "other.scl", "content": LAMP.replace("Lamp", "Other")})
    assert [source["name"] for source in plc.ok("GET", SOURCES)] == ["lamp.scl", "other.scl"]
    plc.ok("POST", f"{SOURCES}/other.scl/generate")
    assert "Other" in blocks(plc)
    assert "Lamp" not in blocks(plc)
    plc.ok("DELETE", f"{SOURCES}/other.scl")
    plc.refused(404, "external_source.not_found", "DELETE", f"{SOURCES}/other.scl")
    assert "Other" in blocks(plc)


def test_folders_of_sources(plc: Client) -> None:
    plc.ok("POST", f"{SOURCES}/folders", {"folder": "Generated"})
    plc.refused(409, "folder.exists", "POST", f"{SOURCES}/folders", {"folder": "Generated"})
    plc.ok("POST", f"{SOURCES}/from-text", {"sourceName": "lamp.scl", "content": LAMP, "folder": "Generated"})
    assert plc.ok("GET", SOURCES) == [{"name": "lamp.scl", "folder": "Generated"}]
    plc.refused(409, "folder.not_empty", "DELETE", f"{SOURCES}/folders?folder=Generated")
    plc.ok("DELETE", f"{SOURCES}/folders?folder=Generated&force=true")
    assert plc.ok("GET", SOURCES) == []


def test_files_that_are_no_sources(plc: Client, workspace: Path) -> None:
    (workspace / "lamp.txt").write_text(LAMP, encoding="utf-8")
    plc.refused(422, "source.extension", "POST", f"{SOURCES}/from-file", {"path": "lamp.txt"})
    plc.refused(404, "file.not_found", "POST", f"{SOURCES}/from-file", {"path": "none.scl"})
    plc.refused(403, "path.outside_roots", "POST", f"{SOURCES}/from-file", {"path": "/etc/passwd"})


def test_a_ladder_block_has_no_source(plc: Client) -> None:
    plc.ok("POST", "/api/devices/PLC_1/blocks", {"kind": "FC", "name": "Rung", "language": "LAD"})
    plc.ok("POST", "/api/devices/PLC_1/blocks/Rung/actions/compile")
    plc.refused(422, "source.not_possible", "POST", "/api/devices/PLC_1/blocks/Rung/actions/export-source", {})


def test_a_source_is_written_to_a_file(plc: Client, workspace: Path) -> None:
    plc.ok("POST", f"{SOURCES}/import-and-generate", {"sclContent": LAMP})
    plc.ok("POST", "/api/devices/PLC_1/blocks/Lamp/actions/compile")
    made = plc.ok("POST", "/api/devices/PLC_1/blocks/Lamp/actions/export-source", {"exportPath": "out/lamp.scl"})
    text = Path(made["path"]).read_text(encoding="utf-8-sig")
    assert text.replace("\r\n", "\n") == made["content"].replace("\r\n", "\n")
    assert "#q := #on;" in text


def test_stl_is_known_by_its_networks(plc: Client) -> None:
    text = """FUNCTION "Copy" : Void
VAR_INPUT
  a : Bool;
END_VAR
VAR_OUTPUT
  q : Bool;
END_VAR
BEGIN
NETWORK
TITLE =
      A #a;
      = #q;
END_FUNCTION
"""
    plc.ok("POST", f"{SOURCES}/import-and-generate", {"SclContent": text, "SourceName": "Copy_vscode"})
    found = {block["name"]: block["language"] for block in plc.ok("GET", "/api/devices/PLC_1/blocks")}
    assert found["Copy"] == "STL"
