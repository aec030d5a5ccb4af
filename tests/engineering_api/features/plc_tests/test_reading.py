"""Test files: what is read, and what is said about what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engineering_api.features.plc_tests.files import durations, reading
from engineering_api.features.plc_tests.files.model import Check, schema
from openness_bridge.errors import Problem
from tests import ROOT

VALIDATOR = jsonschema.Draft202012Validator(schema())
HEAD = "tests:\n- name: x\n  steps:\n"
DOCS = ROOT / "docs"


def details(text: str) -> list[tuple[int, str, str]]:
    """Line, pointer and sentence of everything that is wrong with a text."""
    with pytest.raises(Problem) as caught:
        reading.parse(text, "x.yaml")
    assert caught.value.code == "plc_test.invalid"
    found = []
    for each in caught.value.details:
        place = each.place
        assert place is not None and place.path == "x.yaml" and place.line is not None and place.pointer is not None
        assert each.message.startswith(f"x.yaml:{place.line}: ")
        found.append((place.line, place.pointer, each.message.partition(": ")[2]))
    return found


def test_scalars_are_those_of_yaml_1_2_so_names_of_tags_stay_names() -> None:
    (case,) = reading.parse(
        HEAD + "  - write: {On: yes, no: 16#FF, a: 0x10, b: 1e3, c: 1:30, d: true, e: 012, f: -.5}\n"
    )
    assert case.test.steps[0].write == {
        "On": "yes",
        "no": "16#FF",
        "a": 16,
        "b": 1000.0,
        "c": "1:30",
        "d": True,
        "e": 12,
        "f": -0.5,
    }


def test_parameters_are_put_in_with_their_types_and_name_the_test() -> None:
    text = """
tests:
- name: at $(speed)
  parameters: [{speed: 10, time: 2s, ok: true}, {speed: 2.5, time: 1s, ok: false}]
  steps:
  - {write: {Speed: $(speed), Text: a$(speed)b}, wait: $(time), expect: {Ok: $(ok)}}
"""
    first, second = reading.parse(text)
    assert (first.name, second.name) == ("at 10", "at 2.5")
    assert first.test.steps[0].write == {"Speed": 10, "Text": "a10b"}
    assert (second.test.steps[0].wait, second.test.steps[0].expect) == ("1s", {"Ok": False})
    assert (first.line, first.parameters) == (3, {"speed": 10, "time": "2s", "ok": True})


def test_parameters_stand_behind_a_name_that_does_not_have_them() -> None:
    text = "tests:\n- name: speed\n  parameters: [{n: 1, b: true}, {n: 2, b: x}]\n  steps: [{}]\n"
    assert [each.name for each in reading.parse(text)] == ["speed [n=1, b=True]", "speed [n=2, b=x]"]


def test_the_file_gives_block_and_cycle_to_tests_without() -> None:
    text = (
        "block: Motor\ncycle: 20ms\ntests:\n- {name: a, steps: [{}]}\n- {name: b, block: Pump, cycle: 5, steps: [{}]}\n"
    )
    assert [(each.test.block, each.test.cycle) for each in reading.parse(text)] == [("Motor", "20ms"), ("Pump", 5)]


def test_anchors_and_merges_are_followed() -> None:
    text = "tests:\n- name: a\n  steps:\n  - &s {write: {A: 1}, wait: 1s}\n  - {<<: *s, wait: 2s}\n  - *s\n"
    one, two, three = reading.parse(text)[0].test.steps
    assert (two.write, two.wait) == (one.write, "2s")
    assert three == one
    several = "tests:\n- name: a\n  steps:\n  - &s {run: 1}\n  - &t {run: 2, wait: 1s}\n  - {wait: 2s, <<: [*s, *t]}\n"
    assert (reading.parse(several)[0].test.steps[2].run, reading.parse(several)[0].test.steps[2].wait) == (1, "2s")


@pytest.mark.parametrize(
    ("text", "line", "pointer", "part"),
    [
        ("", 1, "", "mapping with the key"),
        ("- a", 1, "", "mapping with the key"),
        ("tests: []", 1, "/tests", "length >= 1"),
        ("a: [1", 1, "", "not YAML"),
        ("tests:\n- name: x\n  steps: []\n", 3, "/tests/0/steps", "length >= 1"),
        ("tests:\n- steps: [{}]\n", 2, "/tests/0", "'name' is missing"),
        (HEAD + "  - wirte: {}\n", 4, "/tests/0/steps/0/wirte", "'wirte' is not known here"),
        (HEAD + "  - wait: 2x\n", 4, "/tests/0/steps/0/wait", "not a duration"),
        (HEAD + "  - wait: -5\n", 4, "/tests/0/steps/0/wait", ">= 0"),
        (HEAD + "  - run: 1.5\n", 4, "/tests/0/steps/0/run", "This is a number, but a whole number is expected."),
        (HEAD + "  - do: fly\n", 4, "/tests/0/steps/0/do", "fly"),
        (
            HEAD + "  - expect:\n      a: 1\n      b: {mni: 2}\n",
            6,
            "/tests/0/steps/0/expect/b/mni",
            "'mni' is not known",
        ),
        (HEAD + "  - expect:\n      a/b: {min: {}}\n", 5, "/tests/0/steps/0/expect/a~1b/min", "a number or a text"),
        (HEAD + "  - expect: {a: {}}\n", 4, "/tests/0/steps/0/expect/a", "checks nothing"),
        (HEAD + "  - expect: {a: {within: 1s}}\n", 4, "/tests/0/steps/0/expect/a", "checks nothing"),
        (HEAD + "  - expect: {a: {min: 1, within: 1s, always: true}}\n", 4, "/tests/0/steps/0/expect/a", "Only one of"),
        (HEAD + "  - expect: {a: {never: 1, within: 1s}}\n", 4, "/tests/0/steps/0/expect/a", "'within' needs"),
        (HEAD + "  - expect: {a: {min: 1, tolerance: 1}}\n", 4, "/tests/0/steps/0/expect/a", "'tolerance' needs"),
        (HEAD + "  - expect: {a: 1, a: 2}\n", 4, "/tests/0/steps/0/expect/a", "given twice"),
        (HEAD + "  - write: {a: $(b)}\n", 4, "/tests/0/steps/0/write/a", "no parameter 'b'"),
        (HEAD + "  - write: {a: !!python/name:os.system ''}\n", 4, "/tests/0/steps/0/write/a", "is not known here"),
        (HEAD + "  - write: {a: !!int x}\n", 4, "/tests/0/steps/0/write/a", "not a number"),
        (HEAD + f"  - write: {{a: {'9' * 5000}}}\n", 4, "/tests/0/steps/0/write/a", "not a number"),
        (HEAD + "  - {<<: 3}\n", 4, "/tests/0/steps/0", "takes a mapping"),
        (HEAD + "  - write: {? [a] : 1}\n", 4, "/tests/0/steps/0/write", "A name is a text"),
        (
            "tests:\n- name: x\n  parameters: [{a: [1]}]\n  steps: [{}]\n",
            3,
            "/tests/0/parameters/0/a",
            "This is a list, but",
        ),
        ("tests:\n- {name: x, steps: [{}]}\n- {name: x, steps: [{}]}\n", 3, "", "two tests 'x'"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_pointer(text: str, line: int, pointer: str, part: str) -> None:
    found = details(text)
    assert (line, pointer) in [each[:2] for each in found], found
    assert part in next(each[2] for each in found if each[:2] == (line, pointer)), found


def test_everything_that_is_wrong_is_told_at_once() -> None:
    text = "tests:\n- name: a\n  steps: [{wait: x}]\n- name: b\n  steps: [{run: x}]\n"
    assert [each[:2] for each in details(text)] == [(3, "/tests/0/steps/0/wait"), (5, "/tests/1/steps/0/run")]


def test_aliases_do_not_blow_up() -> None:
    text = "a0: &a0 [1,1,1,1,1,1,1,1,1]\n"
    text += "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    with pytest.raises(Problem) as caught:
        reading.parse(text)
    assert (caught.value.code, caught.value.limit) == ("limit.yaml_values", 200_000)


def test_deep_nesting_is_told() -> None:
    with pytest.raises(Problem, match="flatter structures"):
        reading.parse("tests: " + "[" * 5000)


@given(st.binary(max_size=200))
def test_any_bytes_give_tests_or_a_problem(content: bytes) -> None:
    try:
        assert isinstance(reading.parse(content.decode("latin-1")), list)
    except Problem as problem:
        assert problem.code in {"plc_test.invalid", "limit.yaml_nesting"}


_NAMES = st.text("abcXY.", min_size=1, max_size=6)
_NUMBERS = st.integers(-1000, 1000) | st.floats(allow_nan=False, allow_infinity=False, width=32)
_VALUES = st.booleans() | _NUMBERS | st.text("abc #'", max_size=5)
_STEPS = st.fixed_dictionaries(
    {},
    optional={
        "write": st.dictionaries(_NAMES, _VALUES, max_size=3),
        "run": st.integers(0, 9),
        "wait": st.sampled_from(["2s", "1m30s", 50]),
        "expect": st.dictionaries(_NAMES, _VALUES, max_size=3),
    },
)
_FILES = st.lists(
    st.fixed_dictionaries({"name": _NAMES, "steps": st.lists(_STEPS, min_size=1, max_size=3)}),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each["name"],
)


@settings(max_examples=50)
@given(_FILES)
def test_what_is_written_as_json_is_read_back_and_fits_the_schema(tests: list[dict[str, Any]]) -> None:
    VALIDATOR.validate({"tests": tests})
    cases = reading.parse(json.dumps({"tests": tests}))
    assert [each.test.name for each in cases] == [each["name"] for each in tests]
    for case, given_test in zip(cases, tests, strict=True):
        for step, given_step in zip(case.test.steps, given_test["steps"], strict=True):
            assert (step.write, step.expect) == (given_step.get("write", {}), given_step.get("expect", {}))
            assert (step.run, step.wait) == (given_step.get("run"), given_step.get("wait"))


def test_the_published_schema_is_that_of_the_structs() -> None:
    published = json.loads((DOCS / "plc-tests.schema.json").read_text(encoding="utf-8"))
    assert published == schema(), "python -m engineering_api.features.plc_tests.files.schema docs/plc-tests.schema.json"
    jsonschema.Draft202012Validator.check_schema(published)


@pytest.mark.parametrize("bad", [{}, {"tests": []}, {"tests": [{"name": "x", "steps": [{"wirte": {}}]}]}])
def test_the_schema_refuses_what_the_reader_refuses(bad: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bad, schema())
    with pytest.raises(Problem):
        reading.parse(json.dumps(bad))


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("2s", 2_000_000_000),
        ("500ms", 500_000_000),
        ("1m30s", 90_000_000_000),
        ("T#1h", 3_600_000_000_000),
        ("1.5s", 1_500_000_000),
        (20, 20_000_000),
        (0.5, 500_000),
        ("10us", 10_000),
        ("1s_500ms", 1_500_000_000),
    ],
)
def test_durations(text: str | float, nanoseconds: int) -> None:
    assert durations.nanoseconds(text) == nanoseconds


@pytest.mark.parametrize("text", ["", "2", "s", "2 s", "-2s", "2x", "T#", -1])
def test_what_is_no_duration(text: str | float) -> None:
    with pytest.raises(ValueError, match=r"duration|negative"):
        durations.nanoseconds(text)


def test_files_are_found_in_folders(tmp_path: Path) -> None:
    inner = tmp_path / "a"
    inner.mkdir()
    (inner / "b.plctest.yaml").write_text(HEAD + "  - {}\n")
    (inner / "other.yaml").write_text("x")
    assert reading.find([tmp_path, inner / "b.plctest.yaml"]) == [inner / "b.plctest.yaml"]
    with pytest.raises(Problem, match="no test file"):
        (tmp_path / "empty").mkdir()
        reading.find([tmp_path / "empty"])
    with pytest.raises(Problem, match="no file"):
        reading.find([tmp_path / "missing"])
    (inner / "c.plctest.yml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(Problem, match="cannot be read"):
        reading.read(inner / "c.plctest.yml")


def test_a_bare_value_is_what_is_expected() -> None:
    (case,) = reading.parse(HEAD + "  - expect: {a: [1, 2], b: {expected: 1}, c: 'x'}\n")
    assert case.test.steps[0].expect == {"a": [1, 2], "b": Check(expected=1), "c": "x"}


def test_the_first_test_files_may_be_read_on_many_threads_at_once() -> None:
    script = """
import threading
from engineering_api.features.plc_tests.files import reading
barrier = threading.Barrier(8)
def read():
    barrier.wait()
    reading.parse("tests: [{name: x, steps: [{expect: {a: {min: 1}}}]}]")
threads = [threading.Thread(target=read) for _ in range(8)]
[each.start() for each in threads]
[each.join() for each in threads]
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
