"""A program of many objects for repeated checks: after an edit, only the objects that depend on it.

The visible part of an object decides. When that stays the same, only the object itself is typed again; when it changes,
also every object that looked its name up, directly or through the declarations of others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from simatic_xml import scl
from simatic_xml.model import Block, Document, Member, NamedValueType, PlcType, Section, Tag, TagTable, UserConstant
from simatic_xml.program import typed_blocks, walking
from simatic_xml.program.analysis import program_checks
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.failures import failure
from simatic_xml.program.symbols import Cpu, Symbols
from simatic_xml.program.typed import resolve_block, resolve_source
from simatic_xml.program.types.conversions import CLASSIC
from simatic_xml.program.types.instances import find_predefined
from simatic_xml.program.types.types import Structure, Unknown, type_name
from simatic_xml.scl import Program, Result, SourceObject, SourceTree, parse, read_declarations

Item = Block | PlcType | Tag | UserConstant
_QUOTED = re.compile(r'"([^"]+)"')


class _Interfaces(Mapping[str, list[Section]]):
    """The sections of the data types and function blocks of a program, system types included, by name."""

    def __init__(self, find: Callable[[str], Item | None]) -> None:
        """Keep the program to look up in."""
        self._find = find

    def __getitem__(self, name: str) -> list[Section]:
        item = self._find(name)
        if isinstance(item, PlcType):
            return [Section("None", item.members)]
        if isinstance(item, Block) and item.kind == "FB":
            return item.interface
        structure = find_predefined(name) if item is None else None
        if structure is None:
            raise KeyError(name)
        return [Section("Static", _declared(structure))]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _declared(structure: Structure) -> list[Member]:
    """Return the members of a system type as declared ones, those of its inner structures included."""
    known = [each for each in structure.members if not isinstance(each.type, Unknown)]
    made = [Member(each.name, type_name(each.type)) for each in known]
    for member, each in zip(made, known, strict=True):
        if isinstance(each.type, Structure) and each.type.origin == "struct":
            member.members = _declared(each.type)
    return made


class Workspace:
    """Blocks, data types, tags and constants of one PLC, and the findings about them."""

    def __init__(self, cpu: Cpu | None = None) -> None:
        """Start empty, for a CPU (an S7-1500 by default)."""
        self.cpu = cpu or Cpu()
        self.symbols = Symbols(self)
        self._around = Program(interfaces=_Interfaces(self.find), classic=self.cpu.family in CLASSIC)
        self._items: dict[str, Item] = {}
        self._bodies: dict[str, tuple[SourceTree, SourceObject]] = {}
        self._notes: dict[str, list[Diagnostic]] = {}
        self._numbered: dict[tuple[str, int], dict[str, Block]] = defaultdict(dict)
        self._typed: dict[str, typed_blocks.Block] = {}
        self._called: dict[str, frozenset[str]] = {}
        self._problems: dict[str, list[Diagnostic]] = {}
        self._whole: list[Diagnostic] | None = None
        self._users: dict[str, set[str]] = defaultdict(set)
        self._containers: dict[str, set[str]] = defaultdict(set)
        self._origins: dict[str, set[str]] = defaultdict(set)

    def find(self, name: str) -> Item | None:
        """Return the object, tag or constant of a name, without regard to case.

        The name may have a namespace in front, `Demo.Motor`, or `_.`.
        """
        found = self._items.get(name.casefold())
        return self._in_namespace(name) if found is None and "." in name else found

    def _in_namespace(self, name: str) -> Item | None:
        """Return the object of a name behind its namespace, or behind the last part of it."""
        namespace, _, short = name.casefold().replace('"', "").removeprefix("_.").rpartition(".")
        found = self._items.get(short)
        own = found.attributes.get("Namespace", "") if isinstance(found, Block | PlcType) else ""
        return found if f".{own.casefold()}".endswith(f".{namespace}") else None

    def find_by_number(self, kind: str, number: int) -> Block | None:
        """Return a block by its number; `kind` is `OB`, `FB`, `FC` or `DB`."""
        return next(iter(self._numbered.get((kind, number), {}).values()), None)

    def __iter__(self) -> Iterator[Item]:
        """Yield all objects, in the order in which they were added."""
        return iter(self._items.values())

    def put(self, item: Item | TagTable | NamedValueType) -> None:
        """Add an object or replace the one of its name; a tag table adds its tags and constants."""
        if isinstance(item, NamedValueType):
            self.symbols.named_values.put(item)
            for key in list(self._items):
                self._invalidate(key)
            return
        if isinstance(item, TagTable):
            rows: list[Tag | UserConstant] = [*item.tags, *item.constants]
            for row in rows:
                self.put(row)
            return
        key = item.name.casefold()
        old = self._items.get(key)
        if old is not None:
            self._forget_declaration(key, old)
        self._items[key] = item
        self._bodies.pop(key, None)
        self._notes.pop(key, None)
        for name in declared_names(item):
            self._containers[name].add(key)
        if isinstance(item, Block) and item.number is not None:
            self._numbered[program_checks.space(item), item.number][key] = item
        if old is None or _visible(old) != _visible(item):
            self._invalidate(key)
        elif isinstance(old, Block) and isinstance(item, Block) and old.interface != item.interface:
            self.symbols.forget((key,))
        self._drop(key)

    def put_document(self, document: Document) -> None:
        """Add all objects of a SimaticML document that belong to a program."""
        for each in document.objects:
            if isinstance(each, Block | PlcType | TagTable):
                self.put(each)

    def put_source(self, source: str | bytes | Result, origin: str = "", culture: str = "en-US") -> list[Diagnostic]:
        """Add the objects of an SCL source; their places are those of the source.

        Args:
            source: text or bytes of the source, or what `parse` returned for them.
            origin: its name; a source of the same name replaces the earlier one.
            culture: the language of its comments.

        Returns:
            The parser's findings, and the names that another source or object has already (those stay as they are).
        """
        result = source if isinstance(source, Result) else parse(source)
        found = [_syntax(each) for each in result.diagnostics]
        before = self._origins.pop(origin, set())
        for node, item, notes in read_declarations(result, culture, self._around):
            key = item.name.casefold()
            if key in self._items and key not in before:
                found.append(_duplicate(result.tree, node))
                continue
            before.discard(key)
            self.put(item)
            self._origins[origin].add(key)
            self._bodies[key] = (result.tree, node)
            self._notes[key] = [_syntax(note, item.name) for note in notes]
        for gone in before:
            self.remove(gone)
        return found

    def remove(self, name: str) -> None:
        """Take an object, tag or constant out; nothing happens when there is none."""
        key = name.casefold()
        old = self._items.pop(key, None)
        if old is not None:
            self._forget_declaration(key, old)
            self._bodies.pop(key, None)
            self._notes.pop(key, None)
            self._invalidate(key)
            self._drop(key)

    def block(self, name: str) -> typed_blocks.Block | None:
        """Return a code block in typed form, None if no code block has the name; typed once until it changes."""
        key = name.casefold()
        item = self._items.get(key)
        if not isinstance(item, Block) or item.kind not in program_checks.CODE_KINDS:
            return None
        if key not in self._typed:
            body = self._bodies.get(key)
            made = resolve_block(item, self.symbols) if body is None else resolve_source(item, *body, self.symbols)
            self._typed[key] = made
            for used in made.uses:
                self._users[used].add(key)
        return self._typed[key]

    def blocks(self) -> Iterator[typed_blocks.Block]:
        """Yield every code block in typed form."""
        for key in list(self._items):
            made = self.block(key)
            if made is not None:
                yield made

    def findings(self, name: str) -> list[Diagnostic]:
        """Return the findings about one object: its declarations, then its code."""
        key = name.casefold()
        if key not in self._problems:
            found = self._check_declarations(self._items[key])
            made = self.block(name)
            self._problems[key] = self._notes.get(key, []) + found + (made.diagnostics if made is not None else [])
        return self._problems[key]

    def check(self) -> list[Diagnostic]:
        """Return all findings: object by object, then those about the program as a whole."""
        found = [each for key in self._items for each in self.findings(key)]
        try:
            if self._whole is None:
                self._whole = self._program_findings()
            return found + self._whole
        except Exception as error:  # noqa: BLE001 - the finding names it
            return [*found, failure(error, "compile.internal", "")]

    def _program_findings(self) -> list[Diagnostic]:
        blocks = [item for item in self if isinstance(item, Block)]
        calls = self.calls()
        entries = [block.name for block in blocks if block.kind == "OB"]
        found = list(program_checks.numbers(blocks, self.cpu))
        found += program_checks.counts(blocks, self.cpu)
        found += program_checks.languages(blocks, self.cpu)
        found += program_checks.recursion(calls)
        found += program_checks.call_depth(calls, entries, self.cpu)
        tags = [item for item in self if isinstance(item, Tag)]
        found += program_checks.overlaps(tags)
        found += program_checks.shared_addresses(tags)
        return found

    def calls(self) -> dict[str, frozenset[str]]:
        """Return the names of the user blocks that each code block calls."""
        for block in self.blocks():
            key = block.name.casefold()
            if key not in self._called:
                self._called[key] = frozenset(call.callee for call in walking.calls(block))
        return {self._items[key].name: called for key, called in self._called.items()}

    def undeclared(self) -> set[str]:
        """Return the casefolded names that declarations and code look up and that no object has; system types are among them."""
        looked_up = {name for name, containers in self._containers.items() if containers}
        looked_up.update(name for block in self.blocks() for name in block.uses)
        return {name for name in looked_up if name not in self._items}

    def pending(self) -> list[str]:
        """Return the names of the code blocks that the next check will type again."""
        return [
            item.name
            for key, item in self._items.items()
            if isinstance(item, Block) and item.kind in program_checks.CODE_KINDS and key not in self._typed
        ]

    def _check_declarations(self, item: Item) -> list[Diagnostic]:
        try:
            return [
                Diagnostic(_severity(item, code), code, message, self._member_place(item, member))
                for member, code, message in self.symbols.problems(item.name)
            ]
        except Exception as error:  # noqa: BLE001 - the finding names it
            return [failure(error, "compile.internal", item.name)]

    def _member_place(self, item: Item, member: str) -> Place:
        body = self._bodies.get(item.name.casefold())
        line, column = (None, None) if body is None else _find_place(*body, member)
        return Place(item.name, line=line, column=column, member=member)

    def _forget_declaration(self, key: str, old: Item) -> None:
        for name in declared_names(old):
            self._containers[name].discard(key)
        if isinstance(old, Block) and old.number is not None:
            self._numbered[program_checks.space(old), old.number].pop(key, None)

    def _invalidate(self, key: str) -> None:
        """Drop the results that depend on a name, through all declarations that contain it."""
        pending, changed = [key], {key}
        while pending:
            for container in self._containers.get(pending.pop(), ()):
                if container not in changed:
                    changed.add(container)
                    pending.append(container)
        for name in changed - {key}:
            self._declare_again(name)
        self.symbols.forget(changed)
        for name in changed:
            self._problems.pop(name, None)
            for user in list(self._users.get(name, ())):
                self._drop(user)

    def _declare_again(self, key: str) -> None:
        """Read a data block of a source again, because its type, which places its start values, has changed."""
        tree, node = self._bodies.get(key, (None, None))
        if tree is None or node is None or node.keyword != "DATA_BLOCK" or not node.statements:
            return
        [(_, item, notes)] = read_declarations(Result(SourceTree(tree.tokens, [node]), []), program=self._around)
        self._items[key] = item
        self._notes[key] = [_syntax(note, item.name) for note in notes]

    def _drop(self, key: str) -> None:
        self._whole = None
        self._problems.pop(key, None)
        self._called.pop(key, None)
        made = self._typed.pop(key, None)
        for used in () if made is None else made.uses:
            self._users[used].discard(key)


def _severity(item: Item, code: str) -> Severity:
    """Return how bad a finding about a declaration is: a tag of unknown type is left out, and its uses are errors."""
    return Severity.WARNING if isinstance(item, Tag) and code == "type.unknown" else Severity.ERROR


def _duplicate(tree: SourceTree, node: SourceObject) -> Diagnostic:
    span = tree.span(node)
    message = f"There is another '{node.name}' already; give one of them another name."
    place = Place(node.name, None, span.line, span.column)
    return Diagnostic(Severity.ERROR, "name.duplicate", message, place)


def declared_names(item: Item) -> set[str]:
    """Return the casefolded names that a declaration looks up: data types and function blocks of members, constants of bounds."""
    if isinstance(item, Tag | UserConstant):
        return {name.casefold() for name in _QUOTED.findall(item.data_type)}
    names = {name.casefold() for member in _members(item) for name in _QUOTED.findall(member.data_type)}
    if isinstance(item, Block) and item.instance_of:
        names.add(item.instance_of.casefold())
    return names


def _members(item: Block | PlcType) -> Iterator[Member]:
    sections = [Section("None", item.members)] if isinstance(item, PlcType) else item.interface
    stack = [member for section in sections for member in section.members]
    while stack:
        member = stack.pop()
        yield member
        stack.extend(member.members)


def _visible(item: Item) -> Any:
    """Return the part of an object that others can see, in a form that can be compared."""
    if isinstance(item, Tag):
        return (item.data_type, item.address)
    if isinstance(item, UserConstant):
        return (item.data_type, item.value)
    if isinstance(item, PlcType):
        return _shape(item.members)
    sections = [(section.name, _shape(section.members)) for section in item.interface if section.name != "Temp"]
    return (item.kind, item.number, item.memory_layout, item.instance_of, sections)


def _shape(members: Iterable[Member]) -> list[Any]:
    return [
        (m.name, m.data_type, m.start_value, [(s.path, s.start_value) for s in m.subelements], _shape(m.members))
        for m in members
    ]


def _syntax(found: scl.Diagnostic, block: str = "") -> Diagnostic:
    place = Place(block, None, found.line, found.column, end_line=found.end_line, end_column=found.end_column)
    return Diagnostic(found.severity, f"syntax.{found.code}", found.message, place, found.hint)


def _find_place(tree: SourceTree, node: SourceObject, member: str) -> tuple[int, int]:
    """Return the place of a declared member in its source, or that of the object if it is not found."""
    name, *_ = re.split(r"[.\[]", member)
    declarations = [each for section in node.sections for each in section.members]
    found = next((each for each in declarations if each.name.casefold() == name.casefold()), node)
    span = tree.span(found)
    return span.line, span.column
