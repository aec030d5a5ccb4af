"""Which cultures a document has, so that texts in JSON need not repeat them."""

from collections import Counter
from collections.abc import Iterator

from simatic_xml.model import Block, Document, PlcType, TagTable, Texts, WatchTable


def document_cultures(document: Document) -> list[str]:
    """Return the cultures that most texts of a document have, in their order; none where most are missing."""
    found = Counter(tuple(texts) for texts in _texts(document))
    return list(found.most_common(1)[0][0]) if found else []


def _texts(document: Document) -> Iterator[Texts]:
    for node in document.objects:
        if isinstance(node, Block | PlcType):
            yield from (node.title, node.comment)
        if isinstance(node, Block):
            for network in node.networks:
                yield from (network.title, network.comment)
        elif isinstance(node, TagTable):
            yield from (tag.comment for tag in node.tags)
            yield from (constant.comment for constant in node.constants)
        elif isinstance(node, WatchTable):
            yield from (each.comment for each in node.entries)
