"""What all objects share when they are written: attribute lists, multilingual texts, and the edits of a node."""

from collections.abc import Mapping

from lxml import etree

from simatic_xml.model import Extra, Texts
from simatic_xml.xml import residue
from simatic_xml.xml.escape import attribute, branch, leaf, tag_name, text
from simatic_xml.xml.layout import compact


def with_extra(xml: str, extra: Extra | None) -> str:
    """Return the XML of a node with what it had beyond the model."""
    return residue.apply(xml, extra) if extra else xml


def multilingual(composition: str, texts: Texts) -> str:
    """Return the MultilingualText `composition`, or nothing where there are no texts."""
    if not texts:
        return ""
    items = "".join(
        '<MultilingualTextItem ID="" CompositionName="Items"><AttributeList>'
        f"{leaf('Culture', culture)}{leaf('Text', value)}</AttributeList></MultilingualTextItem>"
        for culture, value in texts.items()
    )
    return (
        f'<MultilingualText ID="" CompositionName="{composition}"><ObjectList>{items}</ObjectList></MultilingualText>'
    )


def attribute_list(
    plain: Mapping[str, str | int | bool | None],
    read_only: Mapping[str, str] | None = None,
    parts: Mapping[str, etree._Element | str] | None = None,
) -> str:
    """Return an AttributeList, entries in alphabetical order as TIA Portal writes them.

    Args:
        plain: Entries by name; None leaves one out.
        read_only: Entries to be marked as read-only, by name.
        parts: Entries that are trees, by name, as elements or as XML.
    """
    entries = {name: leaf(tag_name(name), _spell(value)) for name, value in plain.items() if value is not None}
    for name, value in (read_only or {}).items():
        tag_name(name)
        entries[name] = f'<{name} ReadOnly="true">{text(value)}</{name}>' if value else f'<{name} ReadOnly="true"/>'
    for name, part in (parts or {}).items():
        entries[name] = part if isinstance(part, str) else compact(part)
    return branch("AttributeList", "".join(entries[name] for name in sorted(entries)))


def object_list(content: str) -> str:
    """Return an ObjectList around `content`, or nothing where there is none."""
    return f"<ObjectList>{content}</ObjectList>" if content else ""


def element(tag: str, composition: str, content: str) -> str:
    """Return an object of an ObjectList; its ID is numbered later."""
    named = f' CompositionName="{attribute(composition)}"' if composition else ""
    return f'<{tag} ID=""{named}>{content}</{tag}>'


def _spell(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
