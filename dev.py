#!/usr/bin/env python3
"""Everything a developer needs, with nothing but Python: demo, test, serve, lint, audit, sbom.

Makes a virtual environment in .venv and installs the project there, so that a
system whose own Python is not to be touched stays untouched.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
USAGE = """usage: python3 dev.py COMMAND [ARGUMENTS]

  demo    run the main job over HTTP on the files in examples/; results in demo-output/
  test    run the tests; with --all the slow ones too; further arguments go to pytest
  serve   start the server; arguments go to `tia serve`
  lint    check style, types and the direction of imports
  audit   ask for known vulnerabilities in the packages that are used, and check their licences
  sbom    write the software bill of materials (CycloneDX) to build/sbom.cdx.json, or to the file named
"""


def run(*command: object) -> None:
    """Run a command in the project's folder; end with its status when it fails."""
    status = subprocess.run([str(part) for part in command], cwd=HERE, check=False).returncode
    if status:
        sys.exit(status)


def prepare(extra: str = "") -> None:
    """Make the environment and install the project, when that was not done for this pyproject.toml."""
    wanted = hashlib.sha256((HERE / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"installed{extra or '-plain'}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    if not PYTHON.exists():
        print("Making the virtual environment .venv ...", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False).returncode:
            sys.exit("Python's venv module is incomplete here. On Debian and Ubuntu: apt-get install python3-venv")
    print("Installing the project into .venv ...", flush=True)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", f".{extra}")
    stamp.write_text(wanted, encoding="ascii")


def demo(arguments: list[str]) -> None:
    """Run the demo."""
    prepare()
    run(PYTHON, "-m", "examples.demo", *arguments)


def test(arguments: list[str]) -> None:
    """Run the tests, on all cores."""
    prepare("[test]")
    choice = "not exploration" if "--all" in arguments else "not exploration and not slow"
    run(
        PYTHON, "-m", "pytest", "-n", "auto", "-m", choice, *(argument for argument in arguments if argument != "--all")
    )


def serve(arguments: list[str]) -> None:
    """Start the server."""
    prepare()
    run(PYTHON, "-m", "engineering_api", "serve", *arguments)


def lint(_: list[str]) -> None:
    """Check style, types and imports."""
    prepare("[test]")
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", ".")
    run(PYTHON, "-m", "mypy")
    run(PYTHON.with_name("lint-imports" + PYTHON.suffix))


def audit(_: list[str]) -> None:
    """Check the packages that are used."""
    prepare("[test]")
    run(PYTHON, "-m", "tests.supply_chain.audit")


def sbom(arguments: list[str]) -> None:
    """Write the bill of materials."""
    prepare("[test]")
    run(PYTHON, "-m", "tests.supply_chain.sbom", *arguments)


COMMANDS = {"demo": demo, "test": test, "serve": serve, "lint": lint, "audit": audit, "sbom": sbom}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(USAGE)
    try:
        COMMANDS[sys.argv[1]](sys.argv[2:])
    except KeyboardInterrupt:
        sys.exit(130)
