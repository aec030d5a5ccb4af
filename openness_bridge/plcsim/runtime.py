"""PLCSIM Advanced: its runtime manager, and one handle for each instance that is used.

The API keeps one interface for each instance and is not called twice at once: every use of an instance goes through its
`Handle`, which takes turns, finds it again after a replacement, and turns refusals into problems.
Facts: docs/facts/plcsim-advanced.md#instances.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, cast

import msgspec

from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.model import Model
from openness_bridge.plcsim.errors import error_code, is_refusal, not_found, translate_errors
from openness_bridge.plcsim.tag_list import TagList
from openness_bridge.values import enum, enum_name

T = TypeVar("T")
OperatingState = Annotated[
    Literal["InvalidOperatingState", "Off", "Booting", "Stop", "Startup", "Run", "Freeze", "ShuttingDown"],
    msgspec.Meta(title="OperatingState"),
]


class RegisteredInstance(msgspec.Struct, rename="camel", frozen=True):
    """A registered virtual controller.

    Attributes:
        addresses: Its IP addresses.
    """

    id: int
    name: str
    operating_state: OperatingState
    controller_name: str
    addresses: list[str]


class RuntimeStatus(msgspec.Struct, rename="camel", frozen=True):
    """The runtime manager.

    Attributes:
        api_available: Whether PLCSIM Advanced is installed here.
        message: Why it is not available, else empty.
        port: Open for other runtime managers, 0 for none.
        connected_instance: The instance that tag routes use.
    """

    api_available: bool
    runtime_manager_running: bool
    api_version: str
    message: str = ""
    port: int = 0
    network_mode: str | None = None
    registered_instances: list[RegisteredInstance] = []
    connected_instance: str | None = None


class Handle:
    """One instance, in use.

    Attributes:
        name: Its name, as it is registered.
        tags: Its tag list.
        running: Taken while virtual time is moved on demand.
        trace: Records values over time; it has an `end`.
    """

    def __init__(self, model: Model, instance: Any) -> None:
        """Hold an interface of the API."""
        self.model, self.name = model, str(instance.Name)
        self.tags = TagList()
        self.running = threading.Lock()
        self.trace: Any = None
        self._instance = instance
        self._turn = threading.RLock()

    @contextmanager
    def use(self) -> Iterator[Any]:
        """Take a turn with the interface.

        Raises:
            Problem: What the API refuses.
        """
        with self._turn, translate_errors(object=self.name):
            yield self._instance

    def current(self, call: Callable[[Any], T]) -> T:
        """Call the API; when it says that the instance is empty, once more with a new interface.

        An interface that is older than a download may not see the program (seen in programs of others).

        Raises:
            Problem: What the API refuses, the second time.
        """
        try:
            with self.use() as api:
                return call(api)
        except Problem as problem:
            if not is_refusal(problem, "IsEmpty"):
                raise
        with self.use():  # the old one is not disposed of: others may be reading it now
            self._instance = self.model.SimulationRuntimeManager.CreateInterface(self.name)
        with self.use() as api:
            return call(api)

    @contextmanager
    def look(self) -> Iterator[Any]:
        """Read a property that never waits, without taking a turn: switching on may take a minute.

        Raises:
            Problem: What the API refuses.
        """
        with translate_errors(object=self.name):
            yield self._instance

    @property
    def is_alive(self) -> bool:
        """Whether the instance is still registered."""
        try:
            return bool(self._instance.Name)
        except Exception as error:
            if error_code(error) is None:
                raise
            return False

    def state(self) -> OperatingState:
        """Return the state of the instance."""
        with self.look() as api:
            return cast("OperatingState", enum_name(api.OperatingState))

    def release(self) -> None:
        """Release the interface; the instance stays as it is."""
        with self._turn:
            self._instance.Dispose()


class Simulation:
    """PLCSIM Advanced of this computer; loaded when it is first used. Any thread may call.

    Attributes:
        connected: The instance of requests that name none.
    """

    def __init__(self, load: Callable[[], Model]) -> None:
        """Keep the function that loads the object model."""
        self._load = load
        self._model: Model | None = None
        self._handles: dict[str, Handle] = {}
        self._lock = threading.RLock()
        self.connected: str | None = None

    @property
    def model(self) -> Model:
        """The object model.

        Raises:
            Problem: PLCSIM Advanced is not available.
        """
        with self._lock:
            if self._model is None:
                with translate_errors():
                    self._model = self._load()
            return self._model

    @property
    def manager(self) -> Any:
        """The runtime manager."""
        return self.model.SimulationRuntimeManager

    # -- the runtime manager ----------------------------------------------------------

    def status(self) -> RuntimeStatus:
        """Return the runtime manager and its instances, or that PLCSIM Advanced is not installed."""
        try:
            manager, version = self.manager, self.model.version
        except Problem as problem:
            if problem.kind not in (Kind.UNSUPPORTED, Kind.UNAVAILABLE):
                raise
            return RuntimeStatus(problem.kind is Kind.UNAVAILABLE, False, "", problem.message)
        with translate_errors():
            running = bool(manager.IsRuntimeManagerAvailable)
            port = int(manager.Port)
        mode = self.network_mode()
        return RuntimeStatus(True, running, version, "", port, mode, self.instances(), self.connected)

    def start(self) -> RuntimeStatus:
        """Start the runtime manager: its first use does.

        Raises:
            Problem: It is not installed or cannot be started.
        """
        with translate_errors():
            if not (self.manager.IsInitialized and self.manager.IsRuntimeManagerAvailable):
                msg = "The runtime manager does not run: start PLCSIM Advanced in an interactive session."
                raise Problem("plcsim.not_running", msg, kind=Kind.UNAVAILABLE)
        return self.status()

    def network_mode(self) -> str | None:
        """Return how all instances are reached; None before API version 6."""
        with translate_errors():
            mode = getattr(self.manager, "NetworkMode", None)
        return None if mode is None else enum_name(mode)

    def set_network_mode(self, mode: str) -> None:
        """Change the network mode; only while no instance runs.

        Raises:
            Problem: This version has none, the mode is not known, or an instance runs.
        """
        if self.network_mode() is None:
            msg = f"PLCSIM Advanced {self.model.version} has no network mode: set the interface of each instance."
            raise Problem("plcsim.version", msg, kind=Kind.UNSUPPORTED)
        chosen = member(self.model, "ENetworkMode", mode)
        with translate_errors():
            self.manager.NetworkMode = chosen

    def set_port(self, port: int) -> int:
        """Open a port for other runtime managers, or with 0 close it; returns the port that is open."""
        with self._lock, translate_errors():
            if int(self.manager.Port):
                self.manager.ClosePort()
            if port:
                self.manager.OpenPort(port)
            return int(self.manager.Port)

    # -- instances --------------------------------------------------------------------

    def instances(self) -> list[RegisteredInstance]:
        """Return all registered instances."""
        with translate_errors():
            names = [str(info.Name) for info in self.manager.RegisteredInstanceInfo]
        return [describe(self.handle(name)) for name in names]

    def handle(self, name: str | None = None) -> Handle:
        """Return the handle of an instance; without a name of the connected one.

        Raises:
            Problem: None is connected, or the instance is not registered.
        """
        wanted = name or self.connected
        if wanted is None:
            msg = "No instance is connected: name one, or connect with POST /api/simulation/connect."
            raise Problem("plcsim.not_connected", msg, kind=Kind.CONFLICT)
        known = self._handles.get(wanted.casefold())
        if known is not None and known.is_alive:
            return known
        with self._lock:
            again = self._handles.get(wanted.casefold())
            return again if again is not None and again is not known else self._keep(self._connect(wanted))

    def _connect(self, name: str) -> Any:
        with translate_errors(object=name):
            infos = list(self.manager.RegisteredInstanceInfo)
            found = next((str(info.Name) for info in infos if str(info.Name).casefold() == name.casefold()), None)
            if found is None:
                names = ", ".join(str(info.Name) for info in infos) or "none"
                raise not_found("instance", name, f"Registered: {names}.")
            return self.manager.CreateInterface(found)

    def _keep(self, instance: Any) -> Handle:
        handle = Handle(self.model, instance)
        self._handles[handle.name.casefold()] = handle
        return handle

    def register(self, name: str | None, cpu_type: str | None, library: str | None = None) -> Handle:
        """Register an instance.

        Args:
            name: Its name; the runtime manager chooses one without it.
            cpu_type: Member of ECPUType, such as CPU1511.
            library: DLL of a custom virtual controller.

        Raises:
            Problem: The name is used or not allowed, or there are 16 already.
        """
        arguments: list[Any] = []
        if library is None and cpu_type is not None:
            arguments.append(member(self.model, "ECPUType", cpu_type))
        if name is not None:
            arguments.append(name)
        with self._lock, translate_errors(object=name):
            if library is not None:
                return self._keep(self.manager.RegisterCustomInstance(library, *arguments))
            return self._keep(self.manager.RegisterInstance(*arguments))

    def unregister(self, name: str, *, delete_storage: bool = False) -> RegisteredInstance:
        """Switch an instance off and forget it.

        Args:
            name: The instance.
            delete_storage: Delete its virtual memory card as well.
        """
        handle = self.handle(name)
        about = describe(handle)
        with handle.use() as api:
            storage = Path(str(api.StoragePath))
            if enum_name(api.OperatingState) != "Off":
                api.PowerOff(STATE_TIMEOUT_MS)
            api.UnregisterInstance()
        with self._lock:
            self._handles.pop(handle.name.casefold(), None)
            if self.connected is not None and self.connected.casefold() == handle.name.casefold():
                self.connected = None
        if delete_storage:
            _delete_card(storage)
        return about

    def close(self) -> None:
        """End the use of PLCSIM Advanced. Instances that this process registered end with it."""
        with self._lock:
            handles, self._handles = list(self._handles.values()), {}
            model, self._model = self._model, None
        for handle in handles:
            if handle.trace is not None:
                handle.trace.end()
            if handle.is_alive:
                handle.release()
        if model is not None:
            with translate_errors():
                model.SimulationRuntimeManager.Shutdown()


STATE_TIMEOUT_MS = 60_000
CARD_FOLDER = "SIMATIC_MC"


def describe(handle: Handle) -> RegisteredInstance:
    """Return the entry of an instance in the list."""
    with handle.look() as api:
        state = cast("OperatingState", enum_name(api.OperatingState))
        addresses = [str(each) for each in api.ControllerIP] if state != "Off" else []
        return RegisteredInstance(int(api.ID), handle.name, state, str(api.ControllerName or ""), addresses)


def member(model: Model, type_name: str, text: str) -> Any:
    """Return a member of an enum by its name, without regard to case.

    Raises:
        Problem: There is none; the message names all.
    """
    names = sorted(str(name) for name in model.Enum.GetNames(getattr(model, type_name)))
    found = next((name for name in names if name.casefold() == text.strip().casefold()), None)
    if found is None:
        listed = ", ".join(names)
        raise Problem(
            "plcsim.argument", f"'{text}' is not one of: {listed}.", kind=Kind.REFUSED, place=Place(object=text)
        )
    return enum(model, type_name, found)


def _delete_card(storage: Path) -> None:
    """Delete the card's folder; nothing next to it."""
    card = storage / CARD_FOLDER
    if card.is_dir() and not card.is_symlink():
        shutil.rmtree(card)
