"""Recordings: files of the answers of a TIA Portal, with version and time; compared with what another answers now."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from engineering_api.parity.bench import Bench, Fact, bench
from engineering_api.parity.scenarios import SCENARIOS
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.loader import Model

SIMULATED = "fake"


class Recording(msgspec.Struct, rename="camel", frozen=True):
    """The answers in one scenario.

    Attributes:
        backend: openness for a real TIA Portal; a recording of the simulated one is no evidence.
        recorded_at: The day, UTC.
        facts: Question to answer.
    """

    scenario: str
    tia_version: str
    backend: str
    recorded_at: str
    facts: dict[str, Fact]


class Difference(msgspec.Struct, rename="camel", frozen=True):
    """A question that is answered differently now; an answer that one side lacks is the text <none>."""

    question: str
    recorded: Fact
    now: Fact


def answers(model: Model, scenario: str) -> dict[str, Fact]:
    """Play a scenario.

    Raises:
        Problem: There is no such scenario, or no portal.
    """
    if scenario not in SCENARIOS:
        msg = f"There is no scenario '{scenario}': {', '.join(SCENARIOS)}."
        raise Problem("parity.unknown_scenario", msg, kind=Kind.MISSING)

    def play(made: Bench) -> dict[str, Fact]:
        SCENARIOS[scenario](made)
        return made.facts

    with bench(model) as made:
        return made.session.call(lambda: play(made))


def record(model: Model, scenario: str, folder: Path) -> Path:
    """Play a scenario and write its recording."""
    day = dt.datetime.now(dt.UTC).date().isoformat()
    made = Recording(scenario, model.version, model.backend, day, answers(model, scenario))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{scenario}.V{model.version}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
    return path


def read(path: Path) -> Recording:
    """Return a recording.

    Raises:
        Problem: The file is none.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Recording)
    except msgspec.MsgspecError as error:
        raise Problem("parity.not_a_recording", f"'{path}' is not a recording: {error}.") from None


def replay(recording: Recording, model: Model) -> list[Difference]:
    """Ask another portal the same; returns what it answers differently."""
    now = answers(model, recording.scenario)
    questions = [*recording.facts, *(each for each in now if each not in recording.facts)]
    pairs = ((each, recording.facts.get(each, "<none>"), now.get(each, "<none>")) for each in questions)
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]
