"""Test files: YAML text to tests; errors have file, line and JSON pointer."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from engineering_api.features.plc_tests.files import yaml_data
from engineering_api.features.plc_tests.files.extent import require_moderate
from engineering_api.features.plc_tests.files.model import AlarmCheck, AlarmState, Check, Scalar, Test, TestFile
from engineering_api.features.plc_tests.files.yaml_data import YamlData, escape
from openness_bridge.errors import Detail, Kind, Place, Problem
from simatic_xml import limits
from simatic_xml.folders import TEST_SUFFIXES

SUFFIXES = TEST_SUFFIXES
_PLACEHOLDER = re.compile(r"\$\((\w+)\)")
_AT = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>\$.*)`)?", re.DOTALL)
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_VALUES: dict[str, Any] = {"expect": Check | Scalar | list[Any], "alarm": AlarmCheck | AlarmState}
"""Types of the values of mappings by names; others are scalars."""
_KEY = re.compile(r"\[(\d+)\]|\.(\w+)|\[(\.\.\.)\]")


@dataclass(frozen=True, slots=True)
class Case:
    """A test as it is run: with its parameters put in.

    Attributes:
        test: the test.
        name: its name; where the parameters are not in it, they stand behind it.
        file: its file, as it was named.
        line: line where it begins, from 1.
        parameters: their values.
        program: file or folder with the sources, from the folder of the file; empty for that folder.
    """

    test: Test
    name: str
    file: str = ""
    line: int = 0
    parameters: dict[str, Any] = field(default_factory=dict)
    program: str = ""

    @property
    def sources(self) -> Path:
        """Where the sources of its program are, unless somebody names others."""
        return Path(os.path.normpath(Path(self.file).parent / self.program))


def find(paths: list[Path]) -> list[Path]:
    """Return the test files among files and in folders.

    Raises:
        Problem: there is no such file, or none in a folder.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = look_in(path)
            if not inside:
                msg = f"There is no test file in '{path}': their names end with {' or '.join(SUFFIXES)}."
                raise Problem("plc_test.none", msg, kind=Kind.MISSING, place=Place(path=str(path)))
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise Problem(
                "file.not_found", f"There is no file '{path}'.", kind=Kind.MISSING, place=Place(path=str(path))
            )
    return list(dict.fromkeys(found))


def look_in(path: Path) -> list[Path]:
    """Return the test files in a folder and in the folders below it; a file is returned as it is."""
    if path.is_file():
        return [path]
    return sorted(each for each in path.rglob("*") if each.name.endswith(SUFFIXES) and each.is_file())


def read(path: Path) -> list[Case]:
    """Return the tests of a file.

    Raises:
        Problem: it cannot be read, or something in it is wrong; each with line and JSON pointer.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"'{path}' cannot be read: {error}"
        raise Problem("plc_test.unreadable", msg, kind=Kind.REFUSED, place=Place(path=str(path))) from error
    return parse(text, str(path))


def parse(text: str, file: str = "tests") -> list[Case]:
    """Return the tests in a text; `file` names it in errors.

    Raises:
        Problem: something in it is wrong.
    """
    try:
        return _Reading(file, yaml_data.read(text)).cases()
    except limits.LimitError as error:
        place = Place(path=file, line=error.line)
        raise Problem(error.code, f"{file}: {error.message}", place=place).beyond(error.limit, error.value) from error


class _Reading:
    """One file being read: where each of its values is, and what is wrong."""

    def __init__(self, file: str, document: YamlData) -> None:
        self.file, self._document = file, document
        self.details: list[Detail] = []
        self._values = 0
        for mistake in document.mistakes:
            self._wrong(mistake.message, mistake.pointer, mistake.line)

    def cases(self) -> list[Case]:
        """Return the tests."""
        cases = [] if self.details else list(self._cases(self._document.data))
        names: set[str] = set()
        for case in cases:
            if case.name in names:
                self._wrong(f"There are two tests '{case.name}'; give one another name.", "", case.line)
            names.add(case.name)
        if self.details:
            first = self.details[0]
            more = f" (and {len(self.details) - 1} more)" if len(self.details) > 1 else ""
            raise Problem("plc_test.invalid", first.message + more, place=first.place, details=self.details)
        return cases

    def _wrong(self, message: str, pointer: str, line: int | None = None) -> None:
        line = self._document.line(pointer) if line is None else line
        where = f"{self.file}:{line}: " + (f"{pointer}: " if pointer else "")
        self.details.append(
            Detail("plc_test.invalid", where + message, Place(path=self.file, line=line, pointer=pointer))
        )

    def _cases(self, data: Any) -> Iterator[Case]:
        if not isinstance(data, dict):
            self._wrong("A test file is a mapping with the key `tests`.", "")
            return
        tests = data.get("tests")
        placeholder = [{"name": "x", "steps": [{}]}]
        whole = self._convert(
            data | ({"tests": placeholder} if isinstance(tests, list) and tests else {}), TestFile, ""
        )
        for index, raw in enumerate(tests if whole is not None and isinstance(tests, list) else ()):
            yield from self._test(raw, f"/tests/{index}", whole)

    def _test(self, raw: Any, pointer: str, whole: TestFile) -> Iterator[Case]:
        given = raw.get("parameters") if isinstance(raw, dict) else None
        wanted = given if isinstance(given, list) and given else [{}]
        for index, parameters in enumerate(wanted):
            if not isinstance(parameters, dict):
                self._wrong("Parameters are a mapping of names to values.", f"{pointer}/parameters/{index}")
                continue
            test = self._convert(self._fill(raw, parameters, pointer), Test, pointer)
            if test is not None:
                test.block, test.cycle = (
                    test.block or whole.block,
                    test.cycle if test.cycle is not None else whole.cycle,
                )
                test.modules, test.models = test.modules or whole.modules, test.models or whole.models
                self._judge(test, pointer)
                require_moderate(test, self._document.line(pointer))
                behind = "" if _PLACEHOLDER.search(str(raw["name"])) else _format_parameters(parameters)
                yield Case(test, test.name + behind, self.file, self._document.line(pointer), parameters, whole.program)

    def _fill(self, value: Any, parameters: dict[str, Any], pointer: str) -> Any:
        """Return the same with values instead of `$(name)`; a text that is nothing else becomes the value itself.

        Raises:
            LimitError: all tests with all their parameters have too many values.
        """
        self._values += 1
        limits.require("json_values", self._values, what="What the parameters make of the tests")
        match value:
            case dict():
                inside = {key: f"{pointer}/{escape(key)}" for key in value}
                return {
                    self._put(key, parameters, inside[key], whole=False): each
                    if (pointer.count("/"), key) == (2, "parameters")
                    else self._fill(each, parameters, inside[key])
                    for key, each in value.items()
                }
            case list():
                return [self._fill(each, parameters, f"{pointer}/{index}") for index, each in enumerate(value)]
            case str():
                return self._put(value, parameters, pointer, whole=True)
        return value

    def _put(self, text: str, parameters: dict[str, Any], pointer: str, *, whole: bool) -> Any:
        for name in _PLACEHOLDER.findall(text):
            if name not in parameters:
                self._wrong(f"There is no parameter '{name}' in `parameters`.", pointer)
                return text
        only = _PLACEHOLDER.fullmatch(text)
        if whole and only is not None:
            return parameters[only[1]]
        return _PLACEHOLDER.sub(lambda found: str(parameters[found[1]]), text)

    def _convert(self, data: Any, kind: type[Any], pointer: str) -> Any:
        try:
            return msgspec.convert(data, kind)
        except msgspec.ValidationError as error:
            found = _AT.fullmatch(str(error))
            what, path = (found["what"], found["path"] or "$") if found is not None else (str(error), "$")
            unknown = re.fullmatch(r"Object contains unknown field `(.*)`", what)
            inner = f"/{escape(unknown[1])}" if unknown is not None else ""
            self._wrong(_in_words(what), pointer + _pointer(data, path) + inner)
            return None

    def _judge(self, test: Test, pointer: str) -> None:
        """Report what the shape alone does not show: checks that check nothing."""
        for index, step in enumerate(test.steps):
            for name, check in step.expect.items():
                at = f"{pointer}/steps/{index}/expect/{escape(name)}"
                for message in _useless(check):
                    self._wrong(message, at)
            for name, alarm in step.alarm.items():
                if isinstance(alarm, AlarmCheck) and (message := _useless_alarm(alarm)):
                    self._wrong(message, f"{pointer}/steps/{index}/alarm/{escape(name)}")


def _format_parameters(parameters: dict[str, Any]) -> str:
    given = ", ".join(f"{name}={value}" for name, value in parameters.items())
    return f" [{given}]" if given else ""


def _pointer(data: Any, path: str) -> str:
    """Return the JSON pointer of a msgspec path; it does not name the key of a mapping, so this is found by trying."""
    pointer = ""
    for number, name, unnamed in _KEY.findall(path):
        part = _misfit(data, _VALUES.get(pointer.rpartition("/")[2], Scalar)) if unnamed else name
        pointer += f"/{escape(part or number)}"
        data = data[int(number)] if number else data.get(part)
    return pointer


def _misfit(mapping: dict[str, Any], kind: Any) -> str:
    for name, value in mapping.items():
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError:
            return name
    return ""


def _in_words(what: str) -> str:
    """Return what msgspec says, as a sentence."""
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", what)
    if unknown:
        return f"'{unknown[1]}' is not known here; docs/plc-tests.schema.json lists the allowed fields."
    missing = re.fullmatch(r"Object missing required field `(.*)`", what)
    if missing:
        return f"'{missing[1]}' is missing."
    mismatch = re.fullmatch(r"Expected `([^`]*)`, got `([^`]*)`", what)
    if mismatch:
        kinds = mismatch[1].split(" | ")
        redundant = {"null", "int"} if "float" in kinds else {"null"}
        wanted = [_KINDS.get(each, each) for each in kinds if each not in redundant]
        return f"This is {_KINDS.get(mismatch[2], mismatch[2])}, but {' or '.join(wanted)} is expected."
    if what.startswith("Invalid enum value"):
        value = what.removeprefix("Invalid enum value ")
        return f"{value} is not possible here; docs/plc-tests.schema.json lists the possible words."
    if "matching regex" in what:
        return "This is not a duration; write a number with a unit, such as 2s, 500ms or 1m30s."
    return f"{what}."


def _useless(check: Any) -> Iterator[str]:
    """Yield what is wrong with a check beyond its shape."""
    if not isinstance(check, Check):
        return
    judged = any(each is not None for each in (check.expected, check.min, check.max, check.not_equal))
    if not judged and check.never is None:
        yield "This checks nothing; give expected, min, max, notEqual or never."
    times = [
        name
        for name, given in (("within", check.within), ("atCycle", check.at_cycle), ("always", check.always))
        if given
    ]
    if len(times) > 1:
        yield f"Only one of {' and '.join(times)} can be given."
    if times and not judged:
        yield f"'{times[0]}' needs expected, min, max or notEqual."
    if check.tolerance is not None and not isinstance(check.expected, int | float):
        yield "'tolerance' needs a number in expected."


def _useless_alarm(check: AlarmCheck) -> str:
    """Return what is wrong with a check of an alarm beyond its shape, empty for nothing."""
    judged = any(each is not None for each in (check.state, check.text, check.values))
    if not judged and not check.acknowledge:
        return "This checks nothing; give state, text, values or acknowledge."
    if check.within is not None and not judged:
        return "'within' needs state, text or values."
    if check.state is AlarmState.ABSENT and (check.text is not None or check.values is not None or check.acknowledge):
        return "An alarm that is absent has no text and no values, and cannot be acknowledged."
    return ""
