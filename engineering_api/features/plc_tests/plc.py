"""The PLC as tests in Python see it: values by name, virtual time, states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engineering_api.features.plc_tests.alarms.readings import AlarmNow
from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.files import durations
from engineering_api.features.plc_tests.files.model import Action
from engineering_api.features.plc_tests.surroundings.io_model import Fault
from openness_bridge.plcsim.simulated_io import ChannelFault


class Plc:
    """A PLC under test.

        plc["Start"] = True
        plc.wait("2s")
        assert plc["Running"]

    Names are those of the tag list, with or without quotes: `Data.motor.speed`, `"My data".list[3]`; of a block that is
    tested alone also its parameters. Values have the Python type that fits: bool, int, float, str of one character; arrays
    are lists, structures dictionaries; durations, dates and times are counts of their unit, and may be given as text (`T#2s`).
    """

    def __init__(self, controller: Controller) -> None:
        """Use a controller that has just been restarted."""
        self._controller = controller
        self._begin = controller.now

    def __getitem__(self, name: str) -> Any:
        """Return the value of a name; see `read`."""
        return self.read(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self.write({name: value})

    def read(self, name: str) -> Any:
        """Return the value of a name.

        Raises:
            Problem: there is no such name, or it is a text, which PLCSIM Advanced does not read.
        """
        return self._controller.read(name)

    def write(self, values: Mapping[str, Any]) -> None:
        """Write values of the same moment: all, or none.

        Raises:
            Problem: with a detail for each that cannot be written.
        """
        self._controller.write(values)

    def alarm(self, name: str) -> AlarmNow | None:
        """Return an alarm; None where it was not raised since the test began.

        Raises:
            Problem: there is no such alarm, or the PLC is a real PLCSIM Advanced.
        """
        return self._controller.alarms.now().get(self._controller.alarms.path(name))

    def acknowledge(self, *names: str) -> None:
        """Acknowledge alarms.

        Raises:
            Problem: one of them does not wait for it.
        """
        self._controller.alarms.acknowledge(names)

    def force(self, values: Mapping[str, Any]) -> None:
        """Force inputs and outputs by tag or address, until `unforce`: all, or none.

        Raises:
            Problem: there is no such input or output, or the PLC is not a simulated one.
        """
        self._controller.io.force(values)

    def unforce(self, *names: str) -> None:
        """Stop forcing inputs and outputs, without names all."""
        self._controller.io.unforce(names or None)

    def fail(self, module: str | int, channel: int | None = None, error: ChannelFault | None = None) -> None:
        """Let a module, a station or a channel fail; the OB for it runs.

        Raises:
            Problem: there is no such module or channel, or it has failed already.
        """
        self._controller.io.fail(Fault(module=module, channel=channel, error=error))

    def return_(self, module: str | int, channel: int | None = None) -> None:
        """End the fault of a module, a station or a channel; raises as `fail`."""
        self._controller.io.return_(Fault(module=module, channel=channel))

    def add_model(self, name: str, model: Any, bind: Mapping[str, str], **values: Any) -> None:
        """Add a plant model, which runs between the cycles in virtual time.

        Args:
            name: its name.
            model: `Drive`, `Tank`, `Valve`, or an object with `inputs`, `outputs` and `step(dt)`.
            bind: names of the PLC by the names of its inputs and outputs.
            **values: its parameters.

        Raises:
            Problem: there is no such model, input, output, parameter or name.
        """
        self._controller.io.add_model(name, model, bind, values, self._controller.full_name)

    def change_model(self, name: str, **values: Any) -> None:
        """Set attributes of a plant model, such as a jam; raises as `add_model`."""
        self._controller.io.change_model(name, values)

    @property
    def now(self) -> float:
        """Virtual seconds since the test began."""
        return (self._controller.now - self._begin) / durations.SECOND

    @property
    def cycle(self) -> float:
        """Virtual seconds from one cycle to the next; may be set."""
        return self._controller.cycle / durations.SECOND

    @cycle.setter
    def cycle(self, seconds: float) -> None:
        self._controller.cycle = round(seconds * durations.SECOND)

    @property
    def state(self) -> str:
        """`run` or `stop`."""
        return "run" if self._controller.is_running else "stop"

    def run(self, cycles: int = 1) -> None:
        """Let cycles pass.

        Raises:
            Problem: the CPU is in STOP or goes there; the message says why, where that is known.
        """
        self._controller.run(cycles)

    def wait(self, duration: str | float) -> None:
        """Let virtual time pass, in whole cycles; `2s`, `500ms`, or milliseconds as a number. Raises as `run`."""
        self._controller.wait(durations.nanoseconds(duration))

    def until(self, condition: Callable[[], Any], within: str | float) -> float:
        """Let cycles pass until a condition holds at the end of one.

        Returns:
            Virtual seconds that it took.

        Raises:
            AssertionError: it did not hold within this time.
            Problem: as `run`.
        """
        begin, met = self._controller.now, False

        def goes_on() -> bool:
            nonlocal met
            met = bool(condition())
            return not met

        if condition():
            return 0.0
        self._controller.run(-(-durations.nanoseconds(within) // self._controller.cycle), goes_on)
        if not met:
            raise AssertionError(f"The condition did not hold within {durations.text(durations.nanoseconds(within))}.")
        return (self._controller.now - begin) / durations.SECOND

    def start(self) -> None:
        """Go from STOP to RUN."""
        self._controller.do(Action.RUN)

    def stop(self) -> None:
        """Go to STOP."""
        self._controller.do(Action.STOP)

    def power_cycle(self) -> None:
        """Switch off and on; only retentive data keep their values."""
        self._controller.do(Action.POWER_CYCLE)

    def restart(self) -> None:
        """Begin again: start values everywhere, in RUN before the first cycle."""
        self._controller.restart(self._controller.cycle)
        self._begin = self._controller.now
