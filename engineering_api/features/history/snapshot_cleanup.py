"""Selects snapshots to delete: old ones, but never the newest of an object."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from engineering_api.storage.clock import now
from engineering_api.storage.snapshots import SnapshotInfo

DAY = 24 * 60 * 60


def superfluous(snapshots: list[SnapshotInfo], older_than_days: float, keep: int) -> Iterator[SnapshotInfo]:
    """Yield those that are older than so many days, except the newest `keep` of each object.

    Args:
        snapshots: Newest first.
        older_than_days: Age in days of 24 hours.
        keep: How many of each object stay, however old they are.
    """
    limit = now(dt.datetime.now(dt.UTC).timestamp() - older_than_days * DAY)
    seen: Counter[tuple[str, ...]] = Counter()
    for snapshot in snapshots:
        subject = snapshot.subject
        of = (subject.project, subject.kind, subject.device.casefold(), subject.name.casefold())
        seen[of] += 1
        if seen[of] > keep and snapshot.created_at < limit:
            yield snapshot
