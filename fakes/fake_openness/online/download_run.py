"""One download: compile, check the CPU, ask, stop, load, start, report.

The CPU is a virtual controller of PLCSIM Advanced. Facts: docs/facts/tia-operations.md#download. Unverified: that
hardware has to be loaded before or with the first program; which change brings which question (STOP for all blocks, for
changed hardware and for blocks with another number; reinitialisation for data blocks with another structure in RUN).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from fake_dotnet.system import DateTime
from fake_openness.compiler.compile_run import program_messages
from fake_openness.core.compile_messages import CompilerResultState
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.hardware import hardware_check
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.online import station_image
from fake_openness.online.connection import ConfigurationAddress, ConnectionConfiguration, IConfiguration, interfaces
from fake_openness.online.held_protection import is_write_protected, opens_writing
from fake_openness.online.legitimation import ask_password
from fake_openness.online.online import program_of_cpu
from fake_openness.online.prompts import BLOCKING, PROMPTS, DownloadConfiguration, DownloadPasswordConfiguration
from fake_openness.online.results import DownloadResult, DownloadResultState, Said, download_result
from fake_openness.online.station_image import StationImage
from fake_openness.program.families import SIMULATED_FAMILY
from fake_plcsim.controller import Controller
from fake_plcsim.errors import SimulationRuntimeException
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.loading import LoadProblem, LoadRefusedError, check_executable, refusing
from virtual_plc.cpu.states import State
from virtual_plc.memory.program import Program, ProgramError, program_of

Ask = Callable[[DownloadConfiguration], None]
SECONDS = 60.0
_QUESTIONS = {
    "StopModules": "The modules have to be stopped for the download.",
    "StartModules": "The modules were stopped for the download and can be started.",
    "AllBlocksDownload": "All blocks are loaded.",
    "ConsistentBlocksDownload": "The changed blocks are loaded, and those that depend on them.",
    "AlarmTextLibrariesDownload": "The texts of alarms and text lists can be loaded, too.",
    "OverwriteSystemData": "The hardware configuration in the CPU is another one and is overwritten.",
    "DifferentTargetConfiguration": "The CPU was loaded under another name: {0}.",
    "CheckBeforeDownload": "The CPU holds another configuration; check before it is replaced.",
    "ModuleWriteAccessPassword": "The CPU is protected: its password for full access is needed.",
    "DataBlockReinitialization": "The actual values of these data blocks are lost: {0}.",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a download.

    Attributes:
        controller: The CPU.
        old: The image of a project that the CPU has, None without one.
        image: The image that the CPU gets.
        program: The program that the CPU gets, if it is loaded.
        workspace: The program in the project.
        hardware: Whether the hardware is loaded.
        software: Whether the program is loaded.
        all_blocks: Whether all blocks are loaded, not only what changed.
        problems: Why the program cannot be loaded over the one that is there without stopping.
    """

    controller: Controller
    old: StationImage | None
    image: StationImage
    program: Program | None
    workspace: Workspace
    hardware: bool
    software: bool
    all_blocks: bool
    problems: tuple[LoadProblem, ...]

    @property
    def running(self) -> bool:
        """Whether the CPU executes its program."""
        return self.controller.cpu.state in (State.RUN, State.FREEZE, State.STARTUP)

    @property
    def restructured(self) -> list[str]:
        """The data blocks whose values are lost."""
        return [each.name for each in self.problems if each.code == "load.structure"]

    @property
    def needs_stop(self) -> bool:
        """Whether the CPU has to be stopped."""
        renumbered = any(each.code != "load.structure" for each in self.problems)
        return self.running and (self.hardware or (self.software and self.all_blocks) or renumbered)


class Download:
    """A download to one CPU."""

    def __init__(
        self,
        cpu: DeviceItem,
        way: IConfiguration | ConfigurationAddress,
        configuration: ConnectionConfiguration,
        before: Ask,
        after: Ask,
    ) -> None:
        """Load a CPU item's station over a way.

        Args:
            cpu: The CPU item.
            way: Where it leads.
            configuration: The connection, whose event asks for the legitimation.
            before: Answers the questions before anything is loaded.
            after: Answers the questions afterwards.
        """
        self._cpu, self._way, self._before, self._after = cpu, way, before, after
        self._configuration = configuration
        self._plc = program_of_cpu(cpu)
        self._said: list[Said] = []

    def run(self, *, hardware: bool, software: bool, only_changes: bool) -> DownloadResult:
        """Run the download.

        Raises:
            EngineeringTargetInvocationException: See DownloadProvider.Download.
        """
        compile_for_download(self._cpu, hardware=hardware, software=software)
        plan = self._plan(hardware=hardware, software=software, only_changes=only_changes)
        if not (plan.hardware or plan.software):
            self._say("Nothing was loaded: the CPU has this program already.", DownloadResultState.Information)
        stopped = self._ask(plan)
        if stopped:
            plan.controller.stop(SECONDS)
            self._say(f"'{self._plc._name}' was stopped.")
        self._load(plan)
        if stopped:
            self._start(plan)
        return download_result(self._plc._name, self._said, DateTime(self._plc._context.now()))

    def _say(self, text: str, state: DownloadResultState = DownloadResultState.Success) -> None:
        self._said.append((text, state))

    # -- before -----------------------------------------------------------------------

    def _plan(self, *, hardware: bool, software: bool, only_changes: bool) -> Plan:
        controller = self._reach()
        old = station_image.image_of(controller)
        if not hardware and not controller.card.plc_name:
            msg = "The CPU has no hardware configuration: load the hardware together with the program."
            raise EngineeringTargetInvocationException(msg, code="download.hardware_first")
        workspace = self._plc._view.index().workspace
        station, objects = station_image.hardware(self._cpu._device), station_image.objects(self._plc)
        program = executable(workspace) if software else None
        hardware = hardware and (old is None or old.hardware != station)
        software = software and (old is None or controller.card.program is None or old.objects != objects)
        held = old or StationImage({}, "", {}, ())
        image = StationImage(
            station if hardware else held.hardware,
            self._plc._name,
            *((station_image.files(self._plc), objects) if software else (held.files, held.objects)),
        )
        problems = controller.cpu.load_problems(program) if software and program is not None else []
        return Plan(controller, old, image, program, workspace, hardware, software, not only_changes, tuple(problems))

    def _reach(self) -> Controller:
        controller = self._way._controller()
        if controller is None:
            msg = f"'{self._plc._name}' does not answer: check the connection, the address, and that the CPU is on."
            raise EngineeringTargetInvocationException(msg, code="download.not_reachable")
        if self._plc._family.value != SIMULATED_FAMILY:
            msg = f"The CPU that answers is an {SIMULATED_FAMILY}; '{self._plc._name}' is an {self._plc._family.value}."
            raise EngineeringTargetInvocationException(msg, code="download.incompatible")
        return controller

    # -- questions --------------------------------------------------------------------

    def _ask(self, plan: Plan) -> bool:
        """Ask the questions; returns whether the CPU is to be stopped.

        Raises:
            EngineeringTargetInvocationException: A question that has to be consented to was not.
        """
        stop = False
        for name, about in self._questions(plan):
            question = PROMPTS[name](about)
            self._before(question)
            if name in BLOCKING and not question._consents:
                raise refuse_download(name, about)
            if isinstance(question, DownloadPasswordConfiguration):
                self._check(question, plan)
            stop = stop or name in ("StopModules", "DataBlockReinitialization")
        return stop

    @staticmethod
    def _check(question: DownloadPasswordConfiguration, plan: Plan) -> None:
        """Compare the password of a protected CPU with the one that was loaded with it.

        Raises:
            EngineeringTargetInvocationException: It is wrong.
        """
        needed = type(question).__name__ == "ModuleWriteAccessPassword" and is_write_protected(plan.controller)
        if needed and not opens_writing(plan.controller, question._password):
            msg = "The password for full access to the CPU is wrong."
            raise EngineeringTargetInvocationException(msg, code="download.password")

    def _is_allowed(self, controller: Controller) -> bool:
        """Return whether the CPU can be loaded without a further password."""
        if not is_write_protected(controller):
            return True
        return opens_writing(controller, ask_password(self._configuration, controller))

    def _questions(self, plan: Plan) -> Iterator[tuple[str, str]]:
        held = plan.controller.card.plc_name
        if (plan.hardware or plan.software) and not self._is_allowed(plan.controller):
            yield _question("ModuleWriteAccessPassword")
        if plan.hardware and held:
            if held.casefold() != self._plc._name.casefold():
                yield _question("DifferentTargetConfiguration", held)
            yield _question("CheckBeforeDownload")
            yield _question("OverwriteSystemData")
        if plan.software:
            yield _question("AllBlocksDownload" if plan.all_blocks else "ConsistentBlocksDownload")
            yield _question("AlarmTextLibrariesDownload")
        if plan.needs_stop:
            yield _question("StopModules")
        elif plan.running and plan.restructured:
            yield _question("DataBlockReinitialization", ", ".join(plan.restructured))
        for name in self._plc._context.machine.download_prompts:
            yield name, f"A test requested the question {name}."

    # -- loading ----------------------------------------------------------------------

    def _load(self, plan: Plan) -> None:
        about: dict[str, Any] = station_facts(self._cpu, self._way) if plan.hardware else {}
        controller = plan.controller
        if plan.software and plan.program is not None:
            try:
                controller.load(plan.program, plan.workspace, station=plan.image.to_files(), **about)
            except (ProgramError, LoadRefusedError) as error:
                raise not_executable(error) from error
            self._plc._view.keep()
            for each in _new_objects(plan):
                self._say(f"'{each}' was loaded.")
            for warning in controller.cpu.load_warnings:
                self._say(warning.message, DownloadResultState.Warning)
            for name in plan.restructured:
                self._say(f"'{name}' was initialized with its start values.", DownloadResultState.Warning)
        elif plan.hardware:
            controller.card.plc_name, controller.card.plc_type = about["plc_name"], about["plc_type"]
            controller.card.ip, controller.card.station = about["ip"], plan.image.to_files()
        if plan.hardware:
            controller.set_modules(station_image.modules(self._cpu._device))
            self._say("The hardware configuration was loaded.")

    def _start(self, plan: Plan) -> None:
        name, about = _question("StartModules")
        question = PROMPTS[name](about)
        self._after(question)
        if question._consents:
            with suppress(SimulationRuntimeException):  # its state names the failure
                plan.controller.run(SECONDS)
        if plan.running:
            self._say(f"'{self._plc._name}' was started.")
        else:
            self._say(f"'{self._plc._name}' is in STOP.", DownloadResultState.Warning)


def compile_for_download(cpu: DeviceItem, *, hardware: bool, software: bool) -> None:
    """Compile what is loaded.

    Raises:
        EngineeringTargetInvocationException: With an error; only a separate compilation names it.
    """
    if hardware:
        found = hardware_check.compile_hardware(cpu._device)
        _refuse_errors("hardware", any(state == "Error" for *_, state in found))
    if software:
        findings = program_messages(program_of_cpu(cpu))
        _refuse_errors("software", any(each.state is CompilerResultState.Error for each in findings))


def _refuse_errors(what: str, failed: bool) -> None:
    if failed:
        msg = f"An error occurred during the download: 'Compiling the {what} ended with an error.'"
        raise EngineeringTargetInvocationException(msg, code="download.compile")


def executable(workspace: Workspace) -> Program:
    """Return the executable program.

    Raises:
        EngineeringTargetInvocationException: The CPU cannot execute it; the details name each place.
    """
    try:
        with refusing():
            program = program_of(workspace)
            check_executable(program)
    except ProgramError as error:
        raise not_executable(error) from error
    return program


def not_executable(error: Exception) -> EngineeringTargetInvocationException:
    """Return the refusal of a program that the CPU does not take; the details name each reason."""
    first, *rest = str(error).splitlines()
    return EngineeringTargetInvocationException(first, *rest, code="download.not_executable")


def station_facts(cpu: DeviceItem, way: object = None) -> dict[str, Any]:
    """Return the station data in a CPU besides the files: name, type, and the address of the way's interface."""
    interface = getattr(way, "_interface", None) or interfaces(cpu)[0]
    node, article = interface._node._dynamic, cpu._article
    router = node["RouterAddress"] if node.get("UseRouter") else "0.0.0.0"  # noqa: S104 - "no gateway"
    return {
        "plc_name": cpu._name,
        "plc_type": article.type_name if article else "",
        "ip": (node["Address"], node["SubnetMask"], router),
    }


def refuse_download(name: str, about: str) -> EngineeringTargetInvocationException:
    """Return the refusal of a download because a question was not agreed to."""
    msg = f"The download was cancelled: {name} was not agreed to. {about}"
    return EngineeringTargetInvocationException(msg, code="download.prompt", place={"prompt": name})


def _question(name: str, *about: str) -> tuple[str, str]:
    return name, _QUESTIONS[name].format(*about)


def _new_objects(plan: Plan) -> list[str]:
    """Return the names of the loaded objects: all blocks, or the changed ones."""
    before = {(each.tree, each.name): each for each in plan.old.objects} if plan.old and not plan.all_blocks else {}
    return [each.name for each in plan.image.objects if before.get((each.tree, each.name)) != each]
