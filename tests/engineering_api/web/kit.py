"""A server process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engineering_api import processes


@contextmanager
def serving(folder: Path, *options: str, **environment: str) -> Iterator[tuple[str, str]]:
    """A running server: its address, and the line that says where the key is."""
    command = [
        sys.executable,
        "-m",
        "engineering_api",
        "serve",
        "--backend",
        "fake",
        "--data-dir",
        str(folder),
        *options,
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    with processes.start(command, stdout=subprocess.PIPE, text=True, env={**clean, **environment}) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"https?://[^ ]+", process.stdout.readline())
            assert address
            yield address[0], process.stdout.readline()
        finally:
            process.terminate()
