"""Goes online and offline, and chooses the way to a CPU: mode, interface of the computer, interface of the CPU.

Names of interfaces come from Windows, so clients can list them. Without a choice it is PLCSIM's interface: the bridge
reaches a real plant only when the request names the way. Facts: docs/facts/openness-online.md#online.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal, cast

import msgspec

from openness_bridge.errors import Detail, Kind, Problem, refused_as
from openness_bridge.lookup import LocatedDevice, locate_plc
from openness_bridge.online.prompts import Policy, Prompt, Questions
from openness_bridge.portal.portal import Session
from openness_bridge.values import enum_name, service, with_attributes

OnlineState = Annotated[
    Literal["Offline", "Connecting", "Online", "Incompatible", "NotReachable", "Protected", "Disconnecting"],
    msgspec.Meta(title="OnlineState"),
]
SAFE_INTERFACE = "PLCSIM"
UNREACHED = {
    "NotReachable": ("not_reachable", "check the connection to the CPU, its address, and that it is on"),
    "Incompatible": (
        "incompatible",
        "the CPU at this address is not the one of the project, or cannot be reached through this interface",
    ),
    "Protected": ("protected", "enter its password by `prompts` and `passwords`"),
}
"""States in which going online can end: the code of the problem, and the advice."""


class Via(msgspec.Struct, frozen=True, kw_only=True):
    """The way to a CPU; the bridge chooses empty parts.

    Attributes:
        mode: Such as PN/IE.
        pc_interface: Interface of the computer; PLCSIM when it is left out.
        pc_number: Identifies one of several interfaces of that name.
        target_interface: Interface of the CPU, such as "1 X1"; the first one when left out.
        address: IP address of the CPU where it is not the one of the project; for downloads and uploads.
    """

    mode: str = "PN/IE"
    pc_interface: str = ""
    pc_number: int = 1
    target_interface: str = ""
    address: str = ""


class Reached(msgspec.Struct, rename="camel", frozen=True):
    """A device that answers on an interface of the computer."""

    name: str
    address: str
    series: str
    mac_address: str


class PcInterface(msgspec.Struct, rename="camel", frozen=True):
    """An interface of the computer.

    Attributes:
        target_interfaces: The interfaces of the CPU that it can lead to.
        devices: The devices that answer on it; null before V19, or without a search.
    """

    mode: str
    name: str
    number: int
    target_interfaces: list[str]
    subnets: list[str]
    devices: list[Reached] | None


class OnlineReport(msgspec.Struct, rename="camel", frozen=True):
    """The online state of a CPU.

    Attributes:
        is_configured: Whether an interface for the connection was chosen.
        prompts: The questions that came up, with their answers.
    """

    device: str
    state: OnlineState
    is_online: bool
    is_configured: bool
    prompts: list[Prompt]


def ways(session: Session, device: str, *, search: bool = False) -> list[PcInterface]:
    """Return the ways to a CPU; with `search` also the devices on each, which takes seconds on a real network."""
    configuration = provider(session, locate_plc(session, device), "OnlineProvider").Configuration
    return [
        PcInterface(
            str(mode.Name),
            str(pc.Name),
            int(pc.Number),
            [str(each.Name) for each in pc.TargetInterfaces],
            [str(each.Name) for each in pc.Subnets],
            _devices(pc) if search else None,
        )
        for mode in configuration.Modes
        for pc in mode.PcInterfaces
    ]


def go_online(session: Session, device: str, via: Via, policy: Policy) -> OnlineReport:
    """Connect to a CPU.

    Raises:
        Problem: No PLC, no such interface, TIA Portal refuses, or the connection failed: the code names the state in
            which it ended, the details the questions that came up.
    """
    found = locate_plc(session, device)
    online = provider(session, found, "OnlineProvider")
    questions = Questions(session.model, policy)
    with refused_as("online.refused", Kind.CONFLICT, device=device), answer_questions(online.Configuration, questions):
        apply(online.Configuration, via, device)
        reached = cast("OnlineState", enum_name(online.GoOnline()))
    if reached != "Online":
        raise _not_online(device, reached, questions.asked)
    return _report(online, found, questions.asked, reached)


def _not_online(device: str, reached: str, asked: list[Prompt]) -> Problem:
    code, advice = UNREACHED.get(reached, ("not_connected", "try again, and check the connection in TIA Portal"))
    details = [Detail("online.prompt", _format_prompt(prompt)) for prompt in asked]
    if any(not prompt.answered for prompt in asked):
        advice += ", and answer TIA Portal's questions by `prompts`"
    msg = f"'{device}' is not online, its state is {reached}: {advice}."
    return Problem(f"online.{code}", msg, kind=Kind.CONFLICT, details=details).at(device=device)


def _format_prompt(prompt: Prompt) -> str:
    agreed = (
        "as the request gave"
        if prompt.answered
        else f"which the request did not give; choices: {', '.join(prompt.choices)}"
    )
    return f"{prompt.type}: {prompt.message} It was answered {prompt.answer}, {agreed}."


def go_offline(session: Session, device: str) -> OnlineReport:
    """Disconnect from a CPU; nothing happens when it is offline."""
    found = locate_plc(session, device)
    online = provider(session, found, "OnlineProvider")
    with refused_as("online.refused", Kind.CONFLICT, device=device):
        online.GoOffline()
    return _report(online, found, [], state(session, online))


def status(session: Session, device: str) -> OnlineReport:
    """Return the online state of a CPU."""
    found = locate_plc(session, device)
    online = provider(session, found, "OnlineProvider")
    return _report(online, found, [], state(session, online))


@contextmanager
def offline(session: Session, found: LocatedDevice) -> Iterator[bool]:
    """Go offline for the block, and online again after it if it was online; yields whether it was."""
    online = provider(session, found, "OnlineProvider")
    was = state(session, online) == "Online"
    if was:
        online.GoOffline()
    try:
        yield was
    except Problem as problem:
        if was and problem.code != "tia.portal_lost":
            online.GoOnline()
        raise
    if was:
        online.GoOnline()


# -- the way --------------------------------------------------------------------------


def provider(session: Session, found: LocatedDevice, type_name: str) -> Any:
    """Return a service of a CPU.

    Raises:
        Problem: This CPU or version does not offer it.
    """
    offered = service(found.cpu, getattr(session.model, type_name))
    if offered is None:
        msg = f"'{found.cpu.Name}' offers no {type_name}: this CPU or this TIA Portal cannot do it."
        raise Problem("online.not_offered", msg, kind=Kind.UNSUPPORTED)
    return offered


def chosen_interface(configuration: Any, via: Via, device: str) -> Any:
    """Return the interface of the computer.

    Raises:
        Problem: There is none of that name; the message names all.
    """
    mode = configuration.Modes.Find(via.mode)
    if mode is None:
        known = ", ".join(str(each.Name) for each in configuration.Modes)
        raise Problem("online.mode", f"There is no mode '{via.mode}': use {known}.").at(device=device)
    found = mode.PcInterfaces.Find(via.pc_interface or SAFE_INTERFACE, via.pc_number)
    if found is None:
        known = ", ".join(f"{each.Name} ({each.Number})" for each in mode.PcInterfaces) or "none"
        wanted = f"{via.pc_interface or SAFE_INTERFACE} ({via.pc_number})"
        msg = f"This computer has no interface '{wanted}' for {via.mode}: name one in pcInterface, of {known}."
        raise Problem("online.pc_interface", msg).at(device=device)
    return found


def chosen_target(configuration: Any, via: Via, device: str) -> Any:
    """Return the interface of the CPU, as a configuration that can be applied.

    Raises:
        Problem: There is none of that name.
    """
    targets = list(chosen_interface(configuration, via, device).TargetInterfaces)
    wanted = via.target_interface.casefold()
    found = next((each for each in targets if not wanted or str(each.Name).casefold() == wanted), None)
    if found is None:
        known = ", ".join(str(each.Name) for each in targets) or "none"
        msg = f"The CPU has no interface '{via.target_interface}': it has {known}."
        raise Problem("online.target_interface", msg).at(device=device)
    return found


def apply(configuration: Any, via: Via, device: str) -> Any:
    """Choose the way; returns it."""
    target = chosen_target(configuration, via, device)
    if not configuration.ApplyConfiguration(target):
        msg = f"TIA Portal does not accept '{target.Name}' for the connection to '{device}': choose another interface."
        raise Problem("online.configuration", msg).at(device=device)
    return target


@contextmanager
def answer_questions(configuration: Any, questions: Questions) -> Iterator[None]:
    """Answer the questions that come up while a connection is made (from V17 on)."""
    if not hasattr(configuration, "OnlineLegitimation"):
        yield
        return
    configuration.OnlineLegitimation += questions.answer
    try:
        yield
    finally:
        configuration.OnlineLegitimation -= questions.answer


def state(session: Session, online: Any) -> OnlineState:
    """Return the state of a provider's CPU, by a method, because a getter may hold the interpreter while it waits."""
    return cast("OnlineState", enum_name(with_attributes(session.model, online).GetAttribute("State")))


def _report(online: Any, found: LocatedDevice, asked: list[Prompt], stands: OnlineState) -> OnlineReport:
    configured = bool(online.Configuration.IsConfigured)
    return OnlineReport(str(found.software.Name), stands, stands == "Online", configured, asked)


def _devices(pc: Any) -> list[Reached] | None:
    if not hasattr(pc, "GetAccessibleDevices"):
        return None
    return [
        Reached(str(each.Name), str(each.Address), str(each.DeviceSeries), str(each.MACAddress))
        for each in pc.GetAccessibleDevices()
    ]
