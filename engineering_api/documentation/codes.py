"""Collects a page for each stable code: of errors, of messages of the compilers, and of lint rules.

`tia explain` prints these pages, and answers link them, also where the project is installed without docs and sources. The pages about findings
come from docs/diagnostics and docs/lint.md. Errors have no such table: their sentences are in the code that raises them.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engineering_api.web.statuses import STATUS
from openness_bridge.errors import Kind

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("engineering_api", "runtime_data", "openness_bridge", "simatic_xml")
_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_QUOTED = re.compile(rf"""["']{_CODE.pattern}["']|not_found\(""")
"""What a module has that raises an error by a code: parsing all modules takes seconds."""
_RULE = re.compile(r"^### (L\d{3}) ([\w-]+)\n(.*?)(?=^### |^## |\Z)", re.MULTILINE | re.DOTALL)
_FIRST = {"Problem", "HttpProblem", "Detail", "refused_as"}
"""Callables whose first argument is a code."""
FROM_PORTAL = "The sentence comes from TIA Portal, or from the operation that failed."


@dataclass
class Raised:
    """What the code says about an error.

    Attributes:
        kinds: What a caller can do about it.
    """

    sentences: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


def text(root: Path = ROOT) -> str:
    """Return the pages by code, as JSON."""
    return json.dumps(dict(sorted(pages(root).items())), ensure_ascii=False, indent=0) + "\n"


def pages(root: Path = ROOT) -> dict[str, dict[str, str]]:
    """Return the pages by code.

    Args:
        root: The project's folder.
    """
    errors = {code: _of_error(raised) for code, raised in _raised(root).items()}
    found = {code: {"text": about} for code, about in errors.items()}
    for page in sorted((root / "docs").glob("**/*.md")):
        if page.parent.name in {"docs", "diagnostics"}:
            for code, about in _rows(page.read_text(encoding="utf-8")):
                found[code] = {
                    "text": f"{about}\n{errors[code]}" if code in errors else about,
                    "page": _address(root, page),
                }
    for number, name, body in _RULE.findall((root / "docs/lint.md").read_text(encoding="utf-8")):
        place = f"lint.html#{number.casefold()}-{name}"
        found[number] = {"also": name, "text": f"{name}: {body.strip()}", "page": place}
    return found


def _address(root: Path, page: Path) -> str:
    """Return where the documentation site has a page, below `/docs/`."""
    return page.relative_to(root / "docs").with_suffix(".html").as_posix()


# -- tables of the documentation ----------------------------------------------------------


def _rows(page: str) -> Iterator[tuple[str, str]]:
    """Yield the rows of the tables whose first column is called code."""
    head: list[str] = []
    for line in page.splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            head = []
        elif not head:
            head = cells if cells[0] == "code" else ["-"]
        elif head[0] == "code" and _CODE.fullmatch(code := cells[0].strip("`")):
            yield code, "\n".join(_line(name, cell) for name, cell in zip(head[1:], cells[1:], strict=False) if cell)


def _line(name: str, cell: str) -> str:
    return f"{name[:1].upper()}{name[1:]}: {cell}"


# -- sentences of the code ----------------------------------------------------------------


def _raised(root: Path) -> dict[str, Raised]:
    found: dict[str, Raised] = {}
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*.py")):
            if "resources" not in file.parts and _QUOTED.search(source := file.read_text(encoding="utf-8")):
                _read(ast.parse(source), {}, found)
    return found


def _read(scope: ast.AST, names: dict[str, str], found: dict[str, Raised]) -> None:
    """Read the calls of a module or function in their order, with the sentence that a name such as msg has there."""
    waiting = list(_children(scope))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            _read(node, names.copy(), found)
            continue
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and (said := _text(node.value)):
            names[node.targets[0].id] = said
        elif isinstance(node, ast.Call):
            _read_call(node, names, found)
        waiting.extend(_children(node))


def _children(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node, the last one first."""
    return [*ast.iter_child_nodes(node)][::-1]


def _read_call(call: ast.Call, names: dict[str, str], found: dict[str, Raised]) -> None:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called == "not_found" and call.args and (kind := _text(call.args[0])):
        _note(found, f"{kind.replace(' ', '_')}.not_found", f"There is no {kind} of this name.", "MISSING")
        return
    for at, argument in enumerate(call.args):
        code = argument.value if isinstance(argument, ast.Constant) else None
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            continue
        said = _sentence(call.args[at + 1], names) if len(call.args) > at + 1 else ""
        if said or (called in _FIRST and at == 0):
            _note(found, code, said, _kind(call))


def _sentence(value: ast.expr, names: dict[str, str]) -> str:
    said = names.get(value.id, "") if isinstance(value, ast.Name) else _text(value)
    return said if " " in said else ""


def _text(value: ast.expr) -> str:
    """Return a text with an ellipsis for each part that is known only at run time."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in value.values)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return _text(value.left) + _text(value.right)
    return ""


def _kind(call: ast.Call) -> str:
    for value in (*call.args, *(each.value for each in call.keywords)):
        if isinstance(value, ast.Attribute) and getattr(value.value, "id", "") == "Kind":
            return value.attr
    return ""


def _note(found: dict[str, Raised], code: str, said: str, kind: str) -> None:
    raised = found.setdefault(code, Raised())
    if said and said not in raised.sentences:
        raised.sentences.append(said)
    if kind and kind not in raised.kinds:
        raised.kinds.append(kind)


def _of_error(raised: Raised) -> str:
    kinds = raised.kinds or ["REFUSED"]
    known = advice()
    lines = [f"Messages: {(raised.sentences or [FROM_PORTAL])[0]}"]
    lines += [f"          {sentence}" for sentence in raised.sentences[1:]]
    lines += [f"What to do: {known[kind]}" for kind in kinds]
    lines += [f"HTTP status: {', '.join(str(STATUS[Kind[kind]]) for kind in kinds)}"]
    return "\n".join(lines)


def advice() -> dict[str, str]:
    """Return what a caller can do about each kind of problem, from the documentation of the kinds."""
    page = " ".join((Kind.__doc__ or "").partition("Attributes:")[2].split())
    parts = re.split(r"\b([A-Z_]{4,}): ", page)[1:]
    return {name: about.strip() for name, about in zip(parts[::2], parts[1::2], strict=True)}
