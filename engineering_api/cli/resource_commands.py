"""Makes a group of commands for each resource of the index, and a command for each of its operations."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engineering_api.cli import index
from engineering_api.cli.lazy import Suggesting
from simatic_xml.writing.whole_files import write_whole

if TYPE_CHECKING:
    from engineering_api.cli.session import Session

_TYPES: dict[str, click.ParamType[Any]] = {"int": click.INT, "float": click.FLOAT}
_PANELS = ("hmi", "hmi-tags", "hmi-lists")
_LIST = ("filter", "sort", "page", "pageSize")
_ABOUT_LIST = {
    "filter": "Entries to show, such as name~Motor*.",
    "sort": "Field to sort by; a minus before it reverses the order.",
    "page": "Page to show, from 1.",
    "pageSize": "Entries of a page.",
}


class ResourceGroup(Suggesting):
    """The commands of a resource, made when they are asked for."""

    def __init__(self, name: str, about: str, entries: dict[str, Any]) -> None:
        """Take the entries of the index."""
        super().__init__(name, help=f"{about}.", short_help=about)
        self._entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs."""
        del ctx
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a verb."""
        del ctx
        entry = self._entries.get(cmd_name)
        return command_of(index.Command(str(self.name), cmd_name, entry)) if entry is not None else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs; no summary is cut."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(verb, entry["summary"].rstrip(".")) for verb, entry in self._entries.items()])


def group_of(name: str) -> click.Group | None:
    """Return the group of a resource; None where there is no such resource."""
    entry = index.resources().get(name)
    return ResourceGroup(name, entry["about"], entry["commands"]) if entry else None


def command_of(command: index.Command) -> click.Command:
    """Return the click command of an operation."""
    from engineering_api.cli.running import reporting

    fields = command.fields
    names = {field["name"]: _word(field) for field in fields}

    @reporting(names)
    def run(**given: Any) -> None:
        _run(command, given)

    about = command.about
    return click.Command(
        command.verb,
        callback=run,
        params=[*map(_parameter, fields), *_request_options(command)],
        help="\n\n".join(part for part in (about["summary"], about["description"]) if part),
        short_help=about["summary"],
    )


def _word(field: dict[str, Any]) -> str:
    """Return how the user writes a field."""
    return _metavar(field["name"]) if field.get("positional") else f"--{field['option']}"


def _metavar(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name)


def _parameter(field: dict[str, Any]) -> click.Parameter:
    if field.get("positional"):
        return click.Argument([_key(field)], metavar=_metavar(field["name"]), required=False)
    about = field.get("help", "")
    notes = [] if not field.get("required") else [_required_note(field)]
    if "default" in field and field["kind"] != "bool":
        notes.append(f"[default: {field['default']}]")
    text = " ".join([about, *notes]).strip()
    names = [f"--{field['option']}", _key(field)]
    if field["option"] in {"output"}:
        names.insert(0, "-o")
    if field["kind"] == "bool":
        names[names.index(f"--{field['option']}")] = f"--{field['option']}/--no-{field['option']}"
        return click.Option(names, default=None, help=text)
    kind: click.ParamType[Any] = _TYPES.get(field["kind"], click.STRING)
    if field["kind"] == "choice":
        kind = click.Choice([str(each) for each in field["choices"]], case_sensitive=False)
    metavar = {"json": "JSON", "any": "VALUE"}.get(field["kind"])
    if field.get("transfer"):
        metavar = "FILE"
    return click.Option(names, type=kind, multiple=bool(field.get("many")), help=text, metavar=metavar)


def _required_note(field: dict[str, Any]) -> str:
    return "[default: the only one]" if _has_default(field) else "[required]"


def _has_default(field: dict[str, Any]) -> bool:
    """Return whether the only PLC or tag table of the project is meant where the user names none."""
    return field["name"] in {"deviceName", "tableName"} and not field.get("positional")


def _key(field: dict[str, Any]) -> str:
    return "field_" + "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in field["name"])


def _request_options(command: index.Command) -> list[click.Parameter]:
    options: list[click.Parameter] = []
    offered = command.about["options"]
    taken = {field["option"] for field in command.fields}
    for name in _LIST:
        option = "page-size" if name == "pageSize" else name
        if name in offered and option not in taken:
            kind = click.INT if name.startswith("page") else click.STRING
            options.append(click.Option([f"--{option}", f"query_{name}"], type=kind, help=_ABOUT_LIST[name]))
    if "dryRun" in offered:
        text = "Report what the command would change, and change nothing."
        options.append(click.Option(["--dry-run", "query_dryRun"], is_flag=True, help=text))
    if "wait" in offered:
        text = "Print the job's id instead of waiting for the result."
        options.append(click.Option(["--no-wait"], is_flag=True, help=text))
    text = "The request as JSON: a file, or - for standard input; arguments and options override its fields."
    options.append(click.Option(["--input", "document"], metavar="FILE", help=text))
    options.append(click.Option(["--json", "as_json"], is_flag=True, help="Print the result as JSON."))
    options.append(click.Option(["-q", "--quiet"], is_flag=True, help="Print errors only."))
    return options


def _run(command: index.Command, given: dict[str, Any]) -> None:
    from engineering_api.cli import outcome, output
    from engineering_api.cli.reports import is_report, report_lines
    from engineering_api.cli.session import Session

    document = read_document(given["document"])
    for field in command.fields:
        value = given[_key(field)]
        if value is not None and value != ():
            document[field["name"]] = value_of(field, value)
    query = {
        name.removeprefix("query_"): value
        for name, value in given.items()
        if name.startswith("query_") and value not in (None, False)
    }
    _require(command, document)
    with Session(quiet=given["quiet"]) as session:
        _complete(session, command, document)
        wanted = _send_files(session, command, document)
        if given.get("no_wait"):
            output.print_result(
                {"jobId": session.start(command, document, query)}, as_json=given["as_json"], quiet=given["quiet"]
            )
            return
        data = session.run(command, document, query)
        for there, here in wanted if "dryRun" not in query else ():
            _fetch_file(session, there, here)
            data = _with_local_path(data, there, here)
    if is_report(data) and not given["as_json"]:
        for line in report_lines(data, quiet=given["quiet"]):
            click.echo(line)
    else:
        output.print_result(data, as_json=given["as_json"], quiet=given["quiet"])
    if outcome.has_findings(data):
        raise outcome.Finding


def _complete(session: Session, command: index.Command, document: dict[str, Any]) -> None:
    """Add the only device and the only tag table where the user names none."""
    from engineering_api.cli import choosing

    needed = {field["name"] for field in command.fields if field.get("required") and _has_default(field)}
    if "deviceName" in needed and "deviceName" not in document:
        if command.resource in _PANELS:
            document["deviceName"] = choosing.choose_panel(session, "--device-name")
        elif command.resource == "devices" and command.verb != "compile":
            document["deviceName"] = choosing.choose_device(session, "--device-name")
        else:
            document["deviceName"] = choosing.choose_plc(session)
    if "tableName" in needed and "tableName" not in document:
        document["tableName"] = choosing.choose_table(session, str(document["deviceName"]))


def _require(command: index.Command, document: dict[str, Any]) -> None:
    """Ask for passwords on a terminal; refuse what else is missing.

    Raises:
        click.UsageError: A required argument or option is missing.
    """
    for field in command.fields:
        if field.get("required") and field["name"] not in document and not _has_default(field):
            if field.get("secret") and sys.stdin.isatty():
                document[field["name"]] = click.prompt(field["option"], hide_input=True, err=True)
                continue
            kind = "argument" if field.get("positional") else "option"
            about = f" ({field['help'].rstrip('.')})" if field.get("help") else ""
            values = f" Values: {', '.join(map(str, field['choices']))}." if field.get("choices") else ""
            raise click.UsageError(f"Missing {kind} {_word(field)}{about}.{values}")


def _send_files(session: Session, command: index.Command, document: dict[str, Any]) -> list[tuple[str, Path]]:
    """Send local files, and return the files to fetch afterwards: their paths on the server and here."""
    wanted: list[tuple[str, Path]] = []
    for field in command.fields:
        name, way = field["name"], field.get("transfer")
        if name not in document or not way:
            continue
        if way == "send":
            many = isinstance(document[name], list)
            files = [local_file(each) for each in (document[name] if many else [document[name]])]
            sent = [each if isinstance(each, str) else session.upload(each) for each in files]
            document[name] = sent if many else sent[0]
        elif not str(document[name]).startswith("server:"):
            here = Path(str(document[name]))
            if here.exists() and not document.get("overwrite"):
                raise click.UsageError(f"{here} exists: name another file with {_word(field)}, or add --overwrite.")
            document[name] = session.place(here.name)
            wanted.append((document[name], here))
        else:
            document[name] = str(document[name]).removeprefix("server:")
    return wanted


def local_file(text: str) -> Path | str:
    """Return a local file; or a path of the server that is written with `server:` before it.

    Raises:
        click.UsageError: There is no such file.
    """
    if text.startswith("server:"):
        return text.removeprefix("server:")
    path = Path(text)
    if not path.is_file():
        raise click.UsageError(
            f"There is no file '{text}' on this computer. Write server:{text} for a file of the server."
        )
    return path


def _with_local_path(data: Any, there: str, here: Path) -> Any:
    """Return an answer with the local file in place of the one on the server."""
    if isinstance(data, dict):
        return {name: _with_local_path(value, there, here) for name, value in data.items()}
    if isinstance(data, str) and data.replace("\\", "/").endswith(there):
        return str(here)
    return data


def _fetch_file(session: Session, there: str, here: Path) -> None:
    files = session.fetch(there)
    if len(files) == 1 and there.rpartition("/")[2] in files:
        here.parent.mkdir(parents=True, exist_ok=True)
        write_whole(here, files.popitem()[1])
        return
    for name, content in files.items():
        target = here.joinpath(*name.split("/"))
        if not target.resolve().is_relative_to(here.resolve()):
            raise click.ClickException(f"The server sent a file outside of {here}: '{name}'.")
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)


def value_of(field: dict[str, Any], value: Any) -> Any:
    """Return an option's value as the server wants it; @FILE and @- are the content of a file and of standard input.

    Raises:
        click.UsageError: A value that must be JSON is none, or the file cannot be read.
    """
    if field.get("many"):
        return [value_of(field | {"many": False}, each) for each in value]
    if not isinstance(value, str) or field.get("transfer"):
        return value
    text = read_text(value, _word(field))
    if field["kind"] == "choice":
        return next((each for each in field["choices"] if str(each).casefold() == text.casefold()), text)
    if field["kind"] not in {"json", "any"}:
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        if field["kind"] == "any":
            return text
        raise click.UsageError(f"{_word(field)} must be JSON: {error}. Write @FILE to read it from a file.") from None


def read_text(text: str, word: str) -> str:
    """Return a text, or the content of the file that it names as @FILE or @- ; @@ begins a text with @.

    Raises:
        click.UsageError: The file cannot be read.
    """
    if not text.startswith("@") or text == "@":
        return text
    if text.startswith("@@"):
        return text[1:]
    if text == "@-":
        return sys.stdin.read()
    try:
        return Path(text[1:]).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{word}: cannot read '{text[1:]}' as UTF-8 text: {error}.") from None


def read_document(name: str | None) -> dict[str, Any]:
    """Return the JSON object of a file, or of standard input for `-`; empty for None.

    Raises:
        click.UsageError: It cannot be read, or is no JSON object.
    """
    if name is None:
        return {}
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        found = json.loads(text)
    except (OSError, ValueError) as error:
        raise click.UsageError(f"--input: {error}") from None
    if not isinstance(found, dict):
        raise click.UsageError("--input must be a JSON object.")
    return found
