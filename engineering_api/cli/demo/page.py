"""The front page of the demonstration: one file that shows the files next to it, and the commands that made it."""

from __future__ import annotations

import hashlib
import inspect
import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from engineering_api import VERSION
from engineering_api.cli.demo.steps import Job, Step, count
from engineering_api.features.plc_tests.reports.output import diagram_name
from engineering_api.features.plc_tests.reports.report_page import coverage_table
from engineering_api.features.plc_tests.results import CaseResult
from engineering_api.files.html import Node, element, link, page, picture, table
from simatic_xml import Block, SimaticMLError, load
from simatic_xml.svg import is_drawn, svg

HEADINGS = ("Steps", "Program", "Compile report", "Tests", "Timing diagrams", "Coverage", "Runtime", "Archive", "Files")
DRAWING_WIDTH = 1000
SHOWN_DIAGRAMS = 4
CHECK_COMMAND = "tia check inputs"
TEST_COMMAND = "tia test inputs/tests --project Conveyor.zap20 --coverage -o tests"
DRAW_COMMAND = "tia xml draw {block} -o drawings"


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done, and its result."""

    step: Step
    result: str

    @property
    def title(self) -> str:
        """What the step does."""
        return (self.step.__doc__ or "").strip().removesuffix(".")

    @property
    def code(self) -> str:
        """The code of the step, without its head."""
        lines = inspect.getsource(self.step).splitlines()[2:]
        return textwrap.dedent("\n".join(lines))


def write_front_page(job: Job, done: list[Done], seconds: float) -> Path:
    """Write index.html and the drawings, and return the page's path."""
    drawings = list(_draw(job.output))
    content = page(
        "tia demo: a conveyor",
        *_head(job, done, seconds),
        *_steps(done),
        *_drawings(drawings),
        *_compile_report(job),
        *_tests(job),
        *_runtime(job),
        *_archive(job),
        *_files(job.output),
    )
    path = job.output / "index.html"
    path.write_bytes(content)
    return path


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn network."""

    block: str
    kind: str
    title: str
    file: str


def _draw(output: Path) -> Iterator[Drawing]:
    """Draw the networks of all exported blocks in LAD, FBD and GRAPH."""
    folder = output / "drawings"
    folder.mkdir(exist_ok=True)
    for path in sorted((output / "blocks").glob("*.xml")):
        for block in load(path.read_bytes()).objects:
            networks = block.networks if isinstance(block, Block) else []
            for number, network in enumerate(networks, 1):
                if not is_drawn(network):
                    continue
                try:
                    text = svg(network, DRAWING_WIDTH)
                except SimaticMLError:
                    continue
                name = f"{path.stem}-network-{number}.svg"
                (folder / name).write_text(text, encoding="utf-8")
                title = next((each for each in network.title.values() if each), "")
                yield Drawing(block.name, network.language or "", title or f"Network {number}", f"drawings/{name}")


def _head(job: Job, done: list[Done], seconds: float) -> list[etree._Element]:
    covered = job.tests.coverage.statements.percent
    tiles = (
        (f"{len(done)}", "steps over HTTP"),
        (f"{seconds:.1f} s", "for the whole job"),
        (f"{job.compiled.result.error_count}", "compile errors"),
        (f"{job.tests.passed}/{job.tests.total}", "tests passed"),
        (f"{covered:g} %", "statements covered"),
        (f"{job.archive.stat().st_size / 1024:.0f} KB", "archive"),
    )
    return [
        element("p", f"Open engineering API for SIMATIC PLCs {VERSION}", class_="quiet"),
        element("h1", "A conveyor: from spreadsheets to a tested PLC project"),
        element(
            "p",
            "tia demo",
            " created a project on the simulated TIA Portal, imported tags, types and blocks, found and corrected a mistake, "
            "archived the project, tested the program and ran it on a virtual CPU. This page shows the results. Run the commands "
            "on it in this folder; they need no server.",
        ),
        element(
            "div",
            *(element("div", element("b", value), about, class_="card") for value, about in tiles),
            class_="tiles",
        ),
        element("nav", *(element("a", heading, href=f"#{_anchor(heading)}") for heading in HEADINGS)),
    ]


def _steps(done: list[Done]) -> list[etree._Element]:
    rows: list[list[Node]] = [
        [str(number), element("div", each.title, _code(each)), each.result] for number, each in enumerate(done, 1)
    ]
    return [
        _heading("Steps"),
        element("div", table(["", "step", "result"], rows, frozenset({0})), class_="card"),
    ]


def _code(done: Done) -> etree._Element:
    return element("details", element("summary", element("small", "Python")), element("pre", done.code))


def _drawings(drawings: list[Drawing]) -> list[etree._Element]:
    parts = [_heading("Program")]
    for block in dict.fromkeys(each.block for each in drawings):
        inside = [each for each in drawings if each.block == block]
        parts.append(
            element(
                "section",
                element("h3", block, " ", element("small", inside[0].kind)),
                *(part for each in inside for part in _network(each)),
                _command(DRAW_COMMAND.format(block=f"blocks/{block}.xml")),
                class_="card",
            )
        )
    return parts


def _network(drawing: Drawing) -> list[etree._Element]:
    return [
        element("p", drawing.title, class_="quiet"),
        element("div", picture(drawing.file, f"{drawing.block}: {drawing.title}"), class_="drawing"),
    ]


def _compile_report(job: Job) -> list[etree._Element]:
    found = [(each, "bad") for each in job.mistake]
    found += [(each, "part") for each in job.compiled.diagnostics if each.severity == "Warning"]
    rows: list[list[Node]] = [
        [element("span", each.severity, class_=kind), each.path, each.message] for each, kind in found
    ]
    result = job.compiled.result
    return [
        _heading("Compile report"),
        element(
            "div",
            table(["", "place", "message"], rows),
            element(
                "p",
                "After the correction: ",
                element("strong", count(result), class_="good"),
                ". ",
                link("compile-with-mistake.json", "Report with the mistake"),
                ", ",
                link("compile.json", "report after the correction"),
            ),
            _command(CHECK_COMMAND),
            class_="card",
        ),
    ]


def _tests(job: Job) -> list[etree._Element]:
    report = job.tests
    traced = [
        (number, each)
        for number, each in enumerate(report.results, 1)
        if (job.output / _diagram(number, each)).is_file()
    ]
    longest = sorted(traced, key=lambda pair: -pair[1].virtual_ms)[:SHOWN_DIAGRAMS]
    rows: list[list[Node]] = [
        [
            element("span", "✓" if each.passed else "✗", class_="good" if each.passed else "bad"),
            link(_diagram(number, each), each.test_name) if (number, each) in traced else each.test_name,
            f"{each.virtual_ms / 1000:g} s",
        ]
        for number, each in enumerate(report.results, 1)
    ]
    return [
        _heading("Tests"),
        element(
            "div",
            table(["", "test", "virtual time"], rows, frozenset({2})),
            element(
                "p",
                link("tests/report.html", "Report with all steps and diagrams"),
                ", ",
                link("tests/report.xml", "JUnit XML"),
                ", ",
                link("tests/report.json", "JSON"),
            ),
            _command(TEST_COMMAND),
            class_="card",
        ),
        _heading("Timing diagrams"),
        *(
            element(
                "div",
                element(
                    "div", picture(_diagram(number, each), f"Timing diagram of {each.test_name}"), class_="drawing"
                ),
                class_="card",
            )
            for number, each in longest
        ),
        _heading("Coverage"),
        element(
            "div",
            coverage_table(report.coverage, "tests/coverage.html"),
            element("p", link("tests/coverage.html", "Listing with the counts of each line")),
            class_="card",
        ),
    ]


def _diagram(number: int, result: CaseResult) -> str:
    return f"tests/{number:03}-{diagram_name(result)}"


def _runtime(job: Job) -> list[etree._Element]:
    rows: list[list[Node]] = [[each.time, each.event, each.alarm.name, each.alarm.text] for each in job.alarms]
    return [
        _heading("Runtime"),
        element(
            "div",
            element("p", "The virtual CPU ran the program, and the service logged the level of the hopper."),
            element("div", picture("runtime/trend.svg", "Trend of the level of the hopper"), class_="drawing"),
            table(["time", "event", "alarm", "text"], rows),
            element("p", "The service sent this to an ERP when the alarm was raised:"),
            element("pre", json.dumps(job.pushes[0], indent=2)),
            element(
                "p",
                link("runtime/trend.json", "Logged values"),
                ", ",
                link("runtime/alarms.json", "journal of the alarms"),
                ", ",
                link("runtime/pushes.json", "pushes"),
            ),
            class_="card",
        ),
    ]


def _archive(job: Job) -> list[etree._Element]:
    checksum = hashlib.sha256(job.archive.read_bytes()).hexdigest()
    return [
        _heading("Archive"),
        element(
            "div",
            element("p", link(job.archive.name, job.archive.name), f", {job.archive.stat().st_size:,} bytes"),
            element("p", element("small", "SHA-256 ", element("code", checksum))),
            class_="card",
        ),
    ]


def _files(output: Path) -> list[etree._Element]:
    about = {
        "inputs": "the files that the job began with",
        "blocks": "each block as SimaticML",
        "tags": "each tag table as SimaticML",
        "hardware.aml": "the hardware as AutomationML",
        "block-tree.json": "the tree of blocks",
        "ConveyorControl.content.json": "a LAD block as JSON",
        "overview.json": "the restored project",
        "project": "the project",
        "restored": "the project from the archive",
        "server.log": "the log of the server",
    }
    rows: list[list[Node]] = [[link(name, name), text] for name, text in about.items() if (output / name).exists()]
    return [_heading("Files"), element("div", table(["", ""], rows), class_="card")]


def _heading(text: str) -> etree._Element:
    return element("h2", text, id=_anchor(text))


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _command(text: str) -> etree._Element:
    return element("pre", text)
