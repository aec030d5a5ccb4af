"""Block templates: parameterised starting points that give blocks, from data files next to this package.

What a template takes is in its .json, what it gives in documents there or in an
.scl next to it. See docs/block-templates.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from engineering_api.features.blocks import template_text
from engineering_api.features.blocks.documents import Json, from_json, parse, understood
from engineering_api.features.blocks.template_values import Parameter, TemplateValues, check_values
from engineering_api.operations.fields import Model
from openness_bridge.enumerations import ObjectKind, SourceLanguage
from openness_bridge.errors import Detail, Kind, Place, Problem
from simatic_xml import Block, scl

FOLDER = "engineering_api.features.blocks.templates"


class TemplateInfo(Model):
    """A template: what it gives, and what it takes.

    Attributes:
        language: Of the block that it gives.
    """

    name: str
    title: str
    description: str
    language: SourceLanguage
    parameters: list[Parameter]


class TemplateFile(Model):
    """An object that a template gave, as SimaticML."""

    name: str
    kind: ObjectKind
    xml: str


class Filled(Model):
    """What a template gives for its parameters.

    Attributes:
        parameters: All of them, with the defaults of those that were left out.
        source: The SCL source; null for a template in another language.
        files: The objects, in the order of their import.
    """

    template: str
    parameters: TemplateValues
    source: str | None
    files: list[TemplateFile]


@dataclass(frozen=True, slots=True)
class Template:
    """A template with its content: either documents in the JSON form, or SCL."""

    info: TemplateInfo
    documents: list[Json]
    source: str | None


def templates() -> list[TemplateInfo]:
    """Return all templates, by name."""
    return [template.info for template in _all().values()]


def template(name: str) -> Template:
    """Return a template by its name.

    Raises:
        Problem: There is none.
    """
    found = _all().get(name.casefold())
    if found is None:
        msg = f"There is no template '{name}': use one of {', '.join(_all())}."
        raise Problem("template.not_found", msg, kind=Kind.MISSING, place=Place(object=name))
    return found


def generate(name: str, parameters: Json, version: str, culture: str) -> Filled:
    """Return what a template gives.

    Args:
        name: The template.
        parameters: Its parameters; those left out have their defaults.
        version: The TIA version to write for, such as "20".
        culture: The language that comments and titles are filed under.

    Raises:
        Problem: No such template, or a parameter is not known or not possible; with a pointer to it.
    """
    chosen = template(name)
    values = check_values(chosen.info.name, chosen.info.parameters, parameters)
    shown = {each.name: parameters.get(each.name, each.default) for each in chosen.info.parameters}
    source = None if chosen.source is None else template_text.fill(chosen.source, values)
    made = [*_from_documents(chosen.documents, values, version, culture), *_from_source(source, version, culture)]
    return Filled(template=chosen.info.name, parameters=shown, source=source, files=[_file(xml) for xml in made])


def _from_documents(documents: list[Json], values: Json, version: str, culture: str) -> Iterator[bytes]:
    for document in documents:
        data: Json = {"cultures": [culture]} | document
        if values.get(data.pop("when", ""), True):
            yield from_json(template_text.fill_all(data, values), version)


def _from_source(source: str | None, version: str, culture: str) -> list[bytes]:
    if source is None:
        return []
    with understood():
        made = scl.generate(source, f"V{version}", culture=culture)
    errors = [found for found in made.diagnostics if found.severity is scl.Severity.ERROR]
    if errors:
        details = [
            Detail(f"scl.{each.code}", each.message, Place(line=each.line, column=each.column)) for each in errors
        ]
        msg = f"The template gives no valid SCL with these parameters: {errors[0]}"
        raise Problem("template.not_valid", msg, place=Place(pointer="/parameters"), details=details)
    return made.documents


def _file(xml: bytes) -> TemplateFile:
    (made,) = parse(xml).objects
    if isinstance(made, Block):
        _require_unique(made)
    return TemplateFile(name=made.name, kind=made.kind, xml=xml.decode("utf-8-sig"))


def _require_unique(block: Block) -> None:
    """Refuse names of lists that give two members of one name."""
    count = Counter(member.name.casefold() for section in block.interface for member in section.members)
    twice = [name for name, times in count.items() if times > 1]
    if twice:
        msg = f"These parameters would give two members '{twice[0]}': choose other names."
        raise Problem("template.member_twice", msg, place=Place(pointer="/parameters"))


@cache
def _all() -> dict[str, Template]:
    found = sorted(re.sub(r"\.json$", "", each.name) for each in files(FOLDER).iterdir() if each.name.endswith(".json"))
    return {name: _read(name) for name in found}


def _read(name: str) -> Template:
    data: Json = msgspec.json.decode(files(FOLDER).joinpath(f"{name}.json").read_bytes())
    documents: list[Any] = data.pop("documents", [])
    source = None if documents else files(FOLDER).joinpath(f"{name}.scl").read_text(encoding="utf-8")
    return Template(msgspec.convert({"name": name} | data, TemplateInfo), documents, source)
