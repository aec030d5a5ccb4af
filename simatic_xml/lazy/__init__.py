"""Packages and modules that are imported when they are used: a command that needs one part does not wait for the others."""

import sys
from importlib import import_module

TYPE_CHECKING = False
"""As typing.TYPE_CHECKING; the imports of typing and types would take longer than all of this module."""
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType
    from typing import Any
else:
    ModuleType = type(sys)


def import_on_use(package: str, homes: "Mapping[str, str]") -> None:
    """Let a package import its names on first use.

    A function may have the name of its module: the import of the module then does not replace it.

    Args:
        package: Its name, whose module is being imported.
        homes: The module in the package that each name comes from.
    """

    class Package(ModuleType):
        """The package."""

        def __getattr__(self, name: str) -> object:
            if name not in homes:
                msg = f"module '{package}' has no attribute '{name}'"
                raise AttributeError(msg)
            found: object = getattr(import_module(f"{package}.{homes[name]}"), name)
            self.__dict__[name] = found
            return found

        def __setattr__(self, name: str, value: object) -> None:
            if name not in homes or not isinstance(value, ModuleType):
                super().__setattr__(name, value)

    sys.modules[package].__class__ = Package


def import_later(module: str) -> "Any":
    """Return a module that is imported when an attribute of it is first used.

    It takes the place of an import at the top of a module, under `if TYPE_CHECKING` and `else`.

    Args:
        module: Its full name.
    """
    return _Later(module)


class _Later(ModuleType):
    """A module that is imported later. The import system lets one thread import it, and the others wait."""

    def __getattr__(self, name: str) -> object:
        found: object = getattr(import_module(self.__name__), name)
        return found


def by_module(**names: str) -> dict[str, str]:
    """Return the homes of names: `by_module(files="dump load")` gives `{"dump": "files", "load": "files"}`.

    A double underscore in a module's name is a dot.
    """
    return {name: module.replace("__", ".") for module, listed in names.items() for name in listed.split()}
