"""The diagnostic buffer of a virtual CPU: each event with its number, time and place.

Event numbers are those of the buffers of S7-300/400 in the form of the S7-1500 (secondary where a fault names them,
unverified for changes of the operating state); the texts are our own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import overload

from simatic_xml.program.diagnostics import Place
from virtual_plc.faults import Fault

_LENGTH = 3200
"""Entries that the large CPUs of the S7-1500 keep."""


class Event(Enum):
    """Events that are no faults: number and text."""

    POWER_ON = (0x02_4300, "Power on.")
    STARTUP = (0x02_4301, "STOP to STARTUP: the startup OBs run.")
    RUN = (0x02_4302, "STARTUP to RUN: the program runs in cycles.")
    STOP_BY_REQUEST = (0x02_4304, "STOP was requested from outside.")
    STOP_BY_PROGRAM = (0x02_4307, "The program requested STOP (STP).")
    STOP_BY_FAULT = (0x02_4562, "STOP because of a fault that no OB handles.")
    STOP_BY_TIME = (0x02_4569, "STOP because the maximum cycle time was exceeded or calls were nested too deep.")
    STOP_BY_ERROR = (0x02_4550, "STOP because the simulated CPU failed; this is an error of the simulation.")
    MEMORY_RESET = (0x02_4306, "Memory reset: all data have their start values.")
    LOADED = (0x02_4308, "A program was loaded.")
    POWER_OFF = (0x02_4309, "Power off.")
    CLOCK_SET = (0x02_4318, "The clock was set.")
    MESSAGE_COMES = (0x02_431A, "A message of the program comes.")
    MESSAGE_GOES = (0x02_431B, "A message of the program goes.")
    CONNECTION = (0x02_4319, "A connection cannot be established.")

    @property
    def number(self) -> int:
        """Event number."""
        return int(self.value[0])

    @property
    def text(self) -> str:
        """What happened."""
        return str(self.value[1])


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the diagnostic buffer.

    Attributes:
        serial: counts all entries that were ever made, from 1.
        moment: nanoseconds since 1970 by the CPU's clock (UTC).
        event: event number, written as `16#02:4300`.
        text: what happened.
        place: where in the program, as far as it is known.
        code: stable name of a fault (`index.read`), empty for other events.
    """

    serial: int
    moment: int
    event: int
    text: str
    place: Place | None = None
    code: str = ""

    @property
    def event_text(self) -> str:
        """The event number as TIA Portal shows it."""
        return f"16#{self.event >> 16:02X}:{self.event & 0xFFFF:04X}"


class DiagnosticBuffer(Sequence[Entry]):
    """Entries, the newest first; the oldest are dropped when it is full."""

    def __init__(self, notify: Callable[[Entry], None] = lambda _: None) -> None:
        """Create an empty buffer; `notify` gets each entry."""
        self._notify = notify
        self._entries: deque[Entry] = deque(maxlen=_LENGTH)
        self.serial = 0

    def __len__(self) -> int:
        """Return how many entries there are."""
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        """Return entries by their age."""
        return list(self._entries)[index] if isinstance(index, slice) else self._entries[index]

    def __iter__(self) -> Iterator[Entry]:
        """Yield the entries of this moment, the newest first; new ones may come meanwhile."""
        return iter(list(self._entries))

    def note(self, moment: int, event: Event, detail: str = "") -> Entry:
        """Add an event.

        Args:
            moment: nanoseconds since 1970.
            event: what happened.
            detail: one more sentence.
        """
        return self._add(moment, event.number, f"{event.text} {detail}".strip())

    def fault(self, moment: int, fault: Fault, reaction: str) -> Entry:
        """Add a fault of the program.

        Args:
            moment: nanoseconds since 1970.
            fault: what went wrong.
            reaction: what the CPU did, as a sentence.
        """
        return self._add(moment, fault.event, f"{fault.message} {reaction}", fault.place, fault.code)

    def own(self, moment: int, event: int, text: str) -> Entry:
        """Add an event with its own number and text, such as one of a module."""
        return self._add(moment, event, text)

    def clear(self) -> None:
        """Drop all entries."""
        self._entries.clear()

    def _add(self, moment: int, event: int, text: str, place: Place | None = None, code: str = "") -> Entry:
        self.serial += 1
        entry = Entry(self.serial, moment, event, text, place, code)
        self._entries.appendleft(entry)
        self._notify(entry)
        return entry
