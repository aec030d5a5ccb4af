"""Instructions that native code has, by their names in the catalogue; all others are refused.

Comparisons, word logic, edges of LAD and flip-flops are no calls in the typed program, but expressions and assignments.
"""

from __future__ import annotations

from simatic_xml import instructions as catalogue
from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import LREAL, Array, Kind
from virtual_plc.code.c_text import CERTAIN, NOTHING, TRUTH, C, c, join_pieces
from virtual_plc.native_tier import arithmetic, calls, conversions, expressions, places, timing
from virtual_plc.native_tier.block_text import BlockText, NotNative
from virtual_plc.native_tier.call_site import Call, Maker, Result


def instruction_call(code: BlockText, node: n.InstructionCall) -> C:
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


def _give_output(call: Call, argument: n.Argument, result: C) -> None:
    given = call.outputs.get(argument.name.casefold())
    if given is None:
        given = result if call.instance is None else call.member(argument.name)
    calls.give_value(call.code, argument, given)


# Arithmetic ----------------------------------------------------------------------------------------------------------


def _chain(operator: str) -> Maker:
    """Return what makes a box of two or more inputs."""

    def make(call: Call) -> Result:
        data_type = call.elementary("T", "IN1")
        result, *others = call.values()
        rights = []
        for each in others:
            types = (data_type,) * 3
            result, right = arithmetic.write_calculation(
                call.code, operator, (result, each), types, call.node.place, checks=call.checks
            )
            rights.append(right)
        return result, _all(rights)

    return make


def _all(rights: list[C]) -> C:
    wanted = [each for each in rights if each != CERTAIN]
    return c("({})", join_pieces("{} && {}", wanted)) if wanted else CERTAIN


def _negate(call: Call) -> Result:
    data_type = call.elementary("T", "IN")
    return arithmetic.negative(call.code, call.value("IN"), data_type, call.code.form(data_type, call.node.place))


def _absolute(call: Call) -> Result:
    data_type, value = call.elementary("T", "IN"), call.value("IN")
    if data_type.kind is Kind.REAL:
        return call.keep_value("({})fabs({})", call.type, value), c("(isfinite({}) != 0)", value)
    negative, right = arithmetic.negative(call.code, value, data_type, call.code.form(data_type, call.node.place))
    return call.keep_value("{} < 0 ? {} : {}", value, negative, value), c("({} >= 0 || {})", value, right)


def _step(operator: str) -> Maker:
    """Return what makes INC or DEC."""

    def make(call: Call) -> Result:
        data_type, place = call.elementary("T", "OPERAND"), call.place("OPERAND")
        given = (place.read(call.code), CERTAIN)
        types = (data_type,) * 3
        result, right = arithmetic.write_calculation(
            call.code, operator, given, types, call.node.place, checks=call.checks
        )
        place.write(call.code, result)
        return NOTHING, right

    return make


def _real_function(name: C) -> Maker:
    def make(call: Call) -> Result:
        result = call.keep_value("({}){}((double){})", call.type, name, call.value("IN"))
        return result, c("(isfinite({}) != 0)", result)

    return make


def _square(call: Call) -> Result:
    value = call.value("IN")
    result = call.keep_value("({})((double){} * (double){})", call.type, value, value)
    return result, c("(isfinite({}) != 0)", result)


def _calculate(call: Call) -> Result:
    """Write CALCULATE: its ENO reports errors inside the formula, too."""
    code, formula = call.code, call.node.arguments[0].value
    outer, right = code.flags, code.keep_value(c("uint8_t"), "1")
    code.flags = [right] if call.checks else []
    result = expressions.value(code, formula)
    code.flags = outer
    if code.form(formula.type, formula.place).letter in ("f", "d"):
        return result, c("({} && isfinite({}))", right, result)
    return result, right


# Conversions ---------------------------------------------------------------------------------------------------------


def _conversion(function: str) -> Maker:
    def make(call: Call) -> Result:
        argument = call.argument("IN")
        if argument is None:
            raise NotNative(f"'{call.node.name}' without its parameter 'IN'", call.node.place)
        value = call.value("IN")
        return conversions.write_conversion(
            call.code, value, argument.value.type, call.node.type, function, call.node.place
        )

    return make


def _scale(call: Call) -> Result:
    """Write SCALE_X: along the line from MIN to MAX, calculated with 64 bits."""
    least, value, most, between = _span(call)
    whole = call.code.keep_value(c("const double"), "(double){} * {} + (double){}", value, between, least)
    result, right = conversions.write_conversion(call.code, whole, LREAL, call.node.type, "", call.node.place)
    return result, c("({} && {} < {})", right, least, most)


def _normalize(call: Call) -> Result:
    """Write NORM_X: how far from MIN to MAX, calculated with 64 bits."""
    least, value, most, between = _span(call)
    wide = _wide(call)
    result = call.keep_value("({})quotient((double)(({}){} - {}), {})", call.type, wide, value, least, between)
    return result, c("({} < {} && isfinite({}))", least, most, result)


def _wide(call: Call) -> C:
    is_real = call.code.form(call.elementary("", "MIN"), call.node.place).letter in ("f", "d")
    return c("double") if is_real else c("__int128")


def _span(call: Call) -> tuple[C, C, C, C]:
    """Write what evaluates MIN, VALUE and MAX; return them, and the exact distance of MIN and MAX."""
    least, value, most = call.value("MIN"), call.value("VALUE"), call.value("MAX")
    wide = _wide(call)
    return least, value, most, call.code.keep_value(c("const double"), "(double)(({}){} - {})", wide, most, least)


# Choosing ------------------------------------------------------------------------------------------------------------


def _select(call: Call) -> Result:
    chosen, first, second = call.value("G"), call.value("IN0"), call.value("IN1")
    return call.keep_value("{} ? {} : {}", chosen, second, first), CERTAIN


def _limit(call: Call) -> Result:
    arithmetic.check_compared(call.elementary("T", "IN"), call.node.place)
    least, value, most = call.value("MN"), call.value("IN"), call.value("MX")
    right = c("({} <= {} && {} == {})", least, most, value, value)
    result = call.keep_value("!{0} ? {1} : {1} < {2} ? {2} : {1} > {3} ? {3} : {1}", right, value, least, most)
    return result, right


def _extreme(sign: C) -> Maker:
    """Return what makes MIN or MAX; the first of equal values is taken, and NaN where one is."""

    def make(call: Call) -> Result:
        data_type = call.elementary("T", "IN1")
        arithmetic.check_compared(data_type, call.node.place)
        values = call.values()
        result = values[0]
        for each in values[1:]:
            result = call.keep_value("{0} {1} {2} ? {0} : {2}", each, sign, result)
        if data_type.kind is not Kind.REAL:
            return result, CERTAIN
        right = call.code.keep_value(TRUTH, "{}", join_pieces("{} && {}", [c("!isnan({})", each) for each in values]))
        return call.keep_value("{} ? {} : ({})NAN", right, result, call.type), right

    return make


def _make_bound(which: int) -> Maker:
    """Return what makes LOWER_BOUND or UPPER_BOUND, for a dimension that is a constant."""

    def make(call: Call) -> Result:
        array, dimension = call.argument("ARR"), call.argument("DIM")
        found = None if array is None else places.locate_in_memory(call.code, array.value, expressions.value)
        if found is None or not isinstance(found.type, Array) or dimension is None:
            raise NotNative(f"'{call.node.name}' of this operand", call.node.place)
        number = dimension.value.value if isinstance(dimension.value, n.Constant) else None
        if not isinstance(number, int) or not 1 <= number <= len(found.type.bounds):
            raise NotNative(f"'{call.node.name}' with this dimension", call.node.place)
        return call.keep_value("{}", places.bounds_of(found)[number - 1][which]), CERTAIN

    return make


# Shifting ------------------------------------------------------------------------------------------------------------


def _shift_left(call: Call) -> Result:
    bits, value, count = call.elementary("T", "IN").bits, call.value("IN"), call.value("N")
    return call.keep_value("{} < {} ? ({})((uint64_t){} << {}) : 0", count, bits, call.type, value, count), CERTAIN


def _shift_right(call: Call) -> Result:
    """Shift right: the sign of a signed integer comes in from the left."""
    bits, value, count = call.elementary("T", "IN").bits, call.value("IN"), call.value("N")
    return call.keep_value(
        "{0} >> ({1} < {2} ? {1} : {3}) >> ({1} < {2} ? 0 : 1)", value, count, bits, bits - 1
    ), CERTAIN


def _make_rotation(direction: int) -> Maker:
    def make(call: Call) -> Result:
        bits, value, count = call.elementary("T", "IN").bits, call.value("IN"), call.value("N")
        turns = count if direction > 0 else c("{0} - (unsigned){1} % {0}", bits, count)
        return call.keep_value(
            "({0})rotate_uint{1}_t((uint{1}_t){2}, (unsigned)({3}))", call.type, bits, value, turns
        ), CERTAIN

    return make


def _invert(call: Call) -> Result:
    return call.keep_value("({})~{}", call.type, call.value("IN")), CERTAIN


_MAKERS: dict[str, Maker] = {
    **{name: _chain(sign) for name, sign in (("ADD", "+"), ("SUB", "-"), ("MUL", "*"), ("DIV", "/"), ("MOD", "MOD"))},
    "NEG": _negate,
    "ABS": _absolute,
    "INC": _step("+"),
    "DEC": _step("-"),
    "CALCULATE": _calculate,
    "SQR": _square,
    **{
        name: _real_function(function)
        for name, function in (
            ("SQRT", c("sqrt")),
            ("LN", c("logarithm")),
            ("EXP", c("exp")),
            ("SIN", c("sin")),
            ("COS", c("cos")),
            ("TAN", c("tan")),
            ("ASIN", c("asin")),
            ("ACOS", c("acos")),
            ("ATAN", c("atan")),
            ("FRAC", c("fraction")),
        )
    },
    "CONVERT": _conversion(""),
    "SCALE_X": _scale,
    "NORM_X": _normalize,
    **{name: _conversion(name) for name in ("ROUND", "TRUNC", "CEIL", "FLOOR")},
    "SEL": _select,
    "LIMIT": _limit,
    "MIN": _extreme(c("<")),
    "MAX": _extreme(c(">")),
    "LOWER_BOUND": _make_bound(0),
    "UPPER_BOUND": _make_bound(1),
    "SHL": _shift_left,
    "SHR": _shift_right,
    "ROL": _make_rotation(1),
    "ROR": _make_rotation(-1),
    "INV": _invert,
    "R_TRIG": timing.edge(rising=True),
    "F_TRIG": timing.edge(rising=False),
    **{name: timing.timer(name) for name in ("TON", "TOF", "TP", "TONR")},
    "RESET_TIMER": timing.reset_timer,
    "PRESET_TIMER": timing.preset_timer,
    **{name: timing.counter(name) for name in ("CTU", "CTD", "CTUD")},
}
"""What each instruction becomes: its value, and whether it is right."""

NATIVE = frozenset(_MAKERS)
"""Instructions that native code has, in addition to conversions by name."""
