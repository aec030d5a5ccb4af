"""Search in the documentation: paragraphs under one heading are one place, rare words weigh more."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import msgspec

from engineering_api.documentation.pages import Page, pages
from engineering_api.operations.catalogue import Catalogue

LONGEST_SNIPPET = 400
IN_HEADING = 3.0
"""How much more a word weighs in a heading than in the text."""
IDLE = frozenset(
    {"a", "all", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "have", "how", "i", "in", "is",
     "it", "me", "my", "of", "on", "or", "the", "this", "to", "use", "want", "what", "when", "where", "which", "with", "you"}
)  # fmt: skip
"""Words of a question that say nothing about the subject."""
LONG = 3
"""Letters of a word above which a last s is taken for a plural."""
_WORD = re.compile(r"[^\W_]+")
_FOLD = re.compile(r"^</?(?:details|summary)\b.*\n?", re.MULTILINE)
"""Lines that fold a part of a page."""
_HEADING = re.compile(r"^#{1,3} ", re.MULTILINE)


class Match(msgspec.Struct, rename="camel", frozen=True):
    """A place in the documentation that fits a question.

    Attributes:
        section: The section's name, for GET /api/docs/sections/{sectionName}.
        snippet: Markdown: the heading and the first fitting lines.
        relevance: 1 for the best place, less for others.
    """

    section: str
    title: str
    snippet: str
    relevance: float


@dataclass(frozen=True, slots=True)
class _Place:
    """The text under one heading, and its words with their weights."""

    page: Page
    heading: str
    text: str
    weights: dict[str, float]


def search(catalogue: Catalogue, query: str, limit: int) -> list[Match]:
    """Return the places that fit a question, best first; places with all of its words before the others.

    Words match from their beginning and without regard to case.
    """
    asked = list(dict.fromkeys(_words(query)))
    words = [_stem(word) for word in asked if word not in IDLE] or asked
    places = _places(catalogue)
    found = {word: _weights(places, word) for word in words}
    scores: dict[int, float] = {}
    for word, weights in found.items():
        rarity = math.log(1 + len(places) / max(1, len(weights)))
        for number, weight in weights.items():
            share = 1 + sum(number in found[other] for other in words if other != word)
            scores[number] = scores.get(number, 0) + rarity * weight / (weight + 1) * share * share
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return [_match(places[number], words, score / best[0][1]) for number, score in best]


def _weights(places: tuple[_Place, ...], word: str) -> dict[int, float]:
    """Return the places that have a word, by number, and how much."""
    sums = {
        number: sum(weight for known, weight in place.weights.items() if known.startswith(word))
        for number, place in enumerate(places)
    }
    return {number: weight for number, weight in sums.items() if weight}


@lru_cache(maxsize=2)
def _places(catalogue: Catalogue) -> tuple[_Place, ...]:
    return tuple(_place(page, part) for page in pages(catalogue) for part in _parts(page.content))


def _parts(content: str) -> list[str]:
    starts = [0, *(found.start() for found in _HEADING.finditer(content)), len(content)]
    return [content[a:b] for a, b in pairwise(starts) if content[a:b].strip()]


def _place(page: Page, part: str) -> _Place:
    heading, _, text = part.partition("\n") if _HEADING.match(part) else ("", "", part)
    text = _FOLD.sub("", text)
    weights = Counter[str](_words(text))
    weighted = {word: float(count) for word, count in weights.items()}
    for word in _words(heading):
        weighted[word] = weighted.get(word, 0) + IN_HEADING
    return _Place(page, heading.lstrip("# "), text.strip(), weighted)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _stem(word: str) -> str:
    """Return a word without the s of a plural, so that it fits the singular too."""
    return word[:-1] if len(word) > LONG and word.endswith("s") else word


def _match(place: _Place, words: list[str], relevance: float) -> Match:
    lines = [line for line in place.text.splitlines() if line.strip() and not line.startswith("```")]
    first = next(
        (n for n, line in enumerate(lines) if any(known.startswith(tuple(words)) for known in _words(line))), 0
    )
    text = "\n".join(lines[first : first + 6])
    short = text if len(text) <= LONGEST_SNIPPET else f"{text[:LONGEST_SNIPPET].rstrip()} …"
    snippet = f"**{place.heading}**\n{short}".strip() if place.heading else short
    return Match(place.page.name, place.page.title, snippet, round(relevance, 3))
