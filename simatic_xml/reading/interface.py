"""Read the Interface part of blocks and PLC data types."""

from lxml import etree

from simatic_xml import limits
from simatic_xml.interruption import checkpoint
from simatic_xml.model import Member, MemberAttribute, Section, Subelement, Texts
from simatic_xml.reading.lists import Pairs
from simatic_xml.xml.residue import local

_ATTRIBUTE_SUFFIX = "Attribute"


def read_interface(interface: etree._Element | None, pairs: Pairs) -> tuple[list[Section], int | None]:
    """Read an ``Interface`` element: its sections, and the number of its namespace."""
    sections = None if interface is None else next(iter(interface.iterchildren("{*}Sections")), None)
    if sections is None:
        return [], None
    number = sections.tag.rpartition("}")[0].rpartition("/v")[2]
    return read_sections(sections, pairs), int(number) if number.isdecimal() and len(number) < 4 else None


def read_sections(sections: etree._Element, pairs: Pairs) -> list[Section]:
    """Read the sections of an interface, a PLC data type or a multi-instance."""
    return [read_section(child, pairs) for child in sections if local(child) == "Section"]


def read_section(element: etree._Element, pairs: Pairs) -> Section:
    """Read one section with its members."""
    section = Section(element.get("Name", ""))
    for child in element:
        name = local(child)
        if name == "Member":
            section.members.append(read_member(child, pairs))
        elif name == "Sections" and not section.base:
            section.base_type, section.base_version = child.get("Datatype"), child.get("Version")
            section.base = read_sections(child, pairs)
    pairs.append((section, element))
    return section


def read_member(element: etree._Element, pairs: Pairs) -> Member:
    """Read one member with all that it contains."""
    checkpoint()
    get = element.get
    member = Member(
        get("Name", ""),
        get("Datatype", ""),
        get("Version"),
        get("Remanence"),
        get("Accessibility"),
        get("Informative") == "true",
    )
    for child in element:
        read = _MEMBER_PARTS.get(local(child))
        if read is not None:
            read(member, child, pairs)
    pairs.append((member, element))
    return member


def _attribute_list(member: Member, element: etree._Element, _pairs: Pairs) -> None:
    for entry in element:
        name = local(entry)
        if name.endswith(_ATTRIBUTE_SUFFIX):
            get = entry.get
            member.attributes.append(
                MemberAttribute(
                    get("Name", ""),
                    entry.text or "",
                    name[: -len(_ATTRIBUTE_SUFFIX)],
                    get("SystemDefined") == "true",
                    get("Informative") == "true",
                )
            )


def _comment(member: Member, element: etree._Element, _pairs: Pairs) -> None:
    member.comment = read_comment(element)
    member.comment_informative = element.get("Informative") == "true"


def read_comment(element: etree._Element) -> Texts:
    """Read a ``Comment`` with its texts in each culture."""
    return {text.get("Lang", ""): text.text or "" for text in element if local(text) == "MultiLanguageText"}


def _start_value(member: Member, element: etree._Element, _pairs: Pairs) -> None:
    member.start_value = element.text or ""
    member.start_value_informative = element.get("Informative") == "true"


def _inner_member(member: Member, element: etree._Element, pairs: Pairs) -> None:
    _require_shallow(element)
    member.members.append(read_member(element, pairs))


def _inner_sections(member: Member, element: etree._Element, pairs: Pairs) -> None:
    _require_shallow(element)
    if not member.sections:
        member.sections = read_sections(element, pairs)


def _require_shallow(element: etree._Element) -> None:
    """Refuse members that are nested too deep.

    Raises:
        LimitError: They do.
    """
    limits.require("type_nesting", sum(1 for _ in element.iterancestors("{*}Member", "Member")))


def _subelement(member: Member, element: etree._Element, pairs: Pairs) -> None:
    subelement = Subelement(element.get("Path", ""))
    for child in element:
        name = local(child)
        if name == "StartValue":
            subelement.start_value = child.text or ""
        elif name == "Comment":
            subelement.comment = read_comment(child)
    pairs.append((subelement, element))
    member.subelements.append(subelement)


_MEMBER_PARTS = {
    "AttributeList": _attribute_list,
    "Comment": _comment,
    "StartValue": _start_value,
    "Member": _inner_member,
    "Sections": _inner_sections,
    "Subelement": _subelement,
}
