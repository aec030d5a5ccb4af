"""`tia manifest`: the object model of the installed assemblies, dumped and compared with the manifest; needs no server.

Runs where TIA Portal is installed, and with --assembly on any assemblies that the computer's CLR can load.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from openness_bridge.errors import Problem
from openness_bridge.manifest import dump, reading
from openness_bridge.manifest.compare import compare
from openness_bridge.portal import loader
from simatic_xml.versions import DEFAULT_PORTAL

_PRODUCTS = click.Choice([reading.OPENNESS, reading.PLCSIM])


@click.group(short_help="Dump and compare the object model of installed assemblies.")
def manifest() -> None:
    """Dump the object model of installed assemblies, and compare it with what the bridge was written against."""


@manifest.command("dump")
@click.option(
    "--assembly",
    "paths",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An assembly to describe, those that it needs first; by default those of the installed Openness.",
)
@click.option(
    "--tia-version", "version", default=DEFAULT_PORTAL, show_default=True, help="The version of the assemblies."
)
@click.option(
    "--product",
    type=_PRODUCTS,
    default=reading.OPENNESS,
    show_default=True,
    help="The product that the assemblies belong to.",
)
@click.option("--root", default=None, help="The namespace to describe, by default the product's.")
@click.option("--out", type=click.Path(path_type=Path), help="A file to write; by default standard output.")
def dump_assemblies(paths: tuple[Path, ...], version: str, product: str, root: str | None, out: Path | None) -> None:
    """Describe assemblies in the form of the manifest, by reflection."""
    known = reading.read(reading.versions(product)[-1], product)
    try:
        loaded = loader.assemblies(paths or loader.assembly_paths(version))
    except Problem as problem:
        raise click.ClickException(f"{problem.message} [{problem.code}]") from None
    made = dump.document(
        loaded, product=known.product, version=version, root=root or known.root, assembly=_usual(product, version)
    )
    text = dump.format_document(made)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"{len(made['types'])} types written to {out}.")


@manifest.command("compare")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--product",
    type=_PRODUCTS,
    default=reading.OPENNESS,
    show_default=True,
    help="The product that the dump describes.",
)
@click.option("--missing/--no-missing", default=True, help="List also what the dump has and the manifest does not.")
def compare_dump(file: Path, product: str, missing: bool) -> None:
    """Compare a dump with the manifest of its version: what is only there, only here, or different.

    - marks what only the manifest has, + what only the dump has, ! where the two differ.
    The status is 1 when there is any.
    """
    theirs = reading.merge([json.loads(file.read_text(encoding="utf-8"))])
    if theirs.version not in reading.versions(product):
        known = ", ".join(reading.versions(product))
        raise click.ClickException(f"The dump is of version {theirs.version}; the manifest has {known}.")
    found = [each for each in compare(reading.read(theirs.version, product), theirs) if missing or each.ours]
    for difference in found:
        click.echo(difference)
    click.echo(f"{len(found)} differences.", err=True)
    sys.exit(bool(found))


def _usual(product: str, version: str) -> str:
    """Return the assembly that has what no other has."""
    known = reading.versions(product)
    return reading.read(version if version in known else known[-1], product).assembly
