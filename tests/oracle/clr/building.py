"""Compiles the double with mono's compiler: one assembly, or several as V21 has them, beside the host that they share."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from graphlib import TopologicalSorter
from pathlib import Path

from openness_bridge.manifest import reading
from tests.oracle.clr.source import sources

COMPILER = "mcs"
HOST = Path(__file__).with_name("host.cs")
_OPTIONS = ("-target:library", "-nologo", "-debug-", "-optimize+", "-nowarn:108,114,109,67,169,649,612,618")

_GLOBAL = re.compile(r"global::([\w.]+)")
_TYPE = re.compile(
    r"^namespace (?P<space>[\w.]+) \{\n(?:\[[^]]*\] )?"
    r"public (?:\w+ )*?(?:class|enum|interface|struct|delegate \S+) (?P<name>\w+)",
    re.M,
)


class CompilerError(Exception):
    """The generated source is wrong."""


def missing() -> str:
    """What is not installed, or an empty text."""
    try:
        import clr_loader  # noqa: F401
        import pythonnet  # noqa: F401
    except ImportError as error:
        return f"the Python package {error.name}"
    absent = [each for each in (COMPILER, "mono") if shutil.which(each) is None]
    return f"Mono ({', '.join(absent)})" if absent else ""


def build(version: str) -> list[Path]:
    """The assemblies of the double of one version of Openness, the host first.

    Raises:
        CompilerError: mcs refused them.
    """
    return compiled(sources(reading.read(version)))


def compiled(texts: dict[str, str]) -> list[Path]:
    """The host and the assemblies of these sources by their names; compiled once for each state of them.

    Raises:
        CompilerError: mcs refused them.
    """
    host = _host() / "OpennessDouble.dll"
    order = list(TopologicalSorter(_uses(texts)).static_order())
    folder = _folder(HOST.read_text(), *_OPTIONS, *(texts[each] for each in order))
    if not folder.is_dir():
        with _published(folder) as work:
            for done, name in enumerate(order):
                source = work / f"{name}.cs"
                source.write_text(texts[name])
                _run(work / f"{name}.dll", source, [host, *(work / f"{each}.dll" for each in order[:done])])
    return [host, *(folder / f"{each}.dll" for each in order)]


def _uses(texts: dict[str, str]) -> dict[str, set[str]]:
    """The assemblies whose types each one names."""
    homes = {f"{space}.{name}": each for each, text in texts.items() for space, name in _declared(text)}
    return {
        each: {homes[word] for word in set(_GLOBAL.findall(text)) if homes.get(word, each) != each}
        for each, text in texts.items()
    }


def _declared(text: str) -> list[tuple[str, str]]:
    return [(found["space"], found["name"]) for found in _TYPE.finditer(text)]


def _host() -> Path:
    folder = _folder(HOST.read_text(), *_OPTIONS)
    if not folder.is_dir():
        with _published(folder) as work:
            _run(work / "OpennessDouble.dll", HOST, [])
    return folder


def _folder(*texts: str) -> Path:
    state = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"openness-double-{state}"


@contextmanager
def _published(folder: Path) -> Iterator[Path]:
    """A working folder that gets its name when all went well: several processes may compile at once."""
    work = Path(tempfile.mkdtemp(prefix="openness-double-work-"))
    try:
        yield work
        with suppress(OSError):  # another process was first
            work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _run(target: Path, source: Path, references: list[Path]) -> None:
    command = [COMPILER, *_OPTIONS, f"-out:{target}", *(f"-r:{each}" for each in references), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        wrong = [line for line in (done.stdout + done.stderr).splitlines() if "error" in line]
        raise CompilerError(f"{COMPILER} refused {target.name}, {len(wrong)} errors:\n" + "\n".join(wrong[:20]))
