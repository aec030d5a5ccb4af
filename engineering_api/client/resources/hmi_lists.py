"""HMI Screens: scripts, text lists and graphic lists of panels, the project's graphics, and library types of HMI.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.hmi.hmi_lists_operations import (
    Deleted,
    ExportGraphic,
    ExportList,
    OnGraphic,
    OnList,
    OnScript,
    OnType,
)
from engineering_api.features.hmi.hmi_operations import FromFile, FromFileToFolder, Imported, OnDevice, WrittenFile
from engineering_api.operations.declaration import Nothing
from openness_bridge.hmi.lists import HmiList, ScriptContent, ScriptTree
from openness_bridge.hmi.project_objects import GraphicFiles, GraphicInfo
from openness_bridge.library.types import TypeInfo


class HmiLists(Resource):
    """HMI Screens: scripts, text lists and graphic lists of panels, the project's graphics, and library types of HMI."""

    def script_tree(self, *, device_name: str) -> ScriptTree:
        """Get the folders of a panel with its VB scripts, or the script modules of a Unified panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return self._client.run("hmi_lists.script_tree", OnDevice(device_name=device_name), ScriptTree)

    def script_content(self, *, device_name: str, script_name: str) -> ScriptContent:
        """Get the source of a script, and its files as TIA Portal exports them.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            script_name: Name of the script; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "hmi_lists.script_content", OnScript(device_name=device_name, script_name=script_name), ScriptContent
        )

    def import_scripts(
        self, *, device_name: str, import_file_path: str, override: bool = False, folder: str = ""
    ) -> Imported:
        """Import VB scripts from SimaticML, or script modules from a .hmi.yml file with their .hmi.js files beside it.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
        """
        return self._client.run(
            "hmi_lists.import_scripts",
            FromFileToFolder(
                device_name=device_name, import_file_path=import_file_path, override=override, folder=folder
            ),
            Imported,
        )

    def text_lists(self, *, device_name: str) -> list[HmiList]:
        """List the text lists of a panel with their entries.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return self._client.run("hmi_lists.text_lists", OnDevice(device_name=device_name), list[HmiList])

    def text_list_xml(self, *, device_name: str, list_name: str) -> str:
        """Get a text list of a classic panel as SimaticML. Those of Unified panels are no XML: export them to a file.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            list_name: Name of the list.
        """
        return self._client.run("hmi_lists.text_list_xml", OnList(device_name=device_name, list_name=list_name), str)

    def export_text_list(
        self, *, device_name: str, export_path: str, list_name: str, overwrite: bool = False
    ) -> WrittenFile:
        """Export a text list to a file: SimaticML of a classic panel, .hmi.yml of a Unified one.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            export_path: A new file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            overwrite: Replace a file that is there.
            list_name: Name of the list.
        """
        return self._client.run(
            "hmi_lists.export_text_list",
            ExportList(device_name=device_name, export_path=export_path, overwrite=overwrite, list_name=list_name),
            WrittenFile,
        )

    def import_text_lists(self, *, device_name: str, import_file_path: str, override: bool = False) -> Imported:
        """Import the text lists of a SimaticML or .hmi.yml file, all or none.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
        """
        return self._client.run(
            "hmi_lists.import_text_lists",
            FromFile(device_name=device_name, import_file_path=import_file_path, override=override),
            Imported,
        )

    def delete_text_list(self, *, device_name: str, list_name: str) -> Deleted:
        """Delete a text list of a classic panel. Openness deletes none of a Unified panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            list_name: Name of the list.
        """
        return self._client.run(
            "hmi_lists.delete_text_list", OnList(device_name=device_name, list_name=list_name), Deleted
        )

    def graphic_lists(self, *, device_name: str) -> list[HmiList]:
        """List the graphic lists of a panel with their entries.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return self._client.run("hmi_lists.graphic_lists", OnDevice(device_name=device_name), list[HmiList])

    def export_graphic_list(
        self, *, device_name: str, export_path: str, list_name: str, overwrite: bool = False
    ) -> WrittenFile:
        """Export a graphic list to a file: SimaticML of a classic panel, .hmi.yml of a Unified one.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            export_path: A new file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            overwrite: Replace a file that is there.
            list_name: Name of the list.
        """
        return self._client.run(
            "hmi_lists.export_graphic_list",
            ExportList(device_name=device_name, export_path=export_path, overwrite=overwrite, list_name=list_name),
            WrittenFile,
        )

    def import_graphic_lists(self, *, device_name: str, import_file_path: str, override: bool = False) -> Imported:
        """Import the graphic lists of a SimaticML or .hmi.yml file, all or none.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
        """
        return self._client.run(
            "hmi_lists.import_graphic_lists",
            FromFile(device_name=device_name, import_file_path=import_file_path, override=override),
            Imported,
        )

    def delete_graphic_list(self, *, device_name: str, list_name: str) -> Deleted:
        """Delete a graphic list of a classic panel. Openness deletes none of a Unified panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            list_name: Name of the list.
        """
        return self._client.run(
            "hmi_lists.delete_graphic_list", OnList(device_name=device_name, list_name=list_name), Deleted
        )

    def project_graphics(self, *, device_name: str) -> list[GraphicInfo]:
        """List the graphics of the project, which all its panels share.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return self._client.run("hmi_lists.project_graphics", OnDevice(device_name=device_name), list[GraphicInfo])

    def export_graphic(self, *, device_name: str, graphic_name: str, export_path: str) -> GraphicFiles:
        """Export a graphic to a SimaticML file, its pictures into a folder beside it.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            graphic_name: Name of the graphic.
            export_path: A new .xml file on the server, inside its allowed folders; pictures go into a folder beside.
        """
        return self._client.run(
            "hmi_lists.export_graphic",
            ExportGraphic(device_name=device_name, graphic_name=graphic_name, export_path=export_path),
            GraphicFiles,
        )

    def import_graphics(self, *, device_name: str, import_file_path: str, override: bool = False) -> Imported:
        """Import the graphics of a SimaticML file, or a picture, which becomes a graphic of its file's name.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
        """
        return self._client.run(
            "hmi_lists.import_graphics",
            FromFile(device_name=device_name, import_file_path=import_file_path, override=override),
            Imported,
        )

    def delete_graphic(self, *, device_name: str, graphic_name: str) -> GraphicInfo:
        """Delete a graphic of the project.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            graphic_name: Name of the graphic.
        """
        return self._client.run(
            "hmi_lists.delete_graphic", OnGraphic(device_name=device_name, graphic_name=graphic_name), GraphicInfo
        )

    def library_type(self, *, device_name: str, type_name: str) -> TypeInfo:
        """Get a library type of HMI: a faceplate, screen, style, script or HMI user data type.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            type_name: Name, path or GUID of the type.
        """
        return self._client.run(
            "hmi_lists.library_type", OnType(device_name=device_name, type_name=type_name), TypeInfo
        )

    def library_types(self) -> list[TypeInfo]:
        """List the library types of HMI with their versions."""
        return self._client.run("hmi_lists.library_types", Nothing(), list[TypeInfo])


class AsyncHmiLists(AsyncResource):
    """HMI Screens: scripts, text lists and graphic lists of panels, the project's graphics, and library types of HMI."""

    async def script_tree(self, *, device_name: str) -> ScriptTree:
        """Get the folders of a panel with its VB scripts, or the script modules of a Unified panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return await self._client.run("hmi_lists.script_tree", OnDevice(device_name=device_name), ScriptTree)

    async def script_content(self, *, device_name: str, script_name: str) -> ScriptContent:
        """Get the source of a script, and its files as TIA Portal exports them.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            script_name: Name of the script; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "hmi_lists.script_content", OnScript(device_name=device_name, script_name=script_name), ScriptContent
        )

    async def import_scripts(
        self, *, device_name: str, import_file_path: str, override: bool = False, folder: str = ""
    ) -> Imported:
        """Import VB scripts from SimaticML, or script modules from a .hmi.yml file with their .hmi.js files beside it.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
        """
        return await self._client.run(
            "hmi_lists.import_scripts",
            FromFileToFolder(
                device_name=device_name, import_file_path=import_file_path, override=override, folder=folder
            ),
            Imported,
        )

    async def text_lists(self, *, device_name: str) -> list[HmiList]:
        """List the text lists of a panel with their entries.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return await self._client.run("hmi_lists.text_lists", OnDevice(device_name=device_name), list[HmiList])

    async def text_list_xml(self, *, device_name: str, list_name: str) -> str:
        """Get a text list of a classic panel as SimaticML. Those of Unified panels are no XML: export them to a file.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            list_name: Name of the list.
        """
        return await self._client.run(
            "hmi_lists.text_list_xml", OnList(device_name=device_name, list_name=list_name), str
        )

    async def export_text_list(
        self, *, device_name: str, export_path: str, list_name: str, overwrite: bool = False
    ) -> WrittenFile:
        """Export a text list to a file: SimaticML of a classic panel, .hmi.yml of a Unified one.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            export_path: A new file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            overwrite: Replace a file that is there.
            list_name: Name of the list.
        """
        return await self._client.run(
            "hmi_lists.export_text_list",
            ExportList(device_name=device_name, export_path=export_path, overwrite=overwrite, list_name=list_name),
            WrittenFile,
        )

    async def import_text_lists(self, *, device_name: str, import_file_path: str, override: bool = False) -> Imported:
        """Import the text lists of a SimaticML or .hmi.yml file, all or none.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
        """
        return await self._client.run(
            "hmi_lists.import_text_lists",
            FromFile(device_name=device_name, import_file_path=import_file_path, override=override),
            Imported,
        )

    async def delete_text_list(self, *, device_name: str, list_name: str) -> Deleted:
        """Delete a text list of a classic panel. Openness deletes none of a Unified panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            list_name: Name of the list.
        """
        return await self._client.run(
            "hmi_lists.delete_text_list", OnList(device_name=device_name, list_name=list_name), Deleted
        )

    async def graphic_lists(self, *, device_name: str) -> list[HmiList]:
        """List the graphic lists of a panel with their entries.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return await self._client.run("hmi_lists.graphic_lists", OnDevice(device_name=device_name), list[HmiList])

    async def export_graphic_list(
        self, *, device_name: str, export_path: str, list_name: str, overwrite: bool = False
    ) -> WrittenFile:
        """Export a graphic list to a file: SimaticML of a classic panel, .hmi.yml of a Unified one.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            export_path: A new file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            overwrite: Replace a file that is there.
            list_name: Name of the list.
        """
        return await self._client.run(
            "hmi_lists.export_graphic_list",
            ExportList(device_name=device_name, export_path=export_path, overwrite=overwrite, list_name=list_name),
            WrittenFile,
        )

    async def import_graphic_lists(
        self, *, device_name: str, import_file_path: str, override: bool = False
    ) -> Imported:
        """Import the graphic lists of a SimaticML or .hmi.yml file, all or none.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
        """
        return await self._client.run(
            "hmi_lists.import_graphic_lists",
            FromFile(device_name=device_name, import_file_path=import_file_path, override=override),
            Imported,
        )

    async def delete_graphic_list(self, *, device_name: str, list_name: str) -> Deleted:
        """Delete a graphic list of a classic panel. Openness deletes none of a Unified panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            list_name: Name of the list.
        """
        return await self._client.run(
            "hmi_lists.delete_graphic_list", OnList(device_name=device_name, list_name=list_name), Deleted
        )

    async def project_graphics(self, *, device_name: str) -> list[GraphicInfo]:
        """List the graphics of the project, which all its panels share.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return await self._client.run(
            "hmi_lists.project_graphics", OnDevice(device_name=device_name), list[GraphicInfo]
        )

    async def export_graphic(self, *, device_name: str, graphic_name: str, export_path: str) -> GraphicFiles:
        """Export a graphic to a SimaticML file, its pictures into a folder beside it.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            graphic_name: Name of the graphic.
            export_path: A new .xml file on the server, inside its allowed folders; pictures go into a folder beside.
        """
        return await self._client.run(
            "hmi_lists.export_graphic",
            ExportGraphic(device_name=device_name, graphic_name=graphic_name, export_path=export_path),
            GraphicFiles,
        )

    async def import_graphics(self, *, device_name: str, import_file_path: str, override: bool = False) -> Imported:
        """Import the graphics of a SimaticML file, or a picture, which becomes a graphic of its file's name.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
        """
        return await self._client.run(
            "hmi_lists.import_graphics",
            FromFile(device_name=device_name, import_file_path=import_file_path, override=override),
            Imported,
        )

    async def delete_graphic(self, *, device_name: str, graphic_name: str) -> GraphicInfo:
        """Delete a graphic of the project.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            graphic_name: Name of the graphic.
        """
        return await self._client.run(
            "hmi_lists.delete_graphic", OnGraphic(device_name=device_name, graphic_name=graphic_name), GraphicInfo
        )

    async def library_type(self, *, device_name: str, type_name: str) -> TypeInfo:
        """Get a library type of HMI: a faceplate, screen, style, script or HMI user data type.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            type_name: Name, path or GUID of the type.
        """
        return await self._client.run(
            "hmi_lists.library_type", OnType(device_name=device_name, type_name=type_name), TypeInfo
        )

    async def library_types(self) -> list[TypeInfo]:
        """List the library types of HMI with their versions."""
        return await self._client.run("hmi_lists.library_types", Nothing(), list[TypeInfo])
