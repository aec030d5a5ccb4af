"""The benchmark of tasks: its judges accept the solutions and refuse other attempts, and any model can play."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.tasks.__main__ import main
from benchmarks.tasks.catalogue import SHORT, TASKS
from benchmarks.tasks.judging import find_faults
from benchmarks.tasks.plant import open_plant
from benchmarks.tasks.players import FORM, Model, play
from benchmarks.tasks.task import KINDS, Task
from engineering_api.app import catalogue
from engineering_api.features.tools.names import unfit
from tests import ROOT
from tests.engineering_api.features.assistant.provider import Answer, FakeProvider, serving

PAGE = (ROOT / "docs" / "task-benchmark.md").read_text(encoding="utf-8")
MODEL_KEY = "sk-of-the-benchmark"


def test_there_are_ten_tasks_of_each_kind() -> None:
    kinds = [task.kind for task in TASKS.values()]
    assert {kind: kinds.count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 10)
    assert len({task.words for task in TASKS.values()}) == 40
    assert all(task.wrong for task in TASKS.values())


def test_a_model_has_a_tool_for_each_operation_of_the_solutions() -> None:
    operations = catalogue()
    for task in TASKS.values():
        for call in task.right.calls:
            op = operations.named(call.operation)
            assert op is not None, call
            assert not unfit(op), call


@pytest.mark.parametrize("task", SHORT, ids=lambda task: task.id)
def test_a_judge_refuses_to_do_nothing_and_accepts_the_solution(task: Task) -> None:
    refuses_nothing_and_accepts_the_solution(task)


@pytest.mark.slow
@pytest.mark.parametrize(
    "task",
    [
        pytest.param(task, id=task.id, marks=[] if number % 4 == 0 else [pytest.mark.exploration])
        for number, task in enumerate(TASKS.values())
    ],
)
def test_each_judge_accepts_the_solution_alone(task: Task) -> None:
    refuses_nothing_and_accepts_the_solution(task)
    for wrong in task.wrong:
        with open_plant(task.start) as plant:
            answer = wrong.play(plant)
            assert find_faults(task.judge, plant, answer), wrong


def refuses_nothing_and_accepts_the_solution(task: Task) -> None:
    with open_plant(task.start) as plant:
        assert find_faults(task.judge, plant, "")
        answer = task.right.play(plant)
        assert find_faults(task.judge, plant, answer) == []


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [
        ("Answer: Piece", True),
        ("It is at %I0.3.\n\n**Answer:** `Piece`.", True),
        ("Answer: Jam\nThat was wrong.\nAnswer: piece", True),
        ("Answer: Piece\nAnswer: Jam", False),
        ("Answer: Piece, Piece_2", False),
        ("The answer is Piece.", False),
        ("Answer:", False),
    ],
)
def test_of_an_answer_only_the_items_of_its_last_line_count(answer: str, accepted: bool) -> None:
    task = TASKS["address"]
    assert (find_faults(task.judge, PLANT_OF_ADDRESS, answer) == []) is accepted


class Reading:
    """A project with two tags."""

    def run(self, operation: str, **_: Any) -> Any:
        assert operation == "tags.list_all"
        return [{"name": "Piece", "logicalAddress": "%I0.3"}, {"name": "Jam", "logicalAddress": "%I0.2"}]

    def parts(self) -> Any:
        from benchmarks.tasks.line import PARTS

        return set(PARTS)


PLANT_OF_ADDRESS: Any = Reading()


def test_the_answer_without_a_model_is_a_row_and_asks_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "results.json"
    with serving(FakeProvider(Answer(["Answer: Piece"]))) as fake:
        monkeypatch.setenv("TIA_TASKS_URL", fake.url)
        monkeypatch.setenv("TIA_TASKS_MODEL", "small")
        assert main(["--task", "address", "--json", str(file)]) == 0
        assert fake.requests == []
    (result,) = json.loads(file.read_text(encoding="utf-8"))
    reason = "There is no line 'Answer: ...'."
    assert (result["task"], result["passed"], result["faults"]) == ("address", False, [reason])
    lines = capsys.readouterr().out.splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "task kind passed calls tokens why not",
        f"address question no 0 0 {reason}",
        "sum question 0/1 0 0",
        "sum all 0/1 0 0",
    ]


@pytest.mark.slow
def test_the_page_shows_the_short_run(capsys: pytest.CaptureFixture[str]) -> None:
    printed = PAGE.partition("--short\n")[2].partition("```")[0]
    assert main(["--planner", "offline", "--short"]) == 0
    assert capsys.readouterr().out == printed


def test_the_page_has_each_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert options == set(re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE))


def test_a_model_at_an_address_gets_the_words_and_the_tools() -> None:
    task = TASKS["add-tag"]
    (call,) = task.right.calls
    with serving(FakeProvider(Answer(calls=[(call.operation, call.arguments)]), Answer(["Done."]))) as fake:
        result = play(task, Model("custom", fake.url, "small", MODEL_KEY))
    assert (result.passed, result.tool_calls, result.tokens, result.faults, result.ended) == (True, 1, 220, [], "")
    first = fake.requests[0]
    assert first.body["messages"][-1] == {"role": "user", "content": task.words}
    assert first.body["tools"]
    assert first.headers["authorization"] == f"Bearer {MODEL_KEY}"


def test_a_question_is_read_only_and_says_how_to_answer() -> None:
    task = TASKS["constant"]
    change = (
        "constants.update",
        {"deviceName": "PLC_1", "tableName": "Memory", "constantName": "LEVEL_ALARM", "value": 1},
    )
    with serving(FakeProvider(Answer(calls=[change]), Answer(["Answer: 95"]))) as fake:
        result = play(task, Model("custom", fake.url, "small"))
    assert result.passed
    assert fake.requests[0].body["messages"][-1]["content"] == f"{task.words} {FORM}"


def test_the_engineer_confirms_previewed_changes() -> None:
    task = TASKS["delete"]
    preview = ("preview_change", {"tool": "blocks.delete", "arguments": task.right.calls[0].arguments})
    acts = (Answer(calls=[preview]), Answer(["I would delete OldBelt."]), Answer(["It is deleted."]))
    with serving(FakeProvider(*acts)) as fake:
        result = play(task, Model("custom", fake.url, "small"))
    assert (result.passed, result.tool_calls, result.faults) == (True, 2, [])


def test_tokens_are_estimated_where_the_provider_counts_none() -> None:
    with serving(FakeProvider(Answer(["I do not know."], tokens=(0, 0)))) as fake:
        result = play(TASKS["address"], Model("custom", fake.url, "small"))
    assert not result.passed
    sent = len(json.dumps(fake.requests[0].body["messages"]) + json.dumps(fake.requests[0].body["tools"]))
    assert 0.8 < result.tokens * 4 / sent < 1.2


def test_a_model_that_cannot_be_asked_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(FakeProvider(Answer(["Never."]))) as fake:
        url = fake.url
    result = play(TASKS["address"], Model("custom", url, "small"))
    assert result.ended.startswith("assistant.")
    assert main(["--planner", "model", "--provider", "openai", "--base-url", url, "--model", "m", "--task", "cpu"]) == 2
    assert "assistant.incomplete" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--task", "nothing"],
        ["--planner", "model"],
        ["--planner", "model", "--model", "m"],
        ["--json", "no/folder/x.json"],
    ],
)
def test_wrong_usage_is_refused(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TIA_TASKS_URL", "TIA_TASKS_MODEL", "TIA_TASKS_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
