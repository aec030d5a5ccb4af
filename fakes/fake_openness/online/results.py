"""The result of a download or an upload: a state, counts, and a tree of messages.

Facts: docs/facts/openness-online.md#download.
"""

from __future__ import annotations

from dataclasses import dataclass

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import DateTime, NetEnum


class DownloadResultState(NetEnum):
    """The state of a download, or of a part of it."""

    Success = 0
    Information = 1
    Warning = 2
    Error = 3


@dataclass(frozen=True, slots=True)
class DownloadResultMessage(NetObject):
    """A node of the tree; one above others carries the worst state of them."""

    Message: str
    State: DownloadResultState
    DateTime: DateTime
    ErrorCount: int
    WarningCount: int
    Messages: NetList[DownloadResultMessage]


@dataclass(frozen=True, slots=True)
class DownloadResult(NetObject):
    """The outcome of a download."""

    State: DownloadResultState
    ErrorCount: int
    WarningCount: int
    Messages: NetList[DownloadResultMessage]


class UploadResultState(NetEnum):
    """The state of an upload."""

    Success = 0
    Information = 1
    Warning = 2
    Error = 3


@dataclass(frozen=True, slots=True)
class UploadResultMessage(NetObject):
    """A node of the tree."""

    Message: str
    State: UploadResultState
    DateTime: DateTime
    ErrorCount: int
    WarningCount: int
    Messages: NetList[UploadResultMessage]


Said = tuple[str, DownloadResultState]


def download_result(plc: str, said: list[Said], now: DateTime) -> DownloadResult:
    """Return the result of one PLC with its messages."""
    below = [_leaf(text, state, now) for text, state in said]
    worst = max((each.State for each in below), key=int, default=DownloadResultState.Success)
    worst = DownloadResultState.Success if worst is DownloadResultState.Information else worst
    errors, warnings = sum(each.ErrorCount for each in below), sum(each.WarningCount for each in below)
    node = DownloadResultMessage(plc, worst, now, errors, warnings, NetList(below))
    return DownloadResult(worst, errors, warnings, NetList([node]))


def _leaf(text: str, state: DownloadResultState, now: DateTime) -> DownloadResultMessage:
    error, warning = (state is each for each in (DownloadResultState.Error, DownloadResultState.Warning))
    return DownloadResultMessage(text, state, now, int(error), int(warning), NetList())
