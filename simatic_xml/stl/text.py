"""A line of STL text, and the statement that it says."""

import re

from simatic_xml.stl.calls import call_text, read_call
from simatic_xml.stl.errors import StlError
from simatic_xml.stl.mnemonics import CALLS, JUMPS, NEEDS_OPERAND, split, token_of
from simatic_xml.stl.model import Statement
from simatic_xml.stl.splitting import find_outside

_LABEL = re.compile(r"\s*(?P<label>[^\W\d]\w*)\s*:(?!=)")
_COMMENT = "//"


def line_of(statement: Statement) -> str:
    """Write a statement as one line."""
    operand = statement.operand if statement.call is None else call_text(statement.call)
    parts = (f"{statement.label}:" if statement.label else "", statement.mnemonic, operand)
    text = " ".join(part for part in parts if part)
    if statement.comment is None:
        return text
    comment = statement.comment.replace("\r", " ").replace("\n", " ")
    return f"{text} {_COMMENT}{comment}".lstrip()


def read_line(text: str, line: int) -> Statement:
    """Read one line.

    Args:
        text: label, mnemonic, operand and comment, each where there is one; a closing semicolon is allowed.
        line: its number, counted from 1.

    Raises:
        StlError: the line is not a statement.
    """
    start = find_outside(text, _COMMENT)
    code, comment = (text, None) if start < 0 else (text[:start], text[start + len(_COMMENT) :])
    found = _LABEL.match(code)
    label = found["label"] if found else ""
    code = (code[found.end() :] if found else code).strip().removesuffix(";").strip()
    if not code:
        return Statement(line, label=label, comment=comment)
    return _instruction(code, line, label, comment)


def _instruction(code: str, line: int, label: str, comment: str | None) -> Statement:
    mnemonic, operand = split(code)
    if token_of(mnemonic, operand=bool(operand)) is None:
        raise StlError(
            f"{mnemonic[:40]!r} is not an STL instruction; write an international mnemonic such as A, L or JC.", line
        )
    if mnemonic in NEEDS_OPERAND and not operand:
        raise StlError(f"{mnemonic!r} needs an operand; write it after the instruction.", line)
    if mnemonic in JUMPS and operand and not _LABEL.match(f"{operand}:"):
        raise StlError(f"{operand[:40]!r} is not a jump label; write a name without quotes.", line)
    if mnemonic in CALLS and (mnemonic == "CALL" or operand.startswith('"')):
        try:
            return Statement(line, mnemonic, call=read_call(operand), label=label, comment=comment)
        except StlError as error:
            raise StlError(error.message, line) from error
    return Statement(line, mnemonic, operand, label=label, comment=comment)
