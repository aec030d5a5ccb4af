"""A member of a .NET type as one line of text, and back.

    Name*: string                                   property; * where it can be written
    static GetProcesses(): System.Collections.Generic.IList<TiaPortalProcess>
    GetService<T>(): T                              method; without a type where it returns nothing
    ReadSignals(ref signals: SDataValueByName[])    parameter by reference: out or ref before its name
    new(mode: TiaPortalMode)                        constructor
    event Confirmation: System.EventHandler<ConfirmationEventArgs>
    Offline = 0                                     member of an enum; = ? where its number is not known
    field Signal: string                            field of a struct
    service Compiler.ICompilable                    a service that GetService offers on the object
    attribute Address*: string                      known by GetAttribute only
    explicit GetComposition(name: string): ...      a class has it through its interface only

Types are written with C#'s own words (string, int) or with their full names, those of the product without its root
namespace; ? is a type that no source names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

UNKNOWN = "?"
_WORDS = {"event", "field", "attribute", "explicit", "static"}
_ENUM = re.compile(r"(\w+) = (-?\d+|\?)")
_METHOD = re.compile(r"(\w+)(?:<([\w, ]+)>)?\((.*)\)(?:: (.+))?")
_VALUE = re.compile(r"(\w+)(\*)?: (.+)")
_PARAMETER = re.compile(r"(?:(out|ref) )?(\w+): (.+)")


class Basis(StrEnum):
    """How sure a fact is."""

    DOCUMENTED = "documented"
    """A manual, the product's documentation files or a listing made from its assemblies shows it."""
    INFERRED = "inferred"
    """It follows from something documented, such as the member of a later version, a naming rule or a sample."""
    UNVERIFIED = "unverified"
    """One weak source, or none."""


class Kind(StrEnum):
    """What a member is."""

    PROPERTY = "property"
    METHOD = "method"
    CONSTRUCTOR = "constructor"
    EVENT = "event"
    VALUE = "value"
    FIELD = "field"
    SERVICE = "service"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method.

    Attributes:
        name: Its name.
        type: Its type, as the module's text describes.
        passing: "out", "ref" or "".
    """

    name: str
    type: str
    passing: str = ""

    def __str__(self) -> str:
        """Write it as in a line."""
        return f"{self.passing} {self.name}: {self.type}".lstrip()


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a type.

    Attributes:
        kind: What it is.
        name: Its name; of a service, its type.
        type: Of a property, field, attribute or event its type, of a method what it returns ("" for nothing).
        parameters: Of a method or constructor.
        generic: Names of a generic method's type parameters.
        number: Of an enum's member; None where it is not known.
        writable: Whether a property or attribute can be written.
        static: Whether it belongs to the type.
        explicit: Whether only its interface shows it.
        basis: How sure it is.
    """

    kind: Kind
    name: str
    type: str = ""
    parameters: tuple[Parameter, ...] = ()
    generic: tuple[str, ...] = ()
    number: int | None = None
    writable: bool = False
    static: bool = False
    explicit: bool = False
    basis: Basis = Basis.DOCUMENTED

    @property
    def key(self) -> str:
        """The key that identifies it in its type: overloads have separate keys."""
        if self.kind in {Kind.METHOD, Kind.CONSTRUCTOR}:
            return f"{self.name}{_generic(self.generic)}({', '.join(each.type for each in self.parameters)})"
        return f"{self.kind} {self.name}" if self.kind in {Kind.SERVICE, Kind.ATTRIBUTE} else self.name

    def __str__(self) -> str:
        """Write it as a line."""
        words = [word for word, said in (("explicit", self.explicit), ("static", self.static)) if said]
        return " ".join((*words, _body(self)))


def _body(member: Member) -> str:
    match member.kind:
        case Kind.VALUE:
            return f"{member.name} = {UNKNOWN if member.number is None else member.number}"
        case Kind.SERVICE:
            return f"service {member.name}"
        case Kind.METHOD | Kind.CONSTRUCTOR:
            parameters = ", ".join(map(str, member.parameters))
            returned = f": {member.type}" if member.type else ""
            return f"{member.name}{_generic(member.generic)}({parameters}){returned}"
        case Kind.PROPERTY:
            return f"{member.name}{'*' * member.writable}: {member.type}"
        case _:
            return f"{member.kind} {member.name}{'*' * member.writable}: {member.type}"


def _generic(names: tuple[str, ...]) -> str:
    return f"<{', '.join(names)}>" if names else ""


def parse(line: str, basis: Basis = Basis.DOCUMENTED) -> Member:
    """Read a line.

    Raises:
        ValueError: It has none of the forms above.
    """
    words, rest = _leading(line)
    made = _read(rest, words, line)
    return replace(made, static="static" in words, explicit="explicit" in words, basis=basis)


def _read(rest: str, words: set[str], line: str) -> Member:
    if rest.startswith("service "):
        return Member(Kind.SERVICE, rest.removeprefix("service "))
    if found := _ENUM.fullmatch(rest):
        return Member(Kind.VALUE, found[1], number=None if found[2] == UNKNOWN else int(found[2]))
    if found := _METHOD.fullmatch(rest):
        kind = Kind.CONSTRUCTOR if found[1] == "new" else Kind.METHOD
        parameters = tuple(_parameters(found[3], line))
        return Member(kind, found[1], found[4] or "", parameters, tuple(split(found[2] or "")))
    if found := _VALUE.fullmatch(rest):
        named = next((Kind(word) for word in ("event", "field", "attribute") if word in words), Kind.PROPERTY)
        return Member(named, found[1], found[3], writable=bool(found[2]))
    msg = f"This is not a member: {line!r}. {__name__} describes the forms."
    raise ValueError(msg)


def split(text: str) -> Iterator[str]:
    """Cut at the commas outside all brackets."""
    depth, start = 0, 0
    for index, character in enumerate(text):
        depth += (character in "<([") - (character in ">)]")
        if character == "," and not depth:
            yield text[start:index].strip()
            start = index + 1
    if text[start:].strip():
        yield text[start:].strip()


def _leading(line: str) -> tuple[set[str], str]:
    words: set[str] = set()
    rest = line
    while (word := rest.partition(" ")[0]) in _WORDS:
        words.add(word)
        rest = rest.partition(" ")[2]
    return words, rest


def _parameters(text: str, line: str) -> Iterator[Parameter]:
    for part in split(text):
        found = _PARAMETER.fullmatch(part)
        if found is None:
            msg = f"This is not a parameter: {part!r} in {line!r}."
            raise ValueError(msg)
        yield Parameter(found[2], found[3], found[1] or "")
