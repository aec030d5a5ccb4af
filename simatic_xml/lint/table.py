"""All rules, in one table, by id and by name."""

from __future__ import annotations

from simatic_xml.lint import (
    rules_access,
    rules_control,
    rules_declarations,
    rules_documentation,
    rules_expressions,
    rules_layout,
    rules_names,
)
from simatic_xml.lint.model import Rule

_MODULES = (
    rules_layout,
    rules_names,
    rules_documentation,
    rules_control,
    rules_expressions,
    rules_access,
    rules_declarations,
)

RULES: dict[str, Rule] = {rule.id: rule for module in _MODULES for rule in module.RULES}
"""Every rule by its id, in the order of the ids."""

_BY_NAME = {name: rule for rule in RULES.values() for name in (rule.id.casefold(), rule.name)}


def find(name: str) -> Rule | None:
    """Return the rule of an id or name, without regard to case; None when there is none."""
    return _BY_NAME.get(name.casefold())
