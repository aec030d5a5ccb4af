"""Plugins: what installed packages add to a group by entry points, imported when the group is first used.

Our own members of a group have entries of the same form, in pyproject.toml and in a table of the code: a checkout without
metadata has them too, and `Group` need not read the metadata of all packages to find them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Generic, TypeVar

PREFIX = "simatic_engineering_api."
"""What the names of our groups begin with in pyproject.toml."""
DISTRIBUTION = "simatic-engineering-api"
Member = TypeVar("Member")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry point.

    Attributes:
        target: Where its object is, as "module:attribute".
        package: The name of the package that declares it.
    """

    name: str
    target: str
    package: str = DISTRIBUTION

    def __str__(self) -> str:
        """Name it for a message."""
        return f"'{self.name}' ({self.target}) of the package {self.package}"

    def load(self) -> object:
        """Import its object."""
        module, _, attribute = self.target.partition(":")
        return getattr(import_module(module), attribute)


class Group(Generic[Member]):
    """What can be added in one place: our own members, and those of plugins.

    A plugin that cannot be used is named in `refused`, and changes nothing else.
    """

    def __init__(
        self,
        name: str,
        own: Mapping[str, str],
        unpack: Callable[[object, Entry], Iterable[Member]],
        keys: Callable[[Member], tuple[str, ...]],
    ) -> None:
        """Declare the group.

        Args:
            name: The name of its entry points, without PREFIX.
            own: The targets of our own entries by their names.
            unpack: Returns the members that an entry's object is. Raises TypeError or ValueError where it is something else.
            keys: Returns the names of a member, which no other member may have; the first one is its key.
        """
        self.name, self.own, self._unpack, self._keys = name, own, unpack, keys

    def others(self) -> list[Entry]:
        """Return the entries of other packages. It reads the metadata of all installed packages."""
        from importlib.metadata import entry_points

        found = ((each, each.dist.name if each.dist else "?") for each in entry_points(group=PREFIX + self.name))
        return [Entry(each.name, each.value, package) for each, package in found if package != DISTRIBUTION]

    @property
    def members(self) -> dict[str, Member]:
        """Return all members by their keys, our own first."""
        return self._loaded[0]

    @property
    def refused(self) -> dict[Entry, str]:
        """Return a sentence for each plugin that is not used."""
        return self._loaded[1]

    @cached_property
    def _loaded(self) -> tuple[dict[str, Member], dict[Entry, str]]:
        members: dict[str, Member] = {}
        refused: dict[Entry, str] = {}
        owners: dict[str, Entry] = {}
        for entry in (Entry(*each) for each in self.own.items()):
            self._add(self._unpack(entry.load(), entry), entry, members, owners)
        for entry in self.others():
            try:
                added = list(self._unpack(entry.load(), entry))
                taken = next(self._taken(added, owners), None)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - code of others fails as it likes
                refused[entry] = f"The plugin {entry} is not used: {type(error).__name__}: {error}."
                continue
            if taken:
                refused[entry] = f"The plugin {entry} is not used: {owners[taken]} has the name '{taken}', too."
            else:
                self._add(added, entry, members, owners)
        return members, refused

    def _add(self, added: Iterable[Member], entry: Entry, members: dict[str, Member], owners: dict[str, Entry]) -> None:
        for each in added:
            keys = self._keys(each)
            members[keys[0]] = each
            owners |= dict.fromkeys(map(str.casefold, keys), entry)

    def _taken(self, added: Iterable[Member], owners: Mapping[str, Entry]) -> Iterator[str]:
        return (key for each in added for key in map(str.casefold, self._keys(each)) if key in owners)
