"""Constants of a tag table: those of the user, which can be changed, and those of the system, which cannot.

TIA Portal has no setter for the value of a constant in the versions that are
documented, so the bridge deletes a changed one and makes it again in one step where its attributes are read-only.
Facts: docs/facts/openness-program.md#tags-and-constants.
"""

from __future__ import annotations

from typing import Any

import msgspec

from openness_bridge.attributes import writable
from openness_bridge.errors import Kind, Problem, not_found, refused_as
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import tag_tables, tags
from openness_bridge.project import texts
from openness_bridge.project.texts import Text
from openness_bridge.values import set_attribute


class ConstantInfo(msgspec.Struct, rename="camel", frozen=True):
    """A constant.

    Attributes:
        value: As TIA Portal writes it, such as 16#FF or T#2s.
        comment: In the project's editing language.
        is_system: Whether it is a system constant, which cannot be changed.
    """

    name: str
    data_type: str
    value: str
    comment: str
    table: str
    is_system: bool
    comments: list[Text] = []


class ConstantChange(msgspec.Struct, frozen=True, kw_only=True):
    """The changes to a constant; None leaves a value as it is."""

    name: str | None = None
    data_type: str | None = None
    value: str | None = None
    comments: list[Text] = []


def user_constants(session: Session, device: str, table: str) -> list[ConstantInfo]:
    """Return the user constants of a table."""
    holder, _ = tag_tables.find(session, device, table)
    culture, where = texts.editing_culture(session), str(holder.Name)
    return [_user(constant, where, culture) for constant in holder.UserConstants]


def system_constants(session: Session, device: str, table: str) -> list[ConstantInfo]:
    """Return the system constants of a table; only the default table has any."""
    holder, _ = tag_tables.find(session, device, table)
    where = str(holder.Name)
    return [
        ConstantInfo(str(c.Name), str(c.DataTypeName), str(c.Value), "", where, True) for c in holder.SystemConstants
    ]


def find(session: Session, device: str, table: str, name: str) -> tuple[Any, Any]:
    """Return a user constant and its table.

    Raises:
        Problem: No such table, no such constant in it, or a system constant.
    """
    holder, _ = tag_tables.find(session, device, table)
    constant = holder.UserConstants.Find(name)
    if constant is not None:
        return constant, holder
    if holder.SystemConstants.Find(name) is not None:
        msg = f"'{name}' is a system constant, which cannot be changed: change the object that it identifies."
        raise Problem("constant.system", msg, kind=Kind.CONFLICT).at(device=device, table=str(holder.Name), object=name)
    raise not_found("constant", name, device=device, table=str(holder.Name))


def describe(session: Session, device: str, table: str, name: str) -> ConstantInfo:
    """Return the known facts about a user constant."""
    constant, holder = find(session, device, table, name)
    return _user(constant, str(holder.Name), texts.editing_culture(session))


def create(session: Session, device: str, table: str, wanted: ConstantChange) -> ConstantInfo:
    """Make a user constant.

    Raises:
        Problem: The name is used in this PLC, or TIA Portal refuses a value; then nothing is changed.
    """
    name = wanted.name or ""
    holder, _ = tag_tables.find(session, device, table)
    where = str(holder.Name)
    tags.require_free(session, device, name)
    with (
        transaction(session, f"Create {name}"),
        refused_as("constant.refused", Kind.REFUSED, device=device, table=where),
    ):
        made = holder.UserConstants.Create(name, wanted.data_type or "Int", wanted.value or "0")
        texts.write(session.model, made.Comment, wanted.comments)
    return _user(made, where, texts.editing_culture(session))


def update(session: Session, device: str, table: str, name: str, change: ConstantChange) -> ConstantInfo:
    """Change a user constant.

    Raises:
        Problem: No such constant, the new name is used, or TIA Portal refuses a value; then nothing is changed.
    """
    constant, holder = find(session, device, table, name)
    where = str(holder.Name)
    if change.name is not None and change.name.casefold() != str(constant.Name).casefold():
        tags.require_free(session, device, change.name)
    wanted = {"Name": change.name, "DataTypeName": change.data_type, "Value": change.value}
    different = {key: value for key, value in wanted.items() if value not in {None, str(getattr(constant, key))}}
    with (
        transaction(session, f"Change {name}"),
        refused_as("constant.refused", Kind.REFUSED, device=device, table=where),
    ):
        if all(writable(session, constant, attribute) for attribute in different):
            for attribute, value in different.items():
                set_attribute(session.model, constant, attribute, value)
        else:
            constant = _recreate(session, constant, holder, different)
        texts.write(session.model, constant.Comment, change.comments)
    return _user(constant, where, texts.editing_culture(session))


def delete(session: Session, device: str, table: str, name: str) -> ConstantInfo:
    """Delete a user constant; returns the deleted constant."""
    constant, holder = find(session, device, table, name)
    gone = _user(constant, str(holder.Name), texts.editing_culture(session))
    with refused_as("constant.delete_refused", Kind.CONFLICT, device=device, table=gone.table, object=name):
        constant.Delete()
    return gone


def _recreate(session: Session, constant: Any, table: Any, different: dict[str, str]) -> Any:
    values = [str(different.get(key) or getattr(constant, key)) for key in ("Name", "DataTypeName", "Value")]
    comments = texts.as_list(texts.read(constant.Comment))
    constant.Delete()
    made = table.UserConstants.Create(*values)
    texts.write(session.model, made.Comment, comments)
    return made


def _user(constant: Any, table: str, culture: str) -> ConstantInfo:
    comment = texts.read(constant.Comment)
    return ConstantInfo(
        str(constant.Name),
        str(constant.DataTypeName),
        str(constant.Value),
        comment.get(culture, ""),
        table,
        False,
        texts.as_list(comment),
    )
