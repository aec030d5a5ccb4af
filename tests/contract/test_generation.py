"""What is generated from the catalogue: whole, the same each time, and made without what was generated before."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from engineering_api import VERSION, generation
from engineering_api.operations.declaration import Operation
from engineering_api.web import client_generator, contract
from engineering_api.web.openapi import document as openapi
from tests.support.state.api import CATALOGUE

ELSEWHERE = """
import sys
from hashlib import sha256
sys.modules["engineering_api.client"] = None
from engineering_api.features.sections import SECTIONS
from engineering_api.operations.catalogue import Catalogue
from engineering_api.web import contract
from engineering_api import generation
catalogue = Catalogue(SECTIONS)
made = generation.texts(catalogue) | {"table": contract.write(contract.follow(None, contract.promises(catalogue)))}
print(sha256(repr(sorted(made.items())).encode()).hexdigest())
"""
UNGENERATED = """
import sys
sys.modules["engineering_api.client.resources"] = None
from engineering_api.client import Client
"""


@cache
def texts() -> dict[str, str]:
    """What is generated, by its path: made at the first use, since it takes seconds."""
    return generation.texts(CATALOGUE)


@pytest.fixture
def made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the texts that are made already: a test of writing needs no others."""
    known = texts()
    monkeypatch.setattr(generation, "texts", lambda _: known)


def run(code: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own."""
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)


@pytest.mark.slow
def test_another_process_makes_the_same_without_a_client() -> None:
    done = run(ELSEWHERE, seed="7")
    made = texts() | {"table": contract.write(contract.follow(None, contract.promises(CATALOGUE)))}
    assert done.stdout.strip() == sha256(repr(sorted(made.items())).encode()).hexdigest(), done.stderr


def test_a_client_without_its_methods_says_what_to_run() -> None:
    said = run(UNGENERATED).stderr.strip().splitlines()[-1]
    assert said == "ImportError: The methods of the client are not generated yet: run python3 dev.py generate"


@pytest.mark.slow
@pytest.mark.usefixtures("made_once")
def test_a_project_is_brought_up_to_date(tmp_path: Path) -> None:
    surplus = tmp_path / generation.METHODS / "gone.py"
    surplus.parent.mkdir(parents=True)
    surplus.write_text("a resource that was", encoding="utf-8")
    assert generation.write(CATALOGUE, tmp_path) == sorted([f"{generation.METHODS}/gone.py", *texts()])
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.relative_to(tmp_path).as_posix(): file.read_bytes().decode() for file in files} == texts()
    before = {file: file.stat().st_mtime_ns for file in files}
    assert generation.write(CATALOGUE, tmp_path) == []
    assert {file: file.stat().st_mtime_ns for file in files} == before
    (tmp_path / generation.OPENAPI).unlink()
    (tmp_path / generation.PAGES / "blocks.md").write_text("changed", encoding="utf-8")
    assert generation.write(CATALOGUE, tmp_path) == [f"{generation.PAGES}/blocks.md", generation.OPENAPI]


@pytest.mark.slow
@pytest.mark.usefixtures("made_once")
def test_the_contract_is_written_only_when_it_is_asked_for(tmp_path: Path) -> None:
    generation.write(CATALOGUE, tmp_path)
    assert not (tmp_path / generation.CONTRACT).exists()
    assert generation.write(CATALOGUE, tmp_path, with_contract=True) == [generation.CONTRACT]
    file, present = tmp_path / generation.CONTRACT, contract.promises(CATALOGUE)
    first = contract.follow(None, present)
    assert contract.read(file.read_text(encoding="utf-8")) == first
    file.write_text(contract.write(contract.Contract(first.release, frozenset(), present)), encoding="utf-8")
    assert generation.write(CATALOGUE, tmp_path, with_contract=True) == []


@cache
def classes(name: str) -> dict[str, ast.ClassDef]:
    """The classes of a generated module."""
    tree = ast.parse(texts()[f"{generation.METHODS}/{name}.py"])
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def test_each_operation_has_a_method_with_its_fields_for_both_clients() -> None:
    for op in CATALOGUE:
        assert_methods(op)


def assert_methods(op: Operation) -> None:
    resource, _, verb = op.name.partition(".")
    title = "".join(word.title() for word in resource.split("_"))
    fields = {field.name for field in msgspec.structs.fields(op.request)}
    for name, kind in ((title, ast.FunctionDef), (f"Async{title}", ast.AsyncFunctionDef)):
        methods = [node for node in classes(resource)[name].body if isinstance(node, kind) and node.name == verb]
        assert methods, op.name
        assert all({each.arg for each in method.args.kwonlyargs} - {"wait"} == fields - {"wait"} for method in methods)
        prefix = name.removesuffix(title)
        assert resource in {
            node.name for node in classes("__init__")[f"{prefix}Resources"].body if isinstance(node, ast.FunctionDef)
        }


def test_each_operation_is_on_one_page() -> None:
    pages = "\n".join(text for path, text in texts().items() if path.startswith(f"{generation.PAGES}/"))
    assert sorted(re.findall(r"^Operation `([\w.]+)`;", pages, re.MULTILINE)) == sorted(op.name for op in CATALOGUE)


def test_each_route_is_described() -> None:
    paths = json.loads(openapi.text(CATALOGUE, VERSION))["paths"]
    described = {
        (method.upper(), path): op.get("x-operation") or op["x-endpoint"]
        for path, ops in paths.items()
        for method, op in ops.items()
    }
    routes = {(route.method, route.path): op.name for op in CATALOGUE for route in op.routes}
    assert described == routes | {
        (route.method, route.path): each.name for each in CATALOGUE.endpoints for route in each.routes
    }


def test_version_2_describes_each_operation_once_for_each_mode() -> None:
    described = json.loads(texts()[generation.OPENAPI])["paths"]
    found = sorted(op["x-operation"] for ops in described.values() for op in ops.values() if "x-operation" in op)
    below = [op for op in CATALOGUE if not op.routes[0].path.startswith("/mcp/")]
    assert found == sorted(op.name for op in below for _ in {route.mode for route in op.routes})
    assert all(path.startswith("/api/v2/") for path in described)
    answers = [set(op["responses"]) for ops in described.values() for op in ops.values()]
    assert all(len([status for status in each if status.startswith("2")]) == 1 for each in answers)


@pytest.mark.parametrize("command", [["format", "--check"], ["check", "--select", "F,I"]], ids=["layout", "imports"])
def test_the_methods_are_laid_out_as_the_formatter_does_it(command: list[str], tmp_path: Path) -> None:
    generation.write(CATALOGUE, tmp_path)
    options = ["--isolated", "--no-cache", "--line-length", str(client_generator.WIDTH)]
    if command[0] == "check":
        options += ["--config", f"lint.isort.known-first-party={sorted(client_generator.OWN)}"]
    tool = [sys.executable, "-m", "ruff", *command, *options, generation.METHODS]
    done = subprocess.run(tool, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
