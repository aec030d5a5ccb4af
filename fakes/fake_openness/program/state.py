"""The facts about a block or data type besides its content: one line of program.json.

Opening a project of 50,000 blocks reads these lines only; the SimaticML of a
block is read on demand.
Facts: docs/facts/openness-program.md#blocks (attributes), docs/facts/tia-rules.md#block-numbers,
docs/facts/tia-operations.md#consistency (dates of a UDT).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any, Self

CODE_KINDS = ("OB", "FB", "FC")
DATA_KINDS = ("GlobalDB", "InstanceDB", "ArrayDB")
BLOCK_KINDS = CODE_KINDS + DATA_KINDS
TYPE_KIND = "UDT"
TECHNOLOGY_KIND = "TechnologicalInstanceDB"


@dataclass(frozen=True, slots=True)
class _State:
    """The state of one program element.

    Attributes:
        kind: OB, FB, FC, GlobalDB, InstanceDB, ArrayDB, TechnologicalInstanceDB or UDT.
        created: When it was made; the other times are those of the last change of that kind.
        compiled: When it was last compiled without error, or None.
        consistent: Whether it was compiled since its last change.
        number: The block number; None for a data type.
        auto_number: Whether TIA Portal chooses the number.
        language: Programming language, such as LAD; empty for a data type.
        layout: Optimized or Standard; empty for a data type.
        secondary_type: Event class of an OB.
        instance_of: The FB or type that an instance DB belongs to.
        uses: Names of the blocks, types, tags and constants that the content mentions.
        types: Those of them that are data types of its interface.
        library_version: GUID of the library type version that it is an instance of, or empty.
    """

    kind: str
    created: dt.datetime
    modified: dt.datetime
    code_modified: dt.datetime
    interface_modified: dt.datetime
    parameter_modified: dt.datetime
    structure_modified: dt.datetime
    compiled: dt.datetime | None = None
    consistent: bool = False
    number: int | None = None
    auto_number: bool = True
    language: str = ""
    layout: str = ""
    header_author: str = ""
    header_family: str = ""
    header_name: str = ""
    header_version: str = "0.1"
    secondary_type: str = ""
    instance_of: str = ""
    uses: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    library_version: str = ""

    @classmethod
    def new(cls, kind: str, now: dt.datetime, **known: Any) -> Self:
        """Return the state of a new element."""
        return cls(kind, now, now, now, now, now, now, **known)

    @property
    def space(self) -> str:
        """The number space: DBs of all kinds share one, a data type has none."""
        return "DB" if self.kind in (*DATA_KINDS, TECHNOLOGY_KIND) else self.kind

    def to_json(self) -> dict[str, Any]:
        """Return the differences from the default, as JSON data; a time without an entry equals `created`."""
        shown = {name: value for name, default in _DEFAULTS.items() if (value := getattr(self, name)) != default}
        moments = {name: value for name in _MOMENTS if (value := shown.pop(name, None)) not in (None, self.created)}
        moments["created"] = self.created
        return shown | {name: moment.isoformat() for name, moment in moments.items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read the data of `to_json`."""
        made = data["created"] = dt.datetime.fromisoformat(data["created"])
        for name in _MOMENTS:
            found = data.get(name)
            if found is not None:
                data[name] = dt.datetime.fromisoformat(found)
            elif name != "compiled":
                data[name] = made
        for name in ("uses", "types"):
            data[name] = tuple(data.get(name, ()))
        return cls(**data)


_DEFAULTS = {field.name: field.default for field in fields(_State)}
_MOMENTS = ("modified", "code_modified", "interface_modified", "parameter_modified", "structure_modified", "compiled")
