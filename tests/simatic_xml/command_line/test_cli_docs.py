"""The documentation of the command line tells the truth: its examples run, its commands exist."""

import re
from copy import deepcopy

from simatic_xml import dump, from_json
from simatic_xml.command_line.main import main
from tests import ROOT

PAGE = (ROOT / "docs" / "xml-cli.md").read_text(encoding="utf-8")
MOTOR = {
    "kind": "FB",
    "name": "Motor",
    "interface": {"Input": [{"name": "stop", "type": "Bool"}, {"name": "run", "type": "Bool"}]},
    "networks": [{"source": {"rungs": [[{"contact": "#stop", "negated": True}, {"coil": "#run"}]]}}],
}


def test_examples_run() -> None:
    after, faulty = deepcopy(MOTOR), deepcopy(MOTOR)
    after["networks"] = [{"source": {"rungs": [[{"contact": "#stop"}, {"coil": "#run"}]]}}]
    faulty["interface"] = {"Input": [{"name": "stop", "type": "Bool"}, {"name": "STOP", "type": "Bool"}]}
    faulty["networks"] = []
    names: dict[str, object] = {
        "before": dump(from_json(MOTOR)),
        "after": dump(from_json(after)),
        "faulty": dump(from_json(faulty)),
    }
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        exec(compile(example, "xml-cli.md", "exec"), names)  # noqa: S102 - our own documentation


def test_every_command_is_there() -> None:
    rows = re.findall(r"^\| (`[a-z][^|]*) \|", PAGE, re.MULTILINE)
    listed = {command for row in rows for command in re.findall(r"`([a-z-]+)", row)}
    used = set(re.findall(r"tia xml ([a-z-]+)", PAGE))
    assert listed | used == {
        *["check", "format", "to-json", "from-json", "to-text", "diff", "git-diff", "draw", "upgrade", "downgrade"]
    }
    for command in listed | used:
        assert main([command, "-h"]) == 0
