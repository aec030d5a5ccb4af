"""Checks the types of the console's modules by TypeScript: those of JSDoc, of the packages, and of the service's answers.

    python3 dev.py lint

The browser gets the modules as they are; TypeScript only reads them. The answers are those of docs/openapi.json: `Api.JobRecord`
is its schema JobRecord, and `Api.Answers["jobs"]` what `GET jobs` gives. Where npm or its registry is missing, a warning says
that nothing was checked.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console import vendoring

ROOT = vendoring.HERE.parent
BUILD = ROOT / "build" / "console"
OPENAPI = ROOT / "docs" / "openapi.json"
OWN = {"htm/preact": "types/htm.d.ts"}
"""Declarations of our own, in place of those of a package."""
WORDS = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}
"""The types of JSON Schema, as TypeScript names them."""


def declarations(document: dict[str, Any]) -> str:
    """Return the schemas of an OpenAPI description, and the answers of its routes without parameters, as TypeScript."""
    return "\n".join(
        ["declare namespace Api {", *_types(document), "  interface Answers {", *_answers(document), "  }", "}", ""]
    )


def _types(document: dict[str, Any]) -> Iterator[str]:
    for name, schema in document["components"]["schemas"].items():
        yield f"  type {name} = {_type(schema)};"


def _answers(document: dict[str, Any]) -> Iterator[str]:
    for path, methods in document["paths"].items():
        content = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if "{" not in path and "application/json" in content:
            route = path.removeprefix("/api/v2/")
            yield f"    {json.dumps(route)}: {_type(content['application/json']['schema'])};"


def _type(schema: dict[str, Any]) -> str:
    """Write a schema as a type; a field with a default is always in an answer."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for each in ("anyOf", "oneOf"):
        if each in schema:
            return " | ".join(dict.fromkeys(_type(choice) for choice in schema[each]))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_type({**schema, "type": each}) for each in kind)
    if kind == "array":
        return f"Array<{_type(schema.get('items') or {})}>"
    if kind == "object":
        return _object(schema)
    return WORDS.get(str(kind), "any")


def _object(schema: dict[str, Any]) -> str:
    if "properties" not in schema:
        values = schema.get("additionalProperties")
        return f"Record<string, {_type(values if isinstance(values, dict) else {})}>"
    required = schema.get("required", ())
    fields = (
        f"{json.dumps(name)}{'' if name in required or 'default' in each else '?'}: {_type(each)}"
        for name, each in schema["properties"].items()
    )
    return f"{{ {'; '.join(fields)} }}"


def configuration() -> dict[str, Any]:
    """Return the settings of TypeScript: strict, with the types of packages by the names that the import map has."""
    vendored = {
        name: f"vendor/{package['name']}-{package['version']}/{file}"
        for package in vendoring.packages()
        for file, name in package.get("types", {}).items()
        if name
    }
    return {
        "compilerOptions": {
            "allowJs": True,
            "checkJs": True,
            "lib": ["es2023", "dom", "dom.iterable"],
            "module": "esnext",
            "moduleResolution": "bundler",
            "noEmit": True,
            "paths": {name: [(vendoring.HERE / file).as_posix()] for name, file in (vendored | OWN).items()},
            "skipLibCheck": True,
            "strict": True,
            "target": "es2022",
            "types": [],
        },
        "include": ["api.d.ts", *(f"{vendoring.HERE.as_posix()}/{each}" for each in ("**/*.js", "types/*.d.ts"))],
        "exclude": [vendoring.VENDOR.as_posix()],
    }


def check(compiler: Path) -> int:
    """Print what is wrong; return the exit status of TypeScript."""
    (BUILD / "api.d.ts").write_text(declarations(json.loads(OPENAPI.read_text(encoding="utf-8"))), encoding="utf-8")
    (BUILD / "tsconfig.json").write_text(json.dumps(configuration(), indent=1), encoding="utf-8")
    command = [shutil.which("node") or "node", str(compiler / "bin" / "tsc"), "--project", str(BUILD)]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - the compiler that the lock file names


def main() -> int:
    """Fetch what is missing, then check.

    Returns:
        The exit status: 0 also where npm is missing, with a warning.
    """
    npm = shutil.which("npm")
    try:
        if npm is None:
            sys.exit("npm is missing. On Debian and Ubuntu: apt-get install nodejs npm")
        vendoring.fetch(npm)
        compiler = vendoring.fetch_checker(npm, BUILD)
    except SystemExit as refusal:
        sys.stderr.write(f"WARNING: THE TYPES OF THE CONSOLE ARE NOT CHECKED: {refusal}\n")
        return 0
    return check(compiler)


if __name__ == "__main__":
    sys.exit(main())
