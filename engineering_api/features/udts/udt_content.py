"""PLC data types as their members: read from SimaticML, and written as such. Openness has no other way.

What is read can be sent back as it is. Facts: docs/facts/openness-program.md#data-types.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

import simatic_xml
from engineering_api.features.blocks.documents import from_json, parse, without_empty
from engineering_api.operations.fields import Model, named
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Place, Problem
from openness_bridge.portal.portal import Session
from openness_bridge.program import udts
from openness_bridge.program.udts import UdtInfo
from openness_bridge.project import texts
from openness_bridge.project.texts import Text
from simatic_xml import Member, PlcType, Subelement

FLAGS = {
    "external_accessible": ("ExternalAccessible", True),
    "external_visible": ("ExternalVisible", True),
    "external_writable": ("ExternalWritable", True),
    "set_point": ("SetPoint", False),
}
"""Fields, and the attribute and default of each."""
VALUE = "Start value as TIA Portal writes it, such as 16#FF, TRUE or T#2s."


AttributeKind = Annotated[str, one_of("AttributeKind", "Boolean", "Integer", "String", "Date")]


class Element(Model):
    """Start value of one element of an array.

    Attributes:
        path: Its indices, separated by commas.
    """

    path: Annotated[str, named("Indices of the element, separated by commas.", "index")]
    start_value: Annotated[str | None, named(VALUE, "default", "defaultValue", "value")] = None
    comment: Annotated[str, named("Comment in the project's editing language.")] = ""


class Attribute(Model):
    """A further attribute of a member, by its SimaticML name.

    Attributes:
        type: Boolean, Integer, String or Date.
    """

    name: Annotated[str, named("Its name.")]
    value: Annotated[str, named("Its value as text.")]
    type: Annotated[AttributeKind, named("Boolean, Integer, String or Date.")] = "Boolean"


class UdtMember(Model):
    """A member of a data type.

    Attributes:
        data_type: A PLC data type in double quotes; Struct for one that has members itself.
        version: Version of a system type.
    """

    name: Annotated[str, named("Its name.", "memberName")]
    data_type: Annotated[str, named("Data type; a PLC data type in double quotes.", "type", "dataTypeName")] = "Struct"
    start_value: Annotated[str | int | float | bool | None, named(VALUE, "default", "defaultValue", "value")] = None
    comment: Annotated[str, named("Comment in the project's editing language.")] = ""
    comments: Annotated[list[Text], named("Comments in named languages.")] = msgspec.field(default_factory=list)
    external_accessible: Annotated[bool, named("Readable from HMI, OPC UA and web API.")] = True
    external_visible: Annotated[bool, named("Visible in HMI engineering.")] = True
    external_writable: Annotated[bool, named("Writable from HMI, OPC UA and web API.")] = True
    set_point: Annotated[bool, named("Whether it is a set point.")] = False
    version: Annotated[str | None, named("Version of a system type, such as 1.0.")] = None
    attributes: Annotated[list[Attribute], named("Further attributes.")] = msgspec.field(default_factory=list)
    elements: Annotated[list[Element], named("Values of array elements.")] = msgspec.field(default_factory=list)
    members: Annotated[list[UdtMember], named("Members of a structure.")] = msgspec.field(default_factory=list)


class Udt(Model):
    """A PLC data type with its members.

    Attributes:
        folder: Its folders, joined by /.
    """

    name: str
    is_consistent: bool
    modified_date: str | None
    folder: str
    comment: str
    comments: list[Text]
    members: list[UdtMember]


class SavedUdt(Model):
    """A data type that was made, changed or deleted.

    Attributes:
        must_compile: All blocks and data types of the PLC that must be compiled now.
    """

    name: str
    is_consistent: bool
    modified_date: str | None
    folder: str
    must_compile: list[str]


class Definition(Model):
    """What a data type consists of; None keeps the comment that it has."""

    name: str
    members: list[UdtMember]
    comment: str | None = None
    comments: list[Text] = msgspec.field(default_factory=list)


def read(session: Session, device: str, name: str) -> Udt:
    """Return a data type with its members. On the portal's thread.

    Raises:
        Problem: There is none, or it is inconsistent and cannot be read.
    """
    info = udts.describe(session, device, name)
    content = _type_of(udts.export_xml(session, device, name))
    culture = texts.editing_culture(session)
    return Udt(
        name=info.name,
        is_consistent=info.is_consistent,
        modified_date=info.modified_date,
        folder=info.folder,
        comment=content.comment.get(culture, ""),
        comments=texts.as_list(content.comment),
        members=[_member(member, culture) for member in content.members],
    )


def create(session: Session, device: str, wanted: Definition, folder: str) -> SavedUdt:
    """Make a data type in a folder, which is created if it is missing. On the portal's thread.

    Raises:
        Problem: The name is taken, or TIA Portal refuses something; then nothing is changed.
    """
    udts.require_free(session, device, wanted.name)
    xml = _xml(session, wanted)
    return report_saved(session, device, udts.import_xml(session, device, xml, folder, override=False)[0])


def update(session: Session, device: str, wanted: Definition) -> SavedUdt:
    """Replace the members of a data type, which keeps its folder. On the portal's thread.

    Raises:
        Problem: There is none, TIA Portal refuses something, or its comment is to be kept and cannot be read.
    """
    info = udts.describe(session, device, wanted.name)
    wanted = msgspec.structs.replace(wanted, name=info.name)
    has_comment = wanted.comment is not None or bool(wanted.comments)
    xml = _xml(session, wanted)
    if udts.compile_udt(session, device, info.name).is_consistent or not has_comment:
        xml = _keep_content(udts.export_xml(session, device, info.name), xml, comment=not has_comment)
    return report_saved(session, device, udts.import_xml(session, device, xml, info.folder, override=True)[0])


def _keep_content(old: bytes, new: bytes, *, comment: bool) -> bytes:
    """Return a data type with new members and its former title, attributes and, without a new one, comment."""
    document, fresh = parse(old), _type_of(new)
    for item in document.objects:
        if isinstance(item, PlcType):
            item.members, item.read_only, item.extra = fresh.members, {}, None
            item.comment = item.comment if comment else item.comment | fresh.comment
    document.header = []
    return simatic_xml.dump(document)


def report_saved(session: Session, device: str, info: UdtInfo) -> SavedUdt:
    """Return the answer to a change of a data type."""
    return SavedUdt(
        name=info.name,
        is_consistent=info.is_consistent,
        modified_date=info.modified_date,
        folder=info.folder,
        must_compile=udts.inconsistent(session, device),
    )


def require_types(kinds: Iterable[str]) -> None:
    """Refuse a file that holds anything but PLC data types.

    Raises:
        Problem: It does.
    """
    other = [kind for kind in kinds if kind != "UDT"]
    if other:
        msg = f"The file holds a {other[0]}, not only PLC data types: import it with the operation of its kind."
        raise Problem("udt.wrong_kind", msg)


def _xml(session: Session, wanted: Definition) -> bytes:
    _require_unique(wanted.members, "/members")
    culture = texts.editing_culture(session)
    comment = {each.culture: each.text for each in texts.merge(session, wanted.comment, wanted.comments)}
    members = [_json(member, culture) for member in wanted.members]
    data = {"kind": "UDT", "name": wanted.name, "comment": comment, "members": members}
    return from_json(data, session.model.version)


def _type_of(xml: bytes) -> PlcType:
    return next(item for item in parse(xml).objects if isinstance(item, PlcType))


def _require_unique(members: list[UdtMember], pointer: str) -> None:
    twice = [name for name, count in Counter(member.name.casefold() for member in members).items() if count > 1]
    if twice:
        last = max(index for index, member in enumerate(members) if member.name.casefold() == twice[0])
        msg = f"There are two members '{members[last].name}': names of members are unique, without regard to case."
        raise Problem("udt.member_twice", msg, place=Place(pointer=f"{pointer}/{last}/name"))
    for index, member in enumerate(members):
        _require_unique(member.members, f"{pointer}/{index}/members")


def _member(member: Member, culture: str) -> UdtMember:
    given = {attribute.name: attribute.value.lower() == "true" for attribute in member.attributes}
    flags = {field: given.get(name, default) for field, (name, default) in FLAGS.items()}
    return UdtMember(
        name=member.name,
        data_type=member.data_type,
        start_value=member.start_value,
        comment=member.comment.get(culture, ""),
        comments=texts.as_list(member.comment),
        version=member.version,
        attributes=_attributes(member),
        elements=[_element(each, culture) for each in member.subelements],
        members=[_member(inner, culture) for inner in member.members],
        **flags,
    )


def _attributes(member: Member) -> list[Attribute]:
    """Return the attributes that have no separate field."""
    known = {name for name, _ in FLAGS.values()}
    return [
        Attribute(name=a.name, value=a.value, type=a.type)
        for a in member.attributes
        if a.name not in known and not a.informative
    ]


def _element(element: Subelement, culture: str) -> Element:
    return Element(path=element.path, start_value=element.start_value, comment=element.comment.get(culture, ""))


def _json(member: UdtMember, culture: str) -> dict[str, Any]:
    """Return the member in the JSON form of simatic_xml."""
    comments = {each.culture: each.text for each in member.comments}
    attributes = [
        {"name": name, "value": getattr(member, field)}
        for field, (name, default) in FLAGS.items()
        if getattr(member, field) is not default
    ]
    attributes += [{"name": each.name, "value": each.value, "type": each.type} for each in member.attributes]
    default = {} if member.start_value is None else {"default": member.start_value}
    return default | without_empty(
        name=member.name,
        type="Struct" if member.members and not member.data_type else member.data_type,
        version=member.version,
        comment=comments | ({culture: member.comment} if member.comment else {}),
        attributes=attributes,
        elements={each.path: _element_json(each, culture) for each in member.elements},
        members=[_json(inner, culture) for inner in member.members],
    )


def _element_json(element: Element, culture: str) -> dict[str, Any]:
    return without_empty(default=element.start_value, comment={culture: element.comment} if element.comment else {})
