"""Read resource files (`.s7res`) as the YAML they are, with the line of each mistake: PyYAML parses.

It is a separate module because only a program with resource files needs PyYAML.
"""

from __future__ import annotations

import yaml

from simatic_xml.errors import SimaticMLError
from simatic_xml.reading.bounded_yaml import BoundedLoader
from simatic_xml.scl.diagnostics import Diagnostic, Severity
from simatic_xml.scl.parser import decode
from simatic_xml.sd.resources import HEAD, Resources

_MOST_FINDINGS = 1000
_ENTRY = "An entry starts with '- id: MLC_...'."


def read(source: str | bytes) -> Resources:
    """Return the texts of a file. Every scalar is a text: `12` and `no` are no numbers or truth values here."""
    text = decode(source)
    result = Resources(source=text)
    try:
        loader = BoundedLoader(text.removeprefix("\ufeff"))
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        _report(result, "sd.resource", f"The file is not YAML: {error.problem}. {_advice(error)}", _mark(error))
    except (yaml.YAMLError, SimaticMLError, RecursionError) as error:
        _report(result, "sd.resource", f"The file cannot be read as YAML: {str(error).splitlines()[0]}", None)
    else:
        _read_root(root, result)
    return result


def _mark(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Return the place to correct: PyYAML notices the missing colon of a word only after it."""
    return error.context_mark if error.context == "while scanning a simple key" else error.problem_mark


def _advice(error: yaml.MarkedYAMLError) -> str:
    if error.problem == "mapping values are not allowed here":
        return "Put a text with ': ' in single quotes."
    return "Put a text in single quotes, or correct the indentation."


def _read_root(root: yaml.Node | None, result: Resources) -> None:
    if root is None:
        return
    entries = root.value if isinstance(root, yaml.MappingNode) else []
    if [key.value for key, _ in entries] != [HEAD.rstrip(":")]:
        _report(result, "sd.resource", f"The file has one list, '{HEAD}'.", root.start_mark)
        return
    listed = entries[0][1]
    if not isinstance(listed, yaml.SequenceNode):
        if listed.value:
            _report(result, "sd.resource", _ENTRY, listed.start_mark)
        return
    for entry in listed.value:
        _read_entry(entry, result)


def _read_entry(entry: yaml.Node, result: Resources) -> None:
    """Read one id with its texts."""
    pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
    if not pairs or pairs[0][0].value != "id" or not isinstance(pairs[0][1], yaml.ScalarNode) or not pairs[0][1].value:
        _report(result, "sd.resource", _ENTRY, entry.start_mark)
        return
    text_id = pairs[0][1].value
    if text_id in result.texts:
        message = f"The id '{text_id}' is in the file already; TIA Portal refuses such a file. Rename one."
        _report(result, "sd.resource_duplicate", message, entry.start_mark)
        return
    texts = result.texts.setdefault(text_id, {})
    for culture, text in pairs[1:]:
        if isinstance(culture, yaml.ScalarNode) and isinstance(text, yaml.ScalarNode):
            texts[culture.value] = text.value
        else:
            _report(result, "sd.resource", "A text has the form 'culture: text'.", culture.start_mark)


def _report(result: Resources, code: str, message: str, mark: yaml.Mark | None) -> None:
    if len(result.diagnostics) < _MOST_FINDINGS:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        result.diagnostics.append(Diagnostic(Severity.ERROR, code, message, line, column, line, column))
