"""Real sources and real exports: nothing valid is refused, and text and XML turn into each other exactly."""

from pathlib import Path

import pytest
from lxml import etree

from simatic_xml import load, scl
from simatic_xml.scl.structured_text import from_text, uses_defaults
from tests.simatic_xml.scl.corpus import bodies, exports, needs_corpus, outline, sources

pytestmark = needs_corpus

# Not valid for TIA Portal either: a FUNCTION inside a FUNCTION, unknown header lines, sections without END_VAR.
INVALID = ("FC_ID_CHECK~d7cecb24", "LogMsg", "Meldungen", "Wire~8fdf9988")
VERSION_OF = {"v2": "V15.1", "v3": "V18", "v4": "V20"}


def valid_sources() -> list[Path]:
    return [path for path in sources() if not any(mark in path.name for mark in INVALID)]


@pytest.mark.parametrize("path", valid_sources(), ids=lambda path: path.name)
def test_a_real_source_has_no_finding(path: Path) -> None:
    result = scl.parse(path.read_bytes())
    assert [str(finding) for finding in result.diagnostics] == []
    assert result.tree.objects


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_every_object_of_a_real_source_becomes_a_document(path: Path) -> None:
    result = scl.generate(path.read_bytes())
    for name, document in zip(result.names, result.documents, strict=True):
        assert load(document).objects[0].name == name


@pytest.mark.parametrize("path", exports(), ids=lambda path: path.name)
def test_text_of_an_export_gives_the_identical_element(path: Path) -> None:
    for element, sections in bodies(path):
        version = VERSION_OF[str(etree.QName(element).namespace)[-2:]]
        again = from_text(
            scl.to_text(element),
            scl.Interface.from_sections(sections),
            version=version,
            with_defaults=uses_defaults(element),
        )
        assert outline(again) == outline(element)
