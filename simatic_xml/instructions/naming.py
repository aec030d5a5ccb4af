"""Instructions whose name says everything: `INT_TO_REAL`, made from the table of the conversions that exist.

`conversions.json` has the pairs; a pair that it lacks does not exist. Pairs that the tables of explicit conversions lack (help
of TIA Portal, Data type conversion for S7-1500) are unverified; S7-1200 is taken to be like S7-1500.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from simatic_xml.instructions.model import Instruction, Parameter
from simatic_xml.program.types.types import ELEMENTARY

_ALL = {"S7-1200": "", "S7-1500": "", "S7-300": "", "S7-400": ""}
_LONG_NAMES = {"TIME_OF_DAY": "TOD", "LTIME_OF_DAY": "LTOD", "DATE_AND_TIME": "DT", "DATE_AND_LTIME": "LDT"}
_TEXTS = {"STRING": "String", "WSTRING": "WString", "DTL": "DTL"}


@cache
def _table() -> Any:
    return json.loads(Path(__file__).with_name("conversions.json").read_text(encoding="utf-8"))


@cache
def conversions() -> Mapping[str, tuple[str, str]]:
    """Return the names of all conversions with the words of their source and target (`INT_TO_REAL`: INT, REAL)."""
    rows = _table()["targets"]
    return {f"{source}_TO_{target}": (source, target) for source in rows for target in rows[source].split()}


@lru_cache(maxsize=4096)
def conversion(name: str) -> Instruction | None:
    """Return the conversion of a name, without regard to case; None when there is none of that name."""
    pair = next((each for each in _splits(name.upper()) if "_TO_".join(each) in conversions()), None)
    if pair is None:
        return None
    source, target = pair
    return Instruction(
        name=f"{source}_TO_{target}",
        group="convert",
        parameters=(Parameter("IN", "Input", _type(source, target)),),
        result=_type(target, source),
        families=_families(source, target),
        languages=("SCL",),
        mark="U" if target in _table()["undocumented"].get(source, "").split() else "S",
    )


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """Yield each way to read a name as source and target; long names of types become their short ones."""
    words = name.split("_TO_")
    for index in range(1, len(words)):
        source, target = "_TO_".join(words[:index]), "_TO_".join(words[index:])
        yield _LONG_NAMES.get(source, source), _LONG_NAMES.get(target, target)


def _type(word: str, other: str) -> str:
    """Return the data type of a word; BCD alone is as wide as the number at the other side."""
    if word == "BCD":
        return str(_table()["decimal"][other])
    elementary = ELEMENTARY.get(word)
    return elementary.name if elementary else _TEXTS.get(word) or str(_table()["types"][word])


def _families(source: str, target: str) -> dict[str, str]:
    """Return the CPU families that have both types."""
    found = dict(_ALL)
    for words, text in _table()["families"].items():
        if {source, target} & set(words.split()):
            having = dict(word.partition(":")[::2] for word in text.split())
            found = {family: max(least, having[family]) for family, least in found.items() if family in having}
    return found
