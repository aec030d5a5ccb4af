"""A program with a bit of everything, and instances that run it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import simatic_xml
from fake_plcsim import install
from fake_plcsim.runtime import Runtime
from simatic_xml import scl
from simatic_xml.model import Tag
from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.program import program_of

SCL = """
TYPE "Motor"
STRUCT
  speed : Real := 1.5;
  on : Bool;
END_STRUCT
END_TYPE

DATA_BLOCK "Data"
VAR RETAIN
  count : DInt;
END_VAR
VAR
  motor : "Motor";
  list : Array[-1..1] of Int;
  grid : Array[0..1, 0..2] of Byte;
  delay : Time := T#2s;
  letter : Char := 'x';
  sign : WChar;
  text : String[10] := 'hi';
  wide : ULInt;
  exact : LReal;
END_VAR
BEGIN
END_DATA_BLOCK

FUNCTION_BLOCK "Blink"
VAR_INPUT
  go : Bool;
END_VAR
VAR
  timer : TON_TIME;
END_VAR
BEGIN
  #timer(IN := #go, PT := "Data".delay);
END_FUNCTION_BLOCK

DATA_BLOCK "Blink_DB" "Blink"
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
BEGIN
  "Data".count := "Data".count + 1;
  "Out" := "In";
  "Copy" := "Level";
  "Blink_DB"(go := "In");
END_ORGANIZATION_BLOCK
"""
TAGS = (
    ("In", "Bool", "%I0.0"),
    ("Level", "Int", "%IW2"),
    ("Out", "Bool", "%Q0.0"),
    ("Copy", "Int", "%QW2"),
    ("Flag", "Bool", "%M10.1"),
    ("Speed", "Real", "%MD20"),
)


@cache
def workspace() -> Workspace:
    made, generated = Workspace(), scl.generate(SCL)
    assert generated.diagnostics == []
    for document in generated.documents:
        made.put_document(simatic_xml.load(document))
    for tag in TAGS:
        made.put(Tag(*tag))
    return made


class Simulated:
    """Where the API comes from: the fake itself, unless tests run through .NET."""

    @staticmethod
    def types(runtime: Runtime) -> Mapping[str, Any]:
        """The types of a runtime manager by name."""
        return install(runtime)

    @staticmethod
    def behind(instance: Any) -> Any:
        """The fake's object of an instance."""
        return instance


def load(instance: Any, **about: Any) -> None:
    """Download the program."""
    Simulated.behind(instance)._load(program_of(workspace()), workspace(), **about)


class Kit:
    """The types of a simulated PLCSIM Advanced, as attributes, and its runtime."""

    def __init__(self, **runtime: Any) -> None:
        self.runtime = Runtime(**runtime)
        self._types = Simulated.types(self.runtime)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._types[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def manager(self) -> Any:
        return self._types["SimulationRuntimeManager"]

    def on(self, name: str = "PLC_1", **about: Any) -> Any:
        """An instance with the program, in STOP."""
        instance = self.manager.RegisterInstance(name)
        instance.PowerOn(10_000)
        load(instance, **about)
        instance.UpdateTagList()
        return instance

    def frozen(self, name: str = "PLC_1", mode: str = "SingleStep_C") -> Any:
        """An instance whose program is at its first synchronization point."""
        instance = self.on(name)
        instance.OperatingMode = getattr(self.EOperatingMode, mode)
        instance.Run(10_000)
        until(lambda: state(instance) == "Freeze")
        return instance

    def step(self, instance: Any, count: int = 1) -> None:
        for _ in range(count):
            instance.RunToNextSyncPoint()
            until(lambda: state(instance) == "Freeze")


def state(instance: Any) -> str:
    return str(instance.OperatingState.ToString())


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.0005)


def refusal(kit: Kit, call: Callable[[], Any]) -> str:
    """The name of the error code that a call is refused with."""
    try:
        call()
    except kit.SimulationRuntimeException as error:
        assert error.Message.startswith(error.RuntimeErrorCode.ToString())
        return str(error.RuntimeErrorCode.ToString())
    raise AssertionError("it was not refused")
