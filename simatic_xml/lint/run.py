"""Check sources by all rules that are on, and fix what they can fix."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping

from simatic_xml.lint.config import Settings
from simatic_xml.lint.model import Edit, Finding, Level, Rule, Violation
from simatic_xml.lint.parsing import parse_source
from simatic_xml.lint.source import Source
from simatic_xml.lint.suppression import Suppressions, suppressions
from simatic_xml.lint.table import RULES
from simatic_xml.program import typed_blocks
from simatic_xml.scl.parser import Result

_PASSES = 20
"""How often a source is fixed again, because one fix can make another finding visible."""


def _comment_rule(_: Source) -> Iterator[Violation]:
    return iter(())


UNKNOWN_RULE = Rule(
    "L000", "unknown-rule", "error", "Comments switch off only rules that exist.", "House", _comment_rule
)
"""What a comment breaks that names a rule which does not exist; it cannot be switched off."""


def lint(
    text: str | Result, settings: Settings | None = None, blocks: Mapping[str, typed_blocks.Block] | None = None
) -> list[Finding]:
    """Return what breaks the rules, in the order of the source.

    Args:
        text: a source, the body of a block, or either one parsed.
        settings: which rules run; those that are on by default.
        blocks: the blocks of the source in typed form by casefolded name, for the rules that need types.

    Returns:
        The findings; none for a source with syntax errors, for which rules would find nothing useful.
    """
    result = parse_source(text) if isinstance(text, str) else text
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
        _finding(
            source,
            UNKNOWN_RULE,
            "error",
            Violation(at.start, at.stop, f"There is no rule '{name}' to switch on or off."),
        )
        for at, name in switched.unknown
    ]


def _finding(source: Source, rule: Rule, level: Level, found: Violation) -> Finding:
    place = source.tokens.place
    return Finding(rule, level, found.message, *place(found.start), *place(found.stop), found.edits)


def fix(text: str, settings: Settings | None = None) -> str:
    """Return a source with everything fixed that can be; a second time changes nothing, and comments stay.

    A source with syntax errors comes back as it is.
    """
    for _ in range(_PASSES):
        fixed = _apply(text, [each.edits for each in lint(text, settings) if each.edits])
        if fixed == text or not parse_source(fixed).ok:
            break
        text = fixed
    return text


def _apply(text: str, edits: list[tuple[Edit, ...]]) -> str:
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
