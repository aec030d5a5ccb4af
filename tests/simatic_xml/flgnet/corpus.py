"""The networks of the real exports, where they are on this machine beside the repository."""

import csv
from functools import cache

import pytest
from lxml import etree

from tests.support.corpus import CORPUS

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real files is not beside the repository")


@cache
def _networks() -> tuple[tuple[bool, etree._Element], ...]:
    parser = etree.XMLParser(remove_blank_text=True)
    found: list[tuple[bool, etree._Element]] = []
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest):
            if row["file"].endswith(".xml"):
                root = etree.parse(CORPUS / row["file"], parser)
                found += [(row["genuine"] == "yes", element) for element in root.iter("{*}FlgNet")]
    return tuple(found)


def networks(*, genuine: bool = False) -> list[etree._Element]:
    """Return every FlgNet element without layout white space; only those that TIA Portal wrote where asked for."""
    return [element for is_genuine, element in _networks() if is_genuine or not genuine]


def outline(element: etree._Element) -> list[tuple[object, list[tuple[str, str]], str | None]]:
    """Return all that an element says, with the order of attributes."""
    return [(node.tag, list(node.attrib.items()), node.text) for node in element.iter()]
