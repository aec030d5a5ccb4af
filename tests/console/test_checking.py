"""The check of the console's types: what TypeScript gets to read, and what happens where npm is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from console import checking, vendoring

DESCRIPTION = {
    "components": {
        "schemas": {
            "State": {"type": "string", "enum": ["on", "off"]},
            "Lamp": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "state": {"$ref": "#/components/schemas/State"},
                    "age": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "tags": {"type": "array", "items": {"type": "string"}, "default": []},
                    "note": {"type": "string"},
                    "values": {"type": "object", "additionalProperties": {"type": ["number", "boolean"]}},
                },
                "required": ["name", "state", "age", "values"],
            },
        }
    },
    "paths": {
        "/api/v2/lamps": {
            "get": {
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/x/Lamp"}}}}
                    }
                }
            }
        },
        "/api/v2/lamps/{name}": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {}}}}}}},
        "/api/v2/export": {"get": {"responses": {"200": {"content": {"text/csv": {"schema": {"type": "string"}}}}}}},
    },
}


def test_the_schemas_become_types_and_the_routes_without_names_answers() -> None:
    assert checking.declarations(DESCRIPTION).splitlines() == [
        "declare namespace Api {",
        '  type State = "on" | "off";',
        '  type Lamp = { "name": string; "state": State; "age": number | null; "tags": Array<string>; "note"?: string; '
        '"values": Record<string, number | boolean> };',
        "  interface Answers {",
        '    "lamps": Array<Lamp>;',
        "  }",
        "}",
    ]


def test_each_type_of_a_package_is_one_of_its_files() -> None:
    paths = checking.configuration()["compilerOptions"]["paths"]
    imported = {name for package in vendoring.packages() for name in package["files"].values()}
    assert paths.keys() <= imported
    assert "preact/hooks" in paths


def test_without_npm_a_warning_says_that_nothing_was_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert checking.main() == 0
    assert capsys.readouterr().err.startswith("WARNING: THE TYPES OF THE CONSOLE ARE NOT CHECKED: npm is missing.")


@pytest.mark.skipif(
    not (checking.OPENAPI.is_file() and vendoring.complete() and any(checking.BUILD.glob("typescript-*"))),
    reason="THE TYPES OF THE CONSOLE WERE NOT TRIED: run python3 dev.py lint",
)
@pytest.mark.slow
def test_a_field_that_no_answer_has_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    compiler = next(checking.BUILD.glob("typescript-*"))
    wrong = tmp_path / "wrong.js"
    api = (vendoring.HERE / "api.js").as_posix()
    wrong.write_text(f'import {{ get }} from "{api}";\nawait get("jobs").then((jobs) => jobs[0].jobIdentity);\n')
    configuration = checking.configuration()
    configuration["include"].append(wrong.as_posix())
    monkeypatch.setattr(checking, "configuration", lambda: configuration)
    monkeypatch.setattr(checking, "BUILD", tmp_path)
    assert checking.check(compiler) != 0
    assert "Property 'jobIdentity' does not exist" in capfd.readouterr().out
