"""The readable JSON of a network's source, one codec for each kind of source element.

A codec turns a source element into JSON data and back. Where its JSON would not give back the very same element, the
network is carried as a tree instead, which any element can be.
"""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.versions import SOURCE_NAMESPACE
from simatic_xml.xml.residue import local, same
from simatic_xml.xml.tree import from_tree, to_tree

TREE = "tree"
_ROOT_OF_LANGUAGE = {
    "LAD": "FlgNet",
    "FBD": "FlgNet",
    "SCL": "StructuredText",
    "STL": "StatementList",
    "GRAPH": "Graph",
}


class NetworkCodec(Protocol):
    """What a module for one network language offers."""

    def to_json(self, element: etree._Element) -> Any:
        """Return the readable JSON of a source element."""

    def from_json(self, data: Any, version: int) -> etree._Element:
        """Return the source element, in namespace number `version`, for its JSON."""


_MODULES = {
    "FlgNet": "simatic_xml.flgnet",
    "StructuredText": "simatic_xml.scl",
    "StatementList": "simatic_xml.stl",
    "Graph": "simatic_xml.graph",
}
_REFUSALS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""How a codec may fail on data that it does not understand; the tree form then carries the network."""

_codecs: dict[str, NetworkCodec | None] = {}


def register(root: str, codec: NetworkCodec) -> None:
    """Let `codec` handle source elements with the local name `root` (``FlgNet``, ``StructuredText``...)."""
    _codecs[root] = codec


def codec_of(root: str) -> NetworkCodec | None:
    """Return the codec for source elements with the local name `root`, or None where there is none.

    The languages are loaded when first used: they are large, and reading a file needs none of them.
    """
    if root not in _codecs:
        name = _MODULES.get(root)
        module: Any = import_module(name) if name is not None and find_spec(name) is not None else None
        _codecs[root] = module.SclNetworkCodec() if hasattr(module, "SclNetworkCodec") else module
    return _codecs[root]


@dataclass(frozen=True, slots=True)
class SourceJson:
    """A network's source as JSON.

    Attributes:
        data: The codec's JSON, or ``{"tree": [...]}``.
        namespace: Number of the source's namespace, or None where it has none.
    """

    data: Any
    namespace: int | None


def source_to_json(element: etree._Element, language: str) -> SourceJson:
    """Return the most readable JSON that gives back exactly `element` in a network of `language`."""
    namespace = _namespace_number(element)
    codec = codec_of(local(element))
    if codec is not None and namespace is not None and root_of(language) == local(element):
        data = _exact(codec, element, namespace)
        if data is not None:
            return SourceJson(data, namespace)
    return SourceJson({TREE: to_tree(element)}, namespace)


def source_from_json(data: Any, language: str, namespace: int | None, pointer: str) -> etree._Element:
    """Return the source element of a network for its JSON.

    Raises:
        SimaticMLError: ``"network"``, where the JSON says no network of this language; `pointer` says where it is.
    """
    if isinstance(data, dict) and TREE in data:
        return from_tree(data[TREE], f"{pointer}/{TREE}")
    codec = codec_of(root_of(language))
    if codec is None or namespace is None:
        message = f'A {language} network can be given only as {{"tree": [...]}} here.'
        raise SimaticMLError("network", message, pointer=pointer)
    try:
        return codec.from_json(data, namespace)
    except _REFUSALS as error:
        inner = getattr(error, "pointer", None) or ""
        message = getattr(error, "message", None) or str(error)
        raise SimaticMLError(getattr(error, "code", "network"), message, pointer=pointer + inner) from error


def root_of(language: str) -> str:
    """Return the local name of the source element for a network in `language` (``F_LAD`` is LAD)."""
    return _ROOT_OF_LANGUAGE.get(language.removeprefix("F_"), "")


def _exact(codec: NetworkCodec, element: etree._Element, namespace: int) -> Any:
    try:
        data = codec.to_json(element)
        return data if same(codec.from_json(data, namespace), element) else None
    except _REFUSALS:
        return None


def _namespace_number(element: etree._Element) -> int | None:
    expected = f"{{{SOURCE_NAMESPACE}{local(element)}/v"
    number = element.tag.removeprefix(expected).partition("}")[0] if isinstance(element.tag, str) else ""
    return int(number) if number.isdecimal() and len(number) < 4 else None
