"""PLCSIM Advanced through the bridge: instances, settings, errors, versions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim import instances, tags, trace
from openness_bridge.plcsim import time as plcsim_time
from openness_bridge.plcsim.errors import CODES, problem_of
from openness_bridge.plcsim.instances import Interface, Settings
from openness_bridge.plcsim.runtime import Simulation, member
from openness_bridge.plcsim.values import as_text, from_api, to_api
from openness_bridge.portal import plcsim_loader as loader
from openness_bridge.portal.loader import load as load_model
from simatic_xml.program.workspace import Workspace
from tests.fakes.fake_plcsim.kit import Kit, Simulated
from tests.openness_bridge.plcsim_kit import Bridged, problem
from virtual_plc.memory.program import program_of


@pytest.fixture
def bridged() -> Iterator[Bridged]:
    made = Bridged()
    yield made
    made.simulation.close()


# -- the object model -----------------------------------------------------------------------


def test_the_stand_in_comes_with_its_plcsim() -> None:
    model = load_model("fake", "20")
    assert model.plcsim is model.plcsim
    assert (model.plcsim.version, model.plcsim.backend) == ("5.0", "fake")
    assert problem("tia.type_missing", Kind.UNSUPPORTED, lambda: model.plcsim.TimeMachine).message.startswith(
        "PLCSIM Advanced V5.0"
    )


def test_two_computers_share_no_instances() -> None:
    first, second = load_model("fake"), load_model("fake")
    first.plcsim.SimulationRuntimeManager.RegisterInstance("A")
    assert second.plcsim.SimulationRuntimeManager.RegisteredInstanceInfo.Length == 0


def test_the_newest_installed_api_is_chosen(tmp_path: Path) -> None:
    for version in ("3.0", "10.0", "5.0"):
        (tmp_path / "API" / version).mkdir(parents=True)
        (tmp_path / "API" / version / loader.ASSEMBLY).write_bytes(b"")
    (tmp_path / "API" / "11.0").mkdir()
    found = loader.assembly_paths([tmp_path, tmp_path / "none"])
    assert [path.parent.name for path in found] == ["3.0", "5.0", "10.0"]


def test_without_an_installation_the_status_says_so() -> None:
    simulation = Simulation(loader.load)
    status = simulation.status()
    assert (status.api_available, status.runtime_manager_running) == (False, False)
    assert "not installed" in status.message
    problem("plcsim.not_installed", Kind.UNSUPPORTED, simulation.instances)
    problem("plcsim.not_installed", Kind.UNSUPPORTED, simulation.start)


# -- errors ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(CODES))
def test_every_error_code_becomes_a_problem_that_says_what_to_do(name: str) -> None:
    kit = Kit()
    error = kit.SimulationRuntimeException(getattr(kit.ERuntimeErrorCode, name))
    found = problem_of(error)
    assert found is not None
    assert found.code == f"plcsim.{CODES[name][0]}"
    assert isinstance(found.kind, Kind)
    assert found.message.endswith(".")
    assert (found.details[0].code, found.details[0].message) == (f"plcsim.{name}", name)


def test_an_error_code_that_is_not_known_is_a_failure() -> None:
    kit = Kit()
    found = problem_of(kit.SimulationInitializationException(kit.ERuntimeErrorCode.NotImplemented))
    assert found is not None
    assert (found.code, found.kind) == ("plcsim.failed", Kind.FAILED)
    assert problem_of(ValueError("x")) is None


def test_place_and_cause_of_a_refusal(bridged: Bridged) -> None:
    bridged.simulation.register("PLC_1", None)
    found = problem("plcsim.off", Kind.CONFLICT, lambda: instances.run(bridged.simulation, "plc_1"))
    assert found.place is not None
    assert found.place.object == "PLC_1"
    assert "power-on" in found.message
    instances.power_on(bridged.simulation, "PLC_1")
    problem("plcsim.empty", Kind.CONFLICT, lambda: instances.run(bridged.simulation, "PLC_1"))
    problem("plcsim.exists", Kind.CONFLICT, lambda: bridged.simulation.register("PLC_1", None))
    problem("plcsim.argument", Kind.REFUSED, lambda: bridged.simulation.register("x" * 64, None))
    bridged.runtime.boot_seconds = 0.3
    bridged.simulation.register("PLC_2", None)
    problem("plcsim.timeout", Kind.TIMED_OUT, lambda: instances.power_on(bridged.simulation, "PLC_2", 10))


def test_what_is_not_registered(bridged: Bridged) -> None:
    bridged.simulation.register("PLC_1", None)
    found = problem("plcsim.instance_not_found", Kind.MISSING, lambda: bridged.simulation.handle("PLC_9"))
    assert "Registered: PLC_1." in found.message
    problem("plcsim.not_connected", Kind.CONFLICT, lambda: bridged.simulation.handle())


# -- instances ------------------------------------------------------------------------------


def test_one_handle_for_each_instance_and_a_new_one_when_it_was_replaced(bridged: Bridged) -> None:
    first = bridged.simulation.register("PLC_1", "cpu1511")
    assert bridged.simulation.handle("plc_1") is first
    bridged.kit.manager.CreateInterface("PLC_1").UnregisterInstance()
    bridged.kit.manager.RegisterInstance("PLC_1")
    second = bridged.simulation.handle("PLC_1")
    assert second is not first
    assert instances.config(bridged.simulation, "PLC_1").cpu_type == "CPU1500_Unspecified"


def test_an_instance_that_was_deleted_elsewhere_is_not_there(bridged: Bridged) -> None:
    simulation = bridged.on()
    bridged.kit.manager.CreateInterface("PLC_1").UnregisterInstance()
    problem("plcsim.instance_not_found", Kind.MISSING, lambda: tags.read(simulation, None, "In"))
    assert simulation.status().registered_instances == []


def test_states_are_reached_and_asking_again_is_no_error(bridged: Bridged) -> None:
    simulation = bridged.on()
    for _ in range(2):
        assert instances.run(simulation, None).operating_state == "Run"
    for _ in range(2):
        assert instances.stop(simulation, None).operating_state == "Stop"
    for _ in range(2):
        assert instances.power_off(simulation, None).operating_state == "Off"


def test_settings_are_checked_before_any_is_set(bridged: Bridged) -> None:
    simulation = bridged.on()
    wrong = Settings(scale_factor=5, operating_mode="Backwards")
    found = problem("plcsim.argument", Kind.REFUSED, lambda: instances.configure(simulation, None, wrong))
    assert "SingleStep_C" in found.message
    assert instances.config(simulation, None).scale_factor == 1
    only_off = Settings(cpu_type="CPU1516", storage_path="/tmp/x")
    found = problem("plcsim.state", Kind.CONFLICT, lambda: instances.configure(simulation, None, only_off))
    assert "cpuType, storagePath" in found.message
    instances.power_off(simulation, None)
    assert instances.configure(simulation, None, Settings(cpu_type="cpu1516")).cpu_type == "CPU1516"
    problem(
        "plcsim.argument", Kind.REFUSED, lambda: instances.configure(simulation, None, Settings(system_time="noon"))
    )
    moved = instances.configure(simulation, None, Settings(system_time="2030-01-02T03:04:05+01:00"))
    assert moved.system_time == "2030-01-02T02:04:05Z"


def test_newer_versions_have_a_network_mode_instead(bridged: Bridged) -> None:
    bridged.simulation.register("PLC_1", None)
    softbus = Settings(communication_interface="softbus")
    assert instances.configure(bridged.simulation, "PLC_1", softbus).communication_interface == "Softbus"
    problem("plcsim.version", Kind.UNSUPPORTED, lambda: bridged.simulation.set_network_mode("Softbus"))
    newer = Bridged(version=(6, 0))
    newer.simulation.register("PLC_1", None)
    problem("plcsim.version", Kind.UNSUPPORTED, lambda: instances.configure(newer.simulation, "PLC_1", softbus))
    newer.simulation.set_network_mode("tcpipsingleadapter")
    assert newer.simulation.status().network_mode == "TCPIPSingleAdapter"


def test_addresses(bridged: Bridged) -> None:
    simulation = bridged.on()
    with pytest.raises(Problem, match="is not an IPv4"):
        instances.set_network(simulation, None, Interface(0, "1.2.3", "255.255.255.0", "1.2.3.4"), remanent=True)
    suite = Interface(0, "192.168.0.7", "255.255.255.0", "192.168.0.1")
    assert instances.set_network(simulation, None, suite, remanent=True).interfaces[0].ip_address == "192.168.0.7"
    assert simulation.instances()[0].addresses == ["192.168.0.7"]


def test_deleting_with_its_data_deletes_the_card_and_nothing_beside_it(bridged: Bridged, tmp_path: Path) -> None:
    simulation = bridged.simulation
    simulation.register("PLC_1", None)
    instances.configure(simulation, "PLC_1", Settings(storage_path=str(tmp_path)))
    instances.power_on(simulation, "PLC_1")
    bridged.download()
    instances.power_off(simulation, "PLC_1")
    (tmp_path / "own.txt").write_text("mine", encoding="utf-8")
    assert (tmp_path / "SIMATIC_MC").is_dir()
    simulation.unregister("PLC_1", delete_storage=True)
    assert [path.name for path in tmp_path.iterdir()] == ["own.txt"]


def test_connecting_needs_a_name_where_there_are_several(bridged: Bridged) -> None:
    simulation = bridged.simulation
    problem("plcsim.not_connected", Kind.INVALID, lambda: instances.connect(simulation, None))
    simulation.register("A", None)
    assert instances.connect(simulation, None).name == "A"
    simulation.register("B", None)
    found = problem("plcsim.not_connected", Kind.INVALID, lambda: instances.connect(simulation, None))
    assert "A, B" in found.message
    simulation.unregister("a")
    assert simulation.connected is None
    assert instances.disconnect(simulation) is None


# -- values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("primitive", "data_type", "given", "value", "text"),
    [
        ("Bool", "Bool", "true", True, "TRUE"),
        ("Bool", "Bool", 1, True, "TRUE"),
        ("Bool", "Bool", "0", False, "FALSE"),
        ("Int16", "Int", "-4", -4, "-4"),
        ("UInt16", "Word", "16#FF", 255, "16#FF"),
        ("Int32", "Time", "T#2s", 2000, "T#2s"),
        ("Int64", "LTime", "T#2s", 2_000_000_000, "LT#2s"),
        ("Float", "Real", 3, 3.0, "3.0"),
        ("Char", "Char", "é", "é", "'é'"),
        ("WChar", "WChar", "λ", "λ", "'λ'"),
        ("UInt16", "Date", "D#2024-01-02", 12419, "D#2024-01-02"),
        ("UInt32", "TimeOfDay", "TOD#01:00:00", 3_600_000, "TOD#01:00:00"),
        ("UInt64", "DATE_AND_TIME", "DT#2026-11-22-17:30:00.5", "2026-11-22-17:30:00.5", "DT#2026-11-22-17:30:00.5"),
        ("UInt64", "DATE_AND_TIME", "2089-12-31-23:59:59.999", "2089-12-31-23:59:59.999", "DT#2089-12-31-23:59:59.999"),
    ],
)
def test_values_as_people_write_them(
    bridged: Bridged, primitive: str, data_type: str, given: Any, value: Any, text: str
) -> None:
    made = to_api(bridged.simulation.model, primitive, data_type, given)
    assert from_api(made, primitive, data_type) == value
    assert type(from_api(made, primitive, data_type)) is type(value)
    assert as_text(data_type, value) == text


@pytest.mark.parametrize(
    ("primitive", "data_type", "given"),
    [
        ("Bool", "Bool", 2),
        ("Int16", "Int", 40000),
        ("Int16", "Int", 1.5),
        ("Int16", "Int", "many"),
        ("Int16", "Int", True),
        ("UInt8", "Byte", -1),
        ("Char", "Char", "ab"),
        ("Char", "Char", 5),
        ("Int32", "Time", "D#2024-01-01"),
        ("Struct", "Struct", 1),
        ("Float", "Real", "x"),
    ],
)
def test_values_that_do_not_fit(bridged: Bridged, primitive: str, data_type: str, given: Any) -> None:
    problem("plcsim.value", Kind.REFUSED, lambda: to_api(bridged.simulation.model, primitive, data_type, given))


def test_members_of_enums_by_name(bridged: Bridged) -> None:
    assert member(bridged.simulation.model, "ECommunicationInterface", "none").ToString() == "None"
    problem("plcsim.argument", Kind.REFUSED, lambda: member(bridged.simulation.model, "ECPUType", "CPU9"))


# -- tags -----------------------------------------------------------------------------------


def test_names_with_quotes_and_in_any_case(bridged: Bridged) -> None:
    simulation = bridged.on()
    for name in ("Data.motor.speed", '"Data".motor.speed', 'data."Motor".SPEED', "DATA.MOTOR.SPEED"):
        assert tags.read(simulation, None, name).name == "Data.motor.speed"
    assert tags.read(simulation, None, "data.grid[1, 2]").name == "Data.grid[1,2]"
    found = problem("plcsim.tag_not_found", Kind.MISSING, lambda: tags.read(simulation, None, "Data.motor.sped"))
    assert "Data.motor.speed" in found.message


def test_what_has_no_value(bridged: Bridged) -> None:
    simulation = bridged.on()
    for name, what in (("Data.motor", "a structure"), ("Data.list", "an array"), ("Data.text", "String")):
        found = problem("plcsim.not_supported", Kind.REFUSED, lambda name=name: tags.write(simulation, None, name, 1))
        assert what in found.message


def test_after_a_download_the_list_is_refreshed_once(bridged: Bridged) -> None:
    simulation = bridged.on()
    tags.write(simulation, None, "Flag", True)
    bridged.download()
    assert tags.read(simulation, None, "Flag").value is True
    bridged.download()
    assert tags.read_many(simulation, None, ["Flag"])[0].value is True
    bridged.download()
    assert tags.write_many(simulation, None, [("Flag", False)])[0].value is False


def test_a_handle_that_is_older_than_a_download_is_renewed(bridged: Bridged) -> None:
    bridged.runtime.handles_age = True
    simulation = bridged.on()
    assert tags.read(simulation, None, "Data.count").value == 0
    assert instances.run(simulation, None).operating_state == "Run"
    bridged.download()
    instances.stop(simulation, None)
    assert instances.run(simulation, None).operating_state == "Run"
    bridged.download()
    assert tags.refresh(simulation, None) > 0
    simulation.register("Empty", None)
    instances.power_on(simulation, "Empty")
    problem("plcsim.empty", Kind.CONFLICT, lambda: instances.run(simulation, "Empty"))


def test_a_tag_that_a_download_gave_another_type_is_read_as_that(bridged: Bridged) -> None:
    simulation = bridged.on()
    assert tags.read(simulation, None, "Data.wide").data_type == "ULInt"
    read = tags.reader(simulation, None, ["Data.wide"])
    for text, value in (("wide : Real := 2.5;", 2.5), ("wide : Bool := TRUE;", True)):
        made = Workspace()
        assert made.put_source(f'DATA_BLOCK "Data"\nVAR\n  {text}\nEND_VAR\nBEGIN\nEND_DATA_BLOCK') == []
        Simulated.behind(bridged.kit.manager.CreateInterface("PLC_1"))._load(program_of(made))
        found = tags.read_many(simulation, None, ["Data.wide"])[0]
        assert (found.value, found.data_type) == (value, text.split()[2])
        assert read() == {"Data.wide": value}
        assert tags.read(simulation, None, "Data.wide").value == value


def test_reading_several_tells_which_cannot_be_read(bridged: Bridged) -> None:
    simulation = bridged.on()
    read = tags.read_many(simulation, None, ["In", "Nothing", "Data.delay", "In"])
    assert [(each.name, each.value, each.error.code if each.error else "") for each in read] == [
        ("In", False, ""),
        ("Nothing", None, "plcsim.tag_not_found"),
        ("Data.delay", 2000, ""),
        ("In", False, ""),
    ]


def test_writing_several_writes_all_or_none(bridged: Bridged) -> None:
    simulation = bridged.on()
    values: list[tuple[str, Any]] = [("In", True), ("Level", "many"), ("Nothing", 1)]
    found = problem("plcsim.value", Kind.REFUSED, lambda: tags.write_many(simulation, None, values))
    assert [(each.code, each.place.pointer) for each in found.details if each.place] == [
        ("plcsim.value", "/values/1"),
        ("plcsim.tag_not_found", "/values/2"),
    ]
    assert tags.read(simulation, None, "In").value is False
    tags.write_many(simulation, None, [("In", True), ("Level", 5)])
    assert [each.value for each in tags.read_many(simulation, None, ["In", "Level"])] == [True, 5]


def test_pages_and_areas_of_the_list(bridged: Bridged) -> None:
    simulation = bridged.on()
    page = tags.list_tags(simulation, None, "motor", 1, 1)
    assert (page.total, [tag.name for tag in page.tags]) == (3, ["Data.motor.speed"])
    assert tags.refresh(simulation, None, ["m"]) == 2
    assert tags.list_tags(simulation, None).total == 2
    problem("plcsim.argument", Kind.REFUSED, lambda: tags.refresh(simulation, None, ["X"]))


# -- virtual time ---------------------------------------------------------------------------


def count(simulation: Simulation) -> Any:
    return tags.read(simulation, None, "Data.count").value


def frozen(bridged: Bridged) -> Simulation:
    simulation = bridged.on()
    plcsim_time.freeze(simulation, None)
    instances.run(simulation, None)
    return simulation


def test_so_many_cycles(bridged: Bridged) -> None:
    simulation = frozen(bridged)
    reports: list[float] = []
    done = plcsim_time.run_cycles(simulation, None, 10, report=lambda percent, _: reports.append(percent))
    assert (done.cycles, done.operating_state, count(simulation)) == (10, "Freeze", 10)
    assert reports == [pytest.approx(10 * each) for each in range(10)]
    assert plcsim_time.step(simulation, None).virtual_time_ms == 10
    assert plcsim_time.run_cycles(simulation, None, 4, 250).virtual_time_ms == pytest.approx(760)
    assert count(simulation) == 15


def test_so_long(bridged: Bridged) -> None:
    simulation = frozen(bridged)
    done = plcsim_time.run_for(simulation, None, 30_000_000_000)
    assert (done.virtual_time_ms, done.operating_mode) == (pytest.approx(30_000, abs=20), "TimespanSynchronized_C")
    assert abs(count(simulation) - 3000) <= 2
    assert done.real_time_ms < 20_000


def test_time_passes_by_itself_again(bridged: Bridged) -> None:
    simulation = frozen(bridged)
    plcsim_time.set_scale(simulation, None, 100)
    assert plcsim_time.resume(simulation, None).operating_state == "Run"
    while count(simulation) < 50:
        pass
    assert plcsim_time.freeze(simulation, None).operating_state == "Freeze"


def test_only_a_running_instance_moves(bridged: Bridged) -> None:
    simulation = bridged.on()
    problem("plcsim.not_in_run", Kind.CONFLICT, lambda: plcsim_time.step(simulation, None))
    assert instances.state(simulation, None).operating_mode == "Default"


def test_one_request_moves_time_at_once(bridged: Bridged) -> None:
    simulation = frozen(bridged)
    begun, others = threading.Event(), threading.Event()

    def report(*_: object) -> None:
        begun.set()
        others.wait(60)

    thread = threading.Thread(target=plcsim_time.run_cycles, args=(simulation, None, 2), kwargs={"report": report})
    thread.start()
    begun.wait(60)
    problem("plcsim.busy", Kind.CONFLICT, lambda: plcsim_time.step(simulation, None))
    problem("plcsim.busy", Kind.CONFLICT, lambda: plcsim_time.resume(simulation, None))
    assert instances.state(simulation, None).operating_state == "Freeze"
    others.set()
    thread.join()
    assert count(simulation) == 2


def test_an_instance_that_stops_on_the_way_is_told(bridged: Bridged) -> None:
    simulation = frozen(bridged)

    def report(percent: float, _: str) -> None:
        if percent >= 50:
            instances.stop(simulation, None)

    problem("plcsim.stopped", Kind.CONFLICT, lambda: plcsim_time.run_cycles(simulation, None, 4, report=report))


# -- traces ---------------------------------------------------------------------------------


def test_a_trace_has_a_sample_of_each_cycle(bridged: Bridged) -> None:
    simulation = frozen(bridged)
    problem("plcsim.no_trace", Kind.MISSING, lambda: trace.read(simulation, None))
    trace.start(simulation, None, ["Data.count", "In"])
    plcsim_time.run_cycles(simulation, None, 3)
    plcsim_time.run_for(simulation, None, 20_000_000)
    data = trace.stop(simulation, None)
    assert [sample.values for sample in data.samples] == [[number, False] for number in range(6)]
    assert [sample.time_ms for sample in data.samples] == [0, 0, 10, 20, 30, 40]
    assert [(each.name, each.data_type) for each in data.channels] == [("Data.count", "DInt"), ("In", "Bool")]
    assert not data.active
    plcsim_time.step(simulation, None)
    assert [sample.number for sample in trace.read(simulation, None, 4).samples] == [5, 6]


def test_a_trace_by_interval_and_of_changes(bridged: Bridged) -> None:
    simulation = frozen(bridged)
    trace.start(simulation, None, ["In"], 100_000_000, change_only=True)
    plcsim_time.run_for(simulation, None, 1_000_000_000)
    tags.write(simulation, None, "In", True)
    plcsim_time.run_for(simulation, None, 1_000_000_000)
    samples = trace.stop(simulation, None).samples
    assert [sample.values for sample in samples] == [[False], [True]]
    assert 1000 < samples[1].time_ms <= 1200


def test_a_full_trace_drops_the_oldest(bridged: Bridged) -> None:
    simulation = frozen(bridged)
    trace.start(simulation, None, ["Data.count"], limit=3)
    plcsim_time.run_cycles(simulation, None, 9)
    data = trace.read(simulation, None)
    assert (data.dropped, [sample.values for sample in data.samples]) == (7, [[7], [8], [9]])


def test_a_trace_goes_on_while_time_passes_by_itself(bridged: Bridged) -> None:
    simulation = bridged.on()
    instances.run(simulation, None)
    trace.start(simulation, None, ["Data.count"])
    while len(trace.read(simulation, None).samples) < 4:
        pass
    times = [sample.time_ms for sample in trace.stop(simulation, None).samples]
    assert times == sorted(times)


def test_a_trace_of_an_instance_that_is_switched_off_ends_with_the_reason(bridged: Bridged) -> None:
    simulation = bridged.on()
    instances.run(simulation, None)
    trace.start(simulation, None, ["Data.count"])
    bridged.kit.manager.CreateInterface("PLC_1").UnregisterInstance()
    handle = simulation._handles["plc_1"]
    for _ in range(1000):
        if not handle.trace.is_active:
            break
        threading.Event().wait(0.005)
    assert "not registered" in handle.trace.data().error


def test_only_values_can_be_traced(bridged: Bridged) -> None:
    simulation = bridged.on()
    found = problem(
        "plcsim.tag_not_found", Kind.MISSING, lambda: trace.start(simulation, None, ["In", "A", "Data.motor"])
    )
    assert [each.code for each in found.details] == ["plcsim.tag_not_found", "plcsim.not_supported"]
