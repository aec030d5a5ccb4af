"""The history of a service: what it logs, and the answers to questions about the past."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from engineering_api import background
from engineering_api.operations.caller import Caller
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from openness_bridge.errors import Kind, Place, Problem, not_found
from runtime_data.history import answers
from runtime_data.history.aggregates import split_evenly
from runtime_data.history.buffer import LARGEST, PERIOD, Buffer
from runtime_data.history.day_files import DayFiles
from runtime_data.history.logger import Logger
from runtime_data.history.model import DAY, SECOND, Bucket, Mode, Order, Sample, Series, Store, gap, of_type
from runtime_data.history.retention import retire_days
from runtime_data.quality import LOCAL_OVERRIDE
from runtime_data.runtime import Runtime
from runtime_data.values import Scalar, now

log = logging.getLogger(__name__)
KIND = "series"
MOST_SERIES = 10_000
MOST_SAMPLES = 100_000
"""Samples of one answer."""
MOST_BUCKETS = 10_000
LONGEST = 3660 * DAY
"""The longest stretch that one question may be about."""
RETIRED_EACH = 3600.0
"""Seconds from one look for days that are over to the next."""


class HistoryStatus(msgspec.Struct, frozen=True, rename="camel"):
    """How logging is.

    Attributes:
        store: What keeps the values: files, or postgresql.
        series: How many series are logged.
        written: Values written since the service was started.
        waiting: Values that wait to be written.
        lost: Values that could not be kept since the service was started.
        error: Why the last batch could not be written; empty where it was.
        damaged: Files that were set aside because they are damaged.
    """

    store: str
    series: int
    written: int
    waiting: int
    lost: int
    error: str
    damaged: list[str]


class History:
    """Logs series and answers questions about them. Its methods run on the event loop and do not block it."""

    def __init__(
        self,
        runtime: Runtime,
        definitions: RuntimeDefinitions,
        store: Store,
        *,
        largest: int = LARGEST,
        period: float = PERIOD,
    ) -> None:
        """Log values of this runtime.

        Args:
            runtime: Where values come from.
            definitions: Where series are kept.
            store: Where samples are kept.
            largest: Samples that wait at most, while the store fails or is slow.
            period: Seconds from one batch to the next.
        """
        self._runtime, self._definitions, self._store = runtime, definitions, store
        self._buffer = Buffer(store, largest, period)
        self._logger = Logger(runtime.subscriptions, runtime.latest, self._buffer.add)
        self._series: dict[str, Series] | None = None
        self._changing = asyncio.Lock()
        self._retiring: asyncio.Task[None] | None = None
        self._alone = False

    async def start(self, *, alone: bool = True) -> None:
        """Begin to log.

        Args:
            alone: Whether no other process logs to the same store; otherwise this one only answers questions.
        """
        self._alone = alone
        if alone and any(each.enabled for each in (await self._known()).values()):
            await asyncio.to_thread(self._note_interruption)
            self._log()

    async def stop(self) -> None:
        """End logging, and write what waits."""
        if self._retiring is not None:
            self._retiring.cancel()
            await asyncio.gather(self._retiring, return_exceptions=True)
        self._logger.end()
        await asyncio.to_thread(self._buffer.stop)
        await asyncio.to_thread(self._store.close)

    async def flush(self) -> None:
        """Write what waits.

        Raises:
            Problem: It cannot be written; it still waits.
        """
        await asyncio.to_thread(self._buffer.flush)

    async def series(self) -> list[Series]:
        """Return what is logged, by tag."""
        return sorted((each for each in (await self._known()).values() if each.enabled), key=lambda each: each.tag)

    async def find(self, tag: str) -> Series:
        """Return the series of a tag, logged at present or formerly.

        Raises:
            Problem: There is none.
        """
        known = await self._known()
        name = tag.casefold()
        if name not in known:
            with suppress(Problem):  # its source is gone: it is not among those that are logged either
                name = (await self.full_name(tag)).casefold()
        if name not in known:
            raise not_found("series", tag, [each.tag for each in known.values()])
        return known[name]

    async def logged(self, tag: str) -> Series:
        """Return the series of a tag that is logged at present.

        Raises:
            Problem: It is not logged.
        """
        found = await self.find(tag)
        if not found.enabled:
            raise not_found("series", tag, [each.tag for each in await self.series()])
        return found

    async def full_name(self, tag: str) -> str:
        """Return the full name of a tag: source:path.

        Raises:
            Problem: There is no such source.
        """
        return (await self._runtime.full([tag]))[0]

    async def define(self, series: Series) -> Series:
        """Log a tag from now on, or log it otherwise; return the series with its number.

        Raises:
            Problem: There is no such source, or a setting is none.
        """
        tag = await self.full_name(series.tag)
        _require_usable(series)
        async with self._changing:
            known = await self._known()
            former = known.get(tag.casefold())
            if former is None and len(known) >= MOST_SERIES:
                msg = f"There are {MOST_SERIES:,} series already: remove one first."
                raise Problem("runtime.series_limit", msg, kind=Kind.TOO_MANY).beyond(MOST_SERIES, len(known) + 1)
            number = former.number if former else max((each.number for each in known.values()), default=0) + 1
            new = msgspec.structs.replace(series, tag=tag, number=number, enabled=True)
            await asyncio.to_thread(self._definitions.put, KIND, tag, new)
            known[tag.casefold()] = new
            self._log()
        return new

    async def remove(self, tag: str) -> Series:
        """End the logging of a tag. What was logged stays until its time is over.

        Raises:
            Problem: It is not logged.
        """
        async with self._changing:
            found = await self.logged(tag)
            ended = msgspec.structs.replace(found, enabled=False)
            await asyncio.to_thread(self._definitions.put, KIND, found.tag, ended)
            (await self._known())[found.tag.casefold()] = ended
            self._log()
        return ended

    async def query(
        self,
        tag: str,
        begin: int,
        end: int,
        *,
        limit: int = MOST_SAMPLES,
        order: Order = "ascending",
        bounds: bool = False,
    ) -> list[Sample]:
        """Return the samples of a stretch of time, half open; of days that are rolled up, the means of hours.

        Args:
            tag: Of which tag. Whether the caller may read it is for `require_readable` to say.
            begin: The first moment, in microseconds since 1970.
            end: The first moment that is not included.
            limit: How many at most.
            order: By time.
            bounds: Whether the last sample before the stretch and the first one after it are added.

        Raises:
            Problem: There is no such series, or the question is too large.
        """
        _require_stretch(begin, end)
        if not 1 <= limit <= MOST_SAMPLES:
            raise _limited("values", MOST_SAMPLES, limit)
        series = await self.find(tag)
        return await asyncio.to_thread(
            lambda: answers.samples(self._store, series.number, begin, end, limit, order, bounds=bounds)
        )

    async def aggregate(
        self, tag: str, begin: int, end: int, mode: Mode, interval: int = 0, *, interpolate: bool = False
    ) -> list[Bucket]:
        """Return aggregates of a stretch of time.

        Args:
            tag: Of which tag. Whether the caller may read it is for `require_readable` to say.
            begin: The first moment, in microseconds since 1970.
            end: The first moment that is not included.
            mode: What is calculated.
            interval: The length of a bucket in microseconds; 0 for one bucket.
            interpolate: Whether numbers of type float change linearly from one sample to the next, instead of by steps.

        Raises:
            Problem: There is no such series, or the question is too large.
        """
        _require_stretch(begin, end)
        if interval < 0 or (interval and -(-(end - begin) // interval) > MOST_BUCKETS):
            raise _limited("buckets", MOST_BUCKETS, -(-(end - begin) // interval) if interval > 0 else interval)
        series = await self.find(tag)
        edges = split_evenly(begin, end, interval or end - begin)
        return await asyncio.to_thread(
            lambda: answers.buckets(self._store, series.number, edges, mode, now=now(), interpolate=interpolate)
        )

    async def insert(self, tag: str, values: Sequence[tuple[int, Scalar]]) -> list[Sample]:
        """Keep values that somebody entered by hand, and mark them so. A value of the same moment is replaced.

        Args:
            tag: A tag that is or was logged.
            values: Moments in microseconds since 1970, and values.

        Raises:
            Problem: There is no such series, a value is not of the tag's type, a moment is in the future or older than what is
                kept, or it cannot be written.
        """
        series = await self.find(tag)
        present = now()
        oldest = (present // DAY - series.keep) * DAY
        if wrong := next((time for time, _ in values if not oldest <= time <= present), None):
            msg = f"Values are entered for the last {series.keep} days, not for the future: correct the time {wrong}."
            raise Problem("runtime.history_time", msg, kind=Kind.INVALID, place=Place(object=series.tag))
        kind = await self._type_of(series.tag)
        rows = [(series.number, Sample(time, of_type(kind, value), LOCAL_OVERRIDE.code)) for time, value in values]
        await asyncio.to_thread(self._store.write, rows)
        return [sample for _, sample in rows]

    async def _type_of(self, tag: str) -> str:
        """Return the data type of a tag; empty where its source does not know it, or is gone."""
        try:
            return (await self._runtime.find(tag)).data_type
        except Problem:
            return ""

    def require_readable(self, caller: Caller, tag: str) -> None:
        """Refuse a caller whom a rule keeps a tag from.

        Args:
            caller: Who asks.
            tag: A full name.

        Raises:
            Problem: There is such a rule.
        """
        if refusal := self._runtime.rules.refuse_read(caller, tag):
            raise Problem(refusal.code, refusal.message, kind=Kind.FORBIDDEN, place=refusal.place)

    async def status(self) -> HistoryStatus:
        """Return how logging is."""
        kind = "files" if isinstance(self._store, DayFiles) else "postgresql"
        buffer, damaged = self._buffer, list(self._store.damaged)
        count = len(await self.series())
        return HistoryStatus(kind, count, buffer.written, buffer.waiting, buffer.lost, buffer.error, damaged)

    async def retire(self) -> int:
        """Roll up and remove the days that are over for their series; return how many days of series that were."""
        series = list((await self._known()).values())
        return await asyncio.to_thread(retire_days, self._store, series, now())

    async def _known(self) -> dict[str, Series]:
        """Return all series by their tags without regard to case, also those that are not logged any more."""
        if self._series is None:
            found = await asyncio.to_thread(self._definitions.all, KIND, Series)
            self._series = {tag.casefold(): each for tag, each in found.items()}
        return self._series

    def _log(self) -> None:
        if not self._alone or self._series is None:
            return
        self._buffer.start()
        self._logger.log([each for each in self._series.values() if each.enabled])
        if self._retiring is None:
            self._retiring = background.begin(self._retire_repeatedly())

    def _note_interruption(self) -> None:
        """Note for each series that nothing is known from the last sample of all on, where the last process was killed."""
        last = {each.number: self._store.before(each.number, now()) for each in (self._series or {}).values()}
        open_ended = {number: sample for number, sample in last.items() if sample and sample.value is not None}
        if open_ended:
            ended = max(sample.time for sample in open_ended.values()) + SECOND
            self._buffer.add([(number, gap(min(ended, now()))) for number in open_ended])

    async def _retire_repeatedly(self) -> None:
        while True:
            try:
                await self.retire()
            except Exception:  # the next look may succeed: the disk may have room, or the server be there again
                log.exception("Days of the history that are over could not be removed")
            await asyncio.sleep(RETIRED_EACH)


def store_of(setting: str, folder: Path) -> Store:
    """Return the store that a setting names: files in a folder where it is empty, else a PostgreSQL server.

    Raises:
        Problem: It names another, or what it needs is not installed.
    """
    if not setting:
        return DayFiles(folder)
    if not setting.startswith(("postgresql://", "postgres://")):
        msg = "TIA_HISTORY names a PostgreSQL server, as in postgresql://user@host/database, or is empty for files."
        raise Problem("settings.invalid", msg, kind=Kind.INVALID)
    from runtime_data.history.postgres import PostgresStore

    return PostgresStore(setting)


def _require_usable(series: Series) -> None:
    if not 0.05 <= series.period <= 86_400 or not 0 <= series.deadband < float("inf") or not 1 <= series.keep <= 36_500:
        msg = "A period is 0.05 s to a day, a deadband not negative, and values are kept for 1 to 36,500 days."
        raise Problem("runtime.series", msg, kind=Kind.INVALID)


def _require_stretch(begin: int, end: int) -> None:
    if not 0 <= begin < end or end - begin > LONGEST:
        msg = "Name a time that ends after it begins, not before 1970, and is at most ten years long."
        raise Problem("runtime.history_range", msg, kind=Kind.INVALID)


def _limited(what: str, most: int, found: int) -> Problem:
    msg = f"One answer has 1 to {most:,} {what}: ask for a shorter time, or by pages."
    return Problem("runtime.history_limit", msg, kind=Kind.TOO_LARGE).beyond(most, found)
