"""One block during its typing: its names, its findings, and the names it looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simatic_xml import model
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.symbols import BlockSymbol, Symbol, Symbols, is_optimized
from simatic_xml.program.types.types import VOID, DataType, Variable
from simatic_xml.program.types.values import literal

_LOCAL = re.compile(r'#"?([^\W\d][\w ]*\w|\w)"?')


class Scope:
    """The names of one block, and the findings about it.

    Attributes:
        block: the block as read.
        symbols: the program around it.
        language: language of the block.
        iec_check: whether its implicit conversions are the strict ones.
        optimized: whether it has optimized access.
        variables: everything it declares.
        result: type of its result, Void for none.
        diagnostics: findings, in the order in which they were made.
        uses: casefolded global names that were looked up.
        mentions: casefolded names of the block's variables that were used, or that a declared type contains.
    """

    def __init__(self, block: model.Block, symbols: Symbols) -> None:
        """Read the declarations of a code block."""
        self.block = block
        self.symbols = symbols
        self.language = block.language or ""
        self.iec_check = block.attributes.get("IsIECCheckEnabled") == "true"
        self.optimized = is_optimized(block, symbols.cpu)
        self.diagnostics: list[Diagnostic] = []
        self.uses: set[str] = {block.name.casefold()}
        symbol = symbols.lookup(block.name)
        interface = symbol if isinstance(symbol, BlockSymbol) else symbols.interface(block)
        self.variables: tuple[Variable, ...] = interface.variables
        self.result: DataType = interface.result
        self._by_name = {each.name.casefold(): each for each in self.variables}
        if self.result != VOID:
            returned = next(each for each in self.variables if each.section == "Return")
            self._by_name.setdefault(block.name.casefold(), returned)
        self.mentions = {name.casefold() for text in _type_texts(block) for name in _LOCAL.findall(text)}
        self._wires = 0

    def variable(self, name: str) -> Variable | None:
        """Return what the block declares under a name; its own name is its result, where it has one."""
        self.mentions.add(name.casefold())
        return self._by_name.get(name.casefold())

    def globally(self, name: str) -> Symbol | None:
        """Return the meaning of a global name, and note its use."""
        name = self.symbols.plain_name(name)
        self.uses.add(name.casefold())
        return self.symbols.lookup(name)

    def data_type(self, text: str) -> DataType:
        """Return the type that a text means in this block; unknown if the text has an error."""
        return self.symbols.data_type(text, self._constant)

    def error(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Report an error, which makes the block unusable."""
        self.diagnostics.append(Diagnostic(Severity.ERROR, code, message, place, hint))

    def warning(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Report a warning: allowed but doubtful."""
        self.diagnostics.append(Diagnostic(Severity.WARNING, code, message, place, hint))

    def wire(self) -> int:
        """Return the number of a new wire."""
        self._wires += 1
        return self._wires

    def _constant(self, text: str) -> int | None:
        found = self.variable(text.removeprefix("#").strip('"'))
        if found is None or found.section != "Constant":
            return None
        read = literal(found.start, found.type)
        return read[0] if read and isinstance(read[0], int) and not isinstance(read[0], bool) else None


def _type_texts(block: model.Block) -> Iterator[str]:
    stack = [member for section in block.interface for member in section.members]
    while stack:
        member = stack.pop()
        yield member.data_type
        stack.extend(member.members)
