"""Checking a program of 10,000 blocks: all of it, then again after one edit (``python -m benchmarks.program``).

What is compared is the work after an edit with that of a whole check in the same run; the ratio is what counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figures import Figure, run, seconds
from simatic_xml.program.workspace import Workspace

BLOCK = """
FUNCTION_BLOCK "FB_{n}"
VAR_INPUT enable : Bool; setpoint : Real; END_VAR
VAR_OUTPUT active : Bool; value : Real; END_VAR
VAR data : "Type_{t}"; timer : TON_TIME; last : Real; END_VAR
VAR_TEMP i : Int; sum : Real; END_VAR
BEGIN
    #timer(IN := #enable, PT := T#5S);
    #sum := 0.0;
    FOR #i := 0 TO 9 DO
        #sum := #sum + #data.list[#i] * #setpoint;
    END_FOR;
    IF #sum > 100.0 AND #timer.Q THEN
        #value := LIMIT(MN := 0.0, IN := #sum / 2.0, MX := 50.0);
        #active := TRUE;
    ELSE
        #value := #last;
        #active := FALSE;
    END_IF;
    #last := "FC_{c}"(#value);
END_FUNCTION_BLOCK
"""
FUNCTION = """
FUNCTION "FC_{n}" : Real
VAR_INPUT x : Real; END_VAR
BEGIN
    #FC_{n} := #x * {n}.5;
END_FUNCTION
"""
TYPE = """
TYPE "Type_{n}"
STRUCT list : Array[0..9] of Real; name : String[20]; END_STRUCT;
END_TYPE
"""


def measure(short: bool) -> Iterator[Figure]:
    """Check a program, edit it, check it again."""
    count = 600 if short else 10_000
    workspace = Workspace()
    for n in range(count // 100):
        workspace.put_source(TYPE.format(n=n) + FUNCTION.format(n=n), f"base_{n}")
    for n in range(count):
        workspace.put_source(BLOCK.format(n=n, t=n // 100, c=n % (count // 100)), f"block_{n}")
    whole = seconds(lambda: _check(workspace))
    edits = {
        "inside one block": lambda: workspace.put_source(_edit(7, "/ 2.0", "/ 3.0", count), "block_7"),
        "interface of one function": lambda: workspace.put_source(
            TYPE.format(n=3) + FUNCTION.format(n=3).replace("x : Real", "x : Real; y : Real := 1.0"), "base_3"
        ),
        "data type used by 100 blocks": lambda: workspace.put_source(
            TYPE.format(n=5).replace("[20]", "[30]") + FUNCTION.format(n=5), "base_5"
        ),
    }
    for name, edit in edits.items():
        after = seconds(edit) + seconds(lambda: _check(workspace))
        yield Figure(f"check after an edit, {name}", "a check of 10,000 blocks", after / whole, at_most=0.1)


def _edit(n: int, old: str, new: str, count: int) -> str:
    return BLOCK.format(n=n, t=n // 100, c=n % (count // 100)).replace(old, new)


def _check(workspace: Workspace) -> None:
    found = workspace.check()
    errors = [each for each in found if each.severity == "error"]
    if errors and "call.parameter_missing" not in {each.code for each in errors}:
        raise SystemExit(f"The program has errors: {errors[0]}")


if __name__ == "__main__":
    run(measure)
