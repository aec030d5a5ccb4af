"""The pytest plugin: a `plc` fixture for tests in Python, test files (*.plctest.yaml) as tests, and a `tia_portal`.

What is tested is named by --plc-project or --plc-sources, or in the configuration; else it is the sources in the folder of
the test. pytest loads this module in each run, also where nobody tests a PLC: it imports pytest_running, and with it all the
rest, for the first test file and the first use of the fixture. benchmarks/start.py measures what it costs.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from engineering_api.features.plc_tests.plc import Plc
    from engineering_api.features.plc_tests.pytest_running import Benches

SUFFIXES = (".plctest.yaml", ".plctest.yml")
MARK = "plc_block"
_OPTIONS = (
    ("project", "project file (.apNN) or archive (.zapNN) that is tested"),
    ("device", "PLC of the project, where it has several"),
    ("cpu", "CPU for sources: order number[/firmware]"),
    ("backend", "auto, fake or openness"),
)
_OF_PORTAL = (
    ("version", "version of the simulated TIA Portal of the fixture tia_portal"),
    ("project", "project file that it has open"),
)
_BENCHES = pytest.StashKey["Benches"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; each can be in the configuration, too (plc_project and so on)."""
    group = parser.getgroup("plc", "tests of PLC programs")
    for name, about in _OPTIONS:
        group.addoption(f"--plc-{name}", default=None, help=about)
        parser.addini(f"plc_{name}", about, default="")
    about = "files and folders of sources that are tested"
    group.addoption("--plc-sources", action="append", default=None, help=about)
    parser.addini("plc_sources", about, type="paths", default=[])
    for name, about in _OF_PORTAL:
        group.addoption(f"--tia-{name}", default=None, help=about)
        parser.addini(f"tia_{name}", about, default="")
    group.addoption("--plc-output", default=None, help="folder for coverage and for diagrams of test files")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", f"{MARK}(name): the FB or FC that is tested alone with the fixture plc")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Release all instances."""
    if _BENCHES in config.stash:
        config.stash[_BENCHES].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect test files."""
    if not file_path.name.endswith(SUFFIXES):
        return None
    from engineering_api.features.plc_tests.pytest_running import TestFileCollector

    found: pytest.Collector = TestFileCollector.from_parent(parent, path=file_path, benches=benches(parent.config))
    return found


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which blocks are tested alone, so that one harness can call them all."""
    for item in session.items:
        if block := block_of(item):
            made = benches(session.config)
            made.blocks.setdefault(made.subject_of(sources_of(item)), {})[block] = None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Shorten the traceback of a failure within the fixture plc to the lines of the test."""
    try:
        return (yield)
    except Exception as error:
        if "plc" in getattr(item, "fixturenames", ()):
            from engineering_api.features.plc_tests.pytest_running import shorten

            shorten(error)
        raise


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Show the coverage."""
    if _BENCHES in config.stash:
        for title, text in config.stash[_BENCHES].coverage():
            terminalreporter.section(title)
            terminalreporter.write_line(text)


@pytest.fixture
def plc(request: pytest.FixtureRequest) -> Plc:
    """The PLC with the program that is tested, freshly started; with the mark plc_block one block alone."""
    from engineering_api.features.plc_tests.plc import Plc
    from engineering_api.features.plc_tests.reports.problem_text import lines
    from openness_bridge.errors import Problem

    try:
        bench = benches(request.config).bench(request.path.parent, block_of(request.node))
        bench.controller.restart()
        return Plc(bench.controller)
    except Problem as problem:
        why = "\n".join(lines(problem))
    pytest.fail(why, pytrace=False)


@pytest.fixture
def tia_portal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A simulated TIA Portal with user interface: what the test imports for pythonnet means it, and can attach to it.

    The test fails if it used a member that the simulated TIA Portal lacks, or that its version does not have.
    """
    from openness_bridge.portal import loader
    from simatic_xml.versions import DEFAULT_PORTAL

    version, project = (_of_portal(request.config, name) for name, _ in _OF_PORTAL)
    file = request.config.rootpath / project if project else None
    with loader.hosting().activate(version or DEFAULT_PORTAL, folder=tmp_path / "drives", project=file) as host:
        yield host.portal or host.start()
        lines = "\n".join(map(str, host.ledger.entries))
    if lines:
        pytest.fail(lines, pytrace=False)


def _of_portal(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"--tia-{name}") or config.getini(f"tia_{name}"))


def benches(config: pytest.Config) -> Benches:
    """Return the benches of a session."""
    if _BENCHES not in config.stash:
        from engineering_api.features.plc_tests.pytest_running import Benches

        config.stash[_BENCHES] = Benches(config)
    return config.stash[_BENCHES]


def block_of(item: pytest.Item) -> str:
    """Return the block that a test tests alone, empty for the whole program."""
    found = getattr(item, "plc_block", None)
    if found is not None:
        return str(found)
    mark = item.get_closest_marker(MARK)
    return str(mark.args[0]) if mark is not None and mark.args else ""


def sources_of(item: pytest.Item) -> Path:
    """Return where the sources of a test are, unless the user names others."""
    return getattr(item, "plc_sources", item.path.parent)
