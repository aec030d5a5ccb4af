"""What a change of many objects does to each of them: one list, as a plan before it and as the result after it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from engineering_api.operations.fields import Model
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.groups import Listed

ChangeStatus = Annotated[
    Literal["created", "replaced", "unchanged", "deleted", "left out", "refused", "skipped"],
    msgspec.Meta(title="ChangeStatus"),
]
LEFT_OUT = "import.left_out"
UNCHANGED = "import.unchanged"


class Change(Model, kw_only=False):
    """What becomes of one object, or of one row of a tag list.

    Attributes:
        object: Its name, of a folder its path; empty where a file or row names none.
        kind: FB, FC, OB, GlobalDB, InstanceDB, ArrayDB, UDT, TagTable, Tag, Constant, Folder and so on; empty where it is not
            known.
        status: created, replaced, unchanged or deleted; refused for what cannot be changed; left out for what is not changed,
            such as because others were refused; skipped for a row of a tag list that is neither tag nor constant, or that the
            mode skip leaves as it is.
        file: The file that it is in, as the client or the repository names it; empty where it is in none.
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


class DeletedFolder(Model):
    """A folder that was deleted.

    Attributes:
        folder: Its path, as the request names it.
        changes: It, the folders in it by their paths, and the objects in them.
    """

    folder: str
    changes: list[Change] = []


def deleted_folder(folder: str, gone: list[Listed]) -> DeletedFolder:
    """Return the answer for a deleted folder and its content."""
    return DeletedFolder(folder=folder, changes=[Change(each.name, each.kind, "deleted", "") for each in gone])


def leave_out(changes: list[Change]) -> list[Change]:
    """Return the list for a project that was left as it was because some of the changes are refused."""
    reason = "It was not changed, because others were refused."
    return [
        msgspec.structs.replace(each, status="left out", code=LEFT_OUT, reason=reason)
        if each.status in {"created", "replaced", "deleted"}
        else each
        for each in changes
    ]


def details(changes: list[Change]) -> list[Detail]:
    """Return the list as the details of a refusal: all but skipped rows."""
    return [_detail(each) for each in changes if each.status != "skipped"]


def refusal(changes: list[Change]) -> Problem:
    """Return the problem of an import that changed nothing; its details are the whole list but for skipped rows."""
    refused = [each for each in changes if each.status == "refused"]
    some = "1 object or row cannot" if len(refused) == 1 else f"{len(refused)} objects or rows cannot"
    first = refused[0]
    msg = f"Nothing was imported, because {some} be imported: {first.reason}"
    place = _place(first)
    return Problem("import.refused", msg, kind=Kind.REFUSED, place=place, details=details(leave_out(changes)))


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
