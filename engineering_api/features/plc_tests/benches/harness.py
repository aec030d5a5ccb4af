"""The harness of single blocks: an organization block that calls one tested block in each cycle, and their data.

`PlcTests.selected` says which one. An FB is tested in a separate instance, so its inputs, outputs and static data are
tags; parameters of functions and in/out parameters are in `PlcTests`. The harness is SCL text, generated in the project
next to the program like any source, so it runs wherever the program does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openness_bridge.errors import Kind, Place, Problem
from simatic_xml.model import Block, Member
from simatic_xml.program.workspace import Workspace

DATA, MAIN, PREFIX = "PlcTests", "PlcTests_Main", "PlcTest_"
RESULT = "Ret_Val"
SELECTED = f"{DATA}.selected"
_OPTIMIZED = "{ S7_Optimized_Access := 'TRUE' }"
_PARAMETERS = ("Input", "Output", "InOut")
_QUOTED = re.compile(r'"[^"\x00-\x1f]+"')
_DECLARED = re.compile(r"""(?:"[^"\x00-\x1f]+"|'(?:[^'$\x00-\x1f]|\$.)*'|/(?![/*])|\((?!\*)|[^"';/(\x00-\x1f])*""")
_NOT_DECLARED = re.compile(r"\*|^(variant|any|pointer|remote|void|block_\w+|ref_to\b.*)$|\bstruct$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TestedBlock:
    """A block that is tested alone.

    Attributes:
        name: of the block.
        number: in `selected`.
        names: tag of each of its variables, casefolded.
    """

    name: str
    number: int
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Harness:
    """The text of a harness and the blocks that it calls, by casefolded name."""

    source: str
    tested: dict[str, TestedBlock]


def is_harness(block: str) -> bool:
    """Return whether a block belongs to the harness."""
    return block in (DATA, MAIN) or block.startswith(PREFIX)


def harness(program: Workspace, blocks: Iterable[str]) -> Harness:
    """Make the harness of some blocks of a program.

    Raises:
        Problem: one of them is no FC or FB, or has a parameter that cannot be declared outside of a block.
    """
    found = [_block(program, name) for name in {each.casefold(): each for each in blocks}.values()]
    calls = [_call(block, number) for number, block in enumerate(found, 1)]
    tested = {block.name.casefold(): _build_tested(block, number) for number, block in enumerate(found, 1)}
    return Harness(
        "\n".join([_data(found), *(_instance(block) for block in found if block.kind == "FB"), _main(calls)]), tested
    )


def find_refused(program: Workspace, blocks: Iterable[str]) -> dict[str, Problem]:
    """Return why blocks cannot be tested alone, by the casefolded names of those that cannot."""
    refused: dict[str, Problem] = {}
    for name in blocks:
        try:
            _block(program, name)
        except Problem as problem:
            refused[name.casefold()] = problem
    return refused


def _block(program: Workspace, name: str) -> Block:
    found = program.find(name)
    if not isinstance(found, Block) or found.kind not in ("FB", "FC"):
        known = sorted(each.name for each in program if isinstance(each, Block) and each.kind in ("FB", "FC"))
        msg = f"There is no FB or FC '{name}' to be tested. There is: {', '.join(known) or 'none'}."
        raise Problem("plc_test.block", msg, kind=Kind.MISSING, place=Place(block=name))
    _require_writable(found)
    for section, member in _members(found):
        if _in_data(found, section) and _NOT_DECLARED.search(member.data_type):
            msg = (
                f"'{found.name}' cannot be tested alone: nothing outside of a block has the type of #{member.name} "
                f"({member.data_type}). Test a block that calls it."
            )
            raise Problem("plc_test.parameter", msg, place=Place(block=found.name, object=member.name))
    return found


def _require_writable(block: Block) -> None:
    """Refuse a block whose names, types or start values would be other text of SCL than one name, type or value.

    Raises:
        Problem: names which.
    """
    texts = [(block.name, _QUOTED.fullmatch(f'"{block.name}"'))]
    for _, member in _members(block):
        texts.append((member.name, _QUOTED.fullmatch(f'"{member.name}"')))
        texts += [(text, _DECLARED.fullmatch(text)) for text in (member.data_type, member.start_value or "")]
    wrong = next((text for text, found in texts if not found), None)
    if wrong is not None:
        msg = (
            f"'{block.name}' cannot be tested alone: '{wrong}' cannot be written in a source. Correct it in the block."
        )
        raise Problem("plc_test.block", msg, place=Place(block=block.name, object=wrong))


def _in_data(block: Block, section: str) -> bool:
    """Return whether variables of a section are in `PlcTests`, not in the instance."""
    return section == "InOut" if block.kind == "FB" else section in (*_PARAMETERS, "Return")


def _members(block: Block) -> Iterator[tuple[str, Member]]:
    """Yield the variables that a test may name, with their sections; a function's result as Ret_Val."""
    wanted = (*_PARAMETERS, "Static") if block.kind == "FB" else _PARAMETERS
    for section, member in block.members():
        is_result = section == "Return" and member.data_type.casefold() != "void"
        if section in wanted or is_result:
            yield section, member


def _name(section: str, member: Member) -> str:
    return RESULT if section == "Return" else member.name


def _build_tested(block: Block, number: int) -> TestedBlock:
    names = {}
    for section, member in _members(block):
        root = f"{DATA}.{block.name}" if _in_data(block, section) else PREFIX + block.name
        names[_name(section, member).casefold()] = f"{root}.{_name(section, member)}"
    return TestedBlock(block.name, number, names)


def _data(blocks: list[Block]) -> str:
    lines = [f'DATA_BLOCK "{DATA}"', _OPTIMIZED, "NON_RETAIN", "VAR", "   selected : Int;"]
    for block in blocks:
        held = [(section, member) for section, member in _members(block) if _in_data(block, section)]
        if held:
            lines.append(f'   "{block.name}" : Struct')
            lines += [f'      "{_name(*each)}" : {each[1].data_type}{_start(each[1])};' for each in held]
            lines.append("   END_STRUCT;")
    return "\n".join([*lines, "END_VAR", "BEGIN", "END_DATA_BLOCK", ""])


def _start(member: Member) -> str:
    return f" := {member.start_value}" if member.start_value else ""


def _instance(block: Block) -> str:
    lines = [
        f'DATA_BLOCK "{PREFIX}{block.name}"',
        _OPTIMIZED,
        "NON_RETAIN",
        f'"{block.name}"',
        "BEGIN",
        "END_DATA_BLOCK",
        "",
    ]
    return "\n".join(lines)


def _call(block: Block, number: int) -> str:
    data = f'"{DATA}"."{block.name}"'
    given, result = [], ""
    for section, member in _members(block):
        if not _in_data(block, section):
            continue
        if section == "Return":
            result = f'{data}."{RESULT}" := '
        else:
            given.append(f'"{member.name}" {"=>" if section == "Output" else ":="} {data}."{member.name}"')
    callee = f"{PREFIX}{block.name}" if block.kind == "FB" else block.name
    return f'      {number}: {result}"{callee}"({", ".join(given)});'


def _main(calls: list[str]) -> str:
    head = f'ORGANIZATION_BLOCK "{MAIN}"\n{_OPTIMIZED}\nBEGIN\n   CASE "{DATA}".selected OF'
    return "\n".join([head, *calls, "   END_CASE;", "END_ORGANIZATION_BLOCK", ""])
