"""Inputs and outputs that no module has: one warning of a compilation, and the program compiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_openness.core.compile_messages import CompilerResultState
from tests.fakes.fake_openness.plc import CPU_1200, Plant

DI_16 = "OrderNumber:6ES7 521-1BH00-0AB0/V2.1"


def warnings(plant: Plant) -> list[tuple[str, str]]:
    """Compile the program; return the leaves with the warning: the node above, and the operands that the text names."""
    found = plant.compile()
    assert found.ErrorCount == 0
    return [
        (node.Path, leaf.Description.rpartition(": ")[2])
        for message in list(found.Messages)[:-1]
        for node in message.Messages
        for leaf in node._leaves()
        if leaf._code == "address.no_module"
    ]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ('"GhostQ" := "Ghost";', "%I30.0 (Ghost), %Q77.0 (GhostQ)."),
        ('"Motor" := "Start";', None),
        ("#b := %IB1;", None),
        ("#b := %IB2;", "%IB2."),
        ("#w := %IW1;", "%IW1."),
        ("#b := %IB3:P;", "%IB3:P."),
        ("%QB0 := 1;", None),
        ("%MB500 := 1;", None),
    ],
)
def test_a_program_that_uses_what_no_module_has(tmp_path: Path, statement: str, named: str | None) -> None:
    """A CPU 1214C has inputs and outputs 0 and 1; what the program does not use is not reported."""
    plant = Plant(tmp_path, cpu=CPU_1200)
    rows = {"Ghost": "%I30.0", "GhostQ": "%Q77.0", "Start": "%I0.0", "Motor": "%Q0.0", "Unused": "%I99.0"}
    for name, address in rows.items():
        plant.tags.Create(name, "Bool", address)
    plant.generate(f'FUNCTION "F" : Void VAR_TEMP b : Byte; w : Word; END_VAR BEGIN {statement} END_FUNCTION')
    assert warnings(plant) == ([] if named is None else [("General warnings", named)])


def test_a_module_and_a_start_address_decide(plant: Plant) -> None:
    plant.tags.Create("Start", "Bool", "%I0.0")
    plant.generate('FUNCTION "F" : Void BEGIN %M0.0 := "Start"; END_FUNCTION')
    assert len(warnings(plant)) == 1
    rack = plant.device.DeviceItems[0]
    module = rack.PlugNew(DI_16, "DI", 2)
    assert warnings(plant) == []
    next(address for item in module.DeviceItems for address in item.Addresses).StartAddress = 10
    assert len(warnings(plant)) == 1


def test_two_tags_of_one_address_are_a_warning(plant: Plant) -> None:
    plant.tags.Create("One", "Bool", "%M0.0")
    plant.tags.Create("Other", "Bool", "%M0.0")
    leaves = [(leaf._code, leaf.State) for leaf in plant.compile()._leaves()]
    assert ("address.shared", CompilerResultState.Warning) in leaves


def test_the_warning_is_that_of_the_program_with_errors_too(plant: Plant) -> None:
    plant.generate('FUNCTION "F" : Void BEGIN %Q0.0 := "Nowhere"; END_FUNCTION')
    codes = [leaf._code for leaf in plant.compile()._leaves()]
    assert "address.no_module" in codes
    assert len(codes) > 1
