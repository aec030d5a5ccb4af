"""Answers of tools: small enough for a model, and where the whole is when they are cut."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import Any

import msgspec

from engineering_api.features.blocks import blocks_operations
from engineering_api.operations import wire
from engineering_api.operations.declaration import name_of
from openness_bridge.errors import Kind, Problem

BUDGET = 12_000
"""Characters of an answer, some 3,000 tokens; what is longer is cut, and kept as a resource."""
PAGE = 12_000
"""Characters of one page of a resource."""
MARKUP = {"rawXml"}
"""Fields that hold a file."""
NEXT = {
    "project.none": "open_project opens one and create_project makes one, where changes are allowed.",
    "project.not_saved": "save_project saves it.",
    "device.not_found": "list_devices shows which there are.",
    "block.not_found": "list_blocks shows which there are.",
    "tag_table.not_found": "get_project_overview shows which there are.",
    "tag.not_found": "list_all_tags shows which there are.",
    "udt.not_found": "get_project_overview shows which there are.",
    "docs.not_found": "read_resource with tia://docs lists them.",
}
"""What a model can do about a problem, by its code, where the problem's own words are for clients of all kinds."""
KEPT = 64
KEPT_CHARACTERS = 32 << 20
A_LITTLE = 24
"""Characters that any member gets; numbers need no more."""
NOTES = 20
"""Notes of cut parts that an answer carries."""


class ToolAnswer(msgspec.Struct, kw_only=True):
    """What a tool answers.

    Attributes:
        text: The answer for a reader: its JSON, or what went wrong.
        structured: The answer for a program: result, and next to it cut, resource, job or change; or error.
        resource: Where the whole is when the result had to be cut; empty otherwise.
        is_error: Whether the call was refused or failed.
        code: The problem's code.
    """

    text: str
    structured: dict[str, Any]
    resource: str = ""
    is_error: bool = False
    code: str = ""


class Results:
    """Whole answers that were too large, for those who got them; the oldest go when there are many."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._kept: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def keep(self, owner: str, text: str) -> str:
        """Keep a text for a caller. Returns its URI."""
        number = secrets.token_hex(6)
        self._kept[number] = (owner, text)
        while len(self._kept) > KEPT or sum(len(each) for _, each in self._kept.values()) > KEPT_CHARACTERS:
            self._kept.popitem(last=False)
        return f"tia://results/{number}"

    def get(self, owner: str, number: str) -> str:
        """Return a text that was kept for this caller.

        Raises:
            Problem: There is none, or not any more.
        """
        found = self._kept.get(number)
        if found is None or found[0] != owner:
            raise Problem(
                "resource.not_found",
                f"The result '{number}' is no longer available: call the tool again.",
                kind=Kind.MISSING,
            )
        return found[1]


def answer_success(answer: bytes, owner: str, results: Results, **fields: Any) -> ToolAnswer:
    """Return the answer to a call that went well.

    Args:
        answer: Its result, encoded.
        owner: The caller, who alone may read what is kept.
        results: Where the whole is kept if it is too large.
        fields: Further fields, such as change.
    """
    cut: list[str] = []
    result = _readable(msgspec.json.decode(answer), cut, "")
    structured = {"result": result} | {name: value for name, value in fields.items() if value is not None}
    if _size(result) <= BUDGET:
        structured |= {"cut": cut} if cut else {}
        return ToolAnswer(text=_text(structured), structured=structured)
    whole = result if isinstance(result, str) else answer.decode()
    resource = results.keep(owner, whole)
    structured["result"] = fit(result, BUDGET, cut)
    more = [f"and {len(cut) - NOTES} more"] if len(cut) > NOTES else []
    structured |= {"cut": [*cut[:NOTES], *more], "resource": resource}
    return ToolAnswer(text=_text(structured), structured=structured, resource=resource)


def answer_failure(problem: Problem) -> ToolAnswer:
    """Return the answer to a call that was refused or failed: code, message, place, and every cause."""
    fault = msgspec.json.decode(wire.encode(wire.fault(problem)))
    lines = [f"{problem.message} [{problem.code}]"]
    lines += [NEXT[problem.code]] if problem.code in NEXT else []
    lines += [f"- {each.message} {_place(each.place)}".rstrip() for each in problem.details]
    if problem.place:
        lines.append(f"at {_place(problem.place)}")
    cut: list[str] = []
    structured: dict[str, Any] = {"error": fit(fault, BUDGET, cut)}
    if problem.code in NEXT:
        structured["next"] = NEXT[problem.code]
    if cut:
        structured["cut"] = cut[:NOTES]
    return ToolAnswer(text="\n".join(lines)[:BUDGET], structured=structured, is_error=True, code=problem.code)


def fit(value: Any, budget: int, cut: list[str], pointer: str = "") -> Any:
    """Return as much of a JSON value as fits: small parts whole, of the others the beginning.

    Args:
        value: The value.
        budget: Characters of its JSON that are allowed.
        cut: Where left out parts are noted, with their place.
        pointer: The value's own place, as a JSON pointer.
    """
    if _size(value) <= budget:
        return value
    if isinstance(value, str):
        return _fit_text(value, budget, cut, pointer)
    if isinstance(value, list):
        return _fit_list(value, budget, cut, pointer)
    if isinstance(value, dict):
        return _fit_object(value, budget, cut, pointer)
    return value


def _readable(value: Any, cut: list[str], pointer: str) -> Any:
    """Return a value without the files in it, and what else says nothing to a reader that its other parts do not."""
    if isinstance(value, list):
        return [_readable(each, cut, f"{pointer}/{number}") for number, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    where = name_of(blocks_operations.export_xml)
    cut += [f"{pointer}/{name}: SimaticML, which {where} gives" for name in value if name in MARKUP]
    said = _once(value)
    return {name: _readable(each, cut, f"{pointer}/{name}") for name, each in said.items() if name not in MARKUP}


def _once(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object without what says the same again, less clearly.

    That is the second name of a source, the editor's line number of a finding that has a line of the source as it was sent,
    and the tree behind a compilation's list of findings.
    """
    if value.get("sourceText") == value.get("content") is not None:
        return {name: each for name, each in value.items() if name != "sourceText"}
    if isinstance(value.get("codeLine"), int) and value.get("line") is not None:
        return {name: each for name, each in value.items() if name != "codeLine"}
    if (findings := value.get("diagnostics")) and isinstance(report := value.get("result"), dict):
        if report.get("errorCount", 0) + report.get("warningCount", 0) > len(findings):
            return value
        return value | {"result": {name: each for name, each in report.items() if name != "messages"}}
    return value


def _fit_list(value: list[Any], budget: int, cut: list[str], pointer: str) -> list[Any]:
    kept: list[Any] = []
    left = budget - 1  # the brackets, less the comma that the last item has not
    for item in value:
        size = _size(item) + 1
        if size > left:
            break
        left -= size
        kept.append(item)
    if not kept and value:
        kept = [fit(value[0], budget, cut, f"{pointer}/0")]
    if len(kept) < len(value):
        cut.append(f"{pointer or '/'}: the first {len(kept)} of {len(value)} items")
    return kept


def _fit_text(value: str, budget: int, cut: list[str], pointer: str) -> str:
    kept = value[: max(0, budget - 2)]
    while kept and (size := _size(kept)) > budget:  # what is escaped takes more room
        kept = kept[: min(len(kept) - 1, len(kept) * budget // size)]
    cut.append(f"{pointer or '/'}: the first {len(kept)} of {len(value)} characters")
    return kept


def _fit_object(value: dict[str, Any], budget: int, cut: list[str], pointer: str) -> dict[str, Any]:
    """Fit an object's members: small ones leave what they do not need to the large ones."""
    names = _affordable(value, budget)
    if len(names) < len(value):
        cut.append(f"{pointer or '/'}: the first {len(names)} of {len(value)} members")
    shares: dict[str, int] = {}
    left = budget - 2 - sum(_size(name) + 2 for name in names)
    for number, name in enumerate(sorted(names, key=lambda each: _size(value[each]))):
        shares[name] = max(0, min(_size(value[name]), left // (len(names) - number)))
        left -= shares[name]
    return {name: fit(value[name], shares[name], cut, f"{pointer}/{name}") for name in names}


def _affordable(value: dict[str, Any], budget: int) -> list[str]:
    """Return the first members of which each can have at least a little room."""
    names: list[str] = []
    left = budget - 2
    for name, each in value.items():
        left -= _size(name) + 2 + min(_size(each), A_LITTLE)
        if left < 0:
            break
        names.append(name)
    return names


def _size(value: Any) -> int:
    return len(msgspec.json.encode(value))


def _text(structured: dict[str, Any]) -> str:
    return msgspec.json.encode(structured).decode()


def _place(place: Any) -> str:
    known = msgspec.to_builtins(place) or {}
    return ", ".join(f"{name} {value}" for name, value in known.items() if value is not None)
