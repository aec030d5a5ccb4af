"""Answers HistoryRead from the history of the service: values, and aggregates of them. Nothing changes the past here."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from asyncua import ua

from engineering_api.operations.caller import Caller
from openness_bridge.errors import Problem
from runtime_data.history.history import MOST_BUCKETS, History
from runtime_data.history.model import Bucket, Mode, Order, Sample
from runtime_data.opcua.statuses import status_name
from runtime_data.opcua.types import to_ua
from runtime_data.servers.opcua.address_space import Nodes, Variable
from runtime_data.servers.opcua.home import Home
from runtime_data.values import Value, microseconds, moment, now

PAGE = 10_000
"""Values of one answer; a continuation point leads to the next ones."""
_UNSAID = dt.datetime(1601, 1, 2, tzinfo=dt.UTC)
"""Times before it are those of OPC UA that say: no time."""
_MILLISECONDS = 1000
_IDS = ua.ObjectIds
AGGREGATES: dict[int, tuple[Mode, bool]] = {
    _IDS.AggregateFunction_Average: ("SimpleAverage", False),
    _IDS.AggregateFunction_TimeAverage: ("Average", True),
    _IDS.AggregateFunction_TimeAverage2: ("Average", False),
    _IDS.AggregateFunction_Minimum2: ("Minimum", False),
    _IDS.AggregateFunction_Maximum2: ("Maximum", False),
    _IDS.AggregateFunction_Range2: ("Range", False),
    _IDS.AggregateFunction_Count: ("Count", False),
    _IDS.AggregateFunction_PercentGood: ("PctGood", False),
    _IDS.AggregateFunction_PercentBad: ("PctBad", False),
    _IDS.AggregateFunction_DurationInStateNonZero: ("DurationOn", False),
    _IDS.AggregateFunction_DurationInStateZero: ("DurationOff", False),
    _IDS.AggregateFunction_VariancePopulation: ("Variance", False),
    _IDS.AggregateFunction_StandardDeviationPopulation: ("StdDev", False),
}
"""The aggregates, each with that of the history and whether numbers change linearly between two values."""
_AS_SOURCE = {"Minimum", "Maximum"}
_DURATIONS = {"DurationOn", "DurationOff"}


class Historian:
    """The past of the nodes of a source. In the server's event loop only."""

    def __init__(self, home: Home, nodes: Nodes) -> None:
        """Answer about these nodes."""
        self._home, self._nodes = home, nodes

    async def read(self, caller: Caller, details: Any, wanted: Any, number: int = 0) -> Any:
        """Return the history of one node.

        Args:
            caller: Who asks.
            details: What is asked: raw values, or an aggregate.
            wanted: The node, and the continuation point of the answer before.
            number: Which of the nodes of the request it is: each has its aggregate.
        """
        variable = self._nodes.variables.get(wanted.NodeId)
        if variable is None:
            return _refused(ua.StatusCodes.BadNodeIdUnknown)
        if variable.entry.dimensions:
            return _refused(ua.StatusCodes.BadHistoryOperationUnsupported)
        try:
            self._history.require_readable(caller, variable.tags[0])
            if isinstance(details, ua.ReadRawModifiedDetails) and not details.IsReadModified:
                return await self._raw(variable, details, wanted.ContinuationPoint)
            if isinstance(details, ua.ReadProcessedDetails):
                return await self._processed(variable, details, number)
        except Problem as problem:
            missing = problem.code.endswith("not_found")
            return _refused(getattr(ua.StatusCodes, "BadNoData" if missing else status_name(problem)))
        return _refused(ua.StatusCodes.BadHistoryOperationUnsupported)

    @property
    def _history(self) -> History:
        return self._home.service.part(History)

    async def _raw(self, variable: Variable, details: Any, continued: bytes | None) -> Any:
        begin, end, order = _stretch(details)
        if begin is None or end is None:
            return _refused(ua.StatusCodes.BadHistoryOperationInvalid)
        if continued:
            try:
                at = int(continued.decode("ascii"))
            except ValueError:
                return _refused(ua.StatusCodes.BadContinuationPointInvalid)
            begin, end = (at, end) if order == "ascending" else (begin, at + 1)
        limit = min(details.NumValuesPerNode or PAGE, PAGE)
        found = await self._home.ask(
            self._history.query(
                variable.tags[0],
                begin,
                end,
                limit=limit + 1,
                order=order,
                bounds=details.ReturnBounds and not continued,
            )
        )
        answer = ua.HistoryReadResult()
        if len(found) > limit:
            answer.ContinuationPoint = str(found[limit].time).encode()
            found = found[:limit]
        answer.HistoryData = ua.HistoryData([_data_value(variable, each) for each in found])
        if not found:
            answer.StatusCode = ua.StatusCode(ua.StatusCodes.GoodNoData)
        return answer

    async def _processed(self, variable: Variable, details: Any, number: int) -> Any:
        if number >= len(details.AggregateType):
            return _refused(ua.StatusCodes.BadAggregateListMismatch)
        chosen = details.AggregateType[number]
        known = AGGREGATES.get(chosen.Identifier) if chosen.NamespaceIndex == 0 else None
        if known is None:
            return _refused(ua.StatusCodes.BadAggregateNotSupported)
        begin, end = microseconds(details.StartTime), microseconds(details.EndTime)
        interval = round(details.ProcessingInterval * _MILLISECONDS)
        if not 0 <= begin < end or interval < 0 or (interval and -(-(end - begin) // interval) > MOST_BUCKETS):
            return _refused(ua.StatusCodes.BadAggregateInvalidInputs)
        mode, interpolate = known
        found = await self._home.ask(
            self._history.aggregate(variable.tags[0], begin, end, mode, interval, interpolate=interpolate)
        )
        answer = ua.HistoryReadResult()
        answer.HistoryData = ua.HistoryData([_of_bucket(variable, mode, each) for each in found])
        return answer


def _stretch(details: Any) -> tuple[int | None, int | None, Order]:
    """Return the first moment, the first moment after, and the order of a question; None for a time that has to be said."""
    start, end = _time(details.StartTime), _time(details.EndTime)
    if start is not None and (end is None or start <= end):
        if end is None and not details.NumValuesPerNode:
            return None, None, "ascending"
        return start, max(end if end is not None else now() + 1, start + 1), "ascending"
    if end is None or (start is None and not details.NumValuesPerNode):
        return None, None, "descending"
    return (0 if start is None else end + 1), (end if start is None else start) + 1, "descending"


def _time(given: dt.datetime | None) -> int | None:
    if given is None:
        return None
    aware = given if given.tzinfo else given.replace(tzinfo=dt.UTC)
    return None if aware < _UNSAID else max(0, microseconds(aware))


def _data_value(variable: Variable, sample: Sample) -> Any:
    value = sample.value
    if value is not None and not (isinstance(value, float) and not math.isfinite(value)):
        calculated = isinstance(value, float) and variable.type not in (ua.VariantType.Float, ua.VariantType.Double)
        kind = ua.VariantType.Double if calculated else variable.type
        value = value if calculated else to_ua(Value("", value, variable.entry.data_type))
    else:
        kind = variable.type
    variant = ua.Variant(None, ua.VariantType.Null) if value is None else ua.Variant(value, kind)
    return ua.DataValue(variant, ua.StatusCode(sample.status), moment(sample.time), moment(sample.time))


def _of_bucket(variable: Variable, mode: Mode, bucket: Bucket) -> Any:
    value = bucket.value
    kind = variable.type if mode in _AS_SOURCE and isinstance(value, int) else ua.VariantType.Double
    if mode == "Count":
        kind = ua.VariantType.Int32
    if value is None:
        variant = ua.Variant(None, ua.VariantType.Null)
    elif kind is ua.VariantType.Double:
        variant = ua.Variant(float(value) * (_MILLISECONDS if mode in _DURATIONS else 1), kind)
    else:
        variant = ua.Variant(value, kind)
    return ua.DataValue(variant, ua.StatusCode(bucket.status), moment(bucket.begin), moment(bucket.begin))


def _refused(code: int) -> Any:
    return ua.HistoryReadResult(StatusCode=ua.StatusCode(code))
