"""The OpenAPI description, made from the operation catalogue."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.combinations import ruled_types, rules_of
from engineering_api.operations.declaration import Operation, module_name
from engineering_api.operations.dry_run import DryRun
from engineering_api.operations.terms import Right, Route
from engineering_api.web.envelope import Fault
from engineering_api.web.openapi import endpoints, named, options
from engineering_api.web.openapi.links import Links, at, links

BODILESS = {"GET", "DELETE"}
_REF = "#/components/schemas/{name}"
_SCHEMAS = _REF.format(name="")
_TEXT = {"type": "string"}


class JobRef(msgspec.Struct, rename="camel"):
    """The answer of a route that starts a job."""

    job_id: str


def describe(catalogue: Catalogue, version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all operations and endpoints."""
    ruled = sorted({each for op in catalogue for each in ruled_types(op.request)}, key=str)
    types = [op.request for op in catalogue] + [op.answer for op in catalogue] + [Fault, JobRef, DryRun, *ruled]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    components = named.collect(components, _REF)
    for each, schema in zip(ruled, schemas[-len(ruled) :], strict=True):
        components[_component(schema)]["allOf"] = [rule.schema(each) for rule in rules_of(each)]
    by_request = dict(zip((op.name for op in catalogue), schemas, strict=False))
    by_answer = dict(zip((op.name for op in catalogue), schemas[len(by_request) :], strict=False))
    leading = links(catalogue)
    paths: dict[str, dict[str, Any]] = {}
    for op in catalogue:
        whole = components[_component(by_request[op.name])]
        for route in op.routes:
            paths.setdefault(route.path, {})[route.method.lower()] = _operation(
                op, route, whole, by_answer[op.name], leading.get(op.name, {})
            )
    for endpoint in catalogue.endpoints:
        for route in endpoint.routes:
            paths.setdefault(route.path, {})[route.method.lower()] = endpoints.description(endpoint, route)
    components |= {"Envelope": _envelope(), "Failure": _failure()}
    for op in catalogue:  # requests are described as parameters and bodies
        components.pop(_component(by_request[op.name]), None)
    names = {name: _name(name) for name in components}
    if len(set(names.values())) < len(names):
        raise ValueError(f"Two types have one name: {sorted(names.values())}")
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Engineering API for SIMATIC PLCs",
            "version": version,
            "description": "Projects, devices, blocks, tags and jobs of TIA Portal over HTTP.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": title} for title in dict.fromkeys(op.section for op in catalogue)],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {names[name]: components[name] for name in sorted(components, key=names.__getitem__)},
            "parameters": options.PARAMETERS,
            "headers": options.HEADERS,
            "responses": options.responses(_accepted(), _failed()),
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }
    described: dict[str, Any] = _renamed(document, names)
    return described


def text(catalogue: Catalogue, version: str) -> str:
    """Return the document as it is printed and written to a file: in ASCII, so that any console and redirection keeps it."""
    return json.dumps(msgspec.json.decode(msgspec.json.encode(describe(catalogue, version))), indent=2)


def _component(schema: dict[str, Any]) -> str:
    reference: str = schema["$ref"]
    return reference.rpartition("/")[2]


def _name(component: str) -> str:
    """Return the name of a type; of types that have one name each gets the name of its module before it."""
    module, _, kind = component.rpartition(".")
    return "".join(word.title() for word in module_name(module).split("_")) + kind


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    renamed = {key: _renamed(each, names) for key, each in value.items()}
    if renamed.get("$ref", "").startswith(_SCHEMAS):
        renamed["$ref"] = _REF.format(name=names[renamed["$ref"].removeprefix(_SCHEMAS)])
    return renamed


def _operation(
    op: Operation, route: Route, request: dict[str, Any], answer: dict[str, Any], leading: Links
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{op.name}.{route.mode.value}" + (f".{_slug(route)}" if _is_repeated(op, route) else ""),
        "tags": [op.section],
        "summary": op.summary,
        "description": op.description,
        "parameters": [*_parameters(op, route, request), *options.parameters(op, route)],
        "responses": _responses(op, route, answer, leading),
        "security": [] if op.right is Right.PUBLIC else [{"apiKey": []}, {"bearer": []}],
        "x-operation": op.name,
        "x-right": op.right.word,
        "x-lock": op.lock.value,
        "x-changes": op.changes,
        "x-alias": route.alias,
    }
    if op.changes:
        described |= {"x-destroys": op.destroys, "x-undo": op.undo.value}
    if route.method not in BODILESS and (body := _body(op, route, request)):
        described["requestBody"] = body
    return described


def _is_repeated(op: Operation, route: Route) -> bool:
    return next(r for r in op.routes if r.mode is route.mode) is not route


def _slug(route: Route) -> str:
    return f"{route.method} {route.path}".lower().replace("/", "_").replace("{", "").replace("}", "").replace(" ", "")


def _parameters(op: Operation, route: Route, request: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    required = set(request.get("required", ()))
    for name, schema in request.get("properties", {}).items():
        in_path = name in route.parameters
        if in_path or route.method in BODILESS:
            parameter = {
                "name": name,
                "in": "path" if in_path else "query",
                "required": in_path or name in required,
                "description": _description(schema),
                "schema": _given(schema) if in_path else schema,
            }
            made.append(parameter | ({"example": op.example[name]} if name in op.example else {}))
    return made


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field that is always there: what is in a path is never null."""
    plain = {name: value for name, value in schema.items() if name != "default"}
    if "anyOf" in plain:
        plain["anyOf"] = [variant for variant in plain["anyOf"] if variant.get("type") != "null"]
    return plain


def _description(schema: dict[str, Any]) -> str:
    variants = [schema, *schema.get("anyOf", ())]
    return next((variant["description"] for variant in variants if "description" in variant), "")


def _body(op: Operation, route: Route, request: dict[str, Any]) -> dict[str, Any] | None:
    properties = {n: s for n, s in request.get("properties", {}).items() if n not in route.parameters}
    if not properties:
        return None
    required = [name for name in request.get("required", ()) if name in properties]
    schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    if "allOf" in request:
        schema["allOf"] = request["allOf"]
    example = {name: value for name, value in op.example.items() if name in properties}
    return {"required": bool(required), "content": {"application/json": {"schema": schema, "example": example}}}


def _responses(op: Operation, route: Route, answer: dict[str, Any], leading: Links) -> dict[str, Any]:
    data = {"anyOf": [answer, {"$ref": _REF.format(name="DryRun")}]} if op.changes else answer
    return options.answers(op, route, _enveloped("The answer.", data), at(route, leading))


def _accepted() -> dict[str, Any]:
    return _enveloped("The job that does it.", {"$ref": _REF.format(name="JobRef")})


def _enveloped(description: str, data: dict[str, Any]) -> dict[str, Any]:
    inner = {"properties": {"data": data}}
    schema = {"allOf": [{"$ref": _REF.format(name="Envelope")}, inner, {"properties": {"response": inner}}]}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _failed() -> dict[str, Any]:
    schema = {"$ref": _REF.format(name="Failure")}
    return {
        "description": "What went wrong, where, and what to do.",
        "content": {"application/json": {"schema": schema}},
    }


def _inner(success: bool) -> dict[str, Any]:
    return {
        "success": {"const": success},
        "message": _TEXT,
        "data": {},
        "timestamp": {"type": "string", "format": "date-time"},
    }


def _envelope() -> dict[str, Any]:
    required = ["success", "message", "data", "timestamp"]
    fields = _inner(success=True)
    inner = {"type": "object", "properties": fields, "required": required}
    properties = {"status": {"type": "integer"}, **fields, "response": inner}
    return {"type": "object", "properties": properties, "required": ["status", *required, "response"]}


def _failure() -> dict[str, Any]:
    properties = _inner(success=False) | {"error": {"$ref": _REF.format(name="Fault")}}
    inner = {"type": "object", "properties": properties, "required": ["success", "message", "error"]}
    return inner | {"properties": {"status": {"type": "integer"}, **properties, "response": inner}}
