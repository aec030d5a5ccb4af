"""The page about files is true: its commands are run as they stand, by curl and a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import ROOT
from tests.engineering_api.features.mcp.mcp_kit import served
from tests.support.service import KEY

PAGE = ROOT / "docs" / "files.md"
COMMANDS = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None or shutil.which("sh") is None, reason="curl is not installed")
def test_the_commands_of_the_page_work(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    with served(tmp_path / "there") as server:
        environment = os.environ | {"URL": server.url, "KEY": KEY, "NO_PROXY": "*"}

        def run(command: str) -> str:
            done = subprocess.run(
                ["sh", "-ec", command], cwd=here, env=environment, capture_output=True, text=True, timeout=60
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            return done.stdout

        post = 'curl --fail-with-body -sS -H "X-API-Key: $KEY" -H "Content-Type: application/json" "$URL/api/projects/actions/'
        run(post + 'create-sync" -d \'{"name": "Conveyor"}\'')
        run(post + 'archive-sync" -d \'{"path": "first.zap20", "save": true}\'')
        run(post + "close-sync\" -d '{}'")
        run('curl --fail-with-body -sS -H "X-API-Key: $KEY" -o Conveyor.zap20 "$URL/api/files/first.zap20"')
        said = [run(command) for block in COMMANDS for command in block.splitlines()]
    assert len(said) == 12
    workspace = tmp_path / "there" / "workspace"
    assert (here / "Conveyor_2.zap20").read_bytes() == (workspace / "archives" / "Conveyor_2.zap20").read_bytes()
    assert (workspace / "copy" / "Conveyor.ap20").is_file()
    assert not (workspace / "upload").exists()
