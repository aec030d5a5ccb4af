"""Programs from SCL text, for the tests of the virtual CPU."""

from simatic_xml.model import Tag, UserConstant
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import program_of


def workspace(source: str, *items: Tag | UserConstant, cpu: Cpu | None = None) -> Workspace:
    """Return a workspace with the objects of a source, which must have no syntax errors."""
    made = Workspace(cpu)
    for item in items:
        made.put(item)
    assert made.put_source(source) == []
    return made


def memory(source: str, *items: Tag | UserConstant, cpu: Cpu | None = None) -> Memory:
    """Return the memory of a program with start values."""
    return Memory(program_of(workspace(source, *items, cpu=cpu)))
