"""Reads PLC tags by table; makes, changes and deletes them one at a time.

Names are unique over all tables of a PLC, constants included. The bridge reads many tags by one export; where TIA
Portal does not export now (the PLC is online), it reads each tag. Facts:
docs/facts/openness-program.md#tags-and-constants, docs/facts/openness.md#version-gates; docs/facts/tia-rules.md#names,
docs/facts/tia-rules.md#addresses.
"""

from __future__ import annotations

from typing import Any

import msgspec

from openness_bridge import groups
from openness_bridge.attribute_values import read_together
from openness_bridge.attributes import writable
from openness_bridge.errors import Kind, Problem, not_found, refused_as
from openness_bridge.groups import Names
from openness_bridge.lookup import plc
from openness_bridge.portal.bulk import pause_gc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import tag_tables
from openness_bridge.program.tag_tables import TABLES
from openness_bridge.project import texts
from openness_bridge.project.texts import Text
from openness_bridge.values import set_attribute
from simatic_xml import Tag, TagTable

ATTRIBUTE_OF = {
    "name": "Name",
    "data_type": "DataTypeName",
    "logical_address": "LogicalAddress",
    "external_accessible": "ExternalAccessible",
    "external_visible": "ExternalVisible",
    "external_writable": "ExternalWritable",
}
"""Fields of a tag and their attributes, in the order in which they can be set."""


class TagInfo(msgspec.Struct, rename="camel", frozen=True):
    """A PLC tag.

    Attributes:
        logical_address: As TIA Portal writes it, such as %I0.0; empty where there is none.
        comment: In the project's editing language.
        comments: In all languages that have one.
        table: The tag table.
        folder: The table's folders, joined by /.
    """

    name: str
    data_type: str
    logical_address: str
    comment: str
    external_accessible: bool
    external_visible: bool
    external_writable: bool
    table: str
    folder: str
    comments: list[Text] = []


class TagChange(msgspec.Struct, frozen=True, kw_only=True):
    """The changes to a tag; None leaves a value as it is."""

    name: str | None = None
    data_type: str | None = None
    logical_address: str | None = None
    external_accessible: bool | None = None
    external_visible: bool | None = None
    external_writable: bool | None = None
    comments: list[Text] = []


@pause_gc()
def tags_of(session: Session, device: str, table: str) -> list[TagInfo]:
    """Return the tags of a table."""
    return _tags(session, device, *tag_tables.find(session, device, table))


@pause_gc()
def all_tags(session: Session, device: str) -> list[TagInfo]:
    """Return the tags of all tables of a PLC."""
    tables = list(groups.walk(plc(session, device).TagTableGroup, TABLES))
    return [tag for table, folder in tables for tag in _tags(session, device, table, folder)]


def find(session: Session, device: str, table: str, name: str) -> tuple[Any, Any, Names]:
    """Return a tag, its table and the table's folders.

    Raises:
        Problem: No such table, or no such tag in it.
    """
    holder, folder = tag_tables.find(session, device, table)
    tag = holder.Tags.Find(name)
    if tag is None:
        known = (str(each.Name) for each in holder.Tags)
        raise not_found("tag", name, known, device=device, table=str(holder.Name))
    return tag, holder, folder


def describe(session: Session, device: str, table: str, name: str) -> TagInfo:
    """Return the known facts about a tag."""
    tag, holder, folder = find(session, device, table, name)
    return _read_tag(session, tag, str(holder.Name), folder)


def create(session: Session, device: str, table: str | None, wanted: TagChange) -> TagInfo:
    """Make a tag.

    Args:
        session: The portal.
        device: The PLC.
        table: The table; the PLC's default table for None.
        wanted: The tag; it needs a name and a data type.

    Raises:
        Problem: The name is used in this PLC, or TIA Portal refuses a value; then nothing is changed.
    """
    name = wanted.name or ""
    holder, folder = tag_tables.find_or_default(session, device, table)
    where = str(holder.Name)
    require_free(session, device, name)
    with transaction(session, f"Create {name}"), refused_as("tag.refused", Kind.REFUSED, device=device, table=where):
        made = holder.Tags.Create(name)
        _set(session, made, wanted)
    return _read_tag(session, made, where, folder)


def update(session: Session, device: str, table: str, name: str, change: TagChange) -> TagInfo:
    """Change a tag. Before V20 a rename makes a new tag and deletes the old one.

    Raises:
        Problem: No such tag, the new name is used, or TIA Portal refuses a value; then nothing is changed.
    """
    tag, holder, folder = find(session, device, table, name)
    where = str(holder.Name)
    if change.name is not None and change.name.casefold() != str(tag.Name).casefold():
        require_free(session, device, change.name)
    with transaction(session, f"Change {name}"), refused_as("tag.refused", Kind.REFUSED, device=device, table=where):
        if change.name not in {None, str(tag.Name)} and not writable(session, tag, "Name"):
            tag = _rename(session, tag, holder, str(change.name))
        _set(session, tag, change)
    return _read_tag(session, tag, where, folder)


def delete(session: Session, device: str, table: str, name: str) -> TagInfo:
    """Delete a tag; returns the deleted tag."""
    tag, holder, folder = find(session, device, table, name)
    gone = _read_tag(session, tag, str(holder.Name), folder)
    with refused_as("tag.delete_refused", Kind.CONFLICT, device=device, table=gone.table, object=name):
        tag.Delete()
    return gone


def require_free(session: Session, device: str, name: str) -> None:
    """Refuse a name that a tag or user constant of the PLC has.

    Raises:
        Problem: It is used.
    """
    for table, _ in groups.walk(plc(session, device).TagTableGroup, TABLES):
        for kind, rows in (("tag", table.Tags), ("constant", table.UserConstants)):
            if rows.Find(name) is not None:
                msg = f"The table '{table.Name}' has a {kind} '{name}' already: choose another name."
                raise Problem(f"{kind}.exists", msg, kind=Kind.CONFLICT).at(
                    device=device, table=str(table.Name), object=name
                )


def _tags(session: Session, device: str, table: Any, folder: Names) -> list[TagInfo]:
    if not table.Tags.Count:
        return []
    where = str(table.Name)
    try:
        return list_exported(session, tag_tables.content(session, device, table), where, folder)
    except Problem:
        return [_read_tag(session, tag, where, folder) for tag in table.Tags]


def list_exported(session: Session, content: TagTable, table: str, folder: Names) -> list[TagInfo]:
    """Return the tags of an exported table."""
    culture, path = texts.editing_culture(session), groups.join(folder)
    return [_info(tag, culture, table, path) for tag in content.tags]


def _info(tag: Tag, culture: str, table: str, folder: str) -> TagInfo:
    return TagInfo(
        name=tag.name,
        data_type=tag.data_type,
        logical_address=tag.address,
        comment=tag.comment.get(culture, ""),
        external_accessible=tag.external_accessible is not False,
        external_visible=tag.external_visible is not False,
        external_writable=tag.external_writable is not False,
        table=table,
        folder=folder,
        comments=texts.as_list(tag.comment),
    )


def _read_tag(session: Session, tag: Any, table: str, folder: Names) -> TagInfo:
    name, data_type, address, accessible, visible, writable_ = read_together(session, tag, *ATTRIBUTE_OF.values())
    comment = texts.read(tag.Comment)
    read = Tag(str(name), str(data_type), str(address), comment, bool(accessible), bool(visible), bool(writable_))
    return _info(read, texts.editing_culture(session), table, groups.join(folder))


def _rename(session: Session, tag: Any, table: Any, name: str) -> Any:
    """Return a tag with the values of another under a new name, in place of it."""
    values = {field: getattr(tag, attribute) for field, attribute in ATTRIBUTE_OF.items() if field != "name"}
    content = TagChange(**values, comments=texts.as_list(texts.read(tag.Comment)))
    tag.Delete()  # first, because the new name may be the old one in another spelling
    made = table.Tags.Create(name)
    _set(session, made, content)
    return made


def _set(session: Session, tag: Any, change: TagChange) -> None:
    """Set the given values, each refusal with a separate code; the width of an address depends on the data type."""
    for field, attribute in ATTRIBUTE_OF.items():
        value = getattr(change, field)
        if value is not None and getattr(tag, attribute) != value:
            with refused_as(f"tag.{field}_refused"):
                set_attribute(session.model, tag, attribute, value)
    if change.comments:
        texts.write(session.model, tag.Comment, change.comments)
