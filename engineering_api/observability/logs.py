"""Log lines: JSON or text, to standard error and to a rotating file, one line for one thing that happened.

All log lines go through `logging`; structlog adds what is bound to the request: its id, the operation, the
caller, the job. What clients send cannot forge a line: control characters are written as escapes, and the lines of a
traceback are marked.
"""

from __future__ import annotations

import codecs
import json
import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars, merge_contextvars, reset_contextvars
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name

from engineering_api.settings import Settings

LARGEST, KEPT = 10 << 20, 5
"""Bytes after which a file is put aside, and how many of those are kept."""
QUIET = ("apscheduler", "httpx", "httpcore")
"""Libraries of which only warnings are logged."""
_ = codecs.lookup("unicode_escape")  # once too many files are open, it could not be loaded any more
HEAD = ("timestamp", "level", "logger", "event")
Event = MutableMapping[str, Any]


def configure(settings: Settings) -> None:
    """Log as the settings say."""
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if settings.log_file is not None:
        settings.log_file.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(RotatingFileHandler(settings.log_file, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8"))
    for handler in handlers:
        handler.setFormatter(formatter(settings.log_format))
    logging.basicConfig(level=logging.WARNING if settings.quiet else logging.INFO, handlers=handlers, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def formatter(form: str) -> logging.Formatter:
    """Return the formatter that makes lines of records.

    Args:
        form: json or console.
    """
    return ProcessorFormatter(
        foreign_pre_chain=[
            merge_contextvars,
            add_logger_name,
            add_log_level,
            ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
        ],
        processors=[ProcessorFormatter.remove_processors_meta, _json if form == "json" else _text],
    )


@contextmanager
def bound(**known: str) -> Iterator[None]:
    """Add these values to every line that is logged within the block, without the empty ones."""
    tokens = bind_contextvars(**{name: text for name, text in known.items() if text})
    try:
        yield
    finally:
        reset_contextvars(**tokens)


def _json(_: Any, __: str, event: Event) -> str:
    ordered = {name: event[name] for name in HEAD if name in event}
    return json.dumps(ordered | dict(event), default=str)


def _text(_: Any, __: str, event: Event) -> str:
    more = {name: value for name, value in event.items() if name not in {*HEAD, "exception"}}
    known = "".join(f" {name}={plain(str(value))}" for name, value in more.items())
    line = (
        f"{event['timestamp']} {event['level'].upper()} {event.get('logger', '')}: {plain(str(event['event']))}{known}"
    )
    trace = str(event.get("exception", "")).splitlines()
    return "\n".join([line, *(f"  | {plain(each)}" for each in trace)])


def plain(text: str) -> str:
    """Return a text whose control characters are escapes, so that it is one line and does nothing to a terminal."""
    return text if text.isprintable() else "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
