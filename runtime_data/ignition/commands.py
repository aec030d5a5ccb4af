"""The commands of `api/cmd`: only those that the administrator's file lists, each with tag writes or a pipeline.

{"reset": {"writes": [{"path": "[PLC_1]Motor/reset", "value": true}]},
"order": {"writes": [{"path": "[memory]Order/number", "argument": "number"}]},
"report": {"pipeline": "Shift report", "arguments": ["shift"]}}
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from engineering_api.operations.context import Context
from openness_bridge.errors import Kind, Problem
from runtime_data import features
from runtime_data.ignition import tag_paths, tags
from runtime_data.ignition.tags import PathWrite
from runtime_data.values import Scalar

LARGEST = 1 << 20
"""Bytes of the file of commands."""


class CommandWrite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tag that a command writes.

    Attributes:
        value: What is written.
        argument: The argument of the request that is written instead of `value`.
    """

    path: str
    value: Scalar | None = None
    argument: str = ""


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a command does: it writes tags, or begins a pipeline.

    Attributes:
        arguments: The arguments that the pipeline gets as variables; a request may give no others.
    """

    writes: list[CommandWrite] = []
    pipeline: str = ""
    arguments: list[str] = []

    def __post_init__(self) -> None:
        """Refuse a command without one clear effect.

        Raises:
            ValueError: It has none, or both.
        """
        if bool(self.writes) == bool(self.pipeline):
            msg = "a command has either writes or a pipeline"
            raise ValueError(msg)
        for each in self.writes:
            if (each.value is None) == (not each.argument):
                msg = f"the write of {each.path} has either a value or an argument"
                raise ValueError(msg)

    @property
    def takes(self) -> set[str]:
        """The arguments that a request may give."""
        return {*self.arguments, *(each.argument for each in self.writes if each.argument)}


def load(file: Path | None) -> dict[str, Command]:
    """Return the commands of a file; none without a file.

    Raises:
        Problem: The file cannot be read, is too large, or holds no commands.
    """
    if file is None:
        return {}
    try:
        with file.open("rb") as content:
            found = content.read(LARGEST + 1)
        if len(found) > LARGEST:
            raise ValueError(f"it is larger than {LARGEST} bytes")
        commands = msgspec.json.decode(found, type=dict[str, Command])
        for path in (each.path for command in commands.values() for each in command.writes):
            _ = tag_paths.to_tag(path)
    except (OSError, ValueError, Problem) as error:
        msg = f"TIA_IGNITION_COMMANDS names {file}, which holds no commands: {error}."
        raise Problem("settings.ignition", msg, kind=Kind.INVALID) from None
    return commands


async def run(ctx: Context, command: Command, arguments: dict[str, Any]) -> dict[str, Any]:
    """Do what a command does, with the caller's rights.

    Raises:
        Problem: An argument is missing, is not one of the command's or has no single value; or the pipeline cannot run.
    """
    surplus, missing = set(arguments) - command.takes, command.takes - set(arguments)
    if surplus or missing:
        names = ", ".join(sorted(surplus or missing))
        msg = f"The command does not take the arguments {names}." if surplus else f"The command needs {names} in args."
        raise Problem("ignition.arguments", msg, kind=Kind.INVALID)
    if command.pipeline:
        return {"status": "accepted"} | await features.run_pipeline(ctx, command.pipeline, arguments)
    writes = [PathWrite(each.path, _value(each, arguments)) for each in command.writes]
    return completed(writes, await tags.write(ctx, writes))


def completed(writes: list[PathWrite], qualities: list[Any]) -> dict[str, Any]:
    """Return the answer to writes, as the route api/write gives it."""
    results = [
        {"path": each.path, "success": quality.isGood(), "quality": str(quality)}
        for each, quality in zip(writes, qualities, strict=True)
    ]
    return {"status": "completed", "results": results}


def _value(write: CommandWrite, arguments: dict[str, Any]) -> Scalar:
    value = arguments[write.argument] if write.argument else write.value
    if not isinstance(value, bool | int | float | str):
        msg = f"The argument {write.argument} is a truth value, a number or a text."
        raise Problem("ignition.arguments", msg, kind=Kind.INVALID)
    return value
