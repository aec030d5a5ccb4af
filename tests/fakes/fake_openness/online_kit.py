"""A PLC of a simulated TIA Portal and a virtual controller of the same computer that has its address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.fake_openness.plc import CPU_1500, Plant

ADDRESS = "192.168.0.1"
PROGRAM = """FUNCTION_BLOCK "Counting"
VAR_INPUT step : Int := 1; END_VAR
VAR total : DInt; END_VAR
BEGIN
#total := #total + #step;
END_FUNCTION_BLOCK
DATA_BLOCK "Counting_DB"
"Counting"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Cycle"
BEGIN
"Counting_DB"();
END_ORGANIZATION_BLOCK
"""


class Rig(Plant):
    """A plant with a program and its way into the CPU; `asked` are the questions of the last download."""

    def __init__(self, folder: Path, version: str = "20", cpu: str = CPU_1500) -> None:
        super().__init__(folder, version, cpu)
        self.manager = self.installation.plcsim["SimulationRuntimeManager"]
        self.instance = self.manager.RegisterInstance("Twin")
        self.asked: list[Any] = []

    @property
    def cpu(self) -> Any:
        return next(item for item in items(self.project.Devices.Find("Station_1")) if item._software is not None)

    def service(self, name: str, owner: Any = None) -> Any:
        return (owner or self.cpu).GetService[self.types[name]]()

    def pc(self, configuration: Any, name: str = "PLCSIM") -> Any:
        return configuration.Modes.Find("PN/IE").PcInterfaces.Find(name, 1)

    @property
    def target(self) -> Any:
        return self.pc(self.service("DownloadProvider").Configuration).TargetInterfaces[0]

    @property
    def online(self) -> Any:
        """The online service with the way applied."""
        provider = self.service("OnlineProvider")
        assert provider.Configuration.ApplyConfiguration(self.pc(provider.Configuration).TargetInterfaces[0])
        return provider

    def load(self, *options: str, way: tuple[Any, ...] = (), **answers: Any) -> Any:
        """Download; answers are given by name of the question, what is not named stays as it is."""
        self.asked = []
        self.answers = answers
        delegate = self.types["DownloadConfigurationDelegate"]
        chosen = self.types["DownloadOptions"](0)
        for option in options or ("Hardware", "Software"):
            chosen = chosen | self.types["DownloadOptions"][option]
        asking = (delegate(self.answer), delegate(self.answer))
        return self.service("DownloadProvider").Download(*(way or (self.target,)), *asking, chosen)

    def answer(self, question: Any) -> None:
        self.asked.append(question)
        given = self.answers.get(type(question).__name__)
        if given is None:
            return
        if hasattr(question, "Checked"):
            question.Checked = given
        elif hasattr(question, "SetPassword"):
            question.SetPassword(given)
        else:
            question.CurrentSelection = type(question.CurrentSelection)[given]

    @property
    def questions(self) -> list[str]:
        return [type(question).__name__ for question in self.asked]

    @property
    def state(self) -> str:
        return str(self.instance.OperatingState.name)

    def run(self) -> None:
        self.instance.Run(10_000)


def items(owner: Any) -> Iterator[Any]:
    for item in owner.DeviceItems:
        yield item
        yield from items(item)


def said(result: Any) -> list[str]:
    """The sentences of a result."""
    return [message.Message for message in result.Messages[0].Messages]


def compared(element: Any, above: str = "") -> Iterator[tuple[str, str, str]]:
    """Path, state and detail of every object of a comparison."""
    for below in element.Elements:
        path = f"{above}/{below.LeftName or below.RightName}"
        if not below.ComparisonResult.name.startswith("Folder"):
            yield path, below.ComparisonResult.name, below.DetailedInformation
        yield from compared(below, path)


def rig_of(folder: Path, version: str = "20", cpu: str = CPU_1500) -> Rig:
    """A rig with a program; its virtual controller is on."""
    made = Rig(folder, version, cpu)
    made.generate(PROGRAM)
    made.instance.PowerOn(10_000)
    return made


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A V20 project with an S7-1500 and its virtual controller, which is on and empty."""
    made = rig_of(tmp_path)
    yield made
    made.manager.Shutdown()
    if made.portal._process.alive:
        made.portal.Dispose()
