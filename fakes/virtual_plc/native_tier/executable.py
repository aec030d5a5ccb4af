"""A program as native code, ready to run.

Inputs, outputs and markers are those of the CPU itself; data blocks are copied to native memory before a run and back
behind it. While a run is in progress its data are in native memory only: an OB that a fault calls works on them there.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from ctypes import CFUNCTYPE, POINTER, c_int32, c_int64, c_uint8, c_void_p
from typing import Any

from simatic_xml.program import typed_blocks
from simatic_xml.program.types.types import VOID, DataType, Variable
from virtual_plc import faults
from virtual_plc.code.naming import attribute
from virtual_plc.cpu.execution import Coverage
from virtual_plc.cpu.services import Services
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.path_values import fill
from virtual_plc.memory.program import Program
from virtual_plc.memory.shapes import Data, copy_into, is_plain, plain
from virtual_plc.memory.storage import new
from virtual_plc.memory.views import ArrayView
from virtual_plc.native_tier.block_text import PARAMETERS, Gap
from virtual_plc.native_tier.calls import function_name, is_open, parameters
from virtual_plc.native_tier.compiling import library
from virtual_plc.native_tier.lending import Lent, data_at
from virtual_plc.native_tier.program_text import ProgramText, frame_name
from virtual_plc.native_tier.synchronising import Copy

RESULT = "Ret_Val"
_AREAS = ("inputs", "outputs", "markers", "peripheral_inputs", "peripheral_outputs")
_Ended = CFUNCTYPE(c_int32)
_Failed = CFUNCTYPE(c_int32, c_int32, c_int64, c_int64, c_int64)

_OUTSIDE = "The index {index} is outside of {low}..{high}."
_FAULTS = {
    Gap.READ: (faults.IndexReadFault, _OUTSIDE),
    Gap.WRITTEN: (faults.IndexWriteFault, _OUTSIDE),
    Gap.REFERENCE: (faults.ReferenceFault, "A parameter refers to nothing."),
}


class _Cpu(ctypes.Structure):
    """`struct cpu` of the C text."""

    _fields_ = [
        *((name, POINTER(c_uint8)) for name in _AREAS),
        ("data", c_void_p),
        ("now", c_int64),
        ("budget", c_int64),
        ("depth", c_int32),
        ("most_depth", c_int32),
        ("look", _Ended),
        ("too_deep", _Ended),
        ("fault", _Failed),
        ("escape", c_void_p),
    ]


def compile_native(program: Program, memory: Memory, services: Services) -> NativeExecutable:
    """Return a program as native code.

    Args:
        program: the typed program.
        memory: the memory that it works on.
        services: the CPU.

    Raises:
        ProgramError: native code does not support a part of it; the text names each such block.
        CompilerError: there is no C compiler.
    """
    return NativeExecutable(ProgramText(program, memory), memory, services)


class NativeExecutable:
    """A compiled program.

    Attributes:
        coverage: None; native code counts nothing.
        source: the C text.
    """

    coverage: Coverage | None = None

    def __init__(self, text: ProgramText, memory: Memory, services: Services) -> None:
        """Compile the text and allocate native memory."""
        self.source = text.text
        self._text, self._services = text, services
        self._program, self._memory = text.context.program, memory
        self._library = library(text.text)
        self._data = bytearray(text.size)
        self._error: BaseException | None = None
        self._running = False
        self._before = b""
        text.context.synchronising.follow = self._follow
        self._copies = self._copies_of_data()
        self._cpu = self._make_cpu()
        self._entries: dict[str, Any] = {}

    def run(self, block: str, inputs: Mapping[str, Any] | None = None) -> None:
        """Execute an OB once; see `execution.Executable`."""
        self.run_scans(block, 1, inputs=inputs)

    def run_scans(self, block: str, count: int, *, period: int = 0, inputs: Mapping[str, Any] | None = None) -> None:
        """Execute an OB several times without going back to Python; the process image stays as the program leaves it.

        Args:
            block: name of the OB.
            count: how often.
            period: nanoseconds of virtual time from one scan to the next; `Services.now` is that of the last one then.
            inputs: start information by name of the OB's input.

        Raises:
            Fault: the program failed.
        """
        found = self._program.blocks[block.casefold()]
        if not inputs or not parameters(found):
            self._execute(found, lambda: self._frame_buffer(found, None), count, period)
            return
        frame = self._new_frame(found)
        for variable in parameters(found):
            if variable.name in inputs:
                setattr(frame, attribute(frame_name(variable)), inputs[variable.name])
        self._execute(found, lambda: self._frame_buffer(found, frame), count, period)

    def call(self, block: str, arguments: Mapping[str, Any], instance: Any = None) -> dict[str, Any]:
        """Execute an FC or FB once; see `execution.Executable`.

        Values with parts are given as storage objects or as dictionaries and lists, and come back as the latter.
        """
        found = self._program.blocks[block.casefold()]
        if is_open(found):
            message = f"'{found.name}' has a parameter that is an array of open length, so only the program can call it in native code."
            raise ValueError(message)
        given = {name.casefold(): value for name, value in arguments.items()}
        if found.kind == "FB":
            return self._call_instance(found, given, instance)
        frame = self._new_frame(found)
        for variable in parameters(found):
            if variable.name.casefold() in given and variable.section != "Return":
                _put(frame, frame_name(variable), variable, given[variable.name.casefold()])
        buffer = self._frame_buffer(found, frame)
        try:
            self._execute(found, lambda: buffer)
        finally:
            self._pair(self._text.frames[block.casefold()])[1](frame, buffer, 0)
            _hand_back(found, frame, given)
        values = {each.name: plain(getattr(frame, attribute(frame_name(each)))) for each in parameters(found)}
        results = {each.name: values[each.name] for each in parameters(found) if each.section in ("Output", "InOut")}
        result = [getattr(frame, attribute(frame_name(each))) for each in parameters(found) if each.section == "Return"]
        return results | ({RESULT: plain(result[0])} if result else {})

    def _call_instance(self, block: typed_blocks.Block, given: dict[str, Any], instance: Any) -> dict[str, Any]:
        held = [each for each in block.variables if each.section in PARAMETERS and each.type != VOID]
        for variable in held:
            if variable.name.casefold() in given:
                _put(instance, variable.name, variable, given[variable.name.casefold()])
        lent = Lent(self._text, self._memory, self._data)
        try:
            self._execute(block, lambda: lent.instance(instance, self._program.instances[block.name.casefold()]))
        finally:
            lent.give_back()
        return {each.name: plain(getattr(instance, attribute(each.name))) for each in held if each.section != "Input"}

    # Running ----------------------------------------------------------------------------------------------------------

    def _execute(self, block: typed_blocks.Block, given: Callable[[], Any], count: int = 1, period: int = 0) -> None:
        """Run a block; inside of another run, on its data.

        Args:
            block: the block.
            given: returns what the block is passed by address, when native memory is up to date.
            count: how often.
            period: nanoseconds from one time to the next.
        """
        cpu, services, outermost = self._cpu, self._services, not self._running
        if outermost:
            self._copy_in()
        cpu.now, cpu.budget = services.now, services.budget
        depth = cpu.depth = services.depth
        cpu.most_depth = services.most_depth
        self._running = True
        try:
            ended = self._entry(block)(ctypes.byref(cpu), given(), count, period)
        finally:
            services.depth, services.budget = depth, cpu.budget
            self._running = not outermost
            if outermost:
                services.now = max(cpu.now, services.now)
                self._copy_out()
        if ended:
            error, self._error = self._error, None
            assert error is not None  # noqa: S101 (the code that ends a run says why)
            raise error

    def _entry(self, block: typed_blocks.Block) -> Any:
        name = function_name(block).text
        if name not in self._entries:
            found = self._library[f"run_{name}"]
            found.argtypes, found.restype = (c_void_p, c_void_p, c_int64, c_int64), c_int32
            self._entries[name] = found
        return self._entries[name]

    def _copy_in(self) -> None:
        for data, (copy_in, _), offset, _ in self._copies:
            copy_in(data, self._data, offset)
        self._before = bytes(self._data)

    def _copy_out(self) -> None:
        """Copy the data blocks back that the run has changed."""
        for data, (_, copy_out), offset, end in self._copies:
            if self._data[offset:end] != self._before[offset:end]:
                copy_out(data, self._data, offset)

    def _copies_of_data(self) -> list[tuple[Any, tuple[Copy, Copy], int, int]]:
        context, found = self._text.context, []
        for key, offset in self._text.offsets.items():
            form = context.data[key][1]
            pair = context.synchronising.pair(form, self._program.data_blocks[key].type)
            found.append((self._memory.data_blocks[key], pair, offset, offset + form.size))
        return found

    def _make_cpu(self) -> _Cpu:
        areas = {name: getattr(self._memory, name) for name in _AREAS}
        pointers = {
            name: ctypes.cast((c_uint8 * len(area)).from_buffer(area), POINTER(c_uint8)) for name, area in areas.items()
        }
        data = ctypes.addressof(c_uint8.from_buffer(self._data))
        return _Cpu(
            **pointers,
            data=data,
            look=_Ended(self._look),
            too_deep=_Ended(self._raise_stack_fault),
            fault=_Failed(self._fault),
        )

    # What the program calls -------------------------------------------------------------------------------------------

    def _look(self) -> int:
        return self._ask(self._services.overrun)

    def _raise_stack_fault(self) -> int:
        return self._ask(self._services.raise_stack_fault)

    def _fault(self, number: int, index: int, low: int, high: int) -> int:
        site = self._text.context.sites[number]
        kind, message = _FAULTS[site.gap]
        fault = kind(message.format(index=index, low=low, high=high), site.place)
        return self._ask(lambda: self._services.fault(fault))

    def _ask(self, ask: Any) -> int:
        """Ask the CPU, which may run another OB; return whether the run has to end."""
        cpu, services = self._cpu, self._services
        services.budget, services.depth = cpu.budget, cpu.depth
        try:
            ask()
        except BaseException as error:  # noqa: BLE001 (C cannot carry it; the run raises it)
            self._error = error
            return 1
        cpu.budget, cpu.depth = services.budget, services.depth
        return 0

    def _follow(self, address: int, data_type: DataType, held: Any) -> Any:
        """Return the data at an address, for what an in/out points to when a run has ended."""
        if not address:
            return held
        found = data_at(self._text, self._memory, address - self._cpu.data, data_type)
        return found if found is not None else held if held is not None else new(data_type)

    # Parameters -------------------------------------------------------------------------------------------------------

    def _pair(self, structure: Any) -> tuple[Copy, Copy]:
        context = self._text.context
        form = context.forms.of(structure)
        assert form is not None  # noqa: S101 (every structure has one)
        return context.synchronising.pair(form, structure)

    def _new_frame(self, block: typed_blocks.Block) -> Any:
        return new(self._text.frames[block.name.casefold()])

    def _frame_buffer(self, block: typed_blocks.Block, frame: Any) -> Any:
        """Return the bytes of parameters; of default ones where there is no frame."""
        if not parameters(block):
            return None
        structure = self._text.frames[block.name.casefold()]
        buffer = (c_uint8 * self._text.context.forms.record(structure).size)()
        self._pair(structure)[0](new(structure) if frame is None else frame, buffer, 0)
        return buffer


def _put(holder: Any, name: str, variable: Variable, value: Any) -> None:
    """Give a parameter its value; one with parts is copied."""
    if is_plain(variable.type) or getattr(holder, attribute(name)) is None:
        setattr(holder, attribute(name), _as_data(variable, value))
    elif isinstance(value, Data | ArrayView):
        copy_into(getattr(holder, attribute(name)), value)
    else:
        fill(getattr(holder, attribute(name)), variable.type, value, variable.name)


def _as_data(variable: Variable, value: Any) -> Any:
    """Return a value as it is passed by reference: an object as itself, plain data in a new one."""
    if is_plain(variable.type) or isinstance(value, Data | ArrayView):
        return value
    made = new(variable.type)
    fill(made, variable.type, value, variable.name)
    return made


def _hand_back(block: typed_blocks.Block, frame: Any, given: Mapping[str, Any]) -> None:
    """Copy data passed as itself back into the caller's data."""
    for variable in parameters(block):
        value = given.get(variable.name.casefold())
        if variable.section in PARAMETERS and isinstance(value, Data | ArrayView):
            copy_into(value, getattr(frame, attribute(frame_name(variable))))
