"""Which files of this machine a client may name."""

from __future__ import annotations

from pathlib import Path

from openness_bridge.errors import Place, Problem


class Roots:
    """The folders that clients' paths must lie in, after links are resolved."""

    def __init__(self, workspace: Path, roots: list[Path]) -> None:
        """Allow the workspace, from which relative paths start, and further folders."""
        self.workspace = workspace.resolve()
        self._allowed = [self.workspace, *(root.resolve() for root in roots)]

    @property
    def folders(self) -> list[Path]:
        """The allowed folders, the workspace first."""
        return list(dict.fromkeys(self._allowed))

    def allows(self, path: Path) -> bool:
        """Whether a path lies in an allowed folder, after links are resolved."""
        return any(path.resolve().is_relative_to(root) for root in self._allowed)

    def resolve(self, text: str) -> Path:
        """Turn a client's path into an absolute one inside the allowed folders.

        Raises:
            Problem: It is empty, has a NUL, is longer than this system's paths, or lies outside.
        """
        if not text.strip() or "\0" in text:
            raise Problem("path.invalid", "The path is empty or has a NUL character.", status=400)
        path = (self.workspace / Path(text)).resolve()
        try:
            path.exists()
        except OSError as error:
            msg = f"'{text[:80]}' cannot be a path on this server: {error.strerror}."
            raise Problem("path.invalid", msg, status=400, place=Place(path=text)) from error
        if not self.allows(path):
            roots = ", ".join(str(root) for root in self._allowed)
            msg = f"'{text}' lies outside of the folders that this server may use ({roots}). Start it with --root to allow more."
            raise Problem("path.outside_roots", msg, status=403, place=Place(path=text))
        return path

    def existing(self, text: str) -> Path:
        """The same for a file that must be there.

        Raises:
            Problem: As resolve, or there is no such file.
        """
        path = self.resolve(text)
        if not path.is_file():
            raise Problem("file.not_found", f"There is no file '{path}'.", status=404, place=Place(path=text))
        return path

    def new(self, text: str, *, overwrite: bool = False) -> Path:
        """The same for a file to be written; its folder is made.

        Raises:
            Problem: As resolve, or the file is there already.
        """
        path = self.resolve(text)
        if path.exists() and not (overwrite and path.is_file()):
            way = "name a file in it" if path.is_dir() else "delete it, choose another name, or set overwrite"
            msg = f"'{path}' exists already{' and is a folder' * path.is_dir()}: {way}."
            raise Problem("file.exists", msg, status=409, place=Place(path=text))
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
