"""The runtime manager of one simulated computer: which virtual controllers are registered, and what they share.

Facts: docs/facts/plcsim-advanced.md#runtime-manager: at most 16 instances, names shorter than 64 characters, all
running instances with one communication interface, separate storage folders. Unverified: names differ by case, unlike
files of Windows.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

from fake_plcsim.controller import Controller
from fake_plcsim.enums import ECommunicationInterface, ECPUType, ENetworkMode
from fake_plcsim.errors import refuse
from fake_plcsim.events import Dispatcher

MOST_INSTANCES = 16
NAME_LIMIT = 64
OLDEST_PORT = 1025


class Runtime:
    """PLCSIM Advanced on one computer.

    Attributes:
        version: API version, such as (5, 0).
        port: Open for other runtime managers, 0 for none.
        network_mode: How all instances are reached (API version 6 on).
        dispatcher: Calls the handlers of events.
        boot_seconds: How long switching on takes.
        handles_age: Whether a handle that is older than a download does not see its program, as some real ones were
            seen to.
    """

    def __init__(self, version: tuple[int, int] = (5, 0)) -> None:
        """Begin without instances."""
        self.version = version
        self.port = 0
        self.boot_seconds = 0.0
        self.handles_age = False
        self.network_mode = ENetworkMode.Softbus
        self.dispatcher = Dispatcher()
        self._controllers: dict[int, Controller] = {}
        self._next = 0
        self._storage: Path | None = None

    def __iter__(self) -> Iterator[Controller]:
        """Return all registered controllers, in the order of their numbers."""
        return iter(list(self._controllers.values()))

    def register(self, cpu_type: ECPUType = ECPUType.CPU1500_Unspecified, name: str | None = None) -> Controller:
        """Register a controller.

        Raises:
            SimulationRuntimeException: LimitReached, WrongArgument (the name), AlreadyExists.
        """
        if len(self._controllers) >= MOST_INSTANCES:
            raise refuse("LimitReached", f"There are {MOST_INSTANCES} instances already: unregister one.")
        number = self._next
        chosen = self._free_name(number) if name is None else name
        if not 0 < len(chosen) < NAME_LIMIT or any(char in chosen for char in '<>:"/\\|?*\0'):
            raise refuse(
                "WrongArgument", f"A name has 1 to {NAME_LIMIT - 1} characters that the name of a folder can have."
            )
        if self.find_by_name(chosen) is not None:
            raise refuse("AlreadyExists", f"An instance '{chosen}' is registered already.")
        self._next += 1
        made = self._controllers[number] = Controller(self, number, chosen, cpu_type)
        return made

    def _free_name(self, number: int) -> str:
        name, counter = f"Instance_{number}", 0
        while self.find_by_name(name) is not None:
            counter += 1
            name = f"Instance_{number}.{counter}"
        return name

    def find_by_name(self, name: str) -> Controller | None:
        """Return the controller of a name."""
        return next((each for each in self if each.name.casefold() == name.casefold()), None)

    def find_by_number(self, number: int) -> Controller | None:
        """Return the controller of a number."""
        return self._controllers.get(number)

    def reachable(self, address: str) -> Controller | None:
        """Return the powered-on controller with an IP address: what a download or an online connection finds."""
        return next((each for each in self if each.is_on and address == each.address), None)

    def unregister(self, controller: Controller) -> None:
        """Remove a controller; its handles are no longer valid."""
        self._controllers.pop(controller.number, None)
        controller.end()

    def admit(self, controller: Controller) -> None:
        """Check whether a controller can be switched on in addition to the others.

        Raises:
            SimulationRuntimeException: WrongCommunicationInterface, StoragePathAlreadyInUse.
        """
        for other in self:
            if other is controller or not other.is_on:
                continue
            if other.communication is not controller.communication:
                text = (
                    f"'{other.name}' runs with {other.communication.name}: all running instances share one interface."
                )
                raise refuse("WrongCommunicationInterface", text)
            if other.storage_path == controller.storage_path:
                raise refuse("StoragePathAlreadyInUse", f"'{other.name}' keeps its data in {other.storage_path}.")

    def interface(self) -> ECommunicationInterface:
        """Return how a new instance is reached."""
        softbus = self.network_mode is ENetworkMode.Softbus
        return ECommunicationInterface.Softbus if softbus else ECommunicationInterface.TCPIP

    def storage(self, name: str) -> Path:
        """Return the folder in which an instance keeps its data when no other is set; it is deleted with this runtime, or its end."""
        if self._storage is None:
            self._storage = Path(tempfile.mkdtemp(prefix="plcsim-"))
            self._delete_storage = weakref.finalize(self, shutil.rmtree, self._storage, ignore_errors=True)
        return self._storage / name

    def open_port(self, port: int) -> None:
        """Open a port for other runtime managers.

        Raises:
            SimulationRuntimeException: WrongArgument, or AlreadyExists when a port is open.
        """
        if port < OLDEST_PORT:
            raise refuse("WrongArgument", f"The port must be {OLDEST_PORT} or higher.")
        if self.port:
            raise refuse("AlreadyExists", f"Port {self.port} is open: close it first.")
        self.port = port

    def shutdown(self) -> None:
        """Switch all instances off and remove them, with the folder of those that have no other."""
        for controller in self:
            self.unregister(controller)
        if self._storage is not None:
            self._delete_storage()
            self._storage = None
