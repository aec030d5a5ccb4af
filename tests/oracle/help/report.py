"""Writes docs/conformance-help.md from the rules: `python -m tests.oracle.help.report > docs/conformance-help.md`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

from tests.oracle.help.extraction import PAGES as CONVERSION_PAGES
from tests.oracle.help.rules import PAGES, STATES, Rule, list_rules, read_rules
from tests.oracle.help.tables import CONVERTED_AGAINST, conversions, declarations

_INTRODUCTION = """\
# Conformance: TIA Portal's help

The check and the virtual CPU are compared with TIA Portal's help. Each rule is a row in our own words with the smallest program that
shows it, in `tests/oracle/help/rules/`. `python -m tests.oracle.help.report` writes this page from the rows, and a test compares.

- **held**: the program has the verdict or the values that the help gives.
- **contradicted**: we decide otherwise, with the reason below. Programs that TIA Portal compiled win over a page.
- **open**: no small program decides it.

Only rules about programs count, not those about the editor. The rows do not have every sentence of these pages.

## Rules
"""
_LINK = "The questions that only a CPU decides are in [facts/for-a-real-cpu.md](facts/for-a-real-cpu.md).\n"


def page() -> str:
    """Return the whole page as Markdown."""
    return "\n".join([*_counts(), *_tables(), *_reasons("contradicted"), *_reasons("open"), _LINK])


def _counts() -> Iterator[str]:
    yield _INTRODUCTION
    yield "| page | rules | held | contradicted | open |\n|---|---|---|---|---|"
    for name, title in PAGES.items():
        yield _count(title, list(read_rules(name)))
    yield _count("all", list(list_rules())) + "\n"
    yield "## Rules by heading\n"
    yield "| page | heading | rules | held | contradicted | open |\n|---|---|---|---|---|---|"
    for name, title in PAGES.items():
        headings = dict.fromkeys(rule.heading for rule in read_rules(name))
        for heading in headings:
            yield _count(f"{title} | {heading}", [rule for rule in read_rules(name) if rule.heading == heading])
    yield ""


def _count(name: str, rules: list[Rule]) -> str:
    states = Counter(rule.state for rule in rules)
    return f"| {name} | {len(rules)} | {' | '.join(str(states[state]) for state in STATES)} |"


def _tables() -> Iterator[str]:
    """Yield how many entries of the tables are held; the tests of the tables fail for any other entry."""
    yield "## Entries of tables\n"
    yield "| table | CPU family | entries | contradicted |\n|---|---|---|---|"
    for family, title in CONVERSION_PAGES.items():
        known = conversions(family)
        against = sum(1 for each in CONVERTED_AGAINST if each[0] == family)
        yield f"| implicit conversions, with and without IEC check ({title}) | {family} | {2 * len(known) * (len(known) - 1)} | {against} |"
        yield f"| conversions by name ({title}) | {family} | {sum(len(each.names) for each in known.values())} | 0 |"
    for family in CONVERSION_PAGES:
        rows = [groups for key, groups in declarations().items() if key[0] == family]
        yield f"| groups of types by section (Declaring the block interface) | {family} | {sum(map(len, rows))} | 0 |"
    yield ""


def _reasons(state: str) -> Iterator[str]:
    yield f"## {state.capitalize()}\n"
    yield "| rule | page | what the help says | why |\n|---|---|---|---|"
    for name, title in PAGES.items():
        for rule in read_rules(name):
            if rule.state == state:
                yield f"| {rule.id} | {title}, {rule.heading} | {rule.rule} | {rule.why} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
