"""Data logs: DataLogCreate, DataLogOpen, DataLogWrite, DataLogClear, DataLogClose, DataLogDelete, DataLogNewFile.

The operation is done in the first call of the job, with the data of that moment; DONE comes with the third. Facts:
docs/facts/communication.md#data-logs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from simatic_xml.program.types.types import Array, Elementary, Text
from virtual_plc.cpu.services import Services
from virtual_plc.instructions.card.columns import columns, csv_line, moment, text_of
from virtual_plc.instructions.jobs import Phase, advance, show, show_progress
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings.card_files import DATA_LOGS, FORBIDDEN, CardFiles, DataLog

LAST_RECORD: Final = 0x0001
WRONG_NAME, NO_NAME, MISSING, EXISTS = 0x8090, 0x8091, 0x8092, 0x8093
NOT_OPEN, NO_ROOM, TOO_MANY_OPEN = 0x80B0, 0x80B3, 0x80C1
NO_RECORDS, NO_FORMAT, NO_TIMESTAMP = 0x8253, 0x8353, 0x8453
WRONG_HEADER, WRONG_DATA, TOO_MANY_COLUMNS = 0x8B51, 0x8C51, 0x8C52
CSV: Final = 1
NO_TIME, UTC_TIME, LOCAL_TIME = 0, 1, 2
END: Final = "//END"
_MOST_OPEN: Final = 8
_MOST_COLUMNS: Final = 255

Operation = Callable[..., int]


def _name(reference: Reference | None) -> str | None:
    if reference is None or not isinstance(reference.type, Text):
        return None
    return str(reference.get())


def _header(reference: Reference | None) -> str | None:
    """Return the names of the columns; empty without HEADER, None for one of a wrong type."""
    if reference is None:
        return ""
    if isinstance(reference.type, Text):
        return str(reference.get())
    element = reference.type.element if isinstance(reference.type, Array) else None
    if not isinstance(element, Elementary) or element.bits != 8:
        return None
    characters = [each if isinstance(each, str) else chr(each) for each in reference.get()]
    return "".join(characters).rstrip("\0 ")


def _path(name: str) -> str:
    return f"{DATA_LOGS}/{name}.csv"


def _check_name(name: str | None) -> int:
    if name is None:
        return NO_NAME
    return WRONG_NAME if not name or FORBIDDEN & set(name) or name.strip(".") != name else 0


def _first_line(log: DataLog) -> str:
    if not log.header:
        return ""
    times = {NO_TIME: (), UTC_TIME: ("Date", "UTC Time"), LOCAL_TIME: ("Date", "Local Time")}[log.timestamp]
    return ",".join(("Record", *times, log.header)) + "\r\n"


def _content(log: DataLog) -> bytes:
    full = len(log.rows) == log.records
    return (_first_line(log) + "".join(log.rows) + ("" if full else END + "\r\n")).encode()


def _store(card: CardFiles, log: DataLog) -> bool:
    return card.write(log.path, _content(log))


def _set(reference: Reference | None, identifier: int) -> None:
    if reference is not None:
        reference.set(identifier)


def _identifier(reference: Reference | None) -> int:
    return int(reference.get()) if reference is not None else 0


def _create_log(services: Services, log: DataLog, reference: Reference | None) -> int:
    """Create the file of a data log and open it; return the STATUS."""
    card = services.surroundings.card
    if card.find(log.path) is not None:
        return EXISTS
    if len(card.open_logs) >= _MOST_OPEN:
        return TOO_MANY_OPEN
    if not _store(card, log):
        return NO_ROOM
    identifier = max(card.logs, default=0) + 1
    card.logs[identifier] = log
    card.open_logs.add(identifier)
    _set(reference, identifier)
    return 0


def _find_definition_error(records: int, form: int, timestamp: int, header: str | None, data: Reference | None) -> int:
    found = columns(data.get(), data.type) if data is not None else None
    checks = (
        (records < 1, NO_RECORDS),
        (form != CSV, NO_FORMAT),
        (timestamp not in (NO_TIME, UTC_TIME, LOCAL_TIME), NO_TIMESTAMP),
        (header is None, WRONG_HEADER),
        (found is None, WRONG_DATA),
        (found is not None and len(found) > _MOST_COLUMNS - 2 * (timestamp != NO_TIME), TOO_MANY_COLUMNS),
    )
    return next((status for wrong, status in checks if wrong), 0)


def _create(
    services: Services,
    RECORDS: int,
    FORMAT: int,
    TIMESTAMP: int,
    NAME: Reference | None,
    ID: Reference | None,
    HEADER: Reference | None,
    DATA: Reference | None,
) -> int:
    name, header = _name(NAME), _header(HEADER)
    error = _check_name(name) or _find_definition_error(RECORDS, FORMAT, TIMESTAMP, header, DATA)
    if error:
        return error
    return _create_log(services, DataLog(_path(name or ""), RECORDS, TIMESTAMP, header or "", source=DATA), ID)


def _open(services: Services, MODE: int, NAME: Reference | None, ID: Reference | None, DATA: Reference | None) -> int:
    """Open a data log by its name, else by its ID; MODE 1 deletes its records."""
    card, name = services.surroundings.card, _name(NAME)
    identifier = _identifier(ID)
    if name:
        identifier = next((each for each, log in card.logs.items() if log.path.casefold() == _path(name).casefold()), 0)
    log = card.logs.get(identifier)
    if log is None or card.find(log.path) is None:
        return MISSING
    if DATA is not None:
        log.source = DATA
    if log.source is None:
        return WRONG_NAME
    if identifier not in card.open_logs and len(card.open_logs) >= _MOST_OPEN:
        return TOO_MANY_OPEN
    card.open_logs.add(identifier)
    _set(ID, identifier)
    return _empty(card, log) if MODE == 1 else 0


def _empty(card: CardFiles, log: DataLog) -> int:
    log.rows, log.written = [], 0
    return 0 if _store(card, log) else NO_ROOM


def _opened(services: Services, ID: Reference | None) -> tuple[DataLog | None, int]:
    card = services.surroundings.card
    log = card.logs.get(_identifier(ID))
    if log is None or card.find(log.path) is None:
        return None, MISSING
    return log, 0 if _identifier(ID) in card.open_logs else NOT_OPEN


def _write(services: Services, ID: Reference | None) -> int:
    """Write the next record, over the oldest when the log is full."""
    log, error = _opened(services, ID)
    if log is None or error:
        return error
    source: Any = log.source
    cells = [text_of(value, kind) for value, kind in columns(source.get(), source.type) or ()]
    clock = services.local_clock if log.timestamp == LOCAL_TIME else services.wall_clock
    times = () if log.timestamp == NO_TIME else moment(clock)
    row = csv_line([str(log.written % log.records + 1), *times, *cells])
    if log.written < log.records:
        log.rows.append(row)
    else:
        log.rows[log.written % log.records] = row
    log.written += 1
    if not _store(services.surroundings.card, log):
        return NO_ROOM
    return LAST_RECORD if log.written % log.records == 0 else 0


def _clear(services: Services, ID: Reference | None) -> int:
    log, error = _opened(services, ID)
    return _empty(services.surroundings.card, log) if log is not None and not error else error


def _close(services: Services, ID: Reference | None) -> int:
    _, error = _opened(services, ID)
    services.surroundings.card.open_logs.discard(_identifier(ID))
    return LAST_RECORD if error == NOT_OPEN else error


def _delete(services: Services, NAME: Reference | None, DelFile: bool, ID: Reference | None) -> int:
    card, name = services.surroundings.card, _name(NAME)
    wanted = _path(name).casefold() if name else ""
    identifier = next((each for each, log in card.logs.items() if log.path.casefold() == wanted), _identifier(ID))
    log = card.logs.pop(identifier, None)
    if log is None:
        return MISSING
    card.open_logs.discard(identifier)
    if DelFile:
        card.delete(log.path)
    return 0


def _new_file(
    services: Services, RECORDS: int, NAME: Reference | None, ID: Reference | None, DATA: Reference | None
) -> int:
    """Create an empty data log that is like an existing one."""
    like, name = services.surroundings.card.logs.get(_identifier(ID)), _name(NAME)
    if like is None:
        return MISSING
    error = _check_name(name) or (NO_RECORDS if RECORDS < 1 else 0)
    if error:
        return error
    made = replace(like, path=_path(name or ""), records=RECORDS, rows=[], written=0, source=DATA or like.source)
    return _create_log(services, made, ID)


_OPERATIONS: Final[dict[str, tuple[str, Operation]]] = {
    "DataLogCreate": ("RECORDS FORMAT TIMESTAMP &NAME &ID &HEADER &DATA", _create),
    "DataLogOpen": ("MODE &NAME &ID &DATA", _open),
    "DataLogWrite": ("&ID", _write),
    "DataLogClear": ("&ID", _clear),
    "DataLogClose": ("&ID", _close),
    "DataLogDelete": ("&NAME DelFile &ID", _delete),
    "DataLogNewFile": ("RECORDS &NAME &ID &DATA", _new_file),
}
"""Parameters after REQ, and what each instruction does."""


def as_job(operation: Callable[..., int]) -> Callable[[Site], Callable[..., None]]:
    """Return what makes an operation a job that a rising edge of REQ begins."""

    def make(site: Site) -> Callable[..., None]:
        def call(instance: Any, REQ: bool, *arguments: Any) -> None:
            phase = advance(instance, REQ)
            if phase is Phase.FIRST:
                instance._state = replace(instance._state, result=operation(site, *arguments))
            if phase is not Phase.DUE:
                show_progress(instance, phase)
                return
            status = instance._state.result
            show(instance, status)
            instance.DONE = not instance.ERROR

        return call

    return make


def _on_services(operation: Operation) -> Callable[..., int]:
    return lambda site, *arguments: operation(site.services, *arguments)


for _instruction, (_takes, _operation) in _OPERATIONS.items():
    register_maker(_instruction, f"instance REQ {_takes}", "")(as_job(_on_services(_operation)))
