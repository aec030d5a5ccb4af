"""Which plugins of other packages are used, and which are not."""

from __future__ import annotations

from importlib import import_module

from simatic_xml.lazy.plugins import Group

GROUPS = {"lint_rules": "simatic_xml.lint.table"}
"""The modules with the groups of plugins, as text: they are imported only where a package has a plugin for them."""


def installed() -> tuple[list[str], list[str]]:
    """Return the plugins that are used, and a sentence for each that is not."""
    used: list[str] = []
    refused: list[str] = []
    for name, module in GROUPS.items():
        entries = Group[object](name, {}, lambda *_: (), lambda _: ()).others()
        reasons = import_module(module).GROUP.refused if entries else {}
        used += [str(each) for each in entries if each not in reasons]
        refused += reasons.values()
    return used, refused
