"""Check sources by all rules that are on, and fix what they can fix."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping

from simatic_xml.lint.config import Settings
from simatic_xml.lint.model import Edit, Finding, Found, Level, Rule
from simatic_xml.lint.source import Source
from simatic_xml.lint.suppression import Suppressions, suppressions
from simatic_xml.lint.table import RULES
from simatic_xml.program import nodes as typed
from simatic_xml.scl.lexer import OBJECT_KEYWORDS
from simatic_xml.scl.parser import Result, parse, parse_statements

_PASSES = 20
"""How often a source is fixed again, because one fix can make another finding visible."""


def _comment_rule(_: Source) -> Iterator[Found]:
    return iter(())


UNKNOWN_RULE = Rule("L000", "unknown-rule", "error", "Comments switch rules off that exist.", "House", _comment_rule)
"""What a comment breaks that names a rule which does not exist; it cannot be switched off."""


def parsed(text: str) -> Result:
    """Parse a source with objects, or the body of a block alone."""
    result = parse(text)
    if any(kind in OBJECT_KEYWORDS for kind in result.tree.tokens.kinds):
        return result
    return parse_statements(text)


def lint(
    text: str | Result, settings: Settings | None = None, blocks: Mapping[str, typed.Block] | None = None
) -> list[Finding]:
    """Return what breaks the rules, in the order of the source.

    Args:
        text: a source, the body of a block, or either one parsed.
        settings: which rules run; those that are on by default.
        blocks: the blocks of the source in typed form by casefolded name, for the rules that need types.

    Returns:
        The findings; none for a source with syntax errors, of which rules would say nothing useful.
    """
    result = parsed(text) if isinstance(text, str) else text
    if not result.ok:
        return []
    source, chosen = Source(result.tree, blocks), settings or Settings()
    switched = suppressions(source)
    found = list(_unknown(source, switched))
    for rule_id, level in chosen.levels.items():
        rule = RULES[rule_id]
        places = [_finding(source, rule, level, each) for each in rule.run(source, chosen.of(rule))]
        found += [each for each in places if not switched.hides(rule_id, each.line)]
    return sorted(found, key=lambda each: (each.line, each.column, each.rule.id))


def _unknown(source: Source, switched: Suppressions) -> list[Finding]:
    return [
        _finding(source, UNKNOWN_RULE, "error", Found(at.start, at.stop, f"There is no rule '{name}' to switch."))
        for at, name in switched.unknown
    ]


def _finding(source: Source, rule: Rule, level: Level, found: Found) -> Finding:
    place = source.tokens.place
    return Finding(rule, level, found.message, *place(found.start), *place(found.stop), found.edits)


def fix(text: str, settings: Settings | None = None) -> str:
    """Return a source with everything fixed that can be; a second time changes nothing, and comments stay.

    A source with syntax errors comes back as it is.
    """
    for _ in range(_PASSES):
        mended = _applied(text, [each.edits for each in lint(text, settings) if each.edits])
        if mended == text or not parsed(mended).ok:
            break
        text = mended
    return text


def _applied(text: str, edits: list[tuple[Edit, ...]]) -> str:
    """Return a text with the edits of all findings that do not touch those of another one before them."""
    taken: list[tuple[int, int, str]] = []
    for group in edits:
        if not any(_touches(taken, edit) for edit in group):
            for edit in group:
                insort(taken, (edit.start, edit.stop, edit.text))
    pieces, end = [], 0
    for start, stop, new in taken:
        pieces += [text[end:start], new]
        end = stop
    return "".join([*pieces, text[end:]])


def _touches(taken: list[tuple[int, int, str]], edit: Edit) -> bool:
    """Return whether an edit meets one of the others, which are in order and apart."""
    after = bisect_left(taken, (edit.start,))
    return (after > 0 and taken[after - 1][1] >= edit.start) or (after < len(taken) and taken[after][0] <= edit.stop)
