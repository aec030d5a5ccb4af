"""The contract: a committed table of what the OpenAPI description of both versions promises, next to the last release.

A review sees each change that clients notice as a changed line. Rows of the release stay in the table until the next one, so
that tests/contract finds what breaks it. Why: docs/decisions/0010-breaking-changes.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from engineering_api import VERSION
from engineering_api.operations.catalogue import Catalogue
from engineering_api.web.openapi.contract_rows import Row, rows
from engineering_api.web.openapi.document import FORMS, describe

COLUMNS = ("change", "version", "subject", "place", "type")
KEPT, ADDED, GONE = "=", "+", "-"
"""A row of the release that is still there; a row after the release; a row of the release that is gone."""
_RELEASE = "release"


class Promise(NamedTuple):
    """A row of one version of the API."""

    version: int
    row: Row


Promises = frozenset[Promise]


@dataclass(frozen=True)
class Contract:
    """The promises of the last release, and the present ones.

    Attributes:
        release: The version of the service that was released last.
    """

    release: str
    released: Promises
    present: Promises

    @property
    def checksum(self) -> str:
        """A checksum of the release, which docs/decisions/0010-breaking-changes.md names."""
        return sha256("".join(_lines(KEPT, self.released)).encode()).hexdigest()[:16]


def promises(catalogue: Catalogue) -> Promises:
    """Return what the descriptions of a catalogue promise."""
    return frozenset(Promise(version, row) for version in FORMS for row in rows(describe(catalogue, VERSION, version)))


def follow(last: Contract | None, present: Promises, version: str = VERSION) -> Contract:
    """Return the contract after a change; it begins again with a new version of the service.

    Args:
        last: The contract before; none if there is none.
        present: What is promised now.
        version: The version of the service.
    """
    if last is None or last.release != version:
        return Contract(version, present, present)
    return Contract(version, last.released, present)


def write(contract: Contract) -> str:
    """Return a contract as a table, with a row for each promise that its versions share."""
    lines = [
        *_lines(KEPT, contract.released & contract.present),
        *_lines(ADDED, contract.present - contract.released),
        *_lines(GONE, contract.released - contract.present),
    ]
    heads = ("\t".join(COLUMNS), f"{KEPT}\t\t{_RELEASE}\t\t{contract.release}")
    return "".join(f"{line}\n" for line in (*heads, *sorted(lines, key=_key)))


def read(text: str) -> Contract:
    """Return the contract of a table.

    Raises:
        ValueError: A line is no row, as after a merge with conflicts. Take the table of either side, and generate it again.
    """
    heads, *lines = text.splitlines()
    cells = [tuple(line.split("\t")) for line in lines]
    if tuple(heads.split("\t")) != COLUMNS or any(len(each) != len(COLUMNS) for each in cells) or not cells:
        msg = "docs/contract.tsv is not complete. Take the file of the last commit, and run: python3 dev.py generate"
        raise ValueError(msg)
    (*_, release), *others = cells
    marked: dict[str, set[Promise]] = {KEPT: set(), ADDED: set(), GONE: set()}
    for change, versions, *row in others:
        marked[change] |= {Promise(int(version), Row(*row)) for version in versions}
    return Contract(release, frozenset(marked[KEPT] | marked[GONE]), frozenset(marked[KEPT] | marked[ADDED]))


def _lines(change: str, promised: Iterable[Promise]) -> list[str]:
    versions: dict[Row, list[int]] = defaultdict(list)
    for version, row in sorted(promised):
        versions[row].append(version)
    return ["\t".join((change, "".join(map(str, versions[row])), *row)) for row in sorted(versions)]


def _key(line: str) -> list[str]:
    change, versions, *row = line.split("\t")
    return [*row[:2], versions, change, *row[2:]]
