"""Values that an export leaves out, or writes out, depending on ExportOptions.

Facts: docs/facts/simaticml.md#export-settings (None and WithDefaults).
"""

from __future__ import annotations

from collections.abc import Iterator

from fake_openness.core.versions import TiaVersion
from simatic_xml.model import Block, Member, MemberAttribute, PlcType, Section, Tag

_HEADER = {"HeaderAuthor": "", "HeaderFamily": "", "HeaderName": "", "HeaderVersion": "0.1"}
_CODE = _HEADER | {"IsIECCheckEnabled": "false"}
_UDA = {"UDABlockProperties": "", "UDAEnableTagReadback": "false"}
_ATTRIBUTES: dict[str, dict[str, str]] = {
    "OB": _CODE,
    "FC": _CODE | _UDA,
    "FB": _CODE | _UDA | {"IsRetainMemResEnabled": "false"},
    "GlobalDB": _HEADER | {"IsOnlyStoredInLoadMemory": "false", "IsWriteProtectedInAS": "false"},
    "ArrayDB": _HEADER | {"IsOnlyStoredInLoadMemory": "false", "IsWriteProtectedInAS": "false"},
    "InstanceDB": _HEADER,
    "TechnologicalInstanceDB": {},
    "UDT": {"IsFailsafeCompliant": "false"},
}
_ACCESSIBLE = {"DBAccessibleFromOPCUA": "15", "DBAccessibleFromWebserver": "17"}
_EXTERNAL = ("ExternalAccessible", "ExternalVisible", "ExternalWritable")
_PARAMETERS = frozenset({"Input", "Output", "InOut"})
_OWN_DATA = {"FB", "GlobalDB", "InstanceDB", "TechnologicalInstanceDB"}


def attribute_defaults(kind: str, version: TiaVersion) -> dict[str, str]:
    """Return the AttributeList entries of a kind that have a default, with it."""
    found = dict(_ATTRIBUTES[kind])
    if kind.endswith("DB"):
        found |= {name: "true" for name, since in _ACCESSIBLE.items() if version.has(since)}
    return found


def fill(content: Block | PlcType, version: TiaVersion, cultures: list[str]) -> None:
    """Write every default out, as WithDefaults does."""
    content.attributes = attribute_defaults(content.kind, version) | content.attributes
    content.title = {culture: content.title.get(culture, "") for culture in cultures} | content.title
    content.comment = {culture: content.comment.get(culture, "") for culture in cultures} | content.comment
    if isinstance(content, Block):
        content.auto_number = True if content.auto_number is None else content.auto_number
        for network in content.networks:
            network.title = {culture: network.title.get(culture, "") for culture in cultures} | network.title
            network.comment = {culture: network.comment.get(culture, "") for culture in cultures} | network.comment
    for section, member, top in _members(content):
        _fill_member(content, section, member, top=top, version=version)


def strip(content: Block | PlcType, version: TiaVersion) -> None:
    """Leave every default out, as the option None does."""
    defaults = attribute_defaults(content.kind, version)
    content.attributes = {n: v for n, v in content.attributes.items() if defaults.get(n) != v}
    content.title = {culture: text for culture, text in content.title.items() if text}
    content.comment = {culture: text for culture, text in content.comment.items() if text}
    if isinstance(content, Block):
        content.auto_number = None if content.auto_number else content.auto_number
    for _, member, _ in _members(content):
        _strip_member(member)


def fill_tag(tag: Tag, cultures: list[str]) -> None:
    """Write a tag's defaults out."""
    tag.external_accessible = tag.external_accessible is not False
    tag.external_visible = tag.external_visible is not False
    tag.external_writable = tag.external_writable is not False
    tag.comment = {culture: tag.comment.get(culture, "") for culture in cultures} | tag.comment


def strip_tag(tag: Tag) -> None:
    """Leave a tag's defaults out."""
    tag.external_accessible = None if tag.external_accessible else tag.external_accessible
    tag.external_visible = None if tag.external_visible else tag.external_visible
    tag.external_writable = None if tag.external_writable else tag.external_writable
    if "" in tag.comment.values():
        tag.comment = {culture: text for culture, text in tag.comment.items() if text}


def _members(content: Block | PlcType) -> Iterator[tuple[str, Member, bool]]:
    for section in [Section("None", content.members)] if isinstance(content, PlcType) else content.interface:
        for member in section.members:
            yield section.name, member, True
            yield from _walk_nested(section.name, member)


def _walk_nested(section: str, member: Member) -> Iterator[tuple[str, Member, bool]]:
    for inner in member.members:
        yield section, inner, False
        yield from _walk_nested(section, inner)


def _fill_member(content: Block | PlcType, section: str, member: Member, *, top: bool, version: TiaVersion) -> None:
    names = _external_names(content.kind, section)
    present = {attribute.name: attribute for attribute in member.attributes}
    if names:
        known = [present.get(name) or MemberAttribute(name, _member_default(name)) for name in names]
        member.attributes = known + [a for a in member.attributes if a.name not in names]
    if top and isinstance(content, Block):
        if version.has("18") and section != "Temp":
            member.accessibility = member.accessibility or "Public"
        if section in _PARAMETERS | {"Static"} and content.kind in _OWN_DATA and section != "InOut":
            member.remanence = member.remanence or "NonRetain"


def _strip_member(member: Member) -> None:
    member.attributes = [a for a in member.attributes if a.informative or a.value.lower() != _member_default(a.name)]
    member.accessibility = None if member.accessibility == "Public" else member.accessibility
    member.remanence = None if member.remanence == "NonRetain" else member.remanence
    member.comment = {culture: text for culture, text in member.comment.items() if text}


def _external_names(kind: str, section: str) -> tuple[str, ...]:
    if kind == "UDT" or (section == "Static" and kind in _OWN_DATA):
        return (*_EXTERNAL, "SetPoint")
    return _EXTERNAL if kind in _OWN_DATA and section in _PARAMETERS else ()


def _member_default(name: str) -> str:
    if name in _EXTERNAL:
        return "true"
    return "false" if name == "SetPoint" else ""
