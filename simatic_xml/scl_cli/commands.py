"""The commands for SCL; each takes its arguments and returns the exit code."""

from __future__ import annotations

import difflib
import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from simatic_xml import lint, scl
from simatic_xml.command_line.files import (
    FINE,
    FOUND,
    STANDARD,
    UNREADABLE,
    UsageError,
    complain,
    write_bytes,
    write_text,
)
from simatic_xml.files import load
from simatic_xml.folders import NVT, OTHER, SCL, SD, XML, LeftOut, Mistake, lines
from simatic_xml.lint.parsing import parse_source
from simatic_xml.scl_cli import report_data, report_files, report_text
from simatic_xml.scl_cli.findings import Finding, check, style
from simatic_xml.scl_cli.forms import TEXT_FORMS, generate_documents, surroundings
from simatic_xml.scl_cli.inputs import Given, Input, each, read
from simatic_xml.scl_cli.neighbours import read_neighbours
from simatic_xml.scl_cli.outline import outline

PROGRAM = (*TEXT_FORMS, XML, OTHER)
"""The forms of files that make up a program."""
DECLARED = (*PROGRAM, NVT)
"""The forms of files that declare what a program uses."""
_RANK = {level: rank for rank, level in enumerate(lint.LEVELS)}


def check_files(given: Namespace) -> int:
    """Report what the compiler reports."""
    from simatic_xml.program.symbols import Cpu

    asked = read(given.files, DECLARED, "`tia scl check`", given.read_more)
    around = _around(given)
    if not (given.alone or given.project or given.around):
        around.inputs, around.left_out = read_neighbours(given.files, DECLARED, given.read_more)
    cpu = Cpu(given.cpu, given.firmware)
    found = check(asked.inputs, around.inputs, cpu, lax=given.open)
    return _report(given, "tia scl check", found, asked, around)


def lint_files(given: Namespace) -> int:
    """Report what breaks the rules of good practice, or fix it."""
    for refusal in lint.GROUP.refused.values():
        sys.stderr.write(f"{refusal}\n")
    if given.rules:
        return _list_rules()
    if not given.files:
        raise UsageError("name files or folders, or - for standard input")
    asked = read(given.files, DECLARED, "`tia scl lint`", given.read_more)
    around = _around(given)
    reason = "`tia scl lint` reads the declarations in it, and has no rules for its form."
    sources = _only(asked, (SCL, SD), reason)
    around.inputs += [each for each in asked.inputs if each.kind not in (SCL, SD)]
    settings = {source.name: _settings(given, source) for source in sources}
    if given.fix:
        sources = [_fix(each, settings[each.name]) if each.kind == SCL else each for each in sources]
    found = list(style(sources, around.inputs, settings))
    asked.inputs = sources
    return _report(given, "tia scl lint", found, asked, around)


def _only(asked: Given, forms: tuple[str, ...], reason: str) -> list[Input]:
    """Return the files of some forms; those of other forms are named with the reason, and are an error where they are all."""
    others = [each for each in asked.inputs if each.kind not in forms]
    sources = [each for each in asked.inputs if each.kind in forms]
    asked.left_out += (LeftOut(each.path, reason) for each in others)
    if others and not sources:
        asked.broken += ((each.name, Mistake("file.form", reason)) for each in others)
        asked.code = UNREADABLE
    return sources


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


def _around(given: Namespace) -> Given:
    """Return the files of the program around, those of --project and --with; what is checked itself is not around."""
    names = [*([str(given.project)] if given.project else []), *given.around]
    found = read(names, DECLARED, "The program around", given.read_more)
    own = {Path(name).resolve() for name in given.files if name != STANDARD}
    found.inputs = [each for each in found.inputs if each.path.resolve() not in own]
    return found


def _report(given: Namespace, tool: str, found: Sequence[Finding], asked: Given, around: Given) -> int:
    """Write the reports; return whether the findings matter."""
    broken = [
        Finding(name, "error", each.code, each.message, each.line, each.column, each.line, each.column)
        for name, each in (*asked.broken, *around.broken)
    ]
    left_out = list(dict.fromkeys([*asked.left_out, *around.left_out]))
    names = [source.name for source in asked.inputs]
    report = report_data.Report(tool, found, names, broken, left_out, given.explain)
    texts = {source.name: source.text for source in asked.inputs if source.kind in TEXT_FORMS}

    def make_text() -> str:
        return "".join(f"{line}\n" for line in report_text.lines(found, lambda name: texts.get(name, "")))

    make = report_data.Makers(report, {"text": make_text})
    further = {form: getattr(given, form) for form in report_files.MACHINE_FORMS}
    if given.output == STANDARD and getattr(given, "fix", False) and STANDARD in given.files:
        sys.stderr.write(make[given.format]())
        report_files.write_reports(make, given.format, None, further)
    else:
        report_files.write_reports(make, given.format, given.output, further)
    _name_left_out(left_out)
    if given.format == "text":
        sys.stderr.write(f"{report_text.summary([*found, *broken], len(names))}\n")
    matters = any(_RANK[each.level] <= _RANK[given.fail_on] for each in found)
    return max(asked.code, around.code, FOUND if matters else FINE)


def _name_left_out(left_out: Iterable[LeftOut]) -> None:
    """Name on standard error what is not used."""
    sys.stderr.writelines(f"{line}\n" for line in lines(left_out))


def format_files(given: Namespace) -> int:
    """Format sources."""
    asked = read(given.files, (SCL,), "`tia scl format`", given.read_more)
    sources, code = asked.inputs, asked.code
    _name_left_out(asked.left_out)
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
    asked = read(given.files, TEXT_FORMS, "`tia scl to-xml`", given.read_more)
    around = read(given.around, PROGRAM, "The program around", given.read_more)
    sources, code = asked.inputs, max(asked.code, around.code)
    _name_left_out([*asked.left_out, *around.left_out])
    program = surroundings([*around.inputs, *sources])

    def write_one(source: Input) -> int:
        made = generate_documents(source, given.to, program)
        for found in made.diagnostics:
            complain(source.name, str(found))
        if given.output is None and len(made.documents) > 1:
            raise UsageError(f"{source.name} has {len(made.documents)} objects; name a folder with -o")
        for name, document in zip(made.names, made.documents, strict=True):
            _write(given.output, name, ".xml", document)
        return FOUND if any(found.severity == "error" for found in made.diagnostics) else FINE

    return max(code, each(sources, write_one))


def write_source(given: Namespace) -> int:
    """Write SimaticML documents as sources."""
    from simatic_xml.scl_cli.exporters import write_form

    asked = read(given.files, (XML,), "`tia scl from-xml`", given.read_more)
    inputs, code = asked.inputs, asked.code
    _name_left_out(asked.left_out)

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
    asked = read(given.files, (SCL,), "`tia scl symbols`", given.read_more)
    sources, code = asked.inputs, asked.code
    _name_left_out(asked.left_out)
    files: list[dict[str, Any]] = []
    for source in sources:
        result = parse_source(source.text)
        files.append({"file": source.name, "objects": outline(result.tree)})
        for error in result.errors:
            complain(source.name, str(error))
        code = max(code, FINE if result.ok else FOUND)
    write_text(STANDARD, json.dumps({"files": files}, ensure_ascii=False, indent=2) + "\n")
    return code
