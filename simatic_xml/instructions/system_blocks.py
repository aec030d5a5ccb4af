"""The instructions that S7-300 and S7-400 call by number: SFC and SFB of the CPU, and the IEC functions of the library.

A source of STEP 7 may write `CALL SFC 20` for BLKMOV. Facts: STEP 7, "System Software for S7-300 and S7-400, System and
Standard Functions" (numbers of SFC, SFB and of the FC of the IEC library); docs/facts/stl.md#sources-of-step-7.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from simatic_xml.instructions.catalogue import find

_NUMBERS: dict[str, dict[int, str]] = {
    "SFC": {
        0: "SET_CLK", 1: "READ_CLK", 2: "SET_RTM", 3: "CTRL_RTM", 4: "READ_RTM", 5: "GADR_LGC", 6: "RD_SINFO", 7: "DP_PRAL",
        9: "EN_MSG", 10: "DIS_MSG", 11: "DPSYC_FR", 12: "D_ACT_DP", 13: "DPNRM_DG", 14: "DPRD_DAT", 15: "DPWR_DAT",
        17: "ALARM_SQ", 18: "ALARM_S", 19: "ALARM_SC", 20: "BLKMOV", 21: "FILL", 22: "CREAT_DB", 23: "DEL_DB", 24: "TEST_DB",
        25: "COMPRESS", 26: "UPDAT_PI", 27: "UPDAT_PO", 28: "SET_TINT", 29: "CAN_TINT", 30: "ACT_TINT", 31: "QRY_TINT",
        32: "SRT_DINT", 33: "CAN_DINT", 34: "QRY_DINT", 35: "MP_ALM", 36: "MSK_FLT", 37: "DMSK_FLT", 38: "READ_ERR",
        39: "DIS_IRT", 40: "EN_IRT", 41: "DIS_AIRT", 42: "EN_AIRT", 43: "RE_TRIGR", 44: "REPL_VAL", 46: "STP", 47: "WAIT",
        48: "SNC_RTCB", 49: "LGC_GADR", 50: "RD_LGADR", 51: "RDSYSST", 52: "WR_USMSG", 54: "RD_DPARM", 55: "WR_PARM",
        56: "WR_DPARM", 57: "PARM_MOD", 58: "WR_REC", 59: "RD_REC", 60: "GD_SND", 61: "GD_RCV", 62: "CONTROL", 64: "TIME_TCK",
        65: "X_SEND", 66: "X_RCV", 67: "X_GET", 68: "X_PUT", 69: "X_ABORT", 70: "GEO_LOG", 71: "LOG_GEO", 72: "I_GET",
        73: "I_PUT", 74: "I_ABORT", 78: "OB_RT", 79: "SET", 80: "RSET", 81: "UBLKMOV", 82: "CREA_DBL", 83: "READ_DBL",
        84: "WRIT_DBL", 85: "CREA_DB", 87: "C_DIAG", 99: "WWW", 100: "SET_CLKS", 101: "RTM", 103: "DP_TOPOL", 105: "READ_SI",
        106: "DEL_SI", 107: "ALARM_DQ", 108: "ALARM_D", 112: "PN_IN", 113: "PN_OUT", 114: "PN_DP", 126: "SYNC_PI",
        127: "SYNC_PO",
    },
    "SFB": {
        0: "CTU", 1: "CTD", 2: "CTUD", 3: "TP", 4: "TON", 5: "TOF", 8: "USEND", 9: "URCV", 12: "BSEND", 13: "BRCV", 14: "GET",
        15: "PUT", 16: "PRINT", 19: "START", 20: "STOP", 21: "RESUME", 22: "STATUS", 23: "USTATUS", 29: "HS_COUNT",
        30: "FREQ_MES", 31: "NOTIFY_8P", 32: "DRUM", 33: "ALARM", 34: "ALARM_8", 35: "ALARM_8P", 36: "NOTIFY", 37: "AR_SEND",
        38: "HSC_A_B", 39: "POS", 41: "CONT_C", 42: "CONT_S", 43: "PULSEGEN", 52: "RDREC", 53: "WRREC", 54: "RALRM",
    },
    "FC": {
        1: "AD_DT_TM", 2: "CONCAT", 3: "D_TOD_DT", 4: "DELETE", 5: "DI_STRNG", 6: "DT_DATE", 7: "DT_DAY", 8: "DT_TOD",
        9: "EQ_DT", 10: "EQ_STRNG", 11: "FIND", 12: "GE_DT", 13: "GE_STRNG", 14: "GT_DT", 15: "GT_STRNG", 16: "I_STRNG",
        17: "INSERT", 18: "LE_DT", 19: "LE_STRNG", 20: "LEFT", 21: "LEN", 22: "LIMIT", 23: "LT_DT", 24: "LT_STRNG", 25: "MAX",
        26: "MID", 27: "MIN", 28: "NE_DT", 29: "NE_STRNG", 30: "R_STRNG", 31: "REPLACE", 32: "RIGHT", 33: "S5TI_TIM",
        34: "SB_DT_DT", 35: "SB_DT_TM", 36: "SEL", 37: "STRNG_DI", 38: "STRNG_I", 39: "STRNG_R", 40: "TIM_S5TI",
    },
}  # fmt: skip
"""Name of each system block, by kind and number; FC are those of the IEC library."""


_PARAMETERS = {"CTD": {"LOAD": "LD"}, "CTUD": {"LOAD": "LD"}, "LEN": {"S": "IN"}}
"""Parameters that STEP 7 calls by another name than the instruction of TIA Portal, by instruction."""


def name_of_system_block(kind: str, number: int) -> str:
    """Return the instruction of a number, empty where the number has none.

    Args:
        kind: `SFC` or `SFB`.
        number: its number.
    """
    return _NUMBERS.get(kind, {}).get(number, "")


def name_of_library_function(number: int, given: Iterable[str]) -> str:
    """Return the function of the IEC library that a call of an FC means, empty where it means another function.

    Args:
        number: number of the FC.
        given: names of the parameters in the call, which those of the function must be; a call without any means none.
    """
    return find_system_block(_NUMBERS["FC"].get(number, ""), given)


def find_system_block(name: str, given: Iterable[str]) -> str:
    """Return the instruction of a system block that a name means in a call, empty where it means another block.

    Args:
        name: of the called block, as the symbol table of STEP 7 has it (`BLKMOV`).
        given: names of the parameters in the call, which those of the block must be; a call without any means none.
    """
    found = find(name) if name.upper() in _names() else None
    names = [each.casefold() for each in given]
    if found is None or not names:
        return ""
    own = {each.name.casefold() for each in found.instruction.parameters} | {"ret_val"}
    own |= {each.casefold() for each in _PARAMETERS.get(found.instruction.name, {})}
    return found.instruction.name if own.issuperset(names) else ""


def name_of_parameter(instruction: str, given: str) -> str:
    """Return the parameter of an instruction that STEP 7 calls by a name (`LOAD` of CTD is LD)."""
    return _PARAMETERS.get(instruction, {}).get(given.upper(), given)


@cache
def _names() -> frozenset[str]:
    return frozenset(name for table in _NUMBERS.values() for name in table.values())


def instance_type(kind: str, number: int, *, classic: bool) -> str:
    """Return the data type that an instance of a system function block has, empty where none is known.

    Args:
        kind: `SFB`.
        number: its number.
        classic: whether it is for an S7-300 or S7-400, where the type has the name of the block (`TON`, not `TON_TIME`).
    """
    found = find(name_of_system_block(kind, number)) if name_of_system_block(kind, number) else None
    if found is None or not found.instruction.instance:
        return ""
    own = found.instruction.name
    return own if classic and own in found.instruction.instance else found.instruction.default_instance
