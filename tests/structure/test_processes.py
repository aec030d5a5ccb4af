"""One module of the product starts processes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

BOUNDARY = ROOT / "engineering_api" / "processes.py"
PACKAGES = ("engineering_api", "runtime_data", "openness_bridge", "simatic_xml", "fakes")
MODULES = {"subprocess", "multiprocessing", "pty", "webbrowser", "_posixsubprocess", "concurrent.futures.process"}
"""Modules that start processes. What starts none in multiprocessing may be named."""
TYPES = {"Connection", "BaseProcess", "connection", "parent_process"}
NAMES = (
    "system", "popen", "fork", "forkpty", "startfile", "posix_spawn", "posix_spawnp", "create_subprocess_exec",
    "create_subprocess_shell", "subprocess_exec", "subprocess_shell", "ProcessPoolExecutor", "run_process", "open_process",
    "CreateProcessW", "CreateProcessA", "ShellExecuteW", "ShellExecuteA", "WinExec",
    *(f"{verb}{form}" for verb in ("exec", "spawn") for form in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")),
)  # fmt: skip
"""Functions that start one."""
LIBRARIES = {"os", "asyncio", "anyio", "concurrent", "posix", "nt"}
WORD = re.compile(rb"\b(?:" + b"|".join(each.encode() for each in (*MODULES, *NAMES)) + rb")\b")


def starters(tree: ast.AST) -> Iterator[str]:
    """What in a module can start a process."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (
                    each.name for each in names if each.name in MODULES or each.name.startswith("multiprocessing.")
                )
            case ast.ImportFrom(module=str(module), names=names):
                imported = {each.name for each in names}
                if (module.partition(".")[0] in MODULES or module in MODULES) and not imported <= TYPES:
                    yield module
                if module.partition(".")[0] in LIBRARIES:
                    yield from imported & {*NAMES, *MODULES}
            case ast.Attribute(
                attr=name, value=ast.Name(id="os" | "asyncio" | "anyio" | "loop" | "kernel32" | "shell32")
            ):
                if name in NAMES:
                    yield name
            case ast.Call(
                func=ast.Name(id="__import__") | ast.Attribute(attr="import_module"), args=[ast.Constant(value=name)]
            ):
                if name in MODULES:
                    yield str(name)


def modules() -> list[Path]:
    return [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")) if file != BOUNDARY]


def test_no_other_module_starts_a_process() -> None:
    sources = {str(file.relative_to(ROOT)): file.read_bytes() for file in modules()}
    assert len(sources) > 500
    found = {name: [*starters(ast.parse(source))] for name, source in sources.items() if WORD.search(source)}
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess",
        "from subprocess import run",
        "import multiprocessing.pool",
        "from multiprocessing import Process",
        "from multiprocessing.process import BaseProcess, current_process",
        "import os\nos.execvpe('x', [], {})",
        "import asyncio\nasyncio.create_subprocess_shell('x')",
        "from concurrent.futures import ProcessPoolExecutor",
        "__import__('pty')",
    ],
)
def test_each_way_to_start_one_is_found(source: str) -> None:
    assert [*starters(ast.parse(source))]


def test_the_boundary_starts_processes() -> None:
    assert "subprocess" in [*starters(ast.parse(BOUNDARY.read_bytes()))]
