"""Checks a file that a client names against the limits of its form, before anything waits for what is made of it.

TIA Portal and the bridge read such a file while the project is locked. What is too large, too deep or has too many parts is
refused here, on a thread that nothing else needs, so that it never gets that far.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from lxml import etree

from engineering_api.files.roots import Roots
from openness_bridge.bounded.json_size import count_values
from openness_bridge.errors import Problem
from simatic_xml import limits
from simatic_xml.lazy import import_later
from simatic_xml.limits import LimitError
from simatic_xml.reading.bounded_yaml import BoundedLoader
from simatic_xml.xml.parsing import parse_foreign

if TYPE_CHECKING:
    from simatic_xml import scl, sd
else:
    scl, sd = import_later("simatic_xml.scl"), import_later("simatic_xml.sd")


def check_files(roots: Roots, named: Iterable[str]) -> None:
    """Check files that a request names. What is missing or may not be read is the matter of the operation.

    Raises:
        LimitError: A file is above a limit of its form.
    """
    for path in _existing(roots, named):
        match path.suffix.lower():
            case ".xml" | ".aml":
                _check_xml(path)
            case ".yml" | ".yaml":
                _check_yaml(path)
            case ".json":
                check_json(path)
            case ".scl" | ".udt" | ".db":
                scl.parse(_read_source(path))
            case ".s7dcl":
                sd.parse(_read_source(path))
            case _:
                pass  # archives, tables and programs are checked by their own readers


def _existing(roots: Roots, named: Iterable[str]) -> Iterator[Path]:
    for text in named:
        with suppress(Problem):
            yield roots.existing(text)


def _check_xml(path: Path) -> None:
    limits.require("xml_bytes", path.stat().st_size)
    with suppress(etree.XMLSyntaxError, UnicodeDecodeError):
        parse_foreign(path.read_bytes())


def _check_yaml(path: Path) -> None:
    limits.require("yaml_bytes", path.stat().st_size)
    try:
        BoundedLoader(path.read_text(encoding="utf-8-sig")).get_single_node()
    except LimitError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError):
        return  # the matter of the operation


def check_json(path: Path) -> None:
    """Check a file in JSON.

    Raises:
        LimitError: It is too large, or has too many values.
    """
    limits.require("source_bytes", path.stat().st_size)
    most = limits.most("json_values")
    limits.require("json_values", count_values(path.read_bytes(), most))


def _read_source(path: Path) -> bytes:
    limits.require("source_bytes", path.stat().st_size)
    return path.read_bytes()
