"""The examples of docs/runtime/streams.md, executed against a server."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from engineering_api.settings import Settings
from runtime_data import pace
from tests import ROOT
from tests.runtime_data.native.live import Live, live
from tests.support.service import KEY

PAGE = (ROOT / "docs" / "runtime" / "streams.md").read_text("utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


async def started(server: Live, *command: str) -> asyncio.subprocess.Process:
    environment = {**os.environ, "TIA_URL": server.url, "TIA_API_KEY": KEY}
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, env=environment)


@pytest.mark.slow
def test_the_examples_do_what_the_page_says(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with live(tmp_path) as server:
            await server.define(Level="Real", Start="Bool")
            await server.put(Level=4.5, Start=True)
            outputs = []
            for code in PYTHON:
                process = await started(server, sys.executable, "-c", code)
                output, errors = await asyncio.wait_for(process.communicate(), 120)
                assert process.returncode == 0, errors.decode()
                outputs.append(output.decode())
            assert outputs[0].strip() == str({"memory:Level": 4.5, "memory:Start": True})
            assert [line for line in outputs[1].splitlines() if line != "beat "] == [
                "done 1",
                "done 2",
                "values ",
                "4.5",
            ]

    assert len(PYTHON) == 2
    asyncio.run(scenario())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None or os.name == "nt", reason="there is no curl for sh here")
def test_the_command_shows_values(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with live(tmp_path) as server:
            await server.define(Level="Real", Start="Bool")
            await server.put(Level=4.5, Start=True)
            process = await started(server, "sh", "-c", f"exec {SHELL[0].strip()}")
            assert process.stdout is not None
            seen = b""
            async with asyncio.timeout(60):
                while b'"memory:Level"' not in seen or b'"memory:Start"' not in seen:
                    line = await process.stdout.readline()
                    assert line
                    seen += line
            process.terminate()
            await process.communicate()
            assert re.match(rb": beat \{.*\}\r\n\r\nid: \d+\r\nevent: values\r\ndata: \[", seen)

    assert len(SHELL) == 1
    asyncio.run(scenario())


def test_the_page_names_the_limits_that_there_are() -> None:
    limits = Settings()
    assert f"up to {limits.runtime_stream_tags:,} (`TIA_RUNTIME_STREAM_TAGS`)" in PAGE
    assert f"{limits.runtime_streams} streams may be open" in PAGE
    assert f"{limits.runtime_messages} messages may come in a second" in PAGE
    assert f"{pace.SHORTEST:g} to {pace.LONGEST:,.0f}" in PAGE
