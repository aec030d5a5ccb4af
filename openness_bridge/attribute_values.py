"""Reads attributes that only some objects have: in one call where that works, else one by one.

Which attributes there are depends on the type of module, and one unknown or
unreadable name fails a whole call. Facts: docs/facts/openness.md#attributes-and-services.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from openness_bridge.errors import from_openness
from openness_bridge.portal.portal import Session
from openness_bridge.values import enum_name, strings, with_attributes

Scalar = str | int | float | bool | None


def names(session: Session, obj: Any) -> list[str]:
    """Return the names of all attributes of an object."""
    infos = with_attributes(session.model, obj).GetAttributeInfos()
    return [str(info.Name) for info in infos if "Read" in enum_name(info.AccessMode)]


def read(session: Session, obj: Any, wanted: Iterable[str]) -> dict[str, Any]:
    """Return those of the wanted attributes that the object has and gives.

    Not inside a transaction: an attribute that cannot be read would undo it.
    """
    offered = set(names(session, obj))
    asked = [name for name in wanted if name in offered]
    if not asked:
        return {}
    try:
        return dict(zip(asked, read_together(session, obj, *asked), strict=True))
    except Exception as error:
        if from_openness(error) is None:
            raise
    return dict(_read_singly(with_attributes(session.model, obj), asked))


def read_together(session: Session, obj: Any, *wanted: str) -> list[Any]:
    """Return attributes that every object of a type has, in one call: each call goes to another process and back."""
    return list(with_attributes(session.model, obj).GetAttributes(strings(session.model, wanted)))


def scalar(value: Any) -> Scalar:
    """Return an attribute's value as JSON has it: enums by their names."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return enum_name(value)


def box(session: Session, value: Scalar) -> Any:
    """Return a value as SetAttribute wants it: a bare number would arrive as an object of Python."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return session.model.Int32(value) if is_number else value


def is_scalar(value: Any) -> bool:
    """Return whether a value is text, a number, a truth value or an enum rather than an object of the model."""
    return isinstance(value, bool | int | float | str) or (hasattr(value, "ToString") and hasattr(value, "__int__"))


def _read_singly(obj: Any, asked: list[str]) -> Iterator[tuple[str, Any]]:
    for name in asked:
        try:
            yield name, obj.GetAttribute(name)
        except Exception as error:
            if from_openness(error) is None:
                raise
