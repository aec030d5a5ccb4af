"""Convert a statement of a source to a typed statement of a network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from simatic_xml.instructions.system_blocks import (
    find_system_block,
    name_of_library_function,
    name_of_parameter,
    name_of_system_block,
)
from simatic_xml.model import Section
from simatic_xml.scl.classic.numbers import name_of, read_numbered
from simatic_xml.stl.calls import call_text, read_call
from simatic_xml.stl.errors import StlError
from simatic_xml.stl.german import mnemonic_from_german
from simatic_xml.stl.mnemonics import CALLS, JUMPS, split, token_of
from simatic_xml.stl.model import Call, Parameter, Statement
from simatic_xml.stl.source_body import SourceStatement
from simatic_xml.stl.source_operands import INSTANCE_BLOCK, Names, read_operand
from simatic_xml.stl.text import read_line

_WORD = re.compile(r"(?P<word>=(?!=)|[^\s(]+\s*\(\s*\Z|\S+)\s*(?P<rest>.*)\Z", re.DOTALL)
_OPENED = re.compile(r"(?P<which>DB|DI)\s+(?=[\"#])", re.IGNORECASE)
_NUMBERED = re.compile(
    r"""(?P<name>"[^"]*"|\#[^\s,({"]+)|(?<![\w.])(?P<kind>S?F[BC]|DB)\s*(?P<number>\d{1,9})(?=\s*[,({]|\s*\Z)""",
    re.IGNORECASE,
)
"""A block by its number; names in quotes and local names always mean themselves."""
_ACTUAL = re.compile(r":=\s*([A-Z]{1,3}\s*\d+(?:\.\d)?)\s*[,)]", re.IGNORECASE)
_SECTIONS = ("Input", "Output", "InOut", "Return")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the statements of a block refer to.

    Attributes:
        names: what the names mean.
        interfaces: sections of the blocks that can be called, by casefolded name.
        unknown: gathers the names of called blocks whose interface is not known.
    """

    names: Names = field(default_factory=Names)
    interfaces: Mapping[str, list[Section]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def word_of(code: str) -> str:
    """Return the mnemonic of a statement as written, in upper case; empty for none."""
    found = _WORD.match(code)
    return re.sub(r"\s", "", found["word"]).upper() if found else ""


def operands_of(code: str) -> list[str]:
    """Return the operand of a statement, or the absolute ones of a call, as written."""
    found = _WORD.match(code)
    if not found or word_of(code) in CALLS:
        return _ACTUAL.findall(code)
    return [found["rest"].strip()]


def read_statement(given: SourceStatement, line: int, around: Surroundings) -> Statement:
    """Return the statement that a source says.

    Raises:
        SimaticMLError: it is none, or its operand is none.
    """
    label = f"{given.label}: " if given.label else ""
    statement = read_line(f"{label}{_translate(given.code, around)}", line)
    if statement.call is not None:
        statement = replace(statement, call=_apply_interface(statement.call, around))
    return replace(statement, comment=given.comment)


def _translate(code: str, around: Surroundings) -> str:
    """Return code in international mnemonics and with the operands that the text of a network has."""
    found = _WORD.match(code)
    if not found:
        return ""
    word = word_of(code)
    word = mnemonic_from_german(word) if around.names.german else word
    mnemonic, operand = split(f"{word} {found['rest']}")
    mnemonic, operand = _read_open(operand) if mnemonic == "OPN" else (mnemonic, operand)
    if token_of(mnemonic, operand=bool(operand)) is None:
        which = "German" if around.names.german else "international"
        raise StlError(f"'{word_of(code)[:40]}' is not an instruction in {which} mnemonics; correct it.")
    if mnemonic in JUMPS or not operand:
        return f"{mnemonic} {operand}".rstrip()
    if mnemonic in CALLS and (mnemonic == "CALL" or operand.startswith('"')):
        return f"{mnemonic} {call_text(_read_call(operand, around.names))}"
    return f"{mnemonic} {read_operand(operand, around.names)}"


def _read_open(operand: str) -> tuple[str, str]:
    """Find out from its operand whether OPN opens a data block or an instance data block."""
    named = _OPENED.match(operand)
    if named:
        return ("OPNDI" if named["which"].upper() == "DI" else "OPN"), operand[named.end() :]
    return ("OPNDI" if INSTANCE_BLOCK.match(operand) else "OPN"), operand


def _read_call(text: str, names: Names) -> Call:
    """Read a call; a block that is called by its number is named after it (`FC 5` is `"FC5"`)."""
    head = re.match(r"[^({]*", text)
    end = head.end() if head else 0
    named = _NUMBERED.sub(lambda found: _as_name(found, names), text[:end])
    call = _as_system_block(read_call(named + text[end:]), text[:end], names)
    parameters = tuple(_parameter(each, call, names) for each in call.parameters)
    instance = read_operand(call.instance, names) if call.instance else ""
    return replace(call, parameters=parameters, instance=instance)


def _parameter(given: Parameter, call: Call, names: Names) -> Parameter:
    name = given.name if call.block_type else name_of_parameter(call.name, given.name)
    return replace(given, name=name, value=read_operand(given.value, names))


def _as_name(found: re.Match[str], names: Names) -> str:
    """Return a called block, or its instance, by name: a system block is an instruction."""
    if found["name"]:
        return str(found["name"])
    kind, number = found["kind"].upper(), int(found["number"])
    system = name_of_system_block(kind, number) if kind.startswith("S") else ""
    if kind.startswith("S") and not system:
        raise StlError(f"{kind} {number} is not known here; call its instruction by name.")
    return system or f'"{name_of(kind, number, names.program.numbered)}"'


def _as_system_block(call: Call, head: str, names: Names) -> Call:
    """Return the call of a system block as that of its instruction; a block of the program goes before it.

    `CALL FC 9` is EQ_DT, and `CALL "BLKMOV"` is BLKMOV, where the parameters are those of the instruction.
    """
    if names.program.has(call.name) or not call.block_type:
        return call
    given = [each.name for each in call.parameters]
    numbered = read_numbered(head.strip(), ("FC",))
    system = find_system_block(call.name, given) if numbered is None else name_of_library_function(numbered[1], given)
    return replace(call, name=system, block_type="") if system else call


def _apply_interface(call: Call, around: Surroundings) -> Call:
    """Give the parameters of a call the sections and data types that the called block declares."""
    name = call.name or around.names.interface.block_of(call.instance.removeprefix("#"))
    if not call.block_type or not name:
        return call
    sections = around.interfaces.get(name.casefold())
    if sections is None:
        around.unknown.append(name)
        return call
    declared = {
        member.name.casefold(): (section.name, member.data_type)
        for section in sections
        if section.name in _SECTIONS
        for member in section.members
    }
    return replace(call, parameters=tuple(_apply_declaration(each, declared) for each in call.parameters))


def _apply_declaration(parameter: Parameter, declared: Mapping[str, tuple[str, str]]) -> Parameter:
    section, data_type = declared.get(parameter.name.casefold(), (parameter.section, parameter.data_type))
    return replace(parameter, section=section, data_type=data_type)
