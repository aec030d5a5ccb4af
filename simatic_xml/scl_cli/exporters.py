"""The forms that SimaticML is written in, ours and those of plugins. It is imported when one of them is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from simatic_xml.lazy.plugins import Entry, Table, accept_function
from simatic_xml.model import Document
from simatic_xml.scl_cli.forms import TEXT_FORMS


class Export(Protocol):
    """Writes an object of a program in another form: what a plugin for exporters is."""

    def __call__(self, document: Document, /) -> Mapping[str, bytes]:
        """Return the contents of the files of a document by their suffixes, such as .scl.

        Raises:
            SimaticMLError: The document contains something that this form cannot express.
        """


OWN = {
    form: f"simatic_xml.scl_cli.forms:{function}"
    for form, function in zip(TEXT_FORMS, ("as_scl", "as_stl", "as_sd"), strict=True)
}
RESERVED = ("xml", "source", "sd", "xlsx", "csv", "json")
"""Forms of `tia export` that a server writes."""
_SUFFIX = re.compile(r"(\.[A-Za-z0-9_-]{1,20}){1,3}")


def _accept(found: object, entry: Entry) -> Export:
    return accept_function(found, entry, _require_files)


def _require_files(answer: object) -> None:
    files = answer.items() if isinstance(answer, Mapping) else ()
    if not files or not all(_SUFFIX.fullmatch(suffix) and isinstance(each, bytes) for suffix, each in files):
        msg = "it did not return the bytes of files by their suffixes, such as .txt"
        raise TypeError(msg)


EXPORTERS: Table[Export] = Table("exporters", OWN, _accept, RESERVED)
"""The forms of text, and those of plugins."""


def write_form(document: Document, form: str) -> Mapping[str, bytes]:
    """Return the files that a document is in another form, by their suffixes.

    Raises:
        SimaticMLError: it contains something that this form cannot express.
        PluginError: The form is one of a plugin that cannot be used or that failed.
        KeyError: There is no such form.
    """
    export = EXPORTERS.find(form)
    if export is None:
        raise KeyError(form)
    return export(document)
