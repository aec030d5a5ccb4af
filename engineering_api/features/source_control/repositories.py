"""Where the repositories of projects are: in the service's data folder, where no client's path leads.

A project that is moved or saved under another path is another project, with a separate repository: it gets the
history of the first through a remote.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from pathlib import Path

from engineering_api.features.source_control import git_folder, stale_locks
from engineering_api.features.source_control.repository import Repository


class Repositories:
    """One repository for each project file; every caller gets the same one, with its lock."""

    def __init__(self, folder: Path) -> None:
        """Keep them below a folder."""
        self._folder, self._started = folder, time.time()
        self._known: dict[Path, Repository] = {}
        self._guard = threading.Lock()

    def of(self, project_file: str) -> Repository:
        """Return the repository of a project; it may have to be initialized.

        Args:
            project_file: The absolute path of the project's file.
        """
        name = re.split(r"[/\\]", project_file)[-1].rpartition(".")[0]
        mark = hashlib.sha256(project_file.casefold().encode("utf-8", "surrogatepass")).hexdigest()[:10]
        folder = self._folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name)[:40].strip('-') or 'project'}-{mark}"
        with self._guard:
            if folder not in self._known:
                git_folder.require_no_links(folder / ".git")
                stale_locks.release(folder, self._started)
                self._known[folder] = Repository(folder, name)
            return self._known[folder]
