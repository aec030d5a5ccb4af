"""Assemblies are dumped in the manifest's form: a small one compiled here, through a real CLR where Mono is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main
from openness_bridge.manifest.compare import compare
from openness_bridge.manifest.dump import format_document, type_name
from openness_bridge.manifest.reading import DATA, Manifest, merge

SOURCE = """
using System; using System.Collections.Generic; using System.IO;
namespace Plant {
  public interface IThing { string Name { get; } void Hidden(); }
  public class Named : IThing { public string Name { get; set; } void IThing.Hidden() { } }
  public interface IEngineeringComposition { int Count { get; } }
  public enum Colour { Red = 1, Green = 2 }
  [Flags] public enum Bits : uint { None = 0, One = 1, Two = 2 }
  public enum Nothing { }
  public delegate void Asked(Colour colour);
  public struct Point { public int X; public string Text; public string Both { get { return Text; } set { Text = value; } } }
  public class RefusedException : Exception { public RefusedException(string text) : base(text) { } }
  public abstract class Base : IThing, IDisposable {
    public string Name { get { return ""; } }
    void IThing.Hidden() { }
    public void Dispose() { }
    public virtual int Size { get; protected set; }
  }
}
namespace Plant.Parts {
  public class Screw : Base {
    public Screw(FileInfo file) { }
    public override int Size { get { return 1; } protected set { } }
    public bool Tight { get; set; }
    public static IList<Screw> All() { return null; }
    public T Get<T>() where T : class { return null; }
    public void Turn(double degrees, out int rest, ref byte[] raw) { rest = 0; }
    public void Turn(IEnumerable<KeyValuePair<string, object>> how) { }
    public event EventHandler<EventArgs> Turned;
    public override string ToString() { return Turned == null ? "" : "x"; }
    internal void Secret() { }
  }
  public class ScrewComposition : IEngineeringComposition, IEnumerable<Screw> {
    public int Count { get { return 0; } }
    public bool Contains(Screw item) { return false; }
    public Screw this[int index] { get { return null; } }
    public Screw Find(string name) { return null; }
    public IEnumerator<Screw> GetEnumerator() { return null; }
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() { return null; }
  }
}
namespace Other { public class Stranger { } }
"""
EXPECTED: dict[str, dict[str, Any]] = {
    "Asked": {"kind": "delegate", "bases": [], "lines": {"Invoke(colour: Colour)"}},
    "Base": {"kind": "class", "bases": ["IThing", "System.IDisposable"], "lines": {"Size: int", "Dispose()"}},
    "Bits": {"kind": "enum", "bases": [], "lines": {"None = 0", "One = 1", "Two = 2"}},
    "Colour": {"kind": "enum", "bases": [], "lines": {"Red = 1", "Green = 2"}},
    "IEngineeringComposition": {"kind": "interface", "bases": [], "lines": {"Count: int"}},
    "IThing": {"kind": "interface", "bases": [], "lines": {"Name: string", "Hidden()"}},
    "Named": {"kind": "class", "bases": ["IThing"], "lines": {"new()", "Name*: string"}},
    "Nothing": {"kind": "enum", "bases": [], "lines": set()},
    "Parts.Screw": {
        "kind": "class",
        "bases": ["Base"],
        "lines": {
            "new(file: System.IO.FileInfo)",
            "Tight*: bool",
            "Get<T>(): T",
            "static All(): System.Collections.Generic.IList<Parts.Screw>",
            "Turn(degrees: double, out rest: int, ref raw: byte[])",
            "Turn(how: System.Collections.Generic.IEnumerable<System.Collections.Generic.KeyValuePair<string, object>>)",
            "event Turned: System.EventHandler<System.EventArgs>",
        },
    },
    "Parts.ScrewComposition": {
        "kind": "class",
        "bases": ["IEngineeringComposition", "System.Collections.Generic.IEnumerable<Parts.Screw>"],
        "lines": {"Find(name: string): Parts.Screw", "new()"},
    },
    "Point": {"kind": "struct", "bases": [], "lines": {"field X: int", "field Text: string", "Both*: string"}},
    "RefusedException": {"kind": "class", "bases": ["System.Exception"], "lines": {"new(text: string)"}},
}


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dump of the small assembly, made by the command line in a process of its own, as a process has one CLR only."""
    if shutil.which("mcs") is None or shutil.which("mono") is None:
        pytest.skip("Mono (mcs, mono) is not installed: no assembly can be compiled and dumped here.")
    pytest.importorskip("pythonnet", reason="The package pythonnet is not installed: no CLR can be asked here.")
    folder = tmp_path_factory.mktemp("plant")
    (folder / "plant.cs").write_text(SOURCE, encoding="utf-8")
    subprocess.run(["mcs", "-target:library", f"-out:{folder / 'Plant.dll'}", folder / "plant.cs"], check=True)
    options = ["--assembly", folder / "Plant.dll", "--root", "Plant", "--out", folder / "dump.json"]
    environment = {**os.environ, "PYTHONNET_RUNTIME": "mono", "MONO_THREADS_SUSPEND": "preemptive"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "engineering_api", "manifest", "dump", *options],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"{len(EXPECTED)} types written" in done.stdout
    return folder / "dump.json"


def read_back(dump: Path) -> Manifest:
    return merge([json.loads(dump.read_text(encoding="utf-8"))])


@pytest.mark.slow
def test_an_assembly_becomes_a_manifest(dump: Path) -> None:
    manifest = read_back(dump)
    found = {
        name: {
            "kind": entry.kind,
            "bases": sorted(entry.bases),
            "lines": {str(member) for member in entry.own.values()},
        }
        for name, entry in manifest.types.items()
    }
    assert found == {name: {**entry, "bases": sorted(entry["bases"])} for name, entry in EXPECTED.items()}
    assert (manifest.types["Bits"].flags, manifest.types["Colour"].flags) == (True, False)
    assert manifest.assembly_of("Base") == "Plant"


def test_a_dump_is_text_that_a_dump_writes(dump: Path) -> None:
    text = dump.read_text(encoding="utf-8")
    assert format_document(json.loads(text)) == text


def test_whether_an_unknown_type_can_be_set_is_unknown_too() -> None:
    ours, theirs = (
        merge([{"product": "", "version": "1", "root": "P", "assembly": "P", "types": {"A": {"documented": lines}}}])
        for lines in (["Size: ?", "Name: string", "Kind*: ?"], ["Size*: int", "Name*: string", "Kind: int"])
    )
    assert [each.member for each in compare(ours, theirs)] == ["Kind", "Name"]


class NetType:
    """A System.Type as pythonnet hands it out, for names alone."""

    def __init__(
        self, full: str, arguments: tuple[NetType, ...] = (), *, array: bool = False, by_ref: bool = False
    ) -> None:
        self.Namespace, _, self.Name = full.rpartition(".")
        self.IsGenericType, self._arguments = bool(arguments), arguments
        self.IsArray, self.IsByRef, self.IsGenericParameter = array, by_ref, full in {".T", "T"}

    def GetGenericArguments(self) -> tuple[NetType, ...]:  # noqa: N802 - .NET's name
        return self._arguments

    def GetElementType(self) -> NetType:  # noqa: N802 - .NET's name
        return self._arguments[0]


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (NetType("System.Int32"), "int"),
        (NetType("System.Void"), ""),
        (NetType("System.IO.FileInfo"), "System.IO.FileInfo"),
        (NetType("Root.SW.FB"), "SW.FB"),
        (NetType("Rooted.SW.FB"), "Rooted.SW.FB"),
        (NetType("T"), "T"),
        (NetType("x", (NetType("System.Byte"),), array=True), "byte[]"),
        (NetType("x", (NetType("System.Byte"),), by_ref=True), "byte"),
        (NetType("System.IList`1", (NetType("Root.SW.FB"),)), "System.IList<SW.FB>"),
        (
            NetType("System.KeyValuePair`2", (NetType("System.String"), NetType("System.Object"))),
            "System.KeyValuePair<string, object>",
        ),
    ],
)
def test_types_are_named_as_in_the_manifest(found: NetType, text: str) -> None:
    assert type_name(found, "Root") == text


def run(*arguments: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(main, ["manifest", *arguments])
    return result.exit_code, result.stdout.splitlines()


def test_a_dump_that_says_the_same_has_no_differences(tmp_path: Path) -> None:
    code, lines = run("compare", str(DATA / "plcsim-1.0.json"), "--product", "plcsim")
    assert (code, [line for line in lines if line[0] in "+-!"]) == (0, [])


def test_what_a_dump_says_otherwise_is_told_line_by_line(tmp_path: Path) -> None:
    content = json.loads((DATA / "plcsim-1.0.json").read_text(encoding="utf-8"))
    instance = content["types"]["IInstance"]["documented"]
    instance[instance.index("Name: string")] = "Name*: string"
    instance.remove("PowerOff()")
    instance.append("Dance(): int")
    del content["types"]["IIOArea"]
    changed = tmp_path / "dump.json"
    changed.write_text(json.dumps(content), encoding="utf-8")
    code, lines = run("compare", str(changed), "--product", "plcsim")
    assert code == 1
    assert {line for line in lines if line[0] in "+-!"} == {
        "! IInstance: Name: string (documented) is Name*: string",
        "- IInstance: PowerOff() (documented)",
        "+ IInstance: Dance(): int",
        "- interface IIOArea (documented)",
    }
    assert "+ IInstance: Dance(): int" not in run("compare", str(changed), "--product", "plcsim", "--no-missing")[1]


def test_what_the_manifest_does_not_know_agrees_with_anything() -> None:
    def of(event: str) -> Manifest:
        types = {"IInstance": {"kind": "interface", "documented": [f"event OnEndOfCycle: {event}"]}}
        return merge([{"product": "P", "version": "1", "root": "R", "assembly": "A", "types": types}])

    assert list(compare(of("?"), of("System.EventHandler"))) == []
    assert [str(each) for each in compare(of("System.Action"), of("System.EventHandler"))] != []


def test_a_version_that_the_manifest_lacks_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "dump.json"
    other.write_text(
        json.dumps({"product": "P", "version": "3", "root": "R", "assembly": "A", "types": {}}), encoding="utf-8"
    )
    result = CliRunner().invoke(main, ["manifest", "compare", str(other)])
    assert result.exit_code == 1
    assert "version 3; the manifest has 15.1" in result.output
