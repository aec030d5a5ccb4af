"""Programs for tests, made of SCL source text, tags and constants."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from simatic_xml import Block, PlcType, Tag, UserConstant, load, scl
from simatic_xml.program.diagnostics import Diagnostic, Severity
from simatic_xml.program.labels import check_labels
from simatic_xml.program.nodes import Statement
from simatic_xml.program.scl.block import statements
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Cpu, Symbols


class Objects:
    """A `Source`: the objects of a program by name."""

    def __init__(self, objects: list[Block | PlcType | Tag | UserConstant], cpu: Cpu) -> None:
        self.cpu = cpu
        self.objects = {each.name.casefold(): each for each in objects}

    def find(self, name: str) -> Block | PlcType | Tag | UserConstant | None:
        return self.objects.get(name.casefold())

    def find_by_number(self, kind: str, number: int) -> Block | None:
        for each in self.objects.values():
            if isinstance(each, Block) and each.number == number and (each.kind == kind or (kind == "DB" in each.kind)):
                return each
        return None


def program_of(
    source: str = "",
    *,
    tags: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    numbers: Mapping[str, int] | None = None,
    cpu: Cpu | None = None,
) -> Symbols:
    """Return the symbols of a program.

    Args:
        source: SCL text of blocks, data blocks and data types; it must be free of errors of syntax.
        tags: type and address by name: `{"Start": "Bool %I0.0"}`.
        constants: type and value by name: `{"MAX": "Int 10"}`.
        numbers: block numbers by name.
        cpu: an S7-1500 by default.
    """
    return Symbols(objects_of(source, tags=tags, constants=constants, numbers=numbers, cpu=cpu))


def objects_of(
    source: str = "",
    *,
    tags: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    numbers: Mapping[str, int] | None = None,
    cpu: Cpu | None = None,
) -> Objects:
    """Return the objects of a program; the arguments are those of `program_of`."""
    objects: list[Block | PlcType | Tag | UserConstant] = []
    for document in _documents(source):
        objects += [each for each in load(document).objects if isinstance(each, Block | PlcType)]
    for each in objects:
        if isinstance(each, Block):
            each.number = (numbers or {}).get(each.name, each.number)
    objects += [Tag(name, *text.rsplit(" ", 1)) for name, text in (tags or {}).items()]
    objects += [UserConstant(name, *text.split(" ", 1)) for name, text in (constants or {}).items()]
    return Objects(objects, cpu or Cpu())


@lru_cache(maxsize=64)
def _documents(source: str) -> list[bytes]:
    result = scl.parse(source)
    assert result.ok, [str(each) for each in result.errors]
    return scl.generate(source).documents


def typed_body(
    body: str,
    declarations: str = "",
    *,
    around: str = "",
    kind: str = 'FUNCTION_BLOCK "Test"',
    tags: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    numbers: Mapping[str, int] | None = None,
    cpu: Cpu | None = None,
    iec_check: bool = False,
) -> tuple[list[Statement], Scope]:
    """Return the typed statements of a body, with the scope that has the findings; line 1 is the first of the body.

    Args:
        body: SCL statements.
        declarations: VAR sections of the block.
        around: further objects of the program.
        kind: first words of the block.
        tags, constants, numbers, cpu: as in `program_of`.
        iec_check: whether the IEC check of the block is on.
    """
    end = f"END_{kind.split()[0]}"
    name = kind.split('"')[1]
    block = f"{kind}\n{declarations}\nBEGIN\n"
    symbols = objects_of(f"{around}\n{block}{end}", tags=tags, constants=constants, numbers=numbers, cpu=cpu)
    found = symbols.find(name)
    assert isinstance(found, Block)
    found.attributes["IsIECCheckEnabled"] = str(iec_check).lower()
    scope = Scope(found, Symbols(symbols))
    made = statements(scope, body, 1)
    check_labels(scope, made)
    return made, scope


def findings(scope: Scope) -> list[str]:
    """Return the findings as `line:column code`, warnings with a `w` in front."""
    return [_short(each) for each in scope.diagnostics]


def _short(finding: Diagnostic) -> str:
    mark = "w " if finding.severity is Severity.WARNING else ""
    return f"{mark}{finding.place.line}:{finding.place.column} {finding.code}"
