"""The tree of tags, made of their names: points part the levels, brackets hold indexes of arrays."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from openness_bridge.errors import not_found
from runtime_data.values import TagInfo

_STEP = re.compile(r"[^.\[]+|\[[^\]]*\]")


def nodes_below(source: str, tags: Mapping[str, TagInfo], path: str, depth: int = 1) -> list[TagInfo]:
    """Return the nodes below a path, in the order of the tags.

    Args:
        source: The source's name.
        tags: All tags by path.
        path: Where; empty for the top.
        depth: How many levels.

    Raises:
        Problem: There is no such path.
    """
    above = _steps(path)
    found: dict[str, TagInfo] = {}
    is_there = not above
    for each, info in tags.items():
        steps = _steps(each)
        if [step.casefold() for step in steps[: len(above)]] != [step.casefold() for step in above]:
            continue
        is_there = True
        for level in range(len(above) + 1, min(len(steps), len(above) + depth) + 1):
            below = _join(steps[:level])
            known = found.get(below)
            if level == len(steps):
                found[below] = msgspec.structs.replace(info, has_children=known is not None and known.has_children)
            elif known is None:
                found[below] = TagInfo(
                    f"{source}:{below}", steps[level - 1], has_value=False, has_children=True, writable=False
                )
            elif not known.has_children:
                found[below] = msgspec.structs.replace(known, has_children=True)
    if not is_there:
        raise not_found("tag", f"{source}:{path}", [f"{source}:{each}" for each in tags])
    return list(found.values())


def _steps(path: str) -> list[str]:
    return _STEP.findall(path)


def _join(steps: list[str]) -> str:
    return "".join(step if step.startswith("[") or not number else f".{step}" for number, step in enumerate(steps))
