"""What an object of TIA Portal says, without what TIA Portal adds to it: for comparison with the generated object.

TIA Portal gives numbers, attributes and defaults; an instance data block repeats the interface of its function block, and its
start values are the commissioning engineer's. None of these are the design's.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import simatic_xml
from engineering_api.features.blocks.documents import parse

_ADDED = frozenset(
    ["x", "file", "engineering", "cultures", "attributes", "number", "autoNumber", "version", "informative"]
)
_DEFAULTS: dict[str, Any] = {
    "remanence": "NonRetain",
    "accessibility": "Public",
    "memoryLayout": "Optimized",
    "externalAccessible": True,
    "externalVisible": True,
    "externalWritable": True,
}
_OF_INSTANCE = ("kind", "name", "instanceOf", "comment")
_CULTURE = re.compile(r"[a-z]{2,3}-[A-Z]{2}")


def comparable(xml: bytes) -> Any:
    """Return the content of a SimaticML file with one object, as plain data."""
    data = simatic_xml.to_json(parse(xml))
    if data.get("kind") == "InstanceDB":
        data = {key: data[key] for key in _OF_INSTANCE if key in data}
    return _reduce(data)


def fingerprint(xml: bytes) -> str:
    """Return a short text that is the same for files that say the same."""
    text = json.dumps(comparable(xml), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_empty_block(xml: bytes) -> bool:
    """Return whether a block does nothing, as the Main of a new CPU."""
    for network in simatic_xml.to_json(parse(xml)).get("networks", ()):
        source = network.get("source") or {}
        content = [
            source.get("rungs"),
            source.get("tree"),
            "".join(source.get("scl") or ()).strip(" ;"),
            source.get("stl"),
        ]
        if any(content):
            return False
    return True


def _reduce(value: Any) -> Any:
    if isinstance(value, list):
        return [_reduce(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value and all(_CULTURE.fullmatch(key) for key in value):
        texts = {key: text for key, text in value.items() if text}
        return next(iter(texts.values())) if len(texts) == 1 else texts or None
    found = {key: _reduce(each) for key, each in value.items() if key not in _ADDED}
    kept = {key: each for key, each in found.items() if each not in (None, "", [], {}) and _DEFAULTS.get(key) != each}
    return {key: each for key, each in kept.items() if (key, each) != ("Return", [{"name": "Ret_Val", "type": "Void"}])}
