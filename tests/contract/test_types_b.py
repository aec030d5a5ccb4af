"""What clients get without a type in one half of the areas: each free value and bare word is listed with its reason."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec.structs import fields

from engineering_api.app import catalogue
from engineering_api.operations.fields import metas

TABLE = Path(__file__).with_name("free_types_b.tsv")
AREAS = {
    "access", "assistant", "jobs", "mcp", "online", "pipelines", "plc_tests", "portals", "runtime", "simulation",
    "source_control", "system", "webhooks",
}  # fmt: skip
FEATURES = "engineering_api.features."
WORD = re.compile(r".*(state|status|type|kind|mode|level|right)s?", re.IGNORECASE)
UNIONS = {Annotated, Union, UnionType, list, tuple, dict}


def test_each_free_value_and_bare_word_has_its_reason() -> None:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["field", "kind", "reason"]
    assert all(len(row) == 3 and len(row[2].split()) >= 3 for row in rows[1:])
    listed = [(field, kind) for field, kind, _ in rows[1:]]
    assert listed == sorted(set(listed))
    assert set(listed) == set(found())


def test_free_values_and_bare_words_are_seen() -> None:
    class Part(msgspec.Struct):
        kind: str

    class Whole(msgspec.Struct):
        parts: dict[str, list[Part]]
        free: dict[str, Any] | None
        also_free: list[Any]
        name: str
        state: Annotated[str, msgspec.Meta(extra_json_schema={"enum": ["a"]})]
        by_name: dict[str, int]

    seen = {(field.rpartition(":")[2], kind) for each in structs(Whole, set()) for field, kind in untyped(each)}
    assert seen == {("Part.kind", "word"), ("Whole.free", "free"), ("Whole.also_free", "free")}


def found() -> Iterator[tuple[str, str]]:
    """Yield the fields of requests and answers of these areas that have no type, and why they are found."""
    seen: set[Any] = set()
    for op in catalogue():
        if area(op.run.__module__) in AREAS:
            for struct in (*structs(op.request, seen), *structs(op.answer, seen)):
                if not struct.__module__.startswith(FEATURES) or area(struct.__module__) in AREAS:
                    yield from untyped(struct)


def area(module: str) -> str:
    return module.removeprefix(FEATURES).partition(".")[0]


def structs(kind: Any, seen: set[Any]) -> Iterator[type[msgspec.Struct]]:
    if get_origin(kind) in UNIONS:
        for part in get_args(kind):
            yield from structs(part, seen)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen.add(kind)
        yield kind
        for field in fields(kind):
            yield from structs(field.type, seen)


def untyped(struct: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    for field in fields(struct):
        name = f"{struct.__module__}:{struct.__qualname__.rpartition('.')[2]}.{field.name}"
        if has(field.type, Any):
            yield name, "free"
        elif WORD.fullmatch(field.encode_name) and has(field.type, str) and not is_listed(field.type):
            yield name, "word"


def has(kind: Any, wanted: Any) -> bool:
    return kind is wanted or (get_origin(kind) in UNIONS and any(has(part, wanted) for part in get_args(kind)))


def is_listed(kind: Any) -> bool:
    return any("enum" in (meta.extra_json_schema or {}) for meta in metas(kind))
