"""The one writer of JUnit XML: suites of cases that passed, failed, could not run, or were skipped.

Facts: the form that build servers read (testsuites, testsuite, testcase with failure, error or skipped).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree

Outcome = Literal["passed", "failure", "error", "skipped"]
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COUNTED: tuple[tuple[str, Outcome], ...] = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        name: Its name.
        outcome: What became of it; an error means that it could not run or be checked.
        message: Why, as one sentence; empty for a case that passed.
        text: The same with all details.
        kind: The type of a failure: a level or a code.
        file: Its file; the name of the suite where there is none.
        line: Its line there, 0 where it is not known.
        seconds: Real time, None where it was not measured.
    """

    name: str
    outcome: Outcome = "passed"
    message: str = ""
    text: str = ""
    kind: str = ""
    file: str = ""
    line: int = 0
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of a file."""

    name: str
    cases: Sequence[Case]


def junit(suites: Sequence[Suite], name: str, seconds: float | None = None) -> bytes:
    """Return suites as an XML document in UTF-8.

    Args:
        suites: The suites.
        name: What ran them.
        seconds: Real time of everything, None where it was not measured.
    """
    every = [case for suite in suites for case in suite.cases]
    root = etree.Element("testsuites", _attributes(name, every, seconds))
    for suite in suites:
        times = [case.seconds for case in suite.cases if case.seconds is not None]
        element = etree.SubElement(
            root, "testsuite", _attributes(suite.name, suite.cases, sum(times) if times else None)
        )
        for case in suite.cases:
            _write(element, suite, case)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _attributes(name: str, cases: Sequence[Case], seconds: float | None) -> dict[str, str]:
    counts = {key: str(sum(case.outcome == outcome for case in cases)) for key, outcome in _COUNTED}
    return {"name": clean(name), "tests": str(len(cases))} | counts | _time(seconds)


def _write(suite: etree._Element, owner: Suite, case: Case) -> None:
    file = {"file": clean(case.file)} if case.file else {}
    line = {"line": str(case.line)} if case.line else {}
    attributes = {"name": clean(case.name), "classname": clean(case.file or owner.name)}
    element = etree.SubElement(suite, "testcase", attributes | file | line | _time(case.seconds))
    if case.outcome == "passed":
        return
    kind = {"type": clean(case.kind)} if case.kind else {}
    found = etree.SubElement(element, case.outcome, kind | {"message": clean(case.message)})
    found.text = clean(case.text) or None


def _time(seconds: float | None) -> dict[str, str]:
    return {} if seconds is None else {"time": f"{seconds:.3f}"}


def clean(text: str) -> str:
    """Return a text without characters that XML does not allow."""
    return _CONTROL.sub("�", text)
