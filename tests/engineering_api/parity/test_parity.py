"""Recordings of a real TIA Portal, replayed against the simulated one; and the machinery, with recordings made here.

No recording of a real TIA Portal exists yet: `tia parity record tests/engineering_api/parity/recordings` on a licensed machine makes
them, and from then on the simulated one is held to them here.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main
from engineering_api.parity import recordings
from engineering_api.parity.bench import Bench, bench, lines
from engineering_api.parity.scenarios import SCENARIOS
from openness_bridge.errors import Problem
from openness_bridge.model import Model
from openness_bridge.portal.loader import load
from simatic_xml.versions import PORTALS

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
    assert facts["tags"] == sorted(facts["tags"])


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


def test_a_missing_member_is_an_answer_and_the_scenario_continues(model: Model) -> None:
    with bench(model) as made:

        def scenario(given: Bench) -> None:
            given.attempt("a member that no project has", lambda: given.project.Colour)
            given.attempt("an argument of the wrong type", lambda: given.project.Devices.Find(5))
            given.attempt("a type that no version has", lambda: given.model.TimeMachine)
            given.attempt("then", lambda: given.project.Name)
            given.project.Weight  # noqa: B018 - the use is the test
            given.note("never reached", 1)

        made.session.call(lambda: made.play(scenario))
        assert made.facts == {
            "a member that no project has": "<AttributeError>",
            "an argument of the wrong type": "<TypeError>",
            "a type that no version has": "<Problem>",
            "then": "Parity",
            "the scenario ended early": "<AttributeError>",
        }
        assert ["Colour" in made.findings[0], "int" in made.findings[1], "Weight" in made.findings[3]] == [True] * 3
        with pytest.raises(ZeroDivisionError):
            made.attempt("a fault of the scenario itself", lambda: 1 // 0)


@pytest.mark.parametrize("version", PORTALS)
def test_no_scenario_ends_without_a_recording_on_any_version(version: str, tmp_path: Path) -> None:
    options = ["--backend", "fake", "--tia-version", version, "--scenario", "hmi", "--scenario", "download"]
    made = CliRunner().invoke(main, ["parity", "record", str(tmp_path), *options])
    assert made.exit_code == 0, made.output
    facts = recordings.read(tmp_path / f"download.V{version}.json").facts
    assert facts["to a folder"] == ("Success" if float(version) >= 19 else "<TypeError>")


def test_a_scenario_that_fails_does_not_end_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_portal(*_: object) -> Path:
        raise Problem("portal.none", "No portal.")

    record = recordings.record
    monkeypatch.setattr(recordings, "record", lambda m, name, to: no_portal() if name == "cax" else record(m, name, to))
    names = ["--scenario", "cax", "--scenario", "devices"]
    made = CliRunner().invoke(main, ["parity", "record", str(tmp_path), "--backend", "fake", *names])
    assert (made.exit_code, [path.name for path in tmp_path.iterdir()]) == (1, ["devices.V20.json"])
    assert "portal.none" in made.output


def test_a_recording_names_the_installation(tmp_path: Path, model: Model) -> None:
    recording = recordings.read(recordings.record(model, "devices", tmp_path))
    assert recording.products == ["Totally Integrated Automation Portal V20"]
    old = {"scenario": "devices", "tiaVersion": "20", "backend": "fake", "recordedAt": "2026-01-01", "facts": {}}
    (tmp_path / "old.json").write_bytes(msgspec.json.encode(old))
    assert recordings.read(tmp_path / "old.json").products == []


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
