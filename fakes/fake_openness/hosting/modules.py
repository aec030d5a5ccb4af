"""Modules of namespaces, as pythonnet makes them, and the finder that imports them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from fake_dotnet import missing
from fake_openness.hosting.lacking import lacking_type
from fake_openness.hosting.ledger import Ledger

ROOTS = ("clr", "System", "Siemens", "pythonnet", "clr_loader")


class Namespace(ModuleType):
    """A .NET namespace as a module; a type that it does not have is noted."""

    def __init__(self, name: str, types: Mapping[str, Any], ledger: Ledger) -> None:
        """Hold the types."""
        super().__init__(name)
        self.__path__: list[str] = []
        self.__all__ = list(types)
        self.__dict__.update(types)
        self._ledger, self._later = ledger, dict[str, Callable[[], Any]]()

    def add(self, name: str, make: Callable[[], Any]) -> None:
        """Add a type that is made when a program asks for it."""
        if name not in self._later:
            self._later[name] = make
            self.__all__.append(name)

    def __getattr__(self, name: str) -> Any:
        """Return a type that was added or that only the real TIA Portal has; refuse what that does not have either.

        Raises:
            AttributeError: There is no such type.
        """
        if not name[:1].isupper():
            msg = f"module '{self.__name__}' has no attribute '{name}'"
            raise AttributeError(msg)
        if name in self._later or self._ledger.has_type(f"{self.__name__}.{name}"):
            make = self._later.get(name)
            made = lacking_type(name) if make is None else make()
            setattr(self, name, made)
            return made
        missing.report(self.__name__, name)
        msg = f"module '{self.__name__}' has no attribute '{name}'"
        raise AttributeError(msg)


class _Watch:
    """The last finder: notes imports of namespaces that do not exist."""

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: Any = None) -> ModuleSpec | None:
        parent, _, last = name.rpartition(".")
        if parent and isinstance(sys.modules.get(parent), Namespace):
            missing.report(parent, last)
        return None


@contextmanager
def imported(modules: Mapping[str, ModuleType]) -> Iterator[None]:
    """Let programs import modules within the block; modules of these names that are there already come back afterwards."""
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in ROOTS}
    watch = _Watch()
    for name in kept:
        del sys.modules[name]
    show(modules)
    sys.meta_path.append(watch)
    try:
        yield
    finally:
        sys.meta_path.remove(watch)
        for name in [name for name in sys.modules if name.partition(".")[0] in ROOTS]:
            del sys.modules[name]
        sys.modules.update(kept)


def show(modules: Mapping[str, ModuleType]) -> None:
    """Put modules where an import finds them, each also as an attribute of the one above it."""
    for name in sorted(modules):
        sys.modules[name] = modules[name]
        parent, _, last = name.rpartition(".")
        if parent in sys.modules:
            setattr(sys.modules[parent], last, modules[name])
