"""A program as Python functions, ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType
from typing import Any

from simatic_xml.interruption import checkpoint
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.types.types import Array, Variable
from virtual_plc.code.naming import attribute
from virtual_plc.code.python_text import compile_lines, execute
from virtual_plc.cpu.execution import Coverage
from virtual_plc.cpu.services import Services
from virtual_plc.faults import CpuStop, as_fault
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.path_values import fill
from virtual_plc.memory.program import Program, ProgramError
from virtual_plc.memory.shapes import Data, is_opaque, is_plain, plain
from virtual_plc.memory.storage import new
from virtual_plc.memory.views import ArrayView
from virtual_plc.python_tier import runtime, statements
from virtual_plc.python_tier.block_code import Context, NotExecutable
from virtual_plc.python_tier.functions import READERS, Function, function_of
from virtual_plc.python_tier.places import Places
from virtual_plc.python_tier.signatures import Signature
from virtual_plc.python_tier.stl.addresses import Addressing

RESULT = "Ret_Val"


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
    context = Context(program, memory, services, READERS, statements.body, coverage=coverage)
    places = Places()
    context.names.values |= runtime.for_cpu(services, places.locate)
    context.names.values["addressing"] = Addressing(memory, services, places.locate)
    functions: dict[str, Function] = {}
    problems: list[Diagnostic] = []
    for key, block in program.blocks.items():
        checkpoint()
        try:
            functions[key] = function_of(context, block)
        except NotExecutable as error:
            problems.append(Diagnostic(Severity.ERROR, "program.not_executable", error.message, error.place))
        except RecursionError:
            problems.append(_too_deep(block.name))
    codes = {
        key: code
        for key, made in functions.items()
        if (code := _compile(made, program.blocks[key].name, problems)) is not None
    }
    if problems:
        raise ProgramError(problems)
    for key, made in functions.items():
        execute(codes[key], context.names.values)
        if made.bind is not None:
            made.bind(context.names.values, services)
    places.add(functions.values())
    return PythonExecutable(context, functions, places)


def _compile(made: Function, block: str, problems: list[Diagnostic]) -> CodeType | None:
    """Return the code of a function; note when its statements or expressions are nested deeper than Python allows."""
    try:
        return compile_lines(made.lines, made.name)
    except (SyntaxError, RecursionError, MemoryError):
        problems.append(_too_deep(block))
        return None


def _too_deep(block: str) -> Diagnostic:
    message = "Statements or expressions of this block are nested too deep; split them up, or make blocks of them."
    return Diagnostic(Severity.ERROR, "program.not_executable", message, Place(block))


class PythonExecutable:
    """A compiled program."""

    def __init__(self, context: Context, functions: dict[str, Function], places: Places) -> None:
        """Keep the compiled functions."""
        self._context = context
        self._functions = functions
        self._places = places

    def source(self, block: str) -> str:
        """Return the Python text of a block.

        Raises:
            KeyError: there is no such block.
        """
        return self._functions[block.casefold()].source

    @property
    def coverage(self) -> Coverage | None:
        """How often each place ran so far; None where nothing is counted."""
        context = self._context
        if not context.coverage:
            return None
        found = Coverage()
        for count, (place, taken) in zip(context.counters, context.counted, strict=True):
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
        signature = self._signature(block)
        given = {name.casefold(): value for name, value in (inputs or {}).items()}
        arguments = [_actual(each, given.get(each.name.casefold())) for each in signature.taken]
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
        signature = self._signature(block)
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
        variables = self._context.program.blocks[block.casefold()].variables
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

    def _signature(self, block: str) -> Signature:
        return self._context.signature(self._context.program.blocks[block.casefold()].name)

    def _execute(self, signature: Signature, arguments: list[Any]) -> Any:
        """Call a function; afterwards restore what the CPU counts and keeps for outer blocks.

        Raises:
            Fault: the program failed.
        """
        services = self._context.services
        depth, local, sites = services.depth, services.local, services.sites
        services.local, services.sites = False, []
        try:
            return self._context.names.values[signature.function.text](*arguments)
        except CpuStop:
            raise
        except Exception as error:
            fault = as_fault(error, self._places.of_traceback(error.__traceback__))
            if fault is error:
                raise
            raise fault from error
        finally:
            services.depth, services.local, services.sites = depth, local, sites


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
