"""Rules of plugins run as our own do; one that cannot be used is named, and the others run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.plugins import Declare, Install, Tia

SOURCE = """FUNCTION "Half" : Void
BEGIN
    // TODO: write it
    ;
END_FUNCTION
"""
RULE = """from simatic_xml.lint.model import Rule
def check(source):
    {body}
    yield
PLUGIN = Rule("{id}", "{name}", "warning", "A rule.", "House", check)
"""


@pytest.fixture(autouse=True)
def source(tmp_path: Path) -> None:
    (tmp_path / "half.scl").write_text(SOURCE, encoding="utf-8")


def test_the_example_is_installed_configured_and_explained(install: Install, tia: Tia, tmp_path: Path) -> None:
    install("lint_rule")
    done = tia("scl", "lint", "half.scl")
    assert (done.returncode, done.stderr) == (1, "1 note, 1 warning in 1 file\n")
    assert "half.scl:3:8: warning TODO1 open-work: TODO is open work" in done.stdout
    assert "TODO1 open-work (warning): Comments name no open work. [House]" in tia("scl", "lint", "--rules").stdout
    (tmp_path / ".tia-lint.toml").write_text("[options]\nopen-work.word = 'write'\n", encoding="utf-8")
    assert "half.scl:3:14: warning TODO1" in tia("scl", "lint", "half.scl").stdout
    assert "Plugins: Used: 'todo' (todo_rule:RULE) of the package example-lint-rule." in tia("doctor").stdout


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import a_module_that_nobody_has", "ModuleNotFoundError: No module named 'a_module_that_nobody_has'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("PLUGIN = [1]", "TypeError: 1 is not a Rule of simatic_xml.lint"),
        (RULE.format(id="a b", name="c", body=""), "ValueError: write the id and the name of a rule like"),
        (
            RULE.format(id="X1", name="line-length", body=""),
            "'layout' (simatic_xml.lint.rules_layout:RULES) of the package simatic-engineering-api has the name 'line-length'",
        ),
    ],
)
def test_a_plugin_that_cannot_be_used_is_named(declare: Declare, tia: Tia, code: str, reason: str) -> None:
    declare("broken", "lint_rules", "mine", code)
    named = "The plugin 'mine' (broken:PLUGIN) of the package broken is not used: "
    done = tia("scl", "lint", "half.scl")
    assert done.returncode == 0
    assert named in done.stderr and reason in done.stderr and "Traceback" not in done.stderr
    told = tia("doctor")
    assert told.returncode == 1
    assert "WARNING  Plugins: " + named in told.stdout


def test_of_two_plugins_with_one_name_the_second_is_refused_with_both_names(declare: Declare, tia: Tia) -> None:
    for package in ("first", "second"):
        declare(package, "lint_rules", "mine", RULE.format(id="X1", name="my-rule", body="return"))
    done = tia("scl", "lint", "half.scl")
    assert "The plugin 'mine' (" in done.stderr
    assert all(f"({package}:PLUGIN) of the package {package}" in done.stderr for package in ("first", "second"))
    assert "X1 my-rule" in tia("scl", "lint", "--rules").stdout


def test_a_rule_that_fails_is_a_finding_and_the_others_run(declare: Declare, tia: Tia) -> None:
    declare("broken", "lint_rules", "mine", RULE.format(id="X1", name="my-rule", body="source.nothing"))
    done = tia("scl", "lint", "half.scl", "--only", "my-rule", "line-length")
    assert (
        "warning X1 my-rule: The plugin 'mine' (broken:PLUGIN) of the package broken failed: AttributeError"
        in done.stdout
    )
