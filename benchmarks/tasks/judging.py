"""What a judge is made of: it compiles a project, runs it on the virtual PLC, and compares facts of an answer with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from benchmarks.tasks.plant import Plant
from benchmarks.tasks.task import Judge
from openness_bridge.errors import Problem

ANSWER_LINE = re.compile(r"^\W*answer\W*:(?P<items>.*)$", re.IGNORECASE | re.MULTILINE)
MARKUP = " \t*`'\"#.%"


def find_faults(judge: Judge, plant: Plant, answer: str) -> list[str]:
    """Return why a judge refuses an attempt; nothing where it accepts it. What the service refuses is a fault, too."""
    try:
        return list(judge(plant, answer))
    except Problem as problem:
        return [f"{problem.code}: {problem.message}"]


def require_all(*judges: Judge) -> Judge:
    """Return a judge that accepts what all of these accept; the first that refuses ends it."""

    def judge(plant: Plant, answer: str) -> Iterator[str]:
        for each in judges:
            faults = list(each(plant, answer))
            yield from faults
            if faults:
                return

    return judge


def compiles(plant: Plant, _answer: str) -> Iterator[str]:
    """Refuse a program with compile errors."""
    result = plant.run("devices.compile_", deviceName="PLC_1")["result"]
    if result["errorCount"]:
        yield f"The program has {result['errorCount']} compile errors."


def behaves(tests: str) -> Judge:
    """Return a judge that runs tests of docs/plc-tests.md on the program."""

    def judge(plant: Plant, _answer: str) -> Iterator[str]:
        plant.run("projects.save")
        report = plant.run("plc_tests.run", tests=tests, deviceName="PLC_1")
        yield from (f"{each['testName']}: {each['error']}" for each in report["results"] if not each["passed"])

    return judge


def keeps(*parts: tuple[str, str]) -> Judge:
    """Return a judge that refuses a project without these parts, each by its kind and name."""

    def judge(plant: Plant, _answer: str) -> Iterator[str]:
        yield from (f"The {kind} '{name}' is missing." for kind, name in sorted(set(parts) - plant.parts()))

    return judge


def lacks(part: tuple[str, str]) -> Judge:
    """Return a judge that refuses a project with this part."""

    def judge(plant: Plant, _answer: str) -> Iterator[str]:
        if part in plant.parts():
            yield f"The {part[0]} '{part[1]}' exists."

    return judge


def reads(what: str, read: Callable[[Plant], object], expected: object) -> Judge:
    """Return a judge that compares something that it reads in the project."""

    def judge(plant: Plant, _answer: str) -> Iterator[str]:
        found = read(plant)
        if found != expected:
            yield f"{what} is {found}, not {expected}."

    return judge


def states(facts: Callable[[Plant], Iterable[object]]) -> Judge:
    """Return a judge that compares the items in the last line `Answer: ...` with facts that it reads in the project."""

    def judge(plant: Plant, answer: str) -> Iterator[str]:
        expected = {_fold(str(fact)) for fact in facts(plant)}
        lines = [found["items"] for found in ANSWER_LINE.finditer(answer)]
        if not lines:
            yield "There is no line 'Answer: ...'."
            return
        found = {_fold(item) for item in re.split(r"[,;]", lines[-1]) if item.strip(MARKUP)}
        if found != expected:
            yield f"The answer names {sorted(found)}, the project {sorted(expected)}."

    return judge


@dataclass(frozen=True, slots=True)
class Mutant:
    """An error that a test has to find: another text in the SCL source of one block."""

    source: str
    right: str
    wrong: str

    def write(self) -> str:
        """Return the source with the error."""
        assert self.source.count(self.right) == 1
        return self.source.replace(self.right, self.wrong)


def detects(test: str, *mutants: Mutant) -> Judge:
    """Return a judge of a stored test: it passes on the program as it was given, and fails with each of the errors."""

    def judge(plant: Plant, _answer: str) -> Iterator[str]:
        for source in dict.fromkeys(mutant.source for mutant in mutants):
            _write(plant, source)
        if error := _run_stored(plant, test):
            yield f"On the program itself the test fails: {error}"
            return
        for mutant in mutants:
            _write(plant, mutant.write())
            if not _run_stored(plant, test):
                yield f"The test passes with '{mutant.wrong}' instead of '{mutant.right}'."
            _write(plant, mutant.source)

    return judge


def _write(plant: Plant, source: str) -> None:
    plant.run("sources.import_and_generate", deviceName="PLC_1", sclContent=source)


def _run_stored(plant: Plant, test: str) -> str:
    """Return the first failure of a stored test; empty where it passes."""
    plant.run("projects.save")
    report = plant.run("plc_tests.run_on_device", deviceName="PLC_1")
    return next((str(each["error"] or "") for each in report["results"] if each["testName"] == test), "It was not run.")


def _fold(item: str) -> str:
    """Return an item without markup and case; a number in one form."""
    plain = item.strip(MARKUP).casefold()
    try:
        return f"{float(plain):g}"
    except ValueError:
        return plain
