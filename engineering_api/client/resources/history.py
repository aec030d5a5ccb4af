"""History & Snapshots: blocks, tag tables and data types kept as they were, compared, and put back.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.history.history_operations import (
    Cleaned,
    Cleanup,
    Compare,
    Filter,
    OfBlock,
    OfTable,
    OfType,
    OnSnapshot,
    Restore,
    TakeBlock,
    TakeTable,
    TakeType,
)
from engineering_api.features.history.snapshot_content import Comparison, SnapshotContent
from engineering_api.features.history.snapshots import Restored
from engineering_api.operations.declaration import Nothing
from engineering_api.storage.snapshots import SnapshotInfo, Statistics


class History(Resource):
    """History & Snapshots: blocks, tag tables and data types kept as they were, compared, and put back."""

    def stats(self) -> Statistics:
        """Get how many snapshots are stored, of which projects and kinds, and what space they take."""
        return self._client.run("history.stats", Nothing(), Statistics)

    def list_(
        self, *, device_name: str | None = None, kind: str | None = None, name: str | None = None, limit: int = 100
    ) -> list[SnapshotInfo]:
        """List the snapshots of the open project, newest first.

        Args:
            device_name: Only those of this device.
            kind: Only those of this kind: block, tagTable or udt.
            name: Only those of the object of this name.
            limit: How many at most, newest first.
        """
        return self._client.run(
            "history.list_", Filter(device_name=device_name, kind=kind, name=name, limit=limit), list[SnapshotInfo]
        )

    def of_block(self, *, device_name: str, block_name: str) -> list[SnapshotInfo]:
        """List the snapshots of a block, newest first; those of a deleted block, too.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block, which may be deleted meanwhile.
        """
        return self._client.run(
            "history.of_block", OfBlock(device_name=device_name, block_name=block_name), list[SnapshotInfo]
        )

    def snapshot_block(self, *, device_name: str, block_name: str, note: str = "") -> SnapshotInfo:
        """Keep a block as it is. It must be consistent: compile it first.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block, which may be deleted meanwhile.
            note: Why the snapshot is taken.
        """
        return self._client.run(
            "history.snapshot_block", TakeBlock(device_name=device_name, block_name=block_name, note=note), SnapshotInfo
        )

    def of_tags(self, *, device_name: str, table_name: str) -> list[SnapshotInfo]:
        """List the snapshots of a tag table, newest first; those of a deleted table, too.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table, which may be deleted meanwhile.
        """
        return self._client.run(
            "history.of_tags", OfTable(device_name=device_name, table_name=table_name), list[SnapshotInfo]
        )

    def snapshot_tags(self, *, device_name: str, table_name: str, note: str = "") -> SnapshotInfo:
        """Keep a tag table as it is, with its tags and user constants.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table, which may be deleted meanwhile.
            note: Why the snapshot is taken.
        """
        return self._client.run(
            "history.snapshot_tags", TakeTable(device_name=device_name, table_name=table_name, note=note), SnapshotInfo
        )

    def of_type(self, *, device_name: str, udt_name: str) -> list[SnapshotInfo]:
        """List the snapshots of a data type, newest first; those of a deleted data type, too.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, which may be deleted meanwhile.
        """
        return self._client.run(
            "history.of_type", OfType(device_name=device_name, udt_name=udt_name), list[SnapshotInfo]
        )

    def snapshot_type(self, *, device_name: str, udt_name: str, note: str = "") -> SnapshotInfo:
        """Keep a data type as it is. It must be consistent: compile it first.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, which may be deleted meanwhile.
            note: Why the snapshot is taken.
        """
        return self._client.run(
            "history.snapshot_type", TakeType(device_name=device_name, udt_name=udt_name, note=note), SnapshotInfo
        )

    def get(self, *, snapshot_id: str) -> SnapshotInfo:
        """Get what a snapshot is of, when, by whom and why it was taken.

        Args:
            snapshot_id: The snapshot's id.
        """
        return self._client.run("history.get", OnSnapshot(snapshot_id=snapshot_id), SnapshotInfo)

    def content(self, *, snapshot_id: str) -> SnapshotContent:
        """Get the content of a snapshot: SimaticML and plain text, of a tag table its tags and constants.

        Args:
            snapshot_id: The snapshot's id.
        """
        return self._client.run("history.content", OnSnapshot(snapshot_id=snapshot_id), SnapshotContent)

    def compare(self, *, snapshot_id: str, other_id: str | None = None) -> Comparison:
        """Compare a snapshot with the block or tag table as it is now, or with another snapshot.

        Args:
            snapshot_id: The snapshot's id.
            other_id: Another snapshot; by default the block or tag table as it is now.
        """
        return self._client.run("history.compare", Compare(snapshot_id=snapshot_id, other_id=other_id), Comparison)

    @overload
    def restore(self, *, snapshot_id: str, backup: bool = False, wait: Literal[True] = True) -> Restored: ...

    @overload
    def restore(self, *, snapshot_id: str, backup: bool = False, wait: Literal[False]) -> Job[Restored]: ...

    def restore(self, *, snapshot_id: str, backup: bool = False, wait: bool = True) -> Restored | Job[Restored]:
        """Put a block, tag table or data type back as it was. A deleted one comes back to its folder, which is made where it is gone.

        Args:
            snapshot_id: The snapshot's id.
            backup: First take a snapshot of what is there now; it must be consistent for that.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("history.restore", Restore(snapshot_id=snapshot_id, backup=backup), Restored)
        return self._client.run("history.restore", Restore(snapshot_id=snapshot_id, backup=backup), Restored)

    def delete(self, *, snapshot_id: str) -> SnapshotInfo:
        """Delete a snapshot. What it was taken of stays as it is.

        Args:
            snapshot_id: The snapshot's id.
        """
        return self._client.run("history.delete", OnSnapshot(snapshot_id=snapshot_id), SnapshotInfo)

    def cleanup(self, *, older_than_days: float = 30, keep: int = 1, dry_run: bool = False) -> Cleaned:
        """Remove old snapshots of all projects and give their space back. The newest of each object stay.

        Args:
            older_than_days: Age in days from which a snapshot may go.
            keep: How many of each block and tag table stay, however old they are.
            dry_run: Only say what would go.
        """
        return self._client.run(
            "history.cleanup", Cleanup(older_than_days=older_than_days, keep=keep, dry_run=dry_run), Cleaned
        )


class AsyncHistory(AsyncResource):
    """History & Snapshots: blocks, tag tables and data types kept as they were, compared, and put back."""

    async def stats(self) -> Statistics:
        """Get how many snapshots are stored, of which projects and kinds, and what space they take."""
        return await self._client.run("history.stats", Nothing(), Statistics)

    async def list_(
        self, *, device_name: str | None = None, kind: str | None = None, name: str | None = None, limit: int = 100
    ) -> list[SnapshotInfo]:
        """List the snapshots of the open project, newest first.

        Args:
            device_name: Only those of this device.
            kind: Only those of this kind: block, tagTable or udt.
            name: Only those of the object of this name.
            limit: How many at most, newest first.
        """
        return await self._client.run(
            "history.list_", Filter(device_name=device_name, kind=kind, name=name, limit=limit), list[SnapshotInfo]
        )

    async def of_block(self, *, device_name: str, block_name: str) -> list[SnapshotInfo]:
        """List the snapshots of a block, newest first; those of a deleted block, too.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block, which may be deleted meanwhile.
        """
        return await self._client.run(
            "history.of_block", OfBlock(device_name=device_name, block_name=block_name), list[SnapshotInfo]
        )

    async def snapshot_block(self, *, device_name: str, block_name: str, note: str = "") -> SnapshotInfo:
        """Keep a block as it is. It must be consistent: compile it first.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block, which may be deleted meanwhile.
            note: Why the snapshot is taken.
        """
        return await self._client.run(
            "history.snapshot_block", TakeBlock(device_name=device_name, block_name=block_name, note=note), SnapshotInfo
        )

    async def of_tags(self, *, device_name: str, table_name: str) -> list[SnapshotInfo]:
        """List the snapshots of a tag table, newest first; those of a deleted table, too.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table, which may be deleted meanwhile.
        """
        return await self._client.run(
            "history.of_tags", OfTable(device_name=device_name, table_name=table_name), list[SnapshotInfo]
        )

    async def snapshot_tags(self, *, device_name: str, table_name: str, note: str = "") -> SnapshotInfo:
        """Keep a tag table as it is, with its tags and user constants.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table, which may be deleted meanwhile.
            note: Why the snapshot is taken.
        """
        return await self._client.run(
            "history.snapshot_tags", TakeTable(device_name=device_name, table_name=table_name, note=note), SnapshotInfo
        )

    async def of_type(self, *, device_name: str, udt_name: str) -> list[SnapshotInfo]:
        """List the snapshots of a data type, newest first; those of a deleted data type, too.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, which may be deleted meanwhile.
        """
        return await self._client.run(
            "history.of_type", OfType(device_name=device_name, udt_name=udt_name), list[SnapshotInfo]
        )

    async def snapshot_type(self, *, device_name: str, udt_name: str, note: str = "") -> SnapshotInfo:
        """Keep a data type as it is. It must be consistent: compile it first.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, which may be deleted meanwhile.
            note: Why the snapshot is taken.
        """
        return await self._client.run(
            "history.snapshot_type", TakeType(device_name=device_name, udt_name=udt_name, note=note), SnapshotInfo
        )

    async def get(self, *, snapshot_id: str) -> SnapshotInfo:
        """Get what a snapshot is of, when, by whom and why it was taken.

        Args:
            snapshot_id: The snapshot's id.
        """
        return await self._client.run("history.get", OnSnapshot(snapshot_id=snapshot_id), SnapshotInfo)

    async def content(self, *, snapshot_id: str) -> SnapshotContent:
        """Get the content of a snapshot: SimaticML and plain text, of a tag table its tags and constants.

        Args:
            snapshot_id: The snapshot's id.
        """
        return await self._client.run("history.content", OnSnapshot(snapshot_id=snapshot_id), SnapshotContent)

    async def compare(self, *, snapshot_id: str, other_id: str | None = None) -> Comparison:
        """Compare a snapshot with the block or tag table as it is now, or with another snapshot.

        Args:
            snapshot_id: The snapshot's id.
            other_id: Another snapshot; by default the block or tag table as it is now.
        """
        return await self._client.run(
            "history.compare", Compare(snapshot_id=snapshot_id, other_id=other_id), Comparison
        )

    @overload
    async def restore(self, *, snapshot_id: str, backup: bool = False, wait: Literal[True] = True) -> Restored: ...

    @overload
    async def restore(self, *, snapshot_id: str, backup: bool = False, wait: Literal[False]) -> AsyncJob[Restored]: ...

    async def restore(
        self, *, snapshot_id: str, backup: bool = False, wait: bool = True
    ) -> Restored | AsyncJob[Restored]:
        """Put a block, tag table or data type back as it was. A deleted one comes back to its folder, which is made where it is gone.

        Args:
            snapshot_id: The snapshot's id.
            backup: First take a snapshot of what is there now; it must be consistent for that.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "history.restore", Restore(snapshot_id=snapshot_id, backup=backup), Restored
            )
        return await self._client.run("history.restore", Restore(snapshot_id=snapshot_id, backup=backup), Restored)

    async def delete(self, *, snapshot_id: str) -> SnapshotInfo:
        """Delete a snapshot. What it was taken of stays as it is.

        Args:
            snapshot_id: The snapshot's id.
        """
        return await self._client.run("history.delete", OnSnapshot(snapshot_id=snapshot_id), SnapshotInfo)

    async def cleanup(self, *, older_than_days: float = 30, keep: int = 1, dry_run: bool = False) -> Cleaned:
        """Remove old snapshots of all projects and give their space back. The newest of each object stay.

        Args:
            older_than_days: Age in days from which a snapshot may go.
            keep: How many of each block and tag table stay, however old they are.
            dry_run: Only say what would go.
        """
        return await self._client.run(
            "history.cleanup", Cleanup(older_than_days=older_than_days, keep=keep, dry_run=dry_run), Cleaned
        )
