"""The OpenAPI description, made from the operation catalogue."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

import msgspec

from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.combinations import ruled_types, rules_of
from engineering_api.operations.declaration import Operation, module_name
from engineering_api.operations.dry_run import DryRun
from engineering_api.operations.resources import Resources
from engineering_api.operations.terms import Route
from engineering_api.operations.wire import Fault
from engineering_api.web.forms.versions import JobRef, ProblemDetails
from engineering_api.web.openapi import endpoints, json_forms, named_types, options
from engineering_api.web.openapi.codes import failures
from engineering_api.web.openapi.forms import Form, Form1, Form2, describe_operation, operation_id, security, tags
from engineering_api.web.openapi.links import Links, links, to_job

BODILESS = {"GET", "DELETE"}
_REF = "#/components/schemas/{name}"
_REFERENCE = re.compile(r'"#/components/([^"]+)"')
_SCHEMAS = _REF.format(name="")


FORMS: dict[int, Form] = {1: Form1(), 2: Form2()}
"""The versions of the API."""


def describe(catalogue: Catalogue, version: str, api: int = 1) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all operations and endpoints.

    Args:
        catalogue: They.
        version: The release of the service.
        api: The version of the API.
    """
    form = FORMS[api]
    ruled = sorted({each for op in catalogue for each in ruled_types(op.request)}, key=str)
    shared = [Fault, ProblemDetails, JobRef, DryRun]
    types = [*(op.request for op in catalogue), *(op.answer for op in catalogue), *shared, *ruled]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    components = named_types.collect(components, _REF)
    for each, schema in zip(ruled, schemas[-len(ruled) :], strict=True):
        components[_component(schema)]["allOf"] = [rule.schema(each) for rule in rules_of(each)]
    by_request = dict(zip((op.name for op in catalogue), schemas, strict=False))
    for name in _reached({"schemas": components}, by_request):
        _close(components[name.removeprefix("schemas/")])
    by_answer = dict(zip((op.name for op in catalogue), schemas[len(by_request) :], strict=False))
    leading, resources = links(catalogue, form.pointer), Resources(catalogue)
    paths: dict[str, dict[str, Any]] = {}
    for op in catalogue:
        whole = components[_component(by_request[op.name])]
        made = partial(_operation, form, op, whole, by_answer[op.name], leading.get(op.name, {}), resources.binds(op))
        for path, route in form.routes(op):
            paths.setdefault(path, {})[route.method.lower()] = made(route)
    for endpoint in catalogue.endpoints:
        for path, route in form.routes(endpoint):
            paths.setdefault(path, {})[route.method.lower()] = endpoints.description(endpoint, route)
    components |= form.schemas
    for op in catalogue:  # requests are described as parameters and bodies
        components.pop(_component(by_request[op.name]), None)
    names = {name: _name(name) for name in components}
    if len(set(names.values())) < len(names):
        raise ValueError(f"Two types have one name: {sorted(names.values())}")
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": form.title,
            "version": version,
            "description": "Projects, devices, blocks, tags and jobs of TIA Portal over HTTP.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": tags(catalogue),
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {
                names[name]: components[name] | {"title": names[name]}
                for name in sorted(components, key=names.__getitem__)
            },
            "parameters": options.PARAMETERS,
            "headers": options.HEADERS,
            "responses": options.responses(form.accepted(), form.failed(), to_job(catalogue, form.pointer)),
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }
    described: dict[str, Any] = _with_items(_without_unused(json_forms.share(_renamed(document, names))))
    return described


def text(catalogue: Catalogue, version: str, api: int = 1) -> str:
    """Return the document as it is printed and written to a file: in ASCII, so that any console and redirection keeps it."""
    return json.dumps(msgspec.json.decode(msgspec.json.encode(describe(catalogue, version, api))), indent=2)


def _with_items(value: Any) -> Any:
    """Return schemas whose arrays all say what their items are: linters and generators require it."""
    if isinstance(value, list):
        return [_with_items(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {key: each if key == "example" else _with_items(each) for key, each in value.items()}
    return made | {"items": {}} if made.get("type") == "array" and "items" not in made else made


def _without_unused(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without components that nothing refers to: generators would make types of them."""
    components = document["components"]
    used = _reached(components, document["paths"])
    kept = {
        kind: {name: each for name, each in named.items() if f"{kind}/{name}" in used or kind == "securitySchemes"}
        for kind, named in components.items()
    }
    return document | {"components": kept}


def _close(schema: dict[str, Any]) -> None:
    """Make the schema of a part of a request refuse unknown fields, as the binder does."""
    if "properties" in schema:
        schema["additionalProperties"] = False


def _reached(components: dict[str, Any], start: Any) -> set[str]:
    """Return the kinds and names of the components that a part of the document refers to, also through others."""
    used, new = set[str](), set(_REFERENCE.findall(json.dumps(start)))
    while new:
        used |= new
        parts = (components[kind][name] for kind, name in (each.split("/") for each in new))
        new = set(_REFERENCE.findall(json.dumps([*parts]))) - used
    return used


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
    form: Form,
    op: Operation,
    request: dict[str, Any],
    answer: dict[str, Any],
    leading: Links,
    binds: bool,
    route: Route,
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation_id(op, route),
        "tags": [op.section],
        "summary": op.summary,
        "description": describe_operation(op),
        "parameters": [*_parameters(op, route, request), *form.parameters(op, route, binds=binds)],
        "responses": form.responses(op, route, answer, leading),
        "security": security(op.right),
        "x-operation": op.name,
        "x-right": op.right.word,
        "x-lock": op.lock.value,
        "x-changes": op.changes,
        "x-alias": route.alias,
        "x-codes": {str(status): listed for status, listed in failures(op).items()},
    }
    if op.changes:
        described |= {"x-destroys": op.destroys, "x-undo": op.undo.value}
    if route.method not in BODILESS and (body := _body(op, route, request)):
        described["requestBody"] = body
    return described


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
    is_needed = bool(required) or any(rule.least for rule in rules_of(op.request))
    return {"required": is_needed, "content": {"application/json": {"schema": schema, "example": example}}}
