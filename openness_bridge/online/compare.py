"""Compares the program of a PLC with that in its CPU, or with that of another PLC, and names the differences.

TIA Portal gives a tree with a state for each object, no comparison of contents.
Facts: docs/facts/openness-online.md#compare.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, cast

import msgspec

from openness_bridge.errors import Kind, refused_as
from openness_bridge.lookup import LocatedDevice, locate_plc, plc
from openness_bridge.online.online import Via, answer_questions, apply, provider
from openness_bridge.online.prompts import Policy, Prompt, Questions
from openness_bridge.portal.portal import Session
from openness_bridge.values import enum_name

CompareState = Annotated[
    Literal[
        "FolderContentsDifferent",
        "FolderContentsIdentical",
        "FolderContainsDifferencesOwnStateDifferent",
        "FolderContentEqualOwnStateDifferent",
        "ObjectsDifferent",
        "LeftMissing",
        "RightMissing",
        "ObjectsIdentical",
        "CompareIrrelevant",
    ],
    msgspec.Meta(title="CompareState"),
]
_SAME = ("FolderContentsIdentical", "ObjectsIdentical", "CompareIrrelevant")
_OBJECTS = {
    "ObjectsDifferent": "different",
    "LeftMissing": "missing in the project",
    "RightMissing": "missing on the other side",
    "FolderContainsDifferencesOwnStateDifferent": "folder different",
    "FolderContentEqualOwnStateDifferent": "folder different",
}


class Difference(msgspec.Struct, rename="camel", frozen=True):
    """An object that is not the same on both sides.

    Attributes:
        path: Names of the folders down to it, joined by /.
        difference: different, missing in the project, or missing on the other side.
        state: The state that TIA Portal reports.
        detail: TIA Portal's text about it, if any.
    """

    path: str
    name: str
    difference: str
    state: CompareState
    detail: str


class Comparison(msgspec.Struct, rename="camel", frozen=True):
    """A comparison.

    Attributes:
        left: The program in the project.
        right: The other side.
        compared: How many objects there are on either side.
        prompts: The questions that came up, with their answers.
    """

    left: str
    right: str
    identical: bool
    compared: int
    differences: list[Difference]
    prompts: list[Prompt]


def compare_with_online(session: Session, device: str, via: Via, policy: Policy) -> Comparison:
    """Compare with the program in the CPU.

    Raises:
        Problem: The CPU does not answer, or TIA Portal refuses.
    """
    found = locate_plc(session, device)
    configuration = provider(session, found, "OnlineProvider").Configuration
    questions = Questions(session.model, policy)
    with refused_as("compare.refused", Kind.CONFLICT, device=device), answer_questions(configuration, questions):
        apply(configuration, via, device)
        result = found.software.CompareToOnline()
    return _comparison(result, questions.asked)


def compare_with_other(session: Session, device: str, other: str) -> Comparison:
    """Compare with the program of another PLC of the project."""
    with refused_as("compare.refused", Kind.CONFLICT, device=device):
        result = plc(session, device).CompareTo(plc(session, other))
    return _comparison(result, [])


def compare_states(found: LocatedDevice, device: str) -> dict[str, bool]:
    """Return whether each object is the same in the CPU, by casefolded name; the way to the CPU is chosen already.

    Objects of several kinds can share a name: then all of them must be the same.

    Raises:
        Problem: The CPU does not answer, or TIA Portal refuses.
    """
    with refused_as("compare.refused", Kind.CONFLICT, device=device):
        result = found.software.CompareToOnline()
        same: dict[str, bool] = {}
        for element, _ in _leaves(result.RootElement, ()):
            if not _state(element).startswith("Folder"):
                name = str(element.LeftName or element.RightName or "").casefold()
                same[name] = same.get(name, True) and _state(element) in _SAME
    return same


def _comparison(result: Any, asked: list[Prompt]) -> Comparison:
    root = result.RootElement
    leaves = list(_leaves(root, ()))
    differences = [_difference(element, path) for element, path in leaves if _state(element) not in _SAME]
    return Comparison(
        str(root.LeftName or ""),
        str(root.RightName or ""),
        _state(root) in _SAME and not differences,
        sum(not _state(element).startswith("Folder") for element, _ in leaves),
        differences,
        asked,
    )


def _leaves(element: Any, above: tuple[str, ...]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield every object, and every folder whose own state differs, with the names above it."""
    for below in element.Elements:
        name = str(below.LeftName or below.RightName or "")
        if not _state(below).startswith("FolderContents"):
            yield below, above
        yield from _leaves(below, (*above, name))


def _state(element: Any) -> CompareState:
    return cast("CompareState", enum_name(element.ComparisonResult))


def _difference(element: Any, path: tuple[str, ...]) -> Difference:
    name = str(element.LeftName or element.RightName or "")
    state = _state(element)
    detail = str(element.DetailedInformation or "")
    return Difference("/".join(path), name, _OBJECTS.get(state, state), state, detail)
