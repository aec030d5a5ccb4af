"""A download into a folder: what a memory card would hold, without any CPU (from V19).

A virtual controller of PLCSIM Advanced whose storage path is that folder starts with it.
Facts: docs/facts/tia-operations.md#download (the questions). Unverified: what the folder holds for which target; here
it is the card of the simulated PLCSIM Advanced for both.
"""

from __future__ import annotations

from pathlib import Path

from fake_dotnet.system import DateTime
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.online import station_image
from fake_openness.online.download_run import Ask, compile_for_download, executable, refuse_download, station_facts
from fake_openness.online.online import program_of_cpu
from fake_openness.online.prompts import PROMPTS
from fake_openness.online.results import DownloadResult, DownloadResultState, download_result
from fake_openness.online.station_image import StationImage
from fake_openness.program.families import SIMULATED_FAMILY
from fake_plcsim.card import Card, source_of
from fake_plcsim.controller import CARD_FILE, CARD_FOLDER

_QUESTIONS = {
    "TargetForSoftware": "The folder can be made for a CPU or for PLCSIM Advanced.",
    "ConsistentBlocksDownload": "All blocks are written.",
    "AlarmTextLibrariesDownload": "The texts of alarms and text lists can be written, too.",
}


def card_download(cpu: DeviceItem, folder: Path, ask: Ask) -> DownloadResult:
    """Write hardware and program of a CPU into a folder.

    Raises:
        EngineeringTargetInvocationException: Errors in the program, it cannot be executed, another family of CPUs, or a
            card in the folder is not to be overwritten.
    """
    plc = program_of_cpu(cpu)
    if plc._family.value != SIMULATED_FAMILY:
        msg = f"A card of '{plc._name}' cannot be written here: only {SIMULATED_FAMILY} is simulated."
        raise EngineeringTargetInvocationException(msg, code="download.incompatible")
    compile_for_download(cpu, hardware=True, software=True)
    workspace = plc._view.index().workspace
    program = executable(workspace)
    file = folder / CARD_FOLDER / CARD_FILE
    _ask(ask, file)
    image = StationImage(
        station_image.hardware(cpu._device), plc._name, station_image.files(plc), station_image.objects(plc)
    )
    card = Card(source=source_of(workspace), program=program, station=image.to_files(), **station_facts(cpu))
    card.keep_modules(station_image.modules(cpu._device))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    card.write(file)
    said = [(f"'{plc._name}' was written to {folder}.", DownloadResultState.Success)]
    return download_result(plc._name, said, DateTime(plc._context.now()))


def _ask(ask: Ask, file: Path) -> None:
    for name, about in _QUESTIONS.items():
        ask(PROMPTS[name](about))
    if file.exists():
        about = "There is a card in the folder."
        question = PROMPTS["OverwriteOnMemoryCard"](about)
        ask(question)
        if not question._consents:
            raise refuse_download("OverwriteOnMemoryCard", about)
