"""Each use of a member that is not there is noted, also where the program catches the exception."""

from __future__ import annotations

import pytest

from fake_openness.hosting.command import NOTED
from tests.fakes.fake_openness.hosting.kit import PLC, START, Run

LACKED = "the simulated TIA Portal lacks it"
ABSENT = "TIA Portal V17 does not have it"
USES = {
    "try: portal.LocalSessions\nexcept AttributeError: pass": f"TiaPortal.LocalSessions: {LACKED}",
    "try: portal.LocalSession\nexcept AttributeError: pass": f"TiaPortal.LocalSession: {ABSENT}",
    "try: portal.HardwareCatalog\nexcept AttributeError: pass": f"TiaPortal.HardwareCatalog: {ABSENT}",
    "try: portal.LocalSessions = 1\nexcept AttributeError: pass": f"TiaPortal.LocalSessions: {LACKED}",
    "try: tia.IEngineeringObject(portal).Projects\nexcept AttributeError: pass": f"IEngineeringObject.Projects: {ABSENT}",
    "try: tia.Portal\nexcept AttributeError: pass": f"Siemens.Engineering.Portal: {ABSENT}",
    "try: tia.TiaPortalMode.Hidden\nexcept AttributeError: pass": f"TiaPortalMode.Hidden: {ABSENT}",
    "try: import Siemens.Engineering.Nothing\nexcept ImportError: pass": f"Siemens.Engineering.Nothing: {ABSENT}",
    "try: import System.Windows.Forms\nexcept ImportError: pass": "System.Windows: the simulated .NET lacks it",
    "try: FileInfo('C:\\\\x').LastAccessTime\nexcept AttributeError: pass": "FileInfo.LastAccessTime: the simulated .NET lacks it",
    "hasattr(portal, 'LocalSessions')": f"TiaPortal.LocalSessions: {LACKED}",
    "hasattr(portal, 'LocalSession')": "",
    "getattr(portal, 'LocalSession', None)": "",
    "try: portal.projects\nexcept AttributeError: pass": "",
}


@pytest.mark.parametrize("use", USES)
def test_uses(use: str, run: Run) -> None:
    line = START.count("\n") + 1
    ended = run(START + use + "\n")
    noted = [text.partition("program.py")[2] for text in ended.errors.splitlines()]
    assert noted == ([f":{line}: {USES[use]}"] if USES[use] else [])
    assert ended.code == (NOTED if USES[use] else 0)


def test_a_type_that_is_lacked_can_be_imported_but_not_used(run: Run) -> None:
    service = "from Siemens.Engineering.AdvancedProtection import ProtectionProviderBase as P\n"
    assert run(START + service).code == 0
    ended = run(START + service + PLC + "print(software.GetService[P]())\n")
    assert (ended.lines, ended.code) == (["None"], NOTED)
    assert f"ProtectionProviderBase: {LACKED}" in ended.errors


def test_a_place_is_noted_once_and_what_the_simulation_asks_is_not(run: Run) -> None:
    ended = run(START + "for _ in range(3):\n    try: portal.LocalSessions\n    except AttributeError: pass\n")
    assert ended.errors.count("LocalSessions") == 1
    assert run(START + PLC + "project.Save()\nproject.Close()\n").errors == ""


def test_the_ledger_wins_over_the_code_of_the_program(run: Run) -> None:
    ended = run(START + "import sys\nif not hasattr(portal, 'LocalSessions'): sys.exit(7)\n")
    assert ended.code == NOTED
