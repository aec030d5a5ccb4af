"""Plugins: what installed packages add to a group by entry points, imported when the group or its name is first used.

Our own members of a group have entries of the same form, in pyproject.toml and in a table of the code: a checkout without
metadata has them too, and only names that are not ours need the metadata of all packages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, Generic, TypeVar

from simatic_xml.errors import SimaticMLError

PREFIX = "simatic_engineering_api."
"""What the names of our groups begin with in pyproject.toml."""
DISTRIBUTION = "simatic-engineering-api"
NAME_PATTERN = "[a-z][a-z0-9_-]{0,49}"
"""How the names in a table are written."""
NOT_USED, FAILED = "plugin.not_used", "plugin.failed"
"""The codes of PluginError."""
_NAME = re.compile(NAME_PATTERN)
Member = TypeVar("Member")
Result = TypeVar("Result")


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

    @property
    def is_own(self) -> bool:
        """Whether it is one of ours."""
        return self.package == DISTRIBUTION

    def load(self) -> object:
        """Import its object."""
        module, _, attribute = self.target.partition(":")
        return getattr(import_module(module), attribute)

    def read(self, accept: Callable[[object, Entry], Result]) -> Result:
        """Import its object, and return what it is accepted as. What fails in our own entries is not caught.

        Raises:
            PluginError: Another package's object cannot be imported, or it is not what the group takes.
        """
        if self.is_own:
            return accept(self.load(), self)
        try:
            return accept(self.load(), self)
        except (Exception, SystemExit) as error:  # code of others fails as it likes
            raise PluginError(NOT_USED, self, f"{type(error).__name__}: {error}.") from error


class PluginError(Exception):
    """A plugin cannot be used (plugin.not_used), or it failed (plugin.failed).

    Attributes:
        code: One of these.
        message: A sentence that names its package.
    """

    def __init__(self, code: str, entry: Entry, reason: str) -> None:
        """Give the reason, the end of a sentence."""
        what = "is not used" if code == NOT_USED else "failed"
        self.code, self.message = code, f"The plugin {entry} {what}: {reason}"
        super().__init__(self.message)


def find_entries(group: str) -> list[Entry]:
    """Return the entries of other packages. It reads the metadata of all installed packages.

    Args:
        group: The name of the group, without PREFIX.
    """
    from importlib.metadata import entry_points

    found = ((each, each.dist.name if each.dist else "?") for each in entry_points(group=PREFIX + group))
    return [entry for each, package in found if not (entry := Entry(each.name, each.value, package)).is_own]


class Group(Generic[Member]):
    """What can be added in one place: our own members, and those of plugins, all loaded at the first use.

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

    @property
    def members(self) -> dict[str, Member]:
        """Return all members by their keys, our own first."""
        return self._loaded[0]

    @property
    def refused(self) -> dict[Entry, PluginError]:
        """Return why a plugin is not used, for each that is not."""
        return self._loaded[1]

    @cached_property
    def _loaded(self) -> tuple[dict[str, Member], dict[Entry, PluginError]]:
        members: dict[str, Member] = {}
        refused: dict[Entry, PluginError] = {}
        owners: dict[str, Entry] = {}
        for entry in [*(Entry(*each) for each in self.own.items()), *find_entries(self.name)]:
            try:
                added = entry.read(lambda found, entry: list(self._unpack(found, entry)))
            except PluginError as error:
                refused[entry] = error
                continue
            if taken := next(self._taken(added, owners), None):
                refused[entry] = _name_taken(entry, taken, owners[taken])
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


class Table(Generic[Member]):
    """Names that each choose one object: ours, and those of plugins. An object is imported when its name is first used."""

    def __init__(
        self,
        name: str,
        own: Mapping[str, str],
        accept: Callable[[object, Entry], Member],
        reserved: Iterable[str] = (),
    ) -> None:
        """Declare the table.

        Args:
            name: The name of its entry points, without PREFIX.
            own: The targets of our own entries by their names.
            accept: Returns the member that an entry's object is. Raises TypeError or ValueError where it is something else.
            reserved: Further names that plugins may not have.
        """
        self.name, self.own, self._accept = name, own, accept
        self._reserved = frozenset(reserved)
        self._members: dict[str, Member] = {}

    def __contains__(self, name: object) -> bool:
        """Return whether a name is ours, or one of a plugin, usable or not."""
        return name in self.own or name in self._plugins[0]

    def names(self) -> list[str]:
        """Return our names, and those of plugins, usable or not."""
        return [*self.own, *self._plugins[0]]

    def find(self, name: str) -> Member | None:
        """Return the member of a name; None where there is none.

        Raises:
            PluginError: It is the name of a plugin that cannot be used.
        """
        if name in self._members:
            return self._members[name]
        entry = Entry(name, self.own[name]) if name in self.own else self._plugins[0].get(name)
        if entry is None:
            return None
        found = self._members[name] = entry.read(self._accept)
        return found

    @property
    def refused(self) -> dict[Entry, PluginError]:
        """Return why a plugin is not used, for each that is not. It imports all plugins of the group."""
        plugins, refused = self._plugins
        found = dict(refused)
        for name, entry in plugins.items():
            try:
                self.find(name)
            except PluginError as error:
                found[entry] = error
        return found

    @cached_property
    def _plugins(self) -> tuple[dict[str, Entry], dict[Entry, PluginError]]:
        """Return the entries of plugins by name, and why others are not used."""
        plugins: dict[str, Entry] = {}
        refused: dict[Entry, PluginError] = {}
        for entry in find_entries(self.name):
            if not _NAME.fullmatch(entry.name):
                reason = "write its name in small letters, digits, _ and -, the first a letter."
                refused[entry] = PluginError(NOT_USED, entry, reason)
            elif entry.name in self._reserved:
                refused[entry] = PluginError(NOT_USED, entry, f"'{entry.name}' has a meaning already.")
            elif entry.name in self.own:
                refused[entry] = _name_taken(entry, entry.name, Entry(entry.name, self.own[entry.name]))
            elif entry.name in plugins:
                refused[entry] = _name_taken(entry, entry.name, plugins[entry.name])
            else:
                plugins[entry.name] = entry
        return plugins, refused


def _name_taken(entry: Entry, name: str, owner: Entry) -> PluginError:
    return PluginError(NOT_USED, entry, f"{owner} has the name '{name}', too.")


def accept_function(found: object, entry: Entry, require: Callable[[Any], None]) -> Callable[..., Any]:
    """Accept a function, for tables of functions. One of a plugin raises plugin.failed for what goes wrong in it.

    Args:
        found: The function.
        entry: Its entry.
        require: Raises TypeError or ValueError where an answer of the function is not what it has to return.

    Raises:
        TypeError: It cannot be called.
    """
    if not callable(found):
        msg = f"{found!r} is not a function"
        raise TypeError(msg)
    function: Callable[..., Any] = found
    if entry.is_own:
        return function

    def run(*given: Any) -> Any:
        try:
            answer = function(*given)
            require(answer)
        except SimaticMLError:
            raise
        except Exception as error:
            raise PluginError(FAILED, entry, f"{type(error).__name__}: {error}.") from error
        return answer

    return run
