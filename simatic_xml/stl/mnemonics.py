"""STL mnemonics and the language-neutral token names for them in the XML.

Facts: token values of the statement list schema (the same in all its versions), the S7 instruction list.
"""

EMPTY_LINE, COMMENT = "EMPTY_LINE", "COMMENT"


def _same(names: str) -> dict[str, str]:
    """Return tokens that are named as their mnemonic."""
    return {name: name for name in names.split()}


_BITS = {
    "A": "A",
    "AN": "AN",
    "O": "O",
    "ON": "ON",
    "X": "X",
    "XN": "XN",
    "A_BRACK": "A(",
    "AN_BRACK": "AN(",
    "O_BRACK": "O(",
    "ON_BRACK": "ON(",
    "X_BRACK": "X(",
    "XN_BRACK": "XN(",
    "BRACKET": ")",
    "Assign": "=",
    "S": "S",
    "R": "R",
    "Rise": "FP",
    "Fall": "FN",
    "SET": "SET",
    "CLR": "CLR",
    "NEG": "NOT",
    "SAVE": "SAVE",
}
_LOADS = {
    "L": "L",
    "T": "T",
    "LC": "LC",
    "LAR1": "LAR1",
    "LAR2": "LAR2",
    "LAR1_ACCU1": "LAR1",
    "LAR2_ACCU1": "LAR2",
    "LAR1_AR2": "LAR1 AR2",
    "TAR1": "TAR1",
    "TAR2": "TAR2",
    "TAR1_ACCU1": "TAR1",
    "TAR2_ACCU1": "TAR2",
    "TAR1_AR2": "TAR1 AR2",
    "CAR": "CAR",
    "L_DBLG": "L DBLG",
    "L_DILG": "L DILG",
    "L_DBNO": "L DBNO",
    "L_DINO": "L DINO",
}
_TIMERS = {
    "Pulse": "SP",
    "Extend": "SE",
    "OnDelay": "SD",
    "Retentive": "SS",
    "OffDelay": "SF",
    "Free": "FR",
    "CU": "CU",
    "CD": "CD",
}
_ARITHMETIC = {
    f"{name}_{size}": f"{sign}{size}"
    for size in "IDR"
    for name, sign in (("ADD", "+"), ("SUB", "-"), ("MUL", "*"), ("DIV", "/"))
}
_ARITHMETIC |= {"MOD_D": "MOD", "ADD": "+", "INC": "INC", "DEC": "DEC", "ABS_R": "ABS"}
_ARITHMETIC |= _same("SQR SQRT EXP LN SIN COS TAN ASIN ACOS ATAN")
_COMPARISONS = {
    f"{name}_{size}": f"{sign}{size}"
    for size in "IDR"
    for name, sign in (("EQ", "=="), ("NE", "<>"), ("GT", ">"), ("LT", "<"), ("GE", ">="), ("LE", "<="))
}
_CONVERSIONS = _same("BTI ITB BTD DTB ITD DTR RND TRUNC CAW CAD")
_CONVERSIONS |= {"RND_P": "RND+", "RND_M": "RND-", "INV_I": "INVI", "INV_D": "INVD"}
_CONVERSIONS |= {"NEG_I": "NEGI", "NEG_D": "NEGD", "NEG_R": "NEGR"}
_WORDS = _same("AW OW AD OD SLW SRW SLD SRD RLD RRD RLDA RRDA")
_WORDS |= {"XW": "XOW", "XD": "XOD", "SRSW": "SSI", "SRSD": "SSD"}
_REGISTERS = {"CAC": "TAK", "ADDAR1": "+AR1", "ADDAR2": "+AR2", "OPEN_DB": "OPN", "OPEN_DI": "OPNDI", "CDB": "CDB"}
_REGISTERS |= _same("PUSH POP ENT LEAVE")
_JUMPS = _same("JU JC JCN JCB JNB JBI JNBI JO JOS JZ JN JP JM JPZ JMZ LOOP JL")
_JUMPS |= {"JUN": "JUO"}
_PROGRAM = _same("CALL CC UC BE BEC BEU MCRA MCRD BLD PSEUDO MOVE MOVE_BLOCK")
_PROGRAM |= {"MCR_BRACK": "MCR(", "BRACK_MCR": ")MCR", "NOP_0": "NOP 0", "NOP_1": "NOP 1"}

MNEMONICS: dict[str, str] = (
    _BITS | _LOADS | _TIMERS | _ARITHMETIC | _COMPARISONS | _CONVERSIONS | _WORDS | _REGISTERS | _JUMPS | _PROGRAM
)
"""International mnemonic of each token, those of empty lines and comments apart."""

JUMPS = frozenset(_JUMPS.values())
"""Mnemonics whose operand is a jump label."""

CALLS = frozenset(("CALL", "UC", "CC"))
"""Mnemonics whose operand may be a block."""

NEEDS_OPERAND = JUMPS | CALLS | set(_same("A AN ON X XN = S R FP FN L T LC SP SE SD SS SF CU CD + OPN OPNDI BLD"))
"""Mnemonics that mean nothing without an operand."""

_FROM_ACCU = {"LAR1": "LAR1_ACCU1", "LAR2": "LAR2_ACCU1", "TAR1": "TAR1_ACCU1", "TAR2": "TAR2_ACCU1"}
_TOKENS = {text: token for token, text in MNEMONICS.items() if token not in _FROM_ACCU.values()}


def split(text: str) -> tuple[str, str]:
    """Split a statement into its mnemonic, in its usual spelling, and the rest; the mnemonic is checked elsewhere."""
    words = text.split(None, 2)
    pair = " ".join(words[:2]).upper()
    if pair in _TOKENS:
        return pair, words[2] if len(words) > 2 else ""
    return words[0].upper(), text.strip()[len(words[0]) :].strip()


def token_of(mnemonic: str, *, operand: bool) -> str | None:
    """Return the token for a mnemonic, with or without an operand after it; None where there is no such mnemonic."""
    return _TOKENS.get(mnemonic) if operand else _FROM_ACCU.get(mnemonic) or _TOKENS.get(mnemonic)
