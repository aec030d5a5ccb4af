"""Nothing that is shipped installs the package by its name, which anybody could take on an index: only by an address."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from engineering_api.cli.init import WORKFLOW
from engineering_api.extras import DISTRIBUTION
from tests import ROOT
from tests.ci.steps import ADDRESS, SYSTEMS, Step, load

NAMES = (
    DISTRIBUTION,
    DISTRIBUTION.replace("-", "_"),
    "engineering-api",
    "engineering_api",
    "simatic-xml",
    "simatic_xml",
    "tia",
)
"""Names under which somebody would look for this package."""
INSTALLS = re.compile(r"\b(?:pip3?|pipx|uvx|uv (?:tool|pip|add|run)|poetry add)\b[^\n`]*")
NAMED = re.compile(rf"(?<![\w/.@-])(?:{'|'.join(NAMES)})(?:\[[\w,]+\])?+(?!\s@\s|[\w./@-])", re.IGNORECASE)
FILES_FOR_SERVERS = re.compile(r"\.ya?ml$|Jenkinsfile$|^Dockerfile$|^engineering_api/cli/init\.py$")
COMMIT = "git+https://git.example.com/OWNER/engineering-api@" + "a" * 40


def unowned(line: str) -> list[str]:
    """Return what a line installs by our name alone."""
    return [found for command in INSTALLS.findall(line) if "install" in command or "uvx" in command or "add" in command
            for found in NAMED.findall(command.partition("install")[2] or command.partition(" ")[2])]  # fmt: skip


def shipped() -> Iterator[tuple[str, str]]:
    """Yield the text files that git keeps, without tests and changes of the past."""
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    for name in filter(None, names):
        if name.startswith(("tests/", "CHANGELOG")) or not (ROOT / name).is_file():
            continue
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_installs_our_name() -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, text in shipped()
        for number, line in enumerate(text.splitlines(), 1)
        if unowned(line)
    ]
    assert not found


def test_no_file_for_a_build_server_has_the_name_as_a_value() -> None:
    value = re.compile(rf"(?:default|package|PACKAGE)\s*[:=]\s*[\"']?(?:{'|'.join(NAMES)})[\"']?\s*$", re.MULTILINE)
    found = [name for name, text in shipped() if FILES_FOR_SERVERS.search(name) and value.search(text)]
    assert not found


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("pip install simatic-engineering-api", True),
        ('python -m pip install "simatic-engineering-api[mcp]"', True),
        ("pipx install tia", True),
        ("uv tool install simatic_engineering_api", True),
        ("uvx simatic-engineering-api check .", True),
        ('pip install "simatic-engineering-api[mcp] @ ADDRESS"', False),
        ("pip install dist/simatic_engineering_api-1.0-py3-none-any.whl", False),
        ("pip install git+https://git.example.com/OWNER/engineering-api@1234", False),
        ("pip install httpx", False),
    ],
)
def test_a_name_without_an_address_is_found(line: str, wanted: bool) -> None:
    assert bool(unowned(line)) is wanted


def test_the_inputs_have_no_default() -> None:
    parameters = {each["name"]: each for each in load(ROOT / "azure" / "check.yml")["parameters"]}
    spec, _ = yaml.safe_load_all((ROOT / "templates" / "check.yml").read_text(encoding="utf-8"))
    assert "default" not in parameters["package"] and "default" not in spec["spec"]["inputs"]["package"]


def install_steps() -> dict[str, Step]:
    """Return the step that requires an address, by the system that runs it."""
    found = {
        f"{system} {number}": step
        for system, steps in SYSTEMS.items()
        for number, step in enumerate(steps())
        if "PACKAGE" in step.script and "grep" in step.script
    }
    workflows = [(path.parents[2].name, path) for path in (ROOT / "examples").glob("*/.github/workflows/plc.yml")]
    texts = {name: path.read_text(encoding="utf-8") for name, path in workflows} | {"init": WORKFLOW}
    for name, text in texts.items():
        for step in yaml.safe_load(text)["jobs"].popitem()[1]["steps"]:
            if step.get("name") == "Install":
                found[name] = Step(name, step["run"], step["env"])
    return found


def test_each_pipeline_that_installs_a_package_requires_an_address() -> None:
    guards = {step.script.splitlines()[0] for step in install_steps().values()}
    assert len(guards) == 1
    assert {name.split()[0] for name in install_steps()} == {
        "gitlab", "azure", "jenkins", "init", "conveyor", "tank-farm", "packaging-cell"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("package", "code"),
    [(ADDRESS, 0), (f"{ADDRESS}#sha256={'0' * 64}", 0), (COMMIT, 0), ("ADDRESS", 2), ("", 2), (DISTRIBUTION, 2),
     ("git+https://git.example.com/OWNER/engineering-api", 2), (f"{DISTRIBUTION}==1.0", 2)],
)  # fmt: skip
def test_a_missing_address_ends_the_pipeline_with_a_message(package: str, code: int, tmp_path: Path) -> None:
    guard = next(iter(install_steps().values())).script.splitlines()[0]
    done = subprocess.run(
        ["bash", "-c", guard],
        env={"PACKAGE": package, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert ("PACKAGE is not the address" in done.stderr) is bool(code)
