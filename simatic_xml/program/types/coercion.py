"""Values in place of another type: literals adapt, the compiler converts, and the rest is a finding."""

from __future__ import annotations

from collections.abc import Iterator

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.folding import fold_expression
from simatic_xml.program.nodes import Binary, Broken, Constant, Convert, DataBlock, Expression, Unary, Value
from simatic_xml.program.scope import Scope
from simatic_xml.program.types.conversions import CLASSIC, UNSIGNED, is_permitted, loss, same
from simatic_xml.program.types.layout import size_bits
from simatic_xml.program.types.moments import s5time
from simatic_xml.program.types.operations import is_larger_time, operation
from simatic_xml.program.types.ranges import fits, limits, wrap
from simatic_xml.program.types.types import (
    BYTE,
    DINT,
    DWORD,
    ELEMENTARY,
    LINT,
    LWORD,
    S5TIME,
    TIME,
    WORD,
    DataType,
    Elementary,
    Kind,
    Reference,
    Special,
    Structure,
    Text,
    Unknown,
    type_name,
)
from simatic_xml.program.types.values import adapt

_ANYTHING = frozenset(("variant", "any", "pointer", "remote", "parameter", "resolvedsymbol", "instance"))
_LOGICAL = frozenset(("AND", "OR", "XOR", "&"))
_PATTERNS = {each.bits: each for each in (BYTE, WORD, DWORD, LWORD)}
_BLOCKS = ("block_", "db_any")


def coerce(scope: Scope, expression: Expression, target: DataType, place: Place) -> Expression:
    """Return an expression as a value of another type.

    An equal type stays as it is; a literal becomes a constant of the type; the compiler converts others (`Convert`).
    Everything else is reported (`type.implicit`, `value.range`) and returned unchanged.
    """
    source = expression.type
    if isinstance(expression, Broken) or isinstance(source, Unknown) or isinstance(target, Unknown):
        return expression
    literal = _literal(expression)
    if literal is not None:
        return _adapt(scope, expression, literal, target, place)
    if same(source, target):
        return _cut_string(expression, source, target)
    if _accepts(expression, target):
        return expression
    short = as_s5time(scope, expression) if target == S5TIME else None
    return short if short is not None else _convert(scope, expression, target, place)


def as_s5time(scope: Scope, expression: Expression) -> Constant | None:
    """Return a constant time (`T#5s`) as the S5TIME that it is on an S7-300 or S7-400; None where it is none.

    Timers take both forms there (docs/facts/tia-rules.md#scl).
    """
    if scope.symbols.cpu.family not in CLASSIC or not isinstance(expression, Constant) or expression.type != TIME:
        return None
    word = s5time(int(expression.value)) if int(expression.value) >= 0 else None
    return None if word is None else Constant(word, S5TIME, expression.place, fixed=True)


def join(
    scope: Scope, operator: str, left: Expression, right: Expression, place: Place
) -> tuple[Expression, Expression, DataType] | None:
    """Return two operands converted for an operator, and the type of its result; None if it does not join them.

    A literal takes the type of the other operand where its value fits. Nothing is reported when they cannot be joined.
    """
    a, b = _literal(left), _literal(right)
    pairs = [(left, right)]
    if a is not None and b is None:
        pairs = [(each, right) for each in _readings(a, operator, right)]
    if b is not None and a is None:
        pairs = [(left, each) for each in _readings(b, operator, left)]
    for one, other in pairs:
        family = scope.symbols.cpu.family
        found = operation(operator, one.type, other.type, iec_check=scope.iec_check, family=family)
        if found is not None:
            _warn_of_wrap(scope, a or b, one if a else other, operator)
            first, second = _as_number(scope, one, found.left), _as_number(scope, other, found.right)
            return (
                as_operand(scope, first, found.left, place),
                as_operand(scope, second, found.right, place),
                found.result,
            )
    return None


def differ_in_precision(left: Expression, right: Expression) -> bool:
    """Return whether a comparison has a Real on one side and an LReal on the other, which no setting permits.

    A number without a type decides nothing. TIA Portal's help, "Creating SCL programs", heading "Comparison of floating-point
    numbers"; so do the comparisons of LAD and FBD.
    """
    first, second = _find_real(left), _find_real(right)
    return None not in (first, second) and first != second


def _find_real(expression: Expression) -> DataType | None:
    """Return the floating-point type that an operand has by a declaration, None where only a literal gives it one."""
    match expression:
        case Convert(operand, implicit=True):
            return _find_real(operand)
        case Constant(fixed=False, symbol=""):
            return None
        case Binary(left=left, right=right):
            found = [each for each in (_find_real(left), _find_real(right)) if each is not None]
            return max(found, key=size_bits, default=None)
        case Unary(operand=operand):
            return _find_real(operand)
    return expression.type if _is_number(expression.type, Kind.REAL) else None


def as_operand(scope: Scope, expression: Expression, target: DataType, place: Place) -> Expression:
    """Return an operand of an operator: a comparison converts times to larger ones that an assignment refuses."""
    if is_larger_time(expression.type, target):
        return Convert(expression, target, expression.place)
    return coerce(scope, expression, target, place)


def _as_number(scope: Scope, expression: Expression, target: DataType) -> Expression:
    """Return a bit string that meets a floating-point number as the unsigned integer that it is in an expression.

    TIA Portal's help, "Data type conversion for S7-1500", note "Converting bit strings to SCL".
    """
    source = expression.type
    if _is_number(target, Kind.REAL) and isinstance(source, Elementary) and source.kind is Kind.BITS:
        return coerce(scope, expression, UNSIGNED[source.bits], expression.place)
    return expression


def _warn_of_wrap(scope: Scope, literal: Constant | None, taken: Expression, operator: str) -> None:
    """Warn of a literal that the type of a typed constant next to it does not hold."""
    if literal is None or not isinstance(taken, Constant) or operator in _LOGICAL or literal.value == taken.value:
        return
    if not _is_number(literal.type, Kind.INTEGER) or not _is_number(taken.type, Kind.INTEGER):
        return
    message = (
        f"{literal.value} is outside of the values of {type_name(taken.type)}, which the constant next to it decides: "
        f"it is calculated with {taken.value}. Write the type of both, such as {type_name(literal.type).upper()}#{literal.value}."
    )
    scope.warning("value.overflow", message, literal.place)


def _readings(literal: Constant, operator: str, other: Expression) -> Iterator[Constant]:
    """Yield a literal with the types that it may have next to an operand, the likeliest first.

    A typed constant decides (`INT#1 + 50000` is -15535; TIA Portal's help, "Calculating with constants in SCL"). In a
    logical operation with an integer the literal is a bit string (`#count AND 1`, seen in an export), a negative one the
    pattern of its integer; a whole number next to a time is a DInt, which means a time (`#time < 0`).
    """
    beside = other.type
    logical = operator in _LOGICAL and _is_number(beside, Kind.INTEGER, Kind.BITS)
    types = [_PATTERNS[beside.bits]] if logical and isinstance(beside, Elementary) else []
    for data_type in (*types, beside):
        value = adapt(literal.value, literal.type, data_type)
        if value is not None:
            yield Constant(value, _whole_text(value, data_type), literal.place)
    typed = isinstance(other, Constant) and other.fixed and _is_number(beside, Kind.INTEGER)
    if typed and isinstance(beside, Elementary) and _is_number(literal.type, Kind.INTEGER):
        yield Constant(wrap(int(literal.value), beside), beside, literal.place)
    yield literal
    yield from _list_integers(literal)


def _whole_text(value: Value, data_type: DataType) -> DataType:
    """Return the type of a literal next to an operand of a type: a text keeps its own length."""
    return Text(data_type.name, len(str(value))) if isinstance(data_type, Text) else data_type


def _list_integers(literal: Constant) -> Iterator[Constant]:
    """Yield a whole number as the types that convert to times."""
    if _is_number(literal.type, Kind.INTEGER):
        yield from (Constant(literal.value, each, literal.place) for each in (DINT, LINT) if fits(literal.value, each))


def _literal(expression: Expression) -> Constant | None:
    """Return the constant of an expression of untyped literals, None for anything that has a type.

    Only one operation is checked, because expressions are folded from the inside as they are made.
    """
    match expression:
        case Constant() | Unary(operand=Constant()) | Binary(left=Constant(), right=Constant()):
            found = fold_expression(expression)
        case _:
            return None
    if found is None or found.overflowed or found.constant.fixed or found.constant.symbol:
        return None
    return found.constant


def _adapt(scope: Scope, expression: Expression, literal: Constant, target: DataType, place: Place) -> Expression:
    value = adapt(literal.value, literal.type, target)
    if value is not None:
        return _in_length(scope, Constant(value, target, literal.place), place)
    if same(literal.type, target) or _accepts(expression, target):
        return expression
    numbers = (Kind.BITS, Kind.INTEGER)
    if isinstance(target, Elementary) and target.kind in numbers and _is_number(literal.type, *numbers):
        _out_of_range(scope, literal, target, place)
        return expression
    if isinstance(target, Elementary) and target.unit:
        expression = next((e for e in _list_integers(literal) if is_permitted(e.type, target)), expression)
    return _convert(scope, expression, target, place)


def _is_number(data_type: DataType, *kinds: Kind) -> bool:
    return isinstance(data_type, Elementary) and data_type.kind in kinds


def _out_of_range(scope: Scope, literal: Constant, target: Elementary, place: Place) -> None:
    allowed = limits(target)
    between = f" from {allowed[0]} to {allowed[1]}" if allowed else ""
    message = (
        f"{literal.value} is outside of the values of {type_name(target)}{between}. Use a larger type or another value."
    )
    scope.error("value.range", message, place)


def _in_length(scope: Scope, constant: Constant, place: Place) -> Constant:
    """Warn of a literal that is longer than the string it goes to."""
    target = constant.type
    if isinstance(target, Text) and not fits(constant.value, target):
        message = (
            f"The text has {len(str(constant.value))} characters, {type_name(target)} holds {target.length}. "
            "The rest is cut off; shorten the text or lengthen the string."
        )
        scope.warning("value.string_length", message, place)
        return Constant(str(constant.value)[: target.length], target, constant.place)
    return constant


def _cut_string(expression: Expression, source: DataType, target: DataType) -> Expression:
    """Return a string; a longer one gets a conversion, which cuts it at run time if it is too long for the target."""
    if not isinstance(source, Text) or not isinstance(target, Text):
        return expression
    if source.length is None or target.length is None or source.length <= target.length:
        return expression
    return Convert(expression, target, expression.place, lossy=True)


def _accepts(expression: Expression, target: DataType) -> bool:
    """Return whether a type takes a value as it is: Variant and its like, block parameters, references."""
    match target:
        case Special():
            name = target.name.casefold()
            return name in _ANYTHING or (name.startswith(_BLOCKS) and isinstance(expression, DataBlock))
        case Reference():
            return isinstance(expression.type, Special) and expression.type.name == "Null"
        case Elementary():
            return target.name.casefold() == "db_any" and isinstance(expression, DataBlock)
        case Structure():
            return names_object(expression.type, target)
    return False


def names_object(source: DataType, target: DataType) -> bool:
    """Return whether a DB_ANY goes to a parameter of a technology object: its block is checked at run time only.

    TypeOfDB before the call is the usual check (docs/facts/tia-rules.md#technology-objects).
    """
    if not isinstance(source, Elementary) or not isinstance(target, Structure):
        return False
    return source.name == "DB_ANY" and target.origin == "system" and target.name.upper().startswith("TO_")


def names_instance(source: DataType, target: DataType) -> bool:
    """Return whether a DB_ANY goes to a parameter instance: which instance it names is checked at run time only.

    TIA Portal's help, "Programming basics", heading "Example of using parameter instances in an ARRAY of DB_ANY".
    """
    return source == ELEMENTARY["DB_ANY"] and isinstance(target, Structure) and target.origin == "fb"


def _convert(scope: Scope, expression: Expression, target: DataType, place: Place) -> Expression:
    source, family = expression.type, scope.symbols.cpu.family
    if is_permitted(source, target, iec_check=scope.iec_check, family=family):
        lost = loss(source, target)
        if lost:
            warn_of_loss(scope, source, target, lost, place)
        return Convert(expression, target, expression.place, lossy=bool(lost))
    scope.error("type.implicit", _refusal(source, target, iec_check=scope.iec_check, family=family), place)
    return expression


def warn_of_loss(scope: Scope, source: DataType, target: DataType, lost: str, place: Place) -> None:
    """Warn of a conversion that may lose digits (`precision`) or the value (`value`)."""
    what = "digits may get lost" if lost == "precision" else "the value may not fit"
    message = (
        f"{type_name(source)} is converted to {type_name(target)} implicitly: {what}. "
        "Convert explicitly if this is intended."
    )
    scope.warning("type.precision" if lost == "precision" else "type.narrowing", message, place)


def _refusal(source: DataType, target: DataType, *, iec_check: bool, family: str) -> str:
    relaxed = iec_check and is_permitted(source, target, family=family)
    if relaxed:
        advice = "Convert explicitly, or switch the IEC check of the block off."
    elif isinstance(source, Elementary) and isinstance(target, Elementary):
        advice = "Convert explicitly."
    elif isinstance(source, Structure) and isinstance(target, Structure):
        advice = "Only structures of the same data type can be assigned to each other."
    else:
        advice = "Use a value of the right type."
    return f"{type_name(source)} is not converted to {type_name(target)} implicitly. {advice}"
