"""From a block of the SimaticML model to the typed program: each network goes to the part that knows its language."""

from __future__ import annotations

from typing import cast

from lxml import etree

from simatic_xml.model import Block, Network
from simatic_xml.program import flgnet_network, flow, graph_block, nodes, scl_block, stl_network
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.labels import check_labels
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Symbols
from simatic_xml.scl import SclError, SourceObject, SourceTree, to_text


def typed(block: Block, symbols: Symbols) -> nodes.Block:
    """Return a code block with its names resolved, its types checked and what there is to say about it.

    Args:
        block: an OB, FB or FC; it is not changed.
        symbols: the program around it.
    """
    scope = Scope(block, symbols)
    networks, graph = [], None
    for number, network in enumerate(block.networks, 1):
        source = network.source
        if source is not None and etree.QName(source).localname == "Graph":
            graph = graph_block.body(scope, source)
        else:
            networks.append(nodes.Network(number, network.language, _statements(scope, network, number)))
    return _finished(scope, networks, graph)


def typed_source(block: Block, tree: SourceTree, node: SourceObject, symbols: Symbols) -> nodes.Block:
    """Return a block of an SCL source in typed form; places are those of the source.

    Args:
        block: what the source declares, without networks.
        tree: the source.
        node: the block in it.
        symbols: the program around it.
    """
    scope = Scope(block, symbols)
    body = scl_block.source_statements(scope, tree, node)
    return _finished(scope, [nodes.Network(1, "SCL", body)], None)


def _finished(scope: Scope, networks: list[nodes.Network], graph: nodes.GraphBody | None) -> nodes.Block:
    block = scope.block
    check_labels(scope, [each for network in networks if network.language != "STL" for each in network.body])
    result = nodes.Block(
        kind=cast("nodes.BlockKind", block.kind),
        name=block.name,
        number=block.number,
        language=scope.language,
        variables=scope.variables,
        result=scope.result,
        optimized=scope.optimized,
        iec_check=scope.iec_check,
        set_eno=block.attributes.get("SetENOAutomatically", "").casefold() == "true",
        secondary_type=block.secondary_type or "",
        networks=networks,
        graph=graph,
        uses=frozenset(scope.uses),
        mentions=frozenset(scope.mentions),
    )
    result.diagnostics = [*scope.diagnostics, *flow.findings(result)]
    return result


def _statements(scope: Scope, network: Network, number: int) -> list[nodes.Statement]:
    source = network.source
    if source is None:
        return []
    match etree.QName(source).localname:
        case "FlgNet":
            return flgnet_network.network(scope, source, network.language, number)
        case "StatementList":
            return stl_network.network(scope, source, number)
        case "StructuredText":
            return _scl(scope, source, number)
    place = Place(scope.block.name, number)
    scope.error("network.language", f"The language {network.language} of this network is not known.", place)
    return []


def _scl(scope: Scope, source: etree._Element, number: int) -> list[nodes.Statement]:
    try:
        text = to_text(source)
    except SclError as error:
        scope.error("scl.unreadable", error.message, Place(scope.block.name, number, error.line or 1))
        return []
    return scl_block.statements(scope, text, number)
