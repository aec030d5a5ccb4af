"""Rules on comments and headers, and on what keeps a long block readable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simatic_xml.lint.model import Options, Rule, Violation, number, words
from simatic_xml.lint.source import PARAMETERS, Source
from simatic_xml.scl.nodes import Region, walk
from simatic_xml.scl.trivia import Kind

_CODE = re.compile(r"^\s*(#|\")?[\w\"#.\[\]]+\s*(:=.*;|\(.*\)\s*;)\s*$|^\s*(IF|WHILE|FOR|ELSIF)\b.*\b(THEN|DO)\s*$")


def header(source: Source, options: Options) -> Iterator[Violation]:
    """Find code blocks without the required header lines."""
    for body in source.bodies:
        if body.owner is None:
            continue
        missing = sorted(word for word in words(options, "required") if not body.owner.header.get(word.upper()))
        if missing:
            yield source.at_name(body.owner, f"The header lacks {', '.join(missing)}.")


def parameter_comment(source: Source) -> Iterator[Violation]:
    """Find parameters without a comment after them."""
    for body in source.bodies:
        for section in body.owner.sections if body.owner else ():
            for member in section.members if section.keyword in PARAMETERS else ():
                if not member.comment.strip():
                    yield source.at_name(
                        member, f"The parameter '{member.name}' has no comment; explain it after its declaration."
                    )


def block_length(source: Source, options: Options) -> Iterator[Violation]:
    """Find bodies of more than `max` lines."""
    limit = number(options, "max")
    for body in source.bodies:
        lines = _lines(source, body.statements[0].first, body.statements[-1].stop) if body.statements else 0
        if lines > limit and body.owner is not None:
            message = f"The body has {lines} lines, at most {limit} are allowed; split the block."
            yield source.at_name(body.owner, message)


def region_use(source: Source, options: Options) -> Iterator[Violation]:
    """Find long bodies that no region divides."""
    limit = number(options, "lines")
    for body in source.bodies:
        if body.owner is None or not body.statements:
            continue
        lines = _lines(source, body.statements[0].first, body.statements[-1].stop)
        if lines > limit and not any(isinstance(each, Region) for each in walk(body.statements)):
            yield source.at_name(body.owner, f"The body has {lines} lines and no REGION; divide it into regions.")


def region_name(source: Source) -> Iterator[Violation]:
    """Find regions without a name."""
    for body in source.bodies:
        for statement in body.all():
            if isinstance(statement, Region) and not statement.name.strip():
                yield source.at(statement.first, "The region has no name; add one that describes it.")


def commented_code(source: Source) -> Iterator[Violation]:
    """Find comments that hold statements."""
    for comment in source.comments:
        lines = comment.piece.content.split("\n")
        if comment.piece.kind is not Kind.MULTILINGUAL_COMMENT and any(map(_CODE.match, lines)):
            yield Violation(
                comment.start, comment.stop, "The comment contains code; delete it, version control keeps old code."
            )


def duplicated_code(source: Source, options: Options) -> Iterator[Violation]:
    """Find the same `statements` statements, one after the other, in two places of a source."""
    size = number(options, "statements")
    numbers: dict[tuple[str, ...], int] = {}
    seen: dict[tuple[int, ...], int] = {}
    for statements in (each for body in source.bodies for each in body.lists()):
        same = [numbers.setdefault(source.words(each), len(numbers)) for each in statements]
        index = 0
        while index + size <= len(same):
            first = statements[index].first
            before = seen.setdefault(tuple(same[index : index + size]), first)
            if before != first:
                line = source.line(source.tokens.starts[before])
                message = f"These {size} statements are already in line {line}; write a block or a loop instead."
                yield source.at(first, message)
            index += 1 if before == first else size


def _lines(source: Source, first: int, stop: int) -> int:
    return source.line(source.tokens.ends[stop - 1]) - source.line(source.tokens.starts[first]) + 1


RULES = (
    Rule(
        "L201",
        "header",
        "note",
        "Blocks have a title and an author.",
        "Style guide NF003",
        header,
        options={"required": ["TITLE", "AUTHOR", "VERSION"]},
    ),
    Rule("L202", "parameter-comment", "note", "Every parameter has a comment.", "Style guide NF002", parameter_comment),
    Rule("L203", "block-length", "note", "Blocks are short.", "PLCopen CP9", block_length, options={"max": 300}),
    Rule(
        "L204",
        "region-use",
        "note",
        "Long blocks are divided by regions.",
        "Style guide NF014",
        region_use,
        options={"lines": 100},
    ),
    Rule("L205", "region-name", "note", "Regions have names.", "Style guide NF002", region_name),
    Rule("L206", "commented-code", "note", "No code in comments.", "PLCopen C4", commented_code),
    Rule(
        "L207",
        "duplicated-code",
        "note",
        "No statements are repeated.",
        "House",
        duplicated_code,
        options={"statements": 6},
    ),
)
