"""The networks of the real exports, where they are on this machine beside the repository."""

import csv
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real files is not beside the repository")


@cache
def networks(*, genuine: bool = False) -> tuple[etree._Element, ...]:
    """Return every FlgNet element without layout white space; only those that TIA Portal wrote where asked for."""
    parser = etree.XMLParser(remove_blank_text=True)
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        files = [row["file"] for row in csv.DictReader(manifest) if not genuine or row["genuine"] == "yes"]
    paths = [CORPUS / file for file in files if file.endswith(".xml")]
    return tuple(element for path in paths for element in etree.parse(path, parser).iter("{*}FlgNet"))


def outline(element: etree._Element) -> list[tuple[object, list[tuple[str, str]], str | None]]:
    """Return all that an element says, with the order of attributes."""
    return [(node.tag, list(node.attrib.items()), node.text) for node in element.iter()]
