"""Recordings: files of the answers of a TIA Portal, with version and time; compared with what another answers now."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from engineering_api.parity.bench import Bench, Fact, bench
from engineering_api.parity.scenarios import SCENARIOS
from openness_bridge.errors import Kind, Problem
from openness_bridge.model import Model

SIMULATED = "fake"
T = TypeVar("T")


class Recording(msgspec.Struct, rename="camel", frozen=True):
    """The answers in one scenario.

    Attributes:
        backend: openness for a real TIA Portal; a recording of the simulated one proves nothing.
        recorded_at: The day, UTC.
        facts: Question to answer.
        products: The installed products with their updates, as TIA Portal names them.
        language: The language of TIA Portal's user interface; empty where it does not give it.
        pythonnet: The version of pythonnet; empty where it is not installed.
        findings: Members that the TIA Portal does not have, for people.
    """

    scenario: str
    tia_version: str
    backend: str
    recorded_at: str
    facts: dict[str, Fact]
    products: list[str] = []
    language: str = ""
    pythonnet: str = ""
    findings: list[str] = []


class Difference(msgspec.Struct, rename="camel", frozen=True):
    """A question that is answered differently now; an answer that one side lacks is the text <none>."""

    question: str
    recorded: Fact
    now: Fact


def answers(model: Model, scenario: str) -> dict[str, Fact]:
    """Play a scenario; returns question to answer.

    Raises:
        Problem: There is no such scenario, or no portal.
    """
    return _play(model, scenario, lambda made: made.facts)


def _play(model: Model, scenario: str, result: Callable[[Bench], T]) -> T:
    if scenario not in SCENARIOS:
        msg = f"There is no scenario '{scenario}': {', '.join(SCENARIOS)}."
        raise Problem("parity.unknown_scenario", msg, kind=Kind.MISSING)

    def play(made: Bench) -> T:
        made.play(SCENARIOS[scenario])
        return result(made)

    with bench(model) as made:
        return made.session.call(lambda: play(made))


def record(model: Model, scenario: str, folder: Path) -> Path:
    """Play a scenario and write its recording."""
    day = dt.datetime.now(dt.UTC).date().isoformat()

    def describe(played: Bench) -> Recording:
        products, language = installation(played)
        return Recording(
            scenario,
            model.version,
            model.backend,
            day,
            played.facts,
            products,
            language,
            _pythonnet(),
            played.findings,
        )

    made = _play(model, scenario, describe)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{scenario}.V{model.version}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
    return path


def installation(bench: Bench) -> tuple[list[str], str]:
    """Return the installed products with their versions, and the language of the user interface."""
    portal = bench.session.portal
    products = [f"{each.Name} {each.Version}" for each in portal.GetCurrentProcess().InstalledSoftware]
    try:
        language = portal.SettingsFolders.Find("General").Settings.Find("UserInterfaceLanguage").Value.Name
    except AttributeError:  # the simulated one has no settings
        language = ""
    return sorted(products), str(language)


def _pythonnet() -> str:
    try:
        return importlib.metadata.version("pythonnet")
    except importlib.metadata.PackageNotFoundError:
        return ""


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
