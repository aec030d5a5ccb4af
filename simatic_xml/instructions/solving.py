"""The types of one call: the type of each type variable, given the types of the actual parameters.

A variable is decided, in this order: by what the caller fixed (a typed name, a template of LAD), by the instance, by
the inputs (the narrowest type that all of them convert to), by the operands of the outputs, by the literals, by the
default. A literal adapts: it counts only where nothing else decides. Whether the chosen conversion is allowed in the
block (IEC check, CPU) is the caller's business. Basis: TIA Portal's rule of the widest operand (docs/instructions.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import reduce

from simatic_xml.instructions.model import Instruction, Parameter, Problem, Signature
from simatic_xml.instructions.typing import accepts, common, fitting, of_text
from simatic_xml.program.types.types import UNKNOWN, VOID, Array, DataType, Unknown, type_name

Named = Callable[[str], DataType]


def signature(
    instruction: Instruction,
    given: Mapping[str, DataType],
    explicit: DataType | None = None,
    *,
    literals: Collection[str] = (),
    chosen: Mapping[str, DataType] | None = None,
    instance: str = "",
    named: Named | None = None,
) -> Signature:
    """Solve the type variables of a call.

    Args:
        instruction: what is called.
        given: type of each actual parameter by the name of its formal one; those that it does not have are passed over.
        explicit: type that the written name carries (`SCALE_X_REAL`).
        literals: those of `given` that are untyped literals.
        chosen: type variables that are fixed already, as by the templates of a LAD part.
        instance: system data type of the instance (`TON_LTIME`).
        named: finds a system data type by name (`DTL`); without it those of every CPU are taken.
    """
    solver = _Solver(instruction, _find_parameters(instruction, given), {name.casefold() for name in literals})
    fixed = dict(chosen or {})
    if explicit is not None and instruction.explicit:
        fixed[instruction.explicit] = explicit
    if instance and "T" in instruction.variables:
        of_instance = {each.casefold(): type_text for each, type_text in instruction.instance_types.items()}
        fixed |= {"T": of_text(of_instance[instance.casefold()], {})} if instance.casefold() in of_instance else {}
    solver.solve(fixed)
    formals = {each.name: each for each in instruction.parameters}
    formals |= {name: parameter for name, (parameter, _) in solver.given.items()}
    parameters = {name: of_text(each.type, solver.types, named) for name, each in formals.items()}
    result = of_text(instruction.result, solver.types, named) if instruction.result else VOID
    types = {variable: solver.types.get(variable, UNKNOWN) for variable in instruction.variables}
    return Signature(types, parameters, result, tuple(solver.problems))


def _find_parameters(instruction: Instruction, given: Mapping[str, DataType]) -> dict[str, tuple[Parameter, DataType]]:
    pairs = ((instruction.parameter(name), actual) for name, actual in given.items())
    return {parameter.name: (parameter, actual) for parameter, actual in pairs if parameter is not None}


@dataclass(slots=True)
class _Solver:
    instruction: Instruction
    given: dict[str, tuple[Parameter, DataType]]
    literals: set[str]
    types: dict[str, DataType] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def solve(self, fixed: Mapping[str, DataType]) -> None:
        """Decide every variable."""
        for variable, allowed in self.instruction.variables.items():
            if variable in fixed:
                self.types[variable] = self._check_fixed(fixed[variable], allowed)
            else:
                self.types[variable] = self._decide(variable, allowed)
        if self.instruction.combinations and not self.problems:
            self._combine(fixed)

    def _check_fixed(self, wanted: DataType, allowed: tuple[str, ...]) -> DataType:
        if isinstance(wanted, Unknown) or accepts(allowed, wanted):
            return wanted
        self._problem("", wanted, allowed)
        return UNKNOWN

    def _decide(self, variable: str, allowed: tuple[str, ...]) -> DataType:
        default = self.instruction.defaults.get(variable)
        outputs = self._actuals(variable, "Output", literal=False)
        if default is not None:
            outputs = {name: each for name, each in outputs.items() if accepts(allowed, each)}
        in_outs = self._actuals(variable, "InOut", literal=False)
        firm = self._actuals(variable, "Input", literal=False)
        adapting = self._actuals(variable, "Input", literal=True)
        deciding = next((each for each in (in_outs, firm, outputs, adapting) if each), None)
        if deciding is not None:
            return self._common(deciding, allowed)
        return of_text(default, {}) if default else _only(allowed)

    def _actuals(self, variable: str, direction: str, *, literal: bool) -> dict[str, DataType]:
        """Return the actual types that decide a variable, by parameter; of `Array[*] of T` the type of the elements."""
        found = {}
        for name, (parameter, actual) in self.given.items():
            if parameter.direction != direction or (name.casefold() in self.literals) != literal:
                continue
            if parameter.type == variable:
                found[name] = actual
            elif parameter.type.endswith(f" of {variable}"):
                found[name] = actual.element if isinstance(actual, Array) else self._no_array(name, actual)
        return found

    def _no_array(self, name: str, actual: DataType) -> DataType:
        if not isinstance(actual, Unknown):
            self.problems.append(Problem(name, f"{name} takes an array; {type_name(actual)} is not one."))
        return UNKNOWN

    def _common(self, actuals: dict[str, DataType], allowed: tuple[str, ...]) -> DataType:
        """Return the narrowest allowed type that all of them convert to; report the one that does not fit."""
        if any(isinstance(each, Unknown) for each in actuals.values()):
            return UNKNOWN
        fits = {name: fitting(allowed, each) for name, each in actuals.items()}
        unfit = next((name for name, fit in fits.items() if fit is None), None)
        if unfit is not None:
            self._problem(unfit, actuals[unfit], allowed)
            return UNKNOWN
        joined = reduce(_join, fits.values())
        found = fitting(allowed, joined) if joined is not None else None
        return found if found is not None else self._apart(actuals)

    def _apart(self, actuals: dict[str, DataType]) -> DataType:
        """Report the first parameter whose type goes with none of those before it."""
        first, *others = actuals.items()
        odd = next((each for each in others if common(first[1], each[1]) is None), others[-1])
        text = (
            f"{type_name(odd[1])} at {odd[0]} and {type_name(first[1])} at {first[0]} have no common type; convert one."
        )
        self.problems.append(Problem(odd[0], text))
        return UNKNOWN

    def _problem(self, name: str, actual: DataType, allowed: tuple[str, ...]) -> None:
        where = name or self.instruction.name
        choice = ", ".join(allowed) if len(allowed) <= _MOST_LISTED else f"{', '.join(allowed[:_MOST_LISTED])}, ..."
        self.problems.append(Problem(name, f"{where} takes {choice}; {type_name(actual)} does not convert to that."))

    def _combine(self, fixed: Mapping[str, DataType]) -> None:
        """Take the first listed combination that the decided variables go with."""
        names = tuple(self.instruction.variables)
        given = {each: self.types[each] for each in names if self._is_given(each) or each in fixed}
        if any(isinstance(each, Unknown) for each in given.values()):
            return
        for exact in (True, False):
            rows = (dict(zip(names, row, strict=True)) for row in self.instruction.combinations)
            fit = next((row for row in rows if _goes_with(row, given, exact=exact)), None)
            if fit is not None:
                self.types |= {each: _prefer_actual(fit[each], given.get(each)) for each in names}
                return
        text = ", ".join(type_name(each) for each in given.values())
        self.problems.append(Problem("", f"{self.instruction.name} does not exist for {text} together; convert one."))
        self.types = dict.fromkeys(names, UNKNOWN)

    def _is_given(self, variable: str) -> bool:
        return any(
            parameter.type == variable and parameter.direction == "Input" for parameter, _ in self.given.values()
        )


_MOST_LISTED = 8


def _join(first: DataType | None, second: DataType | None) -> DataType | None:
    return common(first, second) if first is not None and second is not None else None


def _goes_with(row: Mapping[str, str], given: Mapping[str, DataType], *, exact: bool) -> bool:
    if exact:
        return all(accepts((row[each],), actual) for each, actual in given.items())
    return all(fitting((row[each],), actual) is not None for each, actual in given.items())


def _prefer_actual(name: str, actual: DataType | None) -> DataType:
    """Return the type of a combination: the actual one where it is that type already, with its members."""
    return actual if actual is not None and accepts((name,), actual) else of_text(name, {})


def _only(allowed: tuple[str, ...]) -> DataType:
    """Return the type of a variable without choice, Unknown where there is one."""
    return of_text(allowed[0], {}) if len(allowed) == 1 and allowed[0] != "*" else UNKNOWN
