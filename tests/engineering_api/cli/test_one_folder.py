"""A folder means the same to each command: the same objects are seen, and what is not used is named with its reason.

The matrix is generated: each form in each command. Each form declares one name, which a source of the folder uses, so a
command that does not see it reports the name as missing, or does not import it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import simatic_xml
from engineering_api.cli.commands import main
from engineering_api.client import Client
from engineering_api.features.tags.files import TagRow, write_xlsx
from simatic_xml import sd
from tests.engineering_api.cli.kit import Tia

FORMS = ("scl", "udt", "db", "awl", "s7dcl", "xml", "xlsx", "csv", "sdf", "tags.json", "block.json", "classic.xml")
"""Each form that holds objects of a PLC."""
UNUSED = {
    "Screen.xml": '<?xml version="1.0"?><Document><Engineering version="V18"/><Hmi.Screen.Screen ID="0"/></Document>',
    "report.xml": "<testsuites/>",
    "trend.csv": "time;value\n0;1\n",
    "package.json": "{}",
    "old.xls": "x",
    "lonely.s7res": "x",
    "README.md": "text",
    ".hidden/Secret.scl": "FUNCTION secret",
    "Plant.ap20": "x",
}
"""Files that hold no objects of a PLC, or objects that no command reads."""
USE = 'FUNCTION "User" : Void\nVERSION : 0.1\n{temp}BEGIN\n    {line}\nEND_FUNCTION\n'
TEST = "program: ..\ntests:\n- {name: it runs, steps: [{run: 1}]}\n"


BLOCK = {"kind": "FC", "name": "Given", "engineering": "V20", "language": "LAD", "networks": []}
TAG = {"name": "Given", "path": "Own", "dataType": "Bool", "logicalAddress": "%M10.0"}
TEXTS = {
    "scl": 'FUNCTION "Given" : Void\nVERSION : 0.1\nBEGIN\n    ;\nEND_FUNCTION\n',
    "awl": 'FUNCTION "Given" : Void\nVERSION : 0.1\nBEGIN\nNETWORK\n      SET;\nEND_FUNCTION\n',
    "udt": 'TYPE "Given"\nVERSION : 0.1\n   STRUCT\n      a : Bool;\n   END_STRUCT;\nEND_TYPE\n',
    "db": 'DATA_BLOCK "Given"\nVERSION : 0.1\nVAR\n   a : Bool;\nEND_VAR\nBEGIN\nEND_DATA_BLOCK\n',
    "csv": "Name;Path;Data Type;Logical Address;Comment\nGiven;Own;Bool;%M10.0;\n",
    "sdf": '"Given","%M10.0","Bool","True","True","False","","","True"\n',
    "tags.json": json.dumps({"tags": [TAG]}),
    "block.json": json.dumps(BLOCK),
    "classic.xml": "<Tagtable name='Own'><Tag type='Bool' addr='%M10.0' remark='' >Given</Tag></Tagtable>",
}
LINES = {
    "udt": ('VAR_TEMP\n    x : "Given";\nEND_VAR\n', "#x.a := TRUE;"),
    "db": ("", '"Given".a := TRUE;'),
} | dict.fromkeys(("xlsx", "csv", "sdf", "tags.json", "classic.xml"), ("", '"Given" := TRUE;'))
"""What declares and uses the name; a call where there is nothing else."""


def put(folder: Path, form: str) -> tuple[str, str]:
    """Write a file of a form into a folder with a source that uses it; return the declared name and the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"given.{form}"
    document = simatic_xml.from_json(BLOCK)
    if form == "xlsx":
        write_xlsx(file, [TagRow(0, "Own", "Given", "Bool", "%M10.0")])
    elif form == "xml":
        file.write_bytes(simatic_xml.dump(document))
    elif form == "s7dcl":
        for suffix, content in sd.source(document).files.items():
            file.with_suffix(f".{suffix}").write_bytes(content)
    else:
        file.write_text(TEXTS[form], encoding="utf-8")
    temp, line = LINES.get(form, ("", '"Given"();'))
    (folder / "User.scl").write_text(USE.format(line=line, temp=temp), encoding="utf-8")
    return "Given", file.name


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def check(folder: Path) -> str:
    return run("check", str(folder)).output


def scl_check(folder: Path) -> str:
    return run("scl", "check", str(folder)).output


def scl_check_project(folder: Path) -> str:
    return run("scl", "check", "--project", str(folder), str(folder / "User.scl")).output


def scl_check_neighbours(folder: Path) -> str:
    return run("scl", "check", str(folder / "User.scl")).output


def run_tests(folder: Path) -> str:
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / "x.plctest.yaml").write_text(TEST)
    done = run("test", str(folder / "tests"))
    assert done.exit_code == 0, done.output
    return done.output


COMMANDS: dict[str, Callable[[Path], str]] = {
    each.__name__: each for each in (check, scl_check, scl_check_project, scl_check_neighbours)
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("form", FORMS)
def test_each_command_sees_the_objects_of_each_form(form: str, command: str, tmp_path: Path) -> None:
    name, file = put(tmp_path / "plant", form)
    output = COMMANDS[command](tmp_path / "plant")
    assert f"'{name}'" not in output and f'"{name}"' not in output and "error " not in output, output
    (tmp_path / "plant" / file).unlink()
    assert name in COMMANDS[command](tmp_path / "plant"), "the name is missing without the file"


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_tests_see_the_objects_of_each_form(form: str, tmp_path: Path) -> None:
    put(tmp_path / "plant", form)
    assert "1 passed" in run_tests(tmp_path / "plant")


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_an_import_sees_the_objects_of_each_form(form: str, tia: Tia, plant: Client, tmp_path: Path) -> None:
    name, file = put(tmp_path / "plant", form)
    rows = json.loads(tia("import", "plant", "--json").stdout)
    imported = {Path(row["file"].partition(":")[0]).name for row in rows if row["status"] in {"created", "replaced"}}
    assert imported == {file, "User.scl"}
    tags = {tag.name for tag in plant.tags.list_all(device_name="PLC_1")}
    objects = {each.name for each in plant.blocks.list_(device_name="PLC_1")}
    objects |= {each.name for each in plant.udts.list_(device_name="PLC_1")}
    assert name in objects | tags


@pytest.fixture
def mixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a source, and with everything that no command uses."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "plant", "scl")
    for name, text in UNUSED.items():
        path = tmp_path / "plant" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Path("plant")


NAMING = {
    "check": ("check",),
    "scl check": ("scl", "check"),
    "scl lint": ("scl", "lint", "--fail-on", "error"),
}


def expected() -> set[str]:
    return {f"plant/{name.partition('/')[0]}" for name in UNUSED}


@pytest.mark.parametrize("command", NAMING)
def test_what_is_not_used_is_named_in_each_report(command: str, mixed: Path) -> None:
    done = run(*NAMING[command], str(mixed), "--json", "r.json", "--sarif", "r.sarif", "--junit", "r.xml")
    assert done.exit_code == 0, done.output
    said = "\n".join(line for line in done.output.splitlines() if line.startswith("not read: "))
    listed = {each["file"]: each["reason"] for each in json.loads(Path("r.json").read_text())["notRead"]}
    (invocation,) = json.loads(Path("r.sarif").read_text())["runs"][0]["invocations"]
    noted = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in invocation["toolExecutionNotifications"]
    }
    assert set(listed) == noted == expected() and all(listed.values())
    assert all(name in said for name in expected())


@pytest.mark.parametrize("command", ["scl format --check", "scl symbols", "xml check", "xml format --check"])
def test_commands_without_a_report_name_them_too(command: str, mixed: Path) -> None:
    output = run(*command.split(), str(mixed)).output
    said = "\n".join(line for line in output.splitlines() if line.startswith("not read: "))
    assert all(name in said for name in expected())


def test_the_tests_name_them_too(mixed: Path) -> None:
    output = run_tests(mixed)
    assert all(name in output for name in expected())


def test_an_import_names_them_too(tia: Tia, plant: Client, mixed: Path) -> None:
    del plant
    rows = json.loads(tia("import", str(mixed), "--dry-run", "--json").stdout)
    assert {row["file"] for row in rows if row["status"] == "not read" and row["reason"]} == expected()


EVERY = (
    "check", "scl check", "scl lint", "scl format --check", "scl symbols", "scl to-xml", "scl from-xml", "xml check",
    "xml format --check", "test", "import", "scl check --project", "test --sources",
)  # fmt: skip


@pytest.mark.parametrize("command", EVERY)
@pytest.mark.parametrize("what", ["empty", "missing", "missing.scl", "useless"])
def test_nothing_to_read_ends_with_3(command: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("useless").mkdir()
    Path("useless/notes.md").write_text("text")
    Path("x.scl").write_text('FUNCTION "X" : Void\nBEGIN\n    ;\nEND_FUNCTION\n')
    Path("x.plctest.yaml").write_text("tests: [{name: x, steps: [{run: 1}]}]\n")
    more = {"scl check --project": ["x.scl"], "test --sources": ["x.plctest.yaml"]}.get(command, [])
    done = run(*command.split(), what, *more)
    assert done.exit_code == 3, done.output
    assert what in done.output
