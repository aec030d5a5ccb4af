"""SIMATIC SD documents on the server: two files of one name, `.s7dcl` and, where there are texts, `.s7res`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engineering_api.operations.context import Context
from openness_bridge.files import temporary
from openness_bridge.program.documents import SUFFIX, TEXTS, is_document

__all__ = ["find_documents", "is_document", "write_documents"]


def write_documents(ctx: Context, target: str, export: Callable[[Path], list[Path]], *, overwrite: bool) -> Path:
    """Write documents to the files of a name, and return the path of the `.s7dcl` file.

    Args:
        ctx: where files may be.
        target: the `.s7dcl` file.
        export: writes the documents to an empty folder and returns their paths.
        overwrite: whether files that are there are replaced.

    Raises:
        Problem: The export is refused, or a file is there already.
    """
    paths = {
        suffix: ctx.roots.new(str(Path(target).with_suffix(suffix)), overwrite=overwrite) for suffix in (SUFFIX, TEXTS)
    }
    with temporary(SUFFIX) as draft:
        contents = {made.suffix: made.read_bytes() for made in export(draft.parent)}
    for suffix, path in paths.items():
        if suffix in contents:
            ctx.roots.write(path, contents[suffix])
        else:
            path.unlink(missing_ok=True)  # texts of an earlier export, which nothing refers to now
    return paths[SUFFIX]


def find_documents(ctx: Context, source: str) -> Path:
    """Return the path of a document to import; the file of its texts must be allowed, too, where there is one.

    Raises:
        Problem: There is no such file, or one of the two is outside of the allowed folders.
    """
    path = ctx.roots.existing(source)
    if path.with_suffix(TEXTS).exists():
        ctx.roots.existing(str(path.with_suffix(TEXTS)))
    return path
