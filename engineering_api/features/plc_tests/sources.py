"""Sources on disk that make up a program: found in folders, put in an order in which each finds what it needs.

An import is refused when a data type is missing. Sources (.scl, .udt, .db, .awl) and SimaticML files (.xml) need what they
name in quotes and somebody else declares; calls may go round in circles, which the compiler resolves afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import simatic_xml
from engineering_api.features.blocks.bulk_import import Import, Item, Sent
from engineering_api.features.program import other_forms
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.portal.portal import Session
from openness_bridge.program import sources
from simatic_xml import SimaticMLError
from simatic_xml.limits import LimitError
from simatic_xml.scl.parser import decode

TEXTS = (".udt", ".scl", ".db", ".awl")
"""Source texts, in the order in which they come where nothing else decides."""
SUFFIXES = (*TEXTS, ".xml", *other_forms.SUFFIXES)
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


def find(paths: Iterable[Path]) -> list[Path]:
    """Return the sources among files and in folders.

    Raises:
        Problem: there is no such file, none in a folder, or one that is no source.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file() and _is_source(each))
            if not inside:
                msg = f"There is no source in '{path}': {', '.join(SUFFIXES)}."
                raise Problem("plc_test.no_sources", msg, kind=Kind.MISSING, place=Place(path=str(path)))
            found += inside
        elif not path.is_file():
            raise Problem(
                "file.not_found", f"There is no file '{path}'.", kind=Kind.MISSING, place=Place(path=str(path))
            )
        elif path.suffix.lower() not in SUFFIXES:
            msg = f"'{path}' is not a source: sources end with {', '.join(SUFFIXES)}. Name a project with --project."
            raise Problem("plc_test.source", msg, place=Place(path=str(path)))
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _is_source(path: Path) -> bool:
    """Return whether a file in a folder is meant: other XML files, such as reports, are there, too."""
    suffix = path.suffix.lower()
    if suffix != ".xml":
        return suffix in TEXTS or other_forms.is_meant(path)
    with path.open("rb") as file:
        return b"<Document" in file.read(4096)


def put_in(session: Session, device: str, paths: Iterable[Path]) -> None:
    """Make the objects of sources in a PLC: first SimaticML files with data types and tags, then texts. On the portal's thread.

    Raises:
        Problem: one cannot be read, or has errors; each names its file and line.
    """
    given = find(paths)
    early, late = _split([each for path in given if path.suffix.lower() not in TEXTS for each in _documents(path)])
    texts = _sort([_read(path) for path in given if path.suffix.lower() in TEXTS])
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


def _documents(path: Path) -> Iterator[_Written]:
    """Yield a SimaticML file, or the documents of a file in another form.

    Raises:
        Problem: it cannot be read.
    """
    try:
        content = path.read_bytes()
        is_xml = path.suffix.lower() == ".xml"
        for each in [simatic_xml.load(content)] if is_xml else other_forms.read_documents(str(path), content):
            kinds = frozenset(item.kind for item in each.objects)
            yield _Written(path, content if is_xml else simatic_xml.dump(each), kinds)
    except LimitError:
        raise
    except (OSError, SimaticMLError) as error:
        raise Problem("plc_test.source", f"'{path}' cannot be read: {error}", place=Place(path=str(path))) from error


def _split(documents: list[_Written]) -> tuple[list[_Written], list[_Written]]:
    """Return documents that texts may need (data types and tag tables), and the others."""
    early = [each for each in documents if each.kinds <= {"UDT", "TagTable"}]
    return early, [each for each in documents if each not in early]


def _put_documents(session: Session, device: str, documents: list[_Written]) -> None:
    if documents:
        items = [
            Item(partial(bytes, each.xml), str(each.path), override=True, sent=Sent(file=str(each.path)))
            for each in documents
        ]
        Import(session, device, items).run("all")


def _put_text(session: Session, device: str, source: Source) -> None:
    """Generate what a text declares; what its calls need may come later, so the compiler checks, not the generation."""
    extension = source.path.suffix.lower()
    try:
        sources.generate_text(
            session,
            device,
            source.path.stem,
            source.text,
            extension=extension,
            keep_on_error=True,
            file=str(source.path),
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
