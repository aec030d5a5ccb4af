"""Validate by the schemas that TIA Portal installs, where the user has them; this package ships none.

The schemas describe the embedded documents of a file (interface, network sources) and have no target namespace. The
number after ``_v`` in a schema's file name is that of the namespace it describes; without one it is 1.
Facts: docs/facts/simaticml.md#versions-and-namespaces, measured on exports of V14 SP1 to V21.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

from simatic_xml.checking.problem import Problem
from simatic_xml.errors import SimaticMLError
from simatic_xml.files import dump
from simatic_xml.model import Document
from simatic_xml.xml.layout import compact
from simatic_xml.xml.parsing import harmless_parser, parse, parse_own
from simatic_xml.xml.residue import local
from simatic_xml.xml.source import decode

VARIABLE = "TIA_SCHEMAS"
"""Environment variable that names the folder with the schemas."""

_INSTALLED = r"SOFTWARE\Siemens\Automation\_InstalledSW"
_PORTAL = re.compile(r"TIAP(\d+)(?:_(\d+))?$", re.IGNORECASE)
_FILE = re.compile(r"(?:_v(\d+))?\.xsd$", re.IGNORECASE)
_NAMESPACE = re.compile(r"\{http://www\.siemens\.com/automation/Openness/SW/.*/v(\d+)\}")
_XSD = "{http://www.w3.org/2001/XMLSchema}"


def validate(source: Document | bytes | str | Path, schemas: Path | None = None) -> list[Problem]:
    """Validate the embedded documents of a file by their schemas.

    Args:
        source: A document, the content of a file, or its path.
        schemas: Folder with TIA Portal's schemas; by default the one that `find_schemas` finds.

    Returns:
        The findings in the order of the file. Lines are those of the file, or of what `dump` writes for a document. An
        embedded document without a schema in the folder is a warning.

    Raises:
        SimaticMLError: ``"schemas"``, where there is no folder, or no usable schema in it; any other code where the
            file cannot be read.
        OSError: The file cannot be read.
    """
    return validate_with(source, Schemas.of(schema_folder(schemas)))


def validate_with(source: Document | bytes | str | Path, schemas: "Schemas") -> list[Problem]:
    """Validate one of many files, so that the schemas are compiled once; otherwise like `validate`."""
    return list(_problems(_root(source), schemas))


def schema_folder(named: Path | None = None) -> Path:
    """Return the folder `named`, or else the one that `find_schemas` finds.

    Raises:
        SimaticMLError: ``"schemas"``, where there is none.
    """
    folder = named if named is not None else find_schemas()
    if folder is None:
        message = f"No TIA Portal is installed here; name the folder with its schemas, or set {VARIABLE} to it."
        raise SimaticMLError("schemas", message)
    return folder


def find_schemas() -> Path | None:
    """Return the folder with the schemas: the one in ``TIA_SCHEMAS``, or that of the newest installed TIA Portal."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    return next((folder for portal in _find_installed() for folder in _schema_folders(portal)), None)


def _schema_folders(portal: Path) -> list[Path]:
    """Return the schema folders of an installed TIA Portal, that of the newest interface first."""
    found = [path for path in portal.glob("PublicAPI/V*/Schemas") if any(path.glob("*.xsd"))]
    return sorted(found, key=lambda path: _number(path.parent.name), reverse=True)


def _number(folder: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", folder))


def _find_installed() -> list[Path]:
    """Return the folders of the installed TIA Portals, the newest first, by the registry of Windows."""
    if find_spec("winreg") is None:
        return []
    registry: Any = import_module("winreg")
    found: list[tuple[tuple[int, int], Path]] = []
    try:
        with registry.OpenKey(registry.HKEY_LOCAL_MACHINE, _INSTALLED) as root:
            for index in range(registry.QueryInfoKey(root)[0]):
                name = registry.EnumKey(root, index)
                match = _PORTAL.match(name)
                if match:
                    folder = _portal_folder(registry, name)
                    found += [((int(match[1]), int(match[2] or 0)), folder)] if folder else []
    except OSError:
        return []
    return [folder for _, folder in sorted(found, reverse=True)]


def _portal_folder(registry: Any, name: str) -> Path | None:
    try:
        with registry.OpenKey(registry.HKEY_LOCAL_MACHINE, rf"{_INSTALLED}\{name}\Global") as key:
            return Path(registry.QueryValueEx(key, "Path")[0])
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of a folder.

    Attributes:
        folder: The folder.
        files: The schema that declares a root element, by the element's name and the number of its namespace.
        compiled: The schemas that were used so far.
    """

    folder: Path
    files: dict[tuple[str, int], Path]
    compiled: dict[Path, etree.XMLSchema]

    @classmethod
    def of(cls, folder: Path) -> "Schemas":
        """Search a folder.

        Raises:
            SimaticMLError: ``"schemas"``, where the folder has no schema, or one that is no XML.
        """
        files: dict[tuple[str, int], Path] = {}
        for path in sorted(folder.glob("*.xsd")):
            number = _FILE.search(path.name)
            version = int(number[1] or 1) if number else 1
            for element in _schema_tree(path).getroot().iterchildren(f"{_XSD}element"):
                files[element.get("name", ""), version] = path
        if not files:
            raise SimaticMLError("schemas", f"The folder {folder} has no schema (*.xsd); name the right folder.")
        return cls(folder, files, {})

    def schema(self, name: str, version: int) -> etree.XMLSchema | None:
        """Return the schema for a root element, or None where the folder has none.

        Raises:
            SimaticMLError: ``"schemas"``, where the schema is not valid itself.
        """
        path = self.files.get((name, version))
        if path is None:
            return None
        if path not in self.compiled:
            try:
                self.compiled[path] = etree.XMLSchema(_schema_tree(path))
            except etree.XMLSchemaParseError as error:
                raise SimaticMLError("schemas", f"The schema {path.name} cannot be used: {error}.") from error
        return self.compiled[path]


def _schema_tree(path: Path) -> etree._ElementTree:
    try:
        return etree.parse(str(path), harmless_parser())
    except etree.XMLSyntaxError as error:
        raise SimaticMLError("schemas", f"The schema {path.name} is not valid XML: {error}.") from error


def _root(source: Document | bytes | str | Path) -> etree._Element:
    if isinstance(source, Document):
        source = dump(source)
    elif isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith("<"):
        source = source.encode("utf-8")
    text, _ = decode(source if isinstance(source, bytes) else Path(source).read_bytes())
    return parse(text)


def _problems(root: etree._Element, schemas: Schemas) -> Iterator[Problem]:
    for node in root:
        owner = node.findtext("AttributeList/Name") or "" if isinstance(node.tag, str) else ""
        numbers = {unit: number for number, unit in enumerate(node.iter("SW.Blocks.CompileUnit"), start=1)}
        for embedded in _find_embedded(node):
            unit = next(embedded.iterancestors("SW.Blocks.CompileUnit"), None)
            network = None if unit is None else numbers[unit]
            yield from _validate_element(embedded, schemas, owner, network)


def _find_embedded(node: etree._Element) -> Iterator[etree._Element]:
    """Yield the outermost elements that are in a separate namespace."""
    if not isinstance(node.tag, str):
        return
    if _NAMESPACE.match(node.tag):
        yield node
        return
    for child in node:
        yield from _find_embedded(child)


def _validate_element(embedded: etree._Element, schemas: Schemas, owner: str, network: int | None) -> Iterator[Problem]:
    found = _NAMESPACE.match(str(embedded.tag))
    version, name = int(found[1]) if found else 1, local(embedded)
    schema = schemas.schema(name, version)
    if schema is None:
        message = f"The folder has no schema for <{name}> of version {version}; use that of a newer TIA Portal."
        yield Problem("warning", "no-schema", message, owner, network=network, line=_line(embedded))
        return
    plain = _without_namespace(embedded)
    if not schema.validate(plain):
        shift = (_line(embedded) or 1) - (_line(plain) or 1)
        errors: Any = schema.error_log
        for entry in errors:
            yield Problem("error", "schema", entry.message, owner, network=network, line=entry.line + shift)


def _line(element: etree._Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) else None


def _without_namespace(embedded: etree._Element) -> etree._Element:
    """Return a copy outside any namespace."""
    copy = parse_own(compact(embedded))
    for node in copy.iter(etree.Element):
        node.tag = local(node)
    etree.cleanup_namespaces(copy)
    return copy
