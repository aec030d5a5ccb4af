"""The meaning of the names of a program: blocks, data blocks, data types, tags and constants with their types.

A `Source` has the objects as read from files or a project. `Symbols` types them on request, keeps
the results, and forgets those that depend on a changed object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from simatic_xml import model
from simatic_xml.limits import LIMITS, LimitError, most
from simatic_xml.model.blocks import CODE_BLOCKS
from simatic_xml.program.cpu.limits import Limits, limits_of
from simatic_xml.program.nodes import Value
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types import declarations
from simatic_xml.program.types.declarations import Problem
from simatic_xml.program.types.instances import of_data_block
from simatic_xml.program.types.layout import extent
from simatic_xml.program.types.members import Reader
from simatic_xml.program.types.named_values import NamedValues
from simatic_xml.program.types.predefined import predefined
from simatic_xml.program.types.system_types import telegram_type
from simatic_xml.program.types.type_text import TypeTextError, parse
from simatic_xml.program.types.types import ELEMENTARY, UNKNOWN, VOID, Array, DataType, Structure, Variable
from simatic_xml.program.types.values import literal

Object = model.Block | model.PlcType | model.Tag | model.UserConstant
_NONE: Mapping[str, Variable] = MappingProxyType({})
_INSTANCE = ("Input", "Output", "InOut", "Static")


@dataclass(frozen=True, slots=True)
class Cpu:
    """The CPU that a program is for.

    Attributes:
        family: `S7-1200`, `S7-1500`, `S7-300` or `S7-400`.
        firmware: as TIA Portal writes it; empty where it is not known, so that nothing is refused for it.
        mnemonics: `international` or `german`, for absolute operands.
        data_kb: its work memory for data in KB; 0 where it is not known.
        failsafe: whether it executes fail-safe blocks; None where it is not known, so that nothing is refused for it.
        order_number: such as `6ES7 511-1AK02-0AB0`; empty where it is not known.
    """

    family: str = "S7-1500"
    firmware: str = "V3.1"
    mnemonics: str = "international"
    data_kb: int = 0
    failsafe: bool | None = None
    order_number: str = ""

    @property
    def limits(self) -> Limits:
        """How far its areas go, and how large its program may be."""
        return limits_of(self.family, self.order_number)


class Source(Protocol):
    """The objects of a program by name, without regard to case, and its blocks by number."""

    cpu: Cpu

    def find(self, name: str) -> Object | None:
        """Return the block, data type, tag or constant of a name."""

    def find_by_number(self, kind: str, number: int) -> model.Block | None:
        """Return the block of a kind (`DB`, `FB`, `FC`, `OB`) and number."""


@dataclass(frozen=True, slots=True)
class BlockSymbol:
    """The interface of a code block.

    Attributes:
        kind: `OB`, `FB` or `FC`.
        name: without quotes.
        number: None where it has none yet.
        variables: everything it declares, in order of the sections.
        result: type of a function's result, Void for none.
        optimized: whether it has optimized access.
        language: its language.
    """

    kind: str
    name: str
    number: int | None
    variables: tuple[Variable, ...]
    result: DataType
    optimized: bool
    language: str


@dataclass(frozen=True, slots=True)
class TagSymbol:
    """A PLC tag."""

    name: str
    type: DataType
    address: str


@dataclass(frozen=True, slots=True)
class ConstantSymbol:
    """A user or system constant; its value is None where the text is none of its type."""

    name: str
    type: DataType
    value: Value | None


Symbol = TagSymbol | ConstantSymbol | BlockSymbol | DataBlockDeclaration | Structure


@dataclass(slots=True)
class _Entry:
    """The result for a name.

    Attributes:
        symbol: the object of this name, None for nothing.
        instance: for a function block the structure of its instances.
        uses: casefolded names that it is built of, directly and through others.
        references: members and the named types that they have.
        problems: the errors of its types.
        declared: the other errors of its declarations, None until they are requested.
    """

    symbol: Symbol | None = None
    instance: Structure | None = None
    uses: set[str] = field(default_factory=set)
    references: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    declared: list[Problem] | None = None

    def take(self, reader: Reader) -> None:
        """Keep the results of a reader."""
        self.problems += reader.problems
        self.references += reader.references


class Symbols:
    """A cached, typed view of a program.

    Attributes:
        named_values: the named value data types of the program.
    """

    def __init__(self, source: Source, named_values: NamedValues | None = None) -> None:
        """Start without reading the program."""
        self.named_values = NamedValues() if named_values is None else named_values
        self._source = source
        self._entries: dict[str, _Entry] = {}
        self._open: list[_Entry] = []
        self._building: set[str] = set()

    @property
    def cpu(self) -> Cpu:
        """The CPU that the program is for."""
        return self._source.cpu

    def plain_name(self, name: str) -> str:
        """Return the name of an object without a namespace in front; a name that the program does not have as it is."""
        found = self._source.find(name) if "." in name else None
        return name if found is None else found.name

    def lookup(self, name: str) -> Symbol | None:
        """Return the object of a global name, None when the program does not have it."""
        return self._entry(name).symbol

    def find_by_number(self, kind: str, number: int) -> Symbol | None:
        """Return the block of a kind (`DB`, `FB`, `FC`, `OB`) and number."""
        block = self._source.find_by_number(kind, number)
        return None if block is None else self.lookup(block.name)

    def data_type(self, text: str, constant: Callable[[str], int | None] | None = None) -> DataType:
        """Return the type that a text means; unknown if the text has an error.

        Args:
            text: as in a declaration.
            constant: gives the local constants of bounds and lengths, by their name as written.
        """
        try:
            return parse(text, self.find_type, self.constants(constant))
        except TypeTextError:
            return UNKNOWN

    def problems(self, name: str) -> list[Problem]:
        """Return the errors in the declarations of an object: member, code, message."""
        entry = self._entry(name)
        if entry.declared is None:
            found = [*self._recursion(name.casefold(), entry), *self._check_declaration(entry.symbol)]
            entry.declared = list(dict.fromkeys(found))
        return [*entry.problems, *entry.declared]

    def _recursion(self, key: str, entry: _Entry) -> Iterator[Problem]:
        """Yield the members through which a type contains itself, from any start of the circle."""
        reported = {path for path, code, _ in entry.problems if code == "type.recursive"}
        for path, name in entry.references:
            if path not in reported and key in self._entry(name).uses:
                yield path, "type.recursive", recursive(name)

    def _check_declaration(self, symbol: Symbol | None) -> Iterator[Problem]:
        match symbol:
            case BlockSymbol():
                local = {each.name.casefold(): each for each in symbol.variables if each.section == "Constant"}
                access = self._access(symbol)
                around = self._around(symbol.kind, access=access, language=symbol.language, local=local)
                yield from declarations.members(symbol.variables, around)
                yield from self._instance_size(symbol)
            case Structure():
                yield from declarations.members(symbol.members, self._around())
                yield from declarations.size(symbol, optimized=True, data_kb=self.cpu.data_kb)
            case TagSymbol():
                yield from declarations.tag(symbol.type, self._around())
            case DataBlockDeclaration():
                around = self._around()
                if symbol.kind == "GlobalDB" and isinstance(symbol.type, Structure):
                    yield from declarations.members(symbol.type.members, around)
                elif symbol.kind == "ArrayDB" and isinstance(symbol.type, Array):
                    yield from declarations.element(symbol.type, around)
                yield from declarations.data_block(symbol, around.constants, self.cpu.data_kb)

    def _around(
        self, kind: str = "", *, access: str = "", language: str = "", local: Mapping[str, Variable] = _NONE
    ) -> declarations.Around:
        """Return the facts that declarations are checked against."""
        cpu = self.cpu
        return declarations.Around(kind, cpu.family, cpu.firmware, access, language, self._build_constants(local))

    def _access(self, block: BlockSymbol) -> str:
        """Return `optimized` or `standard`, empty if the file of the block does not have it."""
        found = self._source.find(block.name)
        if not isinstance(found, model.Block) or not block.optimized:
            return "standard"
        return "optimized" if found.memory_layout else ""

    def _instance_size(self, block: BlockSymbol) -> Iterator[Problem]:
        """Yield whether the instances of a function block are larger than a data block may be."""
        instance = self._entry(block.name).instance
        if instance is not None:
            yield from declarations.size(instance, block.optimized, self.cpu.data_kb)

    def _build_constants(self, local: Mapping[str, Variable]) -> declarations.Constants:
        """Return the function that looks up the constants of a start value."""

        def value(text: str) -> tuple[Value, DataType] | None:
            name = text.strip().removeprefix("#").strip('"')
            own = local.get(name.casefold())
            if own is not None:
                return literal(own.start, own.type)
            symbol = self.lookup(name)
            if not isinstance(symbol, ConstantSymbol) or symbol.value is None:
                return None
            return symbol.value, symbol.type

        return value

    def forget(self, names: Iterable[str]) -> frozenset[str]:
        """Forget objects that changed, came or went; return them with everything built of them, casefolded."""
        gone = {name.casefold() for name in names}
        while True:
            more = {key for key, entry in self._entries.items() if key not in gone and entry.uses & gone}
            if not more:
                break
            gone |= more
        for key in gone:
            self._entries.pop(key, None)
        return frozenset(gone)

    def find_type(self, name: str, quoted: bool) -> DataType | None:
        """Return the PLC data type, the instance of a function block, the system type, or the base of the named value data type.

        Raises:
            TypeTextError: the type contains itself, or is too large.
        """
        if not quoted and (found := predefined(name, self.cpu.family)) is not None:
            return found
        key = self.plain_name(name).casefold()
        if key in self._building:
            for outer in self._open:
                outer.uses.add(key)
            raise TypeTextError("type.recursive", recursive(name))
        if len(self._open) > most("type_nesting"):
            raise _too_much("type_nesting", len(self._open))
        entry = self._entry(name)
        found = entry.instance or (entry.symbol if isinstance(entry.symbol, Structure) else None)
        if found is not None:
            for limit, value in (("type_nesting", extent(found).depth), ("expanded_members", extent(found).members)):
                if value > most(limit):
                    raise _too_much(limit, value)
        return found or self._named_base(name) or (telegram_type(name) if quoted else None)

    def _named_base(self, name: str) -> DataType | None:
        """Return the base data type of a named value data type, which only an S7-1500 has; None for another name."""
        found = self.named_values.find(name) if self.cpu.family == "S7-1500" else None
        return None if found is None else ELEMENTARY[found.base.upper()]

    def constants(self, local: Callable[[str], int | None] | None = None) -> Callable[[str], int | None]:
        """Return the function that looks up the constants of bounds and lengths: local ones first."""

        def value(text: str) -> int | None:
            found = local(text) if local is not None else None
            if found is not None or text.startswith("#"):
                return found
            return self._named_value(text) if "#" in text else self._whole(text.strip('"'))

        return value

    def _named_value(self, text: str) -> int | None:
        constant = self.named_values.constant(text)
        read = literal(constant[1], ELEMENTARY[constant[0].base.upper()]) if constant is not None else None
        return read[0] if read is not None and isinstance(read[0], int) else None

    def _whole(self, name: str) -> int | None:
        symbol = self.lookup(name)
        value = symbol.value if isinstance(symbol, ConstantSymbol) else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def _entry(self, name: str) -> _Entry:
        name = self.plain_name(name)
        key = name.casefold()
        for outer in self._open:
            outer.uses.add(key)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = self._read(name, key)
        else:
            for outer in self._open:
                outer.uses.update(entry.uses)
        return entry

    def _read(self, name: str, key: str) -> _Entry:
        entry = _Entry()
        found = self._source.find(name)
        with self._reading(entry, key):
            match found:
                case model.Tag():
                    entry.symbol = TagSymbol(found.name, self._parse_type(found.data_type, entry), found.address)
                case model.UserConstant():
                    entry.symbol = self._constant(found, entry)
                case model.PlcType():
                    reader = Reader(self)
                    members = tuple(reader.variable(each, "None") for each in found.members)
                    entry.symbol = Structure(found.name, "udt", members)
                    entry.take(reader)
                case model.Block() if found.kind in CODE_BLOCKS:
                    self._code(found, entry)
                case model.Block():
                    self._data(found, entry)
        return entry

    @contextmanager
    def _reading(self, entry: _Entry, key: str) -> Iterator[None]:
        self._open.append(entry)
        self._building.add(key)
        try:
            yield
        finally:
            self._open.pop()
            self._building.discard(key)

    def _parse_type(self, text: str, entry: _Entry) -> DataType:
        try:
            return parse(text, self.find_type, self.constants())
        except TypeTextError as error:
            entry.problems.append(("", error.code, error.message))
            return UNKNOWN

    def _constant(self, found: model.UserConstant, entry: _Entry) -> ConstantSymbol:
        data_type = self._parse_type(found.data_type, entry)
        read = literal(found.value, data_type)
        if read is None:
            message = f"'{found.value}' is not a value of the type {found.data_type}. Write a literal of this type."
            entry.problems.append(("", "value.invalid", message))
        return ConstantSymbol(found.name, data_type, read[0] if read else None)

    def interface(self, block: model.Block) -> BlockSymbol:
        """Return the interface of a code block that need not be part of the program."""
        return self._interface(block, Reader(self, block.section("Constant")))

    def _interface(self, block: model.Block, reader: Reader) -> BlockSymbol:
        reader.has_instances = block.kind == "FB"
        variables = tuple(reader.variable(each, section) for section, each in block.members())
        result = next((each.type for each in variables if each.section == "Return"), VOID)
        optimized = is_optimized(block, self.cpu)
        return BlockSymbol(block.kind, block.name, block.number, variables, result, optimized, block.language or "")

    def _code(self, block: model.Block, entry: _Entry) -> None:
        reader = Reader(self, block.section("Constant"))
        entry.symbol = symbol = self._interface(block, reader)
        entry.take(reader)
        if block.kind == "FB":
            held = tuple(each for each in symbol.variables if each.section in _INSTANCE)
            entry.instance = Structure(block.name, "fb", held)

    def _data(self, block: model.Block, entry: _Entry) -> None:
        reader = Reader(self)
        try:
            data_type = self._data_type(block, reader)
        except TypeTextError as error:
            data_type = UNKNOWN
            entry.problems.append(("", error.code, error.message))
        entry.take(reader)
        entry.symbol = DataBlockDeclaration(
            block.name,
            block.number,
            data_type,
            block.kind,
            block.instance_of or "",
            is_optimized(block, self.cpu),
            block.attributes.get("IsWriteProtectedInAS") == "true",
            tuple(reader.starts(block, data_type)),
            tuple(reader.retains(block, data_type)),
        )

    def _data_type(self, block: model.Block, reader: Reader) -> DataType:
        """Return the structure of a data block: from its members, or from the type of the instance."""
        if block.kind == "GlobalDB":
            return Structure("", "struct", reader.members(block))
        if block.kind == "ArrayDB":
            return reader.array(block)
        name = block.attributes.get("OfSystemLibElement") or block.instance_of or ""
        quoted = name == block.instance_of and block.instance_of_type in ("FB", "UDT")
        itself = name.casefold() == block.name.casefold()  # a technology object may be named as its type
        found = (None if itself else self.find_type(name, quoted)) or predefined(name, self.cpu.family)
        if found is not None and not (isinstance(found, Structure) and found.open):
            return found
        members = reader.members(block)
        if found is None and not members and "OfSystemLibElement" not in block.attributes:
            reader.unknown_instance(name)
            return UNKNOWN
        return of_data_block(found if isinstance(found, Structure) else None, name, members)


def _too_much(name: str, value: int) -> TypeTextError:
    error = LimitError(LIMITS[name], most(name), value)
    return TypeTextError(error.code, error.message)


def recursive(name: str) -> str:
    """Return the message about a type that contains itself."""
    return f'The type "{name}" contains itself. Remove the member, or use a reference to it.'


def is_optimized(block: model.Block, cpu: Cpu) -> bool:
    """Return whether a block has optimized access; the default is yes for S7-1200 and S7-1500, others never have it."""
    return cpu.family in ("S7-1200", "S7-1500") and block.memory_layout in (None, "", "Optimized")
