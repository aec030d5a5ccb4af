"""Where the real files are that some tests read, beside the repository and never in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tests.support.corpus import CORPUS

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real files is not beside the repository")


def sources() -> list[Path]:
    """Return the SCL sources."""
    return sorted(path for path in CORPUS.glob("scl/*/*") if path.suffix in (".scl", ".db", ".udt"))


def exports() -> list[Path]:
    """Return the exported blocks that contain SCL and were really written by TIA Portal."""
    tool_made = "MCPVerify"
    paths = sorted(CORPUS.glob("xml/*/*.xml"))
    return [path for path in paths if tool_made not in path.name and b"<StructuredText" in path.read_bytes()]


def bodies(path: Path) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Yield each StructuredText element of an export with the Sections of its block."""
    tree = etree.parse(path)
    sections = tree.find(".//{*}Interface/{*}Sections")
    for element in tree.iter("{*}StructuredText"):
        yield element, sections


def outline(element: etree._Element) -> list[tuple[str, list[tuple[str, str]], str]]:
    """Return everything in an element but layout white space: names, attributes in order, texts."""
    return [
        (etree.QName(node).localname, list(node.attrib.items()), "" if len(node) else node.text or "")
        for node in element.iter(etree.Element)
    ]
