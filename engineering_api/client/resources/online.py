"""Download / Upload: online and offline, CPU state, download, upload, comparison, live values of a PLC.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.online.online_operations import (
    Compare,
    Download,
    DownloadToFolder,
    Interfaces,
    NewValue,
    OnDevice,
    Reach,
    ReadValues,
    Upload,
    WriteValues,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.online.compare import Comparison
from openness_bridge.online.download import DownloadReport
from openness_bridge.online.online import OnlineReport, PcInterface
from openness_bridge.online.plc_instance import CpuStatus
from openness_bridge.online.prompts import KnownPrompt
from openness_bridge.online.upload import UploadReport
from openness_bridge.plcsim.tags import Outcome


class Online(Resource):
    """Download / Upload: online and offline, CPU state, download, upload, comparison, live values of a PLC."""

    def connect(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
    ) -> OnlineReport:
        """Go online with a PLC; refused where the connection does not come about.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: Kind of network.
            pc_interface: Interface of the computer as Windows names it; PLCSIM when left out.
            pc_interface_number: Tells interfaces of one name apart.
            target_interface: Interface of the CPU, such as 1 X1; the first by default.
            prompts: Questions that are agreed to, by type, with their answers: such as StopModules: StopAll,
                CheckBeforeDownload: true. What is not named is not agreed to. GET /api/download/prompts lists them.
            passwords: Password questions by type, with the name of a secret: PLANT is the service's environment
                variable TIA_SECRET_PLANT.
        """
        return self._client.run(
            "online.connect",
            Reach(
                device_name=device_name,
                mode=mode,
                pc_interface=pc_interface,
                pc_interface_number=pc_interface_number,
                target_interface=target_interface,
                prompts=prompts or {},
                passwords=passwords or {},
            ),
            OnlineReport,
        )

    def disconnect(self, *, device_name: str) -> OnlineReport:
        """Go offline; nothing happens when the PLC is offline.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("online.disconnect", OnDevice(device_name=device_name), OnlineReport)

    def status(self, *, device_name: str) -> OnlineReport:
        """Tell whether a PLC is online.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("online.status", OnDevice(device_name=device_name), OnlineReport)

    def interfaces(self, *, device_name: str, search: bool = False) -> list[PcInterface]:
        """List the ways to a PLC: interfaces of the computer, and of the CPU that they lead to.

        Args:
            device_name: Name of the station, its CPU or its program.
            search: Ask which devices answer on each interface; takes seconds on a real network.
        """
        return self._client.run(
            "online.interfaces", Interfaces(device_name=device_name, search=search), list[PcInterface]
        )

    def cpu_status(self, *, device_name: str) -> CpuStatus:
        """Tell what a CPU is doing; `unknown` for one that is no PLCSIM Advanced instance, because Openness cannot tell.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("online.cpu_status", OnDevice(device_name=device_name), CpuStatus)

    @overload
    def download(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        scope: str = "HardwareAndSoftware",
        ip_address: str = "",
        wait: Literal[True] = True,
    ) -> DownloadReport: ...

    @overload
    def download(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        scope: str = "HardwareAndSoftware",
        ip_address: str = "",
        wait: Literal[False],
    ) -> Job[DownloadReport]: ...

    def download(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        scope: str = "HardwareAndSoftware",
        ip_address: str = "",
        wait: bool = True,
    ) -> DownloadReport | Job[DownloadReport]:
        """Compile a PLC and load it into its CPU.

        Errors of the compilation come with their places, and then nothing is loaded. Each question of TIA Portal is answered
        as `prompts` says, and reported; a question that has to be agreed to and is not named ends the download. A PLC that is
        online goes offline for it and online again.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: Kind of network.
            pc_interface: Interface of the computer as Windows names it; PLCSIM when left out.
            pc_interface_number: Tells interfaces of one name apart.
            target_interface: Interface of the CPU, such as 1 X1; the first by default.
            prompts: Questions that are agreed to, by type, with their answers: such as StopModules: StopAll,
                CheckBeforeDownload: true. What is not named is not agreed to. GET /api/download/prompts lists them.
            passwords: Password questions by type, with the name of a secret: PLANT is the service's environment
                variable TIA_SECRET_PLANT.
            scope: One of Hardware, Software, SoftwareOnlyChanges, HardwareAndSoftware, HardwareAndSoftwareOnlyChanges.
            ip_address: Address of the CPU where it is not yet the one of the project.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "online.download",
                Download(
                    device_name=device_name,
                    mode=mode,
                    pc_interface=pc_interface,
                    pc_interface_number=pc_interface_number,
                    target_interface=target_interface,
                    prompts=prompts or {},
                    passwords=passwords or {},
                    scope=scope,
                    ip_address=ip_address,
                ),
                DownloadReport,
            )
        return self._client.run(
            "online.download",
            Download(
                device_name=device_name,
                mode=mode,
                pc_interface=pc_interface,
                pc_interface_number=pc_interface_number,
                target_interface=target_interface,
                prompts=prompts or {},
                passwords=passwords or {},
                scope=scope,
                ip_address=ip_address,
            ),
            DownloadReport,
        )

    def download_to_folder(
        self, *, device_name: str, folder_path: str, prompts: dict[str, str | bool] | None = None
    ) -> DownloadReport:
        """Compile a PLC and write what a memory card would hold into a folder; needs TIA Portal V19, but no connection.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder_path: A folder on the server, inside its allowed folders; made when missing.
            prompts: Questions that are agreed to, by type, with their answers: such as StopModules: StopAll,
                CheckBeforeDownload: true. What is not named is not agreed to. GET /api/download/prompts lists them.
        """
        return self._client.run(
            "online.download_to_folder",
            DownloadToFolder(device_name=device_name, folder_path=folder_path, prompts=prompts or {}),
            DownloadReport,
        )

    def list_prompts(self) -> list[KnownPrompt]:
        """List the questions that a download can ask, with their answers and those that are given by default."""
        return self._client.run("online.list_prompts", Nothing(), list[KnownPrompt])

    @overload
    def upload(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        ip_address: str = "",
        wait: Literal[True] = True,
    ) -> UploadReport: ...

    @overload
    def upload(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        ip_address: str = "",
        wait: Literal[False],
    ) -> Job[UploadReport]: ...

    def upload(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        ip_address: str = "",
        wait: bool = True,
    ) -> UploadReport | Job[UploadReport]:
        """Upload the station of a CPU: it comes as a new one into the project, with hardware and program.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: Kind of network.
            pc_interface: Interface of the computer as Windows names it; PLCSIM when left out.
            pc_interface_number: Tells interfaces of one name apart.
            target_interface: Interface of the CPU, such as 1 X1; the first by default.
            prompts: Questions that are agreed to, by type, with their answers: such as StopModules: StopAll,
                CheckBeforeDownload: true. What is not named is not agreed to. GET /api/download/prompts lists them.
            passwords: Password questions by type, with the name of a secret: PLANT is the service's environment
                variable TIA_SECRET_PLANT.
            ip_address: Address of the CPU; that of the device in the project by default.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "online.upload",
                Upload(
                    device_name=device_name,
                    mode=mode,
                    pc_interface=pc_interface,
                    pc_interface_number=pc_interface_number,
                    target_interface=target_interface,
                    prompts=prompts or {},
                    passwords=passwords or {},
                    ip_address=ip_address,
                ),
                UploadReport,
            )
        return self._client.run(
            "online.upload",
            Upload(
                device_name=device_name,
                mode=mode,
                pc_interface=pc_interface,
                pc_interface_number=pc_interface_number,
                target_interface=target_interface,
                prompts=prompts or {},
                passwords=passwords or {},
                ip_address=ip_address,
            ),
            UploadReport,
        )

    def start_cpu(self, *, device_name: str) -> CpuStatus:
        """Set the CPU to RUN, when it is a PLCSIM Advanced instance: Openness has no command for it.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("online.start_cpu", OnDevice(device_name=device_name), CpuStatus)

    def stop_cpu(self, *, device_name: str) -> CpuStatus:
        """Set the CPU to STOP, when it is a PLCSIM Advanced instance: Openness has no command for it.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("online.stop_cpu", OnDevice(device_name=device_name), CpuStatus)

    def compare(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        other_device: str = "",
    ) -> Comparison:
        """Compare the program with what the CPU holds, or with another PLC's, and name the objects that differ.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: Kind of network.
            pc_interface: Interface of the computer as Windows names it; PLCSIM when left out.
            pc_interface_number: Tells interfaces of one name apart.
            target_interface: Interface of the CPU, such as 1 X1; the first by default.
            prompts: Questions that are agreed to, by type, with their answers: such as StopModules: StopAll,
                CheckBeforeDownload: true. What is not named is not agreed to. GET /api/download/prompts lists them.
            passwords: Password questions by type, with the name of a secret: PLANT is the service's environment
                variable TIA_SECRET_PLANT.
            other_device: Another PLC of the project; what the CPU holds by default.
        """
        return self._client.run(
            "online.compare",
            Compare(
                device_name=device_name,
                mode=mode,
                pc_interface=pc_interface,
                pc_interface_number=pc_interface_number,
                target_interface=target_interface,
                prompts=prompts or {},
                passwords=passwords or {},
                other_device=other_device,
            ),
            Comparison,
        )

    def read_values(self, *, device_name: str, tags: list[str]) -> list[Outcome]:
        """Read several tags of a simulated PLC at one moment; one that cannot be read says why.

        Args:
            device_name: Name of the station, its CPU or its program.
            tags: Name of the tag, such as bStart or Motor_Data.speed; quotes and case do not matter.
        """
        return self._client.run("online.read_values", ReadValues(device_name=device_name, tags=tags), list[Outcome])

    def write_values(self, *, device_name: str, values: list[NewValue]) -> list[Outcome]:
        """Write several tags of a simulated PLC between two cycles: all of them, or none when one cannot be written.

        Args:
            device_name: Name of the station, its CPU or its program.
            values: The tags.
        """
        return self._client.run(
            "online.write_values", WriteValues(device_name=device_name, values=values), list[Outcome]
        )


class AsyncOnline(AsyncResource):
    """Download / Upload: online and offline, CPU state, download, upload, comparison, live values of a PLC."""

    async def connect(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
    ) -> OnlineReport:
        """Go online with a PLC; refused where the connection does not come about.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: Kind of network.
            pc_interface: Interface of the computer as Windows names it; PLCSIM when left out.
            pc_interface_number: Tells interfaces of one name apart.
            target_interface: Interface of the CPU, such as 1 X1; the first by default.
            prompts: Questions that are agreed to, by type, with their answers: such as StopModules: StopAll,
                CheckBeforeDownload: true. What is not named is not agreed to. GET /api/download/prompts lists them.
            passwords: Password questions by type, with the name of a secret: PLANT is the service's environment
                variable TIA_SECRET_PLANT.
        """
        return await self._client.run(
            "online.connect",
            Reach(
                device_name=device_name,
                mode=mode,
                pc_interface=pc_interface,
                pc_interface_number=pc_interface_number,
                target_interface=target_interface,
                prompts=prompts or {},
                passwords=passwords or {},
            ),
            OnlineReport,
        )

    async def disconnect(self, *, device_name: str) -> OnlineReport:
        """Go offline; nothing happens when the PLC is offline.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("online.disconnect", OnDevice(device_name=device_name), OnlineReport)

    async def status(self, *, device_name: str) -> OnlineReport:
        """Tell whether a PLC is online.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("online.status", OnDevice(device_name=device_name), OnlineReport)

    async def interfaces(self, *, device_name: str, search: bool = False) -> list[PcInterface]:
        """List the ways to a PLC: interfaces of the computer, and of the CPU that they lead to.

        Args:
            device_name: Name of the station, its CPU or its program.
            search: Ask which devices answer on each interface; takes seconds on a real network.
        """
        return await self._client.run(
            "online.interfaces", Interfaces(device_name=device_name, search=search), list[PcInterface]
        )

    async def cpu_status(self, *, device_name: str) -> CpuStatus:
        """Tell what a CPU is doing; `unknown` for one that is no PLCSIM Advanced instance, because Openness cannot tell.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("online.cpu_status", OnDevice(device_name=device_name), CpuStatus)

    @overload
    async def download(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        scope: str = "HardwareAndSoftware",
        ip_address: str = "",
        wait: Literal[True] = True,
    ) -> DownloadReport: ...

    @overload
    async def download(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        scope: str = "HardwareAndSoftware",
        ip_address: str = "",
        wait: Literal[False],
    ) -> AsyncJob[DownloadReport]: ...

    async def download(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        scope: str = "HardwareAndSoftware",
        ip_address: str = "",
        wait: bool = True,
    ) -> DownloadReport | AsyncJob[DownloadReport]:
        """Compile a PLC and load it into its CPU.

        Errors of the compilation come with their places, and then nothing is loaded. Each question of TIA Portal is answered
        as `prompts` says, and reported; a question that has to be agreed to and is not named ends the download. A PLC that is
        online goes offline for it and online again.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: Kind of network.
            pc_interface: Interface of the computer as Windows names it; PLCSIM when left out.
            pc_interface_number: Tells interfaces of one name apart.
            target_interface: Interface of the CPU, such as 1 X1; the first by default.
            prompts: Questions that are agreed to, by type, with their answers: such as StopModules: StopAll,
                CheckBeforeDownload: true. What is not named is not agreed to. GET /api/download/prompts lists them.
            passwords: Password questions by type, with the name of a secret: PLANT is the service's environment
                variable TIA_SECRET_PLANT.
            scope: One of Hardware, Software, SoftwareOnlyChanges, HardwareAndSoftware, HardwareAndSoftwareOnlyChanges.
            ip_address: Address of the CPU where it is not yet the one of the project.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "online.download",
                Download(
                    device_name=device_name,
                    mode=mode,
                    pc_interface=pc_interface,
                    pc_interface_number=pc_interface_number,
                    target_interface=target_interface,
                    prompts=prompts or {},
                    passwords=passwords or {},
                    scope=scope,
                    ip_address=ip_address,
                ),
                DownloadReport,
            )
        return await self._client.run(
            "online.download",
            Download(
                device_name=device_name,
                mode=mode,
                pc_interface=pc_interface,
                pc_interface_number=pc_interface_number,
                target_interface=target_interface,
                prompts=prompts or {},
                passwords=passwords or {},
                scope=scope,
                ip_address=ip_address,
            ),
            DownloadReport,
        )

    async def download_to_folder(
        self, *, device_name: str, folder_path: str, prompts: dict[str, str | bool] | None = None
    ) -> DownloadReport:
        """Compile a PLC and write what a memory card would hold into a folder; needs TIA Portal V19, but no connection.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder_path: A folder on the server, inside its allowed folders; made when missing.
            prompts: Questions that are agreed to, by type, with their answers: such as StopModules: StopAll,
                CheckBeforeDownload: true. What is not named is not agreed to. GET /api/download/prompts lists them.
        """
        return await self._client.run(
            "online.download_to_folder",
            DownloadToFolder(device_name=device_name, folder_path=folder_path, prompts=prompts or {}),
            DownloadReport,
        )

    async def list_prompts(self) -> list[KnownPrompt]:
        """List the questions that a download can ask, with their answers and those that are given by default."""
        return await self._client.run("online.list_prompts", Nothing(), list[KnownPrompt])

    @overload
    async def upload(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        ip_address: str = "",
        wait: Literal[True] = True,
    ) -> UploadReport: ...

    @overload
    async def upload(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        ip_address: str = "",
        wait: Literal[False],
    ) -> AsyncJob[UploadReport]: ...

    async def upload(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        ip_address: str = "",
        wait: bool = True,
    ) -> UploadReport | AsyncJob[UploadReport]:
        """Upload the station of a CPU: it comes as a new one into the project, with hardware and program.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: Kind of network.
            pc_interface: Interface of the computer as Windows names it; PLCSIM when left out.
            pc_interface_number: Tells interfaces of one name apart.
            target_interface: Interface of the CPU, such as 1 X1; the first by default.
            prompts: Questions that are agreed to, by type, with their answers: such as StopModules: StopAll,
                CheckBeforeDownload: true. What is not named is not agreed to. GET /api/download/prompts lists them.
            passwords: Password questions by type, with the name of a secret: PLANT is the service's environment
                variable TIA_SECRET_PLANT.
            ip_address: Address of the CPU; that of the device in the project by default.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "online.upload",
                Upload(
                    device_name=device_name,
                    mode=mode,
                    pc_interface=pc_interface,
                    pc_interface_number=pc_interface_number,
                    target_interface=target_interface,
                    prompts=prompts or {},
                    passwords=passwords or {},
                    ip_address=ip_address,
                ),
                UploadReport,
            )
        return await self._client.run(
            "online.upload",
            Upload(
                device_name=device_name,
                mode=mode,
                pc_interface=pc_interface,
                pc_interface_number=pc_interface_number,
                target_interface=target_interface,
                prompts=prompts or {},
                passwords=passwords or {},
                ip_address=ip_address,
            ),
            UploadReport,
        )

    async def start_cpu(self, *, device_name: str) -> CpuStatus:
        """Set the CPU to RUN, when it is a PLCSIM Advanced instance: Openness has no command for it.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("online.start_cpu", OnDevice(device_name=device_name), CpuStatus)

    async def stop_cpu(self, *, device_name: str) -> CpuStatus:
        """Set the CPU to STOP, when it is a PLCSIM Advanced instance: Openness has no command for it.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("online.stop_cpu", OnDevice(device_name=device_name), CpuStatus)

    async def compare(
        self,
        *,
        device_name: str,
        mode: str = "PN/IE",
        pc_interface: str = "",
        pc_interface_number: int = 1,
        target_interface: str = "",
        prompts: dict[str, str | bool] | None = None,
        passwords: dict[str, str] | None = None,
        other_device: str = "",
    ) -> Comparison:
        """Compare the program with what the CPU holds, or with another PLC's, and name the objects that differ.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: Kind of network.
            pc_interface: Interface of the computer as Windows names it; PLCSIM when left out.
            pc_interface_number: Tells interfaces of one name apart.
            target_interface: Interface of the CPU, such as 1 X1; the first by default.
            prompts: Questions that are agreed to, by type, with their answers: such as StopModules: StopAll,
                CheckBeforeDownload: true. What is not named is not agreed to. GET /api/download/prompts lists them.
            passwords: Password questions by type, with the name of a secret: PLANT is the service's environment
                variable TIA_SECRET_PLANT.
            other_device: Another PLC of the project; what the CPU holds by default.
        """
        return await self._client.run(
            "online.compare",
            Compare(
                device_name=device_name,
                mode=mode,
                pc_interface=pc_interface,
                pc_interface_number=pc_interface_number,
                target_interface=target_interface,
                prompts=prompts or {},
                passwords=passwords or {},
                other_device=other_device,
            ),
            Comparison,
        )

    async def read_values(self, *, device_name: str, tags: list[str]) -> list[Outcome]:
        """Read several tags of a simulated PLC at one moment; one that cannot be read says why.

        Args:
            device_name: Name of the station, its CPU or its program.
            tags: Name of the tag, such as bStart or Motor_Data.speed; quotes and case do not matter.
        """
        return await self._client.run(
            "online.read_values", ReadValues(device_name=device_name, tags=tags), list[Outcome]
        )

    async def write_values(self, *, device_name: str, values: list[NewValue]) -> list[Outcome]:
        """Write several tags of a simulated PLC between two cycles: all of them, or none when one cannot be written.

        Args:
            device_name: Name of the station, its CPU or its program.
            values: The tags.
        """
        return await self._client.run(
            "online.write_values", WriteValues(device_name=device_name, values=values), list[Outcome]
        )
