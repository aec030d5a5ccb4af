"""Nothing that comes from outside is parsed in another way than the careful one: found by reading the sources."""

from __future__ import annotations

import ast
import re

import pytest

from tests import ROOT

PACKAGES = ("simatic_xml", "openness_bridge", "fakes", "runtime_data", "engineering_api")
BANNED = (
    "xml",
    "xmltodict",
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "tarfile",
    "rarfile",
    "lxml.html",
    "lxml.objectify",
)
"""Modules that parse without limits, or run what they read."""
_CONCERNED = re.compile(
    rb"etree|yaml|XMLParser|ZipFile|unpack_archive|eval|exec|pickle|marshal|shelve|dill|(tar|rar)file|xml\.|xmltodict"
)
"""Files without any of these words are not looked at more closely."""
XML_READERS = {"fromstring", "XML", "HTML", "parse", "iterparse", "fromstringlist"}
OWN_TEXT = {"simatic_xml/xml/tree.py", "fakes/fake_openness/tags/tag_documents.py"}
"""Where what is parsed was written a line before."""
YAML_READERS = {
    "openness_bridge/hmi/files.py": "takes no aliases",
    "engineering_api/features/plc_tests/files/yaml_data.py": "counts values",
    "fakes/fake_openness/hmi/markup.py": "after openness_bridge/hmi/files.py",
    "fakes/fake_openness/hmi/unified_lists.py": "what the simulated project itself has written",
}
OWN_CODE = {
    "runtime_data/ignition/scripting/handlers.py": "scripts that an administrator has put into a folder; off by default",
    "engineering_api/features/plc_tests/surroundings/plant_models.py": "a file of who runs tests on this computer; never for a request",
}
"""Where code of users runs."""
KEPT = {
    "simatic_xml/program/freezing.py": {"marshal", "pickle"},
    "fakes/virtual_plc/code/packed_lines.py": {"marshal"},
    "engineering_api/features/program_check/kept_reports.py": {"pickle"},
    "engineering_api/features/plc_tests/projects/kept_projects.py": {"pickle"},
}
"""What reads entries of the cache: only those whose checksum, under a secret of the user, simatic_xml/caching has checked."""
ZIP_READERS = {
    "engineering_api/cli/session.py": "a folder that the server sent; judged before by engineering_api/files/archives.py",
    "engineering_api/documentation/site.py": "the documentation, which the package brings; gives the names that are in it",
    "engineering_api/files/archives.py": "judges",
    "engineering_api/files/zip_stream.py": "writes",
    "engineering_api/storage/backup.py": "a copy of the service's data, restored by who owns it; looks at names",
    "engineering_api/files/tables/workbook_guard.py": "measures",
    "fakes/fake_openness/files/archive.py": "after engineering_api/files/archives.py, with limits of its own",
    "fakes/fake_plcsim/card.py": "likewise",
}


@pytest.fixture(scope="module")
def nodes() -> list[tuple[str, ast.AST]]:
    """Every node of the sources, with its file."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    kinds = (ast.Call, ast.Import, ast.ImportFrom)
    return [
        (path.relative_to(ROOT).as_posix(), node)
        for path in files
        if _CONCERNED.search(text := path.read_bytes())
        for node in ast.walk(ast.parse(text))
        if isinstance(node, kinds)
    ]


@pytest.fixture(scope="module")
def called(nodes: list[tuple[str, ast.AST]]) -> list[tuple[str, ast.Call, str]]:
    """Every call: file, node, and what is called."""
    return [(name, node, ast.unparse(node.func)) for name, node in nodes if isinstance(node, ast.Call)]


@pytest.mark.slow
def test_one_place_makes_parsers_of_xml(called: list[tuple[str, ast.Call, str]]) -> None:
    assert {
        name
        for name, _, what in called
        if what.endswith(("XMLParser", "HTMLParser", "XMLPullParser", "ETCompatXMLParser"))
    } == {"simatic_xml/xml/parsing.py"}


def test_all_xml_is_parsed_by_a_parser_that_is_named(called: list[tuple[str, ast.Call, str]]) -> None:
    careless = set[str]()
    for name, node, what in called:
        owner, _, method = what.rpartition(".")
        if owner != "etree" or method not in XML_READERS or name in OWN_TEXT:
            continue
        if method == "iterparse":
            given = {each.arg: ast.unparse(each.value) for each in node.keywords}
            wanted = {"resolve_entities": "False", "no_network": "True", "load_dtd": "False"}
            if given | wanted != given or "huge_tree" in given:
                careless.add(name)
        elif len(node.args) != 2 or not (
            "harmless_parser" in ast.unparse(node.args[1]) or "_KEEPING" in ast.unparse(node.args[1])
        ):
            careless.add(name)
    assert careless == set()


def test_yaml_and_archives_are_read_where_that_is_known_to_be_careful(called: list[tuple[str, ast.Call, str]]) -> None:
    yaml = {name for name, _, what in called if (what.startswith("yaml.") and "load" in what) or what == "_Loader"}
    assert yaml == set(YAML_READERS)
    assert {name for name, _, what in called if what.endswith("ZipFile")} == set(ZIP_READERS)
    assert not [
        name
        for name, _, what in called
        if what in {"shutil.unpack_archive", "eval", "exec"}
        and "fakes/virtual_plc" not in name
        and name not in OWN_CODE
    ]


def test_no_module_is_used_that_parses_without_limits(nodes: list[tuple[str, ast.AST]]) -> None:
    found = set[str]()
    for file, node in nodes:
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
        found |= {f"{file}: {each}" for each in names if each in BANNED or each.startswith("xml.")}
    kept = {f"{file}: {module}" for file, modules in KEPT.items() for module in modules}
    assert {each for each in found if not each.endswith("xml.sax.saxutils")} == kept
