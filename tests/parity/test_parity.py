"""Recordings of a real TIA Portal, replayed against the simulated one; and the machinery, with recordings made here.

No recording of a real TIA Portal exists yet: `tia parity record tests/parity/recordings` on a licensed machine makes
them, and from then on the simulated one is held to them here.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main
from engineering_api.parity import recordings
from engineering_api.parity.bench import lines
from engineering_api.parity.scenarios import SCENARIOS
from openness_bridge.errors import Problem
from openness_bridge.portal.loader import Model, load

FOLDER = Path(__file__).parent / "recordings"
RECORDED = sorted(FOLDER.glob("*.json"))
NONE = pytest.param(
    None, marks=pytest.mark.skip(reason="no recording of a real TIA Portal exists yet: docs/windows.md")
)


@pytest.mark.verified
@pytest.mark.parametrize("path", RECORDED or [NONE], ids=lambda path: path.stem if path else "none")
def test_the_simulated_one_answers_as_the_real_one_did(path: Path) -> None:
    recording = recordings.read(path)
    assert recording.backend == "openness", "a recording of the simulated TIA Portal proves nothing"
    assert recordings.replay(recording, load("fake", recording.tia_version)) == []


@pytest.fixture(scope="module")
def model() -> Model:
    return load("fake", "20")


@pytest.mark.parametrize("scenario", list(SCENARIOS))
def test_a_recording_replays_without_difference_on_what_made_it(scenario: str, tmp_path: Path, model: Model) -> None:
    recording = recordings.read(recordings.record(model, scenario, tmp_path))
    assert (recording.scenario, recording.tia_version, recording.backend) == (scenario, "20", "fake")
    assert len(recording.facts) >= 4
    assert recordings.replay(recording, load("fake", "20")) == []


def test_nothing_of_this_computer_or_moment_is_in_a_recording(tmp_path: Path, model: Model) -> None:
    for scenario in SCENARIOS:
        text = recordings.record(model, scenario, tmp_path).read_text(encoding="utf-8")
        assert "parity-" not in text
        assert str(tmp_path) not in text


def test_the_refusals_are_recorded_by_type(model: Model) -> None:
    facts = recordings.answers(model, "tags")
    assert facts["a table of the same name"] == "<EngineeringTargetInvocationException>"
    assert facts["tags"] == sorted(facts["tags"])  # type: ignore[arg-type]


def test_another_answer_is_a_difference(model: Model) -> None:
    facts = recordings.answers(model, "devices")
    told = recordings.Recording("devices", "20", "openness", "2026-01-01", facts | {"station": ["Other"], "gone": 1})
    found = recordings.replay(told, model)
    assert {each.question: each.recorded for each in found} == {"station": ["Other"], "gone": 1}
    assert {each.question: each.now for each in found}["gone"] == "<none>"


def test_simaticml_is_compared_without_what_tells_the_installation() -> None:
    one = b'<Document><Engineering version="V20"/><DocumentInfo><Created>x</Created></DocumentInfo><A ID="1" b="2">t</A></Document>'
    other = b'<Document><Engineering version="V19"/><A b="2" ID="7">\n t</A></Document>'
    assert lines(one) == lines(other) == ["A b=2 t"]


def test_the_commands(tmp_path: Path) -> None:
    made = CliRunner().invoke(main, ["parity", "record", str(tmp_path), "--backend", "fake", "--scenario", "devices"])
    assert made.exit_code == 0, made.output
    again = CliRunner().invoke(main, ["parity", "replay", str(tmp_path)])
    assert again.exit_code == 0, again.output
    assert "no evidence" in again.output
    (path,) = tmp_path.glob("*.json")
    recording = recordings.read(path)
    changed = msgspec.structs.replace(recording, facts=recording.facts | {"station": None})
    path.write_bytes(msgspec.json.encode(changed))
    assert CliRunner().invoke(main, ["parity", "replay", str(tmp_path)]).exit_code == 1
    path.write_text("{}", encoding="utf-8")
    assert "parity.not_a_recording" in CliRunner().invoke(main, ["parity", "replay", str(tmp_path)]).output


def test_what_is_not_there(model: Model) -> None:
    with pytest.raises(Problem, match="no scenario"):
        recordings.answers(model, "none")
