"""What the hand-written pages name exists: routes with their methods, rights, environment variables, commands of `tia`."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any

import click
import pytest
from click.testing import CliRunner
from litestar import Litestar
from litestar.exceptions import HTTPException

from engineering_api.app import create_app
from engineering_api.cli.commands import main
from engineering_api.security.roles import RIGHTS
from simatic_xml import limits
from tests import ROOT
from tests.support.service import settings

HERE = ROOT
PROPOSED = re.compile(r"```diff\n.*?```", re.DOTALL)
"""A change that a page shows, not what is there."""
PAGES = {
    file.relative_to(HERE).as_posix(): PROPOSED.sub("", file.read_text(encoding="utf-8"))
    for file in [HERE / "README.md", HERE / "CONTRIBUTING.md", *sorted((HERE / "docs").rglob("*.md"))]
    if "docs/api/" not in file.as_posix()
}
ROUTE = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE) (/[^\s`)\"',;|]*)")
RIGHT = re.compile(r"rights? (?:to )?`(\w+)`|\bright to (view|administer|operate)\b|`(administer|operate|view|admin)`")
VARIABLE = re.compile(r"\bTIA_[A-Z0-9_]*[A-Z0-9]\b")
COMMAND = re.compile(r"(?:`|^\s*(?:\$ )?)tia ([^`\n]*)", re.MULTILINE)
CODE = re.compile(r"```.*?```", re.DOTALL)
PARTS = re.compile(r"\{[^}]*\}|<[^>]*>|…")


def named(pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    for page, text in PAGES.items():
        for found in pattern.finditer(text):
            yield page, found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    return create_app(settings(tmp_path_factory.mktemp("claims")))


def is_served(app: Litestar, method: str, path: str) -> bool:
    try:
        app.asgi_router.handle_routing(path=path, method=method)
    except HTTPException:
        return False
    return True


def test_every_route_exists_with_its_method(app: Litestar) -> None:
    assert not is_served(app, "GET", "/api/command/info")
    assert len(list(named(ROUTE))) > 100
    unknown = []
    for page, found in named(ROUTE):
        path = PARTS.sub("x", found[2].partition("?")[0]).rstrip(".:") or "/"
        if not is_served(app, "GET" if found[1] == "HEAD" else found[1], path):
            unknown.append((page, found[0]))
    assert unknown == []


def test_every_right_is_one_of_the_four_words() -> None:
    words = [(page, next(filter(None, found.groups()))) for page, found in named(RIGHT)]
    assert {word for _, word in words} & set(RIGHTS)
    assert [each for each in words if each[1] not in RIGHTS] == []


def test_every_environment_variable_is_read_somewhere() -> None:
    folders = (
        "engineering_api",
        "runtime_data",
        "openness_bridge",
        "simatic_xml",
        "fakes",
        "tests",
        "benchmarks",
        "examples",
    )
    code = "\n".join(file.read_text(encoding="utf-8") for folder in folders for file in (HERE / folder).rglob("*.py"))
    known = set(VARIABLE.findall(code + (HERE / "dev.py").read_text(encoding="utf-8")))
    known |= {f"{limits.PREFIX}{name.upper()}" for name in limits.LIMITS}
    assert [(page, found[0]) for page, found in named(VARIABLE) if found[0] not in known] == []


@cache
def _help(arguments: tuple[str, ...]) -> str:
    return CliRunner().invoke(main, [*arguments, "--help"]).output


def told(arguments: list[str]) -> set[str]:
    """The options that the help of a command names."""
    return set(re.findall(r"(?<![\w-])-{1,2}[a-z][a-z-]*", _help(tuple(arguments))))


def resolved(words: list[str]) -> str:
    """What is wrong with a command; empty when it exists with its options."""
    command: click.Command = main
    context = click.Context(main, info_name="tia")
    path: list[str] = []
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        path.append(name := words.pop(0))
        inner = command.get_command(context, name)
        if inner is None:
            return f"no command {name}"
        command, context = inner, click.Context(inner, info_name=name, parent=context)
    known = {option for each in command.get_params(context) for option in (*each.opts, *each.secondary_opts)}
    if command.context_settings.get("ignore_unknown_options"):  # it hands its arguments to a parser of its own
        known |= told([*path, *words[:1]]) | told(path)
    options = [word.partition("=")[0] for word in words if re.fullmatch(r"-{1,2}[a-z][a-z-]*(=.*)?", word)]
    return ", ".join(f"no option {option}" for option in options if option not in known)


def commands() -> Iterator[tuple[str, str]]:
    for page, found in named(COMMAND):
        line = re.split(r"\s{2,}|\s#|[|>&;]|\.\.\.|…", found[1].strip().rstrip("\\"))[0]
        yield page, line.strip()


def test_every_command_exists_with_its_options() -> None:
    wrong: list[Any] = []
    count = 0
    for page, line in commands():
        try:
            words = shlex.split(line, posix=os.name != "nt")
        except ValueError:
            words = line.split()
        count += 1
        if why := resolved([word for word in words if word]):
            wrong.append((page, line, why))
    assert count > 50
    assert wrong == []
