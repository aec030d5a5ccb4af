"""Checks names, data types and addresses of a design."""

from __future__ import annotations

import re

from engineering_api.features.design import blocks, calls, data_text, expressions
from engineering_api.features.design.expressions import ExpressionError, Use
from engineering_api.features.design.model import Member, Tag
from engineering_api.features.design.names import Names, element_type
from engineering_api.features.design.parts import Part
from engineering_api.features.design.reading import Mistakes
from engineering_api.features.tags.files.addresses import normalise_address
from engineering_api.files.tables.errors import TableFileError

NAMED = ("types", "tags", "data", "modules", "groups")
ELEMENTARY = frozenset(
    """
    bool byte word dword lword sint usint int uint dint udint lint ulint real lreal time ltime date time_of_day tod ltod
    dtl ldt char wchar string wstring s5time date_and_time dt timer counter ton_time tof_time tp_time
    """.split()  # noqa: SIM905 - a table
)
_ADDRESS = re.compile(r"%([IQM])([BWD]?)(\d+)(?:\.(\d))?")
_BITS = {"": 1, "B": 8, "W": 16, "D": 32}
_SIZED = re.compile(r"(w?string)\s*\[[^\]\n;()/]*\]$", re.IGNORECASE)


class DataCheck:
    """Checks the part of one device.

    Attributes:
        uses: The start values that are constants.
    """

    def __init__(self, part: Part, names: Names, mistakes: Mistakes) -> None:
        """Note mistakes of a part."""
        self.part, self.names, self.mistakes = part, names, mistakes
        self.uses: list[Use] = []

    def run(self) -> None:
        """Note what is wrong."""
        self._check_names()
        self._check_types()
        self._check_tags()

    def _at(self, section: str, element: object, inner: str = "") -> str:
        return self.part.pointer(section, element) + inner

    def _check_names(self) -> None:
        """Check names: objects and tags of a PLC share them; what is made of modules and groups has names, too."""
        owners: dict[str, str] = {name.casefold(): "an organization block" for name in self._organization_blocks()}
        for kind in {type(each) for each in self.part.modules} & blocks.LIBRARY.keys():
            owners[blocks.LIBRARY[kind].casefold()] = "a block of the library"
        for section in NAMED:
            for element in getattr(self.part, section):
                self._claim(owners, element.name, self._at(section, element, "/name"))
        for module in self.part.modules:
            if type(module) not in blocks.LIBRARY:
                self._claim(owners, blocks.block_name(module), self._at("modules", module, "/name"))

    def _organization_blocks(self) -> list[str]:
        cyclic = [f"Cyclic_{period}ms" for period in calls.periods(self.part)]
        return [calls.MAIN, *cyclic, *([calls.STARTUP] if cyclic else [])]

    def _claim(self, owners: dict[str, str], name: str, pointer: str) -> None:
        key = name.casefold()
        if key in owners:
            self.mistakes.add(
                pointer, f"The name '{name}' is already used by {owners[key]}: choose another.", "design.name"
            )
        owners.setdefault(key, f"the element at {pointer}")

    # Data -------------------------------------------------------------------------------------------------------------

    def _check_types(self) -> None:
        for section in ("types", "data"):
            for element in getattr(self.part, section):
                seen: set[str] = set()
                for index, member in enumerate(element.members):
                    pointer = self._at(section, element, f"/members/{index}")
                    if member.name.casefold() in seen:
                        self.mistakes.add(f"{pointer}/name", f"'{member.name}' is given twice.", "design.name")
                    seen.add(member.name.casefold())
                    self._check_type(member.type, f"{pointer}/type")
                    self._check_start(member, f"{pointer}/start")

    def _check_type(self, data_type: str, pointer: str) -> None:
        element = _SIZED.sub(r"\1", element_type(data_type).strip('"'))
        if element.casefold() not in ELEMENTARY and self.names.element(data_type) is None:
            msg = f"There is no data type '{element}': it is neither elementary nor one of the design's types."
            self.mistakes.add(pointer, msg, "design.unknown")

    def _check_start(self, member: Member, pointer: str) -> None:
        """Start values are constants; whether they fit their type is the compiler's matter."""
        if member.start is None:
            return
        try:
            found = expressions.read(member.start)
        except ExpressionError as error:
            self.mistakes.add(pointer, str(error), "design.expression")
            return
        if any(found.variables()):
            self.mistakes.add(pointer, f"'{member.start}' is not a constant.", "design.expression")
        self.uses.append(Use(pointer, data_text.type_text(member.type, self.names), found))

    def _check_tags(self) -> None:
        placed: dict[str, Tag] = {}
        spans: list[tuple[str, int, int, Tag]] = []
        for tag in self.part.tags:
            pointer = self._at("tags", tag, "/address")
            try:
                address = normalise_address(tag.address, tag.type)
            except TableFileError as error:
                self.mistakes.add(pointer, str(error), "design.address")
                continue
            if address in placed:
                msg = f"{address} is the address of '{placed[address].name}' already."
                self.mistakes.add(pointer, msg, "design.address")
                continue
            placed[address] = tag
            found = _ADDRESS.fullmatch(address)
            if found is not None:
                first = int(found[3]) * 8 + int(found[4] or 0)
                spans.append((found[1], first, first + _BITS[found[2]], tag))
        self._check_overlaps(sorted(spans, key=lambda each: each[:3]))

    def _check_overlaps(self, spans: list[tuple[str, int, int, Tag]]) -> None:
        """Check that no input or output is part of another: they are channels."""
        reach: tuple[str, int, Tag] | None = None
        for area, first, end, tag in spans:
            if reach is not None and reach[0] == area and first < reach[1]:
                msg = f"{tag.address} overlaps {reach[2].address} of '{reach[2].name}'."
                self.mistakes.add(self._at("tags", tag, "/address"), msg, "design.address")
            if reach is None or reach[0] != area or end > reach[1]:
                reach = (area, end, tag)

    # Structure --------------------------------------------------------------------------------------------------------
