"""StationUploadProvider: a station comes from its CPU into the project, as a new one in addition to the others.

Facts: docs/facts/openness-online.md#upload. Only what a project loaded can be uploaded: names that the project has
already get a number, networks and watch tables are not part of what a CPU holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import DateTime, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.events import Delegate, ask_by
from fake_openness.core.objects import EngineeringObject
from fake_openness.hardware import hardware_files
from fake_openness.hardware.devices import Device
from fake_openness.hardware.hardware import FOLDER, Hardware
from fake_openness.online import station_image
from fake_openness.online.connection import ConfigurationAddress, ConnectionConfiguration
from fake_openness.online.held_protection import is_read_protected, opens_reading
from fake_openness.online.legitimation import ask_password
from fake_openness.online.prompts import PROMPTS, DownloadPasswordConfiguration
from fake_openness.online.results import UploadResultMessage, UploadResultState
from fake_openness.online.station_image import StationImage
from fake_plcsim.controller import Controller


class UploadConfigurationDelegate(Delegate):
    """Answers the questions of an upload: the password of a protected CPU."""


class UploadResult(NetObject):
    """The outcome of an upload."""

    def __init__(self, station: Device, message: UploadResultMessage) -> None:
        """Name the station."""
        self.UploadedStation = station
        self.State = UploadResultState.Success
        self.ErrorCount = self.WarningCount = 0
        self.Messages = NetList([message])


class StationUploadProvider(EngineeringObject):
    """The service of a project that uploads stations."""

    def __init__(self, hardware: Hardware) -> None:
        """Serve a project."""
        super().__init__(hardware.project)
        self._hardware = hardware
        self._configuration = ConnectionConfiguration(self)

    @property
    def Configuration(self) -> ConnectionConfiguration:
        """The ways to CPUs."""
        return self._configuration

    def StationUpload(
        self, configurationAddress: ConfigurationAddress, uploadConfigurationDelegate: UploadConfigurationDelegate
    ) -> UploadResult:
        """Make a station of what the CPU at an address holds.

        Raises:
            EngineeringTargetInvocationException: In a transaction, nothing answers, or the CPU holds no station.
        """
        require_type(configurationAddress, ConfigurationAddress, "configurationAddress")
        require_type(uploadConfigurationDelegate, UploadConfigurationDelegate, "delegate")
        self._context.refuse_in_transaction("Uploading")
        controller = configurationAddress._controller()
        if controller is None:
            msg = f"No CPU answers at {configurationAddress._name}: check the connection, the address, and that the CPU is on."
            raise EngineeringTargetInvocationException(msg, code="upload.not_reachable")
        image = station_image.image_of(controller)
        if image is None or not image.files:
            msg = f"The CPU at {configurationAddress._name} has no station that was loaded from a project."
            raise EngineeringTargetInvocationException(msg, code="upload.no_station")
        if is_read_protected(controller) and not opens_reading(
            controller, ask_password(self._configuration, controller)
        ):
            self._open(controller, uploadConfigurationDelegate)
        station = _insert(self._hardware, image)
        now = DateTime(self._context.now())
        text = f"'{image.plc}' was uploaded as '{station._name}'."
        return UploadResult(station, UploadResultMessage(text, UploadResultState.Success, now, 0, 0, NetList()))

    def _open(self, controller: Controller, delegate: UploadConfigurationDelegate) -> None:
        """Ask for the password of a CPU that cannot be read without one.

        Raises:
            EngineeringTargetInvocationException: It is missing or wrong.
            NonRecoverableException: The delegate raised.
        """
        question = PROMPTS["ModuleReadAccessPassword"]("The CPU is protected: its password for read access is needed.")
        assert isinstance(question, DownloadPasswordConfiguration)  # noqa: S101 - it is a password
        ask_by(delegate, self._hardware.project._portal)(question)
        if not opens_reading(controller, question._password):
            msg = "The password for read access to the CPU is missing or wrong."
            raise EngineeringTargetInvocationException(msg, code="upload.password")


def _insert(hardware: Hardware, image: StationImage) -> Device:
    """Make the station, its names free in the project."""
    document = json.loads(json.dumps(image.hardware))
    document["name"] = _free(document["name"], (each._name for each in hardware.every_device()))
    for key in ("group", "ungrouped", "order"):
        document.pop(key, None)
    heads = [head._name for each in hardware.every_device() if (head := each._head()) is not None]
    folder = hardware.new_folder(document["name"])
    for item in station_image.walk_items(document):
        _adapt(item, hardware)
        if item["name"] == image.plc:
            item["name"] = _free(image.plc, heads)
            if "type" in item:
                item["software"] = f"{FOLDER}/{folder}/software"
    _write(hardware, f"{FOLDER}/{folder}/software", image)
    hardware_files.load_station(hardware, document, folder)
    return next(each for each in hardware.every_device() if each._name == document["name"])


def _adapt(item: dict[str, Any], hardware: Hardware) -> None:
    """Remove what the project does not have: subnets of other names, and IO systems."""
    interface = item.get("interface", {})
    interface.pop("io_system", None)
    if hardware.subnets._find_by_name(interface.get("subnet", "")) is None:
        interface.pop("subnet", None)


def _write(hardware: Hardware, folder: str, image: StationImage) -> None:
    context = hardware.project._context
    for path, content in image.files.items():
        context.note_change(context.files.put(f"{folder}/{path}", content))


def _free(name: str, taken: Iterable[str]) -> str:
    """Return the name, with a number where it is taken."""
    used = {each.casefold() for each in taken}
    stem = re.sub(r"_\d+$", "", name)
    return (
        name
        if name.casefold() not in used
        else next(f"{stem}_{n}" for n in range(1, len(used) + 2) if f"{stem}_{n}".casefold() not in used)
    )
