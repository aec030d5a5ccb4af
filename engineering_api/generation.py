"""Writes the files that are generated: the client's methods, the indexes of `tia`, the OpenAPI document, the pages of routes.

`python3 dev.py generate` runs it as `python -m engineering_api.generation --contract`, and the other commands of dev.py
without `--contract` where something is missing or old. The table of the contract is committed, so it changes only when that
is asked for, and a test says when it must.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from engineering_api import VERSION
from engineering_api.cli import command_index
from engineering_api.documentation import codes, files
from engineering_api.features.sections import SECTIONS
from engineering_api.operations.catalogue import Catalogue
from engineering_api.web import client_generator, contract
from engineering_api.web.openapi import document as openapi

ROOT = Path(__file__).resolve().parents[1]
METHODS = "engineering_api/client/resources"
PAGES = "docs/api"
OPENAPI = "docs/openapi.json"
COMMANDS = "engineering_api/cli/commands.json"
CODES = "engineering_api/documentation/codes.json"
CONTRACT = "docs/contract.tsv"


def texts(catalogue: Catalogue) -> dict[str, str]:
    """Return the text of each generated file, by its path in the project."""
    methods = {f"{METHODS}/{name}": text for name, text in client_generator.modules(catalogue).items()}
    pages = {f"{PAGES}/{name}": text for name, text in files.contents(catalogue).items()}
    return {
        **methods,
        **pages,
        OPENAPI: f"{openapi.text(catalogue, VERSION, 2)}\n",
        COMMANDS: command_index.text(catalogue),
        CODES: codes.text(),
    }


def contract_text(catalogue: Catalogue, root: Path = ROOT) -> str:
    """Return the table of the contract, which continues the one of a project.

    Raises:
        ValueError: The table of the project is not complete.
    """
    file = root / CONTRACT
    last = contract.read(file.read_text(encoding="utf-8")) if file.is_file() else None
    return contract.write(contract.follow(last, contract.promises(catalogue)))


def write(catalogue: Catalogue, root: Path = ROOT, *, with_contract: bool = False) -> list[str]:
    """Update the generated files of a project.

    Args:
        catalogue: All operations.
        root: The project's folder.
        with_contract: Whether to write the table of the contract, too.

    Returns:
        The paths of the files that were written or removed.
    """
    wanted = texts(catalogue) | ({CONTRACT: contract_text(catalogue, root)} if with_contract else {})
    surplus = sorted(set(_list_generated(root)) - set(wanted))
    for path in surplus:
        (root / path).unlink()
    changed = [path for path, text in wanted.items() if not _has(root / path, text)]
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(wanted[path], encoding="utf-8", newline="\n")
    return sorted([*surplus, *changed])


def _list_generated(root: Path) -> Iterator[str]:
    """Yield the files in the folders that hold generated files only."""
    for folder, pattern in ((METHODS, "*.py"), (PAGES, "*.md")):
        yield from (file.relative_to(root).as_posix() for file in (root / folder).glob(pattern))


def _has(file: Path, text: str) -> bool:
    return file.is_file() and file.read_bytes() == text.encode()


def main(arguments: list[str]) -> None:
    """Write the files, and print how many changed."""
    changed = write(Catalogue(SECTIONS), with_contract="--contract" in arguments)
    sys.stdout.write(f"{len(changed)} generated files were written or removed.\n")
    if CONTRACT in changed:
        sys.stdout.write(f"The contract changed: review {CONTRACT}, and commit it.\n")


if __name__ == "__main__":
    main(sys.argv[1:])
