"""The contract as a table, a line for each route: a review sees each change that clients notice as a changed line.

The generated files are too large to be reviewed and are not committed. This table is: docs/contract.tsv.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import chain
from typing import Any

import msgspec

from engineering_api.operations.catalogue import Catalogue

COLUMNS = ("method", "path", "mode", "operation", "right", "request", "answer")
HEX_DIGITS = 10
"""How much of a checksum is shown."""
NO_ANSWER = "-" * HEX_DIGITS
"""Instead of a checksum where messages are streamed."""
NOTES = {"title", "description", "examples", "discriminator"}
"""Keywords of a schema that say nothing about which values fit, or nothing that its alternatives do not say."""
_REF = "#/{name}"


def table(catalogue: Catalogue) -> str:
    """Write the table: method, path, mode, operation, right, and checksums of what is taken and of what is answered.

    The checksum of a request covers all fields of the operation, wherever a route has them: path, query or body. That
    of an answer covers its `data`, or the job's result in mode job. That of a stream covers the names of its query.
    """
    operations = catalogue.operations
    types = [*(op.request for op in operations), *(op.answer for op in operations)]
    schemas, definitions = msgspec.json.schema_components(types, ref_template=_REF)
    sums = [checksum(schema, definitions) for schema in schemas]
    rows = [
        (route.path, route.method, route.mode.value, op.name, op.right.word, request, answer)
        for op, request, answer in zip(operations, sums, sums[len(operations) :], strict=False)
        for route in op.routes
    ]
    rows += [
        (
            route.path,
            route.method,
            "stream" if each.is_stream else "socket" if each.subprotocol else "bytes",
            each.name,
            each.right.word,
            _short(sorted(each.query)),
            NO_ANSWER,
        )
        for each in catalogue.endpoints
        for route in each.routes
    ]
    lines = ((method, path, *others) for path, method, *others in sorted(rows))
    return "".join("\t".join(line) + "\n" for line in chain([COLUMNS], lines))


def checksum(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """Return a short checksum of a JSON schema with the definitions that it refers to.

    It depends on which values fit, and on nothing else: not on descriptions, not on the names, modules and order of the
    definitions, and not on the order of fields and alternatives.
    """
    return _short(_Resolver(definitions).of(schema))


def _short(value: Any) -> str:
    return sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:HEX_DIGITS]


class _Resolver:
    """A schema with its definitions in the places that refer to them; where one comes again, it is a number."""

    def __init__(self, definitions: dict[str, Any]) -> None:
        self._definitions = definitions
        self._numbers: dict[str, int] = {}

    def of(self, schema: Any) -> Any:
        """Return a schema or a part of one."""
        if not isinstance(schema, dict):
            return schema
        return {keyword: self._value(keyword, schema[keyword]) for keyword in sorted(schema.keys() - NOTES)}

    def _definition(self, reference: str) -> Any:
        if reference in self._numbers:
            return self._numbers[reference]
        self._numbers[reference] = len(self._numbers)
        return self.of(self._find_definition(reference))

    def _find_definition(self, reference: str) -> dict[str, Any]:
        defined: dict[str, Any] = self._definitions[reference.removeprefix(_REF.format(name=""))]
        return defined

    def _value(self, keyword: str, value: Any) -> Any:
        match keyword:
            case "$ref":
                return self._definition(value)
            case "properties" | "patternProperties":
                return {field: self.of(value[field]) for field in sorted(value)}
            case "required" | "enum":
                return sorted(value, key=msgspec.json.encode)
            case "anyOf":
                return [self.of(each) for each in sorted(value, key=self._encode_outline)]
            case "prefixItems":
                return [self.of(each) for each in value]
            case "default" | "const":
                return value
        return self.of(value)

    def _encode_outline(self, alternative: Any) -> bytes:
        """Return the key that puts alternatives in an order."""
        return msgspec.json.encode(self._outline(alternative))

    def _outline(self, value: Any) -> Any:
        """Return a part of a schema where the names of its fields stand for each definition."""
        if isinstance(value, list):
            return [self._outline(each) for each in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return sorted(self._find_definition(value["$ref"]).get("properties", ()))
        return {keyword: self._outline(value[keyword]) for keyword in sorted(value.keys() - NOTES)}
