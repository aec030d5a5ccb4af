"""The fake has nothing that the real object model lacks, but for what deviations.csv admits."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import fake_openness
from fake_openness import install
from tests.openness_bridge.manifest.kit import VERSIONS, deviations, fake_types, invented, public, real


@pytest.mark.parametrize("version", VERSIONS)
def test_the_fake_invents_nothing(version: str) -> None:
    assert sorted(set(invented(version)) - set(deviations())) == []


@pytest.mark.slow
def test_every_admitted_deviation_is_still_one() -> None:
    found = {pair for version in VERSIONS for pair in invented(version)}
    assert sorted(set(deviations()) - found) == []


def test_an_invention_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = fake_types("20")["PlcBlock"]
    monkeypatch.setattr(kind, "Rename", lambda self: None, raising=False)
    assert ("PlcBlock", "Rename") in set(invented("20"))


def test_a_type_of_a_later_version_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fake_types("17"), "CrossReferenceService", fake_types("20")["CrossReferenceService"])
    assert ("CrossReferenceService", "") in set(invented("17"))


def test_members_of_another_version_are_not_there(tmp_path: Path) -> None:
    types = fake_types("20")
    assert "Graphics" in public(types["Project"], "20")
    assert "Graphics" not in public(types["Project"], "21")
    assert "ProtectProject" not in public(types["Project"], "16")


def test_a_member_that_the_fake_lacks_fails_loudly() -> None:
    installed = install("20")
    portal = installed.types["TiaPortal"](installed.types["TiaPortalMode"].WithoutUserInterface)
    assert "LocalSessions" in _real("TiaPortal") - public(type(portal), "20")
    with pytest.raises(AttributeError, match=r"TiaPortal.*LocalSessions.*simulated.*docs/object-model\.md"):
        _ = portal.LocalSessions
    with pytest.raises(AttributeError, match="cannot be set"):
        portal.LocalSessions = 1


def test_a_getter_that_fails_fails_with_its_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = install("20")
    portal = installed.types["TiaPortal"](installed.types["TiaPortalMode"].WithoutUserInterface)
    monkeypatch.setattr(type(portal), "Projects", property(lambda self: self._nothing), raising=False)
    with pytest.raises(AttributeError, match="_nothing"):
        _ = portal.Projects


def _real(simple_name: str) -> set[str]:
    from openness_bridge.manifest.reading import read

    return {member.name for name in real(read("20"), simple_name) for member in read("20").members(name)}


REFLECTION = ("reflection.py", "kind.Namespace")
"""Not a member of the object model: what Python knows of one of its types."""


def members_that_some_lack(trees: dict[str, ast.Module]) -> set[str]:
    """The members that a type, or the object model of a version, does not have while other code of the fake declares them."""
    found = set[str]()
    for tree in trees.values():
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=member)], value=ast.Call(func=ast.Name(id="_Lacking"))):
                    found.add(member)
                case ast.AnnAssign(target=ast.Name(id="_EXISTS_FROM" | "_GONE_FROM"), value=ast.Dict(keys=keys)):
                    found |= {key.value for key in keys if isinstance(key, ast.Constant)}
    return found


def uses(trees: dict[str, ast.Module], members: set[str]) -> Iterator[tuple[str, str]]:
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in members:
                text = ast.unparse(node)
                if not text.startswith("super()."):
                    yield name, text


def test_the_fake_itself_uses_no_member_that_a_type_lacks() -> None:
    """mypy does not see it: to it, a type that lacks an inherited member has it."""
    folder = Path(fake_openness.__file__).parent
    trees = {file.name: ast.parse(file.read_text(encoding="utf-8")) for file in folder.rglob("*.py")}
    members = members_that_some_lack(trees)
    assert {"Find", "CompareTo", "GetService"} <= members
    assert set(uses(trees, members)) == {REFLECTION}
