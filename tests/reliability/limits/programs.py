"""Programs that are above a limit whose excess is a finding: each mistake of a program is reported, the others go on."""

from __future__ import annotations

from collections.abc import Callable

FUNCTION = 'FUNCTION "F" : Void\nVAR_TEMP\n    a : Int;\nEND_VAR\nBEGIN\n{}\nEND_FUNCTION\n'
DATA = 'DATA_BLOCK "D"\nVAR\n{}\nEND_VAR\nBEGIN\nEND_DATA_BLOCK\n'
STANDARD = "DATA_BLOCK \"D\"\n{{ S7_Optimized_Access := 'FALSE' }}\nVAR\n{}\nEND_VAR\nBEGIN\nEND_DATA_BLOCK\n"


def _types(count: int) -> str:
    first = 'TYPE "T0"\nSTRUCT\nx : Int;\nEND_STRUCT;\nEND_TYPE\n'
    more = (f'TYPE "T{i}"\nSTRUCT\nx : "T{i - 1}";\nEND_STRUCT;\nEND_TYPE\n' for i in range(1, count))
    return first + "".join(more) + DATA.format(f'a : "T{count - 1}";')


def _pairs(count: int) -> str:
    members = "".join(f"m{i} : Int;\n" for i in range(count - 1))
    inner = f'TYPE "T"\nSTRUCT\n{members}END_STRUCT;\nEND_TYPE\n'
    outer = 'TYPE "U"\nSTRUCT\nx : "T";\nEND_STRUCT;\nEND_TYPE\n'
    return inner + outer + DATA.format('a : "U";')


FINDINGS: dict[str, tuple[int, Callable[[int], str]]] = {
    "source_nesting": (5, lambda count: FUNCTION.format("#a := " + "(" * count + "1" + ")" * count + ";")),
    "findings": (5, lambda count: FUNCTION.format("#a := ;\n" * count)),
    "structure_members": (5, lambda count: DATA.format("".join(f"m{i} : Int;\n" for i in range(count)))),
    "block_structures": (
        5,
        lambda count: DATA.format("".join(f"m{i} : STRUCT x : Int; END_STRUCT;\n" for i in range(count))),
    ),
    "structure_nesting": (
        5,
        lambda count: DATA.format("a : STRUCT\n" * count + "x : Int;\n" + "END_STRUCT;\n" * count),
    ),
    "type_nesting": (5, _types),
    "expanded_members": (5, _pairs),
    "array_dimensions": (3, lambda count: DATA.format(f"a : Array[{', '.join(['0..1'] * count)}] of Int;")),
    "string_length": (20, lambda count: DATA.format(f"a : String[{count}];")),
    "wstring_length": (20, lambda count: DATA.format(f"a : WString[{count}];")),
    "standard_block_bytes": (10, lambda count: STANDARD.format(f"a : Array[1..{count}] of Byte;")),
    "largest_data_kb": (10, lambda count: DATA.format(f"a : Array[1..{1024 * count}] of Byte;")),
    "temporary_bytes": (
        12,
        lambda count: FUNCTION.format(";").replace("a : Int;", f"a : Int; b : Array[1..{count - 2}] of Byte;"),
    ),
}
"""By the name of the limit a small one, and a program with so many of what it counts."""
