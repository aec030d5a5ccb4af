"""A block of the SimaticML model becomes typed, whatever its networks hold."""

from lxml import etree

from simatic_xml.model import Block, Network
from simatic_xml.program.workspace import Workspace


def found(language: str, source: str) -> list[tuple[str, int | None]]:
    """Return code and network of what is found in a block with one empty and one given network."""
    workspace = Workspace()
    networks = [Network(language), Network(language, source=etree.fromstring(source))]
    workspace.put(Block("FC", "F", 1, language=language, networks=networks))
    return [(each.code, each.place.network) for each in workspace.check()]


def test_a_network_in_a_language_that_is_not_known() -> None:
    assert found("CFC", "<Chart/>") == [("network.language", 2)]


def test_structured_text_that_is_no_text() -> None:
    namespace = "http://www.siemens.com/automation/Openness/SW/NetworkSource/StructuredText/v3"
    assert found("SCL", f'<StructuredText xmlns="{namespace}"><Nonsense UId="21"/></StructuredText>') == [
        ("scl.unreadable", 2)
    ]
