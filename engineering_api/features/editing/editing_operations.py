"""What an editor asks for: findings about a text that is not in the project yet, and what differs between two states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from engineering_api.documentation import code_pages
from engineering_api.features.blocks.documents import understood
from engineering_api.features.blocks.sources_operations import SCL
from engineering_api.features.editing.differences import BlockDifference
from engineering_api.features.editing.surroundings import read_surroundings
from engineering_api.features.program.program_structure import UnreadObject
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request, named
from engineering_api.operations.terms import Place, Right
from openness_bridge.errors import Kind

if TYPE_CHECKING:
    from simatic_xml.scl_cli.findings import Finding

section = Section("Blocks", right=Right.VIEW, place=Place.WORKER)
LONGEST = 500_000
"""Characters of a text that is checked: the limit of what a keystroke may cost."""
MOST = 500
"""Findings of an answer; who corrects the first ones sees the others."""
FindingLevel = Annotated[Literal["error", "warning", "note"], msgspec.Meta(title="FindingLevel")]


INVERTED = SCL.replace("#on;", "NOT #on;")
STATE = (
    "project: as it is now; snapshot:ID: one of its snapshots; commit:REVISION: as source control has it, such as "
    "commit:HEAD~1; text: what the request has."
)
STATES = r"^(project|text|snapshot:.+|commit:.+)$"


class CheckText(Request, kw_only=True):
    """A text, and where it belongs."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.", "device", "plc")]
    text: Annotated[
        str,
        named(
            "SCL: FUNCTION_BLOCK, FUNCTION, ORGANIZATION_BLOCK, DATA_BLOCK and TYPE, any number of them. Objects of the "
            "program with the same names count as replaced.",
            *("scl", "content", "sourceText"),
            max_length=LONGEST,
        ),
    ]
    block_name: Annotated[
        str | None, named("The block that the text replaces, where the text gives it another name.", "replaces")
    ] = None


class CompareStates(Request, kw_only=True):
    """A block, and which two states of it."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.", "device", "plc")]
    block_name: Annotated[str, named("Name of the block, which may be deleted meanwhile.", "block", "name")]
    left: Annotated[str, named(f"The older state. {STATE}", "from", pattern=STATES)] = "commit:HEAD"
    right: Annotated[str, named(f"The newer state. {STATE}", "to", pattern=STATES)] = "project"
    text: Annotated[
        str, named("The SCL source that the state text means.", "scl", "sourceText", max_length=LONGEST)
    ] = ""


class TextChange(Model):
    """One replacement of a correction. Lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class TextFinding(Model):
    """A finding about a text. Lines and columns count from 1, the end is exclusive.

    Attributes:
        severity: Error, warning or note.
        code: Its stable code, or the id of the lint rule.
        rule: Name of the lint rule; empty for a finding of the compiler.
        message: What is wrong and what to do.
        page: The page that explains the code, below /docs/.
        changes: What corrects it; empty where nothing does so by itself.
    """

    severity: FindingLevel
    code: str
    rule: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    page: str
    changes: list[TextChange]


class CheckedText(Model):
    """The findings about a text.

    Attributes:
        findings: In the order of the text, at most 500.
        left_out: How many more there are.
        unread: Objects of the program whose declarations are not known: a finding may be due to one of them.
    """

    findings: list[TextFinding]
    left_out: int
    unread: list[UnreadObject]


@section.operation(
    also="POST /api/check/scl",
    changes=False,
    example={"deviceName": "PLC_1", "text": SCL.replace("#on;", "#off;")},
)
def check_scl(ctx: Context, request: CheckText) -> CheckedText:
    """Check an SCL text within the program of a PLC, without a change: names, types, calls and good practice.

    The first check of a project reads its program. Recursion, nesting and overlapping tags concern several objects: only a
    compilation finds them.
    """
    from engineering_api.features.editing.checking import check_text

    program = read_surroundings(ctx, request.device_name)
    with understood("/text"):
        found = check_text(request.text, program.around, request.block_name or "")
    return CheckedText(
        findings=[_finding(each) for each in found[:MOST]],
        left_out=max(0, len(found) - MOST),
        unread=[UnreadObject(each.name, each.reason) for each in program.unread],
    )


@section.operation(
    also=("POST /api/diff", "GET /api/diff"),
    changes=False,
    example={"deviceName": "PLC_1", "blockName": "Lamp", "left": "project", "right": "text", "text": INVERTED},
)
def compare(ctx: Context, request: CompareStates) -> BlockDifference:
    """Compare two states of a block: the project, a snapshot, a commit, a text in SCL.

    The answer has the differences in words, both sources, and for LAD, FBD and GRAPH both drawings of each network that
    differs. A block that is in one of the states only is compared with nothing.
    """
    from engineering_api.features.editing import comparing, states

    names = (request.left, request.right)
    found = states.States(ctx, request.device_name, request.block_name, request.text).read(*names)
    ctx.require(
        any(each.document for each in found),
        "diff.nothing",
        f"'{request.block_name}' is neither in the state '{request.left}' nor in '{request.right}'.",
        Kind.MISSING,
    )
    return comparing.compare(*found)


def _finding(found: Finding) -> TextFinding:
    return TextFinding(
        severity=found.level,
        code=found.code,
        rule=found.name,
        message=found.message,
        line=found.line,
        column=found.column,
        end_line=found.end_line,
        end_column=found.end_column,
        page=code_pages.address_of(found.code),
        changes=[TextChange(**{each: getattr(change, each) for each in _PLACE}) for change in found.changes],
    )


_PLACE = ("line", "column", "end_line", "end_column", "text")
