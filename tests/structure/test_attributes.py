"""The bridge writes properties of TIA Portal by a method: in a setter pythonnet holds Python's lock.

A dialog that comes up in a setter stops the whole server. The arguments of events and delegates are excepted: they are
values of the question that is being answered, not objects of the project. PLCSIM Advanced shows no dialogs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import openness_bridge

BRIDGE = Path(openness_bridge.__file__).parent
WITHOUT_DIALOGS = BRIDGE / "plcsim"
ARGUMENTS = {
    "online/prompts.py": {"question.CurrentSelection", "question.Checked", "credentials.Name", "credentials.Type"},
    "portal/dialogs.py": {"question.Result", "question.IsHandled", "notice.IsHandled"},
    "project/projects.py": {"credentials.Name", "credentials.Type"},
}
"""What handlers set in the arguments that TIA Portal gives them."""
EVENTS = {"Confirmation", "Notification", "OnlineLegitimation"}
"""Handlers come with += and go with -=."""


def setters(source: str) -> Iterator[tuple[int, str]]:
    """The lines that set a property of an object of .NET: one that is written as .NET does, or any by setattr."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Assign(targets=targets):
                found: list[ast.expr] = targets
            case ast.AugAssign(target=ast.Attribute(attr=name)) if name in EVENTS:
                continue
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target) | ast.For(target=target):
                found = [target]
            case ast.With(items=items):
                found = [each.optional_vars for each in items if each.optional_vars is not None]
            case ast.Call(func=ast.Name(id="setattr")):
                yield node.lineno, "setattr"
                continue
            case _:
                continue
        for target in found:
            for each in ast.walk(target):
                if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and each.attr[:1].isupper():
                    yield each.lineno, ast.unparse(each)


def test_the_bridge_uses_no_setters() -> None:
    used: dict[str, set[str]] = {}
    for file in sorted(BRIDGE.rglob("*.py")):
        if WITHOUT_DIALOGS not in file.parents:
            for _, target in setters(file.read_text(encoding="utf-8")):
                used.setdefault(file.relative_to(BRIDGE).as_posix(), set()).add(target)
    assert used == ARGUMENTS, "write attributes by openness_bridge.values.set_attribute"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("tag.Name = 'A'", ["tag.Name"]),
        ("a, tag.Name = 1, 2", ["tag.Name"]),
        ("block.Parent.Number: int = 5", ["block.Parent.Number"]),
        ("tag.Length -= 1", ["tag.Length"]),
        ("with f() as tag.Name: pass", ["tag.Name"]),
        ("setattr(tag, name, 1)", ["setattr"]),
        ("tag.Number += 1", ["tag.Number"]),
        ("portal.Confirmation += answer", []),
        ("set_attribute(model, tag, 'Name', 1); name = tag.Name; self.name = 1", []),
    ],
)
def test_setters_are_found(source: str, found: list[str]) -> None:
    assert [target for _, target in setters(source)] == found
