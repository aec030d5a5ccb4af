"""An undeclared name at any place of any source: the compile message names its line and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engineering_api.features.blocks.bulk_import import Import, Item, Sent, read_items
from openness_bridge.hardware import catalog, devices
from openness_bridge.portal import loader
from openness_bridge.portal.portal import Session
from openness_bridge.portal.temporary import temporary_portal
from openness_bridge.program import blocks, sources
from openness_bridge.program.compile import Diagnostic, compile_device
from openness_bridge.program.origins import Origin
from openness_bridge.project import projects
from simatic_xml import scl
from tests.support.service import CPU, FIRMWARE

NAME = "#nowhere"
DECLARATIONS = (
    "   VAR_INPUT\n      a : Bool; // {name}\n   END_VAR\n   VAR_TEMP\n      i : Int;\n   END_VAR\n",
    "   VAR_TEMP i : Int; END_VAR VAR_INPUT a : Bool; END_VAR\n",
    "   VAR_INPUT\n      a {{ ExternalWritable := 'False' }} : Bool;\n\n   END_VAR\n\n   VAR_TEMP\n      i : Int;   (* {name} *)\n   END_VAR\n",
)
HEADERS = (
    "VERSION : 0.1\n",
    "{{ S7_Optimized_Access := 'TRUE' }}\nVERSION : 0.1\n",
    "TITLE = Block\n{{ S7_Optimized_Access := 'TRUE' }}\nAUTHOR : me\nVERSION : 1.2\n//Comment {name}\n",
)
LINES = (
    "",
    "   ",
    "// only a comment with {name}",
    "#i := 1; // {name}",
    "(* a comment\n   of two lines with {name} *) #i := 2;",
    "IF #a THEN\n   #i := 3;\nEND_IF;",
    "REGION Part {name}\n   #i := 4;\nEND_REGION",
    "FOR #i := 0 TO 3 DO\n\n   ;\nEND_FOR;",
    "#i :=\n   #i\n   + 1;",
)
FAULTS = (
    "#i := {name};",
    "   #i := #i + {name}; #i := 0;",
    "#i := 0; (* x *) {name} := 1;",
    "IF #a THEN #i := {name}; END_IF;",
    "#i := #i +\n\n      {name};",
    "REGION R\n\t#i := {name};\nEND_REGION",
    "(* two\nlines *) #i := {name};",
)
BEGINS = ("BEGIN\n", "BEGIN ", "BEGIN\n\n", "BEGIN // comment {name}\n")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16")


@dataclass(frozen=True)
class File:
    """A source, and the offset of the undeclared name in it."""

    text: str
    content: bytes
    offset: int


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """The lines of a body, indented as a person, as TIA Portal or not at all."""
    text = "\n".join(draw(st.lists(st.sampled_from(LINES), max_size=6)))
    return text.format(name=NAME)


@st.composite
def files(draw: st.DrawFn) -> File:
    """A source of several blocks with one undeclared name in one of them; comments contain the name, too."""
    parts: list[str] = []
    wrong = draw(st.integers(0, 2))
    for number in range(draw(st.integers(wrong + 1, 3))):
        parts.append(draw(st.sampled_from(["", "\n", "// File header\n", f"(* over\nlines {NAME} *)\n"])))
        parts.append(f'FUNCTION "Block_{number}" : Void\n')
        parts += [
            part.format(name=NAME) for part in (draw(st.sampled_from(HEADERS)), draw(st.sampled_from(DECLARATIONS)))
        ]
        before, after = draw(bodies()), draw(bodies())
        fault = draw(st.sampled_from(FAULTS)) if number == wrong else "#i := 0;"
        body = "\n".join(part for part in (before, fault.format(name="@"), after) if part) + "\n"
        written = draw(st.booleans())
        if written:
            body = "".join(f"\t{line}\n" for line in body.rstrip("\n").split("\n"))
        parts.append("BEGIN\n" if written else draw(st.sampled_from(BEGINS)).format(name=NAME))
        parts += [body, "END_FUNCTION\n"]
    text = "".join(parts).replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    offset = text.find("@")
    text = text.replace("@", NAME)
    return File(text, text.encode(draw(st.sampled_from(ENCODINGS))), offset)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with temporary_portal(loader.load("fake"), "places") as (made, folder):
        made.call(lambda: _create(made, folder))
        yield made


def _create(session: Session, folder: Path) -> None:
    projects.create(session, folder, "Places")
    entry = catalog.resolve(session, CPU, FIRMWARE)
    devices.add(session, entry.type_identifier, "PLC_1", None, "")


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=files())
def test_an_undeclared_name_is_found_where_it_is(session: Session, tmp_path: Path, file: File) -> None:
    path = tmp_path / "random.scl"
    path.write_bytes(file.content or file.text.encode())
    found = session.call(lambda: _compile(session, path))
    line = file.text.count("\n", 0, file.offset) + 1
    column = file.offset - file.text.rfind("\n", 0, file.offset)
    places = [(each.file, each.line, each.column) for each in found if "'#nowhere'" in each.message]
    assert places == [("sources/random.scl", line, column)]


@pytest.mark.slow
@settings(max_examples=25)
@given(file=files())
def test_so_is_it_in_simatic_ml(session: Session, file: File) -> None:
    """The blocks of the source as SimaticML files, with other line ends and with comments between the elements."""
    made = scl.generate(file.content)
    texts = {
        f"{name}.xml": each.decode("utf-8-sig").replace(
            "<AttributeList>", "<!-- <Component\r\nName='x'> --><AttributeList>"
        )
        for name, each in zip(made.names, made.documents, strict=True)
    }
    found = session.call(lambda: _import(session, texts))
    (name,) = (name for name, text in texts.items() if f'Name="{NAME[1:]}"' in text)
    at = texts[name].find(f'"{NAME[1:]}"') + 1
    line, column = texts[name].count("\n", 0, at) + 1, at - texts[name].rfind("\n", 0, at)
    places = [(each.file, each.line, each.column) for each in found if f"'{NAME}'" in each.message]
    assert places == [(name, line, column)]


def _import(session: Session, texts: dict[str, str]) -> list[Diagnostic]:
    _clear(session)
    items = [Item(text.encode, name, sent=Sent(file=name)) for name, text in texts.items()]
    report = Import(session, "PLC_1", read_items(items)).run("all", compile_all=True)
    assert report.compilation is not None
    return report.compilation.diagnostics


def _clear(session: Session) -> None:
    for block in blocks.list_blocks(session, "PLC_1"):
        if block.type != "OB":
            blocks.delete(session, "PLC_1", block.name)


def _compile(session: Session, path: Path) -> list[Diagnostic]:
    _clear(session)
    origin = Origin(path.read_bytes(), "scl", "sources/random.scl")
    name = sources.add(session, "PLC_1", "random.scl", path, origin=origin).name
    try:
        sources.generate(session, "PLC_1", name, keep_on_error=True)
    finally:
        sources.delete(session, "PLC_1", name)
    return compile_device(session, "PLC_1", "software").diagnostics
