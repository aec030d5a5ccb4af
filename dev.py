#!/usr/bin/env python3
"""Everything a developer needs, with nothing but Python: demo, test, serve, generate, docs, wheel, lint and more.

Makes a virtual environment in .venv and installs the project there, so that a system whose own Python is not to be touched
stays untouched. What is installed is what the lock files name, by version and checksum.
"""

import ctypes
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
NEWEST = HERE / ".venv-newest"
LOCKING = HERE / ".venv-lock"
LOCKS = {name: HERE / f"requirements{name}.lock" for name in ("-dev", "", "-check")}
"""The lock files of developers, of the service, and of `tia check` and `tia test` alone. Each is a part of the one before it."""
LEFT_OUT = HERE / "requirements-left-out.txt"
"""Packages that others declare and the service never imports: its lock file leaves them out (docs/dependencies.md)."""
GENERATED = (
    "engineering_api/client/resources",
    "engineering_api/documentation/codes.json",
    "engineering_api/cli/commands.json",
    "docs/api",
    "docs/openapi.json",
)
"""What engineering_api.generation writes, and git does not keep."""
SOURCES = (
    "engineering_api",
    "runtime_data",
    "openness_bridge",
    "simatic_xml",
    "docs/diagnostics",
    "docs/lint.md",
    "requirements.lock",
)
"""What that is made from."""
SITE = HERE / "build" / "site.zip"
"""The documentation site, as the server reads it."""
STAMP = HERE / "build" / "generated"
MEMORY = Path("/dev/shm")  # noqa: S108 - used as TMPDIR is: what takes it makes folders of its own there
"""A file system in memory that Linux has."""
FORWARDED = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""What ends this program ends the one that it runs; Ctrl+C reaches both."""
USAGE = """usage: python3 dev.py COMMAND [ARGUMENTS]

  demo    run tia demo, the main job over HTTP on the files in examples/; results in demo-output/
  test    run the tests; with --all the slow ones too, with --changed[=COMMIT] those near to what differs from a commit
          (HEAD by default); further arguments go to pytest
  serve   start the server; arguments go to `tia serve`
  console fetch the files of others that the console needs, by console/packages.lock.json; needs npm
  generate
          write the client's methods, the indexes of tia, docs/openapi.json, docs/api and docs/contract.tsv; the other
          commands write what they need of these, but never docs/contract.tsv, which is committed
  docs    build the documentation site: build/site for a web server, and the archive that `tia serve` shows at /docs
  wheel   build the wheel into dist/, with the documentation site
  lint    check style, types (those of the console with npm), the direction of imports, the structure, the words of texts, and
          that the lock files fit pyproject.toml
  audit   ask for known vulnerabilities in the packages that are used, and check their licences;
          ends with 3 when no advisory service answers, with 1 in that case too under --require
  sbom    write the software bill of materials (CycloneDX) to build/sbom.cdx.json, or to the file named
  lock    renew the lock files after a change of pyproject.toml; arguments go to uv, such as --upgrade
  clients install generators of clients, linters of the description and the vendor's SignalR client into build/clients; some slow
          tests run them
  mutate  put small faults into the core modules for some minutes, and report those that their tests do not find; arguments go to
          tests.mutation, such as --minutes 10, --seed 1, --prune and modules; Linux only
  newest  run the tests with the newest packages that pyproject.toml allows, in .venv-newest
"""


def end_with_this() -> None:
    """Let a program that is being started end when this one is killed; Linux only."""
    ctypes.CDLL(None).prctl(1, int(signal.SIGTERM))  # PR_SET_PDEATHSIG


def run(*command: object, given: str = "") -> None:
    """Run a command in the project's folder; end with its status when it fails."""
    ending = {"preexec_fn": end_with_this} if sys.platform == "linux" else {}
    stdin = subprocess.PIPE if given else None
    with subprocess.Popen([str(part) for part in command], cwd=HERE, stdin=stdin, text=True, **ending) as process:
        former = {each: signal.signal(each, lambda number, _: process.send_signal(number)) for each in FORWARDED}
        try:
            process.communicate(given or None)
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
    status = process.returncode
    if status:
        sys.exit(status)


def python(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make(venv: Path) -> Path:
    """Make a virtual environment where there is none; give its interpreter."""
    if not python(venv).exists():
        print(f"Making the virtual environment {venv.name} ...", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=False).returncode:
            sys.exit("Python's venv module is incomplete here. On Debian and Ubuntu: apt-get install python3-venv")
    return python(venv)


def install(venv: Path, *arguments: object) -> None:
    """Install packages into a virtual environment."""
    run(python(venv), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)


def prepare(part: str = "") -> Path:
    """Install what the lock file names, and the project, unless that was done; give the interpreter."""
    files = (HERE / "pyproject.toml", LOCKS[part])
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    stamp = VENV / f"installed{part or '-plain'}"
    if not python(VENV).exists() or not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        make(VENV)
        print("Installing the project into .venv ...", flush=True)
        install(VENV, "--no-deps", "--require-hashes", "--requirement", LOCKS[part])
        install(VENV, "--no-deps", "--no-build-isolation", "--editable", ".")
        stamp.write_text(wanted, encoding="ascii")
    return python(VENV)


def checksum() -> str:
    """A checksum of what is generated and of what it is made from."""
    paths = [HERE / name for name in (*SOURCES, *GENERATED)]
    files = {file for path in paths for file in (path, *path.rglob("*")) if file.is_file()}
    total = hashlib.sha256()
    for file in sorted(file for file in files if "__pycache__" not in file.parts):
        total.update(f"{file.relative_to(HERE)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def write_generated(interpreter: Path, *arguments: str) -> None:
    """Write what is generated."""
    run(interpreter, "-m", "engineering_api.generation", *arguments)
    STAMP.parent.mkdir(exist_ok=True)
    STAMP.write_text(checksum(), encoding="ascii")


def complete(interpreter: Path) -> Path:
    """Write what is generated, unless it is there and fits its sources; give the interpreter."""
    if not STAMP.exists() or STAMP.read_text(encoding="ascii") != checksum():
        write_generated(interpreter)
    return interpreter


def generate(_: list[str]) -> None:
    """Write what is generated, and the table of the contract."""
    write_generated(prepare("-dev"), "--contract")


def docs(_: list[str]) -> None:
    """Build the documentation site, and pack it for the server."""
    interpreter = complete(prepare("-dev"))
    shutil.rmtree(HERE / "build" / "site", ignore_errors=True)
    run(interpreter.with_name("zensical" + interpreter.suffix), "build", "--clean", "--strict")
    shutil.make_archive(str(SITE.with_suffix("")), "zip", HERE / "build" / "site")


def console(_: list[str]) -> None:
    """Fetch the files of others that the console needs."""
    run(sys.executable, HERE / "console" / "vendoring.py")


def wheel(arguments: list[str]) -> None:
    """Build the wheel."""
    docs([])
    if shutil.which("npm"):
        console([])
    else:
        print(
            "WARNING: npm is not installed, so the wheel has no console. On Debian and Ubuntu: apt-get install nodejs npm"
        )
    interpreter = complete(prepare())
    shutil.rmtree(HERE / "build" / "lib", ignore_errors=True)  # setuptools would pack modules that are no more
    options = ("--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--wheel-dir", "dist")
    run(interpreter, "-m", "pip", "wheel", *options, *arguments, ".")


def demo(arguments: list[str]) -> None:
    """Run the demo."""
    run(complete(prepare()), "-m", "engineering_api", "demo", *arguments)


def test(arguments: list[str]) -> None:
    """Run the tests, on all cores."""
    interpreter = complete(prepare("-dev"))
    since = [each.partition("=")[2] or "HEAD" for each in arguments if each.split("=")[0] == "--changed"]
    others = [each for each in arguments if each.split("=")[0] != "--changed"]
    pytest(interpreter, others + [test for commit in since for test in changed(interpreter, commit)])


def changed(interpreter: Path, commit: str) -> list[str]:
    """Return the files of the tests that are near to what differs from a commit."""
    command = [interpreter, "-m", "tests.support.changed", commit]
    found = subprocess.run(command, check=True, cwd=HERE, stdout=subprocess.PIPE, text=True).stdout.split()
    return found or sys.exit("No test is near to what was changed. Run all: python3 dev.py test")


def pytest(interpreter: Path, arguments: list[str]) -> None:
    """Run the tests by an interpreter."""
    choice = ["-m", "not exploration and not slow"]
    if "--all" in arguments:
        choice = ["-m", "not exploration", "--hypothesis-profile", "thorough"]
    others = [argument for argument in arguments if argument != "--all"]
    os.environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # without its bytecode each worker and server compiles everything again
    use_memory()
    workers = [
        "-n",
        "auto",
        "--dist",
        "worksteal",
    ]  # a worker that is done takes tests of another: costly ones lie together
    run(interpreter, "-m", "pytest", "-p", "tests.progress", *workers, *choice, *others)


def use_memory() -> None:
    """Keep the tests' files in memory where that has room: a test of a service waits some sixty times for a disk."""
    if not MEMORY.is_dir() or "TMPDIR" in os.environ:
        return
    about = os.statvfs(MEMORY)
    if about.f_bavail * about.f_frsize >= 8 * 2**30 and not about.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = str(MEMORY)


def serve(arguments: list[str]) -> None:
    """Start the server."""
    run(complete(prepare()), "-m", "engineering_api", "serve", *arguments)


def lint(_: list[str]) -> None:
    """Check style, types, imports, the lock files, the structure and the words."""
    interpreter = complete(prepare("-dev"))
    run(interpreter, "-m", "ruff", "check", ".")
    run(interpreter, "-m", "ruff", "format", "--check", ".")
    run(interpreter, "-m", "mypy")
    run(interpreter, "-m", "console.checking")
    run(interpreter.with_name("lint-imports" + interpreter.suffix))
    run(interpreter, "-m", "tests.supply_chain.lock", *LOCKS.values())
    run(interpreter, "-m", "pytest", "-q", "tests/structure", "tests/documentation/test_words.py")


def audit(arguments: list[str]) -> None:
    """Check the packages that are used."""
    run(prepare("-dev"), "-m", "tests.supply_chain.audit", *arguments)


def sbom(arguments: list[str]) -> None:
    """Write the bill of materials."""
    run(prepare("-dev"), "-m", "tests.supply_chain.sbom", *arguments)


def lock(arguments: list[str]) -> None:
    """Renew the lock files, for Linux and Windows and each Python that is supported; the largest first, it has most wishes."""
    make(LOCKING)
    install(LOCKING, "--upgrade", "uv")
    about = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))
    dev, service, check = LOCKS.values()
    kept = ["--constraint", dev.name, "--overrides", LEFT_OUT.name]
    for file, more in ((dev, ["--all-extras"]), (service, ["--extra", "service", *kept]), (check, kept)):
        run(
            python(LOCKING),
            "-m",
            "uv",
            "--no-config",
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--generate-hashes",
            "--no-annotate",
            "--no-emit-index-url",
            "--no-emit-find-links",
            "--custom-compile-command",
            "python3 dev.py lock",
            "--python-version",
            about["project"]["requires-python"].removeprefix(">="),
            "--output-file",
            file.name,
            *more,
            *arguments,
            "pyproject.toml",
            "-",
            given="\n".join(about["build-system"]["requires"]),
        )


def newest(arguments: list[str]) -> None:
    """Run the tests with packages that no lock file holds back."""
    make(NEWEST)
    extras = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    install(NEWEST, "--upgrade", "--upgrade-strategy", "eager", "--editable", f".[{','.join(extras)}]")
    pytest(complete(python(NEWEST)), arguments)


def mutate(arguments: list[str]) -> None:
    """Put faults into the core modules, one at a time, and see whether their tests find them."""
    run(complete(prepare("-dev")), "-m", "tests.mutation", *arguments)


def clients(_: list[str]) -> None:
    """Install the programs of others that the tests of clients run."""
    install_into, wanted = HERE / "build" / "clients", HERE / "tests" / "journeys" / "clients"
    make(install_into / "python")
    install(install_into / "python", "--requirement", wanted / "requirements.txt")
    (install_into / "node").mkdir(exist_ok=True)
    shutil.copy(wanted / "package.json", install_into / "node")
    npm = shutil.which("npm") or sys.exit("npm is missing. On Debian and Ubuntu: apt-get install nodejs npm")
    run(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", install_into / "node")


COMMANDS = {
    each.__name__: each
    for each in (demo, test, serve, console, generate, docs, wheel, lint, audit, sbom, lock, mutate, newest, clients)
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(USAGE)
    try:
        COMMANDS[sys.argv[1]](sys.argv[2:])
    except KeyboardInterrupt:
        sys.exit(130)
