"""The typed program of a PLC on the disk, with the code that CPUs generated from it, for the next process that opens it.

An entry is found by the names of a program and says of each object which content it had. So after an edit the program is
used as well, and the changed objects are typed, as if this process had made the edit.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fake_openness.program.plc import _Plc
from simatic_xml.caching import disk_cache
from simatic_xml.limits import LIMITS, most
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.freezing import freeze, thaw

log = logging.getLogger(__name__)
_PACKAGES = ("simatic_xml", "virtual_plc", "fake_openness", "lxml")


@dataclass(frozen=True, slots=True)
class KeptProgram:
    """A typed program.

    Attributes:
        index: The program.
        stamps: What the content of each object is known by, by its key.
    """

    index: UseIndex
    stamps: Mapping[str, Any]


def find(plc: _Plc, names: Iterable[str]) -> KeptProgram | None:
    """Return the kept program with these names, None where there is none."""
    cache = disk_cache.current()
    content = None if cache is None else cache.get(_key(plc, names))
    try:
        found: KeptProgram | None = None if content is None else thaw(content)
    except Exception:  # noqa: BLE001 - what cannot be read is made again
        return None
    return found


def keep(plc: _Plc, program: KeptProgram) -> None:
    """Keep a program, except one that cannot be written, such as one that is nested too deep."""
    cache = disk_cache.current()
    if cache is None:
        return
    try:
        content = freeze(program)
    except Exception:
        log.warning("The program of '%s' is not kept for the next start.", plc._name, exc_info=True)
        return
    cache.put(_key(plc, program.stamps), content)


def _key(plc: _Plc, names: Iterable[str]) -> str:
    limits = ",".join(str(most(name)) for name in LIMITS)
    about = (repr(plc._cpu), plc._context.version.engineering, limits)
    return disk_cache.key_of("program", (*about, *sorted(names)), _PACKAGES)
