"""Commands that need no server print under any code page of Windows: nothing ends with an error, and no character is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

pytestmark = pytest.mark.slow
CODE_PAGES = ("cp1252", "cp850")
NAME = "Förderband → Füllstand 你好"
SOURCE = f"""FUNCTION "{NAME}" : Int
VAR_INPUT
    x : Int; // {NAME}
END_VAR
BEGIN
    #"{NAME}" := #x;
END_FUNCTION
"""
WRONG = SOURCE.replace(":= #x", ':= #"größe→"').replace(f'"{NAME}" :', '"Wrong → ж" :')
TESTS = f"""tests:
  - name: {NAME}
    block: "{NAME}"
    steps: [{{write: {{x: 1}}, expect: {{Ret_Val: {{result}}}}}}]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "good/block.scl": SOURCE,
        "wrong/wrong.scl": WRONG,
        "tests/good.plctest.yaml": TESTS.replace("{result}", "1"),
        "tests/wrong.plctest.yaml": TESTS.replace("{result}", "2"),
        "broken.plctest.yaml": f"{NAME}: 1\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def tia(code_page: str, *arguments: str, code: int = 0) -> str:
    """Run a command whose output is redirected under a code page; return what it wrote, standard error last."""
    done = subprocess.run(
        [sys.executable, "-m", "engineering_api", *arguments],
        env={**os.environ, "PYTHONIOENCODING": code_page},
        capture_output=True,
        check=False,
    )
    assert done.returncode == code, done.stderr.decode("utf-8", "replace")
    assert b"Traceback" not in done.stderr
    return done.stdout.decode("utf-8") + done.stderr.decode("utf-8")


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_scl_and_xml(code_page: str) -> None:
    assert "größe→" in tia(code_page, "scl", "check", "wrong/wrong.scl", code=1)
    assert NAME in tia(code_page, "scl", "format", "good/block.scl")
    assert NAME in tia(code_page, "scl", "symbols", "good/block.scl")
    assert "→.scl" in tia(code_page, "scl", "lint", "→.scl", code=3)
    document = tia(code_page, "scl", "to-xml", "good/block.scl")
    Path("block.xml").write_text(document, encoding="utf-8")
    assert NAME in document
    for command in ("to-text", "to-json"):
        assert "→" in tia(code_page, "xml", command, "block.xml")
    Path("other.xml").write_text(document.replace("你好", "ж"), encoding="utf-8")
    assert "→" in tia(code_page, "xml", "diff", "block.xml", "other.xml", code=1)


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_check(code_page: str) -> None:
    assert "größe→" in tia(code_page, "check", "wrong", code=1)
    assert "→" in tia(code_page, "check", "no folder →", code=3)
    for form in ("json", "sarif", "junit", "gitlab"):
        assert "größe→" in tia(code_page, "check", "wrong", "--format", form, code=1)


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_test(code_page: str) -> None:
    run = ("test", "tests", "--sources", "good", "--backend", "fake")
    assert tia(code_page, *run, code=1).count(NAME) >= 2
    cases = etree.fromstring(tia(code_page, *run, "--format", "junit", code=1).encode()).findall(".//testcase")
    assert [case.get("name") for case in cases] == [NAME, NAME]
    assert NAME in json.dumps(json.loads(tia(code_page, *run, "--format", "json", code=1)), ensure_ascii=False)
    assert "→" in tia(code_page, "test", "broken.plctest.yaml", "--sources", "good", code=3)
    assert "→" in tia(code_page, "test", "→", code=3)


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_openapi_and_routes(code_page: str) -> None:
    assert len(json.loads(tia(code_page, "openapi"))["paths"]) > 300
    assert tia(code_page, "routes").count("/api/") > 300
