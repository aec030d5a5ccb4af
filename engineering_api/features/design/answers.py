"""What the operations of designs answer with; each starts without the modules that work on designs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from engineering_api.operations.fields import Model
from openness_bridge.enumerations import ObjectKind, one_of, values_of
from openness_bridge.errors import Detail
from openness_bridge.program.compile import CompileReport

DesignForm = Annotated[dict[str, Any], msgspec.Meta(title="DesignForm")]
"""A design as JSON (docs/design-spec.md); `get_schema` in design_spec_operations answers with its schema."""
TextLanguage = Annotated[str, one_of("DesignLanguage", "SCL", "JSON", "GRAPH")]
Status = Literal["created", "updated", "unchanged", "failed", "orphaned", "removed"]
DesignObjectKind = Annotated[str, one_of("DesignObjectKind", "Device", "IoModule", *values_of(ObjectKind))]
"""What a design makes: a device, an I/O module, or an object of a program."""


class Judged(Model):
    """What is known of the design of a project.

    Attributes:
        complete: Whether it can be generated: nothing is missing, nothing is wrong.
        missing: Sections that a design must have and this one has not yet.
        counts: How many elements each section has.
        findings: What is wrong with it, each with its JSON pointer.
        warnings: What is probably not meant.
        model: The design itself, where it was asked for.
    """

    name: str
    complete: bool
    missing: list[str]
    counts: dict[str, int]
    findings: list[Detail]
    warnings: list[str]
    author: str = ""
    loaded_at: str = ""
    model: DesignForm | None = None


class GeneratedObject(Model):
    """An object that a design gives.

    Attributes:
        language: Of the text: SCL; JSON as in docs/simatic_xml.md; GRAPH, its network as JSON.
        pointer: What of the design it comes from.
        xml: SimaticML, where it was asked for.
    """

    device: str
    kind: ObjectKind
    name: str
    folder: str
    language: TextLanguage
    text: str
    pointer: str
    xml: str | None = None


class PlcTestFile(Model):
    """A file of tests.

    Attributes:
        text: YAML as in docs/plc-tests.md.
    """

    device: str
    name: str
    text: str


class GeneratedDesign(Model):
    """All that a design gives, in the order in which it can be imported."""

    objects: list[GeneratedObject]
    tests: list[PlcTestFile]
    warnings: list[str]


class ObjectResult(Model):
    """What became of one object.

    Attributes:
        status: created, updated, unchanged, failed; orphaned: made by an earlier design and still there; removed.
        pointer: What of the design it comes from; empty for what the design no longer has.
        error: Why it failed.
    """

    device: str
    kind: DesignObjectKind
    name: str
    folder: str
    status: Status
    pointer: str = ""
    error: Detail | None = None


class DesignsApplied(Model):
    """What became of a design in a project.

    Attributes:
        failed: How many objects could not be made, or not be deleted.
        orphaned: How many objects of earlier designs are still there; `remove` deletes them.
        compilations: The compiler's outcome for each device where something changed.
    """

    created: int
    updated: int
    unchanged: int
    failed: int
    orphaned: int
    removed: int
    results: list[ObjectResult]
    compilations: dict[str, CompileReport]
    tests: list[PlcTestFile]
