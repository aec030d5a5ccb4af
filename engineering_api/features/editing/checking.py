"""Checks an SCL text as it is written: by the compiler's rules within a program, and by the rules of good practice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simatic_xml import lint, scl
from simatic_xml.lint.source import Source
from simatic_xml.program.diagnostics import Diagnostic
from simatic_xml.program.draft import Around, Draft
from simatic_xml.scl_cli.findings import Change, Finding, finding_of
from simatic_xml.scl_cli.inputs import Input

_NAME = "text.scl"
"""A name by which the text counts as SCL."""


def check_text(text: str, around: Around, replaces: str = "") -> list[Finding]:
    """Return what `tia scl check` and `tia scl lint` find in a text, in its order; lint finds nothing in one with syntax errors.

    Args:
        text: SCL: blocks, data blocks and data types, any number of them.
        around: The program that it belongs to; objects of the same names are those that the text replaces.
        replaces: An object that it replaces under another name.

    Raises:
        SimaticMLError: It is too large or too deep.
    """
    result = scl.parse(text)
    draft = Draft(result, around, replaces)
    given, source = Input(_NAME, text.encode()), Source(result.tree)
    found = [_with_end(finding_of(given, each), each, source) for each in draft.check()]
    found += _style(result, draft, source)
    return sorted(dict.fromkeys(found), key=lambda each: (each.line, each.column, each.code))


def _with_end(found: Finding, origin: Diagnostic, source: Source) -> Finding:
    """Return a finding whose range is at least the token at its place."""
    if (found.end_line, found.end_column) > (found.line, found.column) or not source.tokens.ends:
        return found
    place = replace(origin.place, line=found.line, column=found.column, end_line=None, end_column=None)
    end_line, end_column = source.tokens.place(source.at_place(place, "").stop)
    return replace(found, end_line=end_line, end_column=end_column)


def _style(result: scl.Result, draft: Draft, source: Source) -> Iterator[Finding]:
    place = source.tokens.place
    for found in lint.lint(result, None, draft.typed() if result.ok else {}):
        changes = tuple(Change(*place(each.start), *place(each.stop), each.text) for each in found.edits)
        span = (found.line, found.column, found.end_line, found.end_column)
        yield Finding(_NAME, found.level, found.rule.id, found.message, *span, name=found.rule.name, changes=changes)
