"""A CPU in RUN that executes SCL: declarations of a global data block `D`, and the statements of its OB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.cpu import Settings, VirtualCpu
from virtual_plc.memory.program import program_of

SOURCE = """
{before}
DATA_BLOCK "D"
{{ S7_Optimized_Access := '{optimized}' }}
VAR
{members}
END_VAR
BEGIN
{starts}
END_DATA_BLOCK
{instances}
ORGANIZATION_BLOCK "Main"
BEGIN
{statements}
END_ORGANIZATION_BLOCK
"""


@contextmanager
def running(
    members: str,
    statements: str,
    *,
    instances: dict[str, str] | None = None,
    starts: str = "",
    before: str = "",
    family: str = "S7-1500",
    firmware: str = "V3.1",
    optimized: bool = True,
    settings: Settings | None = None,
    started: bool = True,
) -> Iterator[VirtualCpu]:
    """Yield a CPU in RUN; it is switched off afterwards.

    Args:
        members: declarations of the data block `D`.
        statements: SCL of the OB.
        instances: instance data blocks by name, with the type of each.
        starts: start values of `D`.
        before: further objects.
        family: family of the CPU.
        firmware: its firmware.
        optimized: whether `D` has optimized access.
        settings: configuration of the CPU.
        started: whether it goes to RUN.
    """
    made = "\n".join(f'DATA_BLOCK "{name}" {kind} BEGIN END_DATA_BLOCK' for name, kind in (instances or {}).items())
    workspace = Workspace(Cpu(family=family, firmware=firmware))
    text = SOURCE.format(
        before=before,
        optimized=str(optimized).upper(),
        members=members,
        starts=starts,
        instances=made,
        statements=statements,
    )
    assert workspace.put_source(text) == []
    cpu = VirtualCpu(program_of(workspace), settings=settings)
    try:
        cpu.power_on()
        if started:
            cpu.run()
        yield cpu
    finally:
        cpu.power_off()


def cycle(cpu: VirtualCpu, *paths: str, count: int = 1) -> Any:
    """Run cycles and return values of `D`, one alone without a tuple."""
    cpu.run_cycles(count)
    found = tuple(cpu.read(f'"D".{path}') for path in paths)
    return found[0] if len(found) == 1 else found
