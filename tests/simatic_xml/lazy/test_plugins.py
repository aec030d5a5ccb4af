"""A table has our names and those of plugins; one that cannot be used is refused with its package, and the others stay."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from engineering_api.doctor.plugins import GROUPS, installed
from simatic_xml.lazy import plugins
from simatic_xml.lazy.plugins import PREFIX, Entry, PluginError, Table, accept_function
from tests import ROOT
from tests.support.plugins import Declare

GROUP = "things"
OWN = {"json": "json:dumps"}


def _accept(found: object, entry: Entry) -> Any:
    def require(answer: object) -> None:
        if not isinstance(answer, str):
            msg = "it is not a text"
            raise TypeError(msg)

    return accept_function(found, entry, require)


@pytest.fixture
def table(plugins: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Table[Any]]:
    monkeypatch.syspath_prepend(str(plugins))
    yield Table(GROUP, OWN, _accept, reserved=("text",))


@pytest.mark.parametrize("name", GROUPS)
def test_pyproject_declares_our_own(name: str) -> None:
    """And each of them is what its group takes."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    module, _, attribute = GROUPS[name].partition(":")
    group = getattr(import_module(module), attribute)
    assert declared[PREFIX + name] == group.own
    if isinstance(group, Table):
        assert all(group.find(each) is not None for each in group.own)


def test_our_names_read_no_metadata(table: Table[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise AssertionError

    monkeypatch.setattr(plugins, "find_entries", refuse)
    assert "json" in table and table.find("json") is not None


def test_a_plugin_has_a_name_and_another_name_is_nothing(table: Table[Any], declare: Declare) -> None:
    declare("one_thing", GROUP, "one", "def PLUGIN(given):\n    return given")
    assert table.names() == ["json", "one"] and "one" in table and "two" not in table
    assert table.find("one")("x") == "x" and table.find("two") is None and table.refused == {}


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("mine", "import a_module_that_nobody_has", "ModuleNotFoundError"),
        ("mine", "raise SystemExit(3)", "SystemExit: 3"),
        ("mine", "OTHER = 1", "AttributeError"),
        ("mine", "PLUGIN = 1", "TypeError: 1 is not a function"),
        ("a b", "PLUGIN = print", "write its name in small letters"),
        (
            "json",
            "PLUGIN = print",
            "'json' (json:dumps) of the package simatic-engineering-api has",
        ),
        ("text", "PLUGIN = print", "'text' has a meaning already"),
    ],
)
def test_one_that_cannot_be_used_is_refused_alone(
    table: Table[Any],
    declare: Declare,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    code: str,
    reason: str,
) -> None:
    monkeypatch.delitem(sys.modules, "broken", raising=False)
    declare("broken", GROUP, name, code)
    declare("working", GROUP, "good", "PLUGIN = str")
    assert table.find("good") is not None and table.find("json") is not None
    [(entry, error)] = table.refused.items()
    assert (entry.package, error.code) == ("broken", "plugin.not_used")
    assert error.message.startswith(f"The plugin '{name}' (broken:PLUGIN) of the package broken is not used: ")
    assert reason in error.message
    if name == "mine":
        with pytest.raises(PluginError, match="of the package broken"):
            table.find("mine")


def test_of_two_plugins_with_one_name_the_second_is_refused(table: Table[Any], declare: Declare) -> None:
    for package in ("first", "second"):
        declare(package, GROUP, "same", "PLUGIN = str")
    [error] = table.refused.values()
    assert error.code == "plugin.not_used" and "package first" in error.message and "package second" in error.message


@pytest.mark.parametrize(("body", "reason"), [("1 / 0", "ZeroDivisionError"), ("1", "TypeError: it is not a text")])
def test_what_fails_in_a_function_names_the_package(
    table: Table[Any], declare: Declare, body: str, reason: str
) -> None:
    package = f"failing_{reason[:4].lower()}"
    declare(package, GROUP, "mine", f"def PLUGIN(_):\n    return {body}")
    with pytest.raises(PluginError, match=reason) as caught:
        table.find("mine")("x")
    assert caught.value.code == "plugin.failed" and f"of the package {package} failed" in caught.value.message


def test_the_doctor_names_both(table: Table[Any], declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engineering_api.doctor.plugins.GROUPS", {GROUP: f"{__name__}:TABLE"})
    monkeypatch.setitem(globals(), "TABLE", table)
    declare("doctor_works", GROUP, "good", "PLUGIN = str")
    declare("doctor_broken", GROUP, "bad", "PLUGIN = 1")
    used, refused = installed()
    assert used == ["'good' (doctor_works:PLUGIN) of the package doctor_works"]
    assert len(refused) == 1 and "of the package doctor_broken is not used" in refused[0]
