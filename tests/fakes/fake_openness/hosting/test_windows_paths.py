"""Windows paths in a program are folders below the one of the drives."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fake_dotnet.drives import Drives
from tests.fakes.fake_openness.hosting.kit import PLC, START, Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has drives")
PYTHON = r"""
import os, shutil
from pathlib import Path
os.makedirs(r"C:\Out\a", exist_ok=True)
Path(r"D:\Other\deep").mkdir(parents=True)
with open(r"C:\Out\a\x.txt", "w") as file: file.write("x")
shutil.copy(r"C:\Out\a\x.txt", "D:/Other/deep/y.txt")
os.rename(src=r"D:\Other\deep\y.txt", dst=r"D:\Other\z.txt")
print(os.listdir(r"C:\Out\a"), Path(r"D:\Other", "z.txt").read_text(), os.path.exists(r"C:\OUT\A\X.TXT"))
print(os.path.join(r"C:\Out", "b"), os.path.basename(r"C:\Out\a"), os.path.abspath("C:/Out/../b"))
print(os.path.join("/tmp", "b"), os.environ["ProgramFiles"])
"""
NET = r"""
from System.IO import Directory, File, Path
Directory.CreateDirectory(r"C:\Net\a")
File.WriteAllText(Path.Combine(r"C:\Net", "a", "t.xml"), "text")
info = FileInfo(r"c:\net\a\t.xml")
print(info.Exists, info.Name, info.Extension, info.Length, info.DirectoryName, info.Directory.Parent.FullName)
print([each.FullName for each in DirectoryInfo(r"C:\Net\a").GetFiles("*.xml")], File.ReadAllText(r"C:\Net\a\t.xml"))
info.Delete()
print(info.Exists, DirectoryInfo(r"C:\Net").Exists)
"""


def test_functions_of_python(run: Run) -> None:
    ended = run(PYTHON)
    assert (ended.errors, ended.code) == ("", 0)
    assert ended.lines == [
        "['x.txt'] x True",
        "C:\\Out\\b a C:\\b",
        "/tmp/b C:\\Program Files",
    ]
    assert (ended.drives / "D" / "Other" / "z.txt").read_text(encoding="utf-8") == "x"


def test_types_of_net(run: Run) -> None:
    ended = run(START + NET)
    assert (ended.errors, ended.code) == ("", 0)
    assert ended.lines == [
        "True t.xml .xml 4 c:\\net\\a c:\\net",
        "['C:\\\\Net\\\\a\\\\t.xml'] text",
        "False True",
    ]


def test_what_the_portal_writes(run: Run) -> None:
    export = "from pathlib import Path\nimport Siemens.Engineering.Compiler as comp\nsoftware.GetService[comp.ICompilable]().Compile()\n"
    export += (
        r"software.BlockGroup.Blocks.Find('Main').Export(FileInfo(r'C:\Out\Main.xml'), tia.ExportOptions.WithDefaults)"
    )
    ended = run(
        START + PLC + export + "\nprint(project.Path.FullName, Path(r'C:\\Out\\Main.xml').read_text().count('Main'))\n"
    )
    assert ended.errors == ""
    assert ended.lines[0].startswith("C:\\Projects\\Line\\Line.ap17 ")
    assert (ended.drives / "C" / "Out" / "Main.xml").exists()


def test_messages_name_windows_paths(run: Run) -> None:
    ended = run(START + "portal.Projects.Open(FileInfo(r'C:\\Projects\\none.ap17'))\n")
    assert str(ended.drives) not in ended.errors
    assert r"C:\Projects\none.ap17" in ended.errors


def test_assemblies_are_where_programs_look(run: Run) -> None:
    folder = r"C:\Program Files\Siemens\Automation\Portal {}\PublicAPI\{}\{}.dll"
    text = "import os\nprint(os.path.exists(r'" + folder + "'))\n"
    expected = {
        ("17", "V16", "V16", "Siemens.Engineering"): "False",
        ("16", "V16", "V16", "Siemens.Engineering"): "True",
        ("15.1", "V15_1", "V15.1", "Siemens.Engineering"): "True",
        ("21", "V21", r"V21\net48", "Siemens.Engineering.Base"): "True",
    }
    assert {row: run(text.format(*row[1:]), version=row[0]).lines[0] for row in expected} == expected


def test_paths_of_drives(tmp_path: Path) -> None:
    drives = Drives(tmp_path)
    assert drives.local(r"c:\a\..\b") == str(tmp_path / "C" / "b")
    assert drives.local("/tmp/x") == "/tmp/x"
    assert drives.local("c:x") == "c:x"
    assert drives.windows(str(tmp_path / "C" / "b")) == "C:\\b"
    assert drives.windows(str(tmp_path)) == str(tmp_path)
