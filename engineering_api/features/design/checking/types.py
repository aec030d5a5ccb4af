"""Lets the compiler check a design: each expression in a separate function next to the generated program."""

from __future__ import annotations

from collections.abc import Iterator

from engineering_api.features.blocks.documents import parse
from engineering_api.features.design.expressions import ExpressionError, Use
from engineering_api.features.design.generating import Artifact, Generator
from engineering_api.features.design.made_blocks import INDENT
from engineering_api.features.design.parts import Part, is_s7_1500
from engineering_api.features.design.reading import Mistakes
from openness_bridge.errors import Problem
from simatic_xml.program.diagnostics import Diagnostic
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from simatic_xml.versions import DEFAULT_PORTAL

_CHECK = "Design_Check_"
_VERSION = DEFAULT_PORTAL
"""The TIA version that a design is tried with; what is found does not depend on it."""


def check_types(part: Part, uses: list[Use], mistakes: Mistakes) -> None:
    """Note what the compiler finds wrong with expressions or, where these are right, with the generated program."""
    workspace = Workspace(_cpu(part))
    try:
        made = Generator(part, _VERSION).artifacts()
    except (Problem, ExpressionError) as error:
        mistakes.add("", f"The program cannot be generated: {error}", "design.program")
        return
    for artifact in made:
        workspace.put_document(parse(artifact.xml))
    for number, use in enumerate(uses):
        workspace.put_source(_function(number, use), f"{number}")
    before = len(mistakes.details)
    for number, use in enumerate(uses):
        for finding in _errors(workspace, f"{_CHECK}{number}"):
            mistakes.add(use.pointer, finding.message, "design.type")
    if len(mistakes.details) == before:
        _check_program(workspace, made, mistakes)


def _check_program(workspace: Workspace, made: list[Artifact], mistakes: Mistakes) -> None:
    for artifact in made:
        for finding in _errors(workspace, artifact.name):
            msg = f"'{artifact.name}' would not compile: {finding.message}"
            mistakes.add(artifact.pointer, msg, "design.program")


def _errors(workspace: Workspace, name: str) -> Iterator[Diagnostic]:
    if workspace.find(name) is not None:
        yield from (each for each in workspace.findings(name) if each.severity == "error")


def _function(number: int, use: Use) -> str:
    """Return a function that does with an expression what its parameter does."""
    text = use.expression.scl()
    statement = f"{text} := #x;" if use.output else f"#x := {text};"
    lines = [
        f'FUNCTION "{_CHECK}{number}" : Void',
        "VAR_TEMP",
        f"{INDENT}x : {use.type};",
        "END_VAR",
        "BEGIN",
        f"{INDENT}{statement}",
        "END_FUNCTION",
        "",
    ]
    return "\n".join(lines)


def _cpu(part: Part) -> Cpu:
    family = "S7-1500" if is_s7_1500(part.device) else "S7-1200"
    return Cpu(family, part.device.firmware or Cpu().firmware)
