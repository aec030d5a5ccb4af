"""The page about source control tells the truth: its commands run, and answer what it shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from engineering_api.client import Client
from tests import ROOT
from tests.engineering_api.features.source_control.kit import SCL
from tests.engineering_api.web.kit import serving
from tests.support.service import CPU, FIRMWARE

PAGE = (ROOT / "docs" / "source-control.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```bash\n(.*?)```\n(?:\n```json\n(.*?)```)?", PAGE, re.DOTALL)


def holds(answer: Any, shown: Any) -> bool:
    """Whether an answer has all that is shown of it."""
    if isinstance(shown, dict):
        return all(name in answer and holds(answer[name], value) for name, value in shown.items())
    if isinstance(shown, list):
        return len(answer) == len(shown) and all(map(holds, answer, shown))
    return bool(answer == shown)


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="there is no curl or bash")
def test_the_commands_answer_what_is_shown(tmp_path: Path) -> None:
    assert len(EXAMPLES) > 10
    remotes = tmp_path / "remotes"
    with serving(tmp_path / "data", "--port", "0", TIA_API_KEY="k", TIA_GIT_FOLDERS=str(remotes)) as (url, _):
        with Client(url, "k") as client:
            client.projects.create(name="Conveyor")
            client.devices.add(order_number=CPU, version=FIRMWARE, name="PLC_1")
            client.sources.import_and_generate(device_name="PLC_1", scl_content=SCL)
            client.devices.compile_(device_name="PLC_1")
        subprocess.run(["git", "init", "--quiet", "--bare", str(remotes / "line.git")], check=True)
        environment = {**os.environ, "TIA": url, "KEY": "k"}
        for command, shown in EXAMPLES:
            done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=True)
            answer = json.loads(done.stdout)
            assert answer["success"] is True, (command, answer)
            if shown:
                assert holds(answer["data"], json.loads(shown)), (command, answer["data"])


def test_the_page_names_every_route() -> None:
    for word in (
        "init",
        "commit-sync",
        "export-preview-sync",
        "diff",
        "log",
        "file-content",
        "restore-sync",
        "restore-all-sync",
        "branches/checkout",
        "merge",
        "remotes",
        "push",
        "pull",
        "config",
    ):
        assert word in PAGE
