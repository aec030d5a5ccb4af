"""The doctor on Windows machines that the tests bring, and on this system."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main
from engineering_api.doctor import checks, corrections
from engineering_api.doctor.command import format_report, report
from engineering_api.doctor.system import System, ThisSystem
from openness_bridge.portal.firewall import WhitelistEntry, entry_for
from openness_bridge.portal.loader import KEY
from openness_bridge.portal.plcsim_loader import KEY as PLCSIM


class Windows:
    """A Windows machine that lacks nothing, until a test takes something away."""

    def __init__(self, folder: Path) -> None:
        self.name, self.python, self.bits, self.user = "Windows", (3, 12, 4), 64, "anna"
        self.executable = folder / "python.exe"
        self.executable.write_bytes(b"MZ")
        assembly = folder / "Siemens.Engineering.dll"
        assembly.write_bytes(b"")
        self.registry: dict[str, dict[str, object]] = {
            rf"{KEY}\20.0\PublicAPI\20.0.0.0": {"Siemens.Engineering": str(assembly), "EngineeringVersion": "V20"},
            checks.NET_KEY: {"Release": checks.NET_48},
            PLCSIM: {"Path": str(folder)},
        }
        self.token, self.local = ["Users", checks.GROUP], {checks.GROUP: ["anna"]}
        self.number, self.elevated, self.distributions = 1, False, {"pythonnet": "3.1.0"}
        self.variables = {"TIA_DATA_DIR": str(folder)}
        self.status = 0
        self.listed("20")

    def listed(self, version: str) -> None:
        entry = entry_for(self.executable, version)
        self.registry[entry.key] = {"Path": entry.path, "FileHash": entry.file_hash}

    def keys(self, key: str) -> list[str]:
        below = (name.removeprefix(key + "\\") for name in self.registry if name.startswith(key + "\\"))
        return list(dict.fromkeys(name.partition("\\")[0] for name in below))

    def values(self, key: str) -> dict[str, object]:
        return self.registry.get(key, {})

    def groups(self) -> list[str]:
        return self.token

    def members(self, group: str) -> list[str] | None:
        return self.local.get(group)

    def session(self) -> int:
        return self.number

    def administrator(self) -> bool:
        return self.elevated

    def version(self, distribution: str) -> str | None:
        return self.distributions.get(distribution)

    def program(self, name: str) -> Path | None:
        return Path("git.exe") if name == "git" else None

    def variable(self, name: str) -> str:
        return self.variables.get(name, "")

    def run(self, command: Sequence[str]) -> int:
        if self.status == 0 and "pythonnet>=3.1" in command:
            self.distributions["pythonnet"] = "3.1.0"
        return self.status


@pytest.fixture
def windows(tmp_path: Path) -> Windows:
    return Windows(tmp_path)


def without(key: str) -> Callable[[Windows], object]:
    return lambda pc: [pc.registry.pop(name) for name in list(pc.registry) if name.startswith(key)]


def test_a_machine_that_lacks_nothing(windows: Windows) -> None:
    found = report(windows, fix=False)
    assert {finding.state for finding in found.findings} == {"ok"}
    assert (found.status, all(not finding.advice for finding in found.findings)) == (0, True)


BROKEN: list[tuple[str, Callable[[Windows], object], str, int]] = [
    ("TIA Portal Openness", without(KEY), "error", 2),
    (
        "TIA Portal Openness",
        lambda pc: pc.registry[rf"{KEY}\20.0\PublicAPI\20.0.0.0"].update(x="C:\\no.dll"),
        "error",
        2,
    ),
    (f"Group {checks.GROUP}", lambda pc: pc.local.clear() or pc.token.clear(), "error", 2),
    (f"Group {checks.GROUP}", lambda pc: pc.local.update({checks.GROUP: []}) or pc.token.clear(), "error", 2),
    (f"Group {checks.GROUP}", lambda pc: pc.token.clear(), "error", 2),
    ("Openness firewall", without(entry_for(Path(__file__), "20").key.rpartition("\\test_doctor")[0]), "warning", 1),
    ("Openness firewall", lambda pc: pc.executable.write_bytes(b"MZ, updated"), "warning", 1),
    ("Windows session", lambda pc: setattr(pc, "number", 0), "warning", 1),
    ("Windows session", lambda pc: setattr(pc, "user", "SYSTEM"), "error", 2),
    ("Python is 64 bit", lambda pc: setattr(pc, "bits", 32), "error", 2),
    (".NET Framework 4.8", without(checks.NET_KEY), "error", 2),
    (".NET Framework 4.8", lambda pc: pc.registry.update({checks.NET_KEY: {"Release": 461808}}), "error", 2),
    ("pythonnet", lambda pc: pc.distributions.clear(), "error", 2),
    ("pythonnet", lambda pc: pc.variables.update(PYTHONNET_RUNTIME="coreclr"), "error", 2),
    ("PLCSIM Advanced", without(PLCSIM), "note", 0),
    ("Python", lambda pc: setattr(pc, "python", (3, 9, 0)), "error", 2),
]


@pytest.mark.parametrize(("check", "spoil", "state", "status"), BROKEN)
def test_each_fault_is_found_explained_and_has_a_correction(
    windows: Windows, check: str, spoil: Callable[[Windows], object], state: str, status: int
) -> None:
    spoil(windows)
    found = report(windows, fix=False)
    (finding,) = [each for each in found.findings if each.check == check]
    assert (finding.state, found.status) == (state, status)
    assert finding.text
    assert finding.advice
    assert finding.advice in format_report(found)


def test_who_was_added_to_the_group_has_to_sign_in_again(windows: Windows) -> None:
    windows.token.clear()
    assert "Sign out" in checks.group(windows).advice
    windows.local[checks.GROUP] = []
    assert "/add" in checks.group(windows).advice


def test_the_split_assemblies_of_v21_are_found(windows: Windows, tmp_path: Path) -> None:
    windows.registry[rf"{KEY}\21.0\PublicAPI\21.0.0.0\net48"] = {"Siemens.Engineering.Base": str(tmp_path / "no.dll")}
    assert checks.tia_versions(windows) == ["20", "21"]
    assert "no.dll" in checks.openness(windows).text


def test_the_whitelist_is_corrected_by_an_administrator_only(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(executable: str, version: str) -> WhitelistEntry:
        windows.listed(version)
        return entry_for(Path(executable), version)

    monkeypatch.setitem(corrections.CORRECTIONS, "whitelist", lambda system: corrections.whitelist(system, write))
    windows.executable.write_bytes(b"MZ, updated")
    found = report(windows, fix=True)
    assert (found.status, found.corrected, len(found.failed)) == (1, [], 1)
    assert "administrator" in found.failed[0]
    windows.elevated = True
    found = report(windows, fix=True)
    assert (found.status, len(found.corrected), found.failed) == (0, 1, [])
    assert "Whitelist" in found.corrected[0]


def test_v21_needs_the_entry_of_both_lists(windows: Windows) -> None:
    windows.registry[rf"{KEY}\21.0\PublicAPI\21.0.0.0\net48"] = {}
    keys = entry_for(windows.executable, "21").keys
    assert [key.split("\\")[-3] for key in keys] == ["AllowList", "Whitelist"]
    good = {"FileHash": entry_for(windows.executable, "21").file_hash}
    for present, state in (([], "warning"), (keys[:1], "warning"), (keys[1:], "warning"), (keys, "ok")):
        for key in keys:
            windows.registry.pop(key, None)
        windows.registry |= {key: dict(good) for key in present}
        assert checks.firewall(windows).state == state
    windows.registry[keys[0]]["FileHash"] = "old"
    assert "was changed" in checks.firewall(windows).text


def test_pythonnet_is_installed_or_the_failure_told(windows: Windows) -> None:
    windows.distributions.clear()
    windows.status = 1
    assert "could not" in report(windows, fix=True).failed[0]
    windows.status = 0
    assert report(windows, fix=True).status == 0


def test_without_fix_nothing_is_changed(windows: Windows) -> None:
    windows.distributions.clear()
    assert report(windows, fix=False).corrected == []
    assert windows.distributions == {}


def test_elsewhere_what_is_windows_only_is_said_to_be(windows: Windows) -> None:
    windows.name = "Linux"
    found = {finding.check: finding.state for finding in report(windows, fix=False).findings}
    assert {found[name] for name in checks.WINDOWS} == {"not applicable"}
    assert {found[name] for name in ("Python", "Simulated TIA Portal", "git", "Data folder")} == {"ok"}


def test_the_names_of_checks_are_the_same_on_all_systems(windows: Windows) -> None:
    assert [check(windows).check for check in checks.WINDOWS.values()] == list(checks.WINDOWS)


def test_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIA_DATA_DIR", str(tmp_path))
    system: System = ThisSystem()
    answer = CliRunner().invoke(main, ["doctor", "--json"])
    document = json.loads(answer.output)
    assert document["status"] == report(system, fix=False).status
    assert answer.exit_code == min(document["status"], 1)
    assert [each["check"] for each in document["findings"]] == [each.check for each in checks.examine(system)]
    assert msgspec.convert(document["findings"], list[checks.Finding]) == checks.examine(system)
    text = CliRunner().invoke(main, ["doctor"])
    assert "Simulated TIA Portal" in text.output


def test_a_data_folder_that_cannot_be_written(windows: Windows, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    windows.variables["TIA_DATA_DIR"] = str(tmp_path / "file" / "below")
    assert report(windows, fix=False).status == 2
