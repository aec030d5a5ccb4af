"""Shows a simulated computer to programs in this process, and hides it again."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any

from fake_dotnet import drives, missing
from fake_dotnet.system import FileInfo
from fake_openness.core import reflection
from fake_openness.hosting import clr, dotnet, siemens
from fake_openness.hosting.ledger import Ledger
from fake_openness.hosting.modules import Namespace, imported, show
from fake_openness.hosting.windows_paths import mapped
from fake_openness.installation import Installation, install
from fake_openness.project.portal import running
from simatic_xml.versions import DEFAULT_PORTAL


@dataclass(slots=True)
class Host:
    """A simulated computer that programs see.

    Attributes:
        installation: The computer and its types.
        ledger: The uses of members that it lacks.
        folder: The folder with its drives.
        portal: The TIA Portal with the project of `activate`; None without one.
    """

    installation: Installation
    ledger: Ledger
    folder: Path
    portal: Any = None

    def start(self) -> Any:
        """Start a TIA Portal with user interface; returns it."""
        types = self.installation.types
        return types["TiaPortal"](types["TiaPortalMode"].WithUserInterface)

    def save(self) -> list[Path]:
        """Save the open projects; returns their files."""
        opened = [each for process in running(self.installation.machine) for each in process.projects or ()]
        for project in opened:
            project.Save()
        return [project._file for project in opened]


@contextmanager
def activate(
    version: str = DEFAULT_PORTAL, *, folder: Path | None = None, project: Path | None = None, copy: bool = False
) -> Iterator[Host]:
    """Let `import clr` and the namespaces of .NET mean a simulated computer within the block.

    Args:
        version: Such as "20" or "V15.1".
        folder: Gets the drives of Windows paths; a temporary one by default.
        project: A project file that a TIA Portal with user interface has open: programs attach to it.
        copy: Open a copy of the project on the drive C, as it was last saved; another program may have it open.

    Raises:
        ValueError: The version is not known.
        EngineeringTargetInvocationException: The project cannot be opened.
    """
    installation = install(version)
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tia-run-")))
        ledger, disks = Ledger(installation.machine.version), drives.Drives(place)
        stack.enter_context(drives.used(disks))
        stack.callback(_end, installation)
        _put_assemblies(disks, installation)
        host = Host(installation, ledger, place)
        if project is not None:
            host.portal = host.start()
            file = _copy(project, disks) if copy else project.absolute()
            host.portal.Projects.Open(FileInfo(str(file)))
        missing.OBSERVERS.append(ledger.observe)
        stack.callback(missing.OBSERVERS.remove, ledger.observe)
        if os.name != "nt":
            stack.enter_context(mapped(disks))
        stack.enter_context(_shown(installation, ledger))
        yield host


@contextmanager
def _shown(installation: Installation, ledger: Ledger) -> Iterator[None]:
    of_siemens = siemens.namespaces(installation, ledger)
    version = installation.machine.version
    modules, assembly = clr.modules(version, lambda: show(of_siemens))
    spaces = dotnet.namespaces(installation)
    spaces["System.Reflection"]["Assembly"] = assembly
    of_system = {name: Namespace(name, types, ledger) for name, types in spaces.items()}
    with imported({**modules, **of_system}):
        yield


def _copy(project: Path, disks: drives.Drives) -> Path:
    """Copy the folder of a project, without the lock of who has it open; returns the file of the copy."""
    source = project.absolute().parent
    target = Path(disks.local(rf"C:\Projects\{source.name}"))
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.lock"), dirs_exist_ok=True)
    return target / project.name


def _put_assemblies(disks: drives.Drives, installation: Installation) -> None:
    """Put empty files where programs look for the assemblies."""
    version = installation.machine.version
    root = rf"C:\Program Files\Siemens\Automation\Portal {version.engineering.replace('.', '_')}"
    public = PureWindowsPath(root, "PublicAPI", version.engineering, *(["net48"] if version.has("21") else []))
    names = [each.GetName().Name for each in reflection.domain(version).GetAssemblies()]
    files = [public / f"{name}.dll" for name in names if name.startswith(reflection.ROOT)]
    for file in (*files, PureWindowsPath(root, "Bin", "PublicAPI", f"{reflection.ROOT}.Contract.dll")):
        local = Path(disks.local(str(file)))
        local.parent.mkdir(parents=True, exist_ok=True)
        local.touch()


def _end(installation: Installation) -> None:
    for process in list(installation.machine.processes.values()):
        process.end()
