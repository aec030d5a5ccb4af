"""Blocks: snapshots, start values in the PLC, and ProDiag supervisions.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.blocks.blocks_operations import Exported, OnBlock
from engineering_api.features.history.block_snapshots_operations import ExportProDiag, Load, Take
from engineering_api.storage.snapshots import SnapshotInfo
from openness_bridge.program.blocks import BlockInfo


class BlockSnapshots(Resource):
    """Blocks: snapshots, start values in the PLC, and ProDiag supervisions."""

    def create(self, *, device_name: str, block_name: str, note: str = "") -> SnapshotInfo:
        """Keep a block as it is, for later restoration. It must be consistent: compile it first.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            note: Why the snapshot is taken.
        """
        return self._client.run(
            "block_snapshots.create", Take(device_name=device_name, block_name=block_name, note=note), SnapshotInfo
        )

    def list_(self, *, device_name: str, block_name: str) -> list[SnapshotInfo]:
        """List the snapshots of a block, newest first; those of a deleted block, too.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return self._client.run(
            "block_snapshots.list_", OnBlock(device_name=device_name, block_name=block_name), list[SnapshotInfo]
        )

    def load(self, *, device_name: str, block_name: str, snapshot_id: str | None = None) -> BlockInfo:
        """Put a block back as it was when a snapshot was taken. A deleted block comes back to its folder.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            snapshot_id: One of the block's snapshots; the latest by default.
        """
        return self._client.run(
            "block_snapshots.load",
            Load(device_name=device_name, block_name=block_name, snapshot_id=snapshot_id),
            BlockInfo,
        )

    def load_start_values(self, *, device_name: str, block_name: str) -> BlockInfo:
        """Load the start values of a data block as actual values in the PLC. Needs TIA Portal V21 and the PLC online.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return self._client.run(
            "block_snapshots.load_start_values", OnBlock(device_name=device_name, block_name=block_name), BlockInfo
        )

    def export_prodiag(
        self, *, device_name: str, block_name: str, export_path: str, overwrite: bool = False
    ) -> list[Exported]:
        """Export the supervisions of a ProDiag function block to files of a folder.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            export_path: A folder on the server, inside its allowed folders; made when it is missing.
            overwrite: Replace files that are there.
        """
        return self._client.run(
            "block_snapshots.export_prodiag",
            ExportProDiag(device_name=device_name, block_name=block_name, export_path=export_path, overwrite=overwrite),
            list[Exported],
        )


class AsyncBlockSnapshots(AsyncResource):
    """Blocks: snapshots, start values in the PLC, and ProDiag supervisions."""

    async def create(self, *, device_name: str, block_name: str, note: str = "") -> SnapshotInfo:
        """Keep a block as it is, for later restoration. It must be consistent: compile it first.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            note: Why the snapshot is taken.
        """
        return await self._client.run(
            "block_snapshots.create", Take(device_name=device_name, block_name=block_name, note=note), SnapshotInfo
        )

    async def list_(self, *, device_name: str, block_name: str) -> list[SnapshotInfo]:
        """List the snapshots of a block, newest first; those of a deleted block, too.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return await self._client.run(
            "block_snapshots.list_", OnBlock(device_name=device_name, block_name=block_name), list[SnapshotInfo]
        )

    async def load(self, *, device_name: str, block_name: str, snapshot_id: str | None = None) -> BlockInfo:
        """Put a block back as it was when a snapshot was taken. A deleted block comes back to its folder.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            snapshot_id: One of the block's snapshots; the latest by default.
        """
        return await self._client.run(
            "block_snapshots.load",
            Load(device_name=device_name, block_name=block_name, snapshot_id=snapshot_id),
            BlockInfo,
        )

    async def load_start_values(self, *, device_name: str, block_name: str) -> BlockInfo:
        """Load the start values of a data block as actual values in the PLC. Needs TIA Portal V21 and the PLC online.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return await self._client.run(
            "block_snapshots.load_start_values", OnBlock(device_name=device_name, block_name=block_name), BlockInfo
        )

    async def export_prodiag(
        self, *, device_name: str, block_name: str, export_path: str, overwrite: bool = False
    ) -> list[Exported]:
        """Export the supervisions of a ProDiag function block to files of a folder.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            export_path: A folder on the server, inside its allowed folders; made when it is missing.
            overwrite: Replace files that are there.
        """
        return await self._client.run(
            "block_snapshots.export_prodiag",
            ExportProDiag(device_name=device_name, block_name=block_name, export_path=export_path, overwrite=overwrite),
            list[Exported],
        )
