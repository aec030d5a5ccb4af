"""The licence of each package, and whether it is one of those that are allowed.

A package says it in one of three ways: an SPDX expression, a free text, or classifiers. The first that can be read holds.
"""

from __future__ import annotations

from typing import Any

from license_expression import ExpressionError, get_spdx_licensing

from tests.supply_chain.installed import Package
from tests.supply_chain.policy import Licences

UNKNOWN = "unknown"
_SPDX = get_spdx_licensing()
_CLASSIFIER = "License :: OSI Approved :: "


def licence(package: Package, licences: Licences) -> str:
    """The SPDX expression of a package, or `UNKNOWN`."""
    about = package.distribution.metadata
    if package.name in licences.stated:
        return licences.stated[package.name]
    classifiers = [each.removeprefix(_CLASSIFIER) for each in about.get_all("Classifier", []) if _CLASSIFIER in each]
    by_classifiers = " AND ".join(licences.aliases.get(each, each) for each in classifiers)
    said = [*about.get_all("License-Expression", []), *about.get_all("License", []), by_classifiers]
    for text in said:
        expression: str = licences.aliases.get(text, text)
        if expression and _parsed(expression) is not None:
            return expression
    return UNKNOWN


def refused(packages: dict[str, Package], licences: Licences) -> list[str]:
    """A sentence for each package that may not be used."""
    found = {name: licence(package, licences) for name, package in packages.items()}
    return [
        f"{name} has the licence {expression}, which policy.toml does not allow."
        for name, expression in found.items()
        if not _is_allowed(_parsed(expression), licences)
        and (name not in licences.exceptions or licences.exceptions[name].licence != expression)
    ]


def _parsed(expression: str) -> Any:
    """The expression as a tree, or None when it is not one of SPDX's."""
    try:
        return _SPDX.parse(expression, validate=True)
    except ExpressionError:
        return None


def _is_allowed(tree: Any, licences: Licences) -> bool:
    if tree is None:
        return False
    if isinstance(tree, _SPDX.OR):
        return any(_is_allowed(each, licences) for each in tree.args)
    if isinstance(tree, _SPDX.AND):
        return all(_is_allowed(each, licences) for each in tree.args)
    return str(tree) in licences.allowed
