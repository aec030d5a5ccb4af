"""Cross references of single objects, and the structure of the whole program: calls, dependencies, addresses.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.program.cross_references_operations import (
    Assignment,
    OfProgram,
    OnBlock,
    OnDevice,
    OnTable,
    OnTag,
    OnUdt,
)
from engineering_api.features.program.program_structure import AssignmentList, CallStructure, DependencyOrder, Objects
from openness_bridge.program.cross_references import BlockReferences, ObjectReferences


class CrossReferences(Resource):
    """Cross references of single objects, and the structure of the whole program: calls, dependencies, addresses."""

    def of_block(self, *, device_name: str, block_name: str, filter: str = "AllObjects") -> BlockReferences:
        """Get the cross references of a block: what uses it and what it uses.

        Members of a data block follow it as sources of their own. Before V18 the list is made from the exported program,
        whose blocks must be consistent for that.

        Args:
            device_name: Name of the station, its CPU or its program.
            filter: AllObjects, ObjectsWithReferences, ObjectsWithoutReferences, UnusedObjects; without regard to case.
            block_name: Name of the block.
        """
        return self._client.run(
            "cross_references.of_block",
            OnBlock(device_name=device_name, filter=filter, block_name=block_name),
            BlockReferences,
        )

    def of_udt(self, *, device_name: str, udt_name: str, filter: str = "AllObjects") -> ObjectReferences:
        """Get the cross references of a PLC data type: what is declared with it, and what it declares.

        Args:
            device_name: Name of the station, its CPU or its program.
            filter: AllObjects, ObjectsWithReferences, ObjectsWithoutReferences, UnusedObjects; without regard to case.
            udt_name: Name of the PLC data type.
        """
        return self._client.run(
            "cross_references.of_udt",
            OnUdt(device_name=device_name, filter=filter, udt_name=udt_name),
            ObjectReferences,
        )

    def of_tag(self, *, device_name: str, tag_name: str, filter: str = "AllObjects") -> ObjectReferences:
        """Get the cross references of a tag or user constant.

        Args:
            device_name: Name of the station, its CPU or its program.
            filter: AllObjects, ObjectsWithReferences, ObjectsWithoutReferences, UnusedObjects; without regard to case.
            tag_name: Name of the tag or user constant, in whatever table it is.
        """
        return self._client.run(
            "cross_references.of_tag",
            OnTag(device_name=device_name, filter=filter, tag_name=tag_name),
            ObjectReferences,
        )

    def of_table(self, *, device_name: str, table_name: str, filter: str = "AllObjects") -> ObjectReferences:
        """Get the cross references of all tags and user constants of a tag table.

        Args:
            device_name: Name of the station, its CPU or its program.
            filter: AllObjects, ObjectsWithReferences, ObjectsWithoutReferences, UnusedObjects; without regard to case.
            table_name: Name of the tag table.
        """
        return self._client.run(
            "cross_references.of_table",
            OnTable(device_name=device_name, filter=filter, table_name=table_name),
            ObjectReferences,
        )

    @overload
    def of_program(self, *, device_name: str, filter: str = "all", wait: Literal[True] = True) -> Objects: ...

    @overload
    def of_program(self, *, device_name: str, filter: str = "all", wait: Literal[False]) -> Job[Objects]: ...

    def of_program(self, *, device_name: str, filter: str = "all", wait: bool = True) -> Objects | Job[Objects]:
        """List the blocks, data types, tags and constants of a PLC with those that use them.

        The program is exported for it the first time, which takes long for a large one: use the job then. Later only what
        changed is read.

        Args:
            device_name: Name of the station, its CPU or its program.
            filter: all, used, unused (nothing uses it) or unreachable (no organization block reaches it).
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "cross_references.of_program", OfProgram(device_name=device_name, filter=filter), Objects
            )
        return self._client.run(
            "cross_references.of_program", OfProgram(device_name=device_name, filter=filter), Objects
        )

    def call_structure(self, *, device_name: str) -> CallStructure:
        """Get the call structure: what each organization block calls, with instances, and what nothing calls.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("cross_references.call_structure", OnDevice(device_name=device_name), CallStructure)

    def dependency_order(self, *, device_name: str) -> DependencyOrder:
        """Get the blocks and data types so that each stands behind what it uses, and the circles among them.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("cross_references.dependency_order", OnDevice(device_name=device_name), DependencyOrder)

    def assignment_list(self, *, device_name: str, area: str = "") -> AssignmentList:
        """Get the assignment list: each byte of inputs, outputs and bit memory with the tags and addresses in it.

        Args:
            device_name: Name of the station, its CPU or its program.
            area: I, Q or M; all of them when it is left out.
        """
        return self._client.run(
            "cross_references.assignment_list", Assignment(device_name=device_name, area=area), AssignmentList
        )


class AsyncCrossReferences(AsyncResource):
    """Cross references of single objects, and the structure of the whole program: calls, dependencies, addresses."""

    async def of_block(self, *, device_name: str, block_name: str, filter: str = "AllObjects") -> BlockReferences:
        """Get the cross references of a block: what uses it and what it uses.

        Members of a data block follow it as sources of their own. Before V18 the list is made from the exported program,
        whose blocks must be consistent for that.

        Args:
            device_name: Name of the station, its CPU or its program.
            filter: AllObjects, ObjectsWithReferences, ObjectsWithoutReferences, UnusedObjects; without regard to case.
            block_name: Name of the block.
        """
        return await self._client.run(
            "cross_references.of_block",
            OnBlock(device_name=device_name, filter=filter, block_name=block_name),
            BlockReferences,
        )

    async def of_udt(self, *, device_name: str, udt_name: str, filter: str = "AllObjects") -> ObjectReferences:
        """Get the cross references of a PLC data type: what is declared with it, and what it declares.

        Args:
            device_name: Name of the station, its CPU or its program.
            filter: AllObjects, ObjectsWithReferences, ObjectsWithoutReferences, UnusedObjects; without regard to case.
            udt_name: Name of the PLC data type.
        """
        return await self._client.run(
            "cross_references.of_udt",
            OnUdt(device_name=device_name, filter=filter, udt_name=udt_name),
            ObjectReferences,
        )

    async def of_tag(self, *, device_name: str, tag_name: str, filter: str = "AllObjects") -> ObjectReferences:
        """Get the cross references of a tag or user constant.

        Args:
            device_name: Name of the station, its CPU or its program.
            filter: AllObjects, ObjectsWithReferences, ObjectsWithoutReferences, UnusedObjects; without regard to case.
            tag_name: Name of the tag or user constant, in whatever table it is.
        """
        return await self._client.run(
            "cross_references.of_tag",
            OnTag(device_name=device_name, filter=filter, tag_name=tag_name),
            ObjectReferences,
        )

    async def of_table(self, *, device_name: str, table_name: str, filter: str = "AllObjects") -> ObjectReferences:
        """Get the cross references of all tags and user constants of a tag table.

        Args:
            device_name: Name of the station, its CPU or its program.
            filter: AllObjects, ObjectsWithReferences, ObjectsWithoutReferences, UnusedObjects; without regard to case.
            table_name: Name of the tag table.
        """
        return await self._client.run(
            "cross_references.of_table",
            OnTable(device_name=device_name, filter=filter, table_name=table_name),
            ObjectReferences,
        )

    @overload
    async def of_program(self, *, device_name: str, filter: str = "all", wait: Literal[True] = True) -> Objects: ...

    @overload
    async def of_program(self, *, device_name: str, filter: str = "all", wait: Literal[False]) -> AsyncJob[Objects]: ...

    async def of_program(
        self, *, device_name: str, filter: str = "all", wait: bool = True
    ) -> Objects | AsyncJob[Objects]:
        """List the blocks, data types, tags and constants of a PLC with those that use them.

        The program is exported for it the first time, which takes long for a large one: use the job then. Later only what
        changed is read.

        Args:
            device_name: Name of the station, its CPU or its program.
            filter: all, used, unused (nothing uses it) or unreachable (no organization block reaches it).
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "cross_references.of_program", OfProgram(device_name=device_name, filter=filter), Objects
            )
        return await self._client.run(
            "cross_references.of_program", OfProgram(device_name=device_name, filter=filter), Objects
        )

    async def call_structure(self, *, device_name: str) -> CallStructure:
        """Get the call structure: what each organization block calls, with instances, and what nothing calls.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run(
            "cross_references.call_structure", OnDevice(device_name=device_name), CallStructure
        )

    async def dependency_order(self, *, device_name: str) -> DependencyOrder:
        """Get the blocks and data types so that each stands behind what it uses, and the circles among them.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run(
            "cross_references.dependency_order", OnDevice(device_name=device_name), DependencyOrder
        )

    async def assignment_list(self, *, device_name: str, area: str = "") -> AssignmentList:
        """Get the assignment list: each byte of inputs, outputs and bit memory with the tags and addresses in it.

        Args:
            device_name: Name of the station, its CPU or its program.
            area: I, Q or M; all of them when it is left out.
        """
        return await self._client.run(
            "cross_references.assignment_list", Assignment(device_name=device_name, area=area), AssignmentList
        )
