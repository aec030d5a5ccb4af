"""Sparkplug's messages for Google's protobuf library, where that is installed: an oracle for the codec of the service."""

from __future__ import annotations

from importlib import import_module
from typing import Any

Types = dict[str, Any]
_SCALARS = {"uint32": 13, "uint64": 4, "bool": 8, "float": 2, "double": 1, "string": 9, "bytes": 12}
_CHOICES = (
    "int_value uint32",
    "long_value uint64",
    "float_value float",
    "double_value double",
    "boolean_value bool",
    "string_value string",
)
MESSAGES = {
    "PropertyValue": (
        ["type uint32", "is_null bool"],
        [*_CHOICES, "propertyset_value PropertySet", "propertysets_value PropertySetList"],
    ),
    "PropertySet": (["keys string*", "values PropertyValue*"], []),
    "PropertySetList": (["propertyset PropertySet*"], []),
    "MetaData": (
        [
            "is_multi_part bool",
            "content_type string",
            "size uint64",
            "seq uint64",
            "file_name string",
            "file_type string",
            "md5 string",
            "description string",
        ],
        [],
    ),
    "Metric": (
        [
            "name string",
            "alias uint64",
            "timestamp uint64",
            "datatype uint32",
            "is_historical bool",
            "is_transient bool",
            "is_null bool",
            "metadata MetaData",
            "properties PropertySet",
        ],
        [*_CHOICES, "bytes_value bytes"],
    ),
    "Payload": (["timestamp uint64", "metrics Metric*", "seq uint64", "uuid string", "body bytes"], []),
}
"""Of each message its fields and those of its choice, in the order of their numbers, which begin with 1."""


def payload_class() -> Any:
    """Return the class of payloads.

    Raises:
        ImportError: The library is not installed.
    """
    names = ("descriptor_pb2", "descriptor_pool", "message_factory")
    descriptor_pb2, descriptor_pool, message_factory = (import_module(f"google.protobuf.{name}") for name in names)
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug_b.proto", package="official", syntax="proto2")
    for name, (plain, choices) in MESSAGES.items():
        message = file.message_type.add(name=name)
        if choices:
            message.oneof_decl.add(name="value")
        for number, line in enumerate([*plain, *choices], 1):
            attribute, kind = line.split()
            each = message.field.add(name=attribute, number=number, label=3 if kind.endswith("*") else 1)
            if kind.strip("*") in _SCALARS:
                each.type = _SCALARS[kind.strip("*")]
            else:
                each.type, each.type_name = 11, f".official.{kind.strip('*')}"
            if number > len(plain):
                each.oneof_index = 0
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("official.Payload"))


def fill(message: Any, given: Any) -> Any:
    """Copy the fields of an object of the service into an official message."""
    for name in given.__struct_fields__:
        value = getattr(given, name)
        if value is None or value == []:
            continue
        if isinstance(value, list):
            for each in value:
                if hasattr(each, "__struct_fields__"):
                    fill(getattr(message, name).add(), each)
                else:
                    getattr(message, name).append(each)
        elif hasattr(value, "__struct_fields__"):
            getattr(message, name).SetInParent()
            fill(getattr(message, name), value)
        else:
            setattr(message, name, value)
    return message
