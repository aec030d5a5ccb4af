"""HMI Screens: the screens of panels, and what all Unified panels have.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.hmi.hmi_operations import (
    AddItems,
    CreateScreen,
    ExportScreen,
    FromFileToFolder,
    Imported,
    Item,
    OnDevice,
    OnScreen,
    WrittenFile,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.hmi.project_objects import UnifiedSummary
from openness_bridge.hmi.screens import ScreenDetails, ScreenInfo, ScreenNode


class Hmi(Resource):
    """HMI Screens: the screens of panels, and what all Unified panels have."""

    def screen_tree(self, *, device_name: str) -> ScreenNode:
        """Get the folders of a panel with its screens, templates, pop-up and slide-in screens.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return self._client.run("hmi.screen_tree", OnDevice(device_name=device_name), ScreenNode)

    def screen_details(self, *, device_name: str, screen_name: str) -> ScreenDetails:
        """Get a screen with its items, their places and the tags that they show.

        A classic screen is read by exporting it; on a Unified panel each item is asked, because its screens have no files.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            screen_name: Name of the screen; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "hmi.screen_details", OnScreen(device_name=device_name, screen_name=screen_name), ScreenDetails
        )

    def unified_summary(self) -> list[UnifiedSummary]:
        """Count what each Unified panel of the project has."""
        return self._client.run("hmi.unified_summary", Nothing(), list[UnifiedSummary])

    def list_screens(self, *, device_name: str) -> list[ScreenInfo]:
        """List the screens of a panel, those in folders too.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return self._client.run("hmi.list_screens", OnDevice(device_name=device_name), list[ScreenInfo])

    def all_screens(self) -> list[ScreenInfo]:
        """List the screens of all panels."""
        return self._client.run("hmi.all_screens", Nothing(), list[ScreenInfo])

    def export_screen(
        self, *, device_name: str, screen_name: str, export_path: str, overwrite: bool = False
    ) -> WrittenFile:
        """Export a screen of a classic panel to a SimaticML file. Screens of Unified panels have no files.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            screen_name: Name of the screen; with its folders before it, joined by /, as well.
            export_path: A new .xml file. A file on the server, inside its allowed folders; a relative path starts from
                its workspace.
            overwrite: Replace a file that is there.
        """
        return self._client.run(
            "hmi.export_screen",
            ExportScreen(
                device_name=device_name, screen_name=screen_name, export_path=export_path, overwrite=overwrite
            ),
            WrittenFile,
        )

    def import_screens(
        self, *, device_name: str, import_file_path: str, override: bool = False, folder: str = ""
    ) -> Imported:
        """Import the screens, templates or pop-up screens of a SimaticML file into a classic panel, all or none.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
        """
        return self._client.run(
            "hmi.import_screens",
            FromFileToFolder(
                device_name=device_name, import_file_path=import_file_path, override=override, folder=folder
            ),
            Imported,
        )

    def create_screen(
        self,
        *,
        device_name: str,
        name: str,
        folder: str = "",
        width: int | None = None,
        height: int | None = None,
        number: int | None = None,
    ) -> ScreenInfo:
        """Create an empty screen on a Unified panel. Screens of classic panels are imported.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            name: Its name.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
            width: Its width in pixels; by default TIA Portal's.
            height: Its height in pixels; by default TIA Portal's.
            number: Its number; by default the next free one.
        """
        return self._client.run(
            "hmi.create_screen",
            CreateScreen(device_name=device_name, name=name, folder=folder, width=width, height=height, number=number),
            ScreenInfo,
        )

    def add_items(self, *, device_name: str, screen_name: str, items: list[Item]) -> ScreenDetails:
        """Put items on a screen of a Unified panel, all or none, and tie their properties to tags.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            screen_name: Name of the screen; with its folders before it, joined by /, as well.
            items: The items.
        """
        return self._client.run(
            "hmi.add_items", AddItems(device_name=device_name, screen_name=screen_name, items=items), ScreenDetails
        )

    def delete_screen(self, *, device_name: str, screen_name: str) -> ScreenInfo:
        """Delete a screen; on a classic panel a template or pop-up screen, too.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            screen_name: Name of the screen; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "hmi.delete_screen", OnScreen(device_name=device_name, screen_name=screen_name), ScreenInfo
        )


class AsyncHmi(AsyncResource):
    """HMI Screens: the screens of panels, and what all Unified panels have."""

    async def screen_tree(self, *, device_name: str) -> ScreenNode:
        """Get the folders of a panel with its screens, templates, pop-up and slide-in screens.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return await self._client.run("hmi.screen_tree", OnDevice(device_name=device_name), ScreenNode)

    async def screen_details(self, *, device_name: str, screen_name: str) -> ScreenDetails:
        """Get a screen with its items, their places and the tags that they show.

        A classic screen is read by exporting it; on a Unified panel each item is asked, because its screens have no files.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            screen_name: Name of the screen; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "hmi.screen_details", OnScreen(device_name=device_name, screen_name=screen_name), ScreenDetails
        )

    async def unified_summary(self) -> list[UnifiedSummary]:
        """Count what each Unified panel of the project has."""
        return await self._client.run("hmi.unified_summary", Nothing(), list[UnifiedSummary])

    async def list_screens(self, *, device_name: str) -> list[ScreenInfo]:
        """List the screens of a panel, those in folders too.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return await self._client.run("hmi.list_screens", OnDevice(device_name=device_name), list[ScreenInfo])

    async def all_screens(self) -> list[ScreenInfo]:
        """List the screens of all panels."""
        return await self._client.run("hmi.all_screens", Nothing(), list[ScreenInfo])

    async def export_screen(
        self, *, device_name: str, screen_name: str, export_path: str, overwrite: bool = False
    ) -> WrittenFile:
        """Export a screen of a classic panel to a SimaticML file. Screens of Unified panels have no files.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            screen_name: Name of the screen; with its folders before it, joined by /, as well.
            export_path: A new .xml file. A file on the server, inside its allowed folders; a relative path starts from
                its workspace.
            overwrite: Replace a file that is there.
        """
        return await self._client.run(
            "hmi.export_screen",
            ExportScreen(
                device_name=device_name, screen_name=screen_name, export_path=export_path, overwrite=overwrite
            ),
            WrittenFile,
        )

    async def import_screens(
        self, *, device_name: str, import_file_path: str, override: bool = False, folder: str = ""
    ) -> Imported:
        """Import the screens, templates or pop-up screens of a SimaticML file into a classic panel, all or none.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
        """
        return await self._client.run(
            "hmi.import_screens",
            FromFileToFolder(
                device_name=device_name, import_file_path=import_file_path, override=override, folder=folder
            ),
            Imported,
        )

    async def create_screen(
        self,
        *,
        device_name: str,
        name: str,
        folder: str = "",
        width: int | None = None,
        height: int | None = None,
        number: int | None = None,
    ) -> ScreenInfo:
        """Create an empty screen on a Unified panel. Screens of classic panels are imported.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            name: Its name.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
            width: Its width in pixels; by default TIA Portal's.
            height: Its height in pixels; by default TIA Portal's.
            number: Its number; by default the next free one.
        """
        return await self._client.run(
            "hmi.create_screen",
            CreateScreen(device_name=device_name, name=name, folder=folder, width=width, height=height, number=number),
            ScreenInfo,
        )

    async def add_items(self, *, device_name: str, screen_name: str, items: list[Item]) -> ScreenDetails:
        """Put items on a screen of a Unified panel, all or none, and tie their properties to tags.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            screen_name: Name of the screen; with its folders before it, joined by /, as well.
            items: The items.
        """
        return await self._client.run(
            "hmi.add_items", AddItems(device_name=device_name, screen_name=screen_name, items=items), ScreenDetails
        )

    async def delete_screen(self, *, device_name: str, screen_name: str) -> ScreenInfo:
        """Delete a screen; on a classic panel a template or pop-up screen, too.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            screen_name: Name of the screen; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "hmi.delete_screen", OnScreen(device_name=device_name, screen_name=screen_name), ScreenInfo
        )
