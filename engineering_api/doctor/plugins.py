"""Which plugins of other packages are used, and which are not."""

from __future__ import annotations

from importlib import import_module

from simatic_xml.lazy.plugins import find_entries

GROUPS = {
    "lint_rules": "simatic_xml.lint.table:GROUP",
    "report_formats": "simatic_xml.scl_cli.report_formats:FORMS",
    "exporters": "simatic_xml.scl_cli.exporters:EXPORTERS",
    "sources": "runtime_data.sources.kind:KINDS",
    "sinks": "runtime_data.sinks.transport:KINDS",
}
"""Where the groups of plugins are, as text: they are imported only where a package has a plugin for them."""


def installed() -> tuple[list[str], list[str]]:
    """Return the plugins that are used, and a sentence for each that is not."""
    used: list[str] = []
    refused: list[str] = []
    for name, place in GROUPS.items():
        entries = find_entries(name)
        if not entries:
            continue
        module, _, attribute = place.partition(":")
        try:
            reasons = getattr(import_module(module), attribute).refused
        except ImportError as error:
            refused += [f"The plugin {each} is not used: {error.name} is not installed." for each in entries]
            continue
        used += [str(each) for each in entries if each not in reasons]
        refused += map(str, reasons.values())
    return used, refused
