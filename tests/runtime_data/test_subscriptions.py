"""Listening to tags: one reading for all, sources that tell, deadbands, late and lost sources, coming back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openness_bridge.errors import Detail, Kind, Problem
from runtime_data.latest import Latest
from runtime_data.quality import (
    GOOD,
    LAST_USABLE,
    NO_COMMUNICATION,
    NO_COMMUNICATION_LAST_USABLE,
    OUT_OF_SERVICE,
    UNKNOWN_TAG,
)
from runtime_data.runtime import Write
from runtime_data.sources.memory import MemorySource, MemoryTag
from runtime_data.sources.source import Changed, SourceStatus
from runtime_data.subscriptions import Newest, Subscriptions
from runtime_data.values import Scalar, TagInfo, Value, now
from simatic_xml import load as load_xml
from simatic_xml import scl
from simatic_xml.program.workspace import Workspace
from tests.fakes.fake_plcsim.kit import Simulated
from tests.runtime_data.plant import OPERATOR, VIEWER, Plant, plant_in
from virtual_plc.memory.program import program_of

FAST = 0.01


class Scripted:
    """A source whose values a test sets."""

    kind, real, atomic = "scripted", False, True

    def __init__(self, name: str = "S", *, tells: bool = False) -> None:
        self.name, self.tells = name, tells
        self.values: dict[str, Scalar] = {}
        self.status_code = GOOD.code
        self.asked: list[tuple[str, ...]] = []
        self.answers = threading.Event()
        self.answers.set()
        self.followers: list[Changed] = []

    def status(self) -> SourceStatus:
        return SourceStatus("connected")

    def read(self, paths: Sequence[str]) -> list[Value]:
        self.asked.append(tuple(paths))
        assert self.answers.wait(60)
        return [self.value(path) for path in paths]

    def value(self, path: str) -> Value:
        if self.status_code == NO_COMMUNICATION.code:
            return Value(f"{self.name}:{path}", None, status=self.status_code, server_time=now())
        known = self.values.get(path)
        status = UNKNOWN_TAG.code if known is None else self.status_code
        return Value(f"{self.name}:{path}", known, "Int", status, now(), now())

    def put(self, path: str, value: Scalar) -> None:
        self.values[path] = value
        for each in list(self.followers):
            each([self.value(path)])

    def follow(self, changed: Changed) -> Callable[[], None] | None:
        if not self.tells:
            return None
        self.followers.append(changed)
        return lambda: self.followers.remove(changed)

    def write(
        self, values: Sequence[tuple[str, Scalar]], expected: Mapping[str, Scalar], *, atomic: bool
    ) -> list[Detail | None]:
        raise NotImplementedError

    def find(self, path: str) -> TagInfo:
        raise NotImplementedError

    def tags(self) -> list[TagInfo]:
        raise NotImplementedError

    def browse(self, path: str, depth: int = 1) -> list[TagInfo]:
        raise NotImplementedError


class Heard:
    """What a listener was given."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self._news = asyncio.Event()

    def __call__(self, values: Sequence[Value]) -> None:
        self.values += values
        self._news.set()

    def of(self, tag: str) -> list[object]:
        return [value.value for value in self.values if value.tag == tag]

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not condition():
                self._news.clear()
                await self._news.wait()


def run(scenario: Callable[[Subscriptions, Scripted], Awaitable[None]], source: Scripted) -> None:
    """Run a scenario with the listeners of one source, and end them."""

    async def whole() -> None:
        subscriptions = Subscriptions(lambda _: source, Latest())
        try:
            await asyncio.wait_for(scenario(subscriptions, source), 120)
        finally:
            source.answers.set()
            subscriptions.close()

    asyncio.run(whole())


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path) as plant:
        yield plant


def test_one_reading_serves_all_listeners() -> None:
    async def scenario(subscriptions: Subscriptions, source: Scripted) -> None:
        source.values = {"a": 1, "b": 2, "c": 3}
        one, two = Heard(), Heard()
        with (
            subscriptions.listen(["S:a", "S:b"], one, FAST),
            subscriptions.listen(["S:b", "S:c"], two, FAST),
        ):
            await one.until(lambda: one.of("S:a") and one.of("S:b"))
            await two.until(lambda: two.of("S:b") and two.of("S:c"))
            begun = len(source.asked)
            source.put("b", 20)
            await one.until(lambda: one.of("S:b") == [2, 20])
            await two.until(lambda: two.of("S:b") == [2, 20])
            assert {frozenset(each) for each in source.asked[begun + 1 :]} <= {frozenset("abc")}
        assert one.of("S:a") == [1] and two.of("S:c") == [3]

    run(scenario, Scripted())


def test_a_source_that_tells_is_not_polled() -> None:
    async def scenario(subscriptions: Subscriptions, source: Scripted) -> None:
        source.values = {"a": 0}
        heard = Heard()
        with subscriptions.listen(["S:A"], heard, FAST):
            await heard.until(lambda: heard.values)
            source.values["A"] = 0
            for number in range(1, 200):
                await asyncio.to_thread(source.put, "a", number)
                await heard.until(lambda: heard.of("S:A")[-1] == number)  # noqa: B023 - it is awaited here
            assert len(source.asked) == 1
            assert len(source.followers) == 1
        assert source.followers == []

    run(scenario, Scripted(tells=True))


def test_a_change_that_somebody_else_saw_first_is_not_lost() -> None:
    """A reading with another period, and a single read, see a change before the listener's own reading does."""

    async def scenario(subscriptions: Subscriptions, source: Scripted) -> None:
        source.values = {"a": 1}
        slow, fast = Heard(), Heard()
        with subscriptions.listen(["S:a"], slow, 0.5), subscriptions.listen({"S:a": FAST}, fast):
            await slow.until(lambda: slow.of("S:a") == [1])
            await fast.until(lambda: fast.of("S:a") == [1])
            source.put("a", 2)
            await fast.until(lambda: fast.of("S:a") == [1, 2])
            await slow.until(lambda: slow.of("S:a") == [1, 2])

    run(scenario, Scripted())


@settings(max_examples=25)
@given(
    numbers=st.lists(st.one_of(st.integers(-50, 50), st.floats(-50, 50), st.booleans()), min_size=1, max_size=30),
    band=st.floats(0, 20),
)
def test_a_deadband_gives_what_a_plain_loop_gives(numbers: list[Scalar], band: float) -> None:
    def expected() -> list[Scalar]:
        given_so_far: list[Scalar] = []
        for each in numbers:
            last = given_so_far[-1] if given_so_far else None
            same_kind = last is not None and not isinstance(last, bool) and not isinstance(each, bool)
            if last is None or (
                abs(each - last) > band if same_kind and band else (type(each), each) != (type(last), last)
            ):
                given_so_far.append(each)
        return given_so_far

    async def scenario(subscriptions: Subscriptions, source: Scripted) -> None:
        heard, all_of_them = Heard(), Heard()
        source.values = {"a": numbers[0], "end": 0}
        with (
            subscriptions.listen(["S:a"], heard, FAST, deadband=band),
            subscriptions.listen(["S:end"], all_of_them, FAST),
        ):
            await heard.until(lambda: heard.values)
            await all_of_them.until(lambda: all_of_them.values)
            for number, each in enumerate(numbers[1:], 1):
                source.put("a", each)
                source.put("end", number)
                await all_of_them.until(lambda: all_of_them.of("S:end")[-1] == number)  # noqa: B023
        assert heard.of("S:a") == expected()

    run(scenario, Scripted(tells=True))


@pytest.mark.parametrize("tells", [False, True])
def test_the_value_of_each_reading_for_those_who_want_it(tells: bool) -> None:
    async def scenario(subscriptions: Subscriptions, source: Scripted) -> None:
        source.values = {"a": 1}
        every, changes = Heard(), Heard()
        listener, other = subscriptions.open(every), subscriptions.open(changes)
        subscriptions.add(listener, ["S:a"], FAST, every=True)
        subscriptions.add(other, ["S:a"], FAST)
        await every.until(lambda: len(every.values) >= 5)
        assert set(every.of("S:a")) == {1} and changes.of("S:a") == [1]
        subscriptions.leave(listener)
        subscriptions.leave(other)

    run(scenario, Scripted(tells=tells))


def test_a_source_that_is_late_leaves_the_last_usable_value() -> None:
    async def scenario(subscriptions: Subscriptions, source: Scripted) -> None:
        source.values = {"a": 1}
        heard = Heard()
        with subscriptions.listen(["S:a"], heard, FAST):
            await heard.until(lambda: heard.values)
            source.answers.clear()
            await heard.until(lambda: heard.values[-1].status == LAST_USABLE.code)
            assert heard.values[-1].value == 1
            source.answers.set()
            await heard.until(lambda: heard.values[-1].status == GOOD.code)
        assert [value.status for value in heard.values] == [GOOD.code, LAST_USABLE.code, GOOD.code]

    run(scenario, Scripted())


def test_a_source_that_is_late_does_not_make_a_bad_value_usable() -> None:
    async def scenario(subscriptions: Subscriptions, source: Scripted) -> None:
        source.values, source.status_code = {"a": 1, "b": 1}, OUT_OF_SERVICE.code
        heard, later = Heard(), Heard()
        with subscriptions.listen(["S:a"], heard, FAST):
            await heard.until(lambda: heard.values)
            source.status_code = GOOD.code
            with subscriptions.listen(["S:b"], later, FAST):
                await later.until(lambda: later.values)
                await heard.until(lambda: heard.values[-1].status == GOOD.code)
                source.status_code = OUT_OF_SERVICE.code
                await later.until(lambda: later.values[-1].status == OUT_OF_SERVICE.code)
                source.answers.clear()
                known = subscriptions.number
                await asyncio.sleep(2.5)  # time: longer than a reading may take; nothing is to come
                assert subscriptions.number == known
        assert {value.status for value in heard.values} == {OUT_OF_SERVICE.code, GOOD.code}

    run(scenario, Scripted())


def test_a_lost_source_leaves_the_last_value_where_there_was_one() -> None:
    async def scenario(subscriptions: Subscriptions, source: Scripted) -> None:
        source.values = {"a": 7}
        heard = Heard()
        with subscriptions.listen(["S:a"], heard, FAST):
            await heard.until(lambda: heard.values)
            source.status_code = NO_COMMUNICATION.code
            await heard.until(lambda: heard.values[-1].status == NO_COMMUNICATION_LAST_USABLE.code)
            last = heard.values[-1]
            assert (last.value, last.quality, last.source_time) == (7, "Uncertain", heard.values[0].source_time)
            late = Heard()
            with subscriptions.listen(["S:new"], late, FAST):
                await late.until(lambda: late.values)
                assert (late.values[0].status, late.values[0].value) == (NO_COMMUNICATION.code, None)
            source.status_code = GOOD.code
            await heard.until(lambda: heard.values[-1].status == GOOD.code)

    run(scenario, Scripted())


def test_a_source_that_does_not_exist_any_more_is_lost() -> None:
    async def whole() -> None:
        found: list[Scripted] = [Scripted()]
        found[0].values = {"a": 1}

        def find(name: str) -> Scripted:
            if not found:
                raise Problem("source.not_found", f"There is no {name}.", kind=Kind.MISSING)
            return found[0]

        subscriptions, heard = Subscriptions(find, Latest()), Heard()
        with subscriptions.listen(["S:a"], heard, FAST):
            await heard.until(lambda: heard.of("S:a") == [1])
            found.clear()
            await heard.until(lambda: heard.values[-1].status == NO_COMMUNICATION_LAST_USABLE.code)
        subscriptions.close()

    asyncio.run(whole())


def test_a_listener_that_fails_harms_no_other(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(subscriptions: Subscriptions, source: Scripted) -> None:
        source.values = {"a": 1}

        def fail(_: Sequence[Value]) -> None:
            raise RuntimeError("no")

        good = Heard()
        with subscriptions.listen(["S:a"], fail, FAST), subscriptions.listen(["S:a"], good, FAST):
            await good.until(lambda: good.of("S:a") == [1])
            source.put("a", 2)
            await good.until(lambda: good.of("S:a") == [1, 2])

    run(scenario, Scripted())
    assert "could not take" in caplog.text


def test_a_source_that_hangs_delays_no_other() -> None:
    async def whole() -> None:
        sources = {name: Scripted(name) for name in ("hangs", "works")}
        for each in sources.values():
            each.values = {"a": 1}
        sources["hangs"].answers.clear()
        subscriptions, heard = Subscriptions(sources.__getitem__, Latest()), Heard()
        tags = {f"hangs:a{number}": 0.01 + number / 1000 for number in range(40)} | {"works:a": FAST}
        try:
            with subscriptions.listen(tags, heard):
                await heard.until(lambda: heard.of("works:a"))
                sources["works"].put("a", 2)
                await heard.until(lambda: heard.of("works:a") == [1, 2])
        finally:
            sources["hangs"].answers.set()
            subscriptions.close()

    asyncio.run(whole())


@pytest.mark.parametrize("tells", [False, True])
def test_one_who_comes_back_gets_what_it_missed(tells: bool) -> None:
    async def scenario(subscriptions: Subscriptions, source: Scripted) -> None:
        source.values = {"a": 1, "b": 1, "c": 1}
        tags, first = ["S:a", "S:b", "S:c"], Heard()
        with subscriptions.listen(tags, first, FAST):
            await first.until(lambda: len(first.values) == 3)
            seen = subscriptions.number
        source.put("a", 2)
        again = Heard()
        listener = subscriptions.open(again)
        subscriptions.add(listener, tags, FAST, after=seen)
        await again.until(lambda: again.values)
        source.put("b", 2)
        await again.until(lambda: again.of("S:b"))
        assert [(value.tag, value.value) for value in again.values] == [("S:a", 2), ("S:b", 2)]
        subscriptions.leave(listener)
        stranger = Heard()
        listener = subscriptions.open(stranger)
        subscriptions.add(listener, tags, FAST, after=1)  # a number of long ago: everything is sent
        await stranger.until(lambda: len(stranger.values) == 3)
        subscriptions.leave(listener)

    run(scenario, Scripted(tells=tells))


def test_the_newest_value_of_each_tag_and_no_queue() -> None:
    async def scenario() -> None:
        newest = Newest()
        for number in range(1000):
            newest.add([Value("S:a", number), Value("S:b", -number)])
        assert [value.value for value in await newest.take()] == [999, -999]
        newest.end()
        assert [batch async for batch in newest] == []

    asyncio.run(scenario())


def test_a_reading_that_was_overtaken_changes_nothing() -> None:
    latest, moment = Latest(), now()
    new = Value("S:a", 2, source_time=moment, server_time=moment)
    assert latest.put(new) == (new, True)
    assert latest.put(Value("S:a", 1, source_time=moment - 1000, server_time=moment - 1000)) == (new, False)
    assert latest.get("S:a") == new
    clock_was_set_back = Value("S:a", 3, source_time=moment - 3600 * 10**6, server_time=moment - 3600 * 10**6)
    assert latest.put(clock_was_set_back) == (clock_was_set_back, True)


def test_an_unchanged_value_is_as_new_as_its_last_reading() -> None:
    latest = Latest()
    latest.put(Value("S:a", 1, source_time=1000, server_time=1000))
    value, is_new = latest.put(Value("S:a", 1, source_time=5000, server_time=5000))
    assert (is_new, value.source_time, value.server_time) == (False, 1000, 5000)


def download(plant: Plant, members: str) -> None:
    made = Workspace()
    source = f'DATA_BLOCK "Line"\nVAR\n{members}END_VAR\nBEGIN\nEND_DATA_BLOCK\nORGANIZATION_BLOCK "Main"\nBEGIN\nEND_ORGANIZATION_BLOCK\n'
    generated = scl.generate(source)
    assert generated.diagnostics == []
    for document in generated.documents:
        made.put_document(load_xml(document))
    instance = plant.simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1")
    Simulated.behind(instance)._load(program_of(made), made, reinitialize=True)


def test_tags_come_and_go_with_a_download(plant: Plant) -> None:
    plant.start_cpu()
    download(plant, "  old : Int := 1;\n  both : Int := 2;\n")

    async def scenario() -> None:
        heard = Heard()
        tags = ["PLC_1:Line.old", "PLC_1:Line.both", "PLC_1:Line.new"]

        def statuses() -> dict[str, tuple[object, bool]]:
            return {
                value.tag.rpartition(".")[2]: (value.value, value.status == UNKNOWN_TAG.code) for value in heard.values
            }

        with plant.runtime.subscriptions.listen(tags, heard, FAST):
            before = {"old": (1, False), "both": (2, False), "new": (None, True)}
            await heard.until(lambda: statuses() == before)
            await asyncio.to_thread(download, plant, "  new : Real := 1.5;\n  both : Int := 3;\n")
            after = {"old": (None, True), "both": (3, False), "new": (1.5, False)}
            await heard.until(lambda: statuses() == after)

    asyncio.run(scenario())


def test_a_stopped_cpu_is_out_of_service_with_its_values(plant: Plant) -> None:
    plant.start_cpu()

    async def scenario() -> None:
        heard = Heard()
        with plant.runtime.subscriptions.listen(["PLC_1:Data.motor.speed"], heard, FAST):
            await heard.until(lambda: heard.values)

            def stop() -> None:
                with plant.simulation.handle("PLC_1").use() as api:
                    api.Stop(60_000)

            await asyncio.to_thread(stop)
            await heard.until(lambda: heard.values[-1].status == OUT_OF_SERVICE.code)
            assert heard.values[-1].value == 1.5
            await asyncio.to_thread(plant.simulation.unregister, "PLC_1")
            await heard.until(lambda: heard.values[-1].status == NO_COMMUNICATION.code)

    asyncio.run(scenario())


def test_tags_of_the_service_are_stored_together_and_kept_at_an_ordinary_end(plant: Plant, tmp_path: Path) -> None:
    memory = plant.memory(**{f"t{number}": "DInt" for number in range(300)})
    memory.define(MemoryTag("fleeting", "DInt", retain=False))
    for turn in range(1, 11):
        values = [(f"t{number}", turn * 1000 + number) for number in range(300)] + [("fleeting", turn)]
        assert memory.write(values, {}, atomic=False) == [None] * 301
    plant.close()
    with plant_in(tmp_path) as again:
        kept = again.sources.find("memory").read([*(f"t{number}" for number in range(300)), "fleeting"])
        assert [value.value for value in kept] == [*range(10_000, 10_300), None]


def test_values_are_stored_while_the_service_runs(plant: Plant, tmp_path: Path) -> None:
    memory = plant.memory(count="DInt")
    memory.write([("count", 5)], {}, atomic=False)

    def stored() -> object:
        other = MemorySource("memory", plant.definitions)
        return other.read(["count"])[0].value

    waiting = threading.Event()
    assert any(stored() == 5 or waiting.wait(0.1) for _ in range(600))  # time: it looks again


def test_a_tag_is_heard_of_under_the_name_that_the_listener_uses(plant: Plant) -> None:
    plant.memory(Count="DInt")

    async def scenario() -> None:
        heard = Heard()
        with plant.runtime.subscriptions.listen(["memory:COUNT"], heard):
            await heard.until(lambda: heard.values)
            await plant.runtime.write(OPERATOR, [Write("memory:count", 3)])
            await heard.until(lambda: heard.of("memory:COUNT")[-1] == 3)
            await asyncio.to_thread(plant.sources.find("memory").undefine, "count")  # type: ignore[attr-defined]  # memory has it
            await heard.until(lambda: heard.values[-1].status == UNKNOWN_TAG.code)
        assert (await plant.runtime.read(VIEWER, ["memory:count"]))[0].status == UNKNOWN_TAG.code

    asyncio.run(scenario())
