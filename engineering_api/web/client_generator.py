"""Makes the typed methods of the client, a module for each resource of the catalogue.

`python3 dev.py generate` runs it. It is next to the client and not in it, because it must run when the modules that it
made before are missing or cannot be imported any more. It needs no formatter: a server is installed without one.
"""

from __future__ import annotations

import re
import sys
import textwrap
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Operation, module_name
from engineering_api.operations.fields import metas
from engineering_api.operations.terms import Mode

WIDTH = 120
OWN = {"engineering_api", "runtime_data", "openness_bridge", "simatic_xml"}
"""The packages of this project."""
_CLASSES = "{0} Async{0} Job AsyncJob Resource AsyncResource"
"""The classes that a module has besides those that it imports for its operations."""
NOTE = "Generated from the catalogue by `python3 dev.py generate`."


@dataclass
class Names:
    """The names that a module imports: by name, where from; another of the same name gets its module's name before it."""

    origins: dict[str, str] = field(default_factory=dict)
    used: dict[type, str] = field(default_factory=dict)

    def of(self, kind: type) -> str:
        """Return how a class is called in the module."""
        if kind.__module__ == "builtins":
            return kind.__name__
        if kind not in self.used:
            name = kind.__name__
            if name in self.origins:
                name = "".join(part.title() for part in module_name(kind.__module__).split("_")) + name
            self.origins[name], self.used[kind] = kind.__module__, name
        return self.used[kind]

    def imports(self, *others: tuple[str, str]) -> str:
        """Return the import statements of these and of other names, given as module and name."""
        wanted = {(kind.__module__, _format_import(kind, name)) for kind, name in self.used.items()} | set(others)
        modules: dict[str, list[str]] = {}
        for module, name in sorted(wanted):
            modules.setdefault(module, []).append(name)
        sections: dict[int, list[str]] = {}
        for module, names in modules.items():
            sections.setdefault(_section(module), []).extend(_import(module, names))
        return "\n\n".join("\n".join(sections[number]) for number in sorted(sections))


def format_type(kind: Any, names: Names) -> str:
    """Return a type as it is written in an annotation.

    Raises:
        TypeError: Nothing says how.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return format_type(arguments[0], names)
    if origin in {Union, types.UnionType}:
        return " | ".join(
            dict.fromkeys(format_type(each, names) for each in arguments if each is not msgspec.UnsetType)
        )
    if origin is Literal:
        return f"Literal[{', '.join(quote(each) for each in arguments)}]"
    if origin is not None:
        inner = ("..." if each is ... else format_type(each, names) for each in arguments)
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
    """Return the text of a resource's module: its operations for both clients."""
    names = Names(dict.fromkeys(_CLASSES.format(_title(resource)).split(), ""))
    classes = [_class(resource, operations, names, awaited=awaited) for awaited in (False, True)]
    has_jobs = any(_job(op) for op in operations)
    body = "\n\n".join(classes)
    others = [("typing", name) for name in ("Any", "Literal") if _is_used(name, body)]
    if "@overload" in body:  # the word alone may be a value
        others.append(("typing", "overload"))
    if _is_used("UNTYPED", body):
        others.append(("engineering_api.client.answers", "UNTYPED"))
    if has_jobs:
        others += [("engineering_api.client.jobs", name) for name in ("AsyncJob", "Job")]
    others += [("engineering_api.client.resource", name) for name in ("AsyncResource", "Resource")]
    return _text(_about(operations), names.imports(*others), body)


def index(resources: dict[str, list[Operation]]) -> str:
    """Return the text of the module that gives a client its resources."""
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
    home = "engineering_api.client.resource"
    others = [(f"{home}s.{each}", f"{prefix}{_title(each)}") for each in resources for prefix in ("Async", "")]
    imports = Names().imports((home, "AsyncRuns"), (home, "Runs"), *others)
    return _text("The resources of a client.", imports, "\n\n".join(classes))


def modules(catalogue: Catalogue) -> dict[str, str]:
    """Return the text of each module by its file's name."""
    resources: dict[str, list[Operation]] = {}
    for op in sorted(catalogue, key=lambda op: op.name.partition(".")[0]):
        resources.setdefault(op.name.partition(".")[0], []).append(op)
    made = {f"{name}.py": module(name, operations) for name, operations in resources.items()}
    return {"__init__.py": index(resources)} | made


_CHOICE = re.compile(r"(.*?Literal\[)([^\[\]]*)\](.*)")
"""A parameter that takes one of some words."""


def quote(value: Any) -> str:
    """Return a constant as source text."""
    return msgspec.json.encode(value).decode() if isinstance(value, str) else repr(value)


def _text(about: str, imports: str, body: str) -> str:
    head = f'"""{about}\n\n{NOTE}\n"""\n\nfrom __future__ import annotations'
    return f"{head}\n\n{imports}\n\n\n{body.rstrip()}\n"


def _format_import(kind: type, name: str) -> str:
    return name if name == kind.__name__ else f"{kind.__name__} as {name}"


def _section(module: str) -> int:
    """Return the section of an import: Python's first, then those of others, then this project's."""
    package = module.partition(".")[0]
    return 0 if package in sys.stdlib_module_names else 2 if package in OWN else 1


def _import(module: str, names: list[str]) -> Iterator[str]:
    """Yield the statements that import names of a module: renamed ones each by itself, constants before classes."""
    plain = [name for name in names if " as " not in name]
    if plain:
        ordered = sorted(plain, key=lambda name: (not name.isupper(), name[0].islower(), name.casefold()))
        line = f"from {module} import {', '.join(ordered)}"
        entries = "\n".join(f"    {name}," for name in ordered)
        yield line if len(line) <= WIDTH else f"from {module} import (\n{entries}\n)"
    yield from (f"from {module} import {name}" for name in names if " as " in name)


def lay_out(head: str, inner: list[str], tail: str, indent: int) -> str:
    """Return a list in brackets: on one line, or its content on a separate line, or each entry on a separate line."""
    outer, deeper = " " * indent, " " * (indent + 4)
    joined = ", ".join(inner)
    if len(line := f"{outer}{head}{joined}{tail}") <= WIDTH:
        return line
    if len(line := f"{deeper}{joined}") <= WIDTH:
        return f"{outer}{head}\n{line}\n{outer}{tail}"
    return "\n".join((f"{outer}{head}", *(_lay_out_entry(each, indent + 4) for each in inner), f"{outer}{tail}"))


def _lay_out_entry(entry: str, indent: int) -> str:
    """Return an entry on one line; one with too many words to choose from, with the words on separate lines."""
    outer, deeper = " " * indent, " " * (indent + 4)
    found = _CHOICE.fullmatch(entry)
    if len(line := f"{outer}{entry},") <= WIDTH or found is None:
        return line
    head, words, rest = found.groups()
    inner = f"{deeper}{words}"
    if len(inner) > WIDTH:
        inner = "\n".join(f"{deeper}{word}," for word in words.split(", "))
    end = f"]\n{outer}{rest.lstrip()}" if rest.startswith(" |") else f"]{rest}"
    return f"{outer}{head}\n{inner}\n{outer}{end},"


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
    answer = format_type(op.answer, names)
    kind = "UNTYPED" if answer in {"Any", "None"} else answer
    lines = []
    job = f"{'Async' if awaited else ''}Job[{answer}]"
    if _job(op):
        lines += [
            "    @overload",
            _signature(op, given, "wait: Literal[True] = True", answer, awaited=awaited, body=" ...") + "\n",
            "    @overload",
            _signature(op, given, "wait: Literal[False]", job, awaited=awaited, body=" ...") + "\n",
        ]
    wait, returned = ("wait: bool = True", f"{answer} | {job}") if _job(op) else ("", answer)
    lines += [_signature(op, given, wait, returned, awaited=awaited), _docstring(op, given)]
    await_ = "await " if awaited else ""
    request = (f"{names.of(op.request)}(", [each.passed for each in given])
    if _job(op):
        lines += ["        if not wait:", _format_call(op, f"return {await_}self._client.start(", request, kind, 12)]
    return_ = "" if answer == "None" else "return "
    lines += [_format_call(op, f"{return_}{await_}self._client.run(", request, kind, 8) + "\n"]
    return "\n".join(lines)


def _format_call(op: Operation, head: str, request: tuple[str, list[str]], kind: str, indent: int) -> str:
    """Return the call that runs an operation: its name, its request, and the type of its answer."""
    made, arguments = request
    inner = [f'"{op.name}"', f"{made}{', '.join(arguments)})", kind]
    if indent + 4 + len(", ".join(inner)) > WIDTH:
        inner[1] = lay_out(made, arguments, "),", indent + 4).strip().removesuffix(",")
    return lay_out(head, inner, ")", indent)


class _Parameter:
    """A field of a request as a parameter of a method."""

    def __init__(self, info: FieldInfo, names: Names) -> None:
        self.name, kind = info.name, format_type(info.type, names)
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
            self.passed = f"{info.name}={info.name} or {_default(info)}"
        else:
            self.declared = f"{info.name}: {kind} = {quote(info.default)}"


def _default(info: FieldInfo) -> str:
    """Return what makes the value of a field that is not given."""
    assert callable(info.default_factory)  # noqa: S101 - the caller has seen it
    made = info.default_factory()
    return f"{type(made).__name__}()" if isinstance(made, msgspec.Struct) else repr(made)


class _Unset:
    """Represents msgspec.UNSET among the imported names."""


_Unset.__name__, _Unset.__module__ = "UNSET", "msgspec"


def _signature(op: Operation, given: list[_Parameter], wait: str, answer: str, *, awaited: bool, body: str = "") -> str:
    parameters = [each.declared for each in sorted(given, key=lambda each: not each.is_required)]
    stars = ["*"] if given or wait else []
    listed = ["self", *stars, *parameters, *([wait] if wait else [])]
    head = f"{'async ' if awaited else ''}def {op.name.partition('.')[2]}("
    return lay_out(head, listed, f") -> {answer}:{body}", 4)


def _docstring(op: Operation, given: list[_Parameter]) -> str:
    described = [f"{each.name}: {each.description}" for each in given if each.description]
    if _job(op):
        described.append("wait: Whether to wait for the result; without, it is a job.")
    parts = [op.summary, *_paragraphs(op.description)]
    if described:
        parts.append("Args:\n" + "\n".join(_fill(line, 4, 8) for line in described))
    if len(parts) == 1:
        return f'        """{parts[0]}"""'
    text = textwrap.indent("\n\n".join(parts), " " * 8)
    escaped = text.replace("\\", "\\\\")
    return f'        """{escaped.strip()}\n        """'


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the docstring's paragraphs, without what the operation raises inside the server."""
    for paragraph in text.split("\n\n"):
        if paragraph.strip() and not paragraph.startswith(("Raises:", "Args:", "Returns:")):
            yield paragraph


def _fill(line: str, first: int, others: int) -> str:
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
