"""Rules on expressions: numbers, parentheses, comparisons."""

from __future__ import annotations

from collections.abc import Iterator

from simatic_xml.lint.model import Edit, Options, Rule, Violation, number, words
from simatic_xml.lint.source import Source, direct, labels, parts
from simatic_xml.scl.expressions import PRECEDENCE
from simatic_xml.scl.lexer import LOCAL, NAME, QUOTED
from simatic_xml.scl.nodes import (
    Assignment,
    Binary,
    Call,
    Case,
    Expression,
    Literal,
    Statement,
    Unary,
    Variable,
)

_CALLABLE = frozenset((NAME, QUOTED, LOCAL, "]", "^"))
_BEGINS = frozenset((":=", "IF", "ELSIF", "WHILE", "UNTIL", "CASE", "TO", "BY", "=>"))
_ENDS = frozenset(("THEN", "DO", ";", "OF", "TO", "BY"))
_COMPARISONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
_OPPOSITE = {"=": "<>", "<>": "="}


def magic_number(source: Source, options: Options) -> Iterator[Violation]:
    """Find numbers in statements, except those in `allowed` and the values of CASE, which have a separate rule."""
    allowed = words(options, "allowed")
    for statement in _all(source):
        for expression in [statement.selector] if isinstance(statement, Case) else direct(statement):
            for node in parts(expression):
                if isinstance(node, Literal) and _is_number(node) and node.text.replace("_", "") not in allowed:
                    yield source.at_node(
                        node, f"The meaning of {node.text} is not clear; declare a constant with a name."
                    )


def _is_number(node: Literal) -> bool:
    return node.text[:1].isdigit() and not node.typed


def case_label_number(source: Source) -> Iterator[Violation]:
    """Find numbers as values of CASE, where the states of a machine should have names."""
    for statement in _all(source):
        for choice in statement.choices if isinstance(statement, Case) else ():
            for label in labels(choice.labels):
                if isinstance(label, Literal) and _is_number(label):
                    yield source.at_node(
                        label, f"The meaning of the case {label.text} is not clear; declare a constant with a name."
                    )


def redundant_parentheses(source: Source) -> Iterator[Violation]:
    """Find parentheses around one operand, around a whole expression, or around parentheses."""
    kinds = source.tokens.kinds
    for statements in (body.statements for body in source.bodies if body.statements):
        pairs = _pairs(kinds, statements[0].first, statements[-1].stop)
        yield from (
            _report_parentheses(source, opening, closing)
            for opening, closing in pairs.items()
            if not _is_call(kinds, opening) and _is_redundant(source, pairs, opening)
        )


def _is_redundant(source: Source, pairs: dict[int, int], opening: int) -> bool:
    kinds, closing = source.tokens.kinds, pairs[opening]
    if closing == opening + 2:
        return True
    if kinds[opening - 1] == "(" and pairs.get(opening - 1) == closing + 1:
        return not _is_call(kinds, opening - 1)
    whole = kinds[opening - 1] in _BEGINS and kinds[closing + 1] in _ENDS
    return whole and not _spans_lines(source, opening, closing)


def _pairs(kinds: list[str], first: int, stop: int) -> dict[int, int]:
    """Return the closing token of each opening parenthesis between two tokens."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    for index in range(first, stop):
        kind = kinds[index]
        if kind == "(":
            stack.append(index)
        elif kind == ")" and stack:
            pairs[stack.pop()] = index
    return dict(sorted(pairs.items()))


def _is_call(kinds: list[str], opening: int) -> bool:
    return opening == 0 or kinds[opening - 1] in _CALLABLE


def _spans_lines(source: Source, opening: int, closing: int) -> bool:
    """Return whether parentheses hold lines together, which makes a long expression readable."""
    return "\n" in source.text[source.tokens.starts[opening] : source.tokens.ends[closing]]


def _report_parentheses(source: Source, opening: int, closing: int) -> Violation:
    tokens, text = source.tokens, source.text
    edits = []
    for index in (opening, closing):
        start, stop = tokens.starts[index], tokens.ends[index]
        joined = _in_word(text[start - 1 : start]) and _in_word(text[stop : stop + 1])
        edits.append(Edit(start, stop, " " if joined else ""))
    return Violation(tokens.starts[opening], tokens.ends[closing], "The parentheses change nothing.", tuple(edits))


def _in_word(character: str) -> bool:
    return character.isalnum() or character in ("_", '"', "#", "'", "%", "-", "+")


def boolean_comparison(source: Source) -> Iterator[Violation]:
    """Find comparisons with TRUE and FALSE."""
    for node in _expressions(source):
        if not isinstance(node, Binary) or node.operator not in ("=", "<>"):
            continue
        literal, other = (node.left, node.right) if _is_truth(node.left) else (node.right, node.left)
        if not isinstance(literal, Literal) or not _is_truth(literal) or _is_truth(other):
            continue
        negated = (literal.text.upper() == "FALSE") == (node.operator == "=")
        yield source.at_node(
            node, "A Bool needs no comparison with a Bool.", *_as_condition(source, node, other, negated)
        )


def _is_truth(node: Expression) -> bool:
    return isinstance(node, Literal) and node.text.upper() in ("TRUE", "FALSE")


def _as_condition(source: Source, node: Binary, operand: Expression, negated: bool) -> tuple[Edit, ...]:
    """Return the edit to the operand alone, where nothing around it binds and no comment is lost."""
    plain = isinstance(operand, Variable | Call) and node.stop - node.first == operand.stop - operand.first + 2
    if not plain or source.has_comment(node.first + 1, node.stop) or source.tokens.kinds[node.first - 1] == "NOT":
        return ()
    text = source.text[slice(*source.range(operand))]
    return (Edit(*source.range(node), f"NOT {text}" if negated else text),)


def negated_comparison(source: Source) -> Iterator[Violation]:
    """Find NOT in front of an equality, `NOT (a = b)`."""
    kinds = source.tokens.kinds
    for node in _expressions(source):
        if not isinstance(node, Unary) or node.operator != "NOT" or not isinstance(node.operand, Binary):
            continue
        inner = node.operand
        if inner.operator not in _OPPOSITE or kinds[node.first + 1] != "(" or inner.first != node.first + 2:
            continue
        operator = _operator_token(source, inner)
        edits: tuple[Edit, ...] = ()
        if not source.has_comment(node.first + 1, node.first + 3) and node.stop == inner.stop + 1 and operator:
            tokens = source.tokens
            edits = (
                Edit(tokens.starts[node.first], tokens.starts[node.first + 1], ""),
                Edit(tokens.starts[operator], tokens.ends[operator], _OPPOSITE[inner.operator]),
            )
        yield source.at_node(node, f"Write {_OPPOSITE[inner.operator]} instead of NOT and {inner.operator}.", *edits)


def _operator_token(source: Source, node: Binary) -> int:
    """Return the token of an operator, 0 where it is not known (more than one is between the operands)."""
    found = [index for index in range(node.left.stop, node.right.first) if source.tokens.kinds[index] == node.operator]
    return found[0] if len(found) == 1 else 0


def double_negation(source: Source) -> Iterator[Violation]:
    """Find NOT NOT."""
    for node in _expressions(source):
        if isinstance(node, Unary) and isinstance(node.operand, Unary) and node.operator == node.operand.operator:
            yield source.at_node(node, f"{node.operator} is written twice and changes nothing.")


def mixed_operators(source: Source) -> Iterator[Violation]:
    """Find AND next to OR or XOR without parentheses."""
    for node in _expressions(source):
        if not isinstance(node, Binary) or node.operator not in ("OR", "XOR"):
            continue
        for side, bare in ((node.left, _left_is_bare), (node.right, _right_is_bare)):
            if isinstance(side, Binary) and side.operator in ("AND", "&") and bare(source, node):
                yield source.at_node(
                    side, f"{side.operator} is evaluated before {node.operator}; show this with parentheses."
                )


def _left_is_bare(source: Source, node: Binary) -> bool:
    return source.tokens.kinds[node.left.stop] == node.operator and node.left.first == node.first


def _right_is_bare(source: Source, node: Binary) -> bool:
    return source.tokens.kinds[node.right.first - 1] == node.operator


def same_operands(source: Source) -> Iterator[Violation]:
    """Find comparisons and logic with the same operand on both sides."""
    judged = _COMPARISONS | {"AND", "&", "OR", "XOR", "-", "/"}
    for node in _expressions(source):
        if not isinstance(node, Binary) or node.operator not in judged or not isinstance(node.left, Variable):
            continue
        if source.words(node.left) == source.words(node.right):
            yield source.at_node(node, f"Both sides of {node.operator} are the same.")


def self_assignment(source: Source) -> Iterator[Violation]:
    """Find `x := x;`."""
    for statement in _all(source):
        if isinstance(statement, Assignment):
            for target, operator in zip(statement.targets, statement.operators, strict=True):
                if operator == ":=" and source.words(target) == source.words(statement.value):
                    yield source.at_node(statement, "The operand is assigned to itself.")


def condition_length(source: Source, options: Options) -> Iterator[Violation]:
    """Find expressions with more than `max` of AND, OR and XOR."""
    limit = number(options, "max")
    for statement in _all(source):
        for expression in direct(statement):
            joints = [n for n in parts(expression) if isinstance(n, Binary) and PRECEDENCE[n.operator] <= 3]
            if len(joints) > limit:
                message = f"{len(joints)} operands are combined, at most {limit} are allowed; assign parts of the condition to variables."
                yield source.at_node(expression, message)


def _all(source: Source) -> Iterator[Statement]:
    for body in source.bodies:
        yield from body.all()


def _expressions(source: Source) -> Iterator[Expression]:
    for body in source.bodies:
        yield from body.expressions()


RULES = (
    Rule(
        "L401",
        "magic-number",
        "note",
        "Numbers have names.",
        "Style guide RU005",
        magic_number,
        options={"allowed": ["0", "1", "2", "10", "100", "0.0", "1.0", "2.0", "100.0"]},
    ),
    Rule("L402", "case-label-number", "note", "Values of CASE have names.", "Style guide RU005", case_label_number),
    Rule(
        "L403",
        "redundant-parentheses",
        "note",
        "No unnecessary parentheses.",
        "House",
        redundant_parentheses,
        fixes=True,
    ),
    Rule(
        "L404",
        "boolean-comparison",
        "note",
        "A Bool is not compared with TRUE or FALSE.",
        "Style guide PE011",
        boolean_comparison,
        fixes=True,
    ),
    Rule(
        "L405", "negated-comparison", "note", "No NOT in front of an equality.", "House", negated_comparison, fixes=True
    ),
    Rule("L406", "double-negation", "note", "Nothing is negated twice.", "House", double_negation),
    Rule(
        "L407", "mixed-operators", "note", "Parentheses show what AND and OR combine.", "PLCopen L15", mixed_operators
    ),
    Rule("L408", "same-operands", "warning", "The sides of an operator differ.", "House", same_operands),
    Rule("L409", "self-assignment", "warning", "Nothing is assigned to itself.", "PLCopen CP2", self_assignment),
    Rule(
        "L410", "condition-length", "note", "Conditions are short.", "PLCopen CP9", condition_length, options={"max": 7}
    ),
)
