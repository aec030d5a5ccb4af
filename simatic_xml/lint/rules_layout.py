"""Rules on how a source is laid out; most of them fix what they find.

What TIA Portal itself writes when it generates a source is accepted: one tab in front of each line of a body, a blank
after VAR_INPUT, capitals or not in `Struct` and in the `of` of an array.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from simatic_xml.lint.model import Edit, Options, Rule, Violation, number
from simatic_xml.lint.source import Source
from simatic_xml.scl.levels import Levels
from simatic_xml.scl.lexer import KEYWORDS
from simatic_xml.scl.nodes import Empty, Statement
from simatic_xml.scl.trivia import Kind

_ANY_CASE = frozenset(("STRUCT", "END_STRUCT"))


def trailing_blanks(source: Source) -> Iterator[Violation]:
    """Find blanks at the end of a line, outside comments."""
    for at in source.trivia:
        blanks = at.piece.source.removesuffix("\r")
        start, stop = at.start + len(blanks.rstrip(" \t")), at.start + len(blanks)
        if at.piece.kind is not Kind.BLANKS or start == stop or not _ends_line(source.text, stop):
            continue
        if not _is_generated(source, start, source.text[start:stop]):
            yield Violation(start, stop, "The line ends with spaces.", (Edit(start, stop, ""),))


def _ends_line(text: str, offset: int) -> bool:
    return offset == len(text) or text.startswith(("\n", "\r\n"), offset)


def _is_generated(source: Source, start: int, blanks: str) -> bool:
    """Return whether TIA Portal writes these blanks: one after a VAR word, one tab on an empty line of a body."""
    line = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    return (blanks == " " and line.strip().startswith("VAR")) or (blanks == "\t" and not line)


def tabs(source: Source, options: Options) -> Iterator[Violation]:
    """Find tabs, except the one that TIA Portal puts in front of each line of a body."""
    blank = " " * number(options, "width")
    for at in source.trivia:
        if at.piece.kind is not Kind.BLANKS or "\t" not in at.piece.source:
            continue
        begins = at.start == 0 or source.text[at.start - 1] == "\n"
        kept = int(begins and at.piece.source.startswith("\t"))
        rest = at.piece.source[kept:]
        if "\t" in rest:
            edit = Edit(at.start + kept, at.stop, rest.replace("\t", blank))
            yield Violation(at.start + kept, at.stop, "The width of a tab depends on the editor; use spaces.", (edit,))


def line_length(source: Source, options: Options) -> Iterator[Violation]:
    """Find lines longer than `max` characters."""
    limit = number(options, "max")
    for start, line in source.lines:
        if len(line) > limit:
            message = f"The line has {len(line)} characters, at most {limit} are allowed; break it."
            yield Violation(start + limit, start + len(line), message)


def keyword_case(source: Source) -> Iterator[Violation]:
    """Find keywords that are not in capitals."""
    tokens, as_written = source.tokens, Levels(source.tree).as_written
    for index, kind in enumerate(tokens.kinds):
        if kind not in KEYWORDS or kind in _ANY_CASE or index in as_written:
            continue
        if tokens.text(index) != kind:
            edit = Edit(tokens.starts[index], tokens.ends[index], kind)
            yield source.at(index, f"The keyword '{kind}' is not in capitals.", edit)


def one_statement_a_line(source: Source) -> Iterator[Violation]:
    """Find a statement that begins on the line where the one before it ends."""
    for body in source.bodies:
        for statements in body.lists():
            yield from _find_crowded(source, statements)


def _find_crowded(source: Source, statements: list[Statement]) -> Iterator[Violation]:
    for before, statement in pairwise(statements):
        if isinstance(statement, Empty):
            continue
        end, start = source.range(before)[1], source.range(statement)[0]
        if "\n" in source.text[end:start]:
            continue
        blanks = len(source.text[end:start]) - len(source.text[end:start].lstrip(" \t"))
        edit = Edit(end, end + blanks, source.newline + _indent(source, source.range(before)[0]))
        yield source.at_node(statement, "The line has two statements; write each on its own line.", edit)


def _indent(source: Source, offset: int) -> str:
    """Return the blanks in front of the line that holds an offset."""
    line = source.text[source.text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def empty_statement(source: Source) -> Iterator[Violation]:
    """Find a lone semicolon next to other statements; where it is alone it says that nothing is to be done."""
    for body in source.bodies:
        for statements in (each for each in body.lists() if len(each) > 1):
            first_is_kept = all(isinstance(each, Empty) for each in statements)
            for statement in statements[first_is_kept:]:
                if isinstance(statement, Empty):
                    yield source.at_node(statement, "A semicolon without a statement.", _without(source, statement))


def _without(source: Source, statement: Statement) -> Edit:
    """Return the edit that takes a semicolon away, with its line where nothing else is on it."""
    start, stop = source.range(statement)
    line = source.text.rfind("\n", 0, start) + 1
    end = source.text.find("\n", stop)
    alone = end >= 0 and not source.text[line:start].strip() and not source.text[stop:end].strip()
    return Edit(line, end + 1, "") if alone else Edit(start, stop, "")


RULES = (
    Rule(
        "L001",
        "trailing-blanks",
        "note",
        "No spaces at the end of a line.",
        "Style guide NF014",
        trailing_blanks,
        fixes=True,
    ),
    Rule("L002", "tabs", "note", "Spaces, no tabs.", "PLCopen L16", tabs, fixes=True, options={"width": 4}),
    Rule("L003", "line-length", "note", "Lines fit on the screen.", "PLCopen L11", line_length, options={"max": 120}),
    Rule("L004", "keyword-case", "note", "Keywords are in capitals.", "Style guide NF014", keyword_case, fixes=True),
    Rule(
        "L005",
        "one-statement-a-line",
        "note",
        "One statement on a line.",
        "Style guide NF014",
        one_statement_a_line,
        fixes=True,
    ),
    Rule(
        "L006",
        "empty-statement",
        "note",
        "No semicolon without a statement.",
        "PLCopen CP2",
        empty_statement,
        fixes=True,
    ),
)
