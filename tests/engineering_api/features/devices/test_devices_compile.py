"""How a compiler's tree is read: the places in it, and a sentence for each finding."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.program import compile as compiling
from openness_bridge.program.compile import Diagnostic


@dataclass(frozen=True)
class State:
    """As .NET shows an enum."""

    name: str

    def ToString(self) -> str:  # noqa: N802 - the .NET name
        return self.name


ERROR = State("Error")


@dataclass(frozen=True)
class Node:
    """As .NET shows a CompilerResultMessage, and with an empty path the CompilerResult."""

    Path: str = ""
    Description: str = ""
    State: Any = ERROR
    Messages: list[Any] = field(default_factory=list)
    ErrorCount: int = 1
    WarningCount: int = 0


def tree(*path: str, text: str = "Not defined.", state: str = "Error") -> Node:
    """A result with one finding at the end of a path, and the closing summary."""
    node = Node(path[-1], text, State(state))
    for part in reversed(path[:-1]):
        node = Node(part, "", State(state), [node])
    return Node(Messages=[node, Node("", "Compiling finished (errors: 1; warnings: 0)")])


def only(*path: str, **given: str) -> Diagnostic:
    (found,) = compiling.report(tree(*path, **given)).diagnostics
    return found


def test_a_network() -> None:
    found = only("PLC_1", "Program blocks", "Conveyors", "Belt (FB7)", "Network 3")
    assert (found.block, found.network, found.line) == ("Belt", 3, None)
    assert found.text == "PLC_1/Program blocks/Conveyors/Belt (FB7): Network 3: Not defined."


def test_a_bare_number_in_the_tree_is_a_line_of_the_code_and_not_of_a_file() -> None:
    found = only("PLC_1", "Program blocks", "Belt (FC7)", "42")
    assert (found.block, found.network, found.line, found.code_line) == ("Belt", None, None, 42)
    assert found.text.endswith("Belt (FC7): Code line 42: Not defined.")
    node: Any = compiling.report(tree("PLC_1", "Belt (FC7)", "42")).result
    while node.messages:
        node = node.messages[0]
    assert node.path == "Code line 42"


def test_a_line_in_a_network_and_a_section_of_the_interface() -> None:
    inside = only("PLC_1", "Belt (OB1)", "Network 2", "5")
    assert (inside.block, inside.network, inside.line, inside.code_line) == ("Belt", 2, None, 5)
    assert inside.text == "PLC_1/Belt (OB1): Network 2, Code line 5: Not defined."
    section = only("PLC_1", "Belt (FB1)", "Static")
    assert (section.network, section.line, section.text) == (None, None, "PLC_1/Belt (FB1)/Static: Not defined.")


def test_the_language_of_the_user_interface_does_not_matter() -> None:
    places = [only("PLC_1", "Belt (FB1)", name) for name in ("Network 9", "Netzwerk 9", "Réseau 9", "程序段 9")]
    assert {(found.network, found.line) for found in places} == {(9, None)}
    assert only("PLC_1", "Belt (FB1)", "Zeile 7").code_line == 7


def test_numbers_outside_of_blocks_are_no_lines() -> None:
    found = only("PLC_1", "Hardware configuration", "Rack 5")
    assert (found.block, found.network, found.line) == (None, None, None)


def test_successes_are_in_the_tree_only() -> None:
    report = compiling.report(tree("PLC_1", "Belt (FB1)", state="Success"))
    assert report.diagnostics == []
    assert report.result.messages[0].messages[0].state == "Success"


names = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(names, st.sampled_from(["OB", "FB", "FC", "DB"]), st.integers(1, 65535), st.integers(1, 9999))
def test_any_block_name_is_read_back(name: str, kind: str, number: int, line: int) -> None:
    found = only("PLC_1", "Program blocks", f"{name} ({kind}{number})", str(line))
    assert (found.block, found.line, found.code_line, found.severity) == (name, None, line, "Error")
