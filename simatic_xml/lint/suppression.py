"""Comments that switch rules off: `// lint: off L003`, `// lint: on L003`.

After code such a comment counts for its line; alone on a line, from there to the `on`, or to the end of the source.
Without names it counts for all rules. What follows ` - ` is the reason.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from simatic_xml.lint.source import Source, Trivia
from simatic_xml.lint.table import RULES, find

_COMMENT = re.compile(r"\s*lint:\s*(?P<word>off|on)\b(?P<names>[^\r\n]*)", re.IGNORECASE)
_REASON = re.compile(r"\s-\s")


@dataclass(slots=True)
class Suppressions:
    """What is switched off where.

    Attributes:
        lines: rule ids that are off on single lines.
        switches: for each rule the lines where it is switched, in order, and to what.
        unknown: comments that name a rule that does not exist, with that name.
    """

    lines: set[tuple[int, str]] = field(default_factory=set)
    switches: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    unknown: list[tuple[Trivia, str]] = field(default_factory=list)

    def hides(self, rule: str, line: int) -> bool:
        """Return whether a rule is off on a line."""
        if (line, rule) in self.lines:
            return True
        switches = self.switches.get(rule, [])
        before = bisect_right(switches, (line, True))
        return before > 0 and switches[before - 1][1]


def suppressions(source: Source) -> Suppressions:
    """Read all comments of a source that switch rules."""
    found = Suppressions()
    for comment in source.comments:
        match = _COMMENT.match(comment.piece.content)
        if match:
            _switch(found, source, comment, match)
    return found


def _switch(found: Suppressions, source: Source, comment: Trivia, match: re.Match[str]) -> None:
    names = _REASON.split(match["names"], maxsplit=1)[0].replace(",", " ").split()
    found.unknown += [(comment, name) for name in names if find(name) is None]
    rules = [rule.id for rule in map(find, names) if rule] if names else list(RULES)
    line = source.line(comment.start)
    start, text = source.lines[line - 1]
    alone = not text[: comment.start - start].strip()
    off = match["word"].lower() == "off"
    for rule in rules:
        if alone:
            found.switches.setdefault(rule, []).append((line, off))
        elif off:
            found.lines.add((line, rule))
