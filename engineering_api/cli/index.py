"""Reads the index of the operations that `python3 dev.py generate` makes from the catalogue."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("commands.json")
_PARAMETER = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Command:
    """An operation as the command line knows it.

    Attributes:
        resource: Its group, such as tag-tables.
        verb: Its name in the group.
        about: Its entry in the index; cli/command_index.py describes the members.
    """

    resource: str
    verb: str
    about: dict[str, Any]

    @property
    def operation(self) -> str:
        """Its name in the catalogue."""
        return str(self.about["operation"])

    @property
    def fields(self) -> list[dict[str, Any]]:
        """Its arguments and options."""
        return list(self.about["fields"])


@cache
def resources() -> dict[str, Any]:
    """Return the index: resources with summaries and commands."""
    if FILE.is_file():
        found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
        return found
    from engineering_api.cli import command_index
    from engineering_api.features.sections import SECTIONS
    from engineering_api.operations.catalogue import Catalogue

    made: dict[str, Any] = json.loads(command_index.text(Catalogue(SECTIONS)))
    return made


def all_commands() -> list[Command]:
    """Return all commands."""
    return [
        Command(resource, verb, about)
        for resource, entry in resources().items()
        for verb, about in entry["commands"].items()
    ]


def named(operation: str) -> Command | None:
    """Return the command of an operation."""
    return _by_name().get(operation)


def require(words: str) -> Command:
    """Return a command by the words that the user would type, such as "devices list".

    Raises:
        KeyError: There is none.
    """
    resource, verb = words.split()
    return Command(resource, verb, resources()[resource]["commands"][verb])


@cache
def _by_name() -> dict[str, Command]:
    return {each.operation: each for each in all_commands()}


def at_route(method: str, path: str) -> Command | None:
    """Return the command of a route; names and values in the path do not matter."""
    wanted = _PARAMETER.sub("{}", path)
    for each in all_commands():
        if any(_PARAMETER.sub("{}", route) == f"{method} {wanted}" for route in each.about["routes"]):
            return each
    return None
