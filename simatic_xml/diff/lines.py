"""Compare programs and data line by line: SCL, STL, and XML that has no model."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from simatic_xml.diff.changes import Change, Kind
from simatic_xml.diff.matching import align


def compare_lines(
    path: str, before: Sequence[str], after: Sequence[str], network: int | None = None
) -> Iterator[Change]:
    """Yield each line that changed, was added or removed; the detail is its line number, from 1."""
    at_before = at_after = 0
    for old, new in [*align(before, after), (len(before), len(after))]:
        gone, come = range(at_before, old), range(at_after, new)
        for first, second in zip_longest(gone, come):
            yield _line(path, before, after, first, second, network)
        at_before, at_after = old + 1, new + 1


def _line(
    path: str, before: Sequence[str], after: Sequence[str], old: int | None, new: int | None, network: int | None
) -> Change:
    if new is None:
        assert old is not None  # noqa: S101 - one of the two is a line
        return Change(path, Kind.LINE_REMOVED, before[old].strip(), None, network, f"line {old + 1}")
    if old is None:
        return Change(path, Kind.LINE_ADDED, None, after[new].strip(), network, f"line {new + 1}")
    was, now = before[old], after[new]
    if was.strip() != now.strip():
        was, now = was.strip(), now.strip()
    return Change(path, Kind.LINE_CHANGED, was, now, network, f"line {new + 1}")
