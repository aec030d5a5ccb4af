"""What a program uses and no file declares: each name once, with its users, in place of a finding for each use."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engineering_api.features.program_check.program import Content
from simatic_xml.program.diagnostics import Diagnostic
from simatic_xml.program.workspace import Workspace
from simatic_xml.scl_cli.findings import finding_of

_QUOTED = re.compile(r"""['"]([^'"]+)['"]""")
_NUMBERED = re.compile(r"no data block with the number (\d+)")
_NAMES_SOMETHING = frozenset({"name.undefined", "type.unknown", "call.unknown", "type.bounds", "instance.unknown"})


@dataclass(frozen=True, slots=True)
class Use:
    """Who uses a name.

    Attributes:
        object: The block, data type or tag.
        file: Its file; empty for a tag.
        line: Line of the first use in the file, from 1; 1 where it is not known.
        column: Column of the first use, from 1.
    """

    object: str
    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class MissingName:
    """A name that nothing declares.

    Attributes:
        name: As the program writes it.
        uses: How often the compiler met it.
        used_by: The objects that use it.
    """

    name: str
    uses: int
    used_by: tuple[Use, ...]


def split_missing(
    workspace: Workspace, found: Sequence[Diagnostic], owners: Mapping[str, Content]
) -> tuple[list[MissingName], list[Diagnostic]]:
    """Return the missing names, and the findings that are about something else.

    Args:
        workspace: The program.
        found: What the compiler found in it.
        owners: The file of each block and data type, by its casefolded name.
    """
    undeclared = workspace.undeclared()
    spelled: dict[str, str] = {}
    users: dict[str, dict[str, Diagnostic]] = defaultdict(dict)
    counts: dict[str, int] = defaultdict(int)
    rest: list[Diagnostic] = []
    for each in found:
        name = _find_name(each.message, undeclared)
        if each.code not in _NAMES_SOMETHING or not name:
            rest.append(each)
            continue
        key = name.casefold()
        spelled.setdefault(key, name)
        users[key].setdefault(each.place.block, each)
        counts[key] += 1
    names = [
        MissingName(spelled[key], counts[key], tuple(_use(*each, owners) for each in users[key].items()))
        for key in sorted(users)
    ]
    return names, rest


def _find_name(message: str, undeclared: set[str]) -> str:
    """Return the missing object that a message names, by its name or as `DB5`; empty for none."""
    if numbered := _NUMBERED.search(message):
        return f"DB{numbered[1]}"
    return next((text for text in _QUOTED.findall(message) if text.casefold() in undeclared), "")


def _use(name: str, found: Diagnostic, owners: Mapping[str, Content]) -> Use:
    owner = owners.get(name.casefold())
    if owner is None:
        return Use(name, "")
    place = finding_of(owner.given, found)
    return Use(name, owner.given.name, place.line, place.column)
