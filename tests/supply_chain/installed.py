"""The packages that the project asks for, directly or through others, as they are installed here.

Not all that is installed: what somebody tries out in the same environment is no part of the service.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import ROOT

TEST = "test"
"""The extra of tools for developers, which are not delivered."""
CHECK: tuple[str, ...] = ()
"""The extras of an installation that only checks and tests programs."""
SERVICE = ("service",)
"""The extras of an installation that serves."""


@dataclass(frozen=True)
class Package:
    """An installed package.

    Attributes:
        name: Canonical, such as "python-multipart".
        needs: Canonical names of the installed packages that it asks for here.
    """

    name: str
    version: str
    needs: tuple[str, ...]
    distribution: Distribution


def project() -> dict[str, Any]:
    """The [project] table of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def requirements(extras: Collection[str] | None = None, *, tools: bool = False) -> list[Requirement]:
    """What pyproject.toml asks for: by default with all extras of the service, and on request with the developers' tools."""
    table = project()
    known = table["optional-dependencies"]
    chosen = known.keys() - {TEST} if extras is None else set(extras)
    lines = [line for extra in sorted(chosen | ({TEST} if tools else set())) for line in known[extra]]
    return [Requirement(line) for line in (*table["dependencies"], *lines)]


def left_out() -> set[str]:
    """The packages of requirements-left-out.txt: others declare them, and the service never imports them."""
    lines = (ROOT / "requirements-left-out.txt").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(Requirement(line).name) for line in lines if not line.startswith("#")}


def packages(
    extras: Collection[str] | None = None, *, tools: bool = False, left_out: Collection[str] = ()
) -> dict[str, Package]:
    """The closure of `requirements` by canonical name, sorted. What is not installed here is left out.

    Args:
        extras: The extras; None for all of the service.
        tools: Whether with what only developers need.
        left_out: Packages that are not followed.
    """
    found: dict[str, Package] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(wanted, "") for wanted in requirements(extras, tools=tools)]
    while waiting:
        wanted, extra_of_asker = waiting.pop()
        if not _applies(wanted, extra_of_asker):
            continue
        for extra in ("", *wanted.extras):
            name = canonicalize_name(wanted.name)
            if (name, extra) in seen or name in left_out:
                continue
            seen.add((name, extra))
            package = found.get(name) or _package(name)
            if package is not None:
                found[name] = package
                waiting += [(each, extra) for each in _asked(package.distribution)]
    return dict(sorted(found.items()))


def _asked(by: Distribution) -> list[Requirement]:
    return [Requirement(line) for line in by.requires or ()]


def _applies(wanted: Requirement, extra: str) -> bool:
    return wanted.marker is None or wanted.marker.evaluate({"extra": extra})


def _package(name: str) -> Package | None:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    asked = {canonicalize_name(each.name) for each in _asked(found) if _applies(each, "")}
    return Package(name, found.version, tuple(sorted(filter(_is_installed, asked))), found)


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
