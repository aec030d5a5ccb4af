"""Random STL: single operations with random operands, chains of bit logic, and jumps, each with what it leaves behind."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_PAIRS = ("+I", "-I", "*I", "/I", "+D", "-D", "*D", "/D", "MOD", "AW", "OW", "XOW", "AD", "OD", "XOD")
_SHIFTS = {"SLW": 16, "SRW": 16, "SSI": 16, "SLD": 32, "SRD": 32, "SSD": 32, "RLD": 31, "RRD": 31}
_COMPARISONS = tuple(f"{relation}{size}" for size in "ID" for relation in ("==", "<>", ">", "<", ">=", "<="))
_SINGLES = ("NEGI", "NEGD", "ITD", "INVI", "INVD", "CAW", "CAD", "ITB", "DTB", "TAK", "RLDA", "RRDA", "INC 5", "DEC 200",
            "+ 300", "+ -7", "+ L#-100000", "PUSH", "POP", "DTR", "SLW 3", "SRD 9", "SSI 4", "RLD 7", "RRD 31", "SLD 0")  # fmt: skip
_REALS = ("+R", "-R", "*R", "/R", "==R", "<>R", ">R", "<R", ">=R", "<=R")
_FUNCTIONS = ("ABS", "NEGR", "SQR", "SQRT", "RND", "TRUNC", "RND+", "RND-")
_JUMPS = ("JO", "JOS", "JZ", "JN", "JP", "JM", "JPZ", "JMZ", "JUO", "JC", "JCN", "JCB", "JNB", "JBI", "JNBI")
_CORNERS = (0, 1, 2, 5, 10, 31, 32, 33, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x12345678,
            999, 1000, 9999999, 0xFFFF8000, 0x00FF00FF)  # fmt: skip
_NUMBERS = (0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 0.5, 1.5, 3.4e38, -3.4e38, 1e-38, 2147483520.0, -2147483648.0, 1e10,
            123456.789, float("inf"), float("-inf"), float("nan"))  # fmt: skip


@dataclass(slots=True)
class Snippet:
    """A piece of STL and the marker words that it writes.

    Attributes:
        lines: its statements.
        doubles: numbers of marker double words with a result.
        words: numbers of marker words with a result.
    """

    lines: list[str]
    doubles: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)


class Writer:
    """Writes random STL, the same for the same seed."""

    def __init__(self, seed: int, first: int = 100) -> None:
        """Begin; results go to marker bytes from a first one on."""
        self.chance = random.Random(seed)  # noqa: S311 (nothing secret)
        self._next = first
        self._labels = 0

    def snippets(self, count: int, *kinds: str) -> Iterator[Snippet]:
        """Yield snippets of some kinds: `whole`, `real`, `logic`, `jump`."""
        for _ in range(count):
            yield getattr(self, self.chance.choice(kinds))()

    def counter(self) -> Snippet:
        """Operations on a counter, its state and its value behind each."""
        number, lines, words = self._numbered(), ["CLR", "SAVE"], []
        for _ in range(self.chance.randint(3, 9)):
            operation = self.chance.choice(
                (
                    f"CU C {number}",
                    f"CD C {number}",
                    f"S C {number}",
                    f"R C {number}",
                    f"FR C {number}",
                    f"CU C {number}",
                )
            )
            lines += [f"L W#16#{self.chance.choice((0, 1, 0x998, 0x999, 0x123)):04X}"]
            lines += [self.chance.choice(("SET", "CLR")), operation]
            lines += [f"L C {number}", f"T MW {self._next}", f"LC C {number}", f"T MW {self._next + 2}"]
            lines += [f"A C {number}", "L STW", f"T MW {self._next + 4}", f"= M {self._next + 6}.0"]
            words += [self._next, self._next + 2, self._next + 4]
            self._next += 8
        return Snippet(lines, [], words)

    def timer(self) -> Snippet:
        """Operations on a timer with a long time, and its state behind each."""
        number, lines, words = self._numbered(), [], []
        start = self.chance.choice(("SP", "SE", "SD", "SS", "SF"))
        for _ in range(self.chance.randint(3, 9)):
            operation = self.chance.choice((start, start, start, "SF" if start == "SF" else "R"))
            lines += ["L S5T#2H", self.chance.choice(("SET", "CLR")), f"{operation} T {number}"]
            lines += [f"A T {number}", f"= M {self._next}.0"]
            words.append(self._next)
            self._next += 2
        return Snippet(lines, [], words)

    def _numbered(self) -> int:
        """Return the number of a timer or counter of one's own."""
        self._labels += 1
        return self._labels % 200 + 1

    def pattern(self) -> int:
        """Return a pattern of 32 bits, often a corner."""
        return self.chance.choice(
            (self.chance.choice(_CORNERS), self.chance.getrandbits(32), self.chance.getrandbits(16))
        )

    def number(self) -> int:
        """Return the pattern of a floating-point number."""
        value = self.chance.choice((self.chance.choice(_NUMBERS), self.chance.uniform(-1e6, 1e6)))
        return int.from_bytes(struct.pack(">f", value), "big")

    def whole(self) -> Snippet:
        """An operation on whole numbers or patterns, and what it leaves in both accumulators and the status word."""
        operation = self.chance.choice((*_PAIRS, *_COMPARISONS, *_SINGLES, *_SHIFTS))
        count = self.pattern()
        if operation in _SHIFTS:
            count = count & ~0xFF | self.chance.randint(0, _SHIFTS[operation])
        return self._operated([count, self.pattern()], [operation])

    def common(self) -> Snippet:
        """An operation on floating-point numbers that are neither special nor lead to such ones."""
        operation = self.chance.choice((*_REALS, *_FUNCTIONS))
        values = [self.chance.choice((1, -1)) * 10 ** self.chance.uniform(-6, 6) for _ in range(2)]
        values[1] = abs(values[1]) if operation == "SQRT" else values[1]
        return self._operated([int.from_bytes(struct.pack(">f", each), "big") for each in values], [operation])

    def real(self) -> Snippet:
        """An operation on floating-point numbers."""
        operation = self.chance.choice((*_REALS, *_FUNCTIONS))
        return self._operated([self.number(), self.number()], [operation])

    def bcd(self) -> Snippet:
        """A conversion from BCD, of right digits."""
        operation, digits = self.chance.choice((("BTI", 3), ("BTD", 7)))
        value = int("".join(self.chance.choice("0123456789") for _ in range(digits)), 16)
        sign = self.chance.choice((0, 0x8, 0xF)) << digits * 4
        return self._operated([self.pattern(), sign | value], [operation])

    def _operated(self, values: list[int], operations: list[str]) -> Snippet:
        loads = [f"L DW#16#{value:08X}" for value in values]
        before = [*self._status(), *loads]
        return self._shown([*before, *operations])

    def _status(self) -> list[str]:
        """Return what gives the status word a random, but known state."""
        carry = self.chance.choice(("L W#16#0", "L W#16#8000"))
        self._labels += 1
        clear = [f"JOS s{self._labels}", f"s{self._labels}: CLR", "SAVE", "L 0", "L 0", "+I"]
        overflow = [["L 32767", "L 1", "+I"], []][self.chance.randint(0, 1)]
        return [*clear, *overflow, carry, "SLW 1", self.chance.choice(("SET", "CLR", "NOT"))]

    def _shown(self, lines: list[str]) -> Snippet:
        first, second, status = self._next, self._next + 4, self._next + 8
        self._next += 10
        shown = [f"T MD {first}", "TAK", f"T MD {second}", "L STW", f"T MW {status}"]
        return Snippet([*lines, *shown], [first, second], [status])

    # Bit logic -------------------------------------------------------------------------------------------------------

    def logic(self) -> Snippet:
        """A chain of bit logic with brackets, and the status word behind each of its parts."""
        lines = ["CLR", "SAVE", f"L B#16#{self.chance.getrandbits(8):02X}", "T MB 0"]
        words = []
        for _ in range(self.chance.randint(1, 3)):
            lines += self._chain(self.chance.randint(1, 6), 2)
            lines += ["L STW", f"T MW {self._next}"]
            words.append(self._next)
            self._next += 2
            lines += [
                self.chance.choice(
                    (
                        f"= M {self._next}.0",
                        f"S M {self._next}.1",
                        f"R M {self._next}.2",
                        f"FP M {self._next}.3",
                        f"FN M {self._next}.4",
                        "NOT",
                        "SAVE",
                    )
                )
            ]
            self._next += 2
            words.append(self._next - 2)
        lines += ["L STW", f"T MW {self._next}"]
        self._next += 2
        return Snippet(lines, [], [*words, self._next - 2])

    def _chain(self, length: int, depth: int) -> list[str]:
        lines = []
        for _ in range(length):
            operation = self.chance.choice(("A", "AN", "O", "ON", "X", "XN"))
            choice = self.chance.randint(0, 9)
            if depth and choice < 3:
                lines += [f"{operation}(", *self._chain(self.chance.randint(1, 3), depth - 1), ")"]
            elif choice == 3 and lines:
                lines += ["O", *self._chain(1, 0)]
            elif choice == 4:
                lines += [f"{operation} {self.chance.choice(('OV', 'OS', 'BR', '==0', '<>0', '>0', '<=0', 'UO'))}"]
            else:
                lines += [f"{operation} M 0.{self.chance.randint(0, 7)}"]
        return lines

    def jump(self) -> Snippet:
        """A jump that is taken or not, and the status word behind it."""
        self._labels += 1
        label, word = f"m{self._labels}", self._next
        self._next += 4
        values = [f"L DW#16#{self.pattern():08X}", f"L DW#16#{self.pattern():08X}"]
        operation = self.chance.choice(("+I", "-D", "==D", "*I", "/I", ">D", "AW"))
        result = self.chance.choice(("SET", "CLR", "A BR"))
        lines = [*self._status(), *values, operation, result, f"{self.chance.choice(_JUMPS)} {label}"]
        lines += ["L W#16#1111", f"T MW {word}", f"{label}: L STW", f"T MW {word + 2}"]
        return Snippet(lines, [], [word, word + 2])


def source(snippets: list[Snippet]) -> str:
    """Return snippets as the STL source of `Main`."""
    lines = "".join(f"      {line};\n" for snippet in snippets for line in snippet.lines)
    return f"""ORGANIZATION_BLOCK "Main"
{{ S7_Optimized_Access := 'FALSE' }}
VERSION : 0.1
BEGIN
NETWORK
TITLE =
{lines}
END_ORGANIZATION_BLOCK
"""
