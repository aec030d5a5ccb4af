"""Says which error codes an operation can give, by status: those of its function, and those of the steps around it.

The table codes.tsv next to this file is collected from the code by `python -m tests.support.codes.record`. Tests compare the
table with the code, and each refusal that they meet with the table.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from engineering_api.operations.declaration import Operation
from engineering_api.operations.path_fields import has_path
from engineering_api.operations.terms import Lock, Place, Right, Site

TABLE = "codes.tsv"
ANY = "*"
"""In place of codes: the operation runs another one, which its request names, and gives that one's codes."""
FAMILIES = ("simatic_ml", "scl")
"""The first words of codes that findings of simatic_xml become; a table has `simatic_ml.*` for them all."""
STEPS: dict[str, Callable[[Operation], bool]] = {
    "@request": lambda _: True,
    "@login": lambda op: op.right is not Right.PUBLIC,
    "@path": lambda op: has_path(op.request),
    "@change": lambda op: op.changes,
    "@portal": lambda op: op.lock is not Lock.NONE or op.place is Place.PORTAL,
    "@worker": lambda op: op.site is Site.WORKER,
}
"""The steps around operations, with the operations that take them; names of the table that begin with @."""
Codes = dict[int, list[str]]


@cache
def table() -> dict[str, Codes]:
    """Return the codes by status, by the name of an operation or step."""
    found: dict[str, Codes] = {}
    for line in files(__package__).joinpath(TABLE).read_text(encoding="utf-8").splitlines():
        name, status, codes = line.split("\t")
        found.setdefault(name, {})[int(status)] = codes.split()
    return found


def own(op: Operation) -> Codes:
    """Return the codes of an operation that the steps around it do not have; of a family its first word and `.*`."""
    return table().get(op.name, {})


def failures(op: Operation) -> Codes:
    """Return all codes that an operation can give, by status."""
    found: dict[int, set[str]] = {}
    for by_status in (own(op), *(table()[step] for step, takes in STEPS.items() if takes(op))):
        for status, codes in by_status.items():
            found.setdefault(status, set()).update(codes)
    return {status: sorted(found[status]) for status in sorted(found)}


def family(code: str) -> str:
    """Return how the table names a code: itself, or its family."""
    first = code.partition(".")[0]
    return f"{first}.{ANY}" if first in FAMILIES else code
