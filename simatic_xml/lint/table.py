"""All rules, in one table, by id and by name: our own, and those of plugins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from simatic_xml.lazy.plugins import Entry, Group
from simatic_xml.lint.model import Options, Rule, Violation
from simatic_xml.lint.source import Source

OWN = {
    name: f"simatic_xml.lint.rules_{name}:RULES"
    for name in ("layout", "names", "documentation", "control", "expressions", "access", "declarations")
}
_ID = re.compile(r"[A-Z]+[0-9]+")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _rules_of(found: object, entry: Entry) -> Iterator[Rule]:
    """Yield the rules of an entry point: a rule, or several."""
    for rule in found if isinstance(found, Iterable) else (found,):
        if not isinstance(rule, Rule):
            msg = f"{rule!r} is not a Rule of simatic_xml.lint"
            raise TypeError(msg)
        if not (_ID.fullmatch(rule.id) and _NAME.fullmatch(rule.name)):
            msg = f"write the id and the name of a rule like X101 and a-name, not {rule.id} and {rule.name}"
            raise ValueError(msg)
        yield rule if entry.is_own else _guarded(rule, entry)


def _guarded(rule: Rule, entry: Entry) -> Rule:
    """Return a rule whose failure is a finding at the start of the source, so that the other rules run."""

    def check(source: Source, options: Options | None = None) -> Iterator[Violation]:
        try:
            yield from rule.check(source, options) if rule.options else rule.check(source)
        except Exception as error:  # noqa: BLE001 - code of others fails as it likes
            yield Violation(0, 0, f"The plugin {entry} failed: {type(error).__name__}: {error}")

    return replace(rule, check=check)


GROUP: Group[Rule] = Group("lint_rules", OWN, _rules_of, lambda rule: (rule.id, rule.name))

RULES: dict[str, Rule] = GROUP.members
"""Every rule by its id, our own in the order of the ids."""

_BY_NAME = {name.casefold(): rule for rule in RULES.values() for name in (rule.id, rule.name)}


def find(name: str) -> Rule | None:
    """Return the rule of an id or name, without regard to case; None when there is none."""
    return _BY_NAME.get(name.casefold())
