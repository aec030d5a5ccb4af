"""Names of tags: with points, as the service writes them, and quoted, as the Web API of a CPU takes them.

`Data.motor.speed` is `"Data".motor.speed`. A name with signs that no identifier has is quoted in both: `"Clock_2.5Hz"`.
Facts: docs/facts/webapi.md#addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product

from runtime_data.webapi import codes

LONGEST = 1000
"""Characters of a path."""
_STEP = re.compile(r'(?:"(?P<quoted>[^"]+)"|(?P<plain>[^".\[\]]+))|\[(?P<index>-?\d+(?: *, *-?\d+){0,5})\]|(?P<dot>\.)')
_PLAIN = re.compile(r"[^\W\d]\w*")
Step = str | tuple[int, ...]
"""A name, or the indexes of an element of an array."""


class AddressError(ValueError):
    """A text is no name of a tag.

    Attributes:
        code: The Web API's error code of that.
    """

    code = codes.INVALID_ADDRESS


def parse(text: str) -> tuple[Step, ...]:
    """Return the steps of a path or of an address of the Web API.

    Raises:
        AddressError: It is neither.
    """
    steps: list[Step] = []
    at, after_dot = 0, True
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None or len(text) > LONGEST:
            raise AddressError(text)
        at = found.end()
        if found["index"] is not None:
            if after_dot:
                raise AddressError(text)
            steps.append(tuple(int(each) for each in found["index"].split(",")))
        elif found["dot"] is not None:
            if after_dot:
                raise AddressError(text)
            after_dot = True
        elif after_dot:
            steps.append(found["quoted"] or found["plain"])
            after_dot = False
        else:
            raise AddressError(text)
    if after_dot and steps:
        raise AddressError(text)
    return tuple(steps)


def to_path(steps: Sequence[Step]) -> str:
    """Return the path of steps, as the service writes it."""
    return _join(_name(each) if isinstance(each, str) else _indexes(each) for each in steps)


def to_address(steps: Sequence[Step]) -> str:
    """Return the address of steps, as the Web API takes it: the first name is always quoted."""
    texts = [_name(each) if isinstance(each, str) else _indexes(each) for each in steps]
    if texts and not texts[0].startswith('"'):
        texts[0] = f'"{texts[0]}"'
    return _join(texts)


def fold(path: str) -> str:
    """Return what two spellings of one path have in common: case, quotes and blanks do not matter.

    Raises:
        AddressError: It is none.
    """
    return to_path(parse(path)).casefold()


def elements(dimensions: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return the indexes of all elements of an array, by the first index and the count of each dimension."""
    return list(product(*(range(start, start + count) for start, count in dimensions)))


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else f'"{name}"'


def _indexes(indexes: Sequence[int]) -> str:
    return f"[{','.join(str(each) for each in indexes)}]"


def _join(texts: Iterable[str]) -> str:
    whole = ""
    for text in texts:
        whole += text if text.startswith("[") or not whole else f".{text}"
    return whole
