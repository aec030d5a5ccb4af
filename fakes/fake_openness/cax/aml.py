"""The vocabulary of AutomationML hardware documents, shared by writing and reading.

Facts: one genuine CAx export of TIA Portal V15.1 (CAEX 2.15, AutomationML 2.0,
recommendation AR APC 1.0.0).
"""

from __future__ import annotations

from uuid import UUID, uuid5

from lxml import etree

ROLES = "AutomationProjectConfigurationRoleClassLib/"
INTERFACES = "AutomationProjectConfigurationInterfaceClassLib/"
END_POINT = "CommunicationInterfaceClassLib/LogicalEndPoint"
_NAMESPACE = UUID("6f1c1c5e-53bd-5c0b-9d0e-2d7f7a0d5a11")

Element = etree._Element


def identity(path: list[str]) -> str:
    """Return the GUID of the element at a path of names: the same in every export."""
    return str(uuid5(_NAMESPACE, "\n".join(path)))


def add(parent: Element, name: str, role: str, path: list[str]) -> Element:
    """Append an internal element; `close` gives it its role when its content is complete."""
    return etree.SubElement(parent, "InternalElement", ID=identity([*path, role]), Name=name)


def close(element: Element, role: str) -> None:
    """Append the role, which comes after the content."""
    etree.SubElement(element, "SupportedRoleClass", RefRoleClassPath=ROLES + role)


def attribute(parent: Element, name: str, value: object, kind: str = "xs:string") -> None:
    """Append an attribute with a value."""
    found = etree.SubElement(parent, "Attribute", Name=name, AttributeDataType=kind)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    etree.SubElement(found, "Value").text = "".join(c for c in text if c.isprintable() or c in "\n\t")


def end_point(parent: Element, kind: str) -> None:
    """Append the interface by which links reach the element."""
    external(parent, f"LogicalEndPoint_{kind}", END_POINT)


def external(parent: Element, name: str, kind: str) -> Element:
    """Append an external interface."""
    guid = identity([parent.get("ID", ""), name])
    return etree.SubElement(parent, "ExternalInterface", ID=guid, Name=name, RefBaseClassPath=kind)


def role_of(element: Element) -> str:
    """Return the role of an internal element."""
    found = element.find("SupportedRoleClass")
    return "" if found is None else (found.get("RefRoleClassPath") or "").rpartition("/")[2]


def value(element: Element, name: str, default: str = "") -> str:
    """Return the value of an element's attribute."""
    found = attribute_of(element, name)
    text = None if found is None else found.findtext("Value")
    return default if text is None else text


def attribute_of(element: Element, name: str) -> Element | None:
    """Return an element's attribute."""
    return next((a for a in element.findall("Attribute") if a.get("Name") == name), None)


def children(element: Element, *roles: str) -> list[Element]:
    """Return the internal elements of some roles directly below an element."""
    return [child for child in element.findall("InternalElement") if role_of(child) in roles]
