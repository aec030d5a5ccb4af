"""The toolbox: what is listed, what schemas say, how small answers stay, and what may be called."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engineering_api.app import catalogue, create_app
from engineering_api.features.tools.answers import BUDGET, Results, ToolAnswer, answer_success, fit
from engineering_api.features.tools.keeping import find_declared
from engineering_api.features.tools.names import tool_name, unfit
from engineering_api.features.tools.own import OWN
from engineering_api.features.tools.tool import Tool
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.caller import Caller
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing, marked, secrets_of
from engineering_api.operations.terms import Lock, Right, Task, Undo
from engineering_api.web.application import App
from openness_bridge.errors import Problem
from tests.support.service import CPU, FIRMWARE, settings

ME = Caller("engineer", Right.ADMINISTER)
OTHER = Caller("somebody", Right.ADMINISTER)
VIEWER = Caller("viewer", Right.VIEW)
ON = {"deviceName": "PLC_1"}
MADE_UP = "made up"
LAMP = 'FUNCTION_BLOCK "Lamp"\nVAR_INPUT\n  on : Bool;\nEND_VAR\nVAR_OUTPUT\n  q : Bool;\nEND_VAR\nBEGIN\n  #q := #on;\nEND_FUNCTION_BLOCK\n'


class Plant:
    """A service with one PLC, and calls of its tools."""

    def __init__(self, app: App, loop: asyncio.Runner) -> None:
        self.toolbox: Toolbox = app.state.service.part(Toolbox)
        self.loop = loop

    def call(self, tool: str, caller: Caller = ME, writing: bool = True, /, **arguments: Any) -> ToolAnswer:
        return self.loop.run(self.toolbox.call(tool, arguments, caller, writing=writing))

    def ok(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        answer = self.call(tool, **arguments)
        assert not answer.is_error, answer.text
        return answer.structured

    def refused(
        self, code: str, tool: str, caller: Caller = ME, writing: bool = True, /, **arguments: Any
    ) -> ToolAnswer:
        answer = self.call(tool, caller, writing, **arguments)
        assert (answer.is_error, answer.code) == (True, code), answer.text
        assert answer.structured["error"]["code"] == code
        return answer

    def previewed(self, tool: str, /, **arguments: Any) -> str:
        return self.ok("preview_change", tool=tool, arguments=arguments)["token"]

    def applied(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """A call with the token of its preview."""
        return self.ok("apply_change", tool=tool, arguments=arguments, token=self.previewed(tool, **arguments))

    def program(self) -> dict[str, Any]:
        """What is in the program of the PLC, by its exports and lists."""
        exported = {
            name: self.call(
                "call_operation", operation="blocks.export_xml", arguments=ON | {"blockName": name}
            ).structured
            for name in self.blocks()
        }
        xml = {
            name: re.sub(r"<DocumentInfo>.*?</DocumentInfo>", "", str(each.get("result")), flags=re.DOTALL)
            for name, each in exported.items()
        }
        tables = [each["name"] for each in self.ok("list_tag_tables", **ON)["result"]]
        tags = {name: self.ok("list_tags", **ON, tableName=name)["result"] for name in tables}
        constants = {
            name: self.ok("call_operation", operation="constants.list_", arguments=ON | {"tableName": name})["result"]
            for name in tables
        }
        types = [each["name"] for each in self.ok("list_udts", **ON)["result"]]
        udts = {
            name: self.call("get_udt", **ON, udtName=name).structured.get("result", {}).get("members") for name in types
        }
        return {"blocks": xml, "tags": tags, "constants": constants, "udts": udts}

    def blocks(self) -> set[str]:
        return {block["name"] for block in self.ok("list_blocks", **ON)["result"]}


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    app = create_app(settings(tmp_path))
    stop = asyncio.Event()

    async def live(ready: asyncio.Event) -> None:
        async with app.lifespan():
            ready.set()
            await stop.wait()

    async def begin() -> asyncio.Task[None]:
        ready = asyncio.Event()
        task = asyncio.create_task(live(ready))
        await ready.wait()
        return task

    async def end(task: asyncio.Task[None]) -> None:
        stop.set()
        await task

    with asyncio.Runner() as loop:
        task = loop.run(begin())
        made = Plant(app, loop)
        made.ok("create_project", name="Plant")
        made.ok("add_device", orderNumber=CPU, version=FIRMWARE, name="PLC_1")
        try:
            yield made
        finally:
            loop.run(end(task))


@pytest.fixture(scope="module")
def toolbox(tmp_path_factory: pytest.TempPathFactory) -> Toolbox:
    return create_app(settings(tmp_path_factory.mktemp("catalogue"))).state.service.part(Toolbox)


# -- what is listed --------------------------------------------------------------------


def test_every_named_tool_is_an_operation_and_every_operation_a_tool_or_not_for_a_reason(toolbox: Toolbox) -> None:
    known = {op.name: op for op in catalogue()}
    assert [op.name for op in known.values() if op.tool and unfit(op)] == []
    assert len({tool_name(op) for op in known.values()}) == len(known)
    offered = {tool.operation for tool in toolbox.tools(ME, everything=True)} - {""}
    assert offered == {name for name, op in known.items() if not unfit(op)}


def test_names_are_such_as_all_clients_take_and_few_are_listed(toolbox: Toolbox) -> None:
    everything = [tool.name for tool in toolbox.tools(ME, everything=True)]
    assert len(everything) == len(set(everything))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{2,63}", name) for name in everything)
    listed = toolbox.tools(ME)
    assert len(listed) <= 30


@pytest.mark.slow
def test_schemas_are_schemas_and_say_what_examples_are(toolbox: Toolbox) -> None:
    known = {op.name: op for op in catalogue()}
    for tool in toolbox.tools(ME, everything=True):
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert tool.input_schema["type"] == tool.output_schema["type"] == "object", tool.name
        if tool.operation:
            op = known[tool.operation]
            hidden = {
                field.encode_name
                for field in msgspec.structs.fields(op.request)
                if field.name in secrets_of(op.request)
            }
            assert not hidden & set(tool.input_schema["properties"]), f"{tool.name} asks a model for a password"
            Draft202012Validator(tool.input_schema).validate(op.example)


def test_hints_say_what_operations_do(toolbox: Toolbox) -> None:
    known = {op.name: op for op in catalogue()}
    for tool in toolbox.tools(ME, everything=True):
        if tool.operation:
            assert tool.read_only is not known[tool.operation].changes, tool.name
            assert not (tool.read_only and tool.destructive), tool.name
    tools = {tool.name: tool for tool in toolbox.tools(ME, everything=True)}
    assert [name for name in ("delete_block", "close_project", "download_to_plc") if not tools[name].destructive] == []
    assert [name for name in ("create_block", "save_project", "list_blocks") if tools[name].destructive] == []


def test_rights_decide_what_is_listed_and_called(plant: Plant) -> None:
    seen = {tool.name for tool in plant.toolbox.tools(VIEWER)}
    assert "list_blocks" in seen and "create_block" not in seen
    plant.refused("auth.right", "create_tag", VIEWER, **ON, name="t")
    plant.refused("auth.right", "call_operation", VIEWER, operation="tags.add", arguments=ON | {"name": "t"})
    assert not plant.call("list_blocks", VIEWER, **ON).is_error


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("rename a tag table", "tag_tables_update"),
        ("stop the cpu", "online_stop_cpu"),
        ("export block xml", "blocks_export_xml"),
        ("watch tables", "watch_tables_list_watch"),
        ("memory reset of a simulated plc", "plcsim_memory_reset"),
        ("library types", "libraries_types_list_types"),
    ],
)
def test_words_find_tools(toolbox: Toolbox, words: str, wanted: str) -> None:
    assert wanted in [tool.name for tool in toolbox.find(words, 5)]


def test_words_that_fit_nothing_find_nothing(toolbox: Toolbox) -> None:
    assert toolbox.find("zzzz qqqq") == toolbox.find("") == []


def test_what_is_found_can_be_called(plant: Plant) -> None:
    found = plant.ok("find_operations", text="rename a tag table", limit=1)["result"][0]
    plant.ok("call_operation", operation="create_tag_table", arguments=ON | {"name": "Old"})
    plant.ok("call_operation", operation=found["name"], arguments=ON | {"tableName": "Old", "newName": "New"})
    plant.ok("call_operation", operation=found["operation"], arguments=ON | {"tableName": "New", "newName": "Newer"})


def test_short_names_of_other_clients_are_taken(plant: Plant) -> None:
    plant.ok("create_tag", device="PLC_1", tagTable="Default tag table", name="t", address="%I0.0")
    assert plant.ok("list_tags", device="PLC_1", tagTable="Default tag table")["result"][0]["logicalAddress"] == "%I0.0"


def test_lists_are_filtered_and_paged(plant: Plant) -> None:
    for name in ("a1", "a2", "b1"):
        plant.ok("create_tag", **ON, name=name)
    found = plant.ok(
        "list_tags", **ON, tableName="Default tag table", filter="name~a*", sort="-name", page=1, pageSize=1
    )
    assert [tag["name"] for tag in found["result"]] == ["a2"]


@pytest.mark.parametrize(
    ("tool", "code", "hint"),
    [
        ("list_bloks", "tool.not_found", "list_blocks"),
        ("jobs.execute", "tool.none", "call_operation"),
        ("jobs_execute_sync", "tool.none", "call_operation"),
        ("access.local_key", "tool.none", "key"),
        ("health.shutdown", "tool.none", "server"),
        ("system.save_settings", "tool.none", "settings"),
        ("security.set_password", "tool.none", "password"),
        ("mcp.cleanup", "tool.none", "tools"),
        ("webhooks.create", "tool.none", "model"),
        ("assistant.chat", "tool.none", "model"),
    ],
)
def test_what_is_no_tool_says_why(plant: Plant, tool: str, code: str, hint: str) -> None:
    assert hint in plant.refused(code, tool).text
    assert hint in plant.refused(code, "call_operation", operation=tool).text


def test_a_wrong_call_says_what_was_meant(plant: Plant) -> None:
    assert "'blockName'" in plant.refused("request.missing_field", "get_block_content", **ON).text
    assert "Did you mean 'deviceName'" in plant.refused("request.unknown_field", "list_blocks", devcieName="PLC_1").text
    inside = plant.refused("request.missing_field", "call_operation", operation="get_block_content", arguments=ON)
    assert inside.structured["error"]["place"]["pointer"] == "/arguments/blockName"


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("list_blocks", {"deviceName": "PLC_7"}, "device.not_found"),
        ("get_block_content", ON | {"blockName": "Mian"}, "block.not_found"),
        ("list_tags", ON | {"tableName": "Nope"}, "tag_table.not_found"),
        ("get_udt", ON | {"udtName": "Nope"}, "udt.not_found"),
        ("read_resource", {"uri": "tia://docs/nope"}, "docs.not_found"),
        ("run_tests", ON | {"tests": "tests: [{name: a, steps: [{run: 1}]}]"}, "project.not_saved"),
    ],
)
def test_a_refusal_names_the_tool_that_helps(plant: Plant, tool: str, arguments: dict[str, Any], code: str) -> None:
    refused = plant.refused(code, tool, **arguments)
    named = refused.structured["next"].partition(" ")[0]
    assert named in OWN or named in {op.tool for op in catalogue() if op.task}
    assert refused.structured["next"] in refused.text


def test_own_tools_are_called_directly(plant: Plant) -> None:
    for tool in ("call_operation", "preview_change"):
        given = {"operation" if tool == "call_operation" else "tool": "apply_change", "arguments": {}}
        assert "call it directly" in plant.refused("tool.not_found", tool, **given).text


def test_nothing_is_said_twice(plant: Plant) -> None:
    plant.ok("import_scl", **ON, sclContent=LAMP.replace("#on;", "#onn;"))
    report = plant.ok("compile_block", **ON, blockName="Lamp")["result"]
    assert [each["severity"] for each in report["diagnostics"]] == ["Error"]
    listed = report["result"]["errorCount"] + report["result"]["warningCount"] == len(report["diagnostics"])
    assert ("messages" in report["result"]) is not listed
    rounded = LAMP.replace("q : Bool", "q : Int").replace("#on;", "1.5;")
    plant.applied("import_scl", **ON, sclContent=rounded)
    report = plant.ok("compile_block", **ON, blockName="Lamp")["result"]
    assert report["diagnostics"] and "messages" not in report["result"]
    plant.applied("import_scl", **ON, sclContent=LAMP)
    plant.ok("compile_block", **ON, blockName="Lamp")
    assert set(plant.ok("get_block_source", **ON, blockName="Lamp")["result"]) >= {"blockName", "content"}
    assert "sourceText" not in plant.ok("get_block_source", **ON, blockName="Lamp")["result"]


def test_passwords_and_files_do_not_pass(plant: Plant) -> None:
    plant.refused("tool.secret", "open_project", path="x.ap20", password=MADE_UP)
    plant.ok("import_scl", **ON, sclContent=LAMP)
    plant.ok("compile_block", **ON, blockName="Lamp")
    assert "q := #on" in plant.ok("get_block_source", **ON, blockName="Lamp")["result"]["content"]
    plant.refused("tool.read_only", "get_block_source", **ON, blockName="Lamp", EXPORTPATH="lamp.scl")


# -- answers ---------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=400),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(max_size=12), inner, max_size=30),
    max_leaves=120,
)


@given(JSON, st.integers(100, 4000))
def test_what_is_cut_fits_and_says_so(value: Any, budget: int) -> None:
    cut: list[str] = []
    made = fit(value, budget, cut)
    whole = len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())
    if whole <= budget:
        assert (made, cut) == (value, [])
    else:
        size = len(json.dumps(made, separators=(",", ":"), ensure_ascii=False).encode())
        assert size <= budget + 32
        assert cut
    assert _is_part(made, value)


def _is_part(part: Any, whole: Any) -> bool:
    """Whether something is the beginning of something else, at every depth."""
    if isinstance(whole, str):
        return whole.startswith(part)
    if isinstance(whole, list):
        return len(part) <= len(whole) and all(map(_is_part, part, whole))
    if isinstance(whole, dict):
        return list(part) == list(whole)[: len(part)] and all(_is_part(part[name], whole[name]) for name in part)
    return part == whole


@given(JSON)
def test_answers_are_small_and_the_whole_is_kept_for_their_caller_alone(value: Any) -> None:
    results = Results()
    answer = answer_success(json.dumps([value] * 40).encode(), "me", results)
    assert len(answer.text.encode()) <= BUDGET + 4000
    assert json.loads(answer.text) == answer.structured
    if answer.resource:
        number = answer.resource.rpartition("/")[2]
        assert json.loads(results.get("me", number)) == [value] * 40
        with pytest.raises(Problem):
            results.get("somebody", number)


def test_old_results_make_room() -> None:
    results = Results()
    kept = [results.keep("me", str(number)) for number in range(100)]
    assert results.get("me", kept[-1].rpartition("/")[2]) == "99"
    with pytest.raises(Problem):
        results.get("me", kept[0].rpartition("/")[2])


def test_files_in_answers_are_left_out_and_said(plant: Plant) -> None:
    plant.ok("compile_block", **ON, blockName="Main")
    found = plant.ok("get_block_content", **ON, blockName="Main")
    assert "rawXml" not in found["result"] and any("rawXml" in note for note in found["cut"])
    assert (
        "<" in plant.ok("call_operation", operation="blocks.export_xml", arguments=ON | {"blockName": "Main"})["result"]
    )


def test_answers_fit_their_schemas(plant: Plant) -> None:
    plant.ok("import_scl", **ON, sclContent=LAMP)
    tools: dict[str, Tool] = {tool.name: tool for tool in plant.toolbox.tools(ME, everything=True)}
    lamp = ON | {"blockName": "Lamp"}
    calls = {
        "get_project_status": {}, "get_project_overview": {}, "list_devices": {}, "compile_device": ON, "list_blocks": ON,
        "get_block_content": lamp, "get_block_source": lamp, "compile_block": lamp, "get_cross_references": lamp,
        "list_tag_tables": ON, "create_tag": ON | {"name": "t"}, "list_udts": ON, "list_snapshots": {}, "plcsim_status": {},
        "find_operations": {"text": "tag"}, "create_udt": ON | {"name": "U", "members": [{"name": "m", "dataType": "Int"}]},
        "search_catalog": {"query": "1511"}, "read_resource": {"uri": "tia://project"}, "save_project": {},
        "search_project": {"query": "lamp"}, "search_documentation": {"q": "tag"},
    }  # fmt: skip
    for name, arguments in calls.items():
        Draft202012Validator(tools[name].output_schema).validate(plant.ok(name, **arguments))


# -- nothing is changed where nothing may be ------------------------------------------------------


def test_a_toolbox_that_only_reads_refuses_every_change(plant: Plant) -> None:
    for op in catalogue():
        if op.changes and not unfit(op):
            plant.refused("tool.read_only", op.name, ME, False, **op.example)
    plant.refused("tool.read_only", "preview_change", ME, False, tool="blocks.delete", arguments={})
    plant.refused("tool.read_only", "apply_change", ME, False, tool="blocks.delete", arguments={}, token=MADE_UP)
    plant.refused("tool.read_only", "undo_change", ME, False, changeId="x")
    plant.refused("tool.read_only", "create_tag", ME, False, **ON, name="t", dryRun=True)
    listed = plant.toolbox.list_tools(ME, writing=False)
    assert all(tool.read_only for tool in listed if tool.name != "call_operation")
    assert plant.blocks() == {"Main"}


# -- changes ---------------------------------------------------------------------------------------


def test_a_change_tells_what_it_did_and_is_taken_back(plant: Plant) -> None:
    made = plant.ok("import_scl", **ON, sclContent=LAMP)["change"]
    assert [part["name"] for part in made["created"]] == ["Lamp"]
    plant.ok("compile_block", **ON, blockName="Lamp")
    changed = plant.ok("import_scl", **ON, sclContent=LAMP.replace(":= #on", ":= NOT #on"))["change"]
    assert ([part["name"] for part in changed["changed"]], changed["notKept"]) == (["Lamp"], [])
    plant.ok("compile_block", **ON, blockName="Lamp")
    undone = plant.ok("undo_change", changeId=changed["changeId"])["result"]["parts"]
    assert [part["outcome"] for part in undone] == ["restored"]
    plant.ok("compile_block", **ON, blockName="Lamp")
    assert "NOT" not in plant.ok("get_block_source", **ON, blockName="Lamp")["result"]["content"]
    undone = plant.ok("undo_change", changeId=made["changeId"])["result"]["parts"]
    assert [part["outcome"] for part in undone] == ["deleted"]
    assert plant.blocks() == {"Main"}
    plant.refused("change.not_found", "undo_change", changeId=made["changeId"])


def test_changes_of_tags_and_types_are_taken_back(plant: Plant) -> None:
    tags = plant.ok("create_tag", **ON, name="t")["change"]
    plant.ok("undo_change", changeId=tags["changeId"])
    assert plant.ok("list_tags", **ON, tableName="Default tag table")["result"] == []
    plant.ok("create_udt", **ON, name="T", members=[{"name": "a", "dataType": "Int"}])
    change = plant.ok(
        "call_operation",
        operation="update_udt",
        arguments=ON | {"udtName": "T", "members": [{"name": "b", "dataType": "Int"}]},
    )["change"]
    plant.ok("undo_change", changeId=change["changeId"])
    assert [member["name"] for member in plant.ok("get_udt", **ON, udtName="T")["result"]["members"]] == ["a"]


def test_what_cannot_be_kept_needs_a_preview(plant: Plant) -> None:
    plant.ok("import_scl", **ON, sclContent=LAMP)
    other = ON | {"sclContent": LAMP.replace(":= #on", ":= NOT #on")}
    assert "'Lamp' cannot be kept" in plant.refused("change.needs_preview", "import_scl", **other).text
    plant.refused("change.needs_preview", "call_operation", operation="sources.import_and_generate", arguments=other)
    loss = plant.ok("preview_change", tool="import_scl", arguments=other)["loss"]
    assert (loss["canBeUndone"], ["compile" in each for each in loss["reasons"]]) == (False, [True])
    change = plant.applied("import_scl", **other)["change"]
    assert [(part["name"], "compile" in part["reason"]) for part in change["notKept"]] == [("Lamp", True)]
    assert change["changeId"] == ""
    assert plant.ok("list_snapshots")["result"] == []


SCL_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,11}", fullmatch=True)
BETWEEN = st.sampled_from([" ", "\n", " (* it's // *) ", " // FUNCTION x '\n", '\t/* " */ '])


@given(
    SCL_NAMES, BETWEEN, BETWEEN, st.booleans(), st.sampled_from(["FUNCTION_BLOCK", "function", "Data_Block", "TYPE"])
)
def test_every_name_that_a_source_declares_is_seen(
    name: str, before: str, between: str, quoted: bool, keyword: str
) -> None:
    text = f"TITLE = it's (*\n{before}{keyword}{between}{name if not quoted else chr(34) + name + chr(34)}\nBEGIN"
    assert name in set(find_declared(text))
    assert "hidden" not in set(find_declared(f"(* {keyword} hidden *) '{keyword} hidden' // {keyword} hidden"))


@pytest.mark.parametrize("piece", ["(*", "/*", "'", "'$", '"', "FUNCTION ", "FUNCTION(*", "<Name>", "TITLE ="])
def test_names_are_looked_for_in_one_pass(piece: str) -> None:
    def steps(times: int) -> float:
        begun = time.process_time()
        list(find_declared(piece * times))
        return time.process_time() - begun

    steps(1000)
    assert steps(200_000) < 60 * max(steps(20_000), 0.01)


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        ({"destroys": False}, "declare"),
        ({"undo": Undo.KEPT}, "declare"),
        ({}, "declare"),
        ({"changes": False, "undo": Undo.NEVER}, "neither"),
        ({"changes": False, "destroys": False}, "neither"),
        ({"destroys": True, "undo": Undo.NEEDLESS}, "KEPT or NEVER"),
        ({"destroys": True, "undo": Undo.KEPT}, "PROJECT"),
        ({"destroys": True, "undo": Undo.NEVER, "lock": Lock.NONE}, "declare reach"),
    ],
)
def test_a_change_says_what_it_destroys_and_how_it_is_undone(flags: dict[str, Any], code: str) -> None:
    def change(ctx: Context, _: Nothing) -> int:
        """Change something."""
        return id(ctx)

    with pytest.raises(ValueError, match=code):
        Section("Trial").operation(wait="POST /api/trial", **flags)(change)
    good = {"destroys": True, "undo": Undo.KEPT, "lock": Lock.PROJECT}
    Section("Trial").operation(wait="POST /api/trial", **good)(change)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"task": Task.READ}, "has a name, when and unless"),
        ({"task": Task.READ, "tool": "try"}, "has a name, when and unless"),
        ({"task": Task.READ, "tool": "try", "when": "to try."}, "has a name, when and unless"),
        ({"task": Task.READ, "when": "to try.", "unless": "to read."}, "has a name, when and unless"),
        ({"tool": "try", "when": "to try.", "unless": "to read."}, "neither of the last two"),
        ({"tool": "try", "no_tool": "none"}, "an operation without a tool has no name"),
        ({"task": Task.READ, "no_tool": "none"}, "has a name, when and unless"),
    ],
)
def test_a_listed_tool_has_a_name_and_words_and_what_is_no_tool_has_none(wrong: dict[str, Any], why: str) -> None:
    def read(ctx: Context, _: Nothing) -> int:
        """Read something."""
        return id(ctx)

    with pytest.raises(ValueError, match=why):
        Section("Trial").operation(changes=False, **wrong)(read)
    section = Section("Trial", no_tool="none")
    section.operation(changes=False)(read)
    assert [unfit(op) for op in section.operations] == ["none"]


def test_two_operations_do_not_share_a_tool() -> None:
    def read(ctx: Context, _: Nothing) -> int:
        """Read something."""
        return id(ctx)

    def look(ctx: Context, _: Nothing) -> int:
        """Read something else."""
        return id(ctx)

    section = Section("Trial")
    for each in (read, look):
        section.operation(changes=False, tool="try")(each)
    with pytest.raises(ValueError, match="try is claimed"):
        Catalogue((section,))


FLAGS = re.compile(r"over(write|ride)|force|discard|remove|replace|recursive|delete(Unused|Storage)?")
"""Names that such flags have so far; one that is new has to be declared, or to be named otherwise."""


def test_every_flag_that_destroys_is_declared_with_its_field() -> None:
    flags = [(op, field) for op in catalogue() if op.changes for field in msgspec.structs.fields(op.request)]
    silent = [
        f"{op.name} {field.encode_name}"
        for op, field in flags
        if FLAGS.fullmatch(field.encode_name) and field not in marked(op.request, "destroys")
    ]
    assert silent == []


def test_what_is_previewed_says_what_is_lost(plant: Plant) -> None:
    plant.ok("import_scl", **ON, sclContent=LAMP)
    plant.ok("compile_block", **ON, blockName="Lamp")
    delete = plant.ok("preview_change", tool="delete_block", arguments=LAMP_ON)["loss"]
    assert (delete["canBeUndone"], "undo_change" in delete["reasons"][-1]) == (True, True)
    folder = {"deviceName": "PLC_1", "folder": "A", "force": True}
    plant.ok("call_operation", operation="blocks.create_folder", arguments=ON | {"folder": "A"})
    lost = plant.ok("preview_change", tool="blocks.delete_folder", arguments=folder)["loss"]
    assert lost["canBeUndone"] is False
    assert [word in " ".join(lost["reasons"]) for word in ("force is set", "It cannot be undone here")] == [True, True]


def test_what_was_changed_since_and_cannot_be_kept_stays(plant: Plant) -> None:
    made = plant.ok("import_scl", **ON, sclContent=LAMP)["change"]
    other = {"tool": "import_scl", "arguments": ON | {"sclContent": LAMP.replace(":= #on", ":= NOT #on")}}
    plant.ok("apply_change", **other, token=plant.ok("preview_change", **other)["token"], compile=False)
    [part] = plant.ok("undo_change", changeId=made["changeId"])["result"]["parts"]
    assert (part["outcome"], "changed since" in part["reason"]) == ("failed", True)
    assert plant.blocks() == {"Main", "Lamp"}
    device = plant.ok("add_device", orderNumber=CPU, version=FIRMWARE, name="PLC_2")["change"]
    plant.ok("create_tag", deviceName="PLC_2", name="t")
    [part] = plant.ok("undo_change", changeId=device["changeId"])["result"]["parts"]
    assert (part["kind"], part["outcome"]) == ("device", "failed")


@pytest.mark.parametrize(
    "operation",
    [
        "block_snapshots.load",
        "watch_tables.remove_entries",
        "sources.generate",
        "simulation_tags.write",
        "devices.configure_network",
        "history.restore",
    ],
)
def test_what_overwrites_needs_a_preview_whatever_it_is_called(plant: Plant, operation: str) -> None:
    op = next(op for op in catalogue() if op.name == operation)
    plant.refused("change.needs_preview", operation, **op.example)
    plant.refused("change.needs_preview", "call_operation", operation=operation, arguments=op.example)


def test_a_refused_change_changes_nothing(plant: Plant) -> None:
    answer = plant.call("import_scl", **ON, sclContent="FUNCTION_BLOCK broken")
    assert answer.is_error and "line" in answer.text
    assert plant.blocks() == {"Main"}


# -- write_scl: the one way to write code -----------------------------------------------------------

HEADED = f"// Lamps of the hall\n\n{LAMP}"


def test_code_is_written_compiled_and_corrected_with_the_lines_of_the_text_that_was_sent(plant: Plant) -> None:
    wrong = HEADED.replace("#on;", "#onn;")
    first = plant.ok("write_scl", **ON, scl=wrong)
    assert (first["result"]["state"], first["result"]["errors"]) == ("Error", 1)
    [finding] = first["result"]["findings"]
    line = next(number for number, text in enumerate(wrong.split("\n"), 1) if "#onn" in text)
    at = wrong.split("\n")[line - 1]
    assert (finding["line"], finding["column"], finding["lineText"]) == (line, at.index("#onn") + 1, at)
    second = plant.ok("write_scl", **ON, scl=HEADED)
    assert (second["result"]["errors"], second["result"]["findings"]) == (0, [])
    [lost] = second["change"]["notKept"]
    assert (lost["name"], "send that text again" in lost["reason"]) == ("Lamp", True)
    plant.ok("undo_change", changeId=first["change"]["changeId"])
    assert plant.blocks() == {"Main"}


def test_a_text_with_a_syntax_error_changes_nothing_and_names_its_line(plant: Plant) -> None:
    answer = plant.refused("source.errors", "write_scl", **ON, scl=HEADED.replace(":= #on;", ":= ;"))
    place = answer.structured["error"]["details"][0]["place"]
    assert (place["line"], place["lineText"], place["pointer"]) == (11, "  #q := ;", "/scl")
    assert plant.blocks() == {"Main"}


def test_what_a_text_breaks_elsewhere_is_found_without_a_line_of_the_text(plant: Plant) -> None:
    plant.ok("write_scl", **ON, scl=LAMP)
    user = 'FUNCTION_BLOCK "User"\nVAR\n  l : "Lamp";\nEND_VAR\nBEGIN\n  #l(on := TRUE);\nEND_FUNCTION_BLOCK\n'
    assert plant.ok("write_scl", **ON, scl=user)["result"]["errors"] == 0
    broken = plant.ok("write_scl", **ON, scl=LAMP.replace(" on ", " off ").replace("#on", "#off"))["result"]
    assert [(each["block"], each["line"], each["lineText"]) for each in broken["findings"]] == [("User", None, None)]


def test_only_the_own_draft_is_replaced_without_a_preview(plant: Plant) -> None:
    wrong = LAMP.replace("#on;", "#onn;")
    plant.ok("write_scl", **ON, scl=wrong)
    plant.refused("change.needs_preview", "write_scl", OTHER, **ON, scl=LAMP)
    plant.applied("import_scl", **ON, sclContent=wrong.replace("#onn", "#other"))
    plant.refused("change.needs_preview", "write_scl", **ON, scl=LAMP)


def test_a_draft_can_be_undone_before_it_is_correct(plant: Plant) -> None:
    plant.ok("write_scl", **ON, scl=LAMP)
    change = plant.ok("write_scl", **ON, scl=LAMP.replace("#on;", "#onn;"))["change"]
    plant.ok("write_scl", **ON, scl=LAMP.replace("#on;", "#onnn;"))
    [part] = plant.ok("undo_change", changeId=change["changeId"])["result"]["parts"]
    assert part["outcome"] == "restored"
    plant.ok("compile_device", **ON)
    assert "#q := #on;" in plant.ok("get_block_content", **ON, blockName="Lamp")["result"]["sourceText"]


def test_a_finding_has_one_line_number(plant: Plant) -> None:
    plant.ok("write_scl", **ON, scl=LAMP.replace("#on;", "#onn;"))
    found = plant.ok("compile_device", **ON)["result"]["diagnostics"]
    [finding] = [each for each in found if each["severity"] == "Error"]
    assert (finding["line"], finding["lineText"], "codeLine" in finding) == (9, "  #q := #onn;", False)


def test_a_dry_run_changes_nothing(plant: Plant) -> None:
    tried = plant.ok("create_tag", **ON, name="t", dryRun=True)["result"]
    assert (tried["basis"], tried["answer"]["name"]) == ("undone", "t")
    assert plant.ok("list_tags", **ON, tableName="Default tag table")["result"] == []


LAMP_ON = ON | {"blockName": "Lamp"}


@pytest.fixture
def lamp(plant: Plant) -> Plant:
    """A plant with a compiled block."""
    plant.ok("import_scl", **ON, sclContent=LAMP)
    plant.ok("compile_block", **LAMP_ON)
    return plant


MEMBER = {"section": "Input", "name": "off", "dataType": "Bool"}
ROWS = {"tags": [{"name": "t", "dataType": "Int", "path": "Other"}, {"name": "u", "dataType": "Bool"}]}
DRAFT = {"name": "Lamp", "kind": "FB", "language": "SCL"}


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("blocks.add_member", LAMP_ON | MEMBER),
        ("blocks.delete", LAMP_ON),
        ("blocks.create", ON | DRAFT | {"override": True}),
        ("blocks.rename", LAMP_ON | {"newName": "Light"}),
        ("block_snapshots.load", LAMP_ON),
        ("block_generation.generate_from_design", ON | {"override": True, "objects": [DRAFT]}),
        ("sources.import_and_generate", ON | {"sclContent": f"(* new *) {LAMP.replace('#on', 'NOT #on')}"}),
        ("tag_transfer.import_json", ON | ROWS | {"mode": "update"}),
        ("tags.update", ON | {"tableName": "Other", "tagName": "t", "newName": "v"}),
        ("tags.delete", ON | {"tableName": "Other", "tagName": "t"}),
        ("constants.create", ON | {"tableName": "Other", "name": "C", "dataType": "Int", "value": "1"}),
        ("tag_tables.delete", ON | {"tableName": "Other"}),
        ("tag_tables.update", ON | {"tableName": "Other", "newName": "Third"}),
        ("udts.update", ON | {"udtName": "Kind", "members": [{"name": "b", "dataType": "Int"}]}),
        ("udts.rename", ON | {"udtName": "Kind", "newName": "Sort"}),
        ("udts.delete", ON | {"udtName": "Kind"}),
    ],
)
def test_what_is_kept_is_taken_back_as_it_was(lamp: Plant, operation: str, arguments: dict[str, Any]) -> None:
    lamp.ok("call_operation", operation="create_tag_table", arguments=ON | {"name": "Other"})
    lamp.ok("create_tag", **ON, name="t", tableName="Other", dataType="Bool")
    lamp.ok("create_udt", **ON, name="Kind", members=[{"name": "a", "dataType": "Int"}])
    lamp.ok("call_operation", operation="block_snapshots.create", arguments=LAMP_ON)
    lamp.applied("set_block_content", **LAMP_ON, sourceText=LAMP.replace("#on", "#on AND TRUE"))
    before = lamp.program()
    loss = lamp.ok("preview_change", tool=operation, arguments=arguments)
    assert loss["loss"]["canBeUndone"] is True
    made = lamp.ok("apply_change", tool=operation, arguments=arguments, token=loss["token"], compile=False)["change"]
    assert made["notKept"] == []
    assert lamp.program() != before
    lamp.ok("undo_change", changeId=made["changeId"])
    lamp.ok("compile_device", **ON)
    assert lamp.program() == before


def test_a_compile_message_leads_to_the_source_that_the_model_wrote(lamp: Plant) -> None:
    wrong = LAMP.replace('"Lamp"', '"Other"').replace("#on;", "#onn;")
    lamp.ok("import_scl", **ON, sclContent=wrong, sourceName="other.scl")
    (error,) = (
        each for each in lamp.ok("compile_device", **ON)["result"]["diagnostics"] if each["severity"] == "Error"
    )
    at = wrong.find("#onn")
    line, column = wrong.count("\n", 0, at) + 1, at - wrong.rfind("\n", 0, at)
    assert (error["file"], error["line"], error["column"]) == ("other.scl", line, column)
    assert error["text"].startswith(f"other.scl:{line}:{column}: ")


def test_what_is_destructive_needs_a_preview_of_exactly_this_call(lamp: Plant) -> None:
    lamp.refused("change.needs_preview", "delete_block", **LAMP_ON)
    lamp.refused("change.needs_preview", "call_operation", operation="blocks.delete", arguments=LAMP_ON)
    lamp.refused("change.needs_preview", "create_block", **ON, name="Main", kind="FC", OVERRIDE=True)
    lamp.refused("change.token", "apply_change", tool="delete_block", arguments=LAMP_ON, token=MADE_UP)
    other = {"tool": "delete_block", "arguments": ON | {"blockName": "Main"}}
    lamp.refused("change.other_call", "apply_change", **other, token=lamp.previewed("delete_block", **LAMP_ON))
    same = {"tool": "delete_block", "arguments": LAMP_ON}
    token = lamp.previewed("delete_block", **LAMP_ON)
    lamp.refused("change.token", "apply_change", OTHER, **same, token=token)
    lamp.refused("change.token", "apply_change", **same, token=token)  # it is used up by the attempt
    assert lamp.blocks() == {"Main", "Lamp"}


STEPS = [{"name": "Delete", "action": "blocks.delete", "params": LAMP_ON}]


def test_nothing_that_runs_other_operations_or_reaches_others_is_a_way_around_the_preview(lamp: Plant) -> None:
    lamp.refused(
        "change.needs_preview", "call_operation", operation="pipelines.save", arguments={"name": "p", "steps": STEPS}
    )
    lamp.refused("change.needs_preview", "pipeline_run", name="p")
    remote = {"name": "evil", "url": "https://evil.example/repository.git"}
    lamp.refused("change.needs_preview", "call_operation", operation="source_control.add_remote", arguments=remote)
    tools = [tool for tool in lamp.toolbox.tools(ME, everything=True) if tool.operation.startswith("pipelines.")]
    assert {tool.operation for tool in tools if not (tool.read_only or tool.destructive)} == {"pipelines.cancel"}


def test_a_token_is_good_once_and_for_the_project_as_it_was(lamp: Plant) -> None:
    same = {"tool": "delete_block", "arguments": LAMP_ON}
    stale = lamp.previewed("delete_block", **LAMP_ON)
    lamp.ok("create_tag", **ON, name="t")
    lamp.refused("change.state", "apply_change", **same, token=stale)
    token = lamp.previewed("blocks.delete", **LAMP_ON)
    done = lamp.ok("apply_change", **same, token=token)
    assert [part["name"] for part in done["change"]["deleted"]] == ["Lamp"]
    assert done["compiled"][0]["errors"] == 0
    assert lamp.blocks() == {"Main"}
    lamp.refused("change.token", "apply_change", **same, token=token)
    lamp.ok("undo_change", changeId=done["change"]["changeId"])
    assert lamp.blocks() == {"Main", "Lamp"}


def test_a_token_runs_out(lamp: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engineering_api.features.tools.changes.LIFETIME", -1.0)
    token = lamp.previewed("delete_block", **LAMP_ON)
    lamp.refused("change.token", "apply_change", tool="delete_block", arguments=LAMP_ON, token=token)


def test_changes_belong_to_their_caller(lamp: Plant) -> None:
    change = lamp.ok("create_tag", **ON, name="t")["change"]
    lamp.refused("change.not_found", "undo_change", OTHER, changeId=change["changeId"])
    lamp.ok("undo_change", changeId=change["changeId"])


def test_changes_at_the_same_time_are_told_apart(plant: Plant) -> None:
    async def both() -> list[ToolAnswer]:
        sources = (LAMP.replace("Lamp", name) for name in ("One", "Two", "Three"))
        calls = (plant.toolbox.call("import_scl", ON | {"sclContent": each}, ME, writing=True) for each in sources)
        return await asyncio.gather(*calls)

    changes = [answer.structured["change"] for answer in plant.loop.run(both())]
    assert [[part["name"] for part in each["created"]] for each in changes] == [["One"], ["Two"], ["Three"]]
    plant.ok("undo_change", changeId=changes[1]["changeId"])
    assert plant.blocks() == {"Main", "One", "Three"}


def test_a_preview_is_for_changes(lamp: Plant) -> None:
    lamp.refused("change.none", "preview_change", tool="list_blocks", arguments=ON)
    lamp.refused("tool.not_found", "preview_change", tool="nonsense", arguments=ON)
    assert set(OWN) >= {"preview_change", "apply_change", "undo_change"}


# -- long calls ----------------------------------------------------------------------------------------

SLOW = "block: Lamp\ntests:\n" + "".join(
    f"- {{name: T{number}, steps: [{{write: {{on: true}}, wait: 20s, expect: {{q: true}}}}]}}\n"
    for number in range(300)
)
TESTS = {"tests": SLOW, "sources": [{"name": "lamp.scl", "content": LAMP}]}


def test_a_call_that_outlasts_clients_is_answered_with_its_job(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engineering_api.features.tools.running.PATIENCE", 0.01)
    job = plant.ok("run_tests", **TESTS)["job"]
    assert plant.ok("get_job", jobId=job)["result"]["operation"] == "plc_tests.run"
    plant.ok("call_operation", operation="cancel_job", arguments={"jobId": job})


def test_a_caller_who_cancels_stops_the_job(plant: Plant) -> None:
    async def cancelled() -> ToolAnswer:
        stop = asyncio.Event()

        async def told(_percent: int, _message: str) -> None:
            stop.set()

        return await plant.toolbox.call("run_tests", TESTS, ME, writing=True, progress=told, cancelled=stop)

    answer = plant.loop.run(cancelled())
    assert (answer.is_error, answer.code) == (True, "tool.cancelled")
    job = {"status": "Running"}
    while job["status"] == "Running":
        job = plant.ok("call_operation", operation="jobs.list_")["result"][0]
    assert job["status"] == "Cancelled"


# -- resources ---------------------------------------------------------------------------------------------


def test_a_block_is_read_as_text_and_drawn(plant: Plant) -> None:
    source = {"rungs": [[{"contact": "#start"}, {"coil": "#run"}]]}
    interface = {"Input": [{"name": "start", "type": "Bool"}], "Output": [{"name": "run", "type": "Bool"}]}
    plant.ok(
        "create_block",
        **ON,
        name="A/B",
        kind="FB",
        language="LAD",
        interface=interface,
        networks=[{"title": "Start", "source": source}],
    )
    plant.ok("compile_device", **ON)
    block = "tia://devices/PLC_1/blocks/A%2FB"
    assert "start" in plant.ok("read_resource", uri=block)["result"]["text"]
    drawn = plant.ok("read_resource", uri=f"{block}/networks/1")["result"]
    assert (drawn["mime"], drawn["pages"], drawn["text"].startswith("<svg")) == ("image/svg+xml", 1, True)
    for wrong in ("0", "2", "x"):
        plant.refused("resource.not_found", "read_resource", uri=f"{block}/networks/{wrong}")
    plant.refused("block.not_found", "read_resource", uri="tia://devices/PLC_1/blocks/A")
    table = plant.ok("read_resource", uri="tia://devices/PLC_1/tag-tables/Default%20tag%20table")["result"]
    assert table["text"] == "[]"
