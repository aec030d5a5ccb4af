"""What a compiler finds in the structure of LAD and FBD networks; the typed form of the program checks their operands."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from simatic_xml import flgnet
from simatic_xml.model import Block
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity


def structure_findings(block: Block) -> Iterator[Diagnostic]:
    """Yield the errors in the structure of a block's LAD and FBD networks."""
    for number, network in enumerate(block.networks, 1):
        if network.source is None or etree.QName(network.source).localname != "FlgNet":
            continue
        calls = {call.get("UId") for call in network.source.iter("{*}Call")}
        for found in flgnet.check(network.source):
            known_to_calls = found.code == "missing-instance" and found.pointer.rpartition("/")[2] in calls
            if found.severity == "error" and not known_to_calls:
                yield Diagnostic(Severity.ERROR, f"network.{found.code}", found.message, Place(block.name, number))
