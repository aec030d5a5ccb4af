"""IInstance: the handle to a registered virtual controller. Several handles may lead to one controller.

Facts: docs/facts/plcsim-advanced.md#instances; the API's function manual. A method with a timeout of 0 does not wait.
Unverified: a call without a meaning in the present state or mode (RunToNextSyncPoint while the instance runs): here it
does nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from fake_dotnet.system import DateTime, require_type
from fake_plcsim.areas import IIOArea
from fake_plcsim.enums import ECommunicationInterface, ECPUType, EOperatingMode, EOperatingState, ERuntimeErrorCode
from fake_plcsim.errors import refuse, unfitting
from fake_plcsim.events import Event
from fake_plcsim.gate import guard_members
from fake_plcsim.structs import NetArray, SInstanceInfo, SIPSuite4, copy_struct
from fake_plcsim.tag_access import TagAccess

if TYPE_CHECKING:
    from fake_plcsim.controller import Controller
    from simatic_xml.program.workspace import Workspace
    from virtual_plc.memory.program import Program

EARLIEST, LATEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 12, 31, 23, 59, 59, 999000, dt.UTC)
SCALES = (0.01, 100.0)
LONGEST_CYCLE_NS = 6_000_000_000


@guard_members
class IInstance(TagAccess):
    """A virtual controller, as a client holds it."""

    def __init__(self, controller: Controller) -> None:
        """Keep the controller."""
        self._controller = controller
        self._disposed = False
        self._downloads = controller.downloads

    def __eq__(self, other: object) -> bool:
        """Compare by controller: two handles to one are equal."""
        return isinstance(other, IInstance) and other._controller is self._controller

    def __hash__(self) -> int:
        return hash(id(self._controller))

    def __enter__(self) -> IInstance:
        return self

    def __exit__(self, *_: object) -> None:
        self.Dispose()

    def Dispose(self) -> None:
        """Release the handle; the instance stays registered."""
        self._disposed = True

    def _enter(self) -> None:
        if self._disposed or self._controller.ended:
            raise refuse("InterfaceRemoved", "The handle was disposed of, or its instance is not registered any more.")

    def _require_program_seen(self) -> None:
        if self._controller.runtime.handles_age and self._downloads != self._controller.downloads:
            raise refuse("IsEmpty", "The handle is older than the program: create another.")

    # -- who it is --------------------------------------------------------------------

    @property
    def ID(self) -> int:
        """Number of the instance."""
        return self._controller.number

    @property
    def Name(self) -> str:
        """Name of the instance."""
        return self._controller.name

    @property
    def Info(self) -> SInstanceInfo:
        """Number and name."""
        return self._controller.info

    @property
    def CPUType(self) -> ECPUType:
        """The simulated CPU; a change takes effect at the next PowerOn."""
        return self._controller.cpu_type

    @CPUType.setter
    def CPUType(self, value: ECPUType) -> None:
        self._controller.cpu_type = require_type(value, ECPUType, "CPUType")

    @property
    def CommunicationInterface(self) -> ECommunicationInterface:
        """How it is reached; from API version 6 on the network mode decides."""
        return self._controller.communication

    @CommunicationInterface.setter
    def CommunicationInterface(self, value: ECommunicationInterface) -> None:
        require_type(value, ECommunicationInterface, "CommunicationInterface")
        if self._controller.runtime.version >= (6, 0):
            msg = "Property 'CommunicationInterface' is read-only"
            raise AttributeError(msg)
        self._controller.communication = value

    @property
    def StoragePath(self) -> str:
        """Folder of the virtual memory card; a change takes effect at the next PowerOn."""
        return str(self._controller.storage_path)

    @StoragePath.setter
    def StoragePath(self, value: str) -> None:
        self._controller.set_storage(require_type(value, str, "StoragePath"))

    @property
    def ControllerName(self) -> str:
        """Name of the CPU that was downloaded."""
        return self._controller.card.plc_name

    @property
    def ControllerShortDesignation(self) -> str:
        """Short designation of the CPU that was downloaded."""
        return self._controller.card.plc_type

    @property
    def ControllerIP(self) -> NetArray[str]:
        """IP addresses of its interfaces."""
        return NetArray[str]([self._controller.address])

    @property
    def ControllerIPSuite4(self) -> NetArray[SIPSuite4]:
        """IP suites of its interfaces; with Softbus without mask and gateway."""
        return NetArray[SIPSuite4]([self._controller.ip_suite()])

    def SetIPSuite(self, in_InterfaceID: int, in_IPSuite: SIPSuite4, in_IsRemanent: bool) -> None:
        """Set the IP suite of an interface while the instance is on."""
        require_type(in_InterfaceID, int, "in_InterfaceID")
        suite = copy_struct(require_type(in_IPSuite, SIPSuite4, "in_IPSuite"))
        self._controller.set_ip(in_InterfaceID, suite, remanent=require_type(in_IsRemanent, bool, "in_IsRemanent"))

    # -- state ------------------------------------------------------------------------

    @property
    def OperatingState(self) -> EOperatingState:
        """The operating state."""
        if self._controller.timing.is_stepping:
            self._controller.timing.proceed()
        return self._controller.state

    def PowerOn(self, in_TimeOut_ms: int = 0) -> ERuntimeErrorCode:
        """Switch on: it boots and goes to STOP, or to RUN when it was there at power off."""
        return self._controller.power_on(_timeout(in_TimeOut_ms))

    def PowerOff(self, in_TimeOut_ms: int = 0) -> None:
        """Switch off."""
        self._controller.power_off(_timeout(in_TimeOut_ms))

    def Run(self, in_TimeOut_ms: int = 0) -> None:
        """Go to RUN."""
        self._require_program_seen()
        self._controller.run(_timeout(in_TimeOut_ms))

    def Stop(self, in_TimeOut_ms: int = 0) -> None:
        """Go to STOP."""
        self._controller.stop(_timeout(in_TimeOut_ms))

    def MemoryReset(self, in_TimeOut_ms: int = 0) -> None:
        """Reset the memory: the controller restarts and stays in STOP."""
        self._controller.memory_reset(_timeout(in_TimeOut_ms))

    def UnregisterInstance(self) -> None:
        """Switch off and unregister the instance: its handles are no longer valid."""
        self._controller.runtime.unregister(self._controller)

    def ArchiveStorage(self, in_FullFileName: str) -> None:
        """Write the virtual memory card to a new ZIP file; only while Off."""
        self._controller.archive(require_type(in_FullFileName, str, "in_FullFileName"))

    def RetrieveStorage(self, in_FullFileName: str) -> None:
        """Take the virtual memory card from a ZIP file; only while Off."""
        self._controller.retrieve(require_type(in_FullFileName, str, "in_FullFileName"))

    # -- virtual time -----------------------------------------------------------------

    @property
    def OperatingMode(self) -> EOperatingMode:
        """Whether time passes freely or from one synchronization point to the next."""
        return self._controller.timing.mode

    @OperatingMode.setter
    def OperatingMode(self, value: EOperatingMode) -> None:
        self._controller.timing.set_mode(require_type(value, EOperatingMode, "OperatingMode"))

    @property
    def ScaleFactor(self) -> float:
        """How many times faster than real time virtual time passes."""
        return self._controller.timing.scale

    @ScaleFactor.setter
    def ScaleFactor(self, value: float) -> None:
        low, high = SCALES
        if not low <= require_type(value, float, "ScaleFactor") <= high:
            raise refuse("WrongArgument", f"The scale factor must be between {low} and {high:g}.")
        self._controller.timing.set_scale(value)

    @property
    def SystemTime(self) -> DateTime:
        """The time of the controller's clock."""
        return DateTime(self._controller.timing.clock())

    @SystemTime.setter
    def SystemTime(self, value: DateTime) -> None:
        moment = require_type(value, DateTime, "SystemTime")._moment
        if not EARLIEST <= moment <= LATEST:
            raise refuse("WrongArgument", "The year of the clock must be between 1970 and 2200.")
        self._controller.timing.set_clock(moment)

    @property
    def OverwrittenMinimalCycleTime_ns(self) -> int:
        """Minimal cycle time in the modes with T, in nanoseconds of virtual time."""
        return self._controller.timing.minimal_cycle

    @OverwrittenMinimalCycleTime_ns.setter
    def OverwrittenMinimalCycleTime_ns(self, value: int) -> None:
        if not 0 <= require_type(value, int, "OverwrittenMinimalCycleTime_ns") <= LONGEST_CYCLE_NS:
            raise refuse("WrongArgument", f"The minimal cycle time must be between 0 and {LONGEST_CYCLE_NS} ns.")
        self._controller.timing.set_minimal_cycle(value)

    def RunToNextSyncPoint(self) -> None:
        """Leave Freeze and run to the next synchronization point; do not wait for it."""
        self._controller.require_on()
        self._controller.timing.run_to_next_sync_point()

    def RunNextCycle(self) -> None:
        """Run to the next synchronization point: the name in API version 1."""
        self._controller.require_on()
        self._controller.timing.run_to_next_sync_point()

    def StartProcessing(self, in_MinimalTimeToRun_ns: int) -> None:
        """Leave Freeze and run at least this virtual time, to the next synchronization point; do not wait for it."""
        if require_type(in_MinimalTimeToRun_ns, int, "in_MinimalTimeToRun_ns") < 0:
            raise refuse("WrongArgument", "The time to run must not be negative.")
        self._controller.require_on()
        self._controller.timing.start_processing(in_MinimalTimeToRun_ns)

    # -- areas and events -------------------------------------------------------------

    @property
    def InputArea(self) -> IIOArea:
        """The inputs, as modules would give them."""
        return IIOArea(self, "Input")

    @property
    def OutputArea(self) -> IIOArea:
        """The outputs."""
        return IIOArea(self, "Output")

    @property
    def MarkerArea(self) -> IIOArea:
        """The bit memory."""
        return IIOArea(self, "Marker")

    @property
    def IsAlwaysSendOnEndOfCycleEnabled(self) -> bool:
        """Whether OnEndOfCycle is raised in the mode Default too."""
        return self._controller.always_end_of_cycle

    @IsAlwaysSendOnEndOfCycleEnabled.setter
    def IsAlwaysSendOnEndOfCycleEnabled(self, value: bool) -> None:
        self._controller.always_end_of_cycle = require_type(value, bool, "IsAlwaysSendOnEndOfCycleEnabled")

    # -- of the stand-in only ---------------------------------------------------------

    def _load(self, program: Program, source: Workspace | None = None, **about: Any) -> None:
        """Load a program, as a download does. The real API has no such method.

        Args:
            program: The program that the CPU executes.
            source: Its source; without it the program cannot be archived.
            about: plc_name, plc_type, ip (address, mask, gateway as texts), keep_values.
        """
        self._controller.load(program, source, **about)


def _event(name: str, doc: str) -> property:
    def get(self: IInstance) -> Event:
        return self._controller.events[name]

    def put(self: IInstance, event: Event) -> None:
        if event is not self._controller.events[name]:
            msg = f"{name} is an event: use += and -=."
            raise TypeError(msg)

    return property(get, put, None, doc)


def _timeout(milliseconds: int) -> float:
    """Return the seconds of an unsigned number of milliseconds."""
    if require_type(milliseconds, int, "in_TimeOut_ms") < 0:
        raise unfitting("in_TimeOut_ms", milliseconds, "UInt32")
    return milliseconds / 1000


EVENTS = {
    "OnOperatingStateChanged": "(instance, error code, time, state before, state): the operating state has changed.",
    "OnLedChanged": "(instance, error code, time, lamp, its state).",
    "OnEndOfCycle": "(instance, error code, time, cycle time in ns, cycles since the last event).",
    "OnConfigurationChanging": "(instance, error code, time): a download begins.",
    "OnConfigurationChanged": "(instance, error code, time, what, four numbers): a download or setting has ended.",
}
for _name, _doc in EVENTS.items():
    setattr(IInstance, _name, _event(_name, _doc))
