"""The table of the contract: it is committed, and a line of it changes where what clients rely on changes, and only there."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
import pytest

from engineering_api.app import catalogue
from engineering_api.operations.declaration import Endpoint
from engineering_api.web import contract, generation

REF = "#/{name}"


def test_the_committed_table_is_that_of_the_catalogue() -> None:
    committed = (generation.ROOT / generation.CONTRACT).read_text(encoding="utf-8").splitlines()
    made = contract.table(catalogue()).splitlines()
    gone, new = sorted(set(committed) - set(made)), sorted(set(made) - set(committed))
    assert (gone, new) == ([], []), (
        "The contract changed. If that is meant: python3 dev.py generate, and commit the table."
    )
    assert committed == made


def test_each_route_has_a_line() -> None:
    heads, *lines = (line.split("\t") for line in contract.table(catalogue()).splitlines())
    assert tuple(heads) == contract.COLUMNS
    assert sorted(line[:5] for line in lines) == sorted(
        [
            *(
                [route.method, route.path, route.mode.value, op.name, op.right.word]
                for op in catalogue()
                for route in op.routes
            ),
            *(
                [route.method, route.path, _kind(each), each.name, each.right.word]
                for each in catalogue().endpoints
                for route in each.routes
            ),
        ]
    )
    assert all(len(line) == 7 and len(line[5]) == len(line[6]) == contract.HEX_DIGITS for line in lines)


def _kind(endpoint: Endpoint) -> str:
    if endpoint.subprotocol:
        return "socket"
    return "stream" if endpoint.is_stream else "bytes"


def struct(name: str, fields: dict[str, Any], module: str = "here") -> type[msgspec.Struct]:
    """A struct of fields by name: a type, or a type with a default."""
    listed = [(field, *(kind if isinstance(kind, tuple) else (kind,))) for field, kind in fields.items()]
    return msgspec.defstruct(name, listed, module=module, kw_only=True)


def checksum(*kinds: Any) -> str:
    """The checksum of the first type, described together with others."""
    (schema, *_), definitions = msgspec.json.schema_components(kinds, ref_template=REF)
    return contract.checksum(schema, definitions)


PLAIN = struct("Tag", {"name": str, "size": (int, 1)})


def test_names_modules_notes_and_order_make_no_difference() -> None:
    noted = Annotated[str, msgspec.Meta(description="What it is called.", title="Name", examples=["Motor"])]
    assert checksum(struct("Mark", {"size": (int, 1), "name": noted}, "elsewhere")) == checksum(PLAIN)


def test_other_definitions_beside_it_make_no_difference() -> None:
    inner = struct("Inner", {"tag": PLAIN})
    before = checksum(inner)
    assert checksum(inner, struct("Tag", {"other": int}, "elsewhere"), struct("A", {"b": int})) == before
    assert checksum(struct("Outer", {"tag": struct("Tag", {"name": str, "size": (int, 1)}, "elsewhere")})) == before


def test_the_order_of_alternatives_makes_no_difference() -> None:
    one, other = struct("One", {"a": int}), struct("Other", {"b": int})
    kinds = {"One": {"$ref": "#/One"}, "Other": {"$ref": "#/Other"}}
    _, definitions = msgspec.json.schema_components([one, other], ref_template=REF)
    sums = {
        contract.checksum({"anyOf": list(order)}, definitions) for order in (kinds.values(), [*kinds.values()][::-1])
    }
    assert len(sums) == 1
    assert contract.checksum({"anyOf": [kinds["One"]]}, definitions) not in sums
    assert checksum(struct("S", {"x": int | str | None})) == checksum(struct("S", {"x": None | str | int}))


@pytest.mark.parametrize(
    "fields",
    [
        {"name": str, "size": int},
        {"name": str, "size": (int, 2)},
        {"name": str, "size": (float, 1)},
        {"name": str, "size": (int | None, 1)},
        {"name": (str, ""), "size": (int, 1)},
        {"title": str, "size": (int, 1)},
        {"name": str, "size": (int, 1), "title": (str, "")},
        {"name": list[str], "size": (int, 1)},
        {"name": Annotated[str, msgspec.Meta(min_length=1)], "size": (int, 1)},
        {"name": Literal["a", "b"], "size": (int, 1)},
        {"name": str},
    ],
    ids=str,
)
def test_each_change_of_what_fits_makes_a_difference(fields: dict[str, Any]) -> None:
    assert checksum(struct("Tag", fields)) != checksum(PLAIN)
    assert checksum(struct("S", {"tag": struct("Tag", fields)})) != checksum(struct("S", {"tag": PLAIN}))


class Tree(msgspec.Struct):
    """A type that holds itself."""

    left: Tree | None = None
    right: Tree | int | None = None


class Bush(msgspec.Struct):
    """The same under another name."""

    left: Bush | None = None
    right: Bush | int | None = None


class Half(msgspec.Struct):
    """Another."""

    left: Half | None = None
    right: int | None = None


def test_a_type_may_hold_itself() -> None:
    assert checksum(Tree) == checksum(Bush) != checksum(Half)


@pytest.mark.parametrize("how", [builtins.list, builtins.reversed], ids=["as it is", "backwards"])
def test_the_order_of_the_catalogue_makes_no_difference(how: Callable[[Any], Any]) -> None:
    shuffled = catalogue_of(list(how(catalogue().operations)))
    assert contract.table(shuffled) == contract.table(catalogue())


def catalogue_of(operations: list[Any]) -> Any:
    """A catalogue with operations in another order."""
    from engineering_api.operations.catalogue import Catalogue
    from engineering_api.operations.declaration import Section

    section = Section("All")
    section.operations = operations
    section.endpoints = list(catalogue().endpoints)
    return Catalogue((section,))
