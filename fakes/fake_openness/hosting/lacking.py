"""Types that the real TIA Portal has and the simulated one lacks: a program imports them, and their use is noted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fake_dotnet import missing
from fake_dotnet.system import NetEnum
from fake_openness.core import reflection


class _Lacking(type):
    """The type of such types."""

    _UNKNOWN = True

    def __getattr__(cls, name: str) -> Any:
        missing.report(cls, name)
        msg = f"type object '{cls.__name__}' has no attribute '{name}' in the simulated TIA Portal"
        raise AttributeError(msg)

    def __call__(cls, *_: Any, **__: Any) -> Any:
        missing.report(cls, "")
        msg = f"the simulated TIA Portal has no {cls.__name__}"
        raise TypeError(msg)


def lacking_type(name: str) -> type[Any]:
    """Return a type that has no member and no objects."""
    return _Lacking(name, (), {"__module__": __name__})


def listed(kind: reflection.Type) -> Callable[[], type[Any]]:
    """Return a function that makes a type that is known by the list of types only: an enum has its members."""
    return partial(_enum, kind) if kind.IsEnum and kind._members() else partial(lacking_type, kind.Name)


def _enum(kind: reflection.Type) -> type[NetEnum]:
    members = {f"{each._name}_" if each._name == "None" else each._name: int(each) for each in kind._members()}
    enum: Any = NetEnum
    made: type[NetEnum] = enum(kind.Name, members)
    return made
