"""The tree of commands: what `tia --help` lists, what it imports, and that the index is that of the catalogue."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner

from engineering_api import VERSION
from engineering_api.app import catalogue
from engineering_api.cli import command_index, index
from engineering_api.cli.commands import EVERYDAY, GENERAL, TOOLS, main
from engineering_api.web.openapi.resource_summaries import SUMMARIES
from tests import ROOT

HEAVY = (
    "litestar",
    "sqlalchemy",
    "uvicorn",
    "openpyxl",
    "mcp",
    "engineering_api.operations",
    "engineering_api.features",
)
CLI = ROOT / "engineering_api" / "cli"


def imported(*arguments: str) -> set[str]:
    """The heavy packages that a command imports in a process of its own."""
    code = (
        "import sys; sys.argv = ['tia', *sys.argv[1:]]\n"
        "from engineering_api.cli.commands import run\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\n"
        f"print('IMPORTED', *[name for name in {HEAVY} if name in sys.modules])"
    )
    command = [sys.executable, "-W", "ignore", "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    return set(done.stdout.rpartition("IMPORTED")[2].split())


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["blocks", "--help"],
        ["blocks", "rename", "--help"],
        ["scl", "check", "block.scl"],
        ["explain", "name.undefined"],
        ["projekts"],
    ],
)
def test_help_and_checks_of_files_import_nothing_of_the_service(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "block.scl").write_text('FUNCTION "Nothing" : Void\nBEGIN\nEND_FUNCTION\n')
    assert imported(*(str(tmp_path / each) if each == "block.scl" else each for each in arguments)) == set()


def test_the_order_of_the_help() -> None:
    text = CliRunner().invoke(main, ["--help"]).output
    listed = re.findall(r"^  ([a-z][a-z-]*)  +\S", text.partition("Everyday:")[2], re.MULTILINE)
    wanted = ["serve", "open", "check", "compile", "test", "import", "export", "diff", "download", "explain", "doctor"]
    assert [name for name in listed if name in wanted][: len(wanted)] == wanted
    assert listed.index("doctor") < listed.index("blocks") < listed.index("scl") < listed.index("api")
    assert len(listed) == len(set(listed)), "a name is listed twice"
    assert "..." not in text.partition("Everyday:")[2], "a summary is cut"


def test_each_row_of_the_tables_is_a_command() -> None:
    for row in (*EVERYDAY, *TOOLS, *GENERAL):
        assert isinstance(row.load(), click.Command), row.name
        assert row.load().name == row.name


def test_the_index_is_that_of_the_catalogue() -> None:
    made = json.loads(command_index.text(catalogue()))
    assert index.resources() == made
    found = {each.operation: each for each in index.all_commands()}
    assert set(found) == {op.name for op in catalogue()}
    for op in catalogue():
        fields = {field["name"]: field for field in found[op.name].fields}
        wanted = {info.encode_name: info.required for info in msgspec.structs.fields(op.request)}
        assert {name: bool(field.get("required")) for name, field in fields.items()} == wanted
        assert {str(route) for route in op.routes} == set(found[op.name].about["routes"])
        options = [field["option"] for field in fields.values()]
        assert len(options) == len(set(options)), op.name


def test_each_resource_has_a_short_summary() -> None:
    resources = {op.name.partition(".")[0] for op in catalogue()}
    assert set(SUMMARIES) == resources
    assert all(len(text) <= 60 for text in SUMMARIES.values())


def test_each_command_that_the_code_names_exists() -> None:
    """The command line names commands as users do; the tests of declarations see only names of operations."""
    named = 0
    for path in sorted(CLI.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Constant) and isinstance(call.value, str):
                words = call.value.split(" ")
                if len(words) == 2 and words[0] in index.resources() and re.fullmatch(r"[a-z-]+", words[1]):
                    named += 1
                    assert words[1] in index.resources()[words[0]]["commands"], (path, call.value)
    assert named > 20


@pytest.mark.slow
def test_every_command_of_a_resource_has_a_help() -> None:
    for resource, entry in index.resources().items():
        group = main.get_command(click.Context(main), resource)
        if isinstance(group, click.Group) and resource != "mcp":
            for verb in entry["commands"]:
                done = CliRunner().invoke(main, [resource, verb, "--help"])
                assert done.exit_code == 0, (resource, verb, done.output)


def test_required_arguments_and_options_are_marked() -> None:
    text = " ".join(CliRunner().invoke(main, ["constants", "create", "--help"]).output.split())
    assert re.search(r"Usage: \S+ constants create \[OPTIONS\] NAME", text)
    assert text.count("[required]") == 2
    assert text.count("[default: the only one]") == 2


def test_booleans_are_flags_and_enums_are_choices() -> None:
    text = CliRunner().invoke(main, ["tag-transfer", "import-csv", "--help"]).output
    assert "--partial / --no-partial" in text
    assert "--mode [create|skip|update]" in text
    assert "--dry-run / --no-dry-run" in text
    assert re.search(r"--dry-run +Report", CliRunner().invoke(main, ["blocks", "rename", "--help"]).output)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["project", "list"], "'projects'"),
        (["complie"], "'compile'"),
        (["blocks", "lst"], "'list'"),
        (["blocks", "list", "--filtre", "x"], "--filter"),
        (["projects", "create", "--name", "x"], "No such option"),
        (["api", "blocks.lst"], "'blocks.list_'"),
    ],
)
def test_a_misspelt_name_is_answered_with_those_that_may_be_meant(arguments: list[str], hint: str) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert hint in done.output


def test_the_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output.strip() == f"tia {VERSION}"


def test_the_program_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "engineering_api", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == f"tia {VERSION}"
