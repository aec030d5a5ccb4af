"""What an import of files answers: the list of changes with their numbers."""

from __future__ import annotations

from collections import Counter

import msgspec

from engineering_api.features.change_list import Change
from engineering_api.operations.fields import Model


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
