"""What the commands report: one form for syntax, types and lint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simatic_xml import lint
from simatic_xml.files import load
from simatic_xml.lint.run import parsed
from simatic_xml.model import Block, PlcType, Tag, TagTable, UserConstant
from simatic_xml.program.diagnostics import Diagnostic
from simatic_xml.scl_cli.inputs import XML, Input

if TYPE_CHECKING:
    from simatic_xml.program.symbols import Cpu
    from simatic_xml.program.workspace import Workspace

Item = Block | PlcType | Tag | UserConstant
_UNKNOWN_NAMES = frozenset(("name.undefined", "type.unknown"))


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement that mends a finding; lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        file: where, as the user named it.
        level: error, warning or note.
        code: stable code, or the id of the rule.
        message: what is wrong and what to do.
        line: line from 1.
        column: column from 1.
        end_line: line of the end.
        end_column: column behind the end.
        place: where it is inside a SimaticML document, empty for a source.
        name: speaking name of the rule, empty for a compiler's finding.
        changes: what mends it.
    """

    file: str
    level: lint.Level
    code: str
    message: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    place: str = ""
    name: str = ""
    changes: tuple[Change, ...] = ()


def check(
    sources: Sequence[Input], around: Sequence[Input], cpu: Cpu | None = None, *, lax: bool = False
) -> list[Finding]:
    """Return what a compiler says about sources.

    Args:
        sources: what is checked: SCL, or SimaticML.
        around: the rest of the program, which is not reported on.
        cpu: the CPU that it is for.
        lax: global names and data types that nothing given declares are not reported.

    Raises:
        SimaticMLError: a SimaticML document cannot be read.
    """
    workspace, syntax = program(sources, around, cpu)
    found = [_of(given, each) for given, diagnostics in syntax for each in diagnostics]
    owners: dict[str, Input] = {}
    for given in sources:
        owners = dict.fromkeys(_names(given), given) | owners
    for each in workspace.check():
        owner = owners.get(each.place.block.casefold())
        if owner is not None and not (lax and _is_global(owner, each)):
            found.append(_of(owner, each))
    order = {given.name: index for index, given in enumerate(sources)}
    return sorted(dict.fromkeys(found), key=lambda each: (order.get(each.file, -1), each.line, each.column))


def program(
    sources: Sequence[Input], around: Sequence[Input], cpu: Cpu | None = None
) -> tuple[Workspace, list[tuple[Input, list[Diagnostic]]]]:
    """Return the program that files make, and what the parser said about each of `sources`."""
    from simatic_xml.program.workspace import Workspace

    workspace = Workspace(cpu)
    found = [(given, _put(workspace, given)) for given in sources]
    for given in around:
        _add(workspace, given)
    return workspace, found


def style(sources: Sequence[Input], around: Sequence[Input], settings: dict[str, lint.Settings]) -> Iterator[Finding]:
    """Yield what breaks the rules of good practice; of a source with syntax errors only these.

    Args:
        sources: what is looked at.
        around: the rest of the program, for the rules that need types.
        settings: which rules run, by the name of the file.
    """
    workspace, _ = program(sources, around)
    for given in sources:
        result = parsed(given.text)
        for error in result.errors:
            place = (error.line, error.column, error.end_line, error.end_column)
            yield Finding(given.name, "error", f"syntax.{error.code}", error.message, *place)
        names = [node.name.casefold() for node in result.tree.objects]
        blocks = {name: block for name in names if (block := workspace.block(name)) is not None}
        tokens = result.tree.tokens
        for found in lint.lint(result, settings[given.name], blocks):
            changes = tuple(
                Change(*tokens.place(edit.start), *tokens.place(edit.stop), edit.text) for edit in found.edits
            )
            place = (found.line, found.column, found.end_line, found.end_column)
            rule = found.rule
            yield Finding(given.name, found.level, rule.id, found.message, *place, name=rule.name, changes=changes)


def _put(workspace: Workspace, given: Input) -> list[Diagnostic]:
    if given.kind == XML:
        workspace.put_document(load(given.content))
        return []
    return workspace.put_source(given.content, given.name)


def _add(workspace: Workspace, given: Input) -> None:
    """Add what a file holds, but for the names that are there already: the sources win over the program around them."""
    if given.kind != XML:
        workspace.put_source(given.content, given.name)
        return
    for node in load(given.content).objects:
        items = (*node.tags, *node.constants) if isinstance(node, TagTable) else (node,)
        for item in items:
            if isinstance(item, Item) and workspace.find(item.name) is None:
                workspace.put(item)


def _names(given: Input) -> list[str]:
    """Return the casefolded names of the objects in a file."""
    if given.kind != XML:
        return [node.name.casefold() for node in parsed(given.text).tree.objects]
    return [node.name.casefold() for node in load(given.content).objects if isinstance(node, Block | PlcType)]


def _of(given: Input, found: Diagnostic) -> Finding:
    place = found.place
    line, column = place.line or 1, place.column or 1
    end = (place.end_line or line, place.end_column or column)
    message = f"{found.message} {found.hint}".strip()
    level: lint.Level = "error" if found.severity == "error" else "warning"
    inside = str(place) if given.kind == XML else ""
    return Finding(given.name, level, found.code, message, line, column, *end, place=inside)


def _is_global(given: Input, found: Diagnostic) -> bool:
    """Tell whether a name that nothing declares may be declared outside of what was given."""
    if found.code not in _UNKNOWN_NAMES:
        return False
    lines = given.text.split("\n") if given.kind != XML else []
    line, column = found.place.line or 0, found.place.column or 0
    return not (0 < line <= len(lines) and lines[line - 1][column - 1 : column] == "#")
