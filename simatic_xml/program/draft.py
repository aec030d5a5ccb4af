"""A source while somebody writes it: checked within a program that does not change, by as many writers as there are.

A `Workspace` belongs to one thread. A `Draft` has only the objects of the text, and looks up everything else in an
`Around`, which nobody changes: two drafts do not wait for each other, and nothing has to be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simatic_xml.model import Block
from simatic_xml.program import typed_blocks
from simatic_xml.program.analysis import program_checks
from simatic_xml.program.diagnostics import Diagnostic
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Item, Workspace
from simatic_xml.scl import Result


class Around:
    """The objects of a program by name and number.

    Attributes:
        cpu: the CPU that the program is for.
    """

    def __init__(self, items: Iterable[Item], cpu: Cpu) -> None:
        """Keep the objects; of two with one name the last."""
        self.cpu = cpu
        self._items = {item.name.casefold(): item for item in items}
        blocks = [item for item in self._items.values() if isinstance(item, Block)]
        self._numbered = {(program_checks.space(each), each.number): each for each in reversed(blocks)}

    def __iter__(self) -> Iterator[Item]:
        """Yield the objects."""
        return iter(self._items.values())

    def find(self, name: str) -> Item | None:
        """Return the object, tag or constant of a name, without regard to case."""
        return self._items.get(name.casefold())

    def find_by_number(self, kind: str, number: int) -> Block | None:
        """Return a block by its number; `kind` is `OB`, `FB`, `FC` or `DB`."""
        return self._numbered.get((kind, number))


class Draft(Workspace):
    """The objects of a source, typed within the program around it."""

    def __init__(self, result: Result, around: Around, replaces: str = "") -> None:
        """Add a parsed source.

        Args:
            result: what `scl.parse` returned for the text.
            around: the program; objects of the same names in it do not count.
            replaces: the object of the program that the text was, in case the text gives it another name.
        """
        super().__init__(around.cpu)
        self._program = around
        self._hidden = {replaces.casefold(), *(node.name.casefold() for node in result.tree.objects)}
        self._texts = self.put_source(result)

    def find(self, name: str) -> Item | None:
        """Return the object of a name in the source, otherwise in the program."""
        return super().find(name) or (None if name.casefold() in self._hidden else self._program.find(name))

    def find_by_number(self, kind: str, number: int) -> Block | None:
        """Return the block of a number in the source, otherwise in the program."""
        found = super().find_by_number(kind, number) or self._program.find_by_number(kind, number)
        item = None if found is None else self.find(found.name)  # a block of the source keeps the number that it has
        return item if isinstance(item, Block) else None

    def typed(self) -> dict[str, typed_blocks.Block]:
        """Return the code blocks of the source in typed form, by casefolded name."""
        return {block.name.casefold(): block for block in self.blocks()}

    def check(self) -> list[Diagnostic]:
        """Return the findings about the text, its objects and their numbers.

        What several objects do together is left to the compiler: it types all of them to find recursion, nesting and
        overlapping tags.
        """
        found = [*self._texts, *(each for item in self for each in self.findings(item.name))]
        own = {item.name.casefold() for item in self}
        others = (each for each in self._program if each.name.casefold() not in self._hidden)
        blocks = [each for each in (*self, *others) if isinstance(each, Block)]
        return found + [each for each in program_checks.numbers(blocks, self.cpu) if each.place.block.casefold() in own]
