"""Loads start values in a PLC, and exports ProDiag supervisions of a block.

Facts: docs/facts/openness-program.md#values-of-data-blocks (ValueService from V21 on and only online; ExportProDIAGInfo
takes a folder and only FBs of the language ProDiag), docs/facts/openness.md#what-openness-cannot-do.
"""

from __future__ import annotations

from pathlib import Path

from openness_bridge.errors import Kind, Problem, refused_as
from openness_bridge.portal.portal import Session
from openness_bridge.program import blocks
from openness_bridge.values import di, enum_name, service

DATA_BLOCKS = ("GlobalDB", "InstanceDB", "ArrayDB")


def load_start_values(session: Session, device: str, name: str) -> None:
    """Load the start values of a data block as actual values in the PLC. On the portal's thread.

    Raises:
        Problem: No such block, not a data block, this TIA Portal cannot, or the PLC is not online.
    """
    block, _ = blocks.find(session, device, name)
    if type(block).__name__ not in DATA_BLOCKS:
        msg = f"'{name}' is not a data block, so it has no start values to load: name a data block."
        raise Problem("block.not_a_db", msg).at(device=device, block=name)
    if not session.model.has("ValueService"):
        msg = (
            f"TIA Portal V{session.model.version} has no service for values of a PLC: use V21 or newer, "
            "or download the block with reinitialisation."
        )
        raise Problem("tia.value_service_missing", msg, kind=Kind.UNSUPPORTED).at(device=device, block=name)
    values = service(block.Interface, session.model.ValueService)
    if values is None:
        msg = f"The start values of '{name}' can be loaded only while '{device}' is online: go online first."
        raise Problem("device.offline", msg, kind=Kind.CONFLICT).at(device=device, block=name)
    with refused_as("block.start_values_refused", Kind.CONFLICT, device=device, block=name):
        values.LoadStartValuesAsActualValues()


def export_prodiag(session: Session, device: str, name: str, folder: Path) -> None:
    """Write the ProDiag supervisions of a block to a folder. On the portal's thread.

    Raises:
        Problem: No such block, it is no ProDiag FB, or TIA Portal refuses.
    """
    block, _ = blocks.find(session, device, name)
    language = enum_name(block.ProgrammingLanguage)
    if type(block).__name__ != "FB" or language != "ProDiag":
        msg = (
            f"'{name}' is a {type(block).__name__} in {language}: only an FB of the language ProDiag has "
            "supervisions to export."
        )
        raise Problem("block.no_prodiag", msg).at(device=device, block=name)
    if not hasattr(block, "ExportProDIAGInfo"):
        msg = f"TIA Portal V{session.model.version} cannot export ProDiag supervisions of this block."
        raise Problem("tia.prodiag_missing", msg, kind=Kind.UNSUPPORTED).at(device=device, block=name)
    with refused_as("block.prodiag_refused", Kind.REFUSED, device=device, block=name):
        block.ExportProDIAGInfo(di(session.model, folder))
