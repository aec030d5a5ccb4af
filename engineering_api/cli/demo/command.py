"""`tia demo`: the whole job on the simulated TIA Portal, with a page that shows the results.

It starts a separate server, does the job of `steps` over HTTP, and writes everything to a folder.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from engineering_api.processes import Server, start_server

MARK = ".tia-demo"
"""A file in the folder of the results, which says that the next run may replace the folder."""
KEY = "demo"
TITLE_WIDTH = 46


@click.command("demo", short_help="Do a whole job on the simulated TIA Portal, and show the results.")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("demo-output"))
@click.option(
    "--open", "opens", is_flag=True, help="Run a conveyor on a simulated PLC, and open the console in the browser."
)
@click.option("--no-browser", is_flag=True, help="With --open: print the address of the console instead.")
def demo(folder: Path, opens: bool, no_browser: bool) -> None:
    """Do a whole job on the simulated TIA Portal: import, compile, archive, test and run a conveyor.

    The results go to FOLDER, by default demo-output; open index.html there. The next run replaces them. The command needs
    neither TIA Portal nor a network.

    With --open it does another thing: it starts a server for this computer with a demo project, which runs in FOLDER until
    Ctrl+C, and opens the console.
    """
    from engineering_api.cli.demo.steps import DemoError
    from openness_bridge.errors import Problem

    output = folder.resolve()
    _prepare(output)
    try:
        if opens:
            from engineering_api.cli.demo.opened import open_console

            open_console(output, browser=not no_browser)
        else:
            run(output)
    except (Problem, DemoError) as error:
        raise click.ClickException(f"The demonstration failed: {error}") from error


def run(output: Path) -> None:
    """Do the job in an empty folder, and write the front page."""
    from engineering_api.cli.demo import runtime
    from engineering_api.cli.demo.page import Done, write_front_page
    from engineering_api.cli.demo.steps import STEPS, Job
    from engineering_api.client import Client
    from engineering_api.files.examples import find_example

    inputs = output / "inputs"
    shutil.copytree(find_example("conveyor"), inputs, ignore=shutil.ignore_patterns(".*"))
    begin = time.perf_counter()
    done: list[Done] = []
    with server(output, KEY) as served, Client(served.url, KEY) as tia, runtime.receiver() as (erp, pushes):
        job = Job(tia, inputs, output, erp=erp, pushes=pushes)
        for step in (*STEPS, *runtime.STEPS):
            done.append(Done(step, step(job)))
            click.echo(f"{len(done):2}  {done[-1].title:{TITLE_WIDTH}} {done[-1].result}")
    seconds = time.perf_counter() - begin
    page = write_front_page(job, done, seconds)
    click.echo(f"Done in {seconds:.1f} s. Open {page}")


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: its address and its process."""

    url: str
    process: Server


@contextmanager
def server(output: Path, key: str) -> Iterator[Served]:
    """Run a server on the simulated TIA Portal within the block; it ends with this process, however that ends.

    Args:
        output: The folder that clients may use; its log is there. Its data are in a temporary folder.
        key: Its key.

    Raises:
        ClickException: It does not start.
    """
    environment = {"TIA_API_KEY": key, "TIA_SINK_HOSTS": "127.0.0.1", "PYTHONUTF8": "1"}
    log = output / "server.log"
    with (
        TemporaryDirectory(prefix="tia-demo-", ignore_cleanup_errors=True) as data,
        log.open("wb") as errors,
        start_server(
            ["serve", "--backend", "fake", "--port", "0", "--data-dir", data, "--root", str(output)],
            environment,
            errors,
        ) as process,
    ):
        try:
            first = process.stdout.readline().decode() if process.stdout is not None else ""
            address = re.search(r"http://\S+", first)
            if address is None:
                msg = f"The server did not start; {log} says why."
                raise click.ClickException(msg)
            yield Served(address[0], process)
        finally:
            process.terminate()


def _prepare(output: Path) -> None:
    """Make an empty folder for the results; what is not an earlier result stays."""
    if output.is_dir() and (output / MARK).is_file():
        shutil.rmtree(output)
    elif output.exists() and (not output.is_dir() or any(output.iterdir())):
        msg = f"'{output}' has other files. Delete it, or name a new folder: tia demo FOLDER"
        raise click.ClickException(msg)
    output.mkdir(parents=True, exist_ok=True)
    (output / MARK).write_text("Results of tia demo. The next run replaces this folder.\n", encoding="ascii")
