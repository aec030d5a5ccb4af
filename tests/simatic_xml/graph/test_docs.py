"""The examples of the manual page do what it says."""

import json
import re
from typing import Any

import pytest

from simatic_xml import graph, stl
from tests import ROOT

PAGE = (ROOT / "docs" / "stl-graph-json.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_has_examples() -> None:
    assert (len(EXAMPLES), len(PROGRAMS)) == (4, 3)


@pytest.mark.parametrize("data", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_is_built_and_read_back(data: dict[str, Any]) -> None:
    if "stl" in data:
        assert stl.to_json(stl.from_json(data)) == data
        return
    again = graph.to_json(graph.from_json(data))
    assert graph.to_json(graph.from_json(again)) == again
    for given, written in zip(data["graph"]["sequences"], again["graph"]["sequences"], strict=True):
        assert given.get("flow", written["flow"]) == written["flow"]
        for key in ("steps", "transitions"):
            assert all(each.items() <= other.items() for each, other in zip(given[key], written[key], strict=True))


@pytest.mark.parametrize("program", PROGRAMS, ids=range(len(PROGRAMS)))
def test_a_program_runs(program: str) -> None:
    exec(program, {})  # noqa: S102 (the page's own example)


def test_the_source_is_read_and_written() -> None:
    (source,) = re.findall(r"```awl\n(.*?)```", PAGE, re.DOTALL)
    made = stl.generate(source)
    assert [each.code for each in made.diagnostics] == ["stl.callee"]
    assert stl.generate(stl.source(made.documents[0])).documents == made.documents


def test_every_operand_of_the_table_is_one() -> None:
    rows = PAGE.partition("| text | meaning |")[2].partition("\n\n")[0].splitlines()[2:]
    texts = [text for row in rows for text in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert len(texts) > 12
    for text in texts:
        assert stl.to_text(stl.from_text(f"L {text}")) == f"L {text}\n"
