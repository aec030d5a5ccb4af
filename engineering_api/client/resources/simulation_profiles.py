"""PLCSim Simulation: profiles, which say what instances there are to be.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.simulation.profiles import Applied, InstanceDefinition, Profile, ProfileInfo
from engineering_api.features.simulation.simulation_profiles_operations import OnProfile, Save
from engineering_api.operations.declaration import Nothing


class SimulationProfiles(Resource):
    """PLCSim Simulation: profiles, which say what instances there are to be."""

    def list_(self) -> list[ProfileInfo]:
        """List the profiles."""
        return self._client.run("simulation_profiles.list_", Nothing(), list[ProfileInfo])

    def save(
        self,
        *,
        name: str,
        instances: list[InstanceDefinition],
        description: str = "",
        file_name: str | None = None,
        overwrite: bool = False,
    ) -> Profile:
        """Save a profile with its instances.

        Args:
            name: Its name.
            description: What it is for.
            instances: Its instances.
            file_name: File to keep it in; its name by default.
            overwrite: Replace a profile of the same file name.
        """
        return self._client.run(
            "simulation_profiles.save",
            Save(name=name, description=description, instances=instances, file_name=file_name, overwrite=overwrite),
            Profile,
        )

    def get(self, *, file_name: str) -> Profile:
        """Get a profile.

        Args:
            file_name: Its file name; the extension .json may be left out.
        """
        return self._client.run("simulation_profiles.get", OnProfile(file_name=file_name), Profile)

    def delete(self, *, file_name: str) -> Profile:
        """Delete a profile; instances stay as they are.

        Args:
            file_name: Its file name; the extension .json may be left out.
        """
        return self._client.run("simulation_profiles.delete", OnProfile(file_name=file_name), Profile)

    def apply(self, *, file_name: str) -> list[Applied]:
        """Make the instances of a profile as it says, and switch on those that are to be on.

        Args:
            file_name: Its file name; the extension .json may be left out.
        """
        return self._client.run("simulation_profiles.apply", OnProfile(file_name=file_name), list[Applied])


class AsyncSimulationProfiles(AsyncResource):
    """PLCSim Simulation: profiles, which say what instances there are to be."""

    async def list_(self) -> list[ProfileInfo]:
        """List the profiles."""
        return await self._client.run("simulation_profiles.list_", Nothing(), list[ProfileInfo])

    async def save(
        self,
        *,
        name: str,
        instances: list[InstanceDefinition],
        description: str = "",
        file_name: str | None = None,
        overwrite: bool = False,
    ) -> Profile:
        """Save a profile with its instances.

        Args:
            name: Its name.
            description: What it is for.
            instances: Its instances.
            file_name: File to keep it in; its name by default.
            overwrite: Replace a profile of the same file name.
        """
        return await self._client.run(
            "simulation_profiles.save",
            Save(name=name, description=description, instances=instances, file_name=file_name, overwrite=overwrite),
            Profile,
        )

    async def get(self, *, file_name: str) -> Profile:
        """Get a profile.

        Args:
            file_name: Its file name; the extension .json may be left out.
        """
        return await self._client.run("simulation_profiles.get", OnProfile(file_name=file_name), Profile)

    async def delete(self, *, file_name: str) -> Profile:
        """Delete a profile; instances stay as they are.

        Args:
            file_name: Its file name; the extension .json may be left out.
        """
        return await self._client.run("simulation_profiles.delete", OnProfile(file_name=file_name), Profile)

    async def apply(self, *, file_name: str) -> list[Applied]:
        """Make the instances of a profile as it says, and switch on those that are to be on.

        Args:
            file_name: Its file name; the extension .json may be left out.
        """
        return await self._client.run("simulation_profiles.apply", OnProfile(file_name=file_name), list[Applied])
