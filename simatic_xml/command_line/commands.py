"""The commands of the command line; each takes its arguments and returns the exit code."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from simatic_xml import sd
from simatic_xml.checking.check import check
from simatic_xml.checking.problem import Problem
from simatic_xml.checking.validation import Schemas, schema_folder, validate_with
from simatic_xml.command_line.files import (
    FINE,
    FOUND,
    STANDARD,
    UNREADABLE,
    UsageError,
    complain,
    content_of,
    document_of,
    each_file,
    is_scl,
    run_and_report,
    write_bytes,
    write_text,
)
from simatic_xml.diff import diff, to_text
from simatic_xml.errors import SimaticMLError
from simatic_xml.files import dump, load
from simatic_xml.folders import SCL, XML
from simatic_xml.json_form.document import from_json, to_json
from simatic_xml.model import Block, Document, Network
from simatic_xml.svg import svg
from simatic_xml.versions import VERSIONS, nearest_version
from simatic_xml.xml.layout import regular_layout

_MISSING = frozenset({"/dev/null", "nul"})
"""The name that git gives in place of a missing file."""


def check_files(given: Namespace) -> int:
    """List what TIA Portal would refuse."""
    schemas = Schemas.of(schema_folder(given.schemas)) if given.schema or given.schemas else None
    results: list[dict[str, Any]] = []

    def check_one(name: str) -> int:
        problems = _scl_problems(name) if is_scl(name) else _problems(name, schemas)
        if given.json:
            results.append({"file": name, "problems": [problem.to_json() for problem in problems]})
        else:
            sys.stdout.writelines(f"{name}: {problem}\n" for problem in problems)
        return FOUND if any(given.strict or problem.severity == "error" for problem in problems) else FINE

    code = each_file(given.files, (XML, SCL), check_one, "`tia xml check`")
    if given.json:
        write_text(STANDARD, _as_json({"files": results}))
    return code


def _problems(name: str, schemas: Schemas | None) -> list[Problem]:
    content = content_of(name)
    return check(load(content)) + (validate_with(content, schemas) if schemas else [])


def _scl_problems(name: str) -> list[Problem]:
    from simatic_xml.scl.parser import parse

    return [
        Problem(
            "error" if each.severity == "error" else "warning",
            each.code,
            each.message,
            line=each.line,
            column=each.column,
        )
        for each in parse(content_of(name)).diagnostics
    ]


def format_files(given: Namespace) -> int:
    """Write files as TIA Portal lays them out."""

    def format_one(name: str) -> int:
        before = content_of(name)
        after = _format_source(before) if is_scl(name) else _format_document(load(before))
        if given.check:
            if before != after:
                write_text(STANDARD, f"{name}\n")
            return FOUND if before != after else FINE
        if before != after or name == STANDARD:
            write_bytes(name, after)
        return FINE

    return each_file(given.files, (XML, SCL), format_one, "`tia xml format`")


def _format_document(document: Document) -> bytes:
    """Return a document in the layout of its version, with the line ends and encoding that it has."""
    layout = regular_layout(nearest_version(document.engineering))
    if document.layout is not None:
        layout = replace(layout, encoding=document.layout.encoding)
    return dump(replace(document, layout=layout))


def _format_source(content: bytes) -> bytes:
    """Return an SCL source laid out, in UTF-8 with the byte-order mark and the line ends that it has."""
    from simatic_xml.scl import layout
    from simatic_xml.scl.parser import decode

    text = layout.format(decode(content).replace("\r\n", "\n"))
    if b"\r\n" in content:
        text = text.replace("\n", "\r\n")
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    return mark + text.encode("utf-8")


def write_json(given: Namespace) -> int:
    """Write a file as JSON."""
    return run_and_report(given.file, lambda name: _write(given.output, _as_json(to_json(document_of(name)))))


def write_document(given: Namespace) -> int:
    """Write JSON as a file for import into TIA Portal."""

    def write_one(name: str) -> int:
        content = dump(from_json(_json_of(content_of(name))), given.to)
        write_bytes(given.output, content)
        return FINE

    return run_and_report(given.file, write_one)


def _json_of(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise SimaticMLError("json", f"The file is not valid JSON: {error}.") from error
    except RecursionError as error:
        raise SimaticMLError("json", "The JSON nests too deeply.") from error


def write_text_form(given: Namespace) -> int:
    """Write a file as readable text."""

    def write_one(name: str) -> int:
        content = content_of(name)
        try:
            return _write(given.output, to_text(load(content)))
        except SimaticMLError:
            if not given.fallback:
                raise
        write_bytes(given.output, content)
        return FINE

    return run_and_report(given.file, write_one)


def compare(given: Namespace) -> int:
    """Report what changed between two files."""
    if given.before == given.after == STANDARD:
        raise UsageError("standard input can be only one of the two files")
    loaded: list[Document] = []

    def load_one(name: str) -> int:
        loaded.append(document_of(name))
        return FINE

    code = max(run_and_report(name, load_one) for name in (given.before, given.after))
    if code:
        return code
    found = diff(*loaded)
    write_text(STANDARD, _as_json(found.to_json()) if given.json else found.text())
    return FOUND if found else FINE


def compare_for_git(given: Namespace) -> int:
    """Report what changed, called by git; an error is part of the answer, because git would end at an exit code."""
    if len(given.rest) < 6:
        write_text(STANDARD, f"{given.path}: not merged yet\n")
        return FINE
    write_text(STANDARD, f"--- {given.path}\n")
    try:
        documents = [_version_of(name) for name in (given.rest[0], given.rest[3])]
        write_text(STANDARD, diff(*documents).text() or "only layout, dates or numbers changed\n")
    except (SimaticMLError, OSError) as error:
        write_text(STANDARD, f"not comparable: {error}\n")
    return FINE


def _version_of(name: str) -> Document:
    return Document() if name.lower() in _MISSING else document_of(name)


def draw(given: Namespace) -> int:
    """Draw networks as SVG."""
    if given.width < 0:
        raise UsageError("--width takes a number of pixels, or 0 for any width")

    def draw_one(name: str) -> int:
        networks = [each for document in _drawn(name) for each in _networks(document)]
        if given.network is not None:
            networks = [each for each in networks if each[1] == given.network]
            if not networks:
                complain(name, f"there is no network {given.network}.")
                return UNREADABLE
        if given.output is None and len(networks) != 1:
            raise UsageError(f"{name} has {len(networks)} networks; choose one with --network, or a folder with -o")
        if given.output is None:
            return _write(STANDARD, svg(networks[0][2], given.width or None) + "\n")
        return _draw_all(name, given, networks)

    return run_and_report(given.file, draw_one)


def _drawn(name: str) -> list[Document]:
    """Return the documents of a SimaticML file, or of a SIMATIC SD document; complain about what is wrong in the latter.

    Raises:
        SimaticMLError: it cannot be read.
    """
    if Path(name).suffix.lower() != ".s7dcl":
        return [document_of(name)]
    resources = Path(name).with_suffix(".s7res")
    made = sd.generate(content_of(name), resources.read_bytes() if resources.exists() else None)
    wrong = [each for each in made.diagnostics if each.severity == "error"]
    for each in wrong:
        complain(f"{name}:{each.line}:{each.column}", each.message)
    if wrong and not made.documents:
        raise SimaticMLError("sd", "The document has errors, so nothing is drawn.")
    return [load(each) for each in made.documents]


def _networks(document: Document) -> Iterator[tuple[str, int, Network]]:
    for node in document.objects:
        if isinstance(node, Block):
            for number, network in enumerate(node.networks, start=1):
                yield node.name, number, network


def _draw_all(name: str, given: Namespace, networks: list[tuple[str, int, Network]]) -> int:
    """Write a file for each network; name those that have no drawing."""
    folder: Path = given.output
    folder.mkdir(parents=True, exist_ok=True)
    for block, number, network in networks:
        target = folder / f"{_file_name(block)}-network-{number}.svg"
        try:
            write_bytes(str(target), svg(network, given.width or None).encode("utf-8"))
        except SimaticMLError as error:
            complain(f"{name}, network {number}", error.message)
        else:
            write_text(STANDARD, f"{target}\n")
    return FINE


def _file_name(block: str) -> str:
    """Return a block's name without what a file name cannot hold."""
    return "".join(char if char.isalnum() or char in "-_ ." else "_" for char in block) or "_"


def convert_files(given: Namespace) -> int:
    """Write files for a newer or older TIA Portal."""
    if given.output and len(given.files) > 1:
        raise UsageError("-o takes one file; without -o each file is changed in place")

    def convert_one(name: str) -> int:
        document = document_of(name)
        _check_direction(document.engineering, given.to, newer=given.newer)
        write_bytes(given.output or name, dump(document, given.to))
        return FINE

    return each_file(given.files, (XML,), convert_one, "This conversion")


def _check_direction(current: str, target: str, *, newer: bool) -> None:
    order = list(VERSIONS)
    if current not in order:
        raise SimaticMLError("version", f"The file's version {current!r} is not known; it is not converted.")
    step = order.index(target) - order.index(current)
    if step and (step > 0) != newer:
        other = "downgrade" if newer else "upgrade"
        raise SimaticMLError("version", f"The file is of {current}; to write it for {target}, use {other}.")


def _write(name: str, text: str) -> int:
    write_text(name, text)
    return FINE


def _as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
