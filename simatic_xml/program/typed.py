"""Convert a block of the SimaticML model to the typed program: each network goes to the part for its language.

A part is imported for the first network of its language: the check of an SCL source needs none but its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from lxml import etree

from simatic_xml.interruption import checkpoint
from simatic_xml.model import Block, Network
from simatic_xml.program import graph_nodes, nodes, typed_blocks
from simatic_xml.program.analysis import flow
from simatic_xml.program.diagnostics import Place, Severity
from simatic_xml.program.failures import failure
from simatic_xml.program.labels import check_labels
from simatic_xml.program.scl import block as scl_block
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Symbols
from simatic_xml.program.types import constants
from simatic_xml.program.types.types import VOID
from simatic_xml.scl import SclError, SourceObject, SourceTree, to_text


def resolve_block(block: Block, symbols: Symbols) -> typed_blocks.Block:
    """Return a code block with its names resolved, its types checked and its findings.

    Never raises for the content of a block: an error of this software is a finding (`compile.internal`).

    Args:
        block: an OB, FB or FC; it is not changed.
        symbols: the program around it.
    """
    return _or_failure(block, lambda: _resolve_block(block, symbols))


def resolve_source(block: Block, tree: SourceTree, node: SourceObject, symbols: Symbols) -> typed_blocks.Block:
    """Return a block of an SCL source in typed form, as `resolve_block` does; places are those of the source.

    Args:
        block: the declarations of the source, without networks.
        tree: the source.
        node: the block in it.
        symbols: the program around it.
    """
    return _or_failure(block, lambda: _resolve_source(block, tree, node, symbols))


def _or_failure(block: Block, work: Callable[[], typed_blocks.Block]) -> typed_blocks.Block:
    """Return a typed block; if this software fails, one without code and with a finding."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the finding names it
        kind = cast("typed_blocks.BlockKind", block.kind)
        empty = typed_blocks.Block(kind, block.name, block.number, block.language or "", (), VOID)
        empty.diagnostics = [failure(error, "compile.internal", block.name)]
        return empty


def _resolve_block(block: Block, symbols: Symbols) -> typed_blocks.Block:
    scope = Scope(block, symbols)
    networks, graph = [], None
    for number, network in enumerate(block.networks, 1):
        checkpoint()
        source = network.source
        if source is not None and etree.QName(source).localname == "Graph":
            from simatic_xml.program.graph import block as graph_block

            graph = graph_block.body(scope, source)
        else:
            networks.append(typed_blocks.Network(number, network.language, _resolve_network(scope, network, number)))
    return _build_block(scope, networks, graph)


def _resolve_network(scope: Scope, network: Network, number: int) -> list[nodes.Statement]:
    """Return the statements of a network; none and a finding where this software fails: the others continue."""
    try:
        return _statements(scope, network, number)
    except Exception as error:  # noqa: BLE001 - the finding names it
        scope.diagnostics.append(failure(error, "compile.internal", scope.block.name, number))
        return []


def _resolve_source(block: Block, tree: SourceTree, node: SourceObject, symbols: Symbols) -> typed_blocks.Block:
    scope = Scope(block, symbols)
    body = scl_block.source_statements(scope, tree, node)
    return _build_block(scope, [typed_blocks.Network(1, "SCL", body)], None)


def _build_block(
    scope: Scope, networks: list[typed_blocks.Network], graph: graph_nodes.GraphBody | None
) -> typed_blocks.Block:
    block = scope.block
    check_labels(scope, [each for network in networks if network.language != "STL" for each in network.body])
    result = typed_blocks.Block(
        kind=cast("typed_blocks.BlockKind", block.kind),
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
    wrong = {each.place for each in scope.diagnostics if each.severity is Severity.ERROR}
    values = (each for each in constants.findings(result) if each.place not in wrong)
    result.diagnostics = [*scope.diagnostics, *flow.findings(result), *values]
    return result


def _statements(scope: Scope, network: Network, number: int) -> list[nodes.Statement]:
    source = network.source
    if source is None:
        return []
    match etree.QName(source).localname:
        case "FlgNet":
            from simatic_xml.program.lad_fbd import network as flgnet_network

            return flgnet_network.network(scope, source, network.language, number)
        case "StatementList":
            from simatic_xml.program.stl import network as stl_network

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
