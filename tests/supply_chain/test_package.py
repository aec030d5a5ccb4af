"""The wheel works outside the checkout: all that it needs is inside, and its metadata are those of a package index."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engineering_api import processes
from tests.supply_chain import shelf
from tests.supply_chain.installed import CHECK, ROOT, SERVICE, left_out, packages

PACKAGES = {
    **{name: ROOT / name for name in ("engineering_api", "runtime_data", "openness_bridge", "simatic_xml")},
    **{name: ROOT / "fakes" / name for name in ("fake_dotnet", "fake_openness", "fake_plcsim", "virtual_plc")},
}
ASK = """
import json, sys
from setuptools.dist import Distribution
from distutils.core import run_setup
made = run_setup("setup.py", stop_after="config")
build = made.get_command_obj("build_py")
build.build_lib = "built"
build.ensure_finalized()
data = made.metadata
print(json.dumps({
    "outputs": build.get_outputs(include_bytecode=False), "sources": build.get_source_files(),
    "version": data.get_version(), "description": data.long_description, "kind": data.long_description_content_type,
    "classifiers": data.get_classifiers(), "keywords": data.get_keywords(), "license": data.get_license_expression()
    if hasattr(data, "get_license_expression") else data.license_expression, "urls": data.project_urls,
}))
"""
LAMP = 'FUNCTION "Half" : Void\nVAR_INPUT\n value : Int;\nEND_VAR\nVAR_OUTPUT\n half : Int;\nEND_VAR\nBEGIN\n {};\nEND_FUNCTION\n'
TESTS = "tests:\n- {name: half, block: Half, steps: [{write: {value: 8}, expect: {half: 4}}]}\n"
COMMAND = 'pip install "simatic-engineering-api[{}] @ ADDRESS"'


@pytest.fixture(scope="module")
def built() -> dict[str, object]:
    """What setuptools would build and say."""
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def _own_files() -> set[str]:
    """All files in the packages' folders, as the wheel names them."""
    return {
        f"{name}/{file.relative_to(folder).as_posix()}"
        for name, folder in PACKAGES.items()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def _added_files() -> set[str]:
    """The files that the build takes from elsewhere."""
    guides = {
        f"engineering_api/guides/{file.relative_to(ROOT / 'docs').as_posix()}"
        for file in (ROOT / "docs").rglob("*.*")
        if file.parent.name != "api" and file.name != "openapi.json"
    }
    names = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "LICENSE", "VERSION")
    example = {
        f"engineering_api/{file.relative_to(ROOT).as_posix()}"
        for name in ("conveyor", "first-start")
        for file in (ROOT / "examples" / name).rglob("*")
        if file.is_file()
    }
    console = {
        f"engineering_api/web/pages/{file.relative_to(ROOT).as_posix()}"
        for file in (ROOT / "console").rglob("*")
        if (ROOT / "console" / "vendor" / "lock").is_file()
        and file.is_file()
        and (file.name == "LICENSE" or file.suffix in {".css", ".html", ".js", ".json", ".mjs", ".svg"})
    }
    site = {"engineering_api/documentation/site.zip"} if (ROOT / "build" / "site.zip").is_file() else set()
    return example | console | site | guides | {f"engineering_api/web/pages/swagger_ui/{name}" for name in names}


def test_each_file_of_the_packages_is_built(built: dict[str, object]) -> None:
    outputs = built["outputs"]
    assert isinstance(outputs, list)
    assert {Path(each).relative_to("built").as_posix() for each in outputs} == _own_files() | _added_files()


def test_the_schemas_are_built(built: dict[str, object]) -> None:
    for name in ("plc-tests.schema.json", "design-spec.schema.json"):
        assert f"engineering_api/guides/{name}" in _added_files()
        assert f"docs/{name}" in str(built["sources"])


def test_the_metadata_are_complete(built: dict[str, object]) -> None:
    assert re.fullmatch(r"0\.\d+\.\d+", str(built["version"]))
    assert built["kind"] == "text/markdown"
    assert built["license"] == "MIT AND Apache-2.0"
    assert {"Framework :: Pytest", "Typing :: Typed", "Programming Language :: Python :: 3.11"} <= set(
        str(built["classifiers"]).strip("[]").replace("'", "").split(", ")
    )
    urls = built["urls"]
    assert isinstance(urls, dict) and {"Repository", "Documentation", "Changelog", "Issues"} <= urls.keys()
    assert built["keywords"]


def test_each_link_of_the_description_is_absolute_and_leads_to_a_file(built: dict[str, object]) -> None:
    urls = built["urls"]
    assert isinstance(urls, dict)
    targets = re.findall(r"\]\(([^)\s]+)\)", str(built["description"]))
    assert len(targets) > 20
    assert [each for each in targets if not each.startswith(("https://", "http://127.0.0.1", "#"))] == []
    own = [each for each in targets if each.startswith(urls["Repository"])]
    paths = [re.sub(r"^/(blob|tree|raw)/HEAD/|#.*", "", each.removeprefix(urls["Repository"])) for each in own]
    assert len(paths) > 20
    assert [each for each in paths if not (ROOT / each).exists()] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    places = ("egg_info", "--egg-base", folder, "build", "--build-base", folder / "build")
    command = [
        sys.executable,
        "setup.py",
        "-q",
        *places,
        "bdist_wheel",
        "--bdist-dir",
        folder / "parts",
        "--dist-dir",
        folder,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def checking(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the checkout, with the wheel without extras in a new virtual environment."""
    chosen = packages(CHECK)
    assert len(chosen) <= 12 and not chosen.keys() & {"httpx", "litestar", "sqlalchemy"}
    return _installed(wheel, chosen, tmp_path_factory.mktemp("checking"))


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the service, without the packages that its lock file leaves out."""
    chosen = packages(SERVICE, left_out=left_out())
    assert not chosen.keys() & {"faker", "flask", "pydantic", "mcp", "jsonschema", "rich", "saq"}
    return _installed(wheel, chosen, tmp_path_factory.mktemp("home"))


def _installed(wheel: Path, chosen: Iterable[str], folder: Path) -> Path:
    """Make a virtual environment; its packages are those of this one, because tests use no network."""
    assert not folder.is_relative_to(ROOT)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip())
    shelf.put(chosen, site)
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(pip, check=True, env=_environment(folder))
    for name, body in (("good", "#half := #value / 2"), ("bad", "#half := #valeu")):
        (folder / name).mkdir()
        (folder / name / "half.scl").write_text(LAMP.format(body), encoding="utf-8")
    (folder / "good" / "half.plctest.yaml").write_text(TESTS, encoding="utf-8")
    return folder


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TIA_", "PYTHON", "COVERAGE"))}
    return kept | {"TIA_DATA_DIR": str(home / "data")}


def tia(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command."""
    program = home / "venv" / ("Scripts/tia.exe" if os.name == "nt" else "bin/tia")
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, cwd=home, env=_environment(home)
    )


@pytest.mark.slow
def test_the_wheel_has_the_files_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {each for each in archive.namelist() if ".dist-info/" not in each}
        licences = {each.partition(".dist-info/")[2] for each in archive.namelist() if "/licenses/" in each}
    assert names == _own_files() | _added_files()
    assert licences == {"licenses/LICENSE", "licenses/LICENSES/Apache-2.0.txt"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "status", "shown"),
    [
        (["--help"], 0, "serve"),
        (["scl", "check", "good/half.scl"], 0, ""),
        (["scl", "check", "bad/half.scl"], 1, "valeu"),
        (["check", "good"], 0, ""),
        (["check", "bad"], 1, "valeu"),
        (["test", "good", "--backend", "fake", "--junit", "report.xml"], 0, "1 passed"),
        (["xml", "to-text", "--help"], 0, "usage"),
        (["init", "plant"], 0, "tags.xlsx"),
        (["explain", "L402"], 0, "CASE"),
        (["api", "--list"], 0, "devices.list"),
        (["doctor"], 0, "git"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_the_installed_command_works_without_the_service(
    checking: Path, arguments: list[str], status: int, shown: str
) -> None:
    done = tia(checking, *arguments)
    assert (done.returncode, done.stderr if done.returncode != status else "") == (status, "")
    assert shown in done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "extra"), [(["mcp"], "mcp"), (["mcp", "--url", "http://127.0.0.1:9"], "mcp"),
                             (["gateway", "--queue", "redis://127.0.0.1:9"], "gateway")]
)  # fmt: skip
def test_a_command_that_needs_an_extra_prints_how_to_install_it(home: Path, arguments: list[str], extra: str) -> None:
    done = tia(home, *arguments)
    assert done.returncode not in {0, 120}
    assert COMMAND.format(f"service,{extra}") in done.stderr and "[package.extra_missing]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", ["serve", "open x", "devices list", "mcp", "gateway", "demo", "backup x", "openapi"]
)
def test_a_command_of_the_service_prints_how_to_install_it(checking: Path, command: str) -> None:
    done = tia(checking, *command.split())
    assert done.returncode == 4
    assert COMMAND.format("service") in done.stderr and "[package.extra_missing]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_client_says_what_to_install(checking: Path) -> None:
    python = checking / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ask = [python, "-c", "from engineering_api.client import Client"]
    done = subprocess.run(ask, capture_output=True, text=True, check=False, cwd=checking, env=_environment(checking))
    assert done.returncode == 1 and COMMAND.format("service") in done.stderr.splitlines()[-1]


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Run the installed server; gives its address."""
    program = home / "venv" / ("Scripts/tia.exe" if os.name == "nt" else "bin/tia")
    environment = _environment(home) | {"TIA_API_KEY": "a-key-of-this-test-0123456789abcdef"}
    command = [program, "serve", "--backend", "fake", "--port", "0"]
    with processes.start(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=home) as process:
        assert process.stdout is not None
        found = re.search(r"http://[0-9.]+:\d+", process.stdout.readline())
        try:
            assert found is not None
            yield found[0]
        finally:
            process.terminate()
            process.stdout.read()


def _get(address: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers={"X-API-Key": "a-key-of-this-test-0123456789abcdef"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.slow
def test_the_installed_server_answers(home: Path) -> None:
    with serving(home) as address:
        assert _get(f"{address}/api/projects/current")[0] in {200, 404, 409}
        assert _get(f"{address}/swagger")[0] == 200
        status, script = _get(f"{address}/swagger/swagger-ui-bundle.js")
        assert status == 200 and "SwaggerUIBundle" in script
        sections = _get(f"{address}/api/docs/sections")[1]
        assert '"guide-plc-tests"' in sections and '"devices"' in sections
        status, refused = _get(f"{address}/mcp/info")
        assert status == 501
        error = json.loads(refused)["error"]
        assert error["code"] == "package.extra_missing" and COMMAND.format("service,mcp") in error["message"]
