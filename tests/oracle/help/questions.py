"""Writes docs/facts/for-a-real-cpu.md: `python -m tests.oracle.help.questions > docs/facts/for-a-real-cpu.md`.

`questions.csv` has unverified rules of the pages of docs/conformance-plc, each with a program of a function block, our answer
and the other one. The rules of the help that we contradict are questions too.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests import ROOT
from tests.oracle.help.rules import PAGES, Rule, read_rules
from tests.oracle.help.verdicts import contradiction, source_of

_INTRODUCTION = """\
# Questions for a real CPU

What no page of TIA Portal's help decides, or where we decide against one: the question, the program, both answers. An hour with
PLCSIM Advanced settles the list: generate the blocks from the sources, call `Test` with an instance data block in OB 1, and read
the instance after one scan. `python -m tests.oracle.help.questions` writes this page, and a test compares.

## Unverified rules

Ours is what the virtual CPU does, held by a test. The page has the rule with its mark U.
"""
_UNVERIFIED = re.compile(r"\|[^|]*\bU\b[^|]*\|")


class Question(NamedTuple):
    """One unverified rule: the names are those of the columns; `ours` and `other` are values as `x=1; y=TRUE`."""

    id: str
    page: str
    question: str
    declared: str
    body: str
    ours: str
    other: str

    def rule(self) -> Rule:
        """Return it as a rule that our answer follows."""
        return Rule(self.id, "", self.question, "value", "", "", self.declared, self.body, self.ours, "held", "")


def read_questions() -> list[Question]:
    """Return the unverified rules."""
    with Path(__file__).with_name("questions.csv").open(encoding="utf-8", newline="") as file:
        return [Question(**row) for row in csv.DictReader(file)]


def page() -> str:
    """Return the whole page as Markdown."""
    return "\n".join([_INTRODUCTION, *_unverified(), *_contradicted(), *_remaining()])


def _unverified() -> Iterator[str]:
    for each in read_questions():
        yield f"### {each.id}\n\n{each.question} ([{each.page}](../conformance-plc/{each.page}))\n"
        yield f"- ours: `{each.ours}`\n- the other answer: `{each.other}`\n"
        yield f"```scl\n{source_of(each.rule()).strip()}\n```\n"


def _contradicted() -> Iterator[str]:
    yield "## Rules of the help that we contradict\n"
    for name, title in PAGES.items():
        for rule in read_rules(name):
            if rule.state == "contradicted":
                expected = rule.expected or rule.check
                yield f"### {rule.id}\n\n{rule.rule} ({title}, {rule.heading})\n"
                yield f"- the help: {expected}\n- ours: {_ours(rule)}. {rule.why}\n"
                yield f"```scl\n{source_of(rule).strip()}\n```\n"


def _ours(rule: Rule) -> str:
    return contradiction(rule) if rule.check == "value" else {"refused": "accepted", "accepted": "refused"}[rule.check]


def _remaining() -> Iterator[str]:
    """Yield how many rows of each page are unverified: the list above does not have a program for each."""
    yield "## Unverified rows by page\n\n| page | rows with the mark U |\n|---|---|"
    docs = ROOT / "docs"
    for path in sorted([*docs.glob("conformance*.md"), *docs.glob("conformance-plc/*.md")]):
        lines = path.read_text(encoding="utf-8").splitlines()
        count = sum(bool(_UNVERIFIED.search(line)) for line in lines if line.startswith("|"))
        if count:
            yield f"| [{path.name}](../{path.relative_to(docs).as_posix()}) | {count} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
