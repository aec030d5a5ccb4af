"""Executing a program by walking it: OBs, and single blocks for tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks, walking
from simatic_xml.program.failures import place_of
from simatic_xml.program.types.types import Array, Special, Variable
from tests.oracle.tree_walker import graph, operands
from tests.oracle.tree_walker.activation import PARAMETERS, Activation, activation
from tests.oracle.tree_walker.calls import result_of
from tests.oracle.tree_walker.checking import check
from tests.oracle.tree_walker.leaving import Return
from tests.oracle.tree_walker.places import put
from tests.oracle.tree_walker.statements import run, spend
from virtual_plc.code.naming import attribute
from virtual_plc.cpu.execution import Coverage
from virtual_plc.cpu.services import Services
from virtual_plc.faults import CpuStop, as_fault
from virtual_plc.instructions import Binding
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.path_values import fill
from virtual_plc.memory.program import Program
from virtual_plc.memory.shapes import Data, is_plain, plain
from virtual_plc.memory.starting_values import default
from virtual_plc.memory.storage import new
from virtual_plc.memory.views import ArrayView

_OWN_ERRORS = ("GET_ERROR", "GET_ERR_ID")
RESULT = "Ret_Val"


class Interpreter:
    """A program that is executed by walking it; see `execution.Executable`.

    Attributes:
        program: the program.
        memory: the memory that it works on.
        services: the CPU.
        coverage: None; the reference counts nothing.
        bound: instructions by their call in the program.
    """

    def __init__(self, program: Program, memory: Memory, services: Services) -> None:
        """Keep program, memory and CPU.

        Raises:
            ProgramError: something in the program cannot be executed.
        """
        self.program = program
        self.memory = memory
        self.services = services
        self.coverage: Coverage | None = None
        self.bound: dict[int, Binding] = {}
        check(program)
        self._handles: dict[int, bool] = {}

    def run(self, block: str, inputs: Mapping[str, Any] | None = None) -> None:
        """Execute an OB once; see `execution.Executable`."""
        started = activation(self, self.program.blocks[block.casefold()])
        for variable in started.block.variables:
            if variable.section == "Input" and inputs and variable.name in inputs:
                operands.of_variable(started, variable).set(inputs[variable.name])
        with _faults(), self._apart():
            self.execute(started)

    def call(self, block: str, arguments: Mapping[str, Any], instance: Any = None) -> dict[str, Any]:
        """Execute an FC or FB once; see `execution.Executable`.

        Values with parts are given as storage objects or as dictionaries and lists, and come back as the latter; ENO of
        the block is among the outputs.
        """
        called = activation(self, self.program.blocks[block.casefold()], instance)
        given = {name.casefold(): value for name, value in arguments.items()}
        parameters = [each for each in called.block.variables if each.section in PARAMETERS]
        for variable in parameters:
            self._supply(called, variable, given)
        with _faults(), self._apart():
            self.execute(called)
        results = {
            each.name: plain(operands.of_variable(called, each).get())
            for each in parameters
            if each.section != "Input" and not isinstance(each.type, Special)
        }
        result = result_of(called)
        return results | ({} if result is None else {RESULT: plain(result)}) | {"ENO": called.eno}

    def _supply(self, called: Activation, variable: Variable, given: Mapping[str, Any]) -> None:
        """Give a parameter its value; without one an instance keeps its own, anything else has its default."""
        missing = variable.name.casefold() not in given
        value = given.get(variable.name.casefold())
        place = operands.of_variable(called, variable)
        if is_plain(variable.type):
            if not missing or called.block.kind != "FB":
                put(place, default(variable.type) if missing else value)
            return
        if place.get() is None:
            holder = called.instance if called.block.kind == "FB" else called.frame
            setattr(holder, attribute(variable.name), _with_parts(called, variable, value))
        elif not missing:
            fill(place.get(), variable.type, plain(value), variable.name)

    def execute(self, started: Activation) -> None:
        """Execute a block whose parameters are in place.

        Raises:
            Fault: the program failed.
        """
        spend(started)
        with self._nested(), self._faults_of(started.block):
            try:
                _body(started)
            except Return:
                return

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """Begin without calls, and restore those of an OB that was interrupted."""
        before, self.services.sites = self.services.sites, []
        try:
            yield
        finally:
            self.services.sites = before

    @contextmanager
    def _nested(self) -> Iterator[None]:
        services = self.services
        services.depth += 1
        try:
            if services.depth > services.most_depth:
                services.raise_stack_fault()
            yield
        finally:
            services.depth -= 1

    @contextmanager
    def _faults_of(self, block: typed_blocks.Block) -> Iterator[None]:
        """Let a block that asks for its faults keep them while it runs."""
        services = self.services
        before = services.local, services.error
        services.local = self._handles_faults(block)
        if services.local:
            services.error = None
        try:
            yield
        finally:
            kept = services.error
            services.local = before[0]
            services.error = before[1] if self._handles_faults(block) else kept

    def _handles_faults(self, block: typed_blocks.Block) -> bool:
        """Tell whether a block asks for its faults."""
        if id(block) not in self._handles:
            found = (
                each
                for statement in walking.block_statements(block)
                for operand in walking.operands(statement)
                for each in walking.expressions(operand)
            )
            asks = any(isinstance(each, n.InstructionCall) and each.name in _OWN_ERRORS for each in found)
            self._handles[id(block)] = asks
        return self._handles[id(block)]


@contextmanager
def _faults() -> Iterator[None]:
    """Let what ends a block be a fault with its place, whatever was raised."""
    try:
        yield
    except CpuStop:
        raise
    except Exception as error:
        fault = as_fault(error, place_of(error))
        if fault is error:
            raise
        raise fault from error


def _body(started: Activation) -> None:
    if started.block.graph is not None:
        graph.call(started, started.block.graph)
    run(started, [each for network in started.block.networks for each in network.body])


def _with_parts(called: Activation, variable: Variable, value: Any) -> Any:
    """Return what is handed over for a parameter with parts: an object as itself, plain data in a new one."""
    data_type = variable.type
    if isinstance(data_type, Array) and None in data_type.bounds:
        data_type = Array(data_type.element, ((0, len(value or ()) - 1),))
        called.arrays[variable.name.casefold()] = data_type
    if isinstance(value, Data | ArrayView):
        return value
    made = new(data_type)
    if value is not None:
        fill(made, data_type, value, variable.name)
    return made


def interpret_program(program: Program, memory: Memory, services: Services) -> Interpreter:
    """Return a program as the reference executes it.

    Args:
        program: typed blocks without errors.
        memory: the memory that it works on.
        services: the CPU.
    """
    return Interpreter(program, memory, services)
