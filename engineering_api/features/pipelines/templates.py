"""Templates of pipelines: definitions from the data files next to this module, whose variables are their parameters."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from engineering_api.features.pipelines.model import Definition
from engineering_api.features.pipelines.validation import resolve
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.fields import JsonValue, Model
from openness_bridge.errors import Detail, Kind, Place, Problem

FOLDER = "engineering_api.features.pipelines.template_files"
TRIGGER = "trigger"
"""A parameter of this name is the pipeline's trigger, not a variable."""


class Parameter(Model):
    """What a template takes.

    Attributes:
        default: Its value where none is given; null for one that must be given, or by each run.
    """

    name: str
    description: str
    default: JsonValue = None


class TemplateInfo(Model):
    """A template."""

    id: str
    name: str
    description: str
    category: str
    parameters: list[Parameter]


class Template(TemplateInfo):
    """A template with its content: a definition without name, trigger and variables."""

    pipeline: dict[str, Any]


def available(catalogue: Catalogue) -> list[TemplateInfo]:
    """Return the templates all of whose operations are in a catalogue."""
    return [_info(template) for template in _all().values() if _can_run(template, catalogue)]


def instantiate(template_id: str, name: str, parameters: dict[str, Any], catalogue: Catalogue) -> Definition:
    """Return a pipeline made from a template.

    Raises:
        Problem: There is no such template, or it has no such parameters; with a pointer to each.
    """
    template = _all().get(template_id)
    if template is None or not _can_run(template, catalogue):
        known = ", ".join(info.id for info in available(catalogue))
        msg = f"There is no template '{template_id}': use one of {known}."
        raise Problem("pipeline.template_not_found", msg, kind=Kind.MISSING, place=Place(object=template_id))
    known_names = [parameter.name for parameter in template.parameters]
    wrong = [_report_unknown(each, known_names) for each in parameters if each not in known_names]
    if wrong:
        raise Problem(wrong[0].code, wrong[0].message, place=wrong[0].place, details=wrong)
    values = {each.name: parameters.get(each.name, each.default) for each in template.parameters}
    trigger = str(values.pop(TRIGGER, "manual"))
    whole = {"name": name, "description": template.description, "trigger": trigger, "variables": values}
    return msgspec.convert(template.pipeline | whole, Definition)


def _report_unknown(name: str, known: list[str]) -> Detail:
    msg = f"The template has no parameter '{name}'. It has {', '.join(known)}."
    return Detail("pipeline.parameter_unknown", msg, Place(pointer=f"/parameters/{name}"))


def _info(template: Template) -> TemplateInfo:
    return TemplateInfo(**{name: getattr(template, name) for name in TemplateInfo.__struct_fields__})


def _can_run(template: Template, catalogue: Catalogue) -> bool:
    try:
        for step in template.pipeline["steps"]:
            resolve(step["action"], catalogue)
    except Problem:
        return False
    return True


@cache
def _all() -> dict[str, Template]:
    found = [each for each in files(FOLDER).iterdir() if each.name.endswith(".json")]
    read = [msgspec.json.decode(each.read_bytes(), type=Template) for each in found]
    return {template.id: template for template in sorted(read, key=lambda each: each.id)}
