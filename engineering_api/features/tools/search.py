"""Finds tools by words: those in a name weigh more than those in a description, rare ones more than common ones."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from engineering_api.features.tools.tool import Tool

_WORD = re.compile(r"[^\W_]+")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
IN_NAME, IN_SUMMARY, IN_REST = 4.0, 2.0, 0.5


def find(tools: Sequence[Tool], text: str, limit: int) -> list[Tool]:
    """Return the tools that fit a text, best first; those with more of its words before the others."""
    words = list(dict.fromkeys(map(_stem, _words(text))))
    weights = [_weights(tool) for tool in tools]
    scores = [0.0] * len(tools)
    for word in words:
        found = {number: score for number, each in enumerate(weights) if (score := _score(each, word))}
        for number, score in found.items():
            scores[number] += score * math.log(1 + len(tools) / len(found))
    best = sorted((-score, number) for number, score in enumerate(scores) if score)
    return [tools[number] for _, number in best[:limit]]


def _score(weights: dict[str, float], word: str) -> float:
    return max((weight for known, weight in weights.items() if known == word or _continues(known, word)), default=0.0)


def _continues(known: str, word: str) -> bool:
    return len(word) > 2 and known.startswith(word)


def _weights(tool: Tool) -> dict[str, float]:
    first, _, rest = tool.description.partition("\n")
    fields = " ".join(tool.input_schema.get("properties", {}))
    weights: dict[str, float] = {}
    for text, weight in (
        (f"{rest} {fields}", IN_REST),
        (first, IN_SUMMARY),
        (f"{tool.name} {tool.operation}", IN_NAME),
    ):
        weights.update(dict.fromkeys(map(_stem, _words(text)), weight))
    return weights


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_CAPITAL.sub(" ", text))]


def _stem(word: str) -> str:
    """Return a word without the plural's s, so that tables finds table."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
