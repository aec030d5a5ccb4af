"""simatic_xml needs no packages but lxml and PyYAML, and importing it loads nothing before it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import simatic_xml
from tests import ROOT
from tests.supply_chain import shelf

EACH = """
import pkgutil, importlib, sys
import simatic_xml
for found in pkgutil.walk_packages(simatic_xml.__path__, "simatic_xml."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
tops = {name.partition(".")[0] for name, each in sys.modules.items() if hasattr(each, "__file__")}
print(len(sys.modules), *sorted(tops - set(sys.stdlib_module_names)))
"""
LAZY = """
import sys
import simatic_xml
print(*sorted(each for each in sys.modules if each.startswith(("simatic_xml", "lxml"))))
import simatic_xml.checking.check, simatic_xml.diff, simatic_xml.references, simatic_xml.svg
print(*sorted(each for each in simatic_xml.__all__ if not callable(getattr(simatic_xml, each))))
"""


def python(folder: Path, code: str) -> str:
    """Run code where there is nothing but the standard library and what is in a folder; gives its output."""
    command = [sys.executable, "-S", "-E", "-c", f"import sys; sys.path.append({str(folder)!r})\n{code}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def with_dependencies(folder: Path) -> Path:
    """Put lxml, PyYAML and this package into a folder."""
    shelf.put(["lxml", "pyyaml"], folder)
    shelf.link(ROOT / "simatic_xml", folder / "simatic_xml")
    return folder


def test_each_module_is_imported_where_only_its_dependencies_are(tmp_path: Path) -> None:
    number, *names = python(with_dependencies(tmp_path), EACH).split()
    assert int(number) > 300
    assert set(names) - {"__main__"} == {"lxml", "simatic_xml", "yaml"}


def test_the_import_loads_nothing_until_a_name_is_used(tmp_path: Path) -> None:
    loaded, modules = python(with_dependencies(tmp_path), LAZY).splitlines()
    assert loaded == "simatic_xml simatic_xml.lazy"
    assert modules == "", "these names are modules instead of the functions of the package"


def test_each_name_of_the_package_is_there() -> None:
    assert [each for each in simatic_xml.__all__ if not hasattr(simatic_xml, each)] == []
    assert not hasattr(simatic_xml, "nothing")
