"""The files for build servers fit the published schemas, which the package check-jsonschema carries."""

from __future__ import annotations

import importlib.util
import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pre_commit import clientlib

from tests import ROOT
from tests.ci.steps import FIXTURE, documents, gitlab_component, jenkins, load

WORKFLOW = FIXTURE / ".github" / "workflows" / "plc.yml"


def errors(document: Any, schema: str) -> list[str]:
    """Return where a document breaks a published schema."""
    if importlib.util.find_spec("check_jsonschema") is None:
        pytest.skip("check-jsonschema, which carries the published schemas, is not installed")
    file = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{schema}.json"
    rules = json.loads(file.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(rules)
    return [f"{each.json_path}: {each.message}" for each in validator(rules).iter_errors(strings(document))]


def strings(document: Any) -> Any:
    """Return YAML with the keys that YAML 1.1 reads as truth values as texts: `on`."""
    if isinstance(document, dict):
        return {"on" if key is True else key: strings(value) for key, value in document.items()}
    return [strings(each) for each in document] if isinstance(document, list) else document


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (WORKFLOW, "github-workflows"),
        (ROOT / "action.yml", "github-actions"),
        (FIXTURE / ".gitlab-ci.yml", "gitlab-ci"),
        (FIXTURE / "azure-pipelines.yml", "azure-pipelines"),
        (ROOT / "azure" / "check.yml", "azure-pipelines"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_files_fit(path: Path, schema: str) -> None:
    assert errors(load(path), schema) == []


def test_the_component_of_gitlab_fits() -> None:
    spec, jobs = gitlab_component()
    assert errors(spec, "gitlab-ci") == []
    assert errors(jobs, "gitlab-ci") == []
    assert "$[[" not in json.dumps(jobs)
    assert len(documents(ROOT / "templates" / "check.yml")) == 2


@pytest.mark.parametrize(
    ("path", "schema", "key", "value"),
    [
        (WORKFLOW, "github-workflows", "jobs", {"check": {"steps": "none"}}),
        (ROOT / "action.yml", "github-actions", "runs", {"using": "composite"}),
        (FIXTURE / ".gitlab-ci.yml", "gitlab-ci", "stages", {"test": 1}),
        (ROOT / "azure" / "check.yml", "azure-pipelines", "steps", [{"bash": "x", "unknown": 1}]),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_mistake_is_found(path: Path, schema: str, key: str, value: Any) -> None:
    assert errors(load(path) | {key: value}, schema) != []


def test_the_jenkinsfile_is_groovy_with_shell_steps() -> None:
    assert len(list(jenkins())) == 7


def test_the_files_of_pre_commit_fit() -> None:
    hooks = clientlib.load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    config = clientlib.load_config(str(FIXTURE / ".pre-commit-config.yaml"))
    used = {hook["id"] for each in config["repos"] for hook in each["hooks"]}
    assert used == {hook["id"] for hook in hooks}
