"""Networks of LAD and FBD for tests, written in the readable JSON form, as typed statements."""

from __future__ import annotations

from typing import Any

from simatic_xml.flgnet import from_json
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.lad_fbd.network import network
from simatic_xml.program.listing import listing
from simatic_xml.program.nodes import Statement
from simatic_xml.program.scope import Scope
from tests.simatic_xml.program.program_of import typed_body

DECLARATIONS = """
VAR_INPUT a : Bool; b : Bool; c : Bool; END_VAR
VAR_OUTPUT o : Bool; p : Bool; END_VAR
VAR
    m1 : Bool; m2 : Bool; n : Int; d : DInt; u : UInt; r : Real; s : Real; w : Word; e : Time;
    timer : TON_TIME; pulse : TP_TIME; counter : CTU_INT; edge : R_TRIG; sub : "Sub"; st : String[20];
END_VAR
"""
AROUND = """
FUNCTION_BLOCK "Sub"
VAR_INPUT on : Bool; speed : Real; END_VAR
VAR_OUTPUT run : Bool; count : Int; END_VAR
BEGIN
    #run := #on;
END_FUNCTION_BLOCK
FUNCTION "Half" : Int
VAR_INPUT x : Int; END_VAR
VAR_OUTPUT odd : Bool; END_VAR
BEGIN
    #Half := #x / 2;
    #odd := #x MOD 2 = 1;
END_FUNCTION
"""


TAGS = {"Delay": "Timer %T5", "Pieces": "Counter %C3"}


def typed_network(data: dict[str, Any]) -> tuple[list[Statement], Scope]:
    """Return the statements of a network in a block that declares `DECLARATIONS`, and the scope with the findings."""
    _, scope = typed_body("", DECLARATIONS, around=AROUND, tags=TAGS)
    return network(scope, from_json(data, "V18"), "LAD", 1), scope


def lad(*rungs: list[Any], labels: tuple[str, ...] = ()) -> str:
    """Return the listing of a LAD network, which must be without findings."""
    return _clean({"rungs": list(rungs), "labels": list(labels)} if labels else {"rungs": list(rungs)})


def fbd(*series: list[Any]) -> str:
    """Return the listing of an FBD network, which must be without findings."""
    return _clean({"fbd": list(series)})


def _clean(data: dict[str, Any]) -> str:
    body, scope = typed_network(data)
    assert not scope.diagnostics, [str(each) for each in scope.diagnostics]
    return listing(body)


def codes(*rungs: list[Any]) -> list[str]:
    """Return the codes found in a LAD network, warnings with a `w` in front."""
    _, scope = typed_network({"rungs": list(rungs)})
    return [("w " if each.severity is Severity.WARNING else "") + each.code for each in scope.diagnostics]
