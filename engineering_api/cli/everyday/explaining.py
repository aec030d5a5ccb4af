"""`tia explain`: the page of a code, from the index of codes that `python3 dev.py generate` makes."""

from __future__ import annotations

import click

from engineering_api.cli import output
from engineering_api.cli.lazy import find_similar, join_or
from engineering_api.documentation import code_pages


@click.command("explain", short_help="Explain the code of an error, a message or a lint rule")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print the page as JSON.")
def explain(code: str, *, as_json: bool) -> None:
    """Explain CODE, such as name.undefined, L301 or device.not_found."""
    pages = _pages()
    wanted = code.strip("[]`'\" ").casefold()
    found = next((name for name, page in pages.items() if wanted in {name.casefold(), page.get("also", "")}), None)
    if found is None:
        near = find_similar(wanted, [*pages, *(page["also"] for page in pages.values() if page.get("also"))])
        hint = f" Did you mean {join_or(near)}?" if near else ""
        raise click.UsageError(f"There is no code '{code}'.{hint}")
    if as_json:
        output.print_result({"code": found} | pages[found], as_json=True)
        return
    click.echo(click.style(found, bold=True) if output.has_colour() else found)
    click.echo()
    click.echo(pages[found]["text"])


def _pages() -> code_pages.Pages:
    """Return the pages by code.

    Raises:
        click.ClickException: They are not generated.
    """
    try:
        return code_pages.read()
    except FileNotFoundError:
        raise click.ClickException("The index of codes is not generated yet: run python3 dev.py generate") from None
