"""Make and read the elements of a GRAPH network."""

from collections.abc import Iterator

from lxml import etree

from simatic_xml.flgnet.raw import child, children, new_root, qualify
from simatic_xml.graph.errors import GraphError
from simatic_xml.json_form.reader import Reader
from simatic_xml.versions import nearest_version
from simatic_xml.xml.layout import compact
from simatic_xml.xml.numbers import whole_number
from simatic_xml.xml.parsing import parse_own
from simatic_xml.xml.residue import apply


class Maker:
    """Makes elements of one namespace."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def make(self, tag: str, parent: etree._Element | None = None, **attributes: object) -> etree._Element:
        """Make an element, within `parent` where one is given; attributes that are None are left out."""
        given = {key: str(value) for key, value in attributes.items() if value is not None}
        if parent is not None:
            return etree.SubElement(parent, qualify(tag, self.namespace), given)
        element = new_root(tag, self.namespace)
        for key, value in given.items():
            element.set(key, value)
        return element

    def texts(self, tag: str, parent: etree._Element, texts: dict[str, str]) -> None:
        """Add a text in several cultures."""
        holder = self.make(tag, parent)
        for culture, text in texts.items():
            self.make("MultiLanguageText", holder, Lang=culture).text = text or None


def read_object(data: object, pointer: str) -> Reader:
    """Return the reader of a JSON object, whose texts are English where they name no culture.

    Raises:
        SimaticMLError: the data is not an object.
    """
    return Reader(data, pointer, nearest_version(""), [])


def apply_edits(element: etree._Element, reader: Reader) -> etree._Element:
    """Return an element with the edits that its JSON has in ``x``.

    Raises:
        SimaticMLError: these are no edits of such an element.
    """
    edits = reader.extra()
    return parse_own(apply(compact(element), edits)) if edits else element


def texts_of(element: etree._Element, tag: str) -> dict[str, str]:
    """Return the text `tag` of an element in each culture; empty where there is none."""
    holder = child(element, tag)
    entries = [] if holder is None else children(holder, "MultiLanguageText")
    return {entry.get("Lang", ""): entry.text or "" for entry in entries}


def within(element: etree._Element, *path: str) -> Iterator[etree._Element]:
    """Yield the elements at the end of a path of names; those on the way are the first of their name."""
    *way, last = path
    for name in way:
        found = child(element, name)
        if found is None:
            return
        element = found
    yield from children(element, last)


def number_of(element: etree._Element, name: str = "Number") -> int:
    """Return a number that an element must have.

    Raises:
        GraphError: there is none, or it is not a whole number.
    """
    number = whole_number(element.get(name))
    if number is None:
        tag = etree.QName(element).localname
        raise GraphError(f"{name} of <{tag}> is {element.get(name)!r}; it must be a whole number.")
    return number
