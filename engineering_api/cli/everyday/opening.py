"""`tia open`: opens a project by its path, or by its name among those that the server has opened before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from engineering_api.cli.lazy import describe_unknown
from engineering_api.cli.output import print_result
from engineering_api.cli.resource_commands import local_file
from engineering_api.cli.running import output_options, reporting
from engineering_api.cli.session import Session


@click.command("open", short_help="Open a project on the server")
@click.argument("project", required=False)
@click.option("--upgrade", is_flag=True, help="Upgrade a project of an earlier TIA Portal version.")
@click.option("--directory", default="", help="Folder of the server for a project that comes from an archive.")
@output_options
@reporting()
def open_project(project: str | None, directory: str, *, upgrade: bool, as_json: bool, quiet: bool) -> None:
    """Open PROJECT on the server.

    PROJECT is a project file such as Conveyor.ap20, or the name of a project that the server opened before. Without it,
    the command opens the only one of these. An archive (.zap20) is sent to the server and unpacked there.
    """
    with Session(quiet=quiet) as session:
        if project is not None and Path(project).suffix.casefold().startswith(".zap"):
            file = local_file(project)
            sent = file if isinstance(file, str) else session.upload(file)
            target = {"targetDirectory": directory} if directory else {}
            data = session.call("projects create-from-archive", archivePath=sent, upgrade=upgrade, **target)
        else:
            data = session.call("projects open", path=_path(session, project), upgrade=upgrade)
    print_result(data, as_json=as_json, quiet=quiet)


def _path(session: Session, project: str | None) -> str:
    """Return the project's path on the server.

    Raises:
        click.UsageError: No known project has this name; or none is named and there is not exactly one.
    """
    if project is not None and Path(project).is_file():
        return str(Path(project).resolve())
    if project is not None and ("/" in project or "\\" in project or Path(project).suffix):
        return project
    known: dict[str, Any] = {each["name"]: each["path"] for each in reversed(session.call("projects history"))}
    if project is None and len(known) == 1:
        return str(next(iter(known.values())))
    if project is None:
        listed = ", ".join(known) or "the server has opened none yet, so name a project file"
        raise click.UsageError(f"Which project? {listed}.")
    for name, path in known.items():
        if name.casefold() == project.casefold():
            return str(path)
    raise click.UsageError(describe_unknown("project", project, known))
