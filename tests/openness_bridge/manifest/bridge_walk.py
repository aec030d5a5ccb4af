"""What the bridge uses of the object model, found in its source: `model.T`, `x.Member`, getattr and GetAttribute by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openness_bridge

BRIDGE = Path(openness_bridge.__file__).parent
SOURCES = sorted(file for file in BRIDGE.rglob("*.py") if file.parent.name != "manifest")
_BY_NAME = {"getattr", "hasattr"}
_ATTRIBUTE = {"GetAttribute", "SetAttribute"}


@dataclass(frozen=True, order=True)
class Use:
    """One use.

    Attributes:
        kind: "type" of `model.T`, "member" of `x.Member`, "attribute" by GetAttribute or SetAttribute.
        name: The name.
        place: file:line
    """

    kind: str
    name: str
    place: str


def uses() -> Iterator[Use]:
    """All uses of the object model in the bridge's modules."""
    for path in SOURCES:
        yield from used(path)


def used(path: Path) -> Iterator[Use]:
    """All uses of the object model in a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = set(_own_names(tree))
    for node in ast.walk(tree):
        yield from (Use(kind, name, f"{path.name}:{node.lineno}") for kind, name in _of(node, own))


def _of(node: ast.AST, own: set[str]) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Attribute(value=value, attr=name) if _is_net(name) and not _is_own(value, own):
            yield "type" if _is_model(value) else "member", name
        case ast.Call(func=ast.Name(id=function), args=[_, ast.Constant(value=str(name)), *_]) if (
            function in _BY_NAME and _is_net(name)
        ):
            yield "member", name
        case ast.Call(func=ast.Name(id="set_attribute"), args=[_, _, ast.Constant(value=str(name)), _]):
            yield "attribute", name
        case ast.Call(func=ast.Attribute(attr=function), args=[ast.Constant(value=str(name)), *_]) if (
            function in _ATTRIBUTE
        ):
            yield "attribute", name


def _is_net(name: str) -> bool:
    """Whether a name is written as .NET writes members: Python's own constants are all capitals."""
    return name[:1].isupper() and (not name.isupper() or len(name) == 2)


def _is_model(value: ast.expr) -> bool:
    return (isinstance(value, ast.Name) and value.id in {"model", "plcsim"}) or (
        isinstance(value, ast.Attribute) and value.attr in {"model", "_model", "plcsim"}
    )


def _is_own(value: ast.expr, own: set[str]) -> bool:
    return isinstance(value, ast.Name) and value.id in own


def _own_names(tree: ast.Module) -> Iterator[str]:
    """What a module imports or defines itself: members of these are Python's."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((name.asname or name.name).partition(".")[0] for name in names)
            case ast.ClassDef(name=name):
                yield name
