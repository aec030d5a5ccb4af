"""Pass 3: where the variables of a block are while its function runs, and how the function is left."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from simatic_xml.program import typed_blocks
from simatic_xml.program.types.types import VOID, Variable
from virtual_plc.code.naming import Name, attribute, mangle
from virtual_plc.code.python_text import Statement, Text, expression, statement
from virtual_plc.memory.local_data import arrange
from virtual_plc.memory.shapes import is_plain
from virtual_plc.python_tier.context import Context
from virtual_plc.python_tier.facts import Facts
from virtual_plc.python_tier.signatures import Signature, bounds_name

IN_INSTANCE = ("Input", "Output", "InOut", "Static")


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of the variables of a block.

    Attributes:
        parameters: names of the parameters of the function.
        own: the variables of the function itself: all but those in the instance.
        framed: the variables that are members of an object `frame`, in order.
        frame_bytes: the bytes that temporary variables are in, None where they have none.
        overlaid: casefolded names of the variables that others overlay (AT).
        returning: the lines that leave the function.
    """

    parameters: Sequence[Name]
    own: Sequence[Variable]
    framed: Sequence[Variable]
    frame_bytes: Text | None
    overlaid: Set[str]
    returning: Sequence[Statement]
    _paths: dict[int, Text]
    _in_instance: tuple[str, ...]

    def path(self, variable: Variable) -> Text:
        """Return a variable of the block."""
        found = self._paths.get(id(variable))
        return _path(variable, self._in_instance) if found is None else found

    def owner(self, variable: Variable) -> tuple[Text, str]:
        """Return what has a variable that is not local, and as which attribute."""
        framed = any(each is variable for each in self.framed)
        return expression("frame" if framed else "self"), attribute(variable.name)


def layout_of(context: Context, block: typed_blocks.Block, facts: Facts, signature: Signature) -> Layout:
    """Return where the variables of a block are."""
    in_instance = IN_INSTANCE if block.kind == "FB" else ()
    own = [v for v in block.variables if v.section not in (*in_instance, "Constant") and v.type != VOID]
    framed, frame_bytes = _find_framed(block, facts, own)
    overlaid = {each.overlays.casefold() for each in block.variables}
    paths = {id(each): _path(each, in_instance) for each in block.variables}
    paths |= {id(each): expression("frame.{}", mangle(each.name)) for each in framed}
    names: list[Text | Name] = [paths[id(each)] for each in signature.given]
    names += [Name("eno")] if signature.gives_eno else []
    leaving = [statement("cpu.depth -= 1")] if context.counts_depth else []
    leaving += [
        statement("copy_into({}, {})", local_name(each), paths[id(each)])
        for each in signature.taken
        if each in framed and each.section != "Input" and not is_plain(each.type) and each.name.casefold() in overlaid
    ]
    returning = [*leaving, statement("return {}", names) if names else statement("return")]
    parameters = [Name("self")] if block.kind == "FB" else []
    parameters += [*map(local_name, signature.taken), *map(bounds_name, signature.open)]
    return Layout(parameters, own, framed, frame_bytes, overlaid, returning, paths, in_instance)


def _path(variable: Variable, in_instance: tuple[str, ...]) -> Text:
    if variable.section in in_instance:
        return expression("self.{}", mangle(variable.name))
    return expression("{}", local_name(variable))


def _find_framed(
    block: typed_blocks.Block, facts: Facts, own: Sequence[Variable]
) -> tuple[Sequence[Variable], Text | None]:
    """Return the variables at addresses: they overlay each other (AT), or absolute addresses of L count in them."""
    if block.graph is not None:
        return own, None
    if facts.local_addresses:
        return arrange(block, own), expression("frame._buffer")
    names = {v.overlays.casefold() for v in own if v.overlays}
    return [v for v in own if v.overlays or v.name.casefold() in names], None


def local_name(variable: Variable) -> Name:
    """Return the Python name of a local variable."""
    return Name("v_", attribute(variable.name))
