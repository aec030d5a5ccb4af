"""A registered virtual controller: a virtual CPU with its states, settings, events and memory card.

Every handle of it (`IInstance`) uses it. Facts: docs/facts/plcsim-advanced.md#instances and the API's function
manual. Unverified: PowerOn of an instance that is on is a warning; switching on goes to RUN when it was there at power
off.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fake_dotnet.system import DateTime
from fake_plcsim import card as cards
from fake_plcsim.card import Card, CardError
from fake_plcsim.enums import ECPUType, EInstanceConfigChanged, ELEDMode, ELEDType, EOperatingState, ERuntimeErrorCode
from fake_plcsim.errors import refuse
from fake_plcsim.events import Event
from fake_plcsim.structs import SInstanceInfo, SIPSuite4, make_struct
from fake_plcsim.tag_memory import TagMemory
from fake_plcsim.timing import Timing
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.clock import Pace
from virtual_plc.cpu.cpu import CpuError, State, VirtualCpu
from virtual_plc.memory.program import Program
from virtual_plc.surroundings import Module
from virtual_plc.surroundings.connections import LOOPBACK

if TYPE_CHECKING:
    from fake_plcsim.runtime import Runtime

LONGEST_PATH = 130
CARD_FOLDER, CARD_FILE = "SIMATIC_MC", "card.zip"
_LAMPS = {
    EOperatingState.Off: (ELEDMode.Off, ELEDMode.Off),
    EOperatingState.Stop: (ELEDMode.Off, ELEDMode.On),
    EOperatingState.Startup: (ELEDMode.FlashSlow, ELEDMode.Off),
    EOperatingState.Run: (ELEDMode.On, ELEDMode.Off),
}
"""The lamps RUN and STOP by state."""


class Controller:
    """One virtual controller.

    Attributes:
        runtime: Where it is registered.
        number: Its number there.
        name: Its name there.
        cpu: The CPU.
        card: Its virtual memory card.
        cpu_type: Which CPU it simulates.
        communication: How it is reached.
        storage_path: Folder of the card.
        timing: How its time passes.
        memory: Its tags and areas.
        always_end_of_cycle: Whether OnEndOfCycle is raised in the mode Default too.
        events: By name.
        ended: Whether it is no longer registered.
        downloads: How many programs it has loaded.
    """

    def __init__(self, runtime: Runtime, number: int, name: str, cpu_type: ECPUType) -> None:
        """Begin registered and Off."""
        self.runtime, self.number, self.name, self.cpu_type = runtime, number, name, cpu_type
        self.cpu = VirtualCpu(name=name, pace=Pace.REAL)
        self.cpu.on_state.append(lambda *_: self._announce())
        self.cpu.on_cycle.append(self._report_cycle)
        self.cpu.surroundings.network.any_port = True
        self.cpu.surroundings.network.neighbours = self._find_neighbour
        self.card = Card()
        self.communication = runtime.interface()
        self.storage_path = runtime.storage(name)
        self.timing = Timing(self.cpu, self._announce)
        self.memory = TagMemory(self.cpu)
        self.always_end_of_cycle = False
        self.ended = False
        self.downloads = 0
        self._booting = False
        self._announced = EOperatingState.Off
        self._lock = threading.RLock()
        plain = ("OnOperatingStateChanged", "OnLedChanged", "OnConfigurationChanging", "OnConfigurationChanged")
        self.events = {name: Event(runtime.dispatcher) for name in plain}
        self.events["OnEndOfCycle"] = Event(runtime.dispatcher, _merge_cycles)

    # -- who it is --------------------------------------------------------------------

    @property
    def info(self) -> SInstanceInfo:
        """Number and name."""
        return make_struct(SInstanceInfo, ID=self.number, Name=self.name)

    @property
    def address(self) -> str:
        """IP address of its first interface."""
        return self.card.ip[0]

    def ip_suite(self) -> SIPSuite4:
        """Return the IP suite of its first interface; with Softbus only the address."""
        softbus = self.communication.name == "Softbus"
        return SIPSuite4(self.card.ip[0]) if softbus else SIPSuite4(*self.card.ip)

    def set_ip(self, interface: int, suite: SIPSuite4, *, remanent: bool) -> None:
        """Set the IP suite; a simulated CPU keeps it with the card in both cases.

        Raises:
            SimulationRuntimeException: InstanceNotRunning, or IndexOutOfRange (the interface).
        """
        del remanent
        self.require_on()
        if interface != 0:
            raise refuse("IndexOutOfRange", "A simulated CPU has one interface, number 0.")
        parts = (suite.IPAddress, suite.SubnetMask, suite.DefaultGateway)
        address, mask, gateway = (part.IPString for part in parts)
        self.card.ip = (address, mask, gateway)
        self._raise("OnConfigurationChanged", EInstanceConfigChanged.IPChanged, interface, 0, 0, 0)

    def set_storage(self, path: str) -> None:
        """Keep the card in another folder from the next PowerOn on."""
        if not path or len(path) >= LONGEST_PATH or not Path(path).is_absolute():
            raise refuse("WrongArgument", f"Name an absolute path of less than {LONGEST_PATH} characters.")
        self.storage_path = Path(path)

    # -- state ------------------------------------------------------------------------

    @property
    def is_on(self) -> bool:
        """Whether it is switched on, or about to be."""
        return self._booting or self.cpu.state is not State.OFF

    @property
    def state(self) -> EOperatingState:
        """Its operating state."""
        if self._booting:
            return EOperatingState.Booting
        if self.timing.is_processing and self.cpu.state is State.FREEZE:
            return EOperatingState.Run
        return EOperatingState(self.cpu.state.value)

    def power_on(self, timeout: float) -> ERuntimeErrorCode:
        """Boot; returns a warning when it is on already."""
        with self._lock:
            if self.is_on:
                return ERuntimeErrorCode.WarningAlreadyExists
            self.runtime.admit(self)
            self._take_stored_card()
            self._booting = True
        self._announce()
        self._do(self._boot, timeout)
        return ERuntimeErrorCode.OK

    def _boot(self) -> None:
        time.sleep(self.runtime.boot_seconds)
        try:
            if not self.ended:
                self.timing.set_pace()
                self.cpu.power_on()
        finally:
            self._booting = False
            self.timing.settle()

    def power_off(self, timeout: float) -> None:
        """Switch off."""
        self.require_on()
        self._do(self._switch_off, timeout)

    def _switch_off(self) -> None:
        self.cpu.power_off()
        if self.card.program is not None:
            self.card.keep(self.cpu.memory)
            self.card.keep_surroundings(self.cpu.surroundings)
            self._store_card()

    def run(self, timeout: float) -> None:
        """Go to RUN, and in a mode that is controlled to Freeze."""
        self.require_on()
        if self.cpu.program is None:
            raise refuse("IsEmpty", "No program has been downloaded.")
        if self.cpu.state is State.STOP:
            self._do(self._start, timeout)

    def _start(self) -> None:
        self.cpu.run()
        self.timing.settle()

    def stop(self, timeout: float) -> None:
        """Go to STOP."""
        self.require_on()
        self._do(self.cpu.stop, timeout)

    def memory_reset(self, timeout: float) -> None:
        """Set start values everywhere; the CPU is in STOP."""
        self.require_on()
        self._do(self.cpu.memory_reset, timeout)

    def end(self) -> None:
        """End the registration."""
        self.ended = True
        if self.cpu.state is not State.OFF:
            self._switch_off()
        self.timing.end()

    def require_on(self) -> None:
        """Refuse what needs a CPU that is on.

        Raises:
            SimulationRuntimeException: InstanceNotRunning.
        """
        if self._booting or self.cpu.state is State.OFF:
            raise refuse("InstanceNotRunning", f"'{self.name}' is off: switch it on first.")

    def _require_off(self) -> None:
        if self.is_on:
            raise refuse("InvalidOperatingState", f"'{self.name}' is on: switch it off first.")

    @staticmethod
    def _do(action: Callable[[], None], timeout: float) -> None:
        """Run a function on a thread; wait for its end up to a time in seconds, with 0 not at all.

        Raises:
            SimulationRuntimeException: Timeout, or what went wrong meanwhile.
        """
        failed: list[Exception] = []

        def work() -> None:
            try:
                action()
            except CpuError as error:
                failed.append(refuse("InvalidOperatingState", error.message))
            except Exception as error:  # noqa: BLE001 - the waiting thread raises it
                failed.append(error)

        thread = threading.Thread(target=work, name="plcsim", daemon=True)
        thread.start()
        if not timeout:
            return
        thread.join(timeout)
        if thread.is_alive():
            raise refuse("Timeout", f"The state was not reached within {timeout:g} s.")
        if failed:
            raise failed[0]

    # -- events -----------------------------------------------------------------------

    def _raise(self, name: str, *arguments: Any) -> None:
        if self.events[name].is_wanted:
            from fake_plcsim.instance import IInstance

            moment = DateTime(self.timing.clock())
            self.events[name].raise_(IInstance(self), ERuntimeErrorCode.OK, moment, *arguments)

    def _announce(self) -> None:
        """Report a change of the state, once."""
        before, now = self._announced, self.state
        if before is now:
            return
        self._announced = now
        self._raise("OnOperatingStateChanged", before, now)
        if now in _LAMPS:
            for lamp, does in zip((ELEDType.Run, ELEDType.Stop), _LAMPS[now], strict=True):
                self._raise("OnLedChanged", lamp, does)

    def _report_cycle(self, cpu: VirtualCpu) -> None:
        if self.timing.is_controlled or self.always_end_of_cycle:
            self._raise("OnEndOfCycle", max(cpu.cycle, cpu.scan_times[1]), 1)

    # -- program and card -------------------------------------------------------------

    def load(
        self,
        program: Program,
        source: Workspace | None = None,
        *,
        plc_name: str = "",
        plc_type: str = "",
        ip: tuple[str, str, str] | None = None,
        reinitialize: bool = False,
        station: Mapping[str, bytes] | None = None,
    ) -> None:
        """Load a program, as a download does, in any state of the CPU.

        Args:
            program: The program to execute.
            source: Its source.
            plc_name: Name of the CPU in the project.
            plc_type: Its short designation.
            ip: Address, mask and gateway of the project.
            reinitialize: As in VirtualCpu.load.
            station: Files of the station for the card.

        Raises:
            ProgramError: It cannot be executed.
            LoadRefusedError: It cannot be loaded in the present state.
        """
        self._raise("OnConfigurationChanging")
        self.cpu.load(program, reinitialize=reinitialize)
        self.downloads += 1
        self.card.program = program
        self.card.source = cards.source_of(source) if source is not None else lambda: None
        self.card.plc_name, self.card.plc_type = plc_name or self.card.plc_name, plc_type or self.card.plc_type
        self.card.ip = ip or self.card.ip
        self.card.station = dict(station or {})
        self.memory.forget()
        self._raise("OnConfigurationChanged", EInstanceConfigChanged.HardwareSoftwareChanged, 0, 0, 0, 0)

    def archive(self, file: str) -> None:
        """Write the card to a new ZIP file."""
        self._require_off()
        path = _archive_path(file)
        if path.exists():
            raise refuse("AlreadyExists", f"{path} exists already.")
        try:
            self.card.write(path)
        except (CardError, OSError) as error:
            raise refuse("ArchiveStorageNotCreated", str(error)) from error

    def retrieve(self, file: str) -> None:
        """Take the card from a ZIP file."""
        self._require_off()
        path = _archive_path(file)
        if not path.is_file():
            raise refuse("DoesNotExist", f"There is no file {path}.")
        try:
            self._insert(cards.read(path))
        except CardError as error:
            raise refuse("RetrieveStorageFailure", str(error)) from error
        self._store_card()

    def _find_neighbour(self, partner: tuple[str, int]) -> tuple[str, int] | None:
        """Return where another controller of the runtime with an address listens on this computer."""
        for each in self.runtime:
            port = each.cpu.surroundings.network.listening.get(partner[1])
            if each is not self and port is not None and each.address == partner[0]:
                return LOOPBACK, port
        return None

    def set_modules(self, modules: Mapping[int, Module]) -> None:
        """Take the modules of a hardware configuration, by hardware identifier."""
        self.card.keep_modules(modules)
        self.cpu.surroundings.modules.replace(dict(modules))

    def _insert(self, card: Card) -> None:
        card.restore_surroundings(self.cpu.surroundings)
        if card.program is not None:
            self.cpu.load(card.program)
            self.cpu.memory.reset(keep_retentive=False)
            card.restore(self.cpu.memory)
        self.card = card
        self.memory.forget()

    def _stored_card(self) -> Path:
        return self.storage_path / CARD_FOLDER / CARD_FILE

    def _store_card(self) -> None:
        """Keep the card in its folder, as far as its source is known."""
        if self.card.source() is None:
            return
        file = self._stored_card()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
            self.card.write(file)
        except OSError as error:
            raise refuse("CreateDirectoriesFailed", str(error)) from error

    def _take_stored_card(self) -> None:
        """Load the card in its folder into an instance that has no program."""
        file = self._stored_card()
        if self.card.program is None and file.is_file():
            try:
                self._insert(cards.read(file))
            except CardError as error:
                raise refuse("RetrieveStorageFailure", str(error)) from error


def _archive_path(file: str) -> Path:
    path = Path(file)
    if not path.is_absolute() or path.suffix.lower() != ".zip":
        raise refuse("InvalidArchivePath", "Name the absolute path of a .zip file.")
    return path


def _merge_cycles(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return one event for two: the later moment and time, the cycles of both."""
    return (*new[:4], old[4] + new[4])
