"""The alarms of the service: it watches tags, shows alarms and the journal, and takes what operators do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Any

import msgspec
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from engineering_api import background
from engineering_api.operations.caller import Caller
from engineering_api.storage.database import Database
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from openness_bridge.errors import Detail, Kind, Place, Problem, not_found
from openness_bridge.plcsim.runtime import Simulation
from runtime_data import values as runtime_values
from runtime_data.alarms.alarm import Alarm, AlarmEvent, EventKind
from runtime_data.alarms.changes import Changes, key_of
from runtime_data.alarms.cpu_alarms import CpuAlarms
from runtime_data.alarms.cpu_lists import CpuAlarmLists
from runtime_data.alarms.definition import AlarmDefinition, check
from runtime_data.alarms.filters import ALL, VISIBLE, AlarmFilter
from runtime_data.alarms.journal import KEPT, Journal, JournalQuery
from runtime_data.alarms.reports import AlarmReport, AlarmSnapshot
from runtime_data.alarms.state import Step
from runtime_data.alarms.statistics import Summary, standing, summarise
from runtime_data.alarms.table import AlarmTable, Listener
from runtime_data.runtime import Runtime
from runtime_data.values import Value, split

log = logging.getLogger(__name__)
MOST_DEFINITIONS = 20_000
LONGEST_SHELVED = 30 * 86_400.0
LOOK_AGAIN = 5.0
"""Seconds between two checks whether the sources of the tags are there, and before a failed write is tried again."""
PAGE, MOST_SCANNED = 1000, 20_000
"""Lines of the journal that are read at once, and for one request."""
MOST_RAISES = 200_000
"""Raised alarms that statistics count."""
DAY = 86_400 * 10**6
DAYS_KEPT = 365
"""Days after which lines of the journal are removed."""


class Outcome(msgspec.Struct, frozen=True):
    """What came of an operator's request for one alarm.

    Attributes:
        id: The id or name that was given.
        alarm: The alarm afterwards; None where there is none.
        error: Why it was not done; None where it was.
    """

    id: str
    alarm: Alarm | None = None
    error: Detail | None = None


class JournalPage(msgspec.Struct, frozen=True):
    """A part of the journal.

    Attributes:
        events: The lines.
        after: What `after` is for the next page; 0 where there is none.
    """

    events: list[AlarmEvent]
    after: int


class Statistics(msgspec.Struct, frozen=True):
    """How the alarms behave.

    Attributes:
        summary: What the journal says.
        standing: Alarms that have been active for a day or longer.
        complete: Whether all lines of the time were counted; otherwise the newest were.
    """

    summary: Summary
    standing: list[Alarm]
    complete: bool


class Alarms:
    """All alarms. On the event loop only."""

    def __init__(
        self,
        runtime: Runtime,
        definitions: RuntimeDefinitions,
        database: Database,
        clock: Callable[[], int] = runtime_values.now,
        simulation: Simulation | None = None,
    ) -> None:
        """Watch tags of this runtime; `start` begins.

        Args:
            runtime: Where values come from.
            definitions: Where the definitions are kept.
            database: Where alarms and journal are kept.
            clock: Gives the present moment in microseconds since 1970.
            simulation: The simulated CPUs whose programs raise alarms, too; none by default.
        """
        self._runtime, self._journal, self._clock = runtime, Journal(database), clock
        self._table = AlarmTable(definitions, self._journal, clock)
        self._watched: frozenset[str] = frozenset()
        self._listening = ExitStack()
        self._cpus = None if simulation is None else CpuAlarms(simulation, self._table, runtime.sources.names)
        self._tasks: list[asyncio.Task[None]] = []
        self._lists = CpuAlarmLists(runtime.sources, self._table)

    # -- life -------------------------------------------------------------------------

    async def load(self) -> None:
        """Read the definitions and the alarms there were before."""
        await asyncio.to_thread(lambda: self._runtime.rules.rules)  # from now on they are known without the database
        await self._table.load()

    async def start(self, scheduler: AsyncIOScheduler | None = None, *, watch: bool = True) -> None:
        """Continue with the alarms there were.

        Args:
            scheduler: Removes old lines of the journal each night.
            watch: Whether this process watches the tags; not where another one does it for the same database.
        """
        await self.load()
        if not watch:
            return
        self._tasks = [background.begin(self._run()), background.begin(self._ask())]
        if self._cpus is not None:
            self._tasks.append(background.begin(self._cpus.run()))
        if scheduler is not None:
            kept = {"args": [DAYS_KEPT], "misfire_grace_time": 3600, "coalesce": True}
            scheduler.add_job(self.remove_old, "cron", hour=3, minute=40, **kept)

    async def stop(self) -> None:
        """End watching; the database keeps everything."""
        self._listening.close()
        tasks, self._tasks = set(self._tasks), []
        while tasks:
            for task in tasks:
                task.cancel()
            _, tasks = await asyncio.wait(tasks, timeout=1.0)

    async def remove_old(self, days: int, most: int = KEPT) -> int:
        """Remove lines of the journal that are older than so many days, and the oldest beyond a number; return how many."""
        return await self._journal.remove_old(self._clock() - days * DAY, most)

    # -- definitions ------------------------------------------------------------------

    def definitions(self, caller: Caller | None = None) -> list[AlarmDefinition]:
        """Return the definitions by name: those whose tag the caller may read."""
        found = sorted(self._table.definitions.values(), key=lambda each: key_of(each.name))
        return [each for each in found if self._may_read(caller, each.tag)]

    def definition(self, name: str, caller: Caller | None = None) -> AlarmDefinition:
        """Return a definition.

        Raises:
            Problem: There is none of this name, or the caller may not read its tag.
        """
        found = self._table.definitions.get(key_of(name))
        if found is None or not self._may_read(caller, found.tag):
            raise not_found("alarm definition", name, [each.name for each in self.definitions(caller)])
        return found

    def is_defined(self, name: str) -> bool:
        """Return whether there is a definition of this name, whoever may read its tag."""
        return key_of(name) in self._table.definitions

    async def define(self, *definitions: AlarmDefinition, caller: Caller | None = None) -> list[AlarmDefinition]:
        """Add definitions, or replace those of the same names: all or none. An active alarm clears when what raises it changes.

        Args:
            definitions: The definitions.
            caller: Who defines them: they may read the tags; anybody without one.

        Raises:
            Problem: A definition contradicts itself, a tag's source does not exist, or the caller may not read a tag.
        """
        for each in definitions:
            check(each)
        full = await self._with_full_names(definitions)
        for each in full:
            self._require_readable(each, caller)
        new = {key_of(each.name) for each in full} - set(self._table.definitions)
        if len(self._table.definitions) + len(new) > MOST_DEFINITIONS:
            msg = f"There can be {MOST_DEFINITIONS} alarms: remove some first."
            raise Problem("runtime.alarm_limit", msg, kind=Kind.CONFLICT)
        await self._table.define(full)
        self._compare(full)
        tags = {tag for each in full for tag in each.watched} & self._watched
        self.take([value for tag in tags if (value := self._runtime.latest.get(tag)) is not None])
        return full

    async def remove(self, name: str, user: str = "") -> AlarmDefinition:
        """Remove a definition, and its alarm.

        Raises:
            Problem: There is none of this name.
        """
        definition = self.definition(name)
        await self._table.remove(definition, user)
        self._compare([definition])
        return definition

    def _compare(self, definitions: Sequence[AlarmDefinition]) -> None:
        """Compare the alarms of CPUs again where definitions of theirs have changed."""
        if self._cpus is not None and any(each.is_reported for each in definitions):
            self._cpus.compare()

    # -- what operators see -----------------------------------------------------------

    def active(self, wanted: AlarmFilter = VISIBLE, caller: Caller | None = None) -> list[Alarm]:
        """Return the alarms that are not Normal, and hidden ones where they are asked for: the most urgent first.

        Args:
            wanted: Which of them.
            caller: Only those whose tag this caller may read; all without one.
        """
        found = [
            each for each in self._table.alarms.values() if wanted.takes(each) and self._may_read(caller, each.tag)
        ]
        return sorted(found, key=lambda each: (-each.priority, -each.raised_at, each.name))

    async def journal(
        self,
        begin: int,
        end: int,
        wanted: AlarmFilter = ALL,
        *,
        limit: int = PAGE,
        after: int = 0,
        oldest_first: bool = False,
        caller: Caller | None = None,
    ) -> list[AlarmEvent]:
        """Return lines of the journal, the newest first.

        Args:
            begin: The first moment, in microseconds since 1970.
            end: The moment before which they are.
            wanted: Which of them.
            limit: How many at most.
            after: The number of the last line of the page before; 0 for the first page.
            oldest_first: Whether the oldest come first.
            caller: Only those whose tag this caller may read; all without one.
        """
        page = await self.page(begin, end, wanted, limit=limit, after=after, oldest_first=oldest_first, caller=caller)
        return page.events

    async def page(
        self,
        begin: int,
        end: int,
        wanted: AlarmFilter = ALL,
        *,
        limit: int = PAGE,
        after: int = 0,
        oldest_first: bool = False,
        caller: Caller | None = None,
    ) -> JournalPage:
        """Return a page of the journal, and where the next one begins; arguments as of `journal`."""
        found: list[AlarmEvent] = []
        for _ in range(MOST_SCANNED // PAGE):
            query = JournalQuery(begin=begin, end=end, after=after, oldest_first=oldest_first)
            lines = await self._journal.read(query, PAGE)
            found += [each for each in lines if self.shows(each, wanted, caller)]
            if len(found) > limit:
                return JournalPage(found[:limit], found[limit - 1].number)
            if len(lines) < PAGE:
                return JournalPage(found, 0)
            after = lines[-1].number
        return JournalPage(found, after)

    @property
    def last(self) -> int:
        """The number of the newest line of the journal."""
        return self._table.last

    async def since(self, number: int, most: int) -> list[AlarmEvent] | None:
        """Return the lines of the journal after the one with a number; None where there are more than so many."""
        lines = await self._journal.since(number, most + 1)
        return None if len(lines) > most else lines

    def shows(self, event: AlarmEvent, wanted: AlarmFilter, caller: Caller | None = None) -> bool:
        """Return whether a line of the journal is one of those wanted, and the caller may read its tag."""
        return wanted.takes_event(event) and self._may_read(caller, event.alarm.tag)

    async def statistics(self, begin: int, end: int, caller: Caller | None = None) -> Statistics:
        """Return which alarms were raised most in a time, which of them chatter, and which have been active for long."""
        found = await self._journal.raises(begin, end, MOST_RAISES)
        allowed = {tag: self._may_read(caller, tag) for tag in {tag for _, tag, _ in found}}
        summary = await asyncio.to_thread(summarise, [(name, time) for name, tag, time in found if allowed[tag]])
        old = standing(self.active(ALL, caller), self._clock())
        return Statistics(summary, old, complete=len(found) < MOST_RAISES)

    def listen(self, notify: Listener) -> AbstractContextManager[None]:
        """Give each line of the journal to a function when it is written, while the block runs."""
        return self._table.listen(notify)

    # -- what operators do ------------------------------------------------------------

    async def acknowledge(
        self, ids: Sequence[str], user: str, comment: str = "", caller: Caller | None = None
    ) -> list[Outcome]:
        """Acknowledge alarms by their ids, or by the names of their definitions; the answer has the outcome of each."""
        refused = await self._lists.acknowledge(ids, lambda tag: self._may_read(caller, tag))
        done = await self._step([each for each in ids if each not in refused], Step.ACKNOWLEDGE, user, comment, caller)
        outcomes = {each.id: each for each in done} | {
            given: Outcome(given, None, why) for given, why in refused.items()
        }
        return [outcomes[each] for each in dict.fromkeys(ids)]

    async def reset(
        self, ids: Sequence[str], user: str, comment: str = "", caller: Caller | None = None
    ) -> list[Outcome]:
        """Reset latched alarms; arguments as of `acknowledge`."""
        return await self._step(ids, Step.RESET, user, comment, caller)

    async def shelve(
        self, ids: Sequence[str], seconds: float, user: str, comment: str = "", caller: Caller | None = None
    ) -> list[Outcome]:
        """Put alarms aside for a time; it ends by itself. An alarm that is Normal may be shelved, by its name.

        Raises:
            Problem: The time is not more than 0, or longer than 30 days.
        """
        if not 0 < seconds <= LONGEST_SHELVED:
            msg = f"Shelve an alarm for more than 0 and at most {LONGEST_SHELVED:g} seconds."
            raise Problem("runtime.alarm_shelve", msg, kind=Kind.INVALID)
        changed = {"shelved_until": self._clock() + int(seconds * 1e6), "shelved_by": user}
        return await self._mark(ids, EventKind.SHELVED, user, comment, caller, **changed)

    async def unshelve(
        self, ids: Sequence[str], user: str, comment: str = "", caller: Caller | None = None
    ) -> list[Outcome]:
        """End shelving before its time."""
        return await self._mark(ids, EventKind.UNSHELVED, user, comment, caller, shelved_until=0, shelved_by="")

    async def suppress(
        self, ids: Sequence[str], user: str, comment: str = "", caller: Caller | None = None
    ) -> list[Outcome]:
        """Keep alarms from operators until `unsuppress`."""
        return await self._mark(ids, EventKind.SUPPRESSED, user, comment, caller, suppressed_by_hand=True)

    async def unsuppress(
        self, ids: Sequence[str], user: str, comment: str = "", caller: Caller | None = None
    ) -> list[Outcome]:
        """End what `suppress` began; suppression by design stays."""
        return await self._mark(ids, EventKind.UNSUPPRESSED, user, comment, caller, suppressed_by_hand=False)

    async def remove_from_service(
        self, ids: Sequence[str], user: str, comment: str = "", caller: Caller | None = None
    ) -> list[Outcome]:
        """Take alarms out of service, for maintenance."""
        return await self._mark(ids, EventKind.OUT_OF_SERVICE, user, comment, caller, out_of_service=True)

    async def place_in_service(
        self, ids: Sequence[str], user: str, comment: str = "", caller: Caller | None = None
    ) -> list[Outcome]:
        """Put alarms back into service."""
        return await self._mark(ids, EventKind.IN_SERVICE, user, comment, caller, out_of_service=False)

    # -- values -----------------------------------------------------------------------

    def take(self, values: Sequence[Value]) -> None:
        """Take changed values; they count with the next `advance`."""
        self._table.take(values)

    def report(self, reports: Sequence[AlarmReport | AlarmSnapshot]) -> None:
        """Take what CPUs report of their alarms; it counts with the next `advance`."""
        self._table.report(reports)

    async def advance(self) -> None:
        """Do what the values and reports that were taken and the time that has passed make of the alarms."""
        await self._table.advance()

    async def _run(self) -> None:
        while True:
            try:
                await self._watch()
                await self.advance()
            except Exception:  # a full disk, as a rule; alarms must continue when there is space again
                log.exception("Alarms cannot be computed or written; it is tried again")
                await asyncio.sleep(LOOK_AGAIN)
            moment = self._table.next_moment()
            pause = min(LOOK_AGAIN, max(0.0, (moment - self._clock()) / 1e6)) if moment else LOOK_AGAIN
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._table.news.wait()
            self._table.news.clear()

    async def ask_controllers(self) -> None:
        """Ask controllers that keep a list of alarms for it."""
        await self._lists.ask()

    async def _ask(self) -> None:
        while True:
            try:
                await self._lists.run()
            except Exception:  # as in _run
                log.exception("Alarms of controllers cannot be written; it is tried again")
                await asyncio.sleep(LOOK_AGAIN)

    async def _watch(self) -> None:
        """Listen to the tags whose sources are there."""
        names = await asyncio.to_thread(self._runtime.sources.names)
        present = {each.casefold() for each in names}
        tags = frozenset(tag for tag in self._table.by_tag if split(tag)[0].casefold() in present)
        if tags != self._watched:
            self._listening.close()
            self._watched = tags
            if tags:
                self._listening.enter_context(self._runtime.subscriptions.listen(tags, self.take))

    # -- helpers ----------------------------------------------------------------------

    async def _with_full_names(self, definitions: Sequence[AlarmDefinition]) -> list[AlarmDefinition]:
        """Return definitions with the full names of their tags, and with their names as they are spelled already."""
        tags = list(dict.fromkeys(tag for each in definitions for tag in each.tags))
        full = dict(zip(tags, await self._runtime.full(tags), strict=True)) | {"": ""}
        return [
            msgspec.structs.replace(
                each,
                name=self._table.definitions.get(key_of(each.name), each).name,
                tag=full[each.tag],
                condition_tag=full[each.condition_tag],
            )
            for each in definitions
        ]

    async def _step(
        self, ids: Sequence[str], step: Step, user: str, comment: str, caller: Caller | None
    ) -> list[Outcome]:
        def change(changes: Changes, definition: AlarmDefinition, time: int) -> str:
            if changes.step(definition, step, time, user=user, comment=comment):
                return ""
            return f"The alarm is {changes.alarm(definition).state.value}, so there is nothing to {step.value}."

        return await self._change(ids, caller, change)

    async def _mark(
        self, ids: Sequence[str], kind: EventKind, user: str, comment: str, caller: Caller | None, **changed: Any
    ) -> list[Outcome]:
        def change(changes: Changes, definition: AlarmDefinition, time: int) -> str:
            alarm = changes.alarm(definition)
            if all(getattr(alarm, name) == value for name, value in changed.items()):
                return "The alarm is so already: nothing was changed."
            changes.mark(definition, kind, time, changed, user=user, comment=comment)
            return ""

        return await self._change(ids, caller, change)

    async def _change(
        self, ids: Sequence[str], caller: Caller | None, change: Callable[[Changes, AlarmDefinition, int], str]
    ) -> list[Outcome]:
        """Change alarms; the function returns why one is not changed."""

        def one(given: str, definition: AlarmDefinition | None, changes: Changes, time: int) -> Outcome:
            if definition is None or not self._may_read(caller, definition.tag):
                msg = (
                    f"There is no alarm '{given}': give the id of an alarm that is not Normal, or a definition's name."
                )
                return Outcome(given, None, Detail("runtime.alarm_not_found", msg, Place(object=given)))
            why = change(changes, definition, time)
            error = Detail("runtime.alarm_state", why, Place(object=definition.name)) if why else None
            return Outcome(given, changes.alarm(definition), error)

        def work(changes: Changes, time: int) -> list[Outcome]:
            by_id, find = {each.id: key for key, each in self._table.alarms.items()}, self._table.find
            return [one(each, find(by_id.get(each, key_of(each))), changes, time) for each in dict.fromkeys(ids)]

        return await self._table.change(work)

    def _require_readable(self, definition: AlarmDefinition, caller: Caller | None) -> None:
        """Refuse a definition of a tag that the caller may not read, or that replaces one of such a tag."""
        old = self._table.definitions.get(key_of(definition.name), definition)
        for tag in (*definition.tags, *old.tags):
            if not self._may_read(caller, tag):
                msg = f"A rule keeps a tag of the alarm '{definition.name}' from you: ask an administrator."
                raise Problem("runtime.read_denied", msg, kind=Kind.FORBIDDEN)

    def _may_read(self, caller: Caller | None, tag: str) -> bool:
        return caller is None or self._runtime.rules.refuse_read(caller, tag) is None
