"""Reads the shell steps of the pipelines in examples/ci, as each build server would run them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import ROOT

FIXTURE = ROOT / "examples" / "ci"
TOOL = "OWNER/engineering-api"
ADDRESS = "https://packages.example.com/simatic_engineering_api-1.0-py3-none-any.whl"
"""What the user writes in place of ADDRESS."""
GITHUB_CONDITIONS: dict[str, Callable[[dict[str, str]], bool]] = {
    "inputs.format == 'true'": lambda inputs: inputs["format"] == "true",
    "${{ !cancelled() && inputs.tests != '' }}": lambda inputs: inputs["tests"] != "",
}


@dataclass(frozen=True)
class Step:
    """A step: its name, what the shell runs, and its environment."""

    name: str
    script: str
    environment: dict[str, str] = field(default_factory=dict)


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def documents(path: Path) -> list[Any]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def fill(value: Any, opening: str, values: dict[str, str], closing: str) -> Any:
    """Return YAML with its placeholders replaced; unknown ones are errors."""
    if isinstance(value, dict):
        return {key: fill(each, opening, values, closing) for key, each in value.items()}
    if isinstance(value, list):
        return [fill(each, opening, values, closing) for each in value]
    if isinstance(value, str):
        return re.sub(rf"{opening}([\w-]+) *{closing}", lambda found: values[found[1]], value)
    return value


def github() -> Iterator[Step]:
    (job,) = load(FIXTURE / ".github" / "workflows" / "plc.yml")["jobs"].values()
    (use,) = [step for step in job["steps"] if step.get("uses", "").startswith(TOOL)]
    action = load(ROOT / "action.yml")
    assert set(use["with"]) <= set(action["inputs"])
    inputs = {name: each["default"] for name, each in action["inputs"].items()} | use["with"]
    for step in action["runs"]["steps"]:
        wanted = "if" not in step or GITHUB_CONDITIONS[step["if"]](inputs)
        if "run" in step and wanted:
            assert "${{" not in step["run"], "an input in a script would run as code"
            yield Step(step["name"], step["run"], fill(step.get("env", {}), r"\$\{\{ inputs\.", inputs, r"\}\}"))


def gitlab_component() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the inputs of the component, and its jobs for the inputs of the fixture."""
    (include,) = load(FIXTURE / ".gitlab-ci.yml")["include"]
    assert include["component"] == f"$CI_SERVER_FQDN/{TOOL}/check@COMMIT"
    spec, jobs = documents(ROOT / "templates" / "check.yml")
    assert set(include["inputs"]) <= set(spec["spec"]["inputs"])
    inputs = {name: each.get("default", "") for name, each in spec["spec"]["inputs"].items()} | include["inputs"]
    return spec, fill(jobs, r"\$\[\[ inputs\.", inputs, r"\]\]")


def gitlab() -> Iterator[Step]:
    for name, job in gitlab_component()[1].items():
        environment = job["variables"]
        yield Step(f"{name} install", "\n".join(job["before_script"]), environment)
        for line in job["script"]:
            yield Step(f"{name} {line.split()[1]}", line, environment)


def azure() -> Iterator[Step]:
    (use,) = load(FIXTURE / "azure-pipelines.yml")["steps"]
    path, _, repository = use["template"].partition("@")
    assert repository == load(FIXTURE / "azure-pipelines.yml")["resources"]["repositories"][0]["repository"]
    template = load(ROOT / path)
    parameters = {each["name"]: each.get("default", "") for each in template["parameters"]}
    assert set(use["parameters"]) <= set(parameters)
    for step in fill(template["steps"], r"\$\{\{ parameters\.", parameters | use["parameters"], r"\}\}"):
        if "bash" in step:
            yield Step(step["displayName"], step["bash"], step.get("env", {}))


def jenkins() -> Iterator[Step]:
    groovy = pytest.importorskip("tree_sitter_groovy", reason="tree-sitter-groovy is not installed")
    import tree_sitter

    source = (FIXTURE / "Jenkinsfile").read_bytes()
    tree = tree_sitter.Parser(tree_sitter.Language(groovy.language())).parse(source)
    assert not tree.root_node.has_error

    def calls(node: tree_sitter.Node) -> Iterator[str]:
        if node.type == "juxt_function_call" and (node.text or b"").startswith(b"sh "):
            yield (node.text or b"").decode().removeprefix("sh ").strip("'")
        for child in node.children:
            yield from calls(child)

    environment = dict(re.findall(r"^\s*([A-Z]+) = '(.*)'$", source.decode(), re.MULTILINE))
    for line in calls(tree.root_node):
        yield Step(line, line, environment)


SYSTEMS: dict[str, Callable[[], Iterator[Step]]] = {
    "github": github,
    "gitlab": gitlab,
    "azure": azure,
    "jenkins": jenkins,
}
