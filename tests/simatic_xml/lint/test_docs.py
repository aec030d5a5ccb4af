"""The page about the rules tells the truth: it has every rule, and its examples break what they say."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from simatic_xml import lint
from simatic_xml.lint.config import _config
from simatic_xml.lint.run import parse_source
from simatic_xml.program.workspace import Workspace
from simatic_xml.scl_cli import main
from tests import ROOT

PAGE = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^### (L\d+) (\S+)\n\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(rule, options, text, kind == "bad", id=f"{rule}-{kind}")
    for rule, _, section in SECTIONS
    for kind, options, text in re.findall(r"```scl (bad|good)([^\n]*)\n(.*?)```", section, re.DOTALL)
]


def test_the_page_has_every_rule_as_the_table_does() -> None:
    assert [(rule, name) for rule, name, _ in SECTIONS] == [(rule.id, rule.name) for rule in lint.RULES.values()]
    for rule_id, _, section in SECTIONS:
        rule = lint.RULES[rule_id]
        head = section.split("\n\n", 1)[0].replace("\n", " ")
        fix, off = ", fixable with --fix" * rule.fixes, ", off" * (not rule.enabled)
        assert head.startswith(f"{rule.level}{fix}{off}. Basis: {rule.basis}.")
        options = [f"`{name} = {json.dumps(value)}`" for name, value in rule.options.items()]
        assert all(option in head for option in options) and head.count("`") == 2 * len(options)


@pytest.mark.parametrize(("rule", "options", "text", "bad"), EXAMPLES)
def test_an_example_breaks_its_rule_and_no_other(rule: str, options: str, text: str, *, bad: bool) -> None:
    settings = lint.Settings(
        {**lint.Settings().levels, rule: "note"}, {rule: tomllib.loads(options)} if options else {}
    )
    assert parse_source(text).ok
    assert {found.rule.id for found in lint.lint(text, settings, typed(text))} == ({rule} if bad else set())


def typed(text: str) -> dict:
    workspace = Workspace()
    workspace.put_source(text)
    return {block.name.casefold(): block for block in workspace.blocks()}


def test_every_rule_has_both_examples() -> None:
    assert len(EXAMPLES) == 2 * len(lint.RULES)


def test_rules_with_a_fix_apply_it_in_their_example() -> None:
    for parameters in EXAMPLES:
        rule, options, text, bad = parameters.values
        if not bad or not lint.RULES[rule].fixes:
            continue
        settings = lint.Settings({rule: "note"}, {rule: tomllib.loads(options)} if options else {})
        assert not lint.lint(lint.fix(text, settings), settings), rule


def test_the_configuration_on_the_page_is_accepted() -> None:
    [example] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    config = _config(Path("/repository"), tomllib.loads(example))
    settings = config.settings(Path("/repository/src/motor.scl"))
    assert settings.levels["L301"] == "error" and "L503" not in settings.levels and "L305" in settings.levels
    assert config.settings(Path("/repository/legacy/motor.scl")).levels == {}


def test_the_console_shows_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    header = 'FUNCTION "Motor" : Void\nTITLE = Motor\nAUTHOR : Me\nVERSION : 1.0\nBEGIN\n'
    body = "    CASE #state OF\n        #IDLE:\n            #on := FALSE;\n    END_CASE;\nEND_FUNCTION\n"
    (tmp_path / "src" / "motor.scl").write_text(header + body, encoding="utf-8")
    [shown] = re.findall(r"```console\n\$ tia scl lint src\n(.*?)```", PAGE, re.DOTALL)
    assert main(["lint", "src"]) == 1
    assert "".join(capsys.readouterr()) == shown


def test_the_examples_in_python_run() -> None:
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(example, "lint.md", "exec"), {})  # noqa: S102 - our own documentation
