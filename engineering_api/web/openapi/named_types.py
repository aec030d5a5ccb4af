"""Gives each named type of the description one schema, which all its fields refer to.

A set of words or a free value is declared as `Annotated[Literal[...], msgspec.Meta(title="JobStatus")]`. msgspec repeats
such a type wherever it is used, so client generators would make a class for each field.
"""

from __future__ import annotations

from typing import Any

from engineering_api.web.openapi.json_forms import FORM

Schema = dict[str, Any]
_OWN = {"default", "description", "examples"}
"""Keywords that belong to a field and not to its type."""


def collect(components: dict[str, Schema], reference: str) -> dict[str, Schema]:
    """Return components in which named types are components too.

    Args:
        components: Schemas by name.
        reference: How a schema refers to a component, with {name}.

    Raises:
        ValueError: Two different types have one name.
    """
    found: dict[str, Schema] = {}
    made = {name: _collect(schema, reference, found, is_component=True) for name, schema in components.items()}
    if same := found.keys() & made.keys():
        msg = f"Two types have one name: {sorted(same)}"
        raise ValueError(msg)
    return made | found


def _collect(schema: Any, reference: str, found: dict[str, Schema], *, is_component: bool = False) -> Any:
    if isinstance(schema, list):
        return [_collect(each, reference, found) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made: Schema = {
        key: {name: _collect(each, reference, found) for name, each in value.items()}
        if key == "properties"
        else value
        if key in {"default", "examples", "enum"}
        else _collect(value, reference, found)
        for key, value in schema.items()
    }
    if all(isinstance(word, str) for word in made.get("enum", (None,))):
        made = {"type": "string"} | made
    if is_component or FORM in made or not isinstance(made.get("title"), str):
        return made
    name, named = made["title"], {key: value for key, value in made.items() if key not in _OWN}
    if found.setdefault(name, named) != named:
        msg = f"Two types have one name: {name}"
        raise ValueError(msg)
    return {"$ref": reference.format(name=name)} | {key: value for key, value in made.items() if key in _OWN}
