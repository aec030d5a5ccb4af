"""Packages whose names are imported when they are used: a command that needs one part does not wait for the others."""

import sys
from importlib import import_module

TYPE_CHECKING = False
"""As typing.TYPE_CHECKING; the imports of typing and types would take longer than all of this module."""
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType
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


def by_module(**names: str) -> dict[str, str]:
    """Return the homes of names: `by_module(files="dump load")` gives `{"dump": "files", "load": "files"}`.

    A double underscore in a module's name is a dot.
    """
    return {name: module.replace("__", ".") for module, listed in names.items() for name in listed.split()}
