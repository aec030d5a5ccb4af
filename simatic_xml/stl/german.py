"""German mnemonics of STL: what they mean, and how a source chooses them.

A source is written in one set of mnemonics; `SE` starts another kind of timer in each. Facts: token values of the
statement list schema with the mnemonics of both languages.
"""

import re
from collections.abc import Iterable

from simatic_xml.stl.mnemonics import MNEMONICS

GERMAN: dict[str, str] = {
    "A": "U",
    "AN": "UN",
    "A(": "U(",
    "AN(": "UN(",
    "SP": "SI",
    "SE": "SV",
    "SD": "SE",
    "SF": "SA",
    "CU": "ZV",
    "CD": "ZR",
    "CAR": "TAR",
    "CAW": "TAW",
    "CAD": "TAD",
    "AW": "UW",
    "AD": "UD",
    "OPN": "AUF",
    "CDB": "TDB",
    "JU": "SPA",
    "JC": "SPB",
    "JCN": "SPBN",
    "JCB": "SPBB",
    "JNB": "SPBNB",
    "JBI": "SPBI",
    "JNBI": "SPBIN",
    "JO": "SPO",
    "JOS": "SPS",
    "JZ": "SPZ",
    "JN": "SPN",
    "JP": "SPP",
    "JM": "SPM",
    "JPZ": "SPPZ",
    "JMZ": "SPMZ",
    "JUO": "SPU",
    "JL": "SPL",
    "BEC": "BEB",
    "BEU": "BEA",
}
"""German mnemonic of each international one that differs."""

_INTERNATIONAL = {german: word for word, german in GERMAN.items()}
_WORDS = frozenset(text.split()[0] for text in MNEMONICS.values())
_ONLY_GERMAN = frozenset(GERMAN.values()) - _WORDS
_ONLY_INTERNATIONAL = frozenset(GERMAN) - frozenset(GERMAN.values())

_AREAS = {"E": "I", "A": "Q", "Z": "C", "PE": "PI", "PA": "PQ"}
_GERMAN_AREAS = {area: german for german, area in _AREAS.items()}
_AREA = re.compile(r"(?P<mark>%?|P#)(?P<area>PE|PA|E|A|Z)(?=[XBWD]?\s*[\d\[])", re.IGNORECASE)
_INTERNATIONAL_AREA = re.compile(r"(?P<mark>%?|P#)(?P<area>PI|PQ|I|Q|C)(?=[XBWD]?\s*[\d\[])", re.IGNORECASE)
_ADDRESS = re.compile(r"%?(?P<area>P[EAIQ]|[EAZIQC])[XBWD]?\s*\d+(?:\.[0-7])?\Z", re.IGNORECASE)
_STATUS = {"BIE": "BR"}
_GERMAN_STATUS = {"BR": "BIE"}


def is_german(words: Iterable[str], operands: Iterable[str] = ()) -> bool:
    """Return whether mnemonics (in upper case) are German: more of them are German alone than English alone.

    Where they do not decide, the areas of the operands do (`E 0.0`, `A 4.0`, `Z 1`).
    """
    found = list(words)
    german, english = (sum(word in only for word in found) for only in (_ONLY_GERMAN, _ONLY_INTERNATIONAL))
    if german or english:
        return german > english
    areas = [match["area"].upper() for each in operands if (match := _ADDRESS.match(each))]
    return sum(each in _AREAS for each in areas) > sum(each in _GERMAN_AREAS for each in areas)


def mnemonic_from_german(word: str) -> str:
    """Return the international mnemonic; any other word gives a word that is not a mnemonic."""
    if word in _INTERNATIONAL:
        return _INTERNATIONAL[word]
    return f"{word}?" if word in GERMAN else word


def operand_from_german(text: str) -> str:
    """Return an operand with the international names of areas and of the binary result."""
    return _translate(text, _AREA, _AREAS, _STATUS)


def operand_to_german(text: str) -> str:
    """Return an operand with the German names of areas and of the binary result."""
    return _translate(text, _INTERNATIONAL_AREA, _GERMAN_AREAS, _GERMAN_STATUS)


def _translate(text: str, pattern: re.Pattern[str], areas: dict[str, str], status: dict[str, str]) -> str:
    if text.upper() in status:
        return status[text.upper()]
    found = pattern.match(text)
    return f"{found['mark']}{areas[found['area'].upper()]}{text[found.end() :]}" if found else text
