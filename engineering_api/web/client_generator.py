"""Writes the typed methods of the client, a module for each resource of the catalogue.

Run `python -m engineering_api.web.client_generator` when an operation has changed; a test compares what is committed. It stands
beside the client and not in it, because it must run when what it wrote before cannot be imported any more.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from engineering_api.features.sections import SECTIONS
from engineering_api.operations.declaration import Catalogue, Mode, Operation, metas, module_name

FOLDER = Path(__file__).parents[1] / "client" / "resources"
WIDTH = 120
_CLASSES = "{0} Async{0} Job AsyncJob Resource AsyncResource"
"""The classes that a module has besides those that it imports for its operations."""
NOTE = "Generated from the catalogue by `python -m engineering_api.web.client_generator`."


@dataclass
class Names:
    """The names that a module imports: by name, where from; another of the same name gets its module's name before it."""

    origins: dict[str, str] = field(default_factory=dict)
    used: dict[type, str] = field(default_factory=dict)

    def of(self, kind: type) -> str:
        """How a class is called in the module."""
        if kind.__module__ == "builtins":
            return kind.__name__
        if kind not in self.used:
            name = kind.__name__
            if name in self.origins:
                name = "".join(part.title() for part in module_name(kind.__module__).split("_")) + name
            self.origins[name], self.used[kind] = kind.__module__, name
        return self.used[kind]

    def imports(self) -> Iterator[str]:
        """The import statements."""
        modules: dict[str, list[str]] = {}
        for kind, name in self.used.items():
            shown = kind.__name__ if name == kind.__name__ else f"{kind.__name__} as {name}"
            modules.setdefault(kind.__module__, []).append(shown)
        for module in sorted(modules):
            yield f"from {module} import {', '.join(sorted(modules[module]))}"


def written(kind: Any, names: Names) -> str:
    """A type as it is written in an annotation.

    Raises:
        TypeError: Nothing says how.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return written(arguments[0], names)
    if origin in {Union, types.UnionType}:
        return " | ".join(dict.fromkeys(written(each, names) for each in arguments if each is not msgspec.UnsetType))
    if origin is Literal:
        return f"Literal[{', '.join(quoted(each) for each in arguments)}]"
    if origin is not None:
        inner = ("..." if each is ... else written(each, names) for each in arguments)
        return f"{names.of(origin)}[{', '.join(inner)}]"
    if kind in {Any, msgspec.Raw}:
        return "Any"
    if kind in {None, types.NoneType}:
        return "None"
    if isinstance(kind, type):
        return names.of(kind)
    msg = f"No way to write {kind!r}."
    raise TypeError(msg)


def module(resource: str, operations: list[Operation]) -> str:
    """The text of a resource's module: its operations for both clients."""
    names = Names(dict.fromkeys(_CLASSES.format(_title(resource)).split(), ""))
    classes = [_class(resource, operations, names, awaited=awaited) for awaited in (False, True)]
    has_jobs = any(_job(op) for op in operations)
    body = "\n\n\n".join(classes)
    typing = [name for name in ("Any", "Literal", "overload") if _is_used(name, body)]
    return "\n".join(
        (
            f'"""{_about(operations)}\n\n{NOTE}\n"""\n',
            "from __future__ import annotations\n",
            *([f"from typing import {', '.join(typing)}\n"] if typing else []),
            *(["from engineering_api.client.answers import UNTYPED"] if _is_used("UNTYPED", body) else []),
            *(["from engineering_api.client.jobs import AsyncJob, Job"] if has_jobs else []),
            "from engineering_api.client.resource import AsyncResource, Resource",
            *names.imports(),
            f"\n\n{body}\n",
        )
    )


def index(resources: dict[str, list[Operation]]) -> str:
    """The text of the module that gives a client its resources."""
    classes = []
    for prefix in ("", "Async"):
        properties = "\n".join(
            f'    @property\n    def {name}(self) -> {prefix}{_title(name)}:\n        """{_about(operations)}"""\n'
            f"        return {prefix}{_title(name)}(self)\n"
            for name, operations in resources.items()
        )
        classes.append(
            f'class {prefix}Resources({prefix}Runs):\n    """All operations, by resource."""\n\n{properties}'
        )
    return "\n".join(
        (
            f'"""The resources of a client.\n\n{NOTE}\n"""\n',
            "from __future__ import annotations\n",
            "from engineering_api.client.resource import AsyncRuns, Runs",
            *(
                f"from engineering_api.client.resources.{each} import Async{_title(each)}, {_title(each)}"
                for each in resources
            ),
            "\n\n" + "\n\n".join(classes),
        )
    )


def generate(folder: Path) -> None:
    """Write all modules into a folder; what else is there is removed."""
    resources: dict[str, list[Operation]] = {}
    for op in Catalogue(SECTIONS):
        resources.setdefault(op.name.partition(".")[0], []).append(op)
    folder.mkdir(parents=True, exist_ok=True)
    texts = {name: module(name, operations) for name, operations in sorted(resources.items())}
    texts["__init__"] = index(dict(sorted(resources.items())))
    for stale in {file.stem for file in folder.glob("*.py")} - set(texts):
        (folder / f"{stale}.py").unlink()
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    for command in (["check", "--select", "I", "--fix"], ["format"]):
        tool = [
            sys.executable,
            "-m",
            "ruff",
            *command,
            "--quiet",
            "--line-length",
            str(WIDTH),
            "--no-cache",
            "--isolated",
            str(folder),
        ]
        subprocess.run(tool, check=True)  # noqa: S603 - the project's own formatter


def quoted(value: Any) -> str:
    """A constant as source text."""
    return msgspec.json.encode(value).decode() if isinstance(value, str) else repr(value)


def _is_used(name: str, text: str) -> bool:
    return any(not text[end : end + 1].isalnum() for end in _ends(name, text))


def _ends(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        if not (text[at - 1].isalnum() or text[at - 1] in "_."):
            yield at + len(name)
        at = text.find(name, at + 1)


def _class(resource: str, operations: list[Operation], names: Names, *, awaited: bool) -> str:
    prefix = "Async" if awaited else ""
    head = f'class {prefix}{_title(resource)}({prefix}Resource):\n    """{_about(operations)}"""\n'
    return "\n".join((head, *(_method(op, names, awaited=awaited) for op in operations)))


def _method(op: Operation, names: Names, *, awaited: bool) -> str:
    given = [_Parameter(info, names) for info in msgspec.structs.fields(op.request)]
    answer = written(op.answer, names)
    kind = "UNTYPED" if answer in {"Any", "None"} else answer
    lines = []
    job = f"{'Async' if awaited else ''}Job[{answer}]"
    if _job(op):
        lines += [
            "    @overload",
            _signature(op, given, "wait: Literal[True] = True", answer, awaited) + " ...\n",
            "    @overload",
            _signature(op, given, "wait: Literal[False]", job, awaited) + " ...\n",
        ]
    wait, returned = ("wait: bool = True", f"{answer} | {job}") if _job(op) else ("", answer)
    request = f"{names.of(op.request)}({', '.join(each.passed for each in given)})"
    arguments = f'"{op.name}", {request}, {kind}'
    lines += [_signature(op, given, wait, returned, awaited), _docstring(op, given)]
    await_ = "await " if awaited else ""
    if _job(op):
        lines += [f"        if not wait:\n            return {await_}self._client.start({arguments})"]
    return_ = "" if answer == "None" else "return "
    lines += [f"        {return_}{await_}self._client.run({arguments})\n"]
    return "\n".join(lines)


class _Parameter:
    """A field of a request as a parameter of a method."""

    def __init__(self, info: FieldInfo, names: Names) -> None:
        self.name, kind = info.name, written(info.type, names)
        self.description = next((meta.description for meta in metas(info.type) if meta.description), "")
        self.is_required = info.default is msgspec.NODEFAULT and info.default_factory is msgspec.NODEFAULT
        self.passed = f"{info.name}={info.name}"
        if self.is_required:
            self.declared = f"{info.name}: {kind}"
        elif info.default is msgspec.UNSET:
            self.declared = f"{info.name}: {kind} | UnsetType = UNSET"
            names.used[msgspec.UnsetType] = "UnsetType"
            names.used[_Unset] = "UNSET"
        elif info.default_factory is not msgspec.NODEFAULT:
            self.declared = f"{info.name}: {kind} | None = None"
            self.passed = f"{info.name}={info.name} or {info.default_factory()!r}"
        else:
            self.declared = f"{info.name}: {kind} = {quoted(info.default)}"


class _Unset:
    """Stands for msgspec.UNSET among the imported names."""


_Unset.__name__, _Unset.__module__ = "UNSET", "msgspec"


def _signature(op: Operation, given: list[_Parameter], wait: str, answer: str, awaited: bool) -> str:
    parameters = [each.declared for each in sorted(given, key=lambda each: not each.is_required)]
    stars = ["*"] if given or wait else []
    listed = ", ".join(("self", *stars, *parameters, *([wait] if wait else [])))
    return f"    {'async ' if awaited else ''}def {op.name.partition('.')[2]}({listed}) -> {answer}:"


def _docstring(op: Operation, given: list[_Parameter]) -> str:
    described = [f"{each.name}: {each.description}" for each in given if each.description]
    if _job(op):
        described.append("wait: Whether to wait for the result; without, it is a job.")
    parts = [op.summary, *_paragraphs(op.description)]
    if described:
        parts.append("Args:\n" + "\n".join(_filled(line, 4, 8) for line in described))
    if len(parts) == 1:
        return f'        """{parts[0]}"""'
    text = textwrap.indent("\n\n".join(parts), " " * 8)
    escaped = text.replace("\\", "\\\\")
    return f'        """{escaped.strip()}\n        """'


def _paragraphs(text: str) -> Iterator[str]:
    """The docstring's paragraphs, without what the operation raises inside the server."""
    for paragraph in text.split("\n\n"):
        if paragraph.strip() and not paragraph.startswith(("Raises:", "Args:", "Returns:")):
            yield paragraph


def _filled(line: str, first: int, others: int) -> str:
    return textwrap.fill(
        line,
        WIDTH - 8,
        initial_indent=" " * first,
        subsequent_indent=" " * others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _job(op: Operation) -> bool:
    return any(route.mode is Mode.JOB for route in op.routes)


def _about(operations: list[Operation]) -> str:
    return (sys.modules[operations[0].run.__module__].__doc__ or "").partition("\n")[0]


def _title(resource: str) -> str:
    return "".join(part.title() for part in resource.split("_"))


if __name__ == "__main__":
    generate(FOLDER)
