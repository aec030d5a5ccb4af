"""Texts: assignments between declared lengths, functions of texts, comparisons."""

from __future__ import annotations

from typing import Any

from benchmarks.plc_rows.row import FIT, Row, of_source, record

TEXTS = 20

_LINES = """
#s{at} := CONCAT(IN1 := #p{at}, IN2 := '-', IN3 := #r{at});
#m{at} := MID(IN := #s{at}, L := 3, P := 2);
#l{at} := LEN(#s{at});
#f{at} := FIND(IN1 := #s{at}, IN2 := #k{at});
#c{at} := LEFT(IN := #s{at}, L := #f{at});
#e{at} := RIGHT(IN := #s{at}, L := 4);
"""

_BY_HAND = """
d.s{at} = (d.p{at} + "-" + d.r{at})[:20]
d.m{at} = d.s{at}[1:4]
d.l{at} = len(d.s{at})
d.f{at} = d.s{at}.find(d.k{at}) + 1 if d.k{at} else 0
d.c{at} = d.s{at}[:d.f{at}] if d.f{at} > 0 else ""
d.e{at} = d.s{at}[-4:]
"""


def functions() -> Row:
    """Return the row of CONCAT, MID, LEN, FIND, LEFT and RIGHT."""
    declared, hand = [], ["def scan(d, now):"]
    for at in range(TEXTS):
        declared.append(
            f"s{at} : String[20]; m{at} : String[10]; p{at} : String[12]; r{at} : String; k{at} : String[2];"
        )
        declared.append(f"l{at} : Int; f{at} : Int; c{at} : String[20]; e{at} : String[4];")
        hand += ["    " + line for line in _BY_HAND.format(at=at).splitlines()]
    members: dict[str, Any] = dict.fromkeys((f"{kind}{at}" for kind in "smprkce" for at in range(TEXTS)), "")
    members |= dict.fromkeys((f"{kind}{at}" for kind in "lf" for at in range(TEXTS)), 0)

    def inputs(data: Any, scan: int) -> None:
        for at in range(TEXTS):
            setattr(data, f"p{at}", "abcdefghijkl"[: (scan + at) % 13])
            setattr(data, f"r{at}", "0123456789" * (scan % 4))
            setattr(data, f"k{at}", ("", "-", "34", "x")[(scan + at) % 4])

    program = of_source(declared, [_LINES.format(at=at) for at in range(TEXTS)])
    return Row(f"{TEXTS * 6} functions of texts", program, "\n".join(hand), record(**members), inputs)


_EDITS = """
#a{at} := DELETE(IN := #t{at}, L := 2, P := 3);
#b{at} := INSERT(IN1 := #t{at}, IN2 := 'xy', P := 2);
#c{at} := REPLACE(IN1 := #t{at}, IN2 := #w{at}, L := 1, P := #n0);
#t{at}[1] := 'c';
"""

_EDITS_BY_HAND = """
t = d.t{at}
d.a{at} = t[:2] + t[4:]
d.b{at} = (t[:2] + "xy" + t[2:])[:20]
p = d.n0
d.c{at} = (t[:p - 1] + d.w{at} + t[p:])[:20] if p >= 1 else ""
d.t{at} = "c" + t[1:]
"""


def edits() -> Row:
    """Return the row of DELETE, INSERT, REPLACE and a character by its index."""
    declared, hand = ["n0 : Int;"], ["def scan(d, now):"]
    for at in range(TEXTS):
        declared.append(f"a{at} : String[20]; b{at} : String[20]; c{at} : String[20]; t{at} : String[20];")
        declared.append(f"w{at} : String[4];")
        hand += ["    " + line for line in _EDITS_BY_HAND.format(at=at).splitlines()]
    members: dict[str, Any] = dict.fromkeys((f"{kind}{at}" for kind in "abctw" for at in range(TEXTS)), "") | {"n0": 0}

    def inputs(data: Any, scan: int) -> None:
        data.n0 = scan % 9
        for at in range(TEXTS):
            setattr(data, f"t{at}", "abcdefghijklmnopqrst"[: (scan + at) % 21])
            setattr(data, f"w{at}", "wxyz"[: scan % 5])

    program = of_source(declared, [_EDITS.format(at=at) for at in range(TEXTS)])
    return Row(f"{TEXTS * 4} edits of texts", program, "\n".join(hand), record(**members), inputs)


_MOVES = """
#s{at} := #long{at};
#t{at} := #s{at};
#u{at} := #v{at};
#w{at} := CONCAT(IN1 := #u{at}, IN2 := WSTRING#'!');
IF #s{at} = 'RUN' THEN #n{at} := #n{at} + 1; #t{at} := 'STOP'; END_IF;
IF #s{at} <> #t{at} THEN #n{at} := #n{at} + 1; END_IF;
#i{at} := INT_TO_STRING(#n{at});
"""

_MOVES_BY_HAND = f"""
s = d.s{{at}} = d.long{{at}}[:10]
d.t{{at}} = s
u = d.u{{at}} = d.v{{at}}[:12]
d.w{{at}} = u + "!"
if s == "RUN":
    v = d.n{{at}} + 1
    {FIT}
    d.n{{at}} = v
    d.t{{at}} = "STOP"
if s != d.t{{at}}:
    v = d.n{{at}} + 1
    {FIT}
    d.n{{at}} = v
v = d.n{{at}}
d.i{{at}} = (f"+{{{{v}}}}" if v >= 0 else f"{{{{v}}}}")[:8]
"""


def moves() -> Row:
    """Return the row of assignments of STRING[n] and WSTRING, comparisons, and numbers as texts."""
    declared, hand = [], ["def scan(d, now):"]
    for at in range(TEXTS):
        declared.append(f"s{at} : String[10]; long{at} : String; t{at} : String[20]; u{at} : WString[12];")
        declared.append(f"v{at} : WString; w{at} : WString[20]; n{at} : Int; i{at} : String[8];")
        hand += ["    " + line for line in _MOVES_BY_HAND.format(at=at).splitlines()]
    texts = dict.fromkeys((f"{kind}{at}" for kind in ("s", "long", "t", "u", "v", "w", "i") for at in range(TEXTS)), "")

    def inputs(data: Any, scan: int) -> None:
        for at in range(TEXTS):
            setattr(data, f"long{at}", ("RUN", "STOP", "a longer text")[(scan + at) % 3])
            setattr(data, f"v{at}", "0123456789abcdef"[: scan % 17])

    program = of_source(declared, [_MOVES.format(at=at) for at in range(TEXTS)])
    data = record(**texts, **dict.fromkeys((f"n{at}" for at in range(TEXTS)), 0))
    return Row(f"{TEXTS * 7} moves of texts", program, "\n".join(hand), data, inputs)
