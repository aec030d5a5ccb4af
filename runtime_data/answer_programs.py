"""Names the programs whose values an answer has, where its form is another product's and has no field for that.

`Runtime.read` notes the sources of the values that it returns; who makes an answer collects them, and asks ProgramStates about
them: program_states.py for a header of all answers over HTTP, runtime_data/unified/execution.py for the extensions of GraphQL. So no
route has to name its sources. docs/online.md#where-each-interface-names-the-program describes the forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

from openness_bridge.program_identity import ProgramState, unknown_state
from runtime_data.values import sources_of, split

Programs = Mapping[str, ProgramState]
"""By source whether its CPU executes the program of the open project; a source that is missing is unknown."""
_collected: ContextVar[set[str] | None] = ContextVar("sources of the answer", default=None)


@contextmanager
def collecting() -> Iterator[set[str]]:
    """Collect the sources from which values are read in the block, also by its tasks and worker threads."""
    outer, found = _collected.get(), set[str]()
    token = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(token)
        if outer is not None:
            outer |= found


def note(tags: Iterable[str]) -> None:
    """Note the sources of tags whose values were read for the answer that is made; nothing where none is."""
    found = _collected.get()
    if found is not None:
        found |= sources_of(tags)


def program_of(programs: Programs, tag: str) -> ProgramState:
    """Return whether the CPU that a tag's value is of executes the project's program."""
    return programs.get(split(tag)[0], unknown_state())


def header_of(programs: Programs) -> str:
    """Return the header: `PLC_1=equal, Line%201=differs`, with each name percent-encoded."""
    return ", ".join(f"{quote(source, safe='')}={state}" for source, state in sorted(programs.items()))
