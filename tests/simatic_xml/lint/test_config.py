"""Which rules run where: the configuration file, and comments that switch rules."""

from pathlib import Path

import pytest

from simatic_xml import lint

CASE = "CASE #state OF\n    #IDLE:\n        #on := FALSE;\nEND_CASE;"


def configured(folder: Path, text: str, name: str = "motor.scl") -> lint.Settings:
    (folder / ".tia-lint.toml").write_text(text, encoding="utf-8")
    found = lint.nearest(folder / name)
    assert found is not None
    return lint.load(found).settings(folder / name)


def test_the_nearest_file_upwards_counts(tmp_path: Path) -> None:
    inner = tmp_path / "src" / "belt"
    inner.mkdir(parents=True)
    assert lint.nearest(inner / "motor.scl") is None
    (tmp_path / ".tia-lint.toml").write_text("", encoding="utf-8")
    assert lint.nearest(inner / "motor.scl") == tmp_path / ".tia-lint.toml"
    (inner / ".tia-lint.toml").write_text("", encoding="utf-8")
    assert lint.nearest(inner / "motor.scl") == inner / ".tia-lint.toml"


def test_rules_are_switched_by_id_or_name(tmp_path: Path) -> None:
    settings = configured(tmp_path, 'enable = ["loop-exit"]\ndisable = ["L301", "goto"]\n')
    assert "L305" in settings.levels
    assert not {"L301", "L303"} & set(settings.levels)
    assert configured(tmp_path, 'disable = ["all"]').levels == {}
    assert set(configured(tmp_path, 'enable = ["all"]').levels) == set(lint.RULES)


def test_severity_and_options(tmp_path: Path) -> None:
    settings = configured(tmp_path, '[severity]\nL301 = "error"\n[options]\nline-length.max = 10\n')
    found = lint.lint(CASE, settings)
    assert [(each.rule.id, each.level) for each in found if each.rule.id in ("L301", "L003")] == [
        ("L301", "error"),
        *[("L003", "note")] * 2,
    ]


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("old/*.scl", "old/a.scl", True),
        ("old/*.scl", "old/deep/a.scl", False),
        ("old/**", "old/deep/a.scl", True),
        ("**/*.scl", "a.scl", True),
        ("*.scl", "old/a.scl", False),
    ],
)
def test_paths(tmp_path: Path, pattern: str, path: str, *, fits: bool) -> None:
    text = f'[[paths]]\nfiles = ["{pattern}"]\ndisable = ["all"]\n'
    assert (configured(tmp_path, text, path).levels == {}) == fits


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('disable = ["L999"]', "'L999'"),
        ('[severity]\nno-such-rule = "note"', "'no-such-rule'"),
        ('[severity]\nL301 = "fatal"', "'fatal'"),
        ("[options]\ngoto.max = 1", "no option 'max'"),
        ('[options]\nline-length.max = "long"', "whole number"),
        ("[options]\nline-length = 3", "are a table"),
        ("[options]\nmagic-number.allowed = [1]", "list of texts"),
        ("colour = true", "'colour'"),
        ("enable = true", "is a list"),
        ("severity = 3", "is a table"),
        ('[[paths]]\ndisable = ["L301"]', "no files"),
        ('[[paths]]\nfiles = ["*"]\ndisable = ["L000"]', "'L000'"),
        ("[", "not valid TOML"),
    ],
)
def test_what_does_not_exist_is_an_error(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(lint.ConfigError, match=part.replace("[", r"\[")) as caught:
        configured(tmp_path, text)
    assert str(tmp_path) in str(caught.value)


def test_a_bad_pattern_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(lint.ConfigError, match="pattern"):
        configured(tmp_path, '[options]\nvariable-case.pattern = "["')


def test_only() -> None:
    settings = lint.Settings().only(["loop-exit", "L301"])
    assert dict(settings.levels) == {"L305": "note", "L301": "warning"}
    with pytest.raises(lint.ConfigError, match="L77"):
        settings.only(["L77"])


SUPPRESSED = [
    "#on := %I0.3; // lint: off L501",
    "#on := %I0.3; (* lint: off absolute-address *)",
    "#on := %I0.3; // lint: off - the relay has no tag",
    "// lint: off L501, L404 - old hardware\n#on := %I0.3;\n#off := %I0.4;",
    "#on := %I0.3; // LINT: OFF l501 L404",
]


@pytest.mark.parametrize("text", SUPPRESSED)
def test_comments_switch_rules_off(text: str) -> None:
    assert lint.lint(text) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("#on := %I0.3; // lint: off L404", [1]),
        ("#on := %I0.3; // lint: off L501\n#off := %I0.4;", [2]),
        ("// lint: off L501\n#a := %I0.3;\n// lint: on L501\n#b := %I0.4;", [4]),
        ("// lint: off\n#a := %I0.3;\n// lint: on\n#b := %I0.4;\n// lint: off L501\n#c := %I0.5;", [4]),
        ("#on := %I0.3; // lint off L501", [1]),
        ("// lint: offal L501\n#on := %I0.3;", [2]),
    ],
)
def test_they_do_so_where_they_say(text: str, lines: list[int]) -> None:
    assert [each.line for each in lint.lint(text) if each.rule.id == "L501"] == lines


def test_a_comment_that_names_no_rule_is_an_error() -> None:
    [found] = lint.lint("#on := #start; // lint: off L77 L501")
    assert (found.rule.id, found.level, found.line, found.column) == ("L000", "error", 1, 16)
    assert "'L77'" in found.message
    [found] = lint.lint("// lint: off\n#on := #start; // lint: on nothing")
    assert found.rule.id == "L000"
