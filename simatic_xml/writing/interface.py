"""Write the Interface part of blocks and PLC data types."""

from collections.abc import Iterable
from functools import lru_cache

from simatic_xml.model import Member, MemberAttribute, Section, Subelement, Texts
from simatic_xml.versions import INTERFACE_NAMESPACE
from simatic_xml.writing.parts import with_extra
from simatic_xml.xml.escape import attribute, branch, tag_name, text
from simatic_xml.xml.layout import Writer


def interface(sections: Iterable[Section], version: int | None, writer: Writer) -> str:
    """Return an ``Interface`` element with its sections."""
    content = "".join(section(each, writer, outermost=True) for each in sections)
    namespace = f"{INTERFACE_NAMESPACE}{writer.version.interface if version is None else version}"
    document = f'<Sections xmlns="{namespace}">{content}</Sections>' if content else f'<Sections xmlns="{namespace}"/>'
    return f"<Interface>{writer.hold_document(document)}</Interface>"


def section(node: Section, writer: Writer, *, outermost: bool = False) -> str:
    """Return one section with its members."""
    content = "".join([member(each, writer, outermost=outermost) for each in node.members])
    if node.base_type is not None or node.base:
        inner = "".join(section(each, writer, outermost=outermost) for each in node.base)
        start = (
            "Sections" + _format_attribute("Datatype", node.base_type) + _format_attribute("Version", node.base_version)
        )
        content += f"<{start}>{inner}</Sections>" if inner else f"<{start}/>"
    name = attribute(node.name)
    xml = f'<Section Name="{name}">{content}</Section>' if content else f'<Section Name="{name}"/>'
    return with_extra(xml, node.extra)


def member(node: Member, writer: Writer, *, outermost: bool = False) -> str:
    """Return one member with all that it contains.

    Args:
        node: The member.
        writer: Where it is written.
        outermost: No member around it is on one line already.
    """
    raw = outermost and (
        (writer.raw_attributes and bool(node.attributes)) or (writer.raw_sections and bool(node.sections))
    )
    content = _content(node, writer, outermost=outermost and not raw)
    start = _start(node)
    xml = f"<{start}>{content}</Member>" if content else f"<{start}/>"
    xml = with_extra(xml, node.extra)
    if raw:
        head, _, tail = xml.partition(">")
        return f"{head}>{writer.hold(tail.removesuffix('</Member>'))}</Member>"
    return xml


def _start(node: Member) -> str:
    start = f'Member Name="{attribute(node.name)}" Datatype="{attribute(node.data_type)}"'
    if node.version is not None:
        start += f' Version="{attribute(node.version)}"'
    if node.remanence is not None:
        start += f' Remanence="{attribute(node.remanence)}"'
    if node.accessibility is not None:
        start += f' Accessibility="{attribute(node.accessibility)}"'
    return start + ' Informative="true"' if node.informative else start


def _content(node: Member, writer: Writer, *, outermost: bool) -> str:
    content = ""
    if node.attributes:
        content = f"<AttributeList>{''.join([_attribute(each) for each in node.attributes])}</AttributeList>"
    if node.comment:
        content += _comment(node.comment, informative=node.comment_informative)
    if node.sections:
        content += branch("Sections", "".join([section(each, writer, outermost=outermost) for each in node.sections]))
    if node.members:
        content += "".join([member(each, writer, outermost=outermost) for each in node.members])
    if node.start_value is not None:
        content += _start_value(node.start_value, informative=node.start_value_informative)
    if node.subelements:
        content += "".join([subelement(each) for each in node.subelements])
    return content


def _attribute(node: MemberAttribute) -> str:
    return _attribute_text(node.type, node.name, node.value, node.system_defined, node.informative)


@lru_cache(maxsize=1024)
def _attribute_text(kind: str, name: str, value: str, system_defined: bool, informative: bool) -> str:
    start = f'{tag_name(kind)}Attribute Name="{attribute(name)}"'
    if informative:
        start += ' Informative="true"'
    if system_defined:
        start += ' SystemDefined="true"'
    return f"<{start}>{text(value)}</{kind}Attribute>" if value else f"<{start}/>"


def _comment(texts: Texts, *, informative: bool = False) -> str:
    items = "".join(
        f'<MultiLanguageText Lang="{attribute(culture)}">{text(value)}</MultiLanguageText>'
        if value
        else f'<MultiLanguageText Lang="{attribute(culture)}"/>'
        for culture, value in texts.items()
    )
    start = 'Comment Informative="true"' if informative else "Comment"
    return f"<{start}>{items}</Comment>"


def _start_value(value: str, *, informative: bool = False) -> str:
    start = 'StartValue Informative="true"' if informative else "StartValue"
    return f"<{start}>{text(value)}</StartValue>" if value else f"<{start}/>"


def subelement(node: Subelement) -> str:
    """Return start value and comment of one array element."""
    content = _comment(node.comment) if node.comment else ""
    if node.start_value is not None:
        content += _start_value(node.start_value)
    start = f'Subelement Path="{attribute(node.path)}"'
    return with_extra(f"<{start}>{content}</Subelement>" if content else f"<{start}/>", node.extra)


def _format_attribute(name: str, value: str | None) -> str:
    return "" if value is None else f' {name}="{attribute(value)}"'
