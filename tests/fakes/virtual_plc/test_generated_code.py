"""No text of a program becomes code: what is generated depends on the structure of the program alone."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as member
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings

from engineering_api.features.plc_tests.benches.harness import harness
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc import hostile_programs
from tests.fakes.virtual_plc.agreement import put_stl
from tests.fakes.virtual_plc.hostile_programs import PLAIN, PLAIN_NAMES, Words
from virtual_plc.code import python_text
from virtual_plc.cpu.services import PlainServices
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, ProgramError, program_of
from virtual_plc.python_tier import compile_program

bounded = settings(max_examples=20, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


class Renamed(ast.NodeTransformer):
    """Gives names the number of their first use, so that equal structures become equal."""

    def __init__(self) -> None:
        self.numbers: dict[str, str] = {}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field in ("id", "attr", "arg", "name"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                key = f".{name}" if field == "attr" else name
                setattr(node, field, self.numbers.setdefault(key, f"n{len(self.numbers)}"))
        return super().generic_visit(node)


@dataclass(frozen=True)
class Found:
    """The trees of all Python that was generated, their names numbered, and how many names there are."""

    trees: list[str] = member(repr=False)
    names: int


def structure(words: Words, monkeypatch: pytest.MonkeyPatch) -> Found:
    """Return what is generated for a program."""
    sources: list[str] = []

    def recording(source: str, file: str, mode: str) -> Any:
        sources.append(source)
        return compile(source, file, mode)

    workspace = hostile_programs.workspace(words)
    workspace.put_source(harness(workspace, [words.names[26], words.names[30]]).source, "harness")
    program = program_of(workspace)
    with monkeypatch.context() as patch:
        patch.setattr(python_text, "compile", recording, raising=False)
        executable = compile_program(program, Memory(program), PlainServices())
        executable.run("Main")
    renamed = Renamed()
    return Found([ast.dump(renamed.visit(ast.parse(each))) for each in sources], len(renamed.numbers))


@pytest.fixture(scope="module")
def plain() -> Found:
    """The structure of the program with harmless names and texts; the classes of system types have been made before."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        structure(PLAIN, monkeypatch)
        return structure(PLAIN, monkeypatch)


def differences(found: Found, plain: Found) -> str:
    """Return the first piece of code that has another structure; empty where there is none."""
    pairs = zip_longest(found.trees, plain.trees, fillvalue="")
    first = next((f"{a[:2000]}\n\n{b[:2000]}" for a, b in pairs if a != b), "")
    return first or ("" if found.names == plain.names else f"{found.names} names, not {plain.names}")


@pytest.mark.slow
@bounded
@given(hostile_programs.names, hostile_programs.texts)
def test_generated_python_depends_on_the_structure_alone(
    plain: Found, names: Sequence[str], texts: Sequence[str]
) -> None:
    """Names, texts, titles and comments in all languages, UDTs, JSON of networks, step names, tags and the harness."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        try:
            found = structure(Words(names, texts), monkeypatch)
        except (ValueError, ProgramError):
            reject()
        assert differences(found, plain) == ""


@pytest.mark.parametrize("word", [each for each in hostile_programs.CODE if each not in ("main", "eno")])
def test_a_word_of_generated_code_is_a_name_like_any_other(
    word: str, plain: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    for numbers in ((0, 5, 10, 24), (1, 6, 9, 17), (3, 4, 12, 21, 31, 36)):
        names = [
            f"{word}{at if at > numbers[0] else ''}" if at in numbers else name for at, name in enumerate(PLAIN_NAMES)
        ]
        found = structure(Words(names, ['"""', "\\", "'", "{}", "\n", "#", "*/", "\0"]), monkeypatch)
        assert differences(found, plain) == ""


# Constants -----------------------------------------------------------------------------------------------------------

_NUMBERS = "INC DEC + SLW SRW SLD SRD SSI SSD RLD RRD AW OW XOW AD OD XOD LAR1 LAR2 +AR1 +AR2".split()  # noqa: SIM905


def refused(statement: str) -> list[str]:
    """Return the codes of what is wrong with a statement of STL in the third line of a program."""
    workspace = Workspace()
    put_stl(workspace, f'ORGANIZATION_BLOCK "Main"\nBEGIN\nNETWORK\nTITLE =\n\n  {statement}\nEND_ORGANIZATION_BLOCK\n')
    return [each.code for each in workspace.check() if each.severity is Severity.ERROR and each.place.line == 1]


@pytest.mark.parametrize("mnemonic", _NUMBERS)
@pytest.mark.parametrize(
    "constant", ['\'"""\'', "'1'", "'ab'", "'1+1'", "1.5", "T#1s", "S5T#1s", "TRUE", "D#2024-01-01"]
)
def test_an_operation_on_a_number_takes_no_constant_of_another_type(mnemonic: str, constant: str) -> None:
    assert set(refused(f"{mnemonic} {constant};")) <= {"stl.operand_type"} != set()
    assert "stl.operand_type" in refused(f"{mnemonic} {constant};")


@pytest.mark.parametrize(
    ("statement", "taken"),
    [
        ("INC 0;", True),
        ("INC 255;", True),
        ("INC 256;", False),
        ("DEC -1;", False),
        ("SLW 15;", True),
        ("SLW 16;", False),
        ("SLD 32;", True),
        ("RRD 33;", False),
        ("SSI -1;", False),
        ("AW W#16#FFFF;", True),
        ("AD DW#16#FFFF_FFFF;", True),
        ("+ -5;", True),
        ("+ L#70000;", True),
        ("+AR1 P#2.0;", True),
        ("LAR1 P#M 10.0;", True),
        ("L 'abcd';", True),
    ],
)
def test_a_number_has_to_be_in_the_range_of_its_operation(statement: str, taken: bool) -> None:
    assert refused(statement) == ([] if taken else ["value.range"])


def test_a_text_constant_executes_nothing(tmp_path: Path) -> None:
    """The program that executed code when constants of STL became text of Python."""
    proof = tmp_path / "executed"
    source = f"""
FUNCTION "F" : Int
VAR_INPUT
   s : String;
END_VAR
BEGIN
NETWORK
TITLE =

  L 0;
END_FUNCTION
ORGANIZATION_BLOCK "Main"
VAR_TEMP
   r : Int;
END_VAR
BEGIN
NETWORK
TITLE =

  INC '\"\"\"';
  CALL "F" ( s := 'AAA\"\"\".__len__()*0 | (__import__("pathlib").Path("{proof}").touch() or 0) & 255 #', RET_VAL := #r );
END_ORGANIZATION_BLOCK
"""
    workspace = Workspace()
    put_stl(workspace, source)
    with pytest.raises(ProgramError) as error:
        program_of(workspace)
    assert [(each.code, each.place.block) for each in error.value.problems] == [("stl.operand_type", "Main")]
    assert not proof.exists()


def test_a_constant_that_passed_the_check_by_mistake_is_no_code() -> None:
    """Even a program whose check is gone gives no code: the writer refuses its texts."""
    workspace = Workspace()
    put_stl(workspace, 'ORGANIZATION_BLOCK "Main"\nBEGIN\nNETWORK\nTITLE =\n\n  INC 1;\nEND_ORGANIZATION_BLOCK\n')
    program = program_of(workspace)
    (operation,) = program.blocks["main"].networks[0].body
    operation.operand.value = '1 if print("executed") else 2'
    with pytest.raises(ProgramError, match="needs a whole number"):
        compile_program(program, Memory(program), PlainServices())


def test_generated_code_has_no_names_of_python_that_it_does_not_need() -> None:
    program: Program = hostile_programs.program(PLAIN)
    executable = compile_program(program, Memory(program), PlainServices())
    assert executable._functions
    for function in executable._functions.values():
        assert set(function.__globals__["__builtins__"]) == set(python_text.BUILTINS)
    assert not {"__import__", "eval", "exec", "open", "compile", "print", "setattr", "globals"} & set(
        python_text.BUILTINS
    )
