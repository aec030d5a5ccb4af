"""Instructions that native code has, by their names in the catalogue; all others are refused.

Comparisons, word logic, edges of LAD and flip-flops are no calls in the typed program, but expressions and assignments.
"""

from __future__ import annotations

from fakes.plc.native import arithmetic, calls, conversions, expressions, places, timing
from fakes.plc.native.block_text import BlockText, NotNative
from fakes.plc.native.call_site import Call, Checked, Maker
from simatic_xml import instructions as catalogue
from simatic_xml.program import nodes as n
from simatic_xml.program.types import LREAL, Array, Elementary, Kind


def instruction_call(code: BlockText, node: n.InstructionCall) -> str:
    """Write the call of an instruction; return its value.

    Raises:
        NotNative: native code does not have it.
    """
    make = _MAKERS.get(node.name)
    if make is None and catalogue.conversion(node.name) is not None:
        make = _conversion(node.name)
    if make is None:
        raise NotNative(f"The instruction '{node.name}'", node.place)
    call = Call(code, node)
    result, right = make(call)
    for argument in node.arguments:
        if argument.direction == "Output":
            _give_output(call, argument, result)
    if node.eno is not None:
        expressions.store(code, node.eno, right)
    code.report(right)
    return result


def _give_output(call: Call, argument: n.Argument, result: str) -> None:
    given = call.outputs.get(argument.name.casefold())
    if given is None:
        given = call.member(argument.name) if call.instance else result
    calls.give_value(call.code, argument, given)


# Arithmetic ----------------------------------------------------------------------------------------------------------


def _chain(operator: str) -> Maker:
    """Return what makes a box of two or more inputs."""

    def make(call: Call) -> Checked:
        data_type = call.elementary("T", "IN1")
        result, *others = call.values()
        rights = []
        for each in others:
            types = (data_type,) * 3
            result, right = arithmetic.calculated(
                call.code, operator, (result, each), types, call.node.place, checks=call.checks
            )
            rights.append(right)
        return result, _all(rights)

    return make


def _all(rights: list[str]) -> str:
    wanted = [each for each in rights if each != "1"]
    return f"({' && '.join(wanted)})" if wanted else "1"


def _negated(call: Call) -> Checked:
    data_type = call.elementary("T", "IN")
    return arithmetic.negative(call.code, call.value("IN"), data_type, call.code.form(data_type, call.node.place))


def _absolute(call: Call) -> Checked:
    data_type, value = call.elementary("T", "IN"), call.value("IN")
    if data_type.kind is Kind.REAL:
        return call.kept(f"({call.type})fabs({value})"), f"(isfinite({value}) != 0)"
    negative, right = arithmetic.negative(call.code, value, data_type, call.code.form(data_type, call.node.place))
    return call.kept(f"{value} < 0 ? {negative} : {value}"), f"({value} >= 0 || {right})"


def _step(operator: str) -> Maker:
    """Return what makes INC or DEC."""

    def make(call: Call) -> Checked:
        data_type, place = call.elementary("T", "OPERAND"), call.place("OPERAND")
        given = (place.read(call.code), "1")
        types = (data_type,) * 3
        result, right = arithmetic.calculated(call.code, operator, given, types, call.node.place, checks=call.checks)
        place.write(call.code, result)
        return "0", right

    return make


def _real_function(name: str) -> Maker:
    def make(call: Call) -> Checked:
        result = call.kept(f"({call.type}){name}((double){call.value('IN')})")
        return result, f"(isfinite({result}) != 0)"

    return make


def _square(call: Call) -> Checked:
    value = call.value("IN")
    result = call.kept(f"({call.type})((double){value} * (double){value})")
    return result, f"(isfinite({result}) != 0)"


def _calculate(call: Call) -> Checked:
    """CALCULATE: its ENO reports what happens inside the formula, too."""
    code, formula = call.code, call.node.arguments[0].value
    outer, right = code.flags, code.kept("uint8_t", "1")
    code.flags = [right] if call.checks else []
    result = expressions.value(code, formula)
    code.flags = outer
    if code.form(formula.type, formula.place).letter in ("f", "d"):
        return result, f"({right} && isfinite({result}))"
    return result, right


# Conversions ---------------------------------------------------------------------------------------------------------


def _conversion(function: str) -> Maker:
    def make(call: Call) -> Checked:
        argument = call.argument("IN")
        if argument is None:
            raise NotNative(f"'{call.node.name}' without its parameter 'IN'", call.node.place)
        value = call.value("IN")
        return conversions.converted(call.code, value, argument.value.type, call.node.type, function, call.node.place)

    return make


def _scaled(call: Call) -> Checked:
    """SCALE_X: along the line from MIN to MAX, calculated with 64 bits."""
    least, value, most, between = _span(call)
    whole = call.code.kept("const double", f"(double){value} * {between} + (double){least}")
    assert isinstance(call.node.type, Elementary)  # noqa: S101 (a number)
    result, right = conversions.converted(call.code, whole, LREAL, call.node.type, "", call.node.place)
    return result, f"({right} && {least} < {most})"


def _normalized(call: Call) -> Checked:
    """NORM_X: how far from MIN to MAX, calculated with 64 bits."""
    least, value, most, between = _span(call)
    wide = "double" if call.code.form(call.elementary("", "MIN"), call.node.place).letter in ("f", "d") else "__int128"
    result = call.kept(f"({call.type})quotient((double)(({wide}){value} - {least}), {between})")
    return result, f"({least} < {most} && isfinite({result}))"


def _span(call: Call) -> tuple[str, str, str, str]:
    """Write what evaluates MIN, VALUE and MAX; return them, and the exact distance of MIN and MAX."""
    least, value, most = call.value("MIN"), call.value("VALUE"), call.value("MAX")
    wide = "double" if call.code.form(call.elementary("", "MIN"), call.node.place).letter in ("f", "d") else "__int128"
    return least, value, most, call.code.kept("const double", f"(double)(({wide}){most} - {least})")


# Choosing ------------------------------------------------------------------------------------------------------------


def _selected(call: Call) -> Checked:
    chosen, first, second = call.value("G"), call.value("IN0"), call.value("IN1")
    return call.kept(f"{chosen} ? {second} : {first}"), "1"


def _limited(call: Call) -> Checked:
    arithmetic.check_compared(call.elementary("T", "IN"), call.node.place)
    least, value, most = call.value("MN"), call.value("IN"), call.value("MX")
    right = f"({least} <= {most} && {value} == {value})"
    return call.kept(f"!{right} ? {value} : {value} < {least} ? {least} : {value} > {most} ? {most} : {value}"), right


def _extreme(sign: str) -> Maker:
    """Return what makes MIN or MAX; the first of equal values is taken, and NaN where one is."""

    def make(call: Call) -> Checked:
        data_type = call.elementary("T", "IN1")
        arithmetic.check_compared(data_type, call.node.place)
        values = call.values()
        result = values[0]
        for each in values[1:]:
            result = call.kept(f"{each} {sign} {result} ? {each} : {result}")
        if data_type.kind is not Kind.REAL:
            return result, "1"
        right = call.code.kept("const uint8_t", " && ".join(f"!isnan({each})" for each in values))
        return call.kept(f"{right} ? {result} : ({call.type})NAN"), right

    return make


def _bound(which: int) -> Maker:
    """Return what makes LOWER_BOUND or UPPER_BOUND, for a dimension that is a constant."""

    def make(call: Call) -> Checked:
        array, dimension = call.argument("ARR"), call.argument("DIM")
        found = None if array is None else places.located(call.code, array.value, expressions.value)
        if found is None or not isinstance(found.type, Array) or dimension is None:
            raise NotNative(f"'{call.node.name}' of this operand", call.node.place)
        number = dimension.value.value if isinstance(dimension.value, n.Constant) else None
        if not isinstance(number, int) or not 1 <= number <= len(found.type.bounds):
            raise NotNative(f"'{call.node.name}' with this dimension", call.node.place)
        return call.kept(str(places.bounds_of(found)[number - 1][which])), "1"

    return make


# Shifting ------------------------------------------------------------------------------------------------------------


def _left(call: Call) -> Checked:
    bits, value, count = call.elementary("T", "IN").bits, call.value("IN"), call.value("N")
    return call.kept(f"{count} < {bits} ? ({call.type})((uint64_t){value} << {count}) : 0"), "1"


def _right(call: Call) -> Checked:
    """The sign of a signed integer comes in from the left."""
    bits, value, count = call.elementary("T", "IN").bits, call.value("IN"), call.value("N")
    return call.kept(f"{value} >> ({count} < {bits} ? {count} : {bits - 1}) >> ({count} < {bits} ? 0 : 1)"), "1"


def _rotated(direction: int) -> Maker:
    def make(call: Call) -> Checked:
        bits, value, count = call.elementary("T", "IN").bits, call.value("IN"), call.value("N")
        turns = count if direction > 0 else f"{bits} - (unsigned){count} % {bits}"
        return call.kept(f"({call.type})rotate_uint{bits}_t((uint{bits}_t){value}, (unsigned)({turns}))"), "1"

    return make


def _inverted(call: Call) -> Checked:
    return call.kept(f"({call.type})~{call.value('IN')}"), "1"


_MAKERS: dict[str, Maker] = {
    **{name: _chain(sign) for name, sign in (("ADD", "+"), ("SUB", "-"), ("MUL", "*"), ("DIV", "/"), ("MOD", "MOD"))},
    "NEG": _negated,
    "ABS": _absolute,
    "INC": _step("+"),
    "DEC": _step("-"),
    "CALCULATE": _calculate,
    "SQR": _square,
    **{
        name: _real_function(function)
        for name, function in (
            ("SQRT", "sqrt"), ("LN", "logarithm"), ("EXP", "exp"), ("SIN", "sin"), ("COS", "cos"),
            ("TAN", "tan"), ("ASIN", "asin"), ("ACOS", "acos"), ("ATAN", "atan"), ("FRAC", "fraction"),
        )
    },
    "CONVERT": _conversion(""),
    "SCALE_X": _scaled,
    "NORM_X": _normalized,
    **{name: _conversion(name) for name in ("ROUND", "TRUNC", "CEIL", "FLOOR")},
    "SEL": _selected,
    "LIMIT": _limited,
    "MIN": _extreme("<"),
    "MAX": _extreme(">"),
    "LOWER_BOUND": _bound(0),
    "UPPER_BOUND": _bound(1),
    "SHL": _left,
    "SHR": _right,
    "ROL": _rotated(1),
    "ROR": _rotated(-1),
    "INV": _inverted,
    "R_TRIG": timing.edge(rising=True),
    "F_TRIG": timing.edge(rising=False),
    **{name: timing.timer(name) for name in ("TON", "TOF", "TP", "TONR")},
    "RESET_TIMER": timing.reset_timer,
    "PRESET_TIMER": timing.preset_timer,
    **{name: timing.counter(name) for name in ("CTU", "CTD", "CTUD")},
}  # fmt: skip
"""What each instruction becomes: its value, and whether it is right."""

NATIVE = frozenset(_MAKERS)
"""Instructions that native code has, beside conversions by name."""
