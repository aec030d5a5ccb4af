"""Licences are read from what a package says in any of the three ways, and held to the policy."""

from __future__ import annotations

from email.message import Message
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

from tests.supply_chain.installed import Package, packages
from tests.supply_chain.licences import UNKNOWN, licence, refused
from tests.supply_chain.policy import Exempted, Licences, policy

POLICY = Licences(
    frozenset({"MIT", "Apache-2.0"}),
    {"lesser": Exempted("LGPL-3.0-only", "a test")},
    {"MIT License": "MIT", "Apache Software License": "Apache-2.0"},
    {"silent": "MIT"},
)
OSI = "License :: OSI Approved :: "


class Said(Distribution):
    """A distribution of nothing but metadata."""

    def __init__(self, *headers: tuple[str, str]) -> None:
        self.headers = headers

    @property
    def metadata(self) -> Any:
        message = Message()
        for header in self.headers:
            message.add_header(*header)
        return message

    def read_text(self, filename: str) -> str | None:
        return None

    def locate_file(self, path: Any) -> Any:
        return Path(path)


def package(name: str, *headers: tuple[str, str]) -> Package:
    return Package(name, "1", (), Said(*headers))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("License-Expression", "MIT OR GPL-2.0-only"), ("License", "BSD")], "MIT OR GPL-2.0-only"),
        ([("License", "MIT License")], "MIT"),
        ([("License", "MIT License\n\nCopyright ..."), ("Classifier", OSI + "MIT License")], "MIT"),
        ([("Classifier", OSI + "MIT License"), ("Classifier", OSI + "Apache Software License")], "MIT AND Apache-2.0"),
        ([("License", "as you like")], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_a_licence_is_read(headers: list[tuple[str, str]], expected: str) -> None:
    assert licence(package("some", *headers), POLICY) == expected


@pytest.mark.parametrize(
    ("name", "expression", "allowed"),
    [
        ("some", "MIT", True),
        ("some", "GPL-2.0-only OR MIT", True),
        ("some", "GPL-2.0-only AND MIT", False),
        ("some", "LGPL-3.0-only", False),
        ("lesser", "LGPL-3.0-only", True),
        ("lesser", "GPL-3.0-only", False),
        ("some", "", False),
        ("silent", "", True),
    ],
)
def test_a_licence_is_held_to_the_policy(name: str, expression: str, allowed: bool) -> None:
    made = package(name, *([("License-Expression", expression)] if expression else []))
    assert (refused({name: made}, POLICY) == []) is allowed


def test_each_package_of_the_service_has_an_allowed_licence() -> None:
    assert len(packages()) > 40
    assert refused(packages(), policy().licences) == []
