"""What the commands report: one form for syntax, types and lint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simatic_xml import lint, named_values, scl
from simatic_xml.files import load
from simatic_xml.folders import NVT, SCL, SD, STL, XML, Mistake
from simatic_xml.lint.parsing import parse_document, parse_source
from simatic_xml.model import Block, Document, PlcType, Tag, TagTable, UserConstant
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.scl.context import Program
from simatic_xml.scl_cli.forms import generate_documents, surroundings
from simatic_xml.scl_cli.inputs import Input

if TYPE_CHECKING:
    from simatic_xml.locating import TextPlace
    from simatic_xml.program.symbols import Cpu
    from simatic_xml.program.workspace import Workspace

Item = Block | PlcType | Tag | UserConstant
_UNKNOWN_NAMES = frozenset(("name.undefined", "type.unknown"))


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement that fixes a finding; lines and columns count from 1, the end is exclusive."""

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
        line: line of the file, from 1.
        column: column from 1; with a place in words, line 1 and column 1 mean that the file's line is not known.
        end_line: line of the end.
        end_column: column after the end.
        place: block and network in words, empty for an SCL source.
        name: speaking name of the rule, empty for a compiler's finding.
        changes: what fixes it.
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


@dataclass(frozen=True, slots=True)
class FileContent:
    """What one file brought into a program: the casefolded names of its objects, and the errors in its text."""

    given: Input
    names: list[str]
    diagnostics: list[Diagnostic]


def check(
    sources: Sequence[Input], around: Sequence[Input], cpu: Cpu | None = None, *, lax: bool = False
) -> list[Finding]:
    """Return the findings of a compiler in sources.

    Args:
        sources: what is checked: SCL, STL, SIMATIC SD or SimaticML.
        around: the rest of the program, which is not reported on.
        cpu: the CPU that it is for.
        lax: global names and data types that nothing given declares are not reported.

    Raises:
        SimaticMLError: a SimaticML document cannot be read.
    """
    workspace, held = program(sources, around, cpu)
    found = [finding_of(each.given, diagnostic) for each in held for diagnostic in each.diagnostics]
    owners: dict[str, Input] = {}
    for each in held:
        owners = dict.fromkeys(each.names, each.given) | owners
    for diagnostic in workspace.check():
        owner = owners.get(diagnostic.place.block.casefold())
        if owner is not None and not (lax and _is_global(diagnostic)):
            found.append(finding_of(owner, diagnostic))
    order = {given.name: index for index, given in enumerate(sources)}
    return sorted(dict.fromkeys(found), key=lambda each: (order.get(each.file, -1), each.line, each.column))


def program(
    sources: Sequence[Input], around: Sequence[Input], cpu: Cpu | None = None
) -> tuple[Workspace, list[FileContent]]:
    """Return the program that files make, and what `sources` brought into it; they win over the rest.

    Raises:
        SimaticMLError: a SimaticML document cannot be read.
    """
    from simatic_xml.program.workspace import Workspace

    workspace = Workspace(cpu)
    types = {given.name: _put_named_values(workspace, given) for given in (*sources, *around) if given.kind == NVT}
    texts = [given for given in (*sources, *around) if given.kind != NVT]
    names = surroundings(texts) if any(given.kind in (STL, SD) for given in texts) else None
    held = [types.get(given.name) or _put(workspace, given, names) for given in sources]
    for given in around:
        if given.kind != NVT:
            _put(workspace, given, names)
    return workspace, held


def style(sources: Sequence[Input], around: Sequence[Input], settings: dict[str, lint.Settings]) -> Iterator[Finding]:
    """Yield what breaks the rules of good practice; of a source with syntax errors only these.

    Args:
        sources: the SCL sources and SIMATIC SD documents to check; the rules that need types do not run in the latter.
        around: the rest of the program, for the rules that need types.
        settings: which rules run, by the name of the file.
    """
    workspace, _ = program(sources, around)
    for given in sources:
        is_document = given.kind == SD
        result = parse_document(given.content) if is_document else parse_source(given.text)
        chosen = settings[given.name].for_document() if is_document else settings[given.name]
        for error in result.errors:
            place = (error.line, error.column, error.end_line, error.end_column)
            yield Finding(given.name, "error", f"syntax.{error.code}", error.message, *place)
        names = [node.name.casefold() for node in result.tree.objects]
        typed = () if is_document else names
        blocks = {name: block for name in typed if (block := workspace.block(name)) is not None}
        tokens = result.tree.tokens
        for found in lint.lint(result, chosen, blocks):
            edits = () if is_document else found.edits
            changes = tuple(Change(*tokens.place(edit.start), *tokens.place(edit.stop), edit.text) for edit in edits)
            place = (found.line, found.column, found.end_line, found.end_column)
            rule = found.rule
            yield Finding(given.name, found.level, rule.id, found.message, *place, name=rule.name, changes=changes)


def _put_named_values(workspace: Workspace, given: Input) -> FileContent:
    """Add the named value data types of a file."""
    result = named_values.parse(given.content)
    for each in result.types:
        workspace.put(each)
    return FileContent(given, [], [syntax_finding(found) for found in result.diagnostics])


def _put(workspace: Workspace, given: Input, names: Program | None) -> FileContent:
    """Add what a file holds, except for names that are there already."""
    if given.kind == SCL:
        source = scl.parse(given.text)
        diagnostics = workspace.put_source(source, given.name)
        return FileContent(given, [node.name.casefold() for node in source.tree.objects], diagnostics)
    if given.kind == XML:
        return FileContent(given, _put_document(workspace, load(given.content)), [])
    if given.objects is not None:
        brought = [name for each in given.objects.documents for name in _put_document(workspace, load(each))]
        return FileContent(given, brought, [mistake_of(each) for each in given.objects.mistakes])
    made = generate_documents(given, program=names)
    brought = [name for content in made.documents for name in _put_document(workspace, load(content))]
    return FileContent(given, brought, [syntax_finding(found) for found in made.diagnostics])


def _put_document(workspace: Workspace, document: Document) -> list[str]:
    """Add the objects of a document whose names are free; return the casefolded names of blocks and types."""
    for node in document.objects:
        for item in (*node.tags, *node.constants) if isinstance(node, TagTable) else (node,):
            if isinstance(item, Item) and workspace.find(item.name) is None:
                workspace.put(item)
    return [node.name.casefold() for node in document.objects if isinstance(node, Block | PlcType)]


def mistake_of(found: Mistake) -> Diagnostic:
    """Return a mistake in a file of a further form as a finding about a program."""
    place = Place("", None, found.line, found.column, end_line=found.line, end_column=found.column)
    return Diagnostic(Severity.ERROR, found.code, found.message, place)


def syntax_finding(found: scl.Diagnostic) -> Diagnostic:
    """Return an error in a text as a finding about a program."""
    place = Place("", None, found.line, found.column, end_line=found.end_line, end_column=found.end_column)
    return Diagnostic(found.severity, f"syntax.{found.code}", found.message, place, found.hint)


def finding_of(given: Input, found: Diagnostic) -> Finding:
    """Return a finding about a program as a finding in a file, with its line there."""
    place = found.place
    line, column = place.line or 1, place.column or 1
    end = (place.end_line or line, place.end_column or column)
    message = f"{found.message} {found.hint}".strip()
    level: lint.Level = "error" if found.severity == "error" else "warning"
    words = ""
    if place.block and (given.kind != SCL or place.line is None):
        located = _locate(given, found)
        line, column = (located and located.line) or 1, (located and located.column) or 1
        end = (line, column)
        words = _in_words(place, located.element if located else "") if given.kind != SCL else ""
    return Finding(given.name, level, found.code, message, line, column, *end, words)


def _locate(given: Input, found: Diagnostic) -> TextPlace | None:
    """Return the place in a file of a finding that has its place in the code or the interface of a block."""
    from simatic_xml.locating import CodePlace, mentioned

    place, text = found.place, given.places
    if text is None:
        return None
    member = (place.member.split(".")[0].casefold(),) if place.member else ()
    names = (*member, *mentioned(found.message))
    line = None if given.kind == SCL else place.line
    return text.find([CodePlace(place.block, place.network, line, place.step, names, place.uid, place.column)])[0]


def _in_words(place: Place, element: str) -> str:
    """Return block, network and element; the line counts in the file instead."""
    words = str(replace(place, line=None, column=None))
    return f"{words} / {element}" if element and element != place.step else words


def _is_global(found: Diagnostic) -> bool:
    """Return whether a name that nothing declares may be declared outside of the given sources: it is no `'#name'`."""
    return found.code in _UNKNOWN_NAMES and not found.message.startswith("'#")
