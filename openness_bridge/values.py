"""Converts values into .NET as pythonnet requires, and back.

The only adapter between Python values and the object model. The stand-in requires the same. Facts: measured under
pythonnet 3.2.1 (docs/facts/pythonnet.md#arguments-and-results).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from openness_bridge.errors import Kind, Problem
from openness_bridge.model import Model

_OFFSET = re.compile(r"[+-]\d\d:\d\d$")
"""How the format "o" ends for a local time; a time of no kind has no end, UTC has Z."""


def fi(model: Model, path: str | Path) -> Any:
    """Return a FileInfo."""
    return model.FileInfo(str(path))


def di(model: Model, path: str | Path) -> Any:
    """Return a DirectoryInfo."""
    return model.DirectoryInfo(str(path))


def enum(model: Model, type_name: str, member: str) -> Any:
    """Return an enum's member by name."""
    return getattr(getattr(model, type_name), member)


def enum_name(value: Any) -> str:
    """Return the name of an enum value."""
    return str(value.ToString())


def strings(model: Model, items: Iterable[str]) -> Any:
    """Return a list of strings, as IEnumerable[String] wants it."""
    return net_list(model, "String", items)


def net_list(model: Model, type_name: str, items: Iterable[Any]) -> Any:
    """Return a .NET list of the given element type."""
    made = model.List[getattr(model, type_name)]()
    for item in items:
        made.Add(item)
    return made


def enum_names(model: Model, value: Any) -> list[str]:
    """Return the names of all members of the enum that a value is of."""
    return [str(name) for name in model.Enum.GetNames(value.GetType())]


def enum_like(value: Any, member: str) -> Any:
    """Return another member of the enum that a value is of, by its name."""
    return getattr(type(value), member)


def delegate(model: Model, type_name: str, function: Callable[..., None]) -> Any:
    """Return a delegate that calls a function."""
    return getattr(model, type_name)(function)


def secure(model: Model, text: str) -> Any:
    """Return a SecureString, filled character by character."""
    made = model.SecureString()
    for character in text:
        made.AppendChar(character)
    return made


def service(obj: Any, kind: Any) -> Any:
    """Return the service of that type, or None where the object does not offer it."""
    return obj.GetService[kind]()


def moment(value: Any) -> str | None:
    """Return a DateTime as ISO 8601 in UTC.

    A local time is converted. One whose kind is not specified is UTC, as all dates of Openness
    (docs/facts/openness.md#threads-and-calls).
    """
    if value is None:
        return None
    text = str(value.ToString("o"))
    if _OFFSET.search(text):
        text = str(value.ToUniversalTime().ToString("o"))
    return text if text.endswith("Z") else f"{text}Z"


def with_attributes(model: Model, obj: Any) -> Any:
    """Return an object by the interface for attributes by name; up to V16 only that shows those methods."""
    return model.IEngineeringObject(obj)


def set_attribute(model: Model, obj: Any, name: str, value: Any) -> None:
    """Write an attribute by a method, because the setter of a property must never be used.

    pythonnet holds Python's lock in a setter. A dialog that comes up meanwhile could not be answered, and the whole service
    would stop. Facts: docs/facts/pythonnet.md#threads.

    Args:
        model: The object model.
        obj: The object.
        name: The attribute; each property is one.
        value: A text, truth value or enum of the object model, or a number made by `boxed`.
    """
    with_attributes(model, obj).SetAttribute(name, value)


def boxed(model: Model, type_name: str, number: float) -> Any:
    """Return a number as a .NET integer of the attribute's type, such as UInt32.

    Raises:
        Problem: The number is no integer.
    """
    if int(number) != number:
        raise Problem("value.not_whole", f"{number} must be a whole number.", kind=Kind.INVALID)
    return getattr(model, type_name)(int(number))


def implementation(obj: Any) -> Any:
    """Return the object behind an interface wrapper; any other object itself."""
    return getattr(obj, "__implementation__", obj)
