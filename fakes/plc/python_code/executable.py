"""A program as Python functions, ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fakes.plc.execution import Coverage
from fakes.plc.faults import Fault, ReferenceFault
from fakes.plc.memory import Memory
from fakes.plc.naming import attribute
from fakes.plc.program import Program, ProgramError
from fakes.plc.python_code import places as places_module
from fakes.plc.python_code import runtime
from fakes.plc.python_code.addresses import Addressing
from fakes.plc.python_code.block_code import Context, NotExecutable
from fakes.plc.python_code.functions import Function, function_of
from fakes.plc.python_code.places import Places
from fakes.plc.python_code.signatures import Signature
from fakes.plc.services import Services
from fakes.plc.shapes import copy_into, is_plain, plain
from fakes.plc.storage import new
from simatic_xml.program.diagnostics import Diagnostic, Severity
from simatic_xml.program.types import VOID, Variable

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
        ProgramError: something in it cannot be executed here; each is named.
    """
    context = Context(program, memory, services, coverage=coverage)
    places = Places()
    context.names.values |= runtime.for_cpu(services, places.located)
    context.names.values["addressing"] = Addressing(memory, services, places.located)
    functions: dict[str, Function] = {}
    problems = []
    for key, block in program.blocks.items():
        try:
            functions[key] = function_of(context, block)
        except NotExecutable as error:
            problems.append(Diagnostic(Severity.ERROR, "program.not_executable", error.message, error.place))
    if problems:
        raise ProgramError(problems)
    for made in functions.values():
        exec(compile(made.source, places_module.file_of(made.name), "exec"), context.names.values)  # noqa: S102 - our own text
        if made.bind is not None:
            made.bind(context.names.values, services)
    places.add(functions.values())
    return PythonExecutable(context, functions, places)


class PythonExecutable:
    """A compiled program."""

    def __init__(self, context: Context, functions: dict[str, Function], places: Places) -> None:
        """Keep what was compiled."""
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
        """What was reached so far; None where nothing is counted."""
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
        bounds = [_bounds(each) for each in signature.open]
        found = self._execute(signature, [*actual.values(), *bounds])
        values = found if len(signature.given) + signature.gives_eno > 1 else (found,)
        results = {each.name: plain(actual[each.name]) for each in signature.taken if each.section != "Input"}
        for variable, value in zip(signature.given, values, strict=False):
            results[RESULT if variable.section == "Return" else variable.name] = plain(value)
        if signature.gives_eno:
            results["ENO"] = values[-1]
        return results

    def _call_instance(self, block: str, signature: Signature, given: dict[str, Any], instance: Any) -> dict[str, Any]:
        variables = self._context.program.blocks[block.casefold()].variables
        held = [each for each in variables if each.section in ("Input", "Output", "InOut")]
        for variable in held:
            if variable.section != "Output" and variable.name.casefold() in given:
                _put(instance, variable, given[variable.name.casefold()])
        eno = self._execute(signature, [instance, *(_bounds(each) for each in signature.open)])
        found = {each.name: plain(getattr(instance, attribute(each.name))) for each in held if each.section != "Input"}
        return found | ({"ENO": eno} if signature.gives_eno else {})

    def _signature(self, block: str) -> Signature:
        return self._context.signature(self._context.program.blocks[block.casefold()].name)

    def _execute(self, signature: Signature, arguments: list[Any]) -> Any:
        """Call a function; what the CPU counts and keeps for blocks around is as before afterwards.

        Raises:
            Fault: the program failed.
        """
        services = self._context.services
        depth, local = services.depth, services.local
        services.local = False
        try:
            return self._context.names.values[signature.function](*arguments)
        except Fault as fault:
            fault.place = fault.place or self._places.of_traceback(fault.__traceback__)
            raise
        except AttributeError as error:
            if error.obj is not None:
                raise
            place = self._places.of_traceback(error.__traceback__)
            message = "A parameter or reference is followed that points to nothing."
            raise ReferenceFault(message, place) from error
        finally:
            services.depth, services.local = depth, local


def _actual(variable: Variable, given: Any) -> Any:
    """Return what is handed over for a parameter: the given value, or the default of its type."""
    if given is None:
        return None if variable.type == VOID else new(variable.type)
    if is_plain(variable.type) or not isinstance(given, list | dict):
        return given
    made = new(variable.type)
    if isinstance(given, list):
        copy_into(made, given)
    return made


def _put(instance: Any, variable: Variable, given: Any) -> None:
    name = attribute(variable.name)
    if is_plain(variable.type) or variable.section == "InOut":
        setattr(instance, name, given)
    else:
        copy_into(getattr(instance, name), given)


def _bounds(variable: Variable) -> tuple[tuple[int, int], ...]:
    bounds = getattr(variable.type, "bounds", ())
    return tuple((0, -1) if each is None else each for each in bounds)
