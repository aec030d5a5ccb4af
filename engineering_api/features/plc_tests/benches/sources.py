"""Sources on disk that make up a program: found in folders, put in an order in which each finds what it needs.

An import is refused when a data type is missing. Sources (.scl, .udt, .db, .awl) and SimaticML files (.xml) need what they
name in quotes and somebody else declares; calls may go round in circles, which the compiler resolves afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import simatic_xml
from engineering_api.features.blocks.bulk_import import Import, Item, Sent, read_items
from engineering_api.features.program.other_forms import look_in
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.portal.portal import Session
from openness_bridge.program import sources
from simatic_xml import Document, SimaticMLError
from simatic_xml.folders import OTHER, OTHER_SUFFIXES, SCL, STL, SUFFIXES, TEST_SUFFIXES, XML, FolderFile, LeftOut
from simatic_xml.limits import LimitError
from simatic_xml.model import TagTable
from simatic_xml.scl.parser import decode
from simatic_xml.scl_cli.commands import PROGRAM
from simatic_xml.scl_cli.forms import generate_documents, surroundings
from simatic_xml.scl_cli.inputs import input_of

TEXTS = (".udt", ".scl", ".db", ".awl")
"""Source texts, in the order in which they come where nothing else decides."""
_USE = "The program that is tested"
_TABLE = frozenset({"TagTable"})
_QUOTED = re.compile(r'"([^"\n]+)"')
_DECLARED = re.compile(
    r'^\s*(?:TYPE|DATA_BLOCK|FUNCTION_BLOCK|FUNCTION|ORGANIZATION_BLOCK)\s+"([^"\n]+)"', re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Source:
    """A source text: what it declares and which names it mentions, casefolded."""

    path: Path
    text: str
    declares: frozenset[str]
    mentions: frozenset[str]


def find(paths: Iterable[Path]) -> list[FolderFile]:
    """Return the sources among files and in folders, as every command reads them.

    Raises:
        Problem: there is no such file, none in a folder, or one that is not a source.
    """
    return find_all(paths)[0]


def find_all(paths: Iterable[Path]) -> tuple[list[FolderFile], list[LeftOut]]:
    """Return the sources among files and in folders, and what in the folders is not used; tests and their Python files are not named.

    Raises:
        Problem: as `find`.
    """
    found: dict[Path, FolderFile] = {}
    left_out: list[LeftOut] = []
    for path in paths:
        chosen, others = look_in(path).select(PROGRAM, _USE)
        if not chosen and path.is_dir():
            msg = f"There is no source in '{path}': {', '.join((*SUFFIXES, *OTHER_SUFFIXES))}."
            raise Problem("plc_test.no_sources", msg, kind=Kind.MISSING, place=Place(path=str(path)))
        if not chosen:
            msg = f"'{path}' is not a source. {others[0].reason} Name a project with --project."
            raise Problem("plc_test.source", msg, place=Place(path=str(path)))
        found |= {each.path: each for each in chosen}
        left_out += (each for each in others if not each.path.name.endswith((*TEST_SUFFIXES, ".py")))
    return list(found.values()), left_out


def put_in(session: Session, device: str, paths: Iterable[Path]) -> None:
    """Make the objects of sources in a PLC: first SimaticML files with data types and tags, then texts. On the portal's thread.

    Raises:
        Problem: one cannot be read, or has errors; each names its file and line.
    """
    given = find(paths)
    written = [document for each in given if each.form not in (SCL, STL) for document in _documents(each, given)]
    early, late = _split(_join_tables(written))
    texts = _sort([_read(each.path) for each in given if each.form in (SCL, STL)])
    _put_documents(session, device, early)
    for source in texts:
        _put_text(session, device, source)
    _put_documents(session, device, late)


@dataclass(frozen=True, slots=True)
class _Written:
    """A SimaticML document of a file, and its objects' kinds."""

    path: Path
    xml: bytes
    kinds: frozenset[str]


def _documents(file: FolderFile, program: list[FolderFile]) -> Iterator[_Written]:
    """Yield a SimaticML file, or the documents of a file in another form.

    Args:
        file: The file.
        program: All files, whose declarations SIMATIC SD needs.

    Raises:
        Problem: it cannot be read.
    """
    _require_readable(file)
    try:
        for xml in _read_documents(file, program):
            kinds = frozenset(item.kind for item in simatic_xml.load(xml).objects)
            yield _Written(file.path, xml, kinds)
    except LimitError:
        raise
    except (OSError, SimaticMLError) as error:
        raise _unreadable(file.path, str(error)) from error


def _read_documents(file: FolderFile, program: list[FolderFile]) -> Iterator[bytes]:
    if file.form == OTHER:
        yield from file.objects.documents
    elif file.form == XML:
        yield file.path.read_bytes()
    else:
        made = generate_documents(input_of(file), program=surroundings(input_of(each) for each in program))
        if wrong := [each for each in made.diagnostics if each.severity == "error"]:
            raise SimaticMLError("sd", wrong[0].message, wrong[0].line, wrong[0].column)
        yield from made.documents


def _require_readable(file: FolderFile) -> None:
    """Refuse a tag list or block in JSON with mistakes; each is a detail with its row."""
    if file.objects.mistakes:
        details = [
            Detail(each.code, f"{file.path}:{each.line}: {each.message}", Place(path=str(file.path), line=each.line))
            for each in file.objects.mistakes
        ]
        problem = _unreadable(file.path, file.objects.mistakes[0].message)
        problem.details = details
        raise problem


def _unreadable(path: Path, why: str) -> Problem:
    return Problem("plc_test.source", f"'{path}' cannot be read: {why}", place=Place(path=str(path)))


def _split(documents: list[_Written]) -> tuple[list[_Written], list[_Written]]:
    """Return documents that texts may need (data types and tag tables), and the others."""
    early = [each for each in documents if each.kinds <= {"UDT", "TagTable"}]
    return early, [each for each in documents if each not in early]


def _join_tables(documents: list[_Written]) -> list[_Written]:
    """Return the documents with each tag table once: it has the rows of all files that name it."""
    tables: dict[str, list[tuple[Path, Document, TagTable]]] = {}
    for each in documents:
        if each.kinds == _TABLE:
            document = simatic_xml.load(each.xml)
            for table in (node for node in document.objects if isinstance(node, TagTable)):
                tables.setdefault(table.name.casefold(), []).append((each.path, document, table))
    return [_join(same) for same in tables.values()] + [each for each in documents if each.kinds != _TABLE]


def _join(same: list[tuple[Path, Document, TagTable]]) -> _Written:
    """Return a table with its rows of all files. Rows with the same name, type and address or value count once."""
    path, document, table = same[0]
    if len(same) > 1:
        tags = {
            (row.name, row.data_type, row.address): row for *_, each in reversed(same) for row in reversed(each.tags)
        }
        constants = {
            (row.name, row.data_type, row.value): row for *_, each in reversed(same) for row in reversed(each.constants)
        }
        table.tags, table.constants = [*reversed(tags.values())], [*reversed(constants.values())]
    return _Written(path, simatic_xml.dump(replace(document, objects=[table])), _TABLE)


def _put_documents(session: Session, device: str, documents: list[_Written]) -> None:
    if documents:
        items = [
            Item(partial(bytes, each.xml), str(each.path), override=True, sent=Sent(file=str(each.path)))
            for each in documents
        ]
        Import(session, device, read_items(items)).run("all")


def _put_text(session: Session, device: str, source: Source) -> None:
    """Generate what a text declares; what its calls need may come later, so the compiler checks, not the generation."""
    extension = source.path.suffix.lower()
    try:
        sources.generate_text(
            session,
            device,
            source.path.stem,
            sources.read_text(source.text, extension, file=str(source.path)),
            extension=extension,
            keep_on_error=True,
        )
    except Problem as problem:
        if problem.code == "source.errors" and _is_kept(session, device, source):
            return
        problem.message = f"{source.path}: {problem.message}"
        raise problem.at(path=str(source.path)) from problem.__cause__


def _is_kept(session: Session, device: str, source: Source) -> bool:
    from openness_bridge.program import blocks, udts

    there = {each.name.casefold() for each in blocks.list_blocks(session, device)}
    there |= {each.name.casefold() for each in udts.list_types(session, device)}
    return bool(source.declares) and source.declares <= there


def _read(path: Path) -> Source:
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise Problem("plc_test.source", f"'{path}' cannot be read: {error}", place=Place(path=str(path))) from error
    declares = frozenset(name.casefold() for name in _DECLARED.findall(text))
    mentions = frozenset(name.casefold() for name in _QUOTED.findall(text)) - declares
    return Source(path, text, declares, mentions)


def _sort(given: list[Source]) -> list[Source]:
    """Return each behind those that declare what it mentions, as far as that goes in a circle-free way."""
    by_kind = sorted(given, key=lambda each: TEXTS.index(each.path.suffix.lower()))
    owners = {name: source for source in by_kind for name in source.declares}
    done: dict[Path, Source] = {}
    begun: set[Path] = set()
    waiting = by_kind[::-1]
    while waiting:
        source = waiting[-1]
        fresh = source.path not in begun
        begun.add(source.path)
        needs = [owners[name] for name in sorted(source.mentions & owners.keys())] if fresh else []
        missing = [each for each in needs if each.path not in begun]
        if missing:
            waiting += missing
        else:
            done.setdefault(waiting.pop().path, source)
    return list(done.values())
