"""C# of the object model's types, made from the manifest: strict signatures whose bodies ask the Python fake.

Every class is a number behind an interface that does not show (`IProxy` of host.cs); interfaces that the manifest calls
explicit are implemented explicitly; an interface has a class of its own that is not public, because real objects behind
an interface are not either. A type that no source told (`?`) is object, and such a property can be
written: who did not know the type did not know that either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from openness_bridge.manifest.reading import Manifest, TypeEntry
from openness_bridge.manifest.signatures import UNKNOWN, Kind, Member

_NAME = re.compile(r"[A-Za-z_][\w.]*|\?")
_WORDS = frozenset({
    "string", "bool", "int", "uint", "long", "ulong", "short", "ushort", "byte", "sbyte", "char", "float", "double",
    "decimal", "object", "void",
})  # fmt: skip
_RESERVED = frozenset({
    "abstract", "as", "base", "bool", "break", "case", "catch", "checked", "class", "const", "continue", "default",
    "delegate", "do", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "for", "foreach",
    "goto", "if", "implicit", "in", "interface", "internal", "is", "lock", "namespace", "new", "null", "object",
    "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sealed",
    "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "using", "virtual", "void", "while",
})  # fmt: skip
_IN_INTERFACES = frozenset({Kind.PROPERTY, Kind.METHOD, Kind.EVENT})
_LISTS = (
    "System.Collections.Generic.IList<",
    "System.Collections.Generic.IEnumerable<",
    "System.Collections.Generic.ICollection<",
    "System.Collections.Generic.List<",
)
_SYSTEM = {"System.EventArgs", "System.Exception", "System.ApplicationException"}
_OF_OBJECT = {
    "ToString()",
    "GetHashCode()",
    "Equals(object)",
    "GetType()",
    "StackTrace",
    "ToString",
    "Equals",
    "GetHashCode",
}


def sources(manifest: Manifest) -> dict[str, str]:
    """The C# of each assembly of a version, by the assembly's name."""
    made: dict[str, list[str]] = defaultdict(list)
    for name in manifest.types:
        made[manifest.assembly_of(name)].append(Writer(manifest, name).text())
    return {assembly: "\n".join(parts) for assembly, parts in made.items()}


class Writer:
    """Writes one type."""

    def __init__(self, manifest: Manifest, name: str) -> None:
        self._manifest = manifest
        self._entry = manifest.types[name]
        self._namespace = ".".join(filter(None, (manifest.root, name.rpartition(".")[0])))
        self._name = self._entry.simple_name

    def text(self) -> str:
        write = {"enum": self._enum, "delegate": self._delegate, "interface": self._interface, "struct": self._struct}
        return f"namespace {self._namespace} {{\n" + write.get(self._entry.kind, self._class)() + "\n}"

    # -- kinds --------------------------------------------------------------------------

    def _enum(self) -> str:
        members = [m for m in self._entry.own.values() if m.kind is Kind.VALUE]
        values = ", ".join(f"@{m.name}" + ("" if m.number is None else f" = {m.number}") for m in members)
        wide = any(m.number is not None and not -(2**31) <= m.number < 2**31 for m in members)
        flags = "[global::System.Flags] " if self._entry.flags else ""
        return f"{flags}public enum {self._name}{' : long' * wide} {{ {values} }}"

    def _delegate(self) -> str:
        invoke = next(m for m in self._entry.own.values() if m.name == "Invoke")
        return f"public delegate {self._type(invoke.type or 'void')} {self._name}({self._parameters(invoke)});"

    def _struct(self) -> str:
        fields = (m for m in self._entry.own.values() if m.kind is Kind.FIELD)
        return (
            f"public struct {self._name} {{ "
            + " ".join(f"public {self._type(m.type)} {m.name};" for m in fields)
            + " }"
        )

    def _interface(self) -> str:
        bases = ", ".join(dict.fromkeys(self._type(base) for base in self._entry.bases if self._known(base)))
        body = "\n".join(self._declared(m) for m in self._entry.own.values() if m.kind in _IN_INTERFACES)
        public = f"public interface {self._name}{' : ' * bool(bases)}{bases} {{\n{body}\n}}"
        return (
            f"{public}\ninternal sealed class {self._name}Object : {self._type(self._entry.name)}, {PROXY} {{\n"
            + "\n".join((*_plumbing(), *self._implemented([self._entry], set())))
            + "\n}"
        )

    def _class(self) -> str:
        base = self._base(self._entry)
        system = next((each for each in self._entry.bases if each in _SYSTEM), None)
        interfaces = [each for each in self._entry.bases if each != base and each not in _SYSTEM and self._known(each)]
        heads = [self._type(each) for each in (base, system) if each] + [self._type(each) for each in interfaces]
        heads += [] if base else [PROXY]
        taken = self._taken()
        own = [m for m in self._entry.own.values() if m.name not in _OF_OBJECT]
        body = [
            *([] if base else _plumbing(exception=system == "System.Exception")),
            *self._constructors(own, has_base=base is not None),
            *(line for m in own for line in self._member(m)),
            *self._implemented(self._new_interfaces(base), taken),
        ]
        return f"public class {self._name} : {', '.join(dict.fromkeys(heads))} {{\n" + "\n".join(body) + "\n}"

    # -- bases --------------------------------------------------------------------------

    def _base(self, entry: TypeEntry) -> str | None:
        """The class of the manifest that a class extends."""
        return next(
            (b for b in entry.bases if b in self._manifest.types and self._manifest.types[b].kind == "class"), None
        )

    def _ancestors(self, entry: TypeEntry) -> Iterator[TypeEntry]:
        base = self._base(entry)
        while base:
            yield self._manifest.types[base]
            base = self._base(self._manifest.types[base])

    def _taken(self) -> set[str]:
        """Names that the class or one that it extends has publicly."""
        return {
            m.name
            for each in (self._entry, *self._ancestors(self._entry))
            for m in each.own.values()
            if m.kind in (Kind.PROPERTY, Kind.METHOD, Kind.EVENT)
        } | {self._name}

    def _new_interfaces(self, base: str | None) -> list[TypeEntry]:
        """What is not implemented by the class that it extends, with the lists that it is."""
        done = {each.name for each in self._manifest.lineage(base)} if base else set()
        return [
            each
            for each in self._manifest.lineage(self._entry.name)
            if each.name not in done and each.name != base and (each.kind == "interface" or each is self._entry)
        ]

    # -- members ------------------------------------------------------------------------

    def _constructors(self, own: list[Member], *, has_base: bool) -> Iterator[str]:
        declared = [m for m in own if m.kind is Kind.CONSTRUCTOR]
        exception = any(each.name.endswith("Exception") for each in (self._entry, *self._ancestors(self._entry)))
        if exception:
            yield f"protected internal {self._name}({MADE} made){' : base(made)' * has_base} {{ }}"
        elif not any(not m.parameters for m in declared):
            yield f"protected internal {self._name}() {{ }}"
        above = f" : base(({MADE})null)" * (exception and has_base)
        for m in declared:
            arguments = ", ".join((f'"{self._name}"', *self._arguments(m)))
            yield f"public {self._name}({self._parameters(m)}){above} {{ {HOST}.Construct(this, {arguments}); }}"

    def _declared(self, m: Member) -> str:
        """A member in an interface."""
        if m.kind is Kind.EVENT:
            return f"event {self._type(m.type)} {m.name};" * (m.type != UNKNOWN)
        if m.kind is Kind.PROPERTY:
            return f"{self._type(m.type)} {m.name} {{ get; {'set; ' * _settable(m)}}}"
        return f"{self._type(m.type or 'void')} {m.name}{_generic(m)}({self._parameters(m)}){_where(m)};"

    def _member(self, m: Member, owner: str = "", interface: str = "") -> Iterator[str]:
        """A member with its body; of an interface, when `owner` is named, to be had through that only."""
        name = f"{owner}.{m.name}" if owner else m.name
        public = "" if owner else "public " + "static " * m.static
        if m.kind is Kind.PROPERTY:
            overrides = "override " * (m.name == "Message" and self._name.endswith("Exception") and not owner)
            unmade = (
                'get { if (number == 0) return ""; ' if overrides else "get { "
            )  # pythonnet asks before it constructs
            accessors = self._accessors(m).replace("get { ", unmade, 1)
            yield f"{public}{overrides}{self._type(m.type)} {name} {{ {accessors} }}"
        elif m.kind is Kind.METHOD:
            where = "" if owner else _where(m)
            head = f"{public}{self._type(m.type or 'void')} {name}{_generic(m)}({self._parameters(m)}){where}"
            yield f"{head} {{ {self._body(m, owner, interface)} }}"
        elif m.kind is Kind.EVENT and m.type != "?":
            add, remove = (self._subscription(m, on) for on in ("true", "false"))
            yield f"{public}event {self._type(m.type)} {name} {{ add {{ {add} }} remove {{ {remove} }} }}"

    def _accessors(self, m: Member) -> str:
        if m.static:
            reads = self._converted(m.type, f'{HOST}.GetStatic("{self._name}", "{m.name}")')
            write = f'{HOST}.SetStatic("{self._name}", "{m.name}", {HOST}.{_way(m.type)}(value));'
        else:
            reads = self._converted(m.type, f'{HOST}.Get(this, "{m.name}")')
            write = f'{HOST}.Set(this, "{m.name}", {HOST}.{_way(m.type)}(value));'
        return f"get {{ return {reads}; }}" + f" set {{ {write} }}" * _settable(m)

    def _subscription(self, m: Member, on: str) -> str:
        if m.static:
            return f'{HOST}.SubscribeStatic("{self._name}", "{m.name}", value, {on});'
        return f'{HOST}.Subscribe(this, "{m.name}", value, {on});'

    def _body(self, m: Member, owner: str, interface: str) -> str:
        arguments = [f'"{m.name}"', *self._arguments(m)]
        if m.static:
            call = f'{HOST}.CallStatic("{self._name}", {", ".join(arguments)})'
        elif m.generic:
            call = f"{HOST}.CallOf(typeof({m.generic[0]}), this, {', '.join(arguments)})"
        elif (owner and m.explicit) or (interface in _DESCRIBING and m.name in _DESCRIBED):
            name = interface or owner.rpartition(".")[2]
            call = f'{HOST}.CallAs("{name}", this, {", ".join(arguments)})'
        else:
            call = f"{HOST}.Call(this, {', '.join(arguments)})"
        outs = [p for p in m.parameters if p.passing]
        if not outs:
            return f"return {self._converted(m.type, call)};" if m.type else f"{call};"
        return self._body_with_outs(m, call)

    def _body_with_outs(self, m: Member, call: str) -> str:
        """The fake answers as pythonnet does: with a tuple of what is returned and what is passed by reference, or the only one."""
        outs = [p for p in m.parameters if p.passing]
        if len(outs) == 1 and not m.type:
            return f"{_safe(outs[0].name)} = {self._converted(outs[0].type, call)};"
        first = int(bool(m.type))
        lines = [f"var answers = {HOST}.Array<object>({call});"]
        lines += [f"{_safe(p.name)} = {self._converted(p.type, f'answers[{first + i}]')};" for i, p in enumerate(outs)]
        return " ".join(lines) + (f" return {self._converted(m.type, 'answers[0]')};" if m.type else "")

    def _implemented(self, interfaces: list[TypeEntry], taken: set[str]) -> Iterator[str]:
        """The members of interfaces, and iteration where one of them is a list."""
        taken = set(taken)
        lists: dict[str, None] = {}
        for entry in interfaces if self._entry.kind != "interface" else self._manifest.lineage(self._entry.name):
            for base in entry.bases:
                if base.startswith("System.Collections.Generic.IEnumerable<") and self._known(base):
                    lists[base.partition("<")[2][:-1]] = None
            if entry is self._entry and entry.kind != "interface":
                continue
            for m in entry.own.values():
                hidden = m.explicit or m.name in taken
                yield from self._member(m, self._type(entry.name) if hidden else "", entry.name)
                if not hidden and m.kind is Kind.PROPERTY:
                    taken.add(m.name)
        yield from self._iteration(list(lists), taken)
        if any("System.IDisposable" in each.bases for each in interfaces) and "Dispose" not in taken:
            yield f'public void Dispose() {{ {HOST}.Call(this, "Dispose"); }}'

    def _iteration(self, elements: list[str], taken: set[str]) -> Iterator[str]:
        if not elements:
            return
        public, *others = (self._type(each) for each in elements)
        each = "global::System.Collections.Generic.IEnumerator"
        yield f"public {each}<{public}> GetEnumerator() {{ return {HOST}.Each<{public}>(this); }}"
        for other in (public, *others):
            owner = f"global::System.Collections.Generic.IEnumerable<{other}>"
            yield f"{each}<{other}> {owner}.GetEnumerator() {{ return {HOST}.Each<{other}>(this); }}"
        yield (
            "global::System.Collections.IEnumerator global::System.Collections.IEnumerable.GetEnumerator() "
            "{ return GetEnumerator(); }"
        )
        if "Item" not in taken:
            asked = f'{HOST}.Asked("item", (({PROXY})this).Number, "Item", index)'
            yield f"public {public} this[int index] {{ get {{ return {self._converted(elements[0], asked)}; }} }}"

    # -- types --------------------------------------------------------------------------

    def _known(self, text: str) -> bool:
        return all(
            word in self._manifest.types or word in _WORDS or word.startswith("System.") for word in _NAME.findall(text)
        )

    def _type(self, text: str) -> str:
        """A type as C# writes it; one that nobody knows is object."""
        return _NAME.sub(lambda found: self._word(found[0]), text.replace('"', ""))

    def _word(self, word: str) -> str:
        if word in _WORDS or (len(word) == 1 and word != "?"):
            return word
        if word in self._manifest.types:
            return f"global::{self._manifest.root}.{word}"
        return f"global::{word}" if word.startswith("System.") else "object"

    def _parameters(self, m: Member) -> str:
        return ", ".join(f"{p.passing} {self._type(p.type)} {_safe(p.name)}".lstrip() for p in m.parameters)

    def _arguments(self, m: Member) -> list[str]:
        return [f"{HOST}.{_way(p.type)}({_safe(p.name)})" for p in m.parameters if p.passing != "out"]

    def _converted(self, declared: str, value: str) -> str:
        for prefix in _LISTS:
            if declared.startswith(prefix):
                return f"{HOST}.List<{self._type(declared[len(prefix) : -1])}>({value})"
        if declared.endswith("[]"):
            return f"{HOST}.Array<{self._type(declared[:-2])}>({value})"
        return f"{HOST}.As<{self._type(declared)}>({value})"


_DESCRIBING = ("IEngineeringComposition", "IEngineeringAssociation")
_DESCRIBED = {"Create", "GetCreationInfos", "GetInvocationInfos", "Invoke"}
"""Members that the fake's collections have through these interfaces only; Create is another method of most of them."""
HOST = "global::OpennessDouble.Host"
PROXY = "global::OpennessDouble.IProxy"
MADE = "global::OpennessDouble.Made"
"""The argument of the constructor of an exception that the fake raised: there is nothing to construct."""


def _plumbing(*, exception: bool = False) -> Iterator[str]:
    yield "private long number;"
    yield f"long {PROXY}.Number {{ get {{ return number; }} set {{ number = value; }} }}"
    if not exception:
        yield f"public override bool Equals(object other) {{ return {HOST}.Same(this, other); }}"
        yield "public override int GetHashCode() { return number.GetHashCode(); }"


def _settable(m: Member) -> bool:
    return m.writable or m.type == UNKNOWN


def _generic(m: Member) -> str:
    return f"<{', '.join(m.generic)}>" if m.generic else ""


def _where(m: Member) -> str:
    return "".join(f" where {each} : class" for each in m.generic)


def _way(declared: str) -> str:
    """How an argument crosses: what is declared as object keeps the .NET type of its number."""
    return "Boxed" if declared in {"object", "?"} else "Plain"


def _safe(name: str) -> str:
    return f"@{name}" if name in _RESERVED else name
