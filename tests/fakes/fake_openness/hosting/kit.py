"""`run(text)`: what a program of that text prints, and how it ends."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from fake_openness.hosting import main

START = """
import clr
clr.AddReference("Siemens.Engineering")
import System
from System.IO import DirectoryInfo, FileInfo
import Siemens.Engineering as tia
import Siemens.Engineering.HW.Features as hwf
portal = tia.TiaPortal(tia.TiaPortalMode.WithUserInterface)
"""
PLC = """
project = portal.Projects.Create(DirectoryInfo(r"C:\\Projects"), "Line")
device = project.Devices.CreateWithItem("OrderNumber:6ES7 513-1AL02-0AB0/V2.6", "PLC_1", "Station_1")
software = tia.IEngineeringServiceProvider(device.DeviceItems[1]).GetService[hwf.SoftwareContainer]().Software
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended.

    Attributes:
        code: Its exit code.
        lines: What it printed.
        errors: What it printed as errors.
        drives: The folder with the drives.
    """

    code: int
    lines: list[str]
    errors: str
    drives: Path


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(text: str, *arguments: str, version: str = "17", options: tuple[str, ...] = ()) -> Ended:
        script = tmp_path / "program.py"
        script.write_text(textwrap.dedent(text), encoding="utf-8")
        drives = tmp_path / "drives"
        capsys.readouterr()
        code = main(["--version", version, "--folder", str(drives), *options, str(script), *arguments])
        out, errors = capsys.readouterr()
        return Ended(code, out.splitlines(), errors, drives)

    return call
