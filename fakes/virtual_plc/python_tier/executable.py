"""A program as Python functions, ready to run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simatic_xml.program.types.types import Array, Variable
from virtual_plc.code.naming import attribute
from virtual_plc.cpu.execution import Coverage
from virtual_plc.cpu.services import Services
from virtual_plc.faults import CpuStop, as_fault
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.path_values import fill
from virtual_plc.memory.program import Program
from virtual_plc.memory.shapes import Data, is_opaque, is_plain, plain
from virtual_plc.memory.storage import new
from virtual_plc.memory.views import ArrayView
from virtual_plc.python_tier import runtime
from virtual_plc.python_tier.context import Context
from virtual_plc.python_tier.places import Places
from virtual_plc.python_tier.sharing.linking import Linked
from virtual_plc.python_tier.sharing.writing import Writing
from virtual_plc.python_tier.signatures import Signature
from virtual_plc.python_tier.stl.addresses import Addressing, Registers

RESULT = "Ret_Val"
_Start = tuple[Signature, tuple[tuple[str, Variable, Any], ...]]
"""How an OB is called: its parameters with their casefolded names, and the default of those whose values never change."""


def compile_program(
    program: Program, memory: Memory, services: Services, *, coverage: bool = False
) -> PythonExecutable:
    """Return a program as Python functions.

    Args:
        program: the typed program.
        memory: the memory that it works on; its objects are bound into the functions.
        services: the CPU.
        coverage: whether statements and branches are counted.

    Raises:
        ProgramError: it has parts that this tier cannot execute; the text names each.
    """
    places = Places()
    helpers = runtime.for_cpu(services, places.locate) | {"Registers": Registers}
    helpers["addressing"] = Addressing(memory, services, places.locate)
    writing = Writing(program, memory, services, helpers=helpers, coverage=coverage)
    linked = writing.linked()
    functions = {each.unit.function.name.text: each.function for each in linked.values()}
    for each in linked.values():
        each.connect(functions)
    places.add(each.unit.function for each in linked.values())
    return PythonExecutable(writing.context, program, linked, places, writing.written)


class PythonExecutable:
    """A compiled program.

    Attributes:
        written: names of the blocks whose code was written for it; the others share code that was written before.
    """

    def __init__(
        self,
        context: Context,
        program: Program,
        linked: Mapping[str, Linked],
        places: Places,
        written: Sequence[str],
    ) -> None:
        """Keep the linked blocks."""
        self.written = written
        self._signatures, self._services = context.signatures, context.services
        self._counts = context.coverage
        self._program = program
        self._linked = linked
        self._functions = {each.unit.function.name.text: each.function for each in linked.values()}
        self._places = places
        self._starts: dict[str, _Start] = {}

    def source(self, block: str) -> str:
        """Return the Python text of a block.

        Raises:
            KeyError: there is no such block.
        """
        return self._linked[block.casefold()].unit.function.source

    @property
    def coverage(self) -> Coverage | None:
        """How often each place ran so far; None where nothing is counted."""
        if not self._counts:
            return None
        found = Coverage()
        for each in self._linked.values():
            for count, (place, taken) in zip(each.counts, each.unit.counted, strict=True):
                if taken is None:
                    found.statements[place] = found.statements.get(place, 0) + count
                else:
                    found.branches[place, taken] = found.branches.get((place, taken), 0) + count
        return found

    def run(self, block: str, inputs: Mapping[str, Any] | None = None) -> None:
        """Execute an OB once.

        Args:
            block: name of the OB.
            inputs: start information by name of the OB's input.

        Raises:
            Fault: the program failed.
            KeyError: there is no such block.
        """
        start = self._starts.get(block)
        if start is None:
            start = self._starts[block] = _start_of(self._signatures[block.casefold()])
        signature, taken = start
        given = {name.casefold(): value for name, value in inputs.items()} if inputs else {}
        arguments = [
            default if default is not None and given.get(name) is None else _actual(variable, given.get(name))
            for name, variable, default in taken
        ]
        self._execute(signature, arguments)

    def call(self, block: str, arguments: Mapping[str, Any], instance: Any = None) -> dict[str, Any]:
        """Execute an FC or FB once and return its outputs, in/out parameters and (as `Ret_Val`) its result.

        Args:
            block: name of the block.
            arguments: inputs and in/out parameters by name; what is missing is the default of its type.
            instance: instance object of an FB.

        Raises:
            Fault: the program failed.
            KeyError: there is no such block.
        """
        given = {name.casefold(): value for name, value in arguments.items()}
        signature = self._signatures[block.casefold()]
        if signature.kind == "FB":
            return self._call_instance(block, signature, given, instance)
        actual = {each.name: _actual(each, given.get(each.name.casefold())) for each in signature.taken}
        bounds = [_bounds(actual[each.name]) for each in signature.open]
        found = self._execute(signature, [*actual.values(), *bounds])
        values = found if len(signature.given) + signature.gives_eno > 1 else (found,)
        results = {
            each.name: plain(actual[each.name])
            for each in signature.taken
            if each.section != "Input" and not is_opaque(each.type)
        }
        for variable, value in zip(signature.given, values, strict=False):
            if not is_opaque(variable.type):
                results[RESULT if variable.section == "Return" else variable.name] = plain(value)
        return results

    def _call_instance(self, block: str, signature: Signature, given: dict[str, Any], instance: Any) -> dict[str, Any]:
        variables = self._program.blocks[block.casefold()].variables
        held = [each for each in variables if each.section in ("Input", "Output", "InOut")]
        for variable in held:
            _put(instance, variable, variable.name.casefold() in given, given.get(variable.name.casefold()))
        bounds = [_bounds(getattr(instance, attribute(each.name))) for each in signature.open]
        self._execute(signature, [instance, *bounds])
        return {
            each.name: plain(getattr(instance, attribute(each.name)))
            for each in held
            if each.section != "Input" and not is_opaque(each.type)
        }

    def _execute(self, signature: Signature, arguments: list[Any]) -> Any:
        """Call a function; afterwards restore what the CPU counts and keeps for outer blocks.

        Raises:
            Fault: the program failed.
        """
        services = self._services
        depth, local, sites = services.depth, services.local, services.sites
        services.local, services.sites = False, []
        try:
            return self._functions[signature.function.text](*arguments)
        except CpuStop:
            raise
        except Exception as error:
            fault = as_fault(error, self._places.of_traceback(error.__traceback__))
            if fault is error:
                raise
            raise fault from error
        finally:
            services.depth, services.local, services.sites = depth, local, sites


def _start_of(signature: Signature) -> _Start:
    defaults = [new(each.type) if is_plain(each.type) else None for each in signature.taken]
    names = [each.name.casefold() for each in signature.taken]
    return signature, tuple(zip(names, signature.taken, defaults, strict=True))


def _actual(variable: Variable, given: Any) -> Any:
    """Return what is passed for a parameter: objects as themselves, plain data in new ones, else the default."""
    if is_opaque(variable.type):
        return given
    if is_plain(variable.type):
        return new(variable.type) if given is None else given
    if isinstance(given, Data | ArrayView):
        return given
    data_type = variable.type
    if isinstance(data_type, Array) and None in data_type.bounds:
        data_type = Array(data_type.element, ((0, len(given or ()) - 1),))
    made = new(data_type)
    if given is not None:
        fill(made, data_type, given, variable.name)
    return made


def _put(instance: Any, variable: Variable, is_given: bool, given: Any) -> None:
    """Write a parameter into an instance; one that is not given keeps its value."""
    name = attribute(variable.name)
    held = getattr(instance, name)
    if is_plain(variable.type):
        if is_given:
            setattr(instance, name, given)
    elif held is None:
        setattr(instance, name, _actual(variable, given))
    elif is_given:
        fill(held, variable.type, plain(given), variable.name)


def _bounds(data: Any) -> tuple[tuple[int, int], ...]:
    """Return the bounds of an array that is passed from outside; a list counts from 0."""
    if isinstance(data, ArrayView):
        return tuple((0, -1) if each is None else each for each in data.type.bounds)
    return ((0, len(data or ()) - 1),)
