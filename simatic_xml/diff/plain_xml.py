"""XML without what only the file needs: IDs, UIds, namespaces, layout."""

import re

from lxml import etree

from simatic_xml.xml.layout import compact, pretty
from simatic_xml.xml.parsing import parse_own
from simatic_xml.xml.residue import local

NUMBERS = re.compile(r' U?I[dD]="[^"]*"')
_UID = re.compile(r' UId="([^"]*)"')
_NAMESPACE = re.compile(r' xmlns(:\w+)?="[^"]*"')


def canonical(source: etree._Element) -> str:
    """Return a network's source as text, equal for equal programs; UIds are given again where they name wires."""
    numbers: dict[str, int] = {}

    def renumber(found: re.Match[str]) -> str:
        return f' UId="{numbers.setdefault(found[1], len(numbers))}"'

    text = _NAMESPACE.sub("", compact(source))
    return _UID.sub(renumber if local(source) == "FlgNet" else "", text)


def xml_lines(element: etree._Element) -> list[str]:
    """Return XML as lines, without IDs, UIds and namespaces."""
    return pretty(parse_own(NUMBERS.sub("", _NAMESPACE.sub("", compact(element))))).split("\n")
