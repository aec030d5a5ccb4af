"""Which elements a change makes inconsistent, and how references follow a rename.

Facts: docs/facts/tia-operations.md#consistency. A change of a data type, or of an FB that is used as
multi-instance, changes the interfaces that contain it, and so their users.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_openness.program import references
from fake_openness.program.program import _Program

if TYPE_CHECKING:
    from fake_openness.program.elements import _Element


def spread(program: _Program, name: str) -> None:
    """Mark everything inconsistent that uses a name, and the users of what contains it in its interface."""
    pending, seen = [name], {name.casefold()}
    while pending:
        changed = pending.pop()
        for user in program.users(changed):
            if user._state.consistent:
                user._update(consistent=False)
            key = user._name.casefold()
            if key not in seen and changed.casefold() in map(str.casefold, user._state.types):
                seen.add(key)
                pending.append(user._name)


def rename(element: _Element, name: str) -> None:
    """Give an element another name; the references of consistent users follow, as they are kept by object."""
    program, old = element._plc._program, element._name
    users = [user for user in program.users(old) if user._state.consistent and user is not element]
    program.remove(element)
    element._composition()._rename(element, name)
    program.add(element)
    element._relocate()
    content = element._content()
    content.name = name
    element._write(content)
    element._update(modified=element._context.now(), consistent=False)
    for user in users:
        follow(user, old, name)
    spread(program, old)
    spread(program, name)


def follow(user: _Element, old: str, new: str) -> None:
    """Rewrite one user's references from an old name to a new one."""
    content = user._content()
    references.rename(content, old, new)
    user._write(content)
    user._update(**references.known_of(content), consistent=False)
