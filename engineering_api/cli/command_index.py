"""Makes the index of the command line: the operations of the catalogue as commands with typed options.

The catalogue needs a second to import. `tia` reads this index instead, so its help answers at once.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
from msgspec import inspect

from engineering_api.features.blocks import sources_operations
from engineering_api.features.design import design_spec_operations
from engineering_api.features.files import files_operations
from engineering_api.features.libraries import libraries_global_operations
from engineering_api.features.projects import projects_operations
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Operation, name_of
from engineering_api.operations.fields import marked, metas, secrets_of
from engineering_api.operations.terms import Mode, Route
from engineering_api.web.openapi.resource_summaries import SUMMARIES
from engineering_api.web.options import names as options_of

UPLOADED = {"importFilePath", "filePath", "archivePath", "files"}
"""Fields with a file that the command line sends to the server."""
ALSO_UPLOADED = {(name_of(sources_operations.from_file), "path"), (name_of(design_spec_operations.load), "path")}
ON_SERVER = {(name_of(files_operations.unpack), "archivePath")}
FETCHED = {"exportPath"}
"""Fields with a file that the command line fetches from the server."""
ALSO_FETCHED = {(name_of(each.archive), "path") for each in (projects_operations, libraries_global_operations)}
TABLE_OF = {"tags", "tag_transfer", "constants"}
"""Resources whose `tableName` is where the object is; in others it names the object."""
ALWAYS_IDENTITY = {"name", "folder", "query", "q"}
"""Required fields that name the object of a command even where no path has them: these are arguments, and no options."""
_KINDS = {
    inspect.BoolType: "bool",
    inspect.IntType: "int",
    inspect.FloatType: "float",
    inspect.StrType: "text",
}


def text(catalogue: Catalogue) -> str:
    """Return the index as JSON."""
    resources: dict[str, Any] = {}
    identities: dict[str, set[str]] = {}
    for op in catalogue:
        known = identities.setdefault(op.name.partition(".")[0], set(ALWAYS_IDENTITY))
        known |= {parameter for route in op.routes for parameter in route.parameters}
    for op in catalogue:
        name = op.name.partition(".")[0]
        entry = resources.setdefault(name.replace("_", "-"), {"about": SUMMARIES.get(name, ""), "commands": {}})
        entry["commands"][verb(op)] = _describe(op, identities[name])
    return json.dumps(resources, ensure_ascii=False, indent=0) + "\n"


def verb(op: Operation) -> str:
    """Return the command of an operation: create of tag_tables.create."""
    return op.name.partition(".")[2].strip("_").replace("_", "-")


def _describe(op: Operation, identities: set[str]) -> dict[str, Any]:
    waiting = next((route for route in op.routes if route.mode is Mode.WAIT), op.routes[0])
    options = options_of(op)
    return {
        "operation": op.name,
        "summary": op.summary,
        "description": op.description,
        "method": waiting.method,
        "path": waiting.path,
        "routes": [str(route) for route in op.routes],
        "modes": [route.mode.value for route in op.routes],
        "changes": op.changes,
        "options": options,
        "fields": [_field(op, waiting, info, identities) for info in msgspec.structs.fields(op.request)],
    }


def _field(op: Operation, route: Route, info: msgspec.structs.FieldInfo, identities: set[str]) -> dict[str, Any]:
    kind, choices, many = _kind(inspect.type_info(info.type))
    name = info.encode_name
    place = "path" if name in route.parameters else "query" if route.method in {"GET", "DELETE"} else "body"
    transfer = _transfer(op, info)
    found = {
        "name": name,
        "option": _option(name, transfer),
        "kind": kind,
        "place": place,
        "help": next((meta.description for meta in metas(info.type) if meta.description), ""),
    }
    extra = {
        "choices": choices,
        "many": many,
        "required": info.required,
        "positional": info.required
        and kind == "text"
        and not transfer
        and name in identities
        and _names_object(op, name),
        "secret": info.name in secrets_of(op.request),
        "transfer": transfer,
        "default": _default(info),
    }
    return found | {key: value for key, value in extra.items() if value not in (None, False, "", [])}


def _kind(info: inspect.Type) -> tuple[str, list[Any], bool]:
    """Return kind, choices, and whether there may be several values."""
    while isinstance(info, inspect.Metadata):
        info = info.type
    if isinstance(info, inspect.UnionType):
        members = [each for each in info.types if not isinstance(each, inspect.NoneType)]
        found = [_kind(each) for each in members]
        return found[0] if len(found) == 1 else ("any", [], False)
    if isinstance(info, inspect.LiteralType):
        return "choice", list(info.values), False
    if isinstance(info, inspect.EnumType):
        return "choice", [member.value for member in info.cls], False
    if isinstance(info, inspect.ListType | inspect.SetType):
        kind, choices, many = _kind(info.item_type)
        return (kind, choices, True) if kind in {"text", "choice", "int"} and not many else ("json", [], False)
    return _KINDS.get(type(info), "any" if isinstance(info, inspect.AnyType) else "json"), [], False


def _transfer(op: Operation, info: msgspec.structs.FieldInfo) -> str:
    key = (op.name, info.encode_name)
    if info not in marked(op.request, "path") or key in ON_SERVER:
        return ""
    if info.encode_name in UPLOADED or key in ALSO_UPLOADED:
        return "send"
    return "fetch" if info.encode_name in FETCHED or key in ALSO_FETCHED else ""


def _option(name: str, transfer: str) -> str:
    """Return the option of a field; what names the file of a command is --path, what names its result is --output."""
    if transfer:
        return "path" if transfer == "send" else "output"
    if name == "outputPath":
        return "output"
    dashed = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
    taken = {"json": "as-json", "input": "input-value", "quiet": "quiet-value"}
    return taken.get(dashed, dashed)


def _names_object(op: Operation, name: str) -> bool:
    """Return whether a field names the object of the command, not the PLC or tag table that has it."""
    return name != "deviceName" and (name != "tableName" or op.name.partition(".")[0] not in TABLE_OF)


def _default(info: msgspec.structs.FieldInfo) -> Any:
    if info.required or info.default in (msgspec.NODEFAULT, msgspec.UNSET, None):
        return None
    return info.default if isinstance(info.default, bool | int | float | str) else None
