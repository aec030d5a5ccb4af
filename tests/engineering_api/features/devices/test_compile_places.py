"""Compile messages lead to the text that the client sent; each place is compared with a search in that text."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from simatic_xml import dump, from_json, scl, stl
from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
SOURCES = f"{DEVICE}/external-sources"
GENERATE = "/api/blockgeneration"
SCL = """// Pumps and valves.
(* A comment
   of several lines with #nowhere_1 *)

TYPE "Limits"
VERSION : 0.1
   STRUCT
      high : Int;
   END_STRUCT;
END_TYPE

FUNCTION_BLOCK "Motor"
TITLE = Motor with limits
{ S7_Optimized_Access := 'TRUE';
  S7_Typical := 'yes' }
AUTHOR : me
VERSION : 0.1
//The comment of the block
   VAR_INPUT
      start { ExternalVisible := 'False' } : Bool;   // Start, not #nowhere_1
   END_VAR
   VAR
      limits : "Limits";
      count : Int;
   END_VAR
   VAR CONSTANT
      MOST : Int := 5;
   END_VAR

BEGIN

   // Nothing happens here: #nowhere_1
   REGION Count #nowhere_1
      (* neither
         here *)
      IF #start THEN
         #count := #count +
            #nowhere_1;
      END_IF;
   END_REGION
   #limits.high := #MOST; #count := #nowhere_2;
END_FUNCTION_BLOCK

FUNCTION "Later" : Void
VERSION : 0.1
   VAR_TEMP
      i : Int;
   END_VAR
BEGIN #i := 1;
\t#i := "Nowhere_3".value;
END_FUNCTION
"""
WRITTEN = """FUNCTION "Written" : Void
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
   VAR_TEMP
      i : Int;
   END_VAR

BEGIN
\t
\t#i := 1;

\t   #i := #nowhere_1;
END_FUNCTION

"""
AWL = """FUNCTION "Statements" : Void
VERSION : 0.1
   VAR_INPUT
      a : Bool;
   END_VAR
BEGIN
NETWORK
TITLE = The first
// A comment of the network

      A #a;  // not #nowhere_1
      // A line of comment

      = #nowhere_1;

NETWORK
TITLE = The second

      CALL "Nowhere_3"
      (  in := #a ,
         out := #a );
m1:   A #nowhere_2;
END_FUNCTION
"""


def place(text: str, token: str) -> tuple[int, int]:
    """Line and column of the last occurrence of a name, both from 1."""
    at = text.rfind(token)
    assert at >= 0
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def errors(report: Any) -> dict[str, Any]:
    """The errors of a compilation by the first name in the message, without its marks."""
    found = [each for each in report["diagnostics"] if each["severity"] == "Error"]
    return {re.findall(r"\w+", each["message"])[0]: each for each in found}


def compiled(client: Client) -> dict[str, Any]:
    return errors(client.ok("POST", f"{DEVICE}/actions/compile-sync"))


def leaf_paths(messages: list[dict[str, Any]]) -> set[str]:
    found = {each["path"] for each in messages if not each["messages"]}
    return found.union(*(leaf_paths(each["messages"]) for each in messages))


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_an_scl_file(plc: Client, workspace: Path, eol: str, encoding: str) -> None:
    text = SCL.replace("Pumps", "Pümps").replace("\n", eol)
    content = text.encode(encoding)
    (workspace / "lib").mkdir()
    (workspace / "lib" / "drives.scl").write_bytes(content)
    plc.ok("POST", f"{SOURCES}/from-file", {"path": "lib/drives.scl"})
    plc.ok("POST", f"{SOURCES}/drives.scl/generate", {"keepOnError": True})
    found = compiled(plc)
    assert found.keys() == {"nowhere_1", "nowhere_2", "Nowhere_3"}
    for name, token in [("nowhere_1", "#nowhere_1"), ("nowhere_2", "#nowhere_2"), ("Nowhere_3", '"Nowhere_3"')]:
        line, column = place(text, token)
        error = found[name]
        assert (error["file"], error["line"], error["column"]) == ("lib/drives.scl", line, column)
        assert error["lineText"] == text.splitlines()[line - 1].rstrip()
        assert error["fileHash"] == hashlib.sha256(content).hexdigest()
        assert error["text"].startswith(f"lib/drives.scl:{line}:{column}: PLC_1/Program blocks/")
        assert error["codeLine"] < line
        assert error["path"].endswith(f"/Line {line}")
        assert error["pointer"] is None
    assert [found[name]["block"] for name in sorted(found)] == ["Later", "Motor", "Motor"]


def test_the_tree_of_a_job_has_the_lines_of_the_source(plc: Client) -> None:
    plc.ok("POST", f"{SOURCES}/import-and-generate", {"sclContent": SCL, "sourceName": "drives.scl"})
    job = plc.job("POST", f"{DEVICE}/actions/compile")
    lines = {place(SCL, token)[0] for token in ("#nowhere_1", "#nowhere_2", '"Nowhere_3"')}
    assert {path for path in leaf_paths(job["result"]["result"]["messages"]) if "ine " in path} == {
        f"Line {line}" for line in lines
    }


def test_a_pipeline_answers_the_places(plc: Client) -> None:
    plc.ok("POST", f"{SOURCES}/import-and-generate", {"sclContent": SCL, "sourceName": "drives.scl"})
    step = {"name": "Compile", "action": "devices.compile_", "params": {"deviceName": "PLC_1"}}
    plc.ok("POST", "/api/pipelines", {"name": "P", "steps": [step]})
    run = plc.ok("POST", "/api/pipelines/P/run", {})
    (result,) = plc.ended(run["jobId"])["result"]["stepResults"]
    error = errors(result["result"])["nowhere_1"]
    assert (error["file"], error["line"], error["column"]) == ("drives.scl", *place(SCL, "#nowhere_1"))


@pytest.mark.parametrize("text", [SCL, WRITTEN, SCL.replace("\n", "\r\n"), WRITTEN.replace("\n", "\r\n")])
def test_an_scl_text_in_a_request(plc: Client, text: str) -> None:
    plc.ok("POST", f"{SOURCES}/import-and-generate", {"sclContent": text})
    error = compiled(plc)["nowhere_1"]
    assert (error["line"], error["column"]) == place(text, "#nowhere_1")
    assert (error["file"], error["pointer"]) == ("imported_source.scl", "/sclContent")


def test_a_source_from_text_and_the_compilation_of_one_block(plc: Client) -> None:
    plc.ok("POST", f"{SOURCES}/from-text", {"sourceName": "written.scl", "content": WRITTEN})
    plc.ok("POST", f"{SOURCES}/written.scl/generate")
    error = errors(plc.ok("POST", f"{DEVICE}/blocks/Written/actions/compile"))["nowhere_1"]
    assert (error["line"], error["column"]) == place(WRITTEN, "#nowhere_1")
    assert (error["file"], error["pointer"]) == ("written.scl", "/content")


def test_an_stl_file(plc: Client, workspace: Path) -> None:
    (workspace / "old.awl").write_text(AWL, encoding="utf-8", newline="\r\n")
    plc.ok("POST", f"{SOURCES}/from-file", {"path": "old.awl"})
    plc.ok("POST", f"{SOURCES}/old.awl/generate", {"keepOnError": True})
    found = compiled(plc)
    for name, token, network in [
        ("nowhere_1", "#nowhere_1", 1),
        ("nowhere_2", "#nowhere_2", 2),
        ("Nowhere_3", '"Nowhere_3"', 2),
    ]:
        error = found[name]
        assert (error["line"], error["column"], error["network"]) == (*place(AWL, token), network)
        assert error["text"].startswith(f"old.awl:{error['line']}:{error['column']}: ")
        assert f"Network {network}: " in error["text"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_simatic_ml_of_scl_and_stl(plc: Client, workspace: Path, encoding: str) -> None:
    made = scl.generate(SCL).documents + stl.generate(AWL).documents
    names = ["Limits", "Motor", "Later", "Statements"]
    texts = {}
    for name, document in zip(names, made, strict=True):
        text = document.decode("utf-8-sig").replace("<Document>", "<!-- <Component\nName='x'> -->\n<Document>")
        texts[name] = text.replace('encoding="utf-8"', f'encoding="{encoding.removesuffix("-sig")}"')
        (workspace / f"{name}.xml").write_bytes(texts[name].encode(encoding))
    plc.ok("POST", f"{GENERATE}/bulk-import", {"deviceName": "PLC_1", "files": [f"{name}.xml" for name in names]})
    for error in compiled(plc).values():
        block, name = error["block"], re.findall(r"\w+", error["message"])[0]
        assert error["file"] == f"{block}.xml"
        line, column = place(texts[block], f'"{name}"')
        assert (error["line"], error["column"]) == (line, column + 1)


LAD: dict[str, Any] = {
    "kind": "FB",
    "name": "Rungs",
    "language": "LAD",
    "interface": {"Input": [{"name": "start", "type": "Bool"}], "Output": [{"name": "run", "type": "Bool"}]},
    "networks": [
        {"source": {"rungs": [[{"contact": "#start"}, {"coil": "#run"}]]}},
        {"source": {"rungs": [[{"contact": "#start"}, {"contact": "#nowhere_1"}, {"coil": "#run"}]]}},
    ],
}
GRAPH: dict[str, Any] = {
    "sequences": [
        {
            "steps": [
                {"name": "Idle", "init": True},
                {"name": "Mixing", "actions": [{"qualifier": "N", "operand": "#nowhere_1"}]},
            ],
            "transitions": [{"name": "Begin"}, {"name": "Done"}],
            "flow": ["Idle", "Begin", "Mixing", "Done", {"jump": "Idle"}],
        }
    ]
}


def value_at(document: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        document = document[int(part) if isinstance(document, list) else part]
    return document


@pytest.mark.parametrize("language", ["LAD", "FBD"])
def test_ladder_and_function_block_diagrams_name_network_and_element(
    plc: Client, workspace: Path, language: str
) -> None:
    form = LAD | {"language": language}
    xml = dump(from_json({"engineering": "V18"} | form)).decode("utf-8-sig")
    (workspace / "rungs.xml").write_text(xml.replace("Rungs", "Other"), encoding="utf-8")
    plc.ok("POST", f"{DEVICE}/blocks/actions/import-sync", {"importFilePath": "rungs.xml"})
    plc.ok("POST", f"{GENERATE}/generate-and-import", {"deviceName": "PLC_1"} | form)
    found = plc.ok("POST", f"{DEVICE}/actions/compile-sync")["diagnostics"]
    from_file, from_form = sorted((each for each in found if each["severity"] == "Error"), key=lambda e: e["block"])
    line, column = place(xml, '"nowhere_1"')
    assert (from_file["file"], from_file["line"], from_file["column"]) == ("rungs.xml", line, column + 1)
    assert value_at(form, from_form["pointer"]) == "#nowhere_1"
    for each in (from_file, from_form):
        assert (each["network"], each["codeLine"]) == (2, None)
        assert each["element"].endswith("#nowhere_1")
        assert f"Network 2, {each['element']}: " in each["text"]
    assert from_file["element"] == "Contact #nowhere_1"


def test_a_graph_block_names_the_step(plc: Client) -> None:
    body = {"deviceName": "PLC_1", "name": "Mixer", "graph": GRAPH, "compile": True}
    error = errors(plc.ok("POST", f"{GENERATE}/generate-graph", body)["compilation"])["nowhere_1"]
    assert error["element"] == "Mixing"
    assert value_at(body, error["pointer"])["name"] == "Mixing" or value_at(body, error["pointer"]) == "#nowhere_1"


FORM: dict[str, Any] = {
    "kind": "FC",
    "name": "Form",
    "language": "SCL",
    "interface": {"Temp": [{"name": "i", "type": "Int"}]},
}
LINES = ["// first", "", "   #i := #nowhere_1;"]


def test_scl_in_json(plc: Client) -> None:
    """As one text it has line and column in it; as a list of lines the pointer names the line."""
    for source, pointer, line in (("\n".join(LINES), "", 3), (LINES, "/2", None)):
        body = {"deviceName": "PLC_1", "override": True, "compile": True} | FORM
        body["networks"] = [{"source": {"scl": source}}]
        report = plc.ok("POST", f"{GENERATE}/generate-and-import", body)["compilation"]
        error = errors(report)["nowhere_1"]
        assert error["pointer"] == f"/networks/0/source/scl{pointer}"
        assert (error["line"], error["column"]) == (line, place(LINES[2], "#nowhere_1")[1])
        assert "#nowhere_1" in value_at(body, error["pointer"])


@pytest.mark.parametrize(
    ("path", "wrap", "pointer"),
    [
        (f"{GENERATE}/generate-and-import", lambda form: {"document": form}, "/document"),
        (f"{GENERATE}/generate-from-design", lambda form: {"objects": [form]}, "/objects/0"),
        (f"{GENERATE}/bulk-import", lambda form: {"items": [{"document": form}]}, "/items/0/document"),
        (f"{DEVICE}/blocks", lambda form: form, ""),
    ],
)
def test_json_in_each_route(plc: Client, path: str, wrap: Any, pointer: str) -> None:
    form = FORM | {"networks": [{"source": {"scl": LINES}}]}
    body = {"deviceName": "PLC_1"} | wrap(form)
    plc.ok("POST", path, body)
    error = compiled(plc)["nowhere_1"]
    assert error["pointer"] == f"{pointer}/networks/0/source/scl/2"
    assert value_at(body, error["pointer"]) == LINES[2]


@pytest.mark.parametrize("path", ["import-only", "bulk-import"])
def test_simatic_ml_in_a_request(plc: Client, path: str) -> None:
    xml = scl.generate(WRITTEN).documents[0].decode("utf-8-sig")
    body: dict[str, Any] = {"xml": xml} if path == "import-only" else {"items": [{"xml": xml}]}
    plc.ok("POST", f"{GENERATE}/{path}", {"deviceName": "PLC_1"} | body)
    error = compiled(plc)["nowhere_1"]
    line, column = place(xml, '"nowhere_1"')
    assert (error["line"], error["column"], error["file"], error["fileHash"]) == (line, column + 1, None, None)
    assert value_at(body, error["pointer"]) == xml


@pytest.mark.parametrize("part", ["document", "rawXml", "sourceText"])
def test_new_content_of_a_block(plc: Client, part: str) -> None:
    plc.ok("POST", f"{SOURCES}/import-and-generate", {"sclContent": WRITTEN.replace("#nowhere_1", "2")})
    xml = scl.generate(WRITTEN).documents[0].decode("utf-8-sig")
    form = FORM | {"name": "Written", "networks": [{"source": {"scl": "\n".join(LINES)}}]}
    given, pointer, token = {
        "document": (form, "/document/networks/0/source/scl", "#nowhere_1"),
        "rawXml": (xml, "/rawXml", "nowhere_1"),
        "sourceText": (WRITTEN, "/sourceText", "#nowhere_1"),
    }[part]
    plc.ok("PUT", f"{DEVICE}/blocks/Written/content", {part: given})
    error = compiled(plc)["nowhere_1"]
    assert (error["pointer"], error["file"]) == (pointer, None)
    assert (error["line"], error["column"]) == place(value_at({part: given}, pointer), token)


@pytest.mark.parametrize("way", ["source", "xml", "json"])
def test_declarations(plc: Client, workspace: Path, way: str) -> None:
    """The data type of a member is deleted: the message leads to the member."""
    kind = 'TYPE "Nothing"\nVERSION : 0.1\n   STRUCT\n      a : Int;\n   END_STRUCT;\nEND_TYPE\n'
    plc.ok("POST", f"{SOURCES}/import-and-generate", {"sclContent": kind, "extension": "udt"})
    text = '// Data\nDATA_BLOCK "Data"\nVERSION : 0.1\n   VAR\n      a : Int;\n      nowhere : "Nothing";\n   END_VAR\nBEGIN\nEND_DATA_BLOCK\n'
    members = [{"name": "a", "type": "Int"}, {"name": "nowhere", "type": '"Nothing"'}]
    form = {"kind": "GlobalDB", "name": "Data", "members": members}
    xml = dump(from_json({"engineering": "V18"} | form)).decode("utf-8-sig")
    if way == "source":
        (workspace / "data.db").write_text(text, encoding="utf-8")
        plc.ok("POST", f"{SOURCES}/from-file", {"path": "data.db"})
        plc.ok("POST", f"{SOURCES}/data.db/generate")
    elif way == "xml":
        (workspace / "data.xml").write_text(xml, encoding="utf-8")
        plc.ok("POST", f"{GENERATE}/import-only", {"deviceName": "PLC_1", "importFilePath": "data.xml"})
    else:
        plc.ok("POST", f"{GENERATE}/generate-and-import", {"deviceName": "PLC_1"} | form)
    plc.ok("DELETE", f"{DEVICE}/udts/Nothing")
    report = plc.ok("POST", f"{DEVICE}/actions/compile-sync")
    (error,) = (each for each in report["diagnostics"] if each["block"] == "Data" and each["severity"] == "Error")
    found = (error["file"], error["line"], error["column"], error["pointer"])
    line, column = place(xml, '"nowhere"')
    assert (
        found
        == {
            "source": ("data.db", *place(text, "nowhere"), None),
            "xml": ("data.xml", line, column + 1, None),
            "json": (None, None, None, "/members/1"),
        }[way]
    )


def test_a_block_that_changed_since_has_only_the_line_of_its_code(plc: Client) -> None:
    """The block is not as it was sent: no line of that text is named, and the line of the code is not one of a file."""
    plc.ok("POST", f"{SOURCES}/import-and-generate", {"sclContent": WRITTEN.replace("#nowhere_1", "#i")})
    plc.ok("POST", f"{DEVICE}/actions/compile-sync")
    member = {"name": "j", "type": "Int", "section": "Temp"}
    plc.ok("POST", f"{DEVICE}/blocks/Written/interface/members", member)
    network = {"source": {"scl": LINES}}
    plc.ok("POST", f"{DEVICE}/blocks/Written/networks", {"networks": [network]})
    error = compiled(plc)["nowhere_1"]
    assert (error["file"], error["pointer"], error["line"], error["column"]) == (None, None, None, None)
    assert error["codeLine"] == 3
    assert error["path"].endswith("/Code line 3")
    assert "Written (FC1): Code line 3: " in error["text"]


def test_a_warning_of_a_block_that_nobody_sent_leads_to_its_source(plc: Client) -> None:
    """The block changes after the import; it has no error, so TIA Portal writes its source."""
    text = WRITTEN.replace("#i := #nowhere_1;", "#i := 1;").replace(
        "   VAR_TEMP\n", "   VAR_INPUT\n      a : Bool;\n   END_VAR\n   VAR_TEMP\n"
    )
    plc.ok("POST", f"{SOURCES}/import-and-generate", {"sclContent": text.replace("#i := 1;", "#a := TRUE;", 1)})
    plc.ok("POST", f"{DEVICE}/actions/compile-sync")
    member = {"name": "j", "type": "Int", "section": "Temp"}
    plc.ok("POST", f"{DEVICE}/blocks/Written/interface/members", member)
    found = plc.ok("POST", f"{DEVICE}/actions/compile-sync")["diagnostics"]
    (warning,) = (each for each in found if each["block"] == "Written" and each["severity"] == "Warning")
    source = plc.ok("GET", f"{DEVICE}/blocks/Written/source")["sourceText"].replace("\r\n", "\n")
    assert (warning["line"], warning["column"]) == place(source, "#a")
    assert (warning["file"], warning["pointer"], warning["fileHash"]) == (None, None, None)
    assert warning["text"].startswith(f"source of 'Written':{warning['line']}:{warning['column']}: ")


def test_the_same_name_twice_in_a_line(plc: Client) -> None:
    text = WRITTEN.replace("#i := #nowhere_1;", "#i := #nowhere_1 + #nowhere_1;")
    plc.ok("POST", f"{SOURCES}/import-and-generate", {"sclContent": text})
    report = plc.ok("POST", f"{DEVICE}/actions/compile-sync")
    line = text.splitlines()[place(text, "#nowhere_1")[0] - 1]
    columns = {match.start() + 1 for match in re.finditer("#nowhere_1", line)}
    found = [each["column"] for each in report["diagnostics"] if "nowhere_1" in each["message"]]
    assert set(found) <= columns | {None}
    assert len(found) == 1 or set(found) == columns
