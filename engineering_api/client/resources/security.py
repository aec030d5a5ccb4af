"""Security & UMAC: protection of CPUs, users and roles of the project. Passwords go in and never come out.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.protection.security_operations import (
    Configure,
    CreateUser,
    DisplayPassword,
    Done,
    MasterSecret,
    MasterSecretState,
    OnDevice,
    OnLevel,
    ProtectProject,
    SetPassword,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.hardware.protection import ProtectionLevel, SecuritySummary
from openness_bridge.project.umac import ProtectedProject, RoleInfo, UserInfo


class Security(Resource):
    """Security & UMAC: protection of CPUs, users and roles of the project. Passwords go in and never come out."""

    def summary(self, *, device_name: str) -> SecuritySummary:
        """Get which protection a PLC has: access level, access control, configuration data, display, blocks, project.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("security.summary", OnDevice(device_name=device_name), SecuritySummary)

    def protection_level(self, *, device_name: str) -> ProtectionLevel:
        """Get what a CPU allows without a password, and which levels can have one.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("security.protection_level", OnDevice(device_name=device_name), ProtectionLevel)

    def set_password(self, *, device_name: str, access_level: str, password: str) -> ProtectionLevel:
        """Set or change the password of an access level that is less strict than the chosen one.

        Args:
            device_name: Name of the station, its CPU or its program.
            access_level: The level that it opens, less strict than the chosen one: FullAccessIncludingFailsafe,
                FullAccess, ReadAccess, HMIAccess or NoAccess.
            password: The password.
        """
        return self._client.run(
            "security.set_password",
            SetPassword(device_name=device_name, access_level=access_level, password=password),
            ProtectionLevel,
        )

    def create_user(self, *, user_name: str, password: str, roles: list[str] | None = None) -> UserInfo:
        """Create a user of the project, which must be protected, and give roles to the user.

        Args:
            user_name: The user's name.
            password: The first password: 8 characters or more, of all kinds.
            roles: Names of the user's roles.
        """
        return self._client.run(
            "security.create_user", CreateUser(user_name=user_name, password=password, roles=roles or []), UserInfo
        )

    def users(self) -> list[UserInfo]:
        """List the users of the project with their roles; a project that is not protected has none."""
        return self._client.run("security.users", Nothing(), list[UserInfo])

    def roles(self) -> list[RoleInfo]:
        """List the roles of the project; one that is not protected has none."""
        return self._client.run("security.roles", Nothing(), list[RoleInfo])

    def delete_password(self, *, device_name: str, access_level: str) -> ProtectionLevel:
        """Delete the password of an access level.

        Args:
            device_name: Name of the station, its CPU or its program.
            access_level: The level: FullAccessIncludingFailsafe, FullAccess, ReadAccess, HMIAccess or NoAccess.
        """
        return self._client.run(
            "security.delete_password", OnLevel(device_name=device_name, access_level=access_level), ProtectionLevel
        )

    def set_display_password(self, *, device_name: str, password: str) -> Done:
        """Set or change the password of a CPU's display.

        Args:
            device_name: Name of the station, its CPU or its program.
            password: The password.
        """
        return self._client.run(
            "security.set_display_password", DisplayPassword(device_name=device_name, password=password), Done
        )

    def master_secret(
        self, *, device_name: str, action: str = "protect", password: str = "", new_password: str = ""
    ) -> MasterSecretState:
        """Protect the confidential configuration data of a PLC by a password; change, remove or reset it.

        Args:
            device_name: Name of the station, its CPU or its program.
            action: protect, change, unprotect, or reset (forgets it; protected data is lost).
            password: The password; to change it, the old one.
            new_password: The new password, to change it.
        """
        return self._client.run(
            "security.master_secret",
            MasterSecret(device_name=device_name, action=action, password=password, new_password=new_password),
            MasterSecretState,
        )

    def configure(
        self,
        *,
        device_name: str,
        protection_level: str | None = None,
        access_control: str | None = None,
        passwords: dict[str, str] | None = None,
        attributes: dict[str, bool | int | float | str] | None = None,
    ) -> SecuritySummary:
        """Set access level, access control, passwords and attributes of a CPU: all of them, or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            protection_level: What is allowed without a password: FullAccessIncludingFailsafe, FullAccess, ReadAccess,
                HMIAccess or NoAccess.
            access_control: Who decides about access, with firmware that has the choice: Disabled,
                EnabledWithAccessControl (users and roles) or EnabledWithAccessControlViaAccessLevel.
            passwords: Access level to its password, for levels less strict.
            attributes: Further attributes of the CPU by their names in Openness.
        """
        return self._client.run(
            "security.configure",
            Configure(
                device_name=device_name,
                protection_level=protection_level,
                access_control=access_control,
                passwords=passwords or {},
                attributes=attributes or {},
            ),
            SecuritySummary,
        )

    def protect_project(self, *, user_name: str, password: str, confirm: bool = False) -> ProtectedProject:
        """Protect the project by users and roles, with a first administrator. It cannot be undone.

        Args:
            user_name: Name of the administrator.
            password: The administrator's password.
            confirm: It cannot be undone: true says that this is known.
        """
        return self._client.run(
            "security.protect_project",
            ProtectProject(user_name=user_name, password=password, confirm=confirm),
            ProtectedProject,
        )


class AsyncSecurity(AsyncResource):
    """Security & UMAC: protection of CPUs, users and roles of the project. Passwords go in and never come out."""

    async def summary(self, *, device_name: str) -> SecuritySummary:
        """Get which protection a PLC has: access level, access control, configuration data, display, blocks, project.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("security.summary", OnDevice(device_name=device_name), SecuritySummary)

    async def protection_level(self, *, device_name: str) -> ProtectionLevel:
        """Get what a CPU allows without a password, and which levels can have one.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("security.protection_level", OnDevice(device_name=device_name), ProtectionLevel)

    async def set_password(self, *, device_name: str, access_level: str, password: str) -> ProtectionLevel:
        """Set or change the password of an access level that is less strict than the chosen one.

        Args:
            device_name: Name of the station, its CPU or its program.
            access_level: The level that it opens, less strict than the chosen one: FullAccessIncludingFailsafe,
                FullAccess, ReadAccess, HMIAccess or NoAccess.
            password: The password.
        """
        return await self._client.run(
            "security.set_password",
            SetPassword(device_name=device_name, access_level=access_level, password=password),
            ProtectionLevel,
        )

    async def create_user(self, *, user_name: str, password: str, roles: list[str] | None = None) -> UserInfo:
        """Create a user of the project, which must be protected, and give roles to the user.

        Args:
            user_name: The user's name.
            password: The first password: 8 characters or more, of all kinds.
            roles: Names of the user's roles.
        """
        return await self._client.run(
            "security.create_user", CreateUser(user_name=user_name, password=password, roles=roles or []), UserInfo
        )

    async def users(self) -> list[UserInfo]:
        """List the users of the project with their roles; a project that is not protected has none."""
        return await self._client.run("security.users", Nothing(), list[UserInfo])

    async def roles(self) -> list[RoleInfo]:
        """List the roles of the project; one that is not protected has none."""
        return await self._client.run("security.roles", Nothing(), list[RoleInfo])

    async def delete_password(self, *, device_name: str, access_level: str) -> ProtectionLevel:
        """Delete the password of an access level.

        Args:
            device_name: Name of the station, its CPU or its program.
            access_level: The level: FullAccessIncludingFailsafe, FullAccess, ReadAccess, HMIAccess or NoAccess.
        """
        return await self._client.run(
            "security.delete_password", OnLevel(device_name=device_name, access_level=access_level), ProtectionLevel
        )

    async def set_display_password(self, *, device_name: str, password: str) -> Done:
        """Set or change the password of a CPU's display.

        Args:
            device_name: Name of the station, its CPU or its program.
            password: The password.
        """
        return await self._client.run(
            "security.set_display_password", DisplayPassword(device_name=device_name, password=password), Done
        )

    async def master_secret(
        self, *, device_name: str, action: str = "protect", password: str = "", new_password: str = ""
    ) -> MasterSecretState:
        """Protect the confidential configuration data of a PLC by a password; change, remove or reset it.

        Args:
            device_name: Name of the station, its CPU or its program.
            action: protect, change, unprotect, or reset (forgets it; protected data is lost).
            password: The password; to change it, the old one.
            new_password: The new password, to change it.
        """
        return await self._client.run(
            "security.master_secret",
            MasterSecret(device_name=device_name, action=action, password=password, new_password=new_password),
            MasterSecretState,
        )

    async def configure(
        self,
        *,
        device_name: str,
        protection_level: str | None = None,
        access_control: str | None = None,
        passwords: dict[str, str] | None = None,
        attributes: dict[str, bool | int | float | str] | None = None,
    ) -> SecuritySummary:
        """Set access level, access control, passwords and attributes of a CPU: all of them, or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            protection_level: What is allowed without a password: FullAccessIncludingFailsafe, FullAccess, ReadAccess,
                HMIAccess or NoAccess.
            access_control: Who decides about access, with firmware that has the choice: Disabled,
                EnabledWithAccessControl (users and roles) or EnabledWithAccessControlViaAccessLevel.
            passwords: Access level to its password, for levels less strict.
            attributes: Further attributes of the CPU by their names in Openness.
        """
        return await self._client.run(
            "security.configure",
            Configure(
                device_name=device_name,
                protection_level=protection_level,
                access_control=access_control,
                passwords=passwords or {},
                attributes=attributes or {},
            ),
            SecuritySummary,
        )

    async def protect_project(self, *, user_name: str, password: str, confirm: bool = False) -> ProtectedProject:
        """Protect the project by users and roles, with a first administrator. It cannot be undone.

        Args:
            user_name: Name of the administrator.
            password: The administrator's password.
            confirm: It cannot be undone: true says that this is known.
        """
        return await self._client.run(
            "security.protect_project",
            ProtectProject(user_name=user_name, password=password, confirm=confirm),
            ProtectedProject,
        )
