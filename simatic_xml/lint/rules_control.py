"""Rules on branches, loops and jumps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from simatic_xml.lint.model import Edit, Options, Rule, Violation, number
from simatic_xml.lint.source import Source, find_written, labels, parts
from simatic_xml.scl.nodes import (
    Assignment,
    Binary,
    Case,
    Expression,
    For,
    If,
    Jump,
    Label,
    Literal,
    Node,
    Range,
    Region,
    Repeat,
    Statement,
    Unary,
    Variable,
    While,
    bodies,
    walk,
)

_NESTING = (If, Case, For, While, Repeat)


def case_else(source: Source) -> Iterator[Violation]:
    """Find CASE without ELSE."""
    for statement in _all(source):
        if isinstance(statement, Case) and statement.otherwise is None:
            yield source.at(statement.first, "CASE has no ELSE; add one for all other values.")


def case_for_chain(source: Source, options: Options) -> Iterator[Violation]:
    """Find IF with at least `branches` branches that compare one operand with constants."""
    for statement in _all(source):
        if not isinstance(statement, If) or len(statement.branches) < number(options, "branches"):
            continue
        compared = {_find_compared(source, branch.condition) for branch in statement.branches}
        if len(compared) == 1 and None not in compared:
            yield source.at(statement.first, "All branches compare the same operand with constants; use CASE.")


def _find_compared(source: Source, condition: Expression) -> tuple[str, ...] | None:
    """Return the operand that a condition compares with a literal or constant, None for another condition."""
    if not isinstance(condition, Binary) or condition.operator != "=":
        return None
    if not isinstance(condition.left, Variable) or not _is_constant(condition.right):
        return None
    return source.words(condition.left)


def _is_constant(node: Expression) -> bool:
    """Return whether an operand is a whole number or has the name of a constant."""
    if isinstance(node, Literal):
        return node.text.replace("_", "").isdecimal()
    return isinstance(node, Variable) and not node.path and node.name.isupper()


def goto(source: Source) -> Iterator[Violation]:
    """Find GOTO."""
    for statement in _all(source):
        if isinstance(statement, Jump) and statement.keyword == "GOTO":
            yield source.at_node(statement, f"GOTO {statement.label}: use a branch or a loop.")


def early_return(source: Source) -> Iterator[Violation]:
    """Find RETURN in front of the end of a block."""
    for statement in _all(source):
        if isinstance(statement, Jump) and statement.keyword == "RETURN":
            yield source.at_node(statement, "RETURN ends the block here; end it only after its last statement.")


def loop_exit(source: Source) -> Iterator[Violation]:
    """Find EXIT and CONTINUE."""
    for statement in _all(source):
        if isinstance(statement, Jump) and statement.keyword in ("EXIT", "CONTINUE"):
            yield source.at_node(statement, f"{statement.keyword} hides when the loop ends; end it by its condition.")


def nesting_depth(source: Source, options: Options) -> Iterator[Violation]:
    """Find branches and loops inside each other, deeper than `max`."""
    limit = number(options, "max")
    for body in source.bodies:
        stack = [(statement, 1) for statement in body.statements]
        while stack:
            statement, depth = stack.pop()
            nests = isinstance(statement, _NESTING)
            if nests and depth > limit:
                yield source.at(statement.first, f"This is nested {depth} levels deep; at most {limit} are allowed.")
                continue
            stack.extend((each, depth + nests) for inner in bodies(statement) for each in inner)


def complexity(source: Source, options: Options) -> Iterator[Violation]:
    """Find blocks with more than `max` branches, loops and conditions joined by AND, OR or XOR."""
    limit = number(options, "max")
    for body in source.bodies:
        found = 1 + sum(_decisions(statement) for statement in body.all())
        if found > limit and body.statements and body.owner is not None:
            yield source.at_name(body.owner, f"The block has {found} paths, at most {limit} are allowed; split it.")


def _decisions(statement: Statement) -> int:
    match statement:
        case If():
            conditions = [branch.condition for branch in statement.branches]
            return len(conditions) + sum(map(_joints, conditions))
        case Case():
            return len(statement.choices)
        case While() | Repeat():
            return 1 + _joints(statement.condition)
        case For():
            return 1
    return 0


def _joints(condition: Expression) -> int:
    return sum(isinstance(node, Binary) and node.operator in ("AND", "&", "OR", "XOR") for node in parts(condition))


def empty_branch(source: Source) -> Iterator[Violation]:
    """Find branches and loops that do nothing and say nothing about it."""
    for statement in _all(source):
        for inner, first, stop in _branches(source, statement):
            idle = all(source.text[slice(*source.range(each))] == ";" for each in inner)
            if idle and not source.has_comment(first, stop + 1):
                yield source.at(first - 1, "There is no statement here; delete the branch, or explain it in a comment.")


def _branches(source: Source, statement: Statement) -> Iterator[tuple[list[Statement], int, int]]:
    """Yield the bodies of a branch or loop, each with its first token and the token after it."""
    kinds = source.tokens.kinds
    match statement:
        case If():
            for branch in statement.branches:
                yield branch.body, _behind(kinds, "THEN", branch.condition.stop), branch.stop
        case Case():
            for choice in statement.choices:
                yield choice.body, _behind(kinds, ":", choice.labels[-1].stop), choice.stop
        case For() | While():
            head = (statement.step or statement.limit) if isinstance(statement, For) else statement.condition
            yield statement.body, _behind(kinds, "DO", head.stop), _last(kinds, statement)
        case Repeat() | Region():
            yield statement.body, statement.first + 1, _last(kinds, statement)
    if isinstance(statement, If | Case) and statement.otherwise is not None:
        before: Node = statement.branches[-1] if isinstance(statement, If) else statement.selector
        if isinstance(statement, Case) and statement.choices:
            before = statement.choices[-1]
        yield statement.otherwise, _behind(kinds, "ELSE", before.stop), _last(kinds, statement)


def _behind(kinds: list[str], kind: str, start: int) -> int:
    return kinds.index(kind, start) + 1


def _last(kinds: list[str], statement: Statement) -> int:
    """Return the END_ token of a statement."""
    return statement.stop - 1 - (kinds[statement.stop - 1] == ";")


def boolean_if(source: Source) -> Iterator[Violation]:
    """Find IF that only passes its condition on: `IF a THEN b := TRUE; ELSE b := FALSE; END_IF;`."""
    for statement in _all(source):
        if not isinstance(statement, If) or len(statement.branches) != 1:
            continue
        [branch] = statement.branches
        then, otherwise = _truth(source, branch.body), _truth(source, statement.otherwise or [])
        if then and otherwise and then[0] == otherwise[0] and then[2] != otherwise[2]:
            start, stop = source.range(statement)
            condition = source.text[slice(*_whole(source, branch.condition, branch.first + 1))]
            value = condition if then[2] else f"NOT ({condition})"
            edits = (
                ()
                if source.has_comment(statement.first + 1, statement.stop)
                else (Edit(start, stop, f"{then[1]} := {value};"),)
            )
            yield source.at(statement.first, f"Assign the condition itself: {then[1]} := ...;", *edits)


def _whole(source: Source, condition: Expression, first: int) -> tuple[int, int]:
    """Return the offsets of a condition with the parentheses around it, which are no part of its node."""
    tokens = source.tokens
    then = tokens.kinds.index("THEN", condition.stop)
    return tokens.starts[first], tokens.ends[then - 1]


def _truth(source: Source, body: list[Statement]) -> tuple[tuple[str, ...], str, bool] | None:
    """Return target (as words and as text) and value where a body only assigns TRUE or FALSE."""
    if len(body) != 1 or not isinstance(body[0], Assignment):
        return None
    statement = body[0]
    value = statement.value
    if statement.operators != [":="] or not isinstance(value, Literal):
        return None
    if value.text.upper() not in ("TRUE", "FALSE"):
        return None
    [target] = statement.targets
    return source.words(target), source.text[slice(*source.range(target))], value.text.upper() == "TRUE"


def same_branches(source: Source) -> Iterator[Violation]:
    """Find branches of one IF or CASE that follow each other and do the same."""
    for statement in _all(source):
        inner = [each[0] for each in _branches(source, statement)] if isinstance(statement, If | Case) else []
        for before, body in pairwise(inner):
            if body and _all_words(source, before) == _all_words(source, body):
                yield source.at_node(body[0], "This branch does the same as the one before it; join them.")


def _all_words(source: Source, body: list[Statement]) -> list[tuple[str, ...]]:
    return [source.words(statement) for statement in body]


def same_condition(source: Source) -> Iterator[Violation]:
    """Find conditions of one IF that are the same: the second is never reached."""
    for statement in _all(source):
        seen: set[tuple[str, ...]] = set()
        for branch in statement.branches if isinstance(statement, If) else ():
            condition = source.words(branch.condition)
            if condition in seen:
                yield source.at_node(
                    branch.condition, "An earlier branch has the same condition; this branch is never reached."
                )
            seen.add(condition)


def same_label(source: Source) -> Iterator[Violation]:
    """Find values of one CASE that are the same: the second is never reached."""
    for statement in _all(source):
        seen: set[tuple[str, ...]] = set()
        for label in _single_labels(statement):
            value = source.words(label)
            if value in seen:
                text = source.text[slice(*source.range(label))]
                yield source.at_node(label, f"An earlier branch has the value {text}; it is never chosen here.")
            seen.add(value)


def _single_labels(statement: Statement) -> Iterator[Expression]:
    for choice in statement.choices if isinstance(statement, Case) else ():
        yield from labels([label for label in choice.labels if not isinstance(label, Range)])


def endless_loop(source: Source) -> Iterator[Violation]:
    """Find WHILE and REPEAT whose body changes nothing that their condition reads, and does not leave them."""
    for statement in _all(source):
        if isinstance(statement, While | Repeat) and not _leaves(statement.body) and not _changes(statement):
            message = "Nothing in the loop changes its condition; it may never end and stop the CPU."
            yield source.at(statement.first, message)


def _leaves(body: list[Statement]) -> bool:
    return any(isinstance(each, Jump) and each.keyword != "CONTINUE" for each in walk(body))


def _changes(loop: While | Repeat) -> bool:
    changed = {node.name.casefold() for each in walk(loop.body) for node in find_written(each)}
    read = {node.name.casefold() for node in parts(loop.condition) if isinstance(node, Variable)}
    calls = any(not isinstance(node, Variable | Literal | Binary | Unary) for node in parts(loop.condition))
    return calls or bool(changed & read)


def loop_variable(source: Source) -> Iterator[Violation]:
    """Find assignments to the variable of a FOR inside it."""
    for statement in _all(source):
        if not isinstance(statement, For) or not isinstance(statement.variable, Variable):
            continue
        counter = source.words(statement.variable)
        for inner in walk(statement.body):
            for target in inner.targets if isinstance(inner, Assignment) else ():
                if source.words(target) == counter:
                    yield source.at_node(target, "The loop counts this variable; do not change it inside.")


def unused_label(source: Source) -> Iterator[Violation]:
    """Jump labels that no GOTO names."""
    for body in source.bodies:
        goals = {each.label.casefold() for each in body.all() if isinstance(each, Jump)}
        for statement in body.all():
            if isinstance(statement, Label) and statement.name.casefold() not in goals:
                yield source.at_node(statement, f"Nothing jumps to the label '{statement.name}'; delete it.")


def _all(source: Source) -> Iterator[Statement]:
    for body in source.bodies:
        yield from body.all()


RULES = (
    Rule("L301", "case-else", "warning", "Every CASE has an ELSE.", "Style guide DA017", case_else),
    Rule(
        "L302",
        "case-for-chain",
        "note",
        "CASE instead of a chain of ELSIF.",
        "Style guide DA016",
        case_for_chain,
        options={"branches": 3},
    ),
    Rule("L303", "goto", "warning", "No GOTO.", "Style guide DA018", goto),
    Rule("L304", "early-return", "note", "A block ends after its last statement.", "PLCopen CP14", early_return),
    Rule("L305", "loop-exit", "note", "A loop ends by its condition.", "PLCopen L10", loop_exit, enabled=False),
    Rule(
        "L306",
        "nesting-depth",
        "warning",
        "Branches and loops are not nested deeply.",
        "PLCopen CP9",
        nesting_depth,
        options={"max": 4},
    ),
    Rule("L307", "complexity", "note", "A block has few paths.", "PLCopen CP9", complexity, options={"max": 40}),
    Rule("L308", "empty-branch", "note", "No branch without statements.", "PLCopen CP2", empty_branch),
    Rule(
        "L309",
        "boolean-if",
        "note",
        "A condition is assigned, not branched on.",
        "Style guide PE011",
        boolean_if,
        fixes=True,
    ),
    Rule("L310", "same-branches", "note", "Branches differ.", "Style guide PE011", same_branches),
    Rule("L311", "same-condition", "error", "Conditions of one IF differ.", "PLCopen CP2", same_condition),
    Rule("L312", "same-label", "error", "Values of one CASE differ.", "PLCopen CP2", same_label),
    Rule("L313", "endless-loop", "warning", "Loops end.", "House", endless_loop),
    Rule(
        "L314",
        "loop-variable",
        "warning",
        "Only FOR itself changes the variable that it counts.",
        "PLCopen L22",
        loop_variable,
    ),
    Rule("L315", "unused-label", "note", "No jump labels without jumps.", "PLCopen CP2", unused_label),
)
