"""PLCSim Simulation: tags of an instance, one by one and many at once.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.simulation.simulation_tags_operations import (
    ListTags,
    NewValue,
    OnTag,
    ReadMany,
    Refresh,
    Refreshed,
    Write,
    WriteMany,
)
from openness_bridge.plcsim.tags import Outcome, TagPage, TagValue


class SimulationTags(Resource):
    """PLCSim Simulation: tags of an instance, one by one and many at once."""

    def list_(self, *, instance: str | None = None, search: str = "", offset: int = 0, limit: int = 1000) -> TagPage:
        """List the tags of an instance that is on: tags, members, array elements, structures and arrays themselves.

        Args:
            instance: Name of the instance; the connected one by default.
            search: Text that a name contains, without regard to case.
            offset: How many are left out.
            limit: How many follow at most.
        """
        return self._client.run(
            "simulation_tags.list_", ListTags(instance=instance, search=search, offset=offset, limit=limit), TagPage
        )

    def refresh(
        self, *, instance: str | None = None, areas: list[str] | None = None, hmi_visible_only: bool = False
    ) -> Refreshed:
        """Read the tag list again: needed after each download.

        Args:
            instance: Name of the instance; the connected one by default.
            areas: Of IO (inputs, outputs), M (bit memory), CT (counters, timers), DB (data blocks); all by default.
            hmi_visible_only: Only tags that are visible in HMI.
        """
        return self._client.run(
            "simulation_tags.refresh",
            Refresh(instance=instance, areas=areas or [], hmi_visible_only=hmi_visible_only),
            Refreshed,
        )

    def read(self, *, tag_name: str, instance: str | None = None) -> TagValue:
        """Read the value of a tag.

        Args:
            instance: Name of the instance; the connected one by default.
            tag_name: Name of the tag as in the tag list, such as bStart or Motor_Data.speed; quotes and case do not
                matter.
        """
        return self._client.run("simulation_tags.read", OnTag(instance=instance, tag_name=tag_name), TagValue)

    def write(self, *, tag_name: str, value: bool | int | float | str, instance: str | None = None) -> TagValue:
        """Write the value of a tag.

        Args:
            instance: Name of the instance; the connected one by default.
            tag_name: Name of the tag as in the tag list, such as bStart or Motor_Data.speed; quotes and case do not
                matter.
            value: A value of the tag's type, or its text as TIA Portal writes it, such as T#2s or 16#FF.
        """
        return self._client.run(
            "simulation_tags.write", Write(instance=instance, tag_name=tag_name, value=value), TagValue
        )

    def batch_read(self, *, tags: list[str], instance: str | None = None) -> list[Outcome]:
        """Read several tags at one moment; one that cannot be read says why, the others have their values.

        Args:
            instance: Name of the instance; the connected one by default.
            tags: Name of the tag as in the tag list, such as bStart or Motor_Data.speed; quotes and case do not matter.
        """
        return self._client.run("simulation_tags.batch_read", ReadMany(instance=instance, tags=tags), list[Outcome])

    def batch_write(self, *, values: list[NewValue], instance: str | None = None) -> list[Outcome]:
        """Write several tags between two cycles: all of them, or none when one cannot be written.

        Args:
            instance: Name of the instance; the connected one by default.
            values: The tags.
        """
        return self._client.run(
            "simulation_tags.batch_write", WriteMany(instance=instance, values=values), list[Outcome]
        )


class AsyncSimulationTags(AsyncResource):
    """PLCSim Simulation: tags of an instance, one by one and many at once."""

    async def list_(
        self, *, instance: str | None = None, search: str = "", offset: int = 0, limit: int = 1000
    ) -> TagPage:
        """List the tags of an instance that is on: tags, members, array elements, structures and arrays themselves.

        Args:
            instance: Name of the instance; the connected one by default.
            search: Text that a name contains, without regard to case.
            offset: How many are left out.
            limit: How many follow at most.
        """
        return await self._client.run(
            "simulation_tags.list_", ListTags(instance=instance, search=search, offset=offset, limit=limit), TagPage
        )

    async def refresh(
        self, *, instance: str | None = None, areas: list[str] | None = None, hmi_visible_only: bool = False
    ) -> Refreshed:
        """Read the tag list again: needed after each download.

        Args:
            instance: Name of the instance; the connected one by default.
            areas: Of IO (inputs, outputs), M (bit memory), CT (counters, timers), DB (data blocks); all by default.
            hmi_visible_only: Only tags that are visible in HMI.
        """
        return await self._client.run(
            "simulation_tags.refresh",
            Refresh(instance=instance, areas=areas or [], hmi_visible_only=hmi_visible_only),
            Refreshed,
        )

    async def read(self, *, tag_name: str, instance: str | None = None) -> TagValue:
        """Read the value of a tag.

        Args:
            instance: Name of the instance; the connected one by default.
            tag_name: Name of the tag as in the tag list, such as bStart or Motor_Data.speed; quotes and case do not
                matter.
        """
        return await self._client.run("simulation_tags.read", OnTag(instance=instance, tag_name=tag_name), TagValue)

    async def write(self, *, tag_name: str, value: bool | int | float | str, instance: str | None = None) -> TagValue:
        """Write the value of a tag.

        Args:
            instance: Name of the instance; the connected one by default.
            tag_name: Name of the tag as in the tag list, such as bStart or Motor_Data.speed; quotes and case do not
                matter.
            value: A value of the tag's type, or its text as TIA Portal writes it, such as T#2s or 16#FF.
        """
        return await self._client.run(
            "simulation_tags.write", Write(instance=instance, tag_name=tag_name, value=value), TagValue
        )

    async def batch_read(self, *, tags: list[str], instance: str | None = None) -> list[Outcome]:
        """Read several tags at one moment; one that cannot be read says why, the others have their values.

        Args:
            instance: Name of the instance; the connected one by default.
            tags: Name of the tag as in the tag list, such as bStart or Motor_Data.speed; quotes and case do not matter.
        """
        return await self._client.run(
            "simulation_tags.batch_read", ReadMany(instance=instance, tags=tags), list[Outcome]
        )

    async def batch_write(self, *, values: list[NewValue], instance: str | None = None) -> list[Outcome]:
        """Write several tags between two cycles: all of them, or none when one cannot be written.

        Args:
            instance: Name of the instance; the connected one by default.
            values: The tags.
        """
        return await self._client.run(
            "simulation_tags.batch_write", WriteMany(instance=instance, values=values), list[Outcome]
        )
