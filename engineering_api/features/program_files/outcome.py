"""What a change of many objects does to each of them: one list, as a plan before it and as the result after it."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

import msgspec

from engineering_api.operations.fields import Model
from openness_bridge.errors import Detail, Kind, Place, Problem

ChangeStatus = Annotated[
    Literal["created", "replaced", "unchanged", "left out", "refused", "skipped"], msgspec.Meta(title="ChangeStatus")
]
LEFT_OUT = "import.left_out"
UNCHANGED = "import.unchanged"


class Change(Model, kw_only=False):
    """What becomes of one object, or of one row of a tag list.

    Attributes:
        object: Its name; empty where a file or row names none.
        kind: FB, FC, OB, GlobalDB, InstanceDB, ArrayDB, UDT, TagTable, Tag, Constant and so on; empty where it is not known.
        status: created, replaced or unchanged; refused for what cannot be imported; left out for what is not imported
            because others were refused; skipped for a row of a tag list that is neither tag nor constant.
        file: The file that it is in, as the client named it.
        row: Row of the sheet, or line of the file, counted from 1; null for what is not a row.
        reason: What is replaced, such as `LAD → SCL`; why it was refused, left out or skipped; empty otherwise.
        code: The stable code of the reason where it was refused, left out or skipped; empty otherwise.
        place: Where in the file the reason is, as far as that is known.
    """

    object: str
    kind: str
    status: ChangeStatus
    file: str
    row: int | None = None
    reason: str = ""
    code: str = ""
    place: Place | None = None


class ImportOutcome(Model):
    """What an import does, or would do.

    Attributes:
        dry_run: Nothing was changed: the list is the plan of an import of the same files with the same options.
        created: How many changes have this status; likewise the other five.
        changes: Every object and row of all files, in the order of the files.
        added_languages: The project languages that the import activated.
    """

    dry_run: bool
    created: int
    replaced: int
    unchanged: int
    refused: int
    left_out: int
    skipped: int
    changes: list[Change]
    added_languages: list[str] = msgspec.field(default_factory=list)


def summarize(changes: list[Change], added_languages: list[str], *, dry_run: bool) -> ImportOutcome:
    """Return the changes with their numbers."""
    counts = Counter(each.status for each in changes)
    return ImportOutcome(
        dry_run=dry_run,
        created=counts["created"],
        replaced=counts["replaced"],
        unchanged=counts["unchanged"],
        refused=counts["refused"],
        left_out=counts["left out"],
        skipped=counts["skipped"],
        changes=changes,
        added_languages=added_languages,
    )


def leave_out(changes: list[Change]) -> list[Change]:
    """Return the list for a project that was left as it was because some of the changes are refused."""
    reason = "It was not imported, because others were refused."
    return [
        msgspec.structs.replace(each, status="left out", code=LEFT_OUT, reason=reason)
        if each.status in {"created", "replaced"}
        else each
        for each in changes
    ]


def refusal(changes: list[Change]) -> Problem:
    """Return the problem of an import that changed nothing; its details are the whole list but for skipped rows."""
    refused = [each for each in changes if each.status == "refused"]
    some = "1 object or row cannot" if len(refused) == 1 else f"{len(refused)} objects or rows cannot"
    first = refused[0]
    msg = f"Nothing was imported, because {some} be imported: {first.reason}"
    details = [_detail(each) for each in leave_out(changes) if each.status != "skipped"]
    return Problem("import.refused", msg, kind=Kind.REFUSED, place=_place(first), details=details)


def _detail(change: Change) -> Detail:
    reason = change.reason or f"'{change.object}' is as the file has it."
    return Detail(change.code or UNCHANGED, reason, _place(change))


def _place(change: Change) -> Place:
    known = change.place or Place()
    return msgspec.structs.replace(
        known,
        path=known.path or change.file or None,
        object=known.object or change.object or None,
        row=known.row or change.row,
    )
