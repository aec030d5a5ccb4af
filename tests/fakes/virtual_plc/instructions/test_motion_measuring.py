"""Measuring inputs, as a program calls them: the input is what a test writes to `InputState`."""

import pytest

from tests.fakes.virtual_plc.instructions.couple_kit import Pair

ONCE = """"Probe"(MeasuringInput := "Input", Execute := "C".a, Mode := "C".mode, MeasuringRange := "C".c,
  StartPosition := "C".p, EndPosition := "C".q);"""
AXIS = '"Only"(Axis := "Leader", Enable := TRUE);'
ABORT = '"Abort"(MeasuringInput := "Input", Execute := "C".b);'


class Probe(Pair):
    """A pair with a measuring input on its leading axis, which moves at 50."""

    def __init__(self, calls: str = ONCE, kind: str = "MC_MEASURINGINPUT", **instances: str) -> None:
        super().__init__(calls, {"Input": "TO_MeasuringInput", "Follower": "TO_SpeedAxis"}, Probe=kind, **instances)
        self.scan(run=True, speed=50.0)
        self.run_for(1)

    def edge(self, rising: bool) -> float:
        """Switch the input, execute a scan, and return where the axis is."""
        self.cpu.write('"Input".InputState', rising)
        self.cpu.run_cycles(1)
        found: float = self.at("Leader")
        return found


@pytest.mark.parametrize(
    ("mode", "edges", "taken"),
    [
        (0, (True,), (0,)),
        (1, (True, False), (1,)),
        (2, (True, False), (0, 1)),
        (3, (True, False), (0, 1)),
        (4, (True, False, True), (1, 2)),
    ],
)
def test_edges_of_a_measurement(mode: int, edges: tuple[bool, ...], taken: tuple[int, ...]) -> None:
    probe = Probe()
    probe.scan(a=True, mode=mode)
    assert probe.shows("Probe") == {"Busy"} and probe.at("Input", "Status") == 1
    places = []
    for rising in edges:
        probe.run_for(0.1)
        assert probe.shows("Probe") == {"Busy"}
        places.append(probe.edge(rising))
    assert probe.shows("Probe") == {"Done"} and probe.at("Input", "Status") == 2
    values = [probe.at("Probe", f"MeasuredValue{each}") for each in (1, 2)]
    assert values[: len(taken)] == [pytest.approx(places[each]) for each in taken]
    assert probe.at("Input", "MeasuredValues.MeasuredValue1") == values[0]
    assert probe.at("Input", "MeasuredValues.MeasuredValue1Counter") == 1


def test_an_edge_before_the_job_is_not_measured() -> None:
    probe = Probe()
    probe.edge(True)
    probe.scan(a=True)
    probe.run_for(0.1)
    assert probe.shows("Probe") == {"Busy"}


def test_a_measuring_range() -> None:
    probe = Probe()
    probe.scan(a=True, c=True, p=100.0, q=60.0)
    probe.edge(True)
    assert probe.shows("Probe") == {"Busy"}, "before the range"
    probe.edge(False)
    while probe.at("Leader") < 70:
        probe.run_for(0.01)
    place = probe.edge(True)
    assert probe.shows("Probe") == {"Done"} and probe.at("Probe", "MeasuredValue1") == pytest.approx(place)


def test_a_range_without_an_edge_is_an_error() -> None:
    probe = Probe()
    probe.scan(a=True, c=True, p=60.0, q=80.0)
    probe.run_for(2)
    assert (probe.shows("Probe"), probe.error("Probe")) == ({"Error"}, 0x80A2) and probe.at("Input", "Status") == 3


def test_cyclic_measuring_counts_its_edges() -> None:
    probe = Probe(ONCE, "MC_MEASURINGINPUTCYCLIC")
    probe.scan(a=True, mode=2)
    for _ in range(2):
        probe.edge(True)
        probe.edge(False)
    rose, fell = probe.edge(True), probe.edge(False)
    assert probe.shows("Probe") == {"Busy"}
    counters = [probe.at("Probe", f"MeasuredValue{each}Counter") for each in (1, 2)]
    values = [probe.at("Probe", f"MeasuredValue{each}") for each in (1, 2)]
    assert (counters, values) == ([3, 3], [pytest.approx(rose), pytest.approx(fell)])
    assert probe.at("Probe", "LostEdgeCounter1") == 0


def test_a_measurement_is_aborted() -> None:
    probe = Probe(ONCE + ABORT, Abort="MC_ABORTMEASURINGINPUT")
    probe.scan(a=True)
    probe.scan(b=True)
    probe.cpu.run_cycles(1)
    assert (probe.shows("Abort"), probe.shows("Probe")) == ({"Done"}, {"CommandAborted"})
    assert probe.at("Input", "Status") == 0


def test_a_new_measurement_aborts_the_one_before() -> None:
    other = ONCE.replace('"Probe"', '"Other"').replace('"C".a', '"C".b')
    probe = Probe(ONCE + other, Other="MC_MEASURINGINPUT")
    probe.scan(a=True)
    probe.scan(b=True)
    probe.cpu.run_cycles(1)
    assert (probe.shows("Other"), probe.shows("Probe")) == ({"Busy"}, {"CommandAborted"})


@pytest.mark.parametrize(
    ("inputs", "error"), [({"mode": 5}, 0x800A), ({"p": 1e13}, 0x80A5), ({"q": float("inf")}, 0x80A6)]
)
def test_measurements_that_are_refused(inputs: dict[str, float], error: int) -> None:
    probe = Probe()
    probe.scan(a=True, **inputs)
    assert (probe.shows("Probe"), probe.error("Probe")) == ({"Error"}, error)


def test_the_axis_must_be_the_only_one_with_a_position() -> None:
    pair = Pair(ONCE, {"Input": "TO_MeasuringInput"}, Probe="MC_MEASURINGINPUT")
    pair.scan(a=True)
    assert pair.error("Probe") == 0x8002
