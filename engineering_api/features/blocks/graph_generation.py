"""GRAPH blocks from JSON: the network of steps and transitions, and the function block that TIA Portal needs around it."""

from __future__ import annotations

from typing import Annotated

import msgspec

import simatic_xml
from engineering_api.features.blocks.documents import GraphForm, InterfaceForm, understood, without_empty
from engineering_api.operations.fields import Request, named
from simatic_xml import Block, Document, graph

FORM = 'Steps, transitions and how they follow each other, as {"sequences": [...]} (docs/stl-graph-json.md).'


class GraphSpecification(Request, kw_only=True):
    """A GRAPH function block. Its data for steps and transitions, and its standard parameters, are made."""

    name: Annotated[str, named("Name of the block.", "blockName")]
    graph: Annotated[GraphForm, named(FORM, "sequence", "network")]
    number: Annotated[int, named("Block number; the next free one by default.", ge=0)] | None = None
    title: Annotated[str | None, named("Title.")] = None
    comment: Annotated[str | None, named("Comment.", "description")] = None
    interface: Annotated[InterfaceForm, named("Sections with further members, in the JSON form of simatic_xml.")] = (
        msgspec.field(default_factory=dict)
    )
    culture: Annotated[str | None, named("Language of title and comments given as plain text, such as en-US.")] = None


def xml_of(request: GraphSpecification, version: str, culture: str = "") -> bytes:
    """Return the SimaticML of a GRAPH block.

    Args:
        request: The specification.
        version: The TIA version, such as "20".
        culture: The language of plain texts where the specification names none.

    Raises:
        Problem: The JSON is no GRAPH network, or names clash; with its place in the request.
    """
    culture = request.culture or culture
    network = request.graph if "graph" in request.graph else {"graph": request.graph}
    with understood("" if network is not request.graph else "/graph"):
        made = graph.block(network, request.name, f"V{version}")
    with understood():
        _complete(made, _shell(request, version, culture))
        return simatic_xml.dump(Document(f"V{version}", [made]))


def _shell(request: GraphSpecification, version: str, culture: str) -> Block:
    """Return a block with what the author gives in addition to the network."""
    data = without_empty(title=request.title, comment=request.comment, interface=request.interface)
    languages = {"cultures": [culture]} if culture else {}
    start = {"engineering": f"V{version}", "kind": "FB", "name": request.name, "number": request.number}
    (shell,) = simatic_xml.from_json(start | languages | data).objects
    assert isinstance(shell, Block)  # noqa: S101 - its kind is FB
    return shell


def _complete(made: Block, shell: Block) -> None:
    made.title, made.comment = shell.title, shell.comment
    if shell.number is not None:
        made.number, made.auto_number = shell.number, False
    for section in shell.interface:
        own = made.section(section.name)
        if own is None:
            made.interface.append(section)
        else:
            own.members += section.members
