"""What objects say about themselves: their attributes, compositions, actions and what can be created in a composition.

All of it is read from the public members of the fake's own classes, and Invoke and Create use those members.
Facts: docs/facts/openness.md#attributes-and-services.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from inspect import Parameter, unwrap
from typing import Any

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject, Type, type_of
from fake_openness.core import reflection
from fake_openness.core.associations import Association
from fake_openness.core.errors import (
    EngineeringException,
    EngineeringNotSupportedException,
    EngineeringTargetInvocationException,
)
from fake_openness.core.gate import GatedMethod
from fake_openness.core.objects import (
    EngineeringObject,
    _Collection,
    _properties,
    creation_parameters_of,
    is_owned,
    members_of_class,
    type_named,
)

_OF_INTERFACES = frozenset(
    (
        *("GetAttribute", "GetAttributes", "GetAttributeInfos", "SetAttribute", "SetAttributes", "GetType"),
        *("Contains", "IndexOf", "GetServiceInfos"),
    )
)
"""Members that every object or collection has. They are not listed as actions."""


@dataclass(frozen=True, slots=True)
class EngineeringCompositionInfo(NetObject):
    """One composition or child object, as GetCompositionInfos lists it."""

    Name: str


@dataclass(frozen=True, slots=True)
class EngineeringInvocationParameterInfo(NetObject):
    """A parameter of an action."""

    Name: str
    Type: Type


@dataclass(frozen=True, slots=True)
class EngineeringInvocationInfo(NetObject):
    """One action, as GetInvocationInfos lists it; an overload is another action of the same name."""

    Name: str
    ParameterInfos: NetList[EngineeringInvocationParameterInfo] = field(default_factory=NetList)


@dataclass(frozen=True, slots=True)
class EngineeringCreationParameterInfo(NetObject):
    """A parameter that Create needs."""

    Name: str


@dataclass(frozen=True, slots=True)
class EngineeringCreationInfo(NetObject):
    """A type of which a composition can create objects, as GetCreationInfos lists it."""

    Type: Type
    ParameterInfos: NetList[EngineeringCreationParameterInfo] = field(default_factory=NetList)


# -- compositions ---------------------------------------------------------------------


def compositions(obj: EngineeringObject) -> dict[str, EngineeringObject]:
    """Return the compositions and child objects of an object, by the names of its properties."""
    found = {}
    for name, member in members_of_class(type(obj)).items():
        if isinstance(member, property) and name not in _properties(type(obj)) and name != "Parent":
            value = _read(obj, name)
            if is_owned(obj, value):
                found[name] = value
    return found


def _read(obj: EngineeringObject, name: str) -> Any:
    """Return a property, or None where this object, CPU or version does not have it."""
    try:
        return getattr(obj, name) if obj._exists(name) else None
    except (EngineeringException, AttributeError):
        return None


def composition(obj: EngineeringObject, name: str) -> EngineeringObject:
    """Return a composition or child object by name.

    Raises:
        EngineeringNotSupportedException: The object has no such composition.
    """
    found = compositions(obj).get(name)
    if found is None:
        msg = f"{type(obj).__name__} has no composition '{name}'."
        raise EngineeringNotSupportedException(msg, code="composition.unknown")
    return found


# -- actions --------------------------------------------------------------------------


def invocations(obj: EngineeringObject | Association[Any]) -> list[EngineeringInvocationInfo]:
    """Return the actions of an object, each overload by itself."""
    infos = []
    for name, parameters in sorted(_actions(type(obj)).items()):
        if not isinstance(obj, EngineeringObject) or obj._exists(name):
            required = sum(each.default is Parameter.empty for each in parameters)
            infos += [_invocation(name, parameters[:count], obj) for count in range(required, len(parameters) + 1)]
    return infos


def invoke(obj: EngineeringObject | Association[Any], name: str, parameters: Any) -> Any:
    """Call an action; its parameters are pairs of type and value, and none may be null.

    Raises:
        EngineeringNotSupportedException: The object has no such action, or none with these parameters.
    """
    values = [pair.Value for pair in parameters or ()]
    offered = [info for info in invocations(obj) if info.Name == name]
    if not any(info.ParameterInfos.Count == len(values) for info in offered):
        what = f"with {len(values)} parameters" if offered else ""
        msg = f"{type(obj).__name__} has no action '{name}' {what}".rstrip() + "."
        raise EngineeringNotSupportedException(msg, code="action.unknown")
    try:
        return getattr(obj, name)(*values)
    except TypeError as error:
        raise EngineeringTargetInvocationException(str(error), code="action.parameters") from error


def _actions(kind: type) -> dict[str, list[Parameter]]:
    """Return the public methods of a class and their parameters."""
    return _read_actions(kind)


@cache
def _read_actions(kind: type) -> dict[str, list[Parameter]]:
    found = {}
    for name, member in members_of_class(kind).items():
        function = member._function if isinstance(member, GatedMethod) else member
        if not inspect.isfunction(function) or name in _OF_INTERFACES or name in vars(NetObject):
            continue
        parameters = list(inspect.signature(unwrap(function)).parameters.values())[1:]
        found[name] = [
            each.replace(annotation=type_named(each.annotation, unwrap(function).__globals__))
            for each in parameters
            if each.kind is not Parameter.VAR_POSITIONAL
        ]
    return found


def _invocation(name: str, parameters: list[Parameter], obj: Any) -> EngineeringInvocationInfo:
    infos = [EngineeringInvocationParameterInfo(each.name, _in_version(each.annotation, obj)) for each in parameters]
    return EngineeringInvocationInfo(name, NetList(infos))


def _in_version(kind: type, obj: Any) -> Type:
    return reflection.type_in(kind, obj._context.version) if isinstance(obj, EngineeringObject) else type_of(kind)


# -- creation -------------------------------------------------------------------------


def creations(collection: EngineeringObject) -> list[EngineeringCreationInfo]:
    """Return the types of which a composition creates objects, with the parameters that it needs."""
    parameters = creation_parameters(collection)
    if parameters is None:
        return []
    needed = NetList([EngineeringCreationParameterInfo(name) for name, mandatory in parameters.items() if mandatory])
    return [EngineeringCreationInfo(kind, needed) for kind in _elements(collection)]


@creation_parameters_of.defined_by
def creation_parameters(collection: Any) -> dict[str, bool] | None:
    """Return the parameters of a composition's Create and whether each is mandatory; None for one without Create."""
    if not isinstance(collection, _Collection):
        return None
    create = _creator(collection)
    return None if create is None else {_capital(each.name): each.default is Parameter.empty for each in create}


def create(collection: EngineeringObject, kind: Any, parameters: Any) -> Any:
    """Create an object of a type; parameters beyond those of Create become attributes of the new object.

    Raises:
        EngineeringNotSupportedException: The composition does not create such objects, or has no such parameter.
        EngineeringTargetInvocationException: A mandatory parameter is missing, or the creation was refused.
    """
    wanted = kind if isinstance(kind, Type) else type_of(kind)
    accepted = creation_parameters(collection)
    if accepted is None or wanted not in {info.Type for info in creations(collection)}:
        msg = f"{type(collection).__name__} cannot create objects of the type {wanted}."
        raise EngineeringNotSupportedException(msg, code="create.type")
    given = {str(pair.Key): pair.Value for pair in parameters or ()}
    missing = [name for name, mandatory in accepted.items() if mandatory and name not in given]
    if missing:
        msg = f"Create needs the parameter '{missing[0]}'."
        raise EngineeringTargetInvocationException(msg, code="create.parameter_missing")
    return _make(collection, wanted, given, accepted)


def _make(collection: Any, wanted: Type, given: dict[str, Any], accepted: dict[str, bool]) -> Any:
    """Create and set further attributes, or change nothing."""
    arguments = {name: given.pop(name) for name in accepted if name in given}
    names = {_capital(parameter.name): parameter.name for parameter in _creator(collection) or ()}
    with collection._context.whole():
        if isinstance(members_of_class(type(collection)).get("Create"), GatedMethod):
            made = collection.Create(**{names[name]: value for name, value in arguments.items()})
        else:
            made = collection.Create[_class_of(collection, wanted)](*arguments.values())
        for name, value in given.items():
            made._set_at_creation(name, value)
    return made


def _creator(collection: Any) -> list[Parameter] | None:
    """Return the parameters of Create; those of `Create[T](name)` are its name."""
    kind = type(collection)
    if "Create" in _actions(kind):
        return _actions(kind)["Create"]
    create = getattr(kind, "_create_of", None)
    return None if create is None else list(inspect.signature(create).parameters.values())[2:]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _elements(collection: Any) -> Iterator[Type]:
    """Yield the types of a composition's objects: that of its name, and those that extend it where Create takes a type."""
    domain = reflection.domain(collection._context.version)
    of_collection = reflection.type_in(type(collection), collection._context.version)
    element = domain.find(of_collection.FullName.removesuffix("Composition"))
    if element is None:
        return
    if not hasattr(type(collection), "_create_of"):
        yield element
        return
    yield from (kind for kind in domain.all_types() if kind.IsClass and _extends(kind, element))


def _extends(kind: reflection.Type, base: reflection.Type) -> bool:
    above = kind.BaseType
    return isinstance(above, reflection.Type) and (above == base or _extends(above, base))


def _class_of(collection: Any, wanted: Type) -> type:
    """Return the fake's class of a type."""
    waiting: list[type] = [EngineeringObject]
    while waiting:
        each = waiting.pop()
        if reflection.type_in(each, collection._context.version) == wanted and each.__name__ == wanted.Name:
            return each
        waiting += each.__subclasses__()
    msg = f"{type(collection).__name__} cannot create objects of the type {wanted}."
    raise EngineeringNotSupportedException(msg, code="create.type")
