"""Compare programs and data line by line: SCL, STL, and XML that has no model.

An export and an editor indent the same lines differently, so lines are aligned without their indentation. Where all of them are
indented by the same amount more or less, nothing has changed; where the depths of one side follow from those of the other, that is
one change of the whole; any other line whose depth changes is a changed line. Empty lines at both ends say nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from simatic_xml.diff.changes import Change, Kind
from simatic_xml.diff.matching import align

_TAB = 4
_ALIKE = 0.6
"""Share of two lines that is the same in a line that was changed, not replaced."""
_MOST_PAIRS = 1000
"""Pairs of lines that are tried in one place: a larger place is shown as removed and added."""


def compare_lines(
    path: str, before: Sequence[str], after: Sequence[str], network: int | None = None
) -> Iterator[Change]:
    """Yield each line that changed, was added or removed; the detail is its line number, from 1."""
    old_lines, new_lines = [line.strip() for line in before], [line.strip() for line in after]
    (first_old, end_old), (first_new, end_new) = _extent(old_lines), _extent(new_lines)
    found = align(old_lines[first_old:end_old], new_lines[first_new:end_new])
    pairs = [(old + first_old, new + first_new) for old, new in found]
    moved, is_reindented = _moved(before, after, [(old, new) for old, new in pairs if old_lines[old]])
    if is_reindented:
        yield Change(path, Kind.LINE_CHANGED, None, None, network, "indentation of all lines")
    at_old, at_new = first_old, first_new
    for old, new in [*pairs, (end_old, end_new)]:
        for one, other in _pair(old_lines, new_lines, range(at_old, old), range(at_new, new)):
            yield _line(path, old_lines, new_lines, one, other, network)
        if (old, new) in moved:
            yield _line(path, before, after, old, new, network)
        at_old, at_new = old + 1, new + 1


def _extent(lines: Sequence[str]) -> tuple[int, int]:
    """Return where the lines begin and end without the empty ones at both ends."""
    filled = [number for number, line in enumerate(lines) if line]
    return (filled[0], filled[-1] + 1) if filled else (0, 0)


def _moved(
    before: Sequence[str], after: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> tuple[set[tuple[int, int]], bool]:
    """Return the equal lines whose depth alone changed, and whether all lines have a new indentation instead."""
    depths = [(_depth(before[old]), _depth(after[new])) for old, new in pairs]
    if not depths or len({new - old for old, new in depths}) == 1:
        return set(), False
    rising = sorted(set(depths))
    is_function = len({old for old, _ in rising}) == len(rising) == len({new for _, new in rising})
    if is_function and [new for _, new in rising] == sorted(new for _, new in rising) and rising[0] != rising[-1]:
        return set(), True
    [(usual, _)] = Counter(new - old for old, new in depths).most_common(1)
    return {pair for pair, (old, new) in zip(pairs, depths, strict=True) if new - old != usual}, False


def _depth(line: str) -> int:
    wide = line.expandtabs(_TAB)
    return len(wide) - len(wide.lstrip())


def _pair(
    before: Sequence[str], after: Sequence[str], gone: range, come: range
) -> Iterator[tuple[int | None, int | None]]:
    """Yield the lines of a place that differs: changed lines side by side, the others as removed or added, in their order."""
    if len(gone) == len(come):
        yield from zip(gone, come, strict=True)
        return
    pairs = _alike(before, after, gone, come) if len(gone) * len(come) <= _MOST_PAIRS else []
    at_old, at_new = gone.start, come.start
    for old, new in [*pairs, (gone.stop, come.stop)]:
        yield from ((each, None) for each in range(at_old, old))
        yield from ((None, each) for each in range(at_new, new))
        if new < come.stop:
            yield old, new
        at_old, at_new = old + 1, new + 1


def _alike(before: Sequence[str], after: Sequence[str], gone: range, come: range) -> list[tuple[int, int]]:
    """Return the lines that belong together, in their order: those that have the most in common as a whole."""
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {}
    for old in reversed(gone):
        for new in reversed(come):
            skipping = (best.get((old + 1, new), (0.0, ())), best.get((old, new + 1), (0.0, ())))
            ratio = SequenceMatcher(None, before[old], after[new]).ratio()
            rest = best.get((old + 1, new + 1), (0.0, ()))
            paired = (rest[0] + ratio, ((old, new), *rest[1])) if ratio >= _ALIKE else rest
            best[old, new] = max(*skipping, paired, key=lambda each: each[0])
    return list(best.get((gone.start, come.start), (0.0, ()))[1])


def _line(
    path: str, before: Sequence[str], after: Sequence[str], old: int | None, new: int | None, network: int | None
) -> Change:
    if new is None:
        assert old is not None  # noqa: S101 - one of the two is a line
        return Change(path, Kind.LINE_REMOVED, before[old], None, network, f"line {old + 1}")
    if old is None:
        return Change(path, Kind.LINE_ADDED, None, after[new], network, f"line {new + 1}")
    return Change(path, Kind.LINE_CHANGED, before[old], after[new], network, f"line {new + 1}")
