"""What is known of a block or data type without reading its content: one line of program.json.

Opening a project of 50,000 blocks reads these lines only; the SimaticML of a
block is read when somebody asks for it.
Facts: openness-map 3.3 (attributes), tia-rules 2 and 7 (dates of a UDT).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any, Self

CODE_KINDS = ("OB", "FB", "FC")
DATA_KINDS = ("GlobalDB", "InstanceDB", "ArrayDB")
BLOCK_KINDS = CODE_KINDS + DATA_KINDS
TYPE_KIND = "UDT"


@dataclass(frozen=True, slots=True)
class _State:
    """The state of one program element.

    Attributes:
        kind: OB, FB, FC, GlobalDB, InstanceDB, ArrayDB or UDT.
        created: When it was made; the other moments are those of the last change of that sort.
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

    @classmethod
    def new(cls, kind: str, now: dt.datetime, **known: Any) -> Self:
        """The state of an element that is made now."""
        return cls(kind, now, now, now, now, now, now, **known)

    @property
    def space(self) -> str:
        """The number space: DBs of all kinds share one, a data type has none."""
        return "DB" if self.kind in DATA_KINDS else self.kind

    def to_json(self) -> dict[str, Any]:
        """What differs from the default, as JSON data."""
        shown = {field.name: getattr(self, field.name) for field in fields(self) if not _is_default(self, field)}
        return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in shown.items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` gave."""
        for name in _MOMENTS & data.keys():
            data[name] = dt.datetime.fromisoformat(data[name])
        for name in ("uses", "types"):
            data[name] = tuple(data.get(name, ()))
        return cls(**data)


def _is_default(state: _State, field: Any) -> bool:
    return bool(getattr(state, field.name) == field.default)


_MOMENTS = {"created", "modified", "code_modified", "interface_modified", "parameter_modified",
            "structure_modified", "compiled"}  # fmt: skip
