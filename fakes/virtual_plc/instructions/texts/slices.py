"""Functions of texts as Python expressions, where nothing asks for their ENO.

A slice ends with its text, as the functions do. What is left to test is whether a position or length is below its limit,
which gives an empty result.
"""

from __future__ import annotations

from dataclasses import replace

from virtual_plc.code.python_text import Text, expression, join_pieces


def join(most: int, *texts: Text) -> Text:
    """Return CONCAT; `most` is how many characters its target holds, here and below."""
    return _cut(join_pieces("{} + {}", texts), texts, most)


def cut_left(most: int, text: Text, length: Text) -> Text:
    """Return LEFT."""
    return _tested(_cut(expression("{}[:{}]", text, length), [text], most, length), (length, 0))


def cut_right(most: int, text: Text, length: Text) -> Text:
    """Return RIGHT; a slice from -0 on would be the whole text."""
    return _tested(_cut(expression("{}[-{}:]", text, length), [text], most, length), (length, 1))


def middle(most: int, text: Text, length: Text, place: Text) -> Text:
    """Return MID."""
    found = expression("{0}[{1} - 1:{1} - 1 + {2}]", text, place, length)
    return _tested(_cut(found, [text], most, length), (length, 0), (place, 1))


def delete(most: int, text: Text, length: Text, place: Text) -> Text:
    """Return DELETE."""
    found = expression("{0}[:{1} - 1] + {0}[{1} - 1 + {2}:]", text, place, length)
    return _tested(_cut(found, [text], most), (length, 0), (place, 1))


def insert(most: int, text: Text, other: Text, place: Text) -> Text:
    """Return INSERT."""
    found = expression("{0}[:{2}] + {1} + {0}[{2}:]", text, other, place)
    return _tested(_cut(found, [text, other], most), (place, 0))


def substitute(most: int, text: Text, other: Text, length: Text, place: Text) -> Text:
    """Return REPLACE."""
    found = expression("{0}[:{2} - 1] + {1} + {0}[{2} - 1 + {3}:]", text, other, place, length)
    return _tested(_cut(found, [text, other], most), (length, 0), (place, 1))


def _cut(found: Text, parts: list[Text] | tuple[Text, ...], most: int, length: Text | None = None) -> Text:
    """Return a text with at most so many characters, cut where its parts and its length do not make sure of that."""
    known = [each.longest for each in parts if each.longest is not None]
    longest = sum(known) if len(known) == len(parts) else most + 1
    if length is not None and length.range is not None:
        longest = min(longest, max(length.range[1], 0))
    if longest <= most:
        return replace(found, longest=longest)
    return expression("{}[:{}]", found, most, longest=most)


def _tested(found: Text, *numbers: tuple[Text, int]) -> Text:
    """Return a text where numbers are not below their limits, else an empty one."""
    tests = [expression("{} >= {}", *each) for each in numbers if each[0].range is None or each[0].range[0] < each[1]]
    if not tests:
        return found
    return expression("{} if {} else ''", found, join_pieces("{} and {}", tests), longest=found.longest)
