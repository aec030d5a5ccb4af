"""Loading a program of 500 function blocks into virtual CPUs: the first, a further one, and after one edit.

    python -m benchmarks.program_load

The floor is Python's own `compile` of the generated text. Each figure is the least CPU time of several repeats.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator

from benchmarks.figures import Figure, run, seconds
from benchmarks.program import BLOCK, FUNCTION, TYPE
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.memory.program import Program, program_of
from virtual_plc.python_tier import PythonExecutable

INSTANCE = 'DATA_BLOCK "DB_{n}" "FB_{n}"\nBEGIN\nEND_DATA_BLOCK\n'
CALL = '"DB_{n}"(enable := TRUE, setpoint := 1.0);\n'


def sources(count: int) -> dict[str, str]:
    """Return the program: function blocks with an instance each, an OB that calls all, 100 to a data type and function."""
    groups = -(-count // 100)
    found = {f"base_{n}": TYPE.format(n=n) + FUNCTION.format(n=n) for n in range(groups)}
    for n in range(count):
        found[f"block_{n}"] = BLOCK.format(n=n, t=n // 100, c=n % groups) + INSTANCE.format(n=n)
    calls = "".join(CALL.format(n=n) for n in range(count))
    return found | {"main": f'ORGANIZATION_BLOCK "Main"\nBEGIN\n{calls}END_ORGANIZATION_BLOCK\n'}


def measure(short: bool) -> Iterator[Figure]:
    """Load a program of 500 function blocks."""
    texts = sources(200 if short else 500)
    rounds = [_once(texts) for _ in range(3 if short else 5)]
    least = {name: min(each[name] for each in rounds) for name in rounds[0]}
    for work in ("parse", "type and check", "first CPU"):
        yield Figure(f"{work}, 500 FBs", "compile() of the generated text", least[work] / least["floor: compile"])
    for work in ("further CPU", "CPU after an edit"):
        yield Figure(f"{work}, 500 FBs", "the first CPU", least[work] / least["first CPU"], at_most=0.1, is_steady=True)


def _once(texts: dict[str, str]) -> dict[str, float]:
    made = Workspace()
    found = {"parse": seconds(lambda: _put(made, texts)), "type and check": seconds(made.check)}
    program = program_of(made)
    found["first CPU"] = seconds(lambda: VirtualCpu(program))
    found["further CPU"] = seconds(lambda: VirtualCpu(program))
    written = _executable(program)
    lines = [written.source(each.name) for each in program.blocks.values()]
    codes: list[bytes] = []
    found["floor: compile"] = seconds(
        lambda: codes.extend(marshal.dumps(compile(each, "<floor>", "exec")) for each in lines)
    )
    found["floor: marshal.loads"] = seconds(lambda: [marshal.loads(each) for each in codes])  # noqa: S302 - our own
    made.put_source(texts["block_7"].replace("/ 2.0", "/ 3.0"), "block_7")
    found["program after an edit"] = seconds(lambda: program_of(made))
    edited = program_of(made)
    found["CPU after an edit"] = seconds(lambda: VirtualCpu(edited))
    return found


def _put(into: Workspace, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        into.put_source(text, name)


def _executable(program: Program) -> PythonExecutable:
    found = VirtualCpu(program).executable
    if not isinstance(found, PythonExecutable) or found.written:
        raise SystemExit("A further CPU has written code again.")
    return found


if __name__ == "__main__":
    run(measure)
