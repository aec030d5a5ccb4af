"""Interface sections and members in JSON."""

from typing import Any

from simatic_xml.json_form.reader import Reader
from simatic_xml.json_form.texts import Cultures, Json, put, put_rest
from simatic_xml.model import Member, MemberAttribute, Section, Subelement


def member_to_json(member: Member, cultures: Cultures) -> Json:
    """Return a member: name, type, default value and comment first, the rest where it is there."""
    result: Json = {"name": member.name, "type": member.data_type}
    put(result, version=member.version)
    if member.start_value is not None:
        result["default"] = member.start_value
    cultures.put_comment(result, member.comment)
    put(
        result,
        remanence=member.remanence,
        accessibility=member.accessibility,
        informative=member.informative,
        attributes=_attributes_to_json(member.attributes),
        members=[member_to_json(inner, cultures) for inner in member.members],
        sections=sections_to_json(member.sections, cultures),
        elements=_elements_to_json(member.subelements, cultures),
    )
    flags = {"commentInformative": member.comment_informative, "defaultInformative": member.start_value_informative}
    put_rest(result, member.extra, **flags)
    return result


def member_from_json(reader: Reader) -> Member:
    """Return the member for its JSON."""
    rest = reader.child("x")
    member = Member(
        reader.name(),
        _data_type(reader),
        reader.text("version"),
        reader.text("remanence"),
        reader.text("accessibility"),
        bool(reader.flag("informative")),
        _attributes_from_json(reader),
        reader.comment(),
        bool(rest and rest.flag("commentInformative")),
        reader.read_spelling("default"),
        bool(rest and rest.flag("defaultInformative")),
        [member_from_json(inner) for inner in reader.children("members")],
        sections_from_json(reader, "sections"),
        _elements_from_json(reader),
        reader.extra(),
    )
    reader.refuse_unread()
    return member


def _data_type(reader: Reader) -> str:
    data_type = reader.text("type")
    if data_type is None and not reader.has("members"):
        raise reader.error('A data type is missing; add "type": "Bool" or another.')
    return "Struct" if data_type is None else data_type


def sections_to_json(sections: list[Section], cultures: Cultures) -> Json | list[Json]:
    """Return sections as an object of member lists, or as a list where one says more than its members."""
    plain = all(section.extra is None and section.base_type is None and not section.base for section in sections)
    if plain and len({section.name for section in sections}) == len(sections):
        return {section.name: [member_to_json(each, cultures) for each in section.members] for section in sections}
    return [_section_to_json(section, cultures) for section in sections]


def _section_to_json(section: Section, cultures: Cultures) -> Json:
    result: Json = {"name": section.name}
    put(
        result,
        members=[member_to_json(member, cultures) for member in section.members],
        baseType=section.base_type,
        baseVersion=section.base_version,
        base=sections_to_json(section.base, cultures),
    )
    put_rest(result, section.extra)
    return result


def sections_from_json(reader: Reader, key: str) -> list[Section]:
    """Return the sections for their JSON, an object or a list."""
    if isinstance(reader.raw(key), list):
        return [_section_from_json(each) for each in reader.children(key)]
    found = reader.child(key)
    if found is None:
        return []
    return [Section(name, [member_from_json(each) for each in found.children(name)]) for name in found.names()]


def _section_from_json(reader: Reader) -> Section:
    section = Section(
        reader.name(),
        [member_from_json(each) for each in reader.children("members")],
        reader.text("baseType"),
        reader.text("baseVersion"),
        sections_from_json(reader, "base"),
        reader.extra(),
    )
    reader.refuse_unread()
    return section


def _attributes_to_json(attributes: list[MemberAttribute]) -> Json | list[Json]:
    if len({attribute.name for attribute in attributes}) < len(attributes):
        return [{"name": attribute.name, **_full_attribute(attribute)} for attribute in attributes]
    return {attribute.name: _attribute_to_json(attribute) for attribute in attributes}


def _attribute_to_json(attribute: MemberAttribute) -> Any:
    if attribute.system_defined and not attribute.informative:
        if attribute.type == "Boolean" and attribute.value in ("true", "false"):
            return attribute.value == "true"
        if attribute.type == "Integer" and attribute.value.isdecimal() and str(int(attribute.value)) == attribute.value:
            return int(attribute.value)
        if attribute.type == "String":
            return attribute.value
    return _full_attribute(attribute)


def _full_attribute(attribute: MemberAttribute) -> Json:
    result: Json = {"type": attribute.type, "value": attribute.value}
    if not attribute.system_defined:
        result["systemDefined"] = False
    if attribute.informative:
        result["informative"] = True
    return result


def _attributes_from_json(reader: Reader) -> list[MemberAttribute]:
    if isinstance(reader.raw("attributes"), list):
        return [_attribute_from_json(each.name(), each) for each in reader.children("attributes")]
    found = reader.child("attributes")
    return [] if found is None else [_short_attribute(name, found) for name in found.names()]


def _short_attribute(name: str, reader: Reader) -> MemberAttribute:
    value = reader.raw(name)
    if isinstance(value, dict):
        return _attribute_from_json(name, reader.child(name) or reader)
    kind = "Boolean" if isinstance(value, bool) else "Integer" if isinstance(value, int) else "String"
    return MemberAttribute(name, reader.read_spelling(name) or "", kind)


def _attribute_from_json(name: str, reader: Reader) -> MemberAttribute:
    attribute = MemberAttribute(
        name,
        reader.read_spelling("value") or "",
        reader.text("type") or "Boolean",
        reader.flag("systemDefined") is not False,
        bool(reader.flag("informative")),
    )
    reader.refuse_unread()
    return attribute


def _elements_to_json(subelements: list[Subelement], cultures: Cultures) -> Json | list[Json]:
    if len({each.path for each in subelements}) < len(subelements):
        return [{"path": each.path, **_element_to_json(each, cultures)} for each in subelements]
    return {each.path: _short_element(each, cultures) for each in subelements}


def _short_element(subelement: Subelement, cultures: Cultures) -> str | Json:
    if subelement.start_value is not None and not subelement.comment and subelement.extra is None:
        return subelement.start_value
    return _element_to_json(subelement, cultures)


def _element_to_json(subelement: Subelement, cultures: Cultures) -> Json:
    result: Json = {}
    if subelement.start_value is not None:
        result["default"] = subelement.start_value
    cultures.put_comment(result, subelement.comment)
    put_rest(result, subelement.extra)
    return result


def _elements_from_json(reader: Reader) -> list[Subelement]:
    if isinstance(reader.raw("elements"), list):
        return [_element_from_json(each.text("path") or "", each) for each in reader.children("elements")]
    found = reader.child("elements")
    return [] if found is None else [_element_or_value(path, found) for path in found.names()]


def _element_or_value(path: str, reader: Reader) -> Subelement:
    if isinstance(reader.raw(path), dict):
        return _element_from_json(path, reader.child(path) or reader)
    return Subelement(path, reader.read_spelling(path))


def _element_from_json(path: str, reader: Reader) -> Subelement:
    subelement = Subelement(path, reader.read_spelling("default"), reader.comment(), reader.extra())
    reader.refuse_unread()
    return subelement
