"""Writes the pages of the sections as files, so that readers of the project can read them."""

from __future__ import annotations

from pathlib import Path

from engineering_api.documentation import pages, way_back
from engineering_api.operations.catalogue import Catalogue

FOLDER = pages.GUIDES / pages.API
UNSEARCHED = "---\nsearch:\n  exclude: true\n---\n"
"""The head of a page that the search of the site leaves out: hundreds of operations hide the guides there."""


def contents(catalogue: Catalogue) -> dict[str, str]:
    """Return the text of each file by its name."""
    made = list(pages.api_pages(catalogue))
    listed = [f"- [{page.title}]({page.name}.md)" for page in made]
    index = "\n".join([pages.introduction(catalogue), "## Sections\n", *listed, "", way_back.table(catalogue)])
    return {"README.md": index} | {f"{page.name}.md": f"{UNSEARCHED}{page.content.rstrip()}\n" for page in made}


def write(catalogue: Catalogue, folder: Path = FOLDER) -> list[str]:
    """Update a folder. Returns the names of the files that were written or removed."""
    changed = stale(catalogue, folder)
    wanted = contents(catalogue)
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed


def stale(catalogue: Catalogue, folder: Path = FOLDER) -> list[str]:
    """Return the names of files that are not what the catalogue says: changed, missing, or of no section."""
    wanted = contents(catalogue)
    found = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
