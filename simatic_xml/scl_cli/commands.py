"""The commands for SCL; each takes its arguments and returns the exit code."""

from __future__ import annotations

import difflib
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from simatic_xml import lint, scl
from simatic_xml.cli_files import FINE, FOUND, STANDARD, UsageError, complain, write_bytes, write_text
from simatic_xml.files import load
from simatic_xml.lint.parsing import parse_source
from simatic_xml.scl_cli import report_data, report_text
from simatic_xml.scl_cli.findings import Finding, check, style
from simatic_xml.scl_cli.forms import TEXT_FORMS, generate_documents, surroundings, write_form
from simatic_xml.scl_cli.inputs import SCL, XML, Input, each, read
from simatic_xml.scl_cli.neighbours import read_neighbours
from simatic_xml.scl_cli.outline import outline

_RANK = {level: rank for rank, level in enumerate(lint.LEVELS)}


def check_files(given: Namespace) -> int:
    """Report what the compiler reports."""
    from simatic_xml.program.symbols import Cpu

    sources, code = read(given.files, (*TEXT_FORMS, XML))
    around, worse = _around(given)
    if not (given.alone or given.project or given.around):
        around = list(read_neighbours(given.files, given.read_more))
    cpu = Cpu(given.cpu, given.firmware)
    found = check(sources, around, cpu, lax=given.open)
    return max(code, worse, _report(given, found, sources))


def lint_files(given: Namespace) -> int:
    """Report what breaks the rules of good practice, or fix it."""
    if given.rules:
        return _list_rules()
    if not given.files:
        raise UsageError("name files or folders, or - for standard input")
    sources, code = read(given.files, (SCL,))
    around, worse = _around(given)
    settings = {source.name: _settings(given, source) for source in sources}
    if given.fix:
        sources = [_fix(source, settings[source.name]) for source in sources]
    return max(code, worse, _report(given, list(style(sources, around, settings)), sources))


def _list_rules() -> int:
    for rule in lint.RULES.values():
        state = "" if rule.enabled else ", off"
        fixes = ", --fix" if rule.fixes else ""
        write_text(STANDARD, f"{rule.id} {rule.name} ({rule.level}{fixes}{state}): {rule.summary} [{rule.basis}]\n")
    return FINE


def _settings(given: Namespace, source: Input) -> lint.Settings:
    path = given.config or lint.nearest(source.path)
    settings = (lint.load(path) if path else lint.Config()).settings(source.path)
    return settings.only(given.only) if given.only else settings


def _fix(source: Input, settings: lint.Settings) -> Input:
    """Fix a file in place; what comes from standard input goes to standard output."""
    text = lint.fix(source.text, settings)
    content = source.content if text == source.text else source.encode(text)
    if content != source.content or source.name == STANDARD:
        write_bytes(source.name, content)
    return Input(source.name, content)


def _around(given: Namespace) -> tuple[list[Input], int]:
    """Return the files of the program around, those of --project and --with."""
    names = [*([str(given.project)] if given.project else []), *given.around]
    inputs, code = read(names, (*TEXT_FORMS, XML))
    own = {Path(name).resolve() for name in given.files if name != STANDARD}
    return [each for each in inputs if each.path.resolve() not in own], code


def _report(given: Namespace, found: Sequence[Finding], sources: Sequence[Input]) -> int:
    """Write findings in the selected form; return whether they matter."""
    if given.format == "text":
        texts = {source.name: source.text for source in sources if source.kind != XML}
        output = "".join(f"{line}\n" for line in report_text.lines(found, texts))
    else:
        output = _FORMS[given.format](found, [source.name for source in sources])
    fixes_standard_input = getattr(given, "fix", False) and STANDARD in given.files
    if given.output == STANDARD and fixes_standard_input:
        sys.stderr.write(output)
    else:
        write_text(given.output, output)
    sys.stdout.flush()
    if given.format == "text":
        sys.stderr.write(f"{report_text.summary(found, len(sources))}\n")
    return FOUND if any(_RANK[each.level] <= _RANK[given.fail_on] for each in found) else FINE


_FORMS: dict[str, Callable[[Sequence[Finding], Iterable[str]], str]] = {
    "json": lambda found, _: report_data.as_json(found),
    "sarif": lambda found, _: report_data.as_sarif(found),
    "junit": report_data.as_junit,
    "gitlab": lambda found, _: report_data.as_code_quality(found),
}


def format_files(given: Namespace) -> int:
    """Format sources."""
    sources, code = read(given.files, (SCL,))
    if len(sources) > 1 and not (given.check or given.diff or given.write):
        raise UsageError("standard output takes one file; for several files use --write, --check or --diff")

    def format_one(source: Input) -> int:
        newline = "\r\n" if "\r\n" in source.text else "\n"
        text = scl.format(source.text.replace("\r\n", "\n")).replace("\n", newline)
        changes = text != source.text
        if given.diff and changes:
            write_text(STANDARD, _difference(source, text))
        elif given.check and changes:
            write_text(STANDARD, f"{source.name}\n")
        if given.check or given.diff:
            return FOUND if changes else FINE
        if not given.write:
            write_bytes(STANDARD, source.encode(text))
        elif changes:
            write_bytes(source.name, source.encode(text))
        return FINE

    return max(code, each(sources, format_one))


def _difference(source: Input, text: str) -> str:
    lines = difflib.unified_diff(
        source.text.replace("\r\n", "\n").splitlines(keepends=True),
        text.replace("\r\n", "\n").splitlines(keepends=True),
        source.name,
        f"{source.name} (formatted)",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ no line end\n" for line in lines)


def write_xml(given: Namespace) -> int:
    """Write a SimaticML document for each object of sources."""
    sources, code = read(given.files, TEXT_FORMS)
    around, worse = read(given.around, (*TEXT_FORMS, XML))
    program = surroundings([*around, *sources])

    def write_one(source: Input) -> int:
        made = generate_documents(source, given.to, program)
        for found in made.diagnostics:
            complain(source.name, str(found))
        if given.output is None and len(made.documents) > 1:
            raise UsageError(f"{source.name} has {len(made.documents)} objects; name a folder with -o")
        for name, document in zip(made.names, made.documents, strict=True):
            _write(given.output, name, ".xml", document)
        return FOUND if any(found.severity == "error" for found in made.diagnostics) else FINE

    return max(code, worse, each(sources, write_one))


def write_source(given: Namespace) -> int:
    """Write SimaticML documents as sources."""
    inputs, code = read(given.files, (XML,))

    def write_one(source: Input) -> int:
        files = write_form(load(source.content), given.form)
        if given.output is None and len(files) > 1:
            raise UsageError(f"{source.name} becomes {len(files)} files; name a folder with -o")
        for suffix, content in files.items():
            _write(given.output, source.path.stem, suffix, content)
        return FINE

    return max(code, each(inputs, write_one))


def _write(folder: Path | None, name: str, suffix: str, content: bytes) -> None:
    """Write an object into a folder, to standard output without one."""
    if folder is None:
        write_bytes(STANDARD, content)
        return
    folder.mkdir(parents=True, exist_ok=True)
    safe = "".join(char if char.isalnum() or char in "-_ ." else "_" for char in name) or "_"
    write_bytes(str(folder / f"{safe}{suffix}"), content)
    write_text(STANDARD, f"{folder / safe}{suffix}\n")


def list_symbols(given: Namespace) -> int:
    """Write the declarations and calls of sources as JSON."""
    sources, code = read(given.files, (SCL,))
    files: list[dict[str, Any]] = []
    for source in sources:
        result = parse_source(source.text)
        files.append({"file": source.name, "objects": outline(result.tree)})
        for error in result.errors:
            complain(source.name, str(error))
        code = max(code, FINE if result.ok else FOUND)
    write_text(STANDARD, json.dumps({"files": files}, ensure_ascii=False, indent=2) + "\n")
    return code
