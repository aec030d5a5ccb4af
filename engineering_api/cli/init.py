"""`tia init`: a small project folder that passes `tia check` and `tia test` at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import click

from simatic_xml.writing.whole_files import publish

LAMP = """FUNCTION_BLOCK "Lamp"
TITLE = 'A lamp with a push button and a timer'
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
// Each press of the button switches the lamp on or off. The lamp also goes off by itself after onTime.
   VAR_INPUT
      button : Bool;   // Push button
      onTime : Time := T#30s;   // How long the lamp is on
   END_VAR

   VAR_OUTPUT
      on : Bool;   // To the lamp
   END_VAR

   VAR
      pressed {InstructionName := 'R_TRIG'; LibVersion := '1.0'} : R_TRIG;
      timer {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME;
   END_VAR

BEGIN
    #pressed(CLK := #button);
    IF #pressed.Q THEN
        #on := NOT #on;
    END_IF;
    #timer(IN := #on,
           PT := #onTime);
    IF #timer.Q THEN
        #on := FALSE;
    END_IF;
END_FUNCTION_BLOCK
"""
MAIN = """DATA_BLOCK "Lamp_DB"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
NON_RETAIN
"Lamp"

BEGIN

END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
TITLE = 'Main Program Sweep (Cycle)'
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
BEGIN
    "Lamp_DB"(button := "Button",
              on => "Lamp_On");
END_ORGANIZATION_BLOCK
"""
TESTS = """# Tests of the program in the folder above; time is virtual, so 30 seconds take a moment.
program: ..
tests:
  - name: The button switches the lamp on and off
    block: Lamp
    steps:
      - {description: press, write: {button: true}, expect: {on: true}}
      - {description: release, write: {button: false}, wait: 1s, expect: {on: {expected: true, always: true}}}
      - {description: press again, write: {button: true}, expect: {on: false}}

  - name: The lamp goes off by itself
    steps:
      - {write: {Button: true}, run: 2, expect: {Lamp_On: true}}
      - {write: {Button: false}, wait: 29s, expect: {Lamp_On: {expected: true, always: true}}}
      - {expect: {Lamp_On: {expected: false, within: 2s}}}
"""
_REQUIRE_ADDRESS = (
    'echo "$PACKAGE" | grep -Eq "[.]whl(#sha256=[0-9a-f]{64})?$|^git[+].+@[0-9a-f]{40}$" || '
    '{ echo "PACKAGE is not the address of a wheel or git+https://...@COMMIT: see docs/ci.md" >&2; exit 2; }'
)
"""Ends a pipeline before pip looks for our name on an index, where anybody can take it."""
WORKFLOW = """# Checks the program and runs its tests on a simulated CPU. No TIA Portal is needed.
name: PLC
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11d5960a326750d5838078e36cf38b85af677262 # v4.4.0
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with: {python-version: "3.12"}
      - name: Install
        env: {PACKAGE: ADDRESS}  # replace ADDRESS by the address of the wheel, or git+https://...@COMMIT: docs/ci.md
        run: |
          {{guard}}
          python -m pip install "$PACKAGE"
      - run: tia check .
      - run: tia test tests --coverage -o report
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        if: always()
        with: {name: plc-report, path: report}
""".replace("{{guard}}", _REQUIRE_ADDRESS)
README = """# PLC project

| file | content |
|---|---|
| `Lamp.scl` | a function block |
| `Main.scl` | OB1 and the instance |
| `tags.xlsx` | the tags |
| `tests/lamp.plctest.yaml` | the tests |
| `.github/workflows/plc.yml` | runs check and tests at each push, after you replaced ADDRESS in it |

    tia check .                             # what TIA Portal's compiler would report
    tia test tests --coverage -o report     # runs the tests; open report/report.html

Add sources (`.scl`, `.udt`, `.db`, `.awl`), exports of TIA Portal (`.xml`, `.s7dcl`) and workbooks with tags to this folder or to
folders below it.
"""
IGNORED = "report/\n.venv/\n"
FILES = {
    "Lamp.scl": LAMP,
    "Main.scl": MAIN,
    "tests/lamp.plctest.yaml": TESTS,
    ".github/workflows/plc.yml": WORKFLOW,
    "README.md": README,
    ".gitignore": IGNORED,
}
WORKBOOK = "tags.xlsx"


@click.command("init", short_help="Make a small PLC project with a block, tags, tests and a CI file.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def init(folder: Path) -> None:
    """Make a small PLC project in FOLDER, by default here: a block in SCL, tags, tests, a CI file.

    Existing files are not overwritten.
    """
    try:
        written = list(write_project(folder))
    except OSError as error:
        msg = f"'{error.filename}' cannot be written: {error.strerror}."
        raise click.ClickException(msg) from error
    for name, is_new in written:
        click.echo(f"{'created' if is_new else 'kept   '}  {folder / name}")
    click.echo(f"Next: tia check {folder}")
    click.echo(f"      tia test {folder / 'tests'}")


def write_project(folder: Path) -> Iterator[tuple[str, bool]]:
    """Write the files that are missing.

    Args:
        folder: The folder of the project; created if it is missing.

    Yields:
        The name of each file, and whether it is new.
    """
    for name, text in FILES.items():
        yield name, _write(folder / name, partial(_write_text, text))
    yield WORKBOOK, _write(folder / WORKBOOK, _write_tags)


def _write(path: Path, write: Callable[[Path], object]) -> bool:
    """Write a file unless there is one; it is complete or missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return False
    draft = path.with_name(f".{path.name}.draft")
    try:
        write(draft)
        publish(draft, path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    return True


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_tags(path: Path) -> None:
    from engineering_api.features.tags.files import TagRow, write_xlsx

    tags = [
        TagRow(0, "Lamp", "Button", "Bool", "%I0.0", "Push button"),
        TagRow(0, "Lamp", "Lamp_On", "Bool", "%Q0.0", "Lamp"),
    ]
    write_xlsx(path, tags)
