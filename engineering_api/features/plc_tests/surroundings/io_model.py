"""The shape of what a test does with inputs, outputs and modules: forces, faults, added modules, plant models, traces."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from openness_bridge.plcsim.simulated_io import ChannelFault

ADDRESSES = r"^\d{1,5}(\.\.\d{1,5})?$"


class IoPart(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a test file."""


class Fault(IoPart, kw_only=True):
    """A module, station or channel that fails or returns."""

    module: Annotated[
        str | int, msgspec.Meta(description="Name or hardware identifier; that of an IO device is the station.")
    ]
    channel: (
        Annotated[int, msgspec.Meta(description="A channel, from 0, instead of the whole module.", ge=0)] | None
    ) = None
    error: Annotated[ChannelFault | None, msgspec.Meta(description="What the channel reports; default: wireBreak.")] = (
        None
    )


class ModelOfTest(IoPart, kw_only=True):
    """A plant model that runs between the scans of a test."""

    type: Annotated[
        str,
        msgspec.Meta(
            description="Drive, Tank or Valve; or file.py:Class, a class of a Python file in the folder of the test file.",
        ),
    ]
    bind: Annotated[dict[str, str], msgspec.Meta(description="Tags by the names of its inputs and outputs.")]
    values: Annotated[dict[str, Any], msgspec.Meta(description="Its parameters by name.")] = msgspec.field(
        default_factory=dict
    )


class Replay(IoPart, kw_only=True):
    """A recorded trace that is replayed: its inputs are written cycle by cycle, its outputs are compared."""

    file: Annotated[
        str, msgspec.Meta(description="CSV file of a trace, from the folder of the test file.", min_length=1)
    ]
    inputs: Annotated[
        list[str], msgspec.Meta(description="Tags that are written; default: the inputs of the trace.")
    ] = msgspec.field(default_factory=list)
    compare: Annotated[
        list[str], msgspec.Meta(description="Tags that are compared; default: the outputs of the trace.")
    ] = msgspec.field(default_factory=list)
    tolerance: Annotated[float, msgspec.Meta(description="How far a number may be from the trace.", ge=0)] = 0.0


class IoStep(IoPart, kw_only=True):
    """What a step does with inputs, outputs and modules, before it writes."""

    models: Annotated[
        dict[str, dict[str, Any]],
        msgspec.Meta(
            description="Attributes of plant models by the name of the model, such as {valve: {jammed: true}}."
        ),
    ] = msgspec.field(default_factory=dict)

    force: Annotated[
        dict[str, Any],
        msgspec.Meta(
            description="Inputs and outputs by tag or address, with the values that they have until `unforce`."
        ),
    ] = msgspec.field(default_factory=dict)
    unforce: Annotated[
        list[str], msgspec.Meta(description="Inputs and outputs that are not forced any more; '*' for all.")
    ] = msgspec.field(default_factory=list)
    replay: Annotated[
        Replay | None,
        msgspec.Meta(description="A recorded trace, after the writes; its cycles pass before `run` and `wait`."),
    ] = None
    fail: Annotated[list[Fault], msgspec.Meta(description="Modules, stations and channels that fail.")] = msgspec.field(
        default_factory=list
    )
    returns: Annotated[list[Fault], msgspec.Meta(description="Modules, stations and channels whose fault ends.")] = (
        msgspec.field(name="return", default_factory=list)
    )


class ModuleOfTest(IoPart, kw_only=True):
    """A module that a test adds to those of the hardware configuration."""

    identifier: Annotated[int, msgspec.Meta(description="Its hardware identifier.", ge=1, le=65_535)]
    name: Annotated[str, msgspec.Meta(description="Its name, for the steps.")] = ""
    inputs: Annotated[str | int, msgspec.Meta(description="Its input bytes, such as 256..263.")] = ""
    outputs: Annotated[str | int, msgspec.Meta(description="Its output bytes.")] = ""
    analog: Annotated[bool, msgspec.Meta(description="Whether a channel has a word; else it has a bit.")] = False
    station: Annotated[
        int, msgspec.Meta(description="Hardware identifier of its IO device; of a device: its own.", ge=0, le=65_535)
    ] = 0
    slot: Annotated[int, msgspec.Meta(description="Its slot in the IO device.", ge=0, le=127)] = 0
