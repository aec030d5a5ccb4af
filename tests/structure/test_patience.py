"""No test depends on how fast the machine is: what it waits for is an event, and its limits matter only in failure.

Allowed are a short pause inside a loop (it looks again) and a line whose comment begins with `time:` and says why the passing
of time itself is wanted there; it has to hold however slow the machine is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests import ROOT

TESTS = ROOT / "tests"
SHORTEST = 10.0
"""Seconds that a limit has at least."""
CLOCKS = {"perf_counter", "monotonic", "time"}
WAITS = {"wait", "result", "join"}
LOOPS = (ast.While, ast.For, ast.AsyncFor)


def findings(source: str) -> list[str]:
    """A sentence with the line of each place that depends on short times."""
    tree, lines = ast.parse(source), source.splitlines()
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return [
        f"line {node.lineno}: {fault}"
        for node, is_in_loop in _walk(tree, False)
        if (fault := _fault(node, is_in_loop, constants)) and "# time:" not in lines[node.lineno - 1]
    ]


def _walk(node: ast.AST, is_in_loop: bool) -> Iterator[tuple[ast.AST, bool]]:
    yield node, is_in_loop
    for child in ast.iter_child_nodes(node):
        inside = isinstance(node, LOOPS) or (
            is_in_loop and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )
        yield from _walk(child, inside)


def _fault(node: ast.AST, is_in_loop: bool, constants: dict[str, object]) -> str:
    if isinstance(node, ast.Compare):
        clocks = {_name(each.func) for each in ast.walk(node.left) if isinstance(each, ast.Call)} & CLOCKS
        limit = _number(node.comparators[0], constants)
        is_below = isinstance(node.ops[0], ast.Lt | ast.LtE)
        return "a limit by the clock" if clocks and is_below and limit is not None and limit < SHORTEST else ""
    if not isinstance(node, ast.Call):
        return ""
    name, given = _name(node.func), {each.arg: _number(each.value, constants) for each in node.keywords}
    if "deadline" in given or any(each.arg == "deadline" for each in node.keywords):
        return "deadlines are for the profile in tests/conftest.py"
    first = _number(node.args[0], constants) if node.args else None
    if name == "sleep" and not is_in_loop:
        return "" if first == 0 else "a pause instead of an event"
    second = _number(node.args[1], constants) if len(node.args) > 1 else None
    limit = given.get("timeout", second if name == "wait_for" else first if name in WAITS else None)
    return "a short time-out" if limit is not None and limit < SHORTEST and not is_in_loop else ""


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _number(node: ast.expr, constants: dict[str, object]) -> float | None:
    value = (
        node.value if isinstance(node, ast.Constant) else constants.get(node.id) if isinstance(node, ast.Name) else None
    )
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


@pytest.mark.parametrize("folder", sorted(each.name for each in TESTS.iterdir() if each.is_dir()))
def test_nothing_depends_on_short_times(folder: str) -> None:
    files = (TESTS / folder).rglob("*.py")
    found = {str(file.relative_to(TESTS)): findings(file.read_text(encoding="utf-8")) for file in files}
    assert {file: faults for file, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("time.sleep(0.2)", True),
        ("await asyncio.sleep(5)", True),
        ("await asyncio.sleep(0)", False),
        ("time.sleep(0.2)  # time: the scan is late", False),
        ("while busy():\n    time.sleep(0.01)", False),
        ("for _ in items:\n    def later():\n        time.sleep(0.01)", True),
        ("begun.wait(5)", True),
        ("begun.wait(60)", False),
        ("begun.wait()", False),
        ("LIMIT = 2\nfuture.result(LIMIT)", True),
        ("await asyncio.wait_for(thing(), 1)", True),
        ("get(url, timeout=0.1)", True),
        ("get(url, timeout=None)", False),
        ("while not gate.wait(0.01):\n    pass", False),
        ("assert time.perf_counter() - begin < 0.5", True),
        ("assert time.perf_counter() - begin < 60", False),
        ("assert time.perf_counter() - begin > 0.3", False),
        ("assert time.process_time() - begin < 1", False),
        ("settings(deadline=None)", True),
        ("settings(deadline=200)", True),
    ],
)
def test_short_times_are_found(line: str, is_found: bool) -> None:
    assert bool(findings(line)) is is_found
