"""What clients are shown: small sets by task, one form of description, schemas typed to the leaf, few tokens."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

import msgspec
import pytest

from benchmarks.reports import tool_choice
from benchmarks.reports.tool_choice import TOKEN_BYTES, count_tokens
from engineering_api.app import catalogue, create_app
from engineering_api.features.tools.names import tool_name
from engineering_api.features.tools.own import OWN
from engineering_api.features.tools.profiles import PROFILES
from engineering_api.features.tools.tool import Tool
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right, Task
from engineering_api.settings import ToolProfile
from tests.support.service import settings

ME = Caller("engineer", Right.ADMINISTER)
MOST_TOOLS = 30
MOST_TOKENS = {"all": 8000, "code": 5500, "simulate": 6000, "read": 2500}
"""Of the whole list, at four bytes each: no tokenizer is at hand without a download."""
FLOORS = {"": (0.70, 0.85), "en": (0.75, 0.90)}
"""The least shares of all sentences, and of those in English, whose tool plain search finds first, and among the first three."""


@pytest.fixture(scope="module")
def toolbox(tmp_path_factory: pytest.TempPathFactory) -> Toolbox:
    return create_app(settings(tmp_path_factory.mktemp("catalogue"))).state.service.part(Toolbox)


@pytest.fixture(scope="module")
def listed(toolbox: Toolbox) -> list[Tool]:
    return toolbox.list_tools(ME, writing=True)


def test_the_default_set_has_every_task_and_no_more_tools_than_a_small_model_can_choose_from(
    listed: list[Tool],
) -> None:
    assert len(listed) <= MOST_TOOLS
    known = {tool_name(op): op.task for op in catalogue()}
    assert {known[tool.name] for tool in listed if tool.operation} == set(Task)
    assert set(get_args(ToolProfile)) == set(PROFILES)


@pytest.mark.parametrize("profile", get_args(ToolProfile))
def test_a_profile_lists_the_tools_of_its_tasks_and_costs_little(toolbox: Toolbox, profile: ToolProfile) -> None:
    shown = toolbox.list_tools(ME, writing=True, profile=profile)
    known = {tool_name(op): op.task for op in catalogue() if op.task}
    assert {tool.name for tool in shown if tool.operation} == {
        name for name, task in known.items() if task in PROFILES[profile]
    }
    assert count_tokens(shown) < MOST_TOKENS[profile]
    assert {"find_operations", "call_operation", "read_resource"} <= {tool.name for tool in shown}


def test_a_profile_that_only_reads_lists_nothing_that_changes(toolbox: Toolbox) -> None:
    shown = toolbox.list_tools(ME, writing=True, profile="read")
    assert [tool.name for tool in shown if not tool.read_only] == ["call_operation"]
    assert not {"preview_change", "apply_change", "undo_change"} & {tool.name for tool in shown}
    assert count_tokens(shown) < count_tokens(toolbox.list_tools(ME, writing=True)) / 2


def test_each_description_says_when_to_use_the_tool_and_when_not_with_a_call(listed: list[Tool]) -> None:
    form = re.compile(r"[A-Z][^\n]+\.\n(?:[^\n]+\n)*Use it [^\n]+\.\nNot [^\n]+\.\nExample: (\{.*\})")
    for tool in listed:
        found = form.fullmatch(tool.description)
        assert found is not None, tool.description
        given = json.loads(found[1])
        assert set(tool.input_schema.get("required", ())) <= set(given), tool.name
        assert set(given) <= set(tool.input_schema["properties"]), tool.name


def test_tools_that_descriptions_name_exist(toolbox: Toolbox, listed: list[Tool]) -> None:
    known = {tool.name for tool in toolbox.tools(ME, everything=True)}
    for tool in listed:
        words = tool.description.partition("\nExample: ")[0]
        assert set(re.findall(r"(?<![.\w])[a-z]+(?:_[a-z]+)+\b", words)) <= known, tool.name


def test_schemas_are_typed_to_the_leaf(listed: list[Tool]) -> None:
    """Only the arguments of another tool are free: find_operations gives their schema."""
    free = [f"{tool.name}{at}" for tool in listed for at in find_untyped(tool.input_schema, "")]
    assert free == [f"{name}/arguments" for name in ("call_operation", "preview_change", "apply_change")]


def find_untyped(schema: dict[str, Any], at: str) -> list[str]:
    """The places in a schema that allow anything, or an object or list of anything."""
    if "anyOf" in schema:
        return [place for each in schema["anyOf"] for place in find_untyped(each, at)]
    found = [] if {"type", "$ref", "enum", "const"} & schema.keys() else [at]
    if schema.get("type") == "array":
        found += find_untyped(schema["items"], f"{at}/*") if schema.get("items") else [at]
    if schema.get("type") == "object" and "properties" not in schema:
        extra = schema.get("additionalProperties")
        found += find_untyped(extra, f"{at}/*") if isinstance(extra, dict) and extra else [at]
    for name, each in (schema.get("properties", {}) | schema.get("$defs", {})).items():
        found += find_untyped(each, f"{at}/{name}")
    return found


@pytest.mark.parametrize(
    ("schema", "places"),
    [
        ({"type": "object"}, [""]),
        ({"type": "object", "properties": {"a": {"type": "array"}, "b": {}}}, ["/a", "/b"]),
        ({"type": "object", "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "object"}]}}}, ["/a"]),
        ({"type": "object", "properties": {"a": {"type": "object", "additionalProperties": {"type": "string"}}}}, []),
    ],
)
def test_what_is_not_typed_is_seen(schema: dict[str, Any], places: list[str]) -> None:
    assert find_untyped(schema, "") == places


def test_one_listed_tool_writes_code(listed: list[Tool]) -> None:
    names = {tool.name for tool in listed}
    assert "write_scl" in names
    assert not {"import_scl", "create_block", "set_block_content", "create_udt", "compile_block"} & names


def test_what_only_refuses_is_not_found(toolbox: Toolbox) -> None:
    found = [tool.name for tool in toolbox.find("force variable", 50)]
    assert found[0] in {"simulation_io_force", "simulation_io_forces", "simulation_io_stop_forcing"}
    assert {"watch_tables_get_force", "watch_tables_list_force"} & set(found)
    assert not {"watch_tables_force", "watch_tables_create_force", "catalog_image"} & set(found)
    everything = toolbox.tools(ME, everything=True)
    assert [tool.name for tool in everything if tool.description.startswith(("Refuse", "Answer 501"))] == []


def test_what_a_listed_tool_says_of_itself_is_more_than_its_name(listed: list[Tool]) -> None:
    said = {tool.name: tool for tool in listed}
    assert "name, data type, address and comment" in said["create_tag"].description
    for tool in listed:
        summary = tool.description.partition("\n")[0]
        assert len(set(re.findall(r"[a-z]+", summary.casefold())) - set(tool.name.split("_"))) >= 3, tool.name


def test_the_words_of_a_task_find_its_tool(listed: list[Tool]) -> None:
    """A floor for a model: plain search by words, without any knowledge of meaning, picks the right tool this often."""
    result = tool_choice.choose(listed)
    assert len(result.ranks) >= 60
    names = {tool.name for tool in listed}
    assert {each.tool for each in tool_choice.SENTENCES} <= names
    assert names - set(OWN) <= {each.tool for each in tool_choice.SENTENCES}, "each tool has a sentence"
    for language, (first, among_three) in FLOORS.items():
        assert result.share(1, language) >= first, result.misses
        assert result.share(3, language) >= among_three, result.misses


def test_a_description_without_words_is_found_less(listed: list[Tool]) -> None:
    """The floor can fail: it depends on what descriptions say."""
    silent = [msgspec.structs.replace(tool, description="A tool.") for tool in listed]
    result = tool_choice.choose(silent)
    assert result.share(1, "en") < FLOORS["en"][0]
    assert result.share(3, "en") < FLOORS["en"][1]


def test_the_benchmark_prints_the_shares_and_the_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    assert tool_choice.main(["--short"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"^71 sentences: right first \d\d%, among three \d\d%$", printed, re.MULTILINE)
    assert all(
        re.search(rf"^{profile} +writing: +\d+ tools, +\d+ tokens$", printed, re.MULTILINE) for profile in PROFILES
    )


def test_a_token_is_estimated_as_four_bytes(listed: list[Tool]) -> None:
    assert TOKEN_BYTES == 4
    assert count_tokens(listed[:1]) < count_tokens(listed)
