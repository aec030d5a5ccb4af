"""How often plain search by words picks the right tool of MCP, and what the list costs: `python -m benchmarks.reports.tool_choice`.

A model chooses a tool by its name and description. Search by words (BM25, without stemming, synonyms or embeddings) knows less
than any model, so its share of right choices is a floor for the descriptions, and needs no model. Each sentence is one that
a user could write; the same author wrote sentences and descriptions. German sentences share few words with English descriptions,
so their share shows what search without translation finds.

Prints the sentences whose tool is not the first, the shares, and the size of each profile in tokens, estimated as bytes / 4.
`--short` prints the figures alone. tests/engineering_api/features/tools/test_profiles.py holds the floor.
"""

from __future__ import annotations

import math
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, get_args

import mcp_types as types

from engineering_api.app import create_app
from engineering_api.features.mcp.server import show
from engineering_api.features.tools.tool import Tool
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.settings import Settings, ToolProfile

TOKEN_BYTES = 4
"""Bytes of JSON for each token: an estimate."""
SATURATION, LENGTH = 1.2, 0.75
"""The usual parameters k1 and b of BM25."""
NAME_WEIGHT = 2
"""A word of the name counts as often as this in the description."""


class Sentence(NamedTuple):
    """What a user wants, and the tool that does it."""

    text: str
    tool: str
    language: str = "en"


class Result(NamedTuple):
    """The place of the right tool for each sentence, from 1."""

    ranks: dict[Sentence, int]

    def share(self, most: int, language: str = "") -> float:
        """Return the share of sentences, of one language or of all, whose tool is in one of the first places."""
        ranks = [rank for each, rank in self.ranks.items() if language in {"", each.language}]
        return sum(rank <= most for rank in ranks) / len(ranks)

    @property
    def misses(self) -> list[str]:
        """The sentences whose tool is not first, with its place."""
        return [f"{rank}. {each.tool}: {each.text}" for each, rank in self.ranks.items() if rank > 1]


def _table(rows: str, language: str = "en") -> list[Sentence]:
    """Read lines of the form tool: sentence."""
    pairs = (line.split(": ", 1) for line in rows.strip().splitlines())
    return [Sentence(text, tool, language) for tool, text in pairs]


SENTENCES = _table(
    """
get_project_status: Is TIA Portal attached, and is a project open?
get_project_overview: What does this project contain?
get_project_overview: Give me an overview of the devices, blocks and tag tables
list_devices: Which PLCs and stations are there?
list_devices: List all devices of the project
list_blocks: Which function blocks does PLC_1 have?
list_blocks: List the blocks of PLC_1 with their numbers and languages
get_block_content: Show me the code of the block Motor
get_block_content: Read the interface of FB Conveyor
get_block_content: Explain what the block Valve does: read its code
list_all_tags: Which tags are declared in PLC_1, with their addresses?
list_all_tags: List all PLC tags and their data types
search_project: Where in the project is the address %I0.3 used, search for it
search_project: Search the comments for the word conveyor
search_project: Find everything whose name contains pump
get_cross_references: Which blocks call FB Motor?
get_cross_references: Where is the block Valve used?
get_job: Is the job 784f4bc8 complete?
get_job: What is the progress of the job?
create_project: Create a new project named Plant
create_project: Begin a new empty project
open_project: Open the project Plant.ap20
open_project: Open an existing project file
save_project: Save the project
write_scl: Write a function block in SCL that counts pulses
write_scl: Correct the error in the source text of the block Motor
write_scl: Create a data type with three members
write_scl: Change the code of FB Motor so that it stops after 5 seconds
write_scl: Write a data block with the recipe
compile_device: Compile PLC_1
compile_device: Does the program have errors or warnings? Compile everything
create_tag: Add a tag Start of type Bool at %I0.0
create_tag: Create an input variable for the emergency stop with address %I1.0
update_tag: Rename the tag Start to StartButton
update_tag: Change the address of the tag Stop to %I0.5
update_tag: Change the comment of a tag
add_device: Add an S7-1500 PLC to the project
add_device: Add a station with order number 6ES7 511-1AK02-0AB0
search_catalog: Which order number does a CPU 1511 have?
search_catalog: Find an article in the hardware catalogue
plcsim_start_simulation: Start the simulation
plcsim_start_simulation: Start the simulated PLC and set it to RUN
plcsim_read_tag: What is the value of the tag Motor.speed in the simulation now?
plcsim_read_tag: Read the present value of bRun in the running simulation
plcsim_write_tag: Set the input bStart to true in the simulation
plcsim_write_tag: Write the value 5 to the tag Setpoint of the simulated PLC
run_tests: Run the tests of the block Lamp
run_tests: Test whether the pump stops when the tank is empty
go_online: Go online with PLC_1
go_online: Connect to the CPU
download_to_plc: Download the program to the CPU
download_to_plc: Load the program into the PLC
find_operations: Which tool renames a tag table?
find_operations: Is there a tool to export an HMI screen or a library?
call_operation: Call the tool udts_rename that was found
preview_change: Preview the deletion of the block Motor and report what is lost
apply_change: Apply the change that was previewed with its token
undo_change: Undo the last change
undo_change: Take back the change 56280c1ed578
read_resource: Read the rest of the answer that was cut
read_resource: Read the documentation
"""
) + _table(
    """
get_project_status: Ist TIA Portal verbunden und ein Projekt offen?
list_blocks: Welche Bausteine hat PLC_1?
get_block_content: Zeig mir den Code von FB Motor
compile_device: Übersetze die PLC_1 und nenne alle Fehler
create_tag: Lege eine PLC-Variable Start vom Typ Bool auf %E0.0 an
write_scl: Schreibe einen FB in SCL, der Impulse zählt
plcsim_start_simulation: Starte die Simulation
go_online: Gehe online mit der CPU
download_to_plc: Lade das Programm in die CPU
save_project: Speichere das Projekt
""",
    "de",
)
"""What users want, with the tool that does it."""
LANGUAGES = {"": "sentences", "en": "in English", "de": "in German"}
_WORD = re.compile(r"[^\W_]+")


def choose(tools: Sequence[Tool], sentences: Iterable[Sentence] = SENTENCES) -> Result:
    """Rank the tools for each sentence; of equal ones the first of the list counts as before."""
    index = Index(tools)
    return Result({each: index.rank(each) for each in sentences})


class Index:
    """The words of tools, for BM25."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        """Count the words of names and descriptions, without the examples, which are values."""
        self._words = {
            tool.name: Counter(
                [*_words(tool.name) * NAME_WEIGHT, *_words(tool.description.partition("\nExample: ")[0])]
            )
            for tool in tools
        }
        self._mean = sum(words.total() for words in self._words.values()) / len(self._words)
        self._having = Counter(word for words in self._words.values() for word in words)

    def rank(self, sentence: Sentence) -> int:
        """Return the place of the right tool, from 1."""
        scores = {name: self._score(words, _words(sentence.text)) for name, words in self._words.items()}
        order = sorted(scores, key=lambda name: -scores[name])
        return order.index(sentence.tool) + 1

    def _score(self, words: Counter[str], asked: Iterable[str]) -> float:
        damping = SATURATION * (1 - LENGTH + LENGTH * words.total() / self._mean)
        return sum(
            self._rarity(word) * words[word] * (SATURATION + 1) / (words[word] + damping)
            for word in dict.fromkeys(asked)
            if word in words
        )

    def _rarity(self, word: str) -> float:
        having = self._having[word]
        return math.log(1 + (len(self._words) - having + 0.5) / (having + 0.5))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def count_tokens(tools: Sequence[Tool], *, writing: bool = True) -> int:
    """Return what the answer to tools/list costs in a conversation, estimated."""
    answer = types.ListToolsResult(tools=[show(tool, writing=writing) for tool in tools])
    return len(answer.model_dump_json(by_alias=True, exclude_none=True).encode()) // TOKEN_BYTES


def main(arguments: list[str]) -> int:
    """Print the shares and sizes."""
    caller = Caller("benchmark", Right.ADMINISTER)
    with tempfile.TemporaryDirectory() as folder:
        toolbox = create_app(Settings(data_dir=Path(folder), backend="fake")).state.service.part(Toolbox)
        result = choose(toolbox.list_tools(caller, writing=True))
        if "--short" not in arguments:
            print("\n".join(result.misses))
        for language, name in LANGUAGES.items():
            number = sum(language in {"", each.language} for each in result.ranks)
            first, among_three = result.share(1, language), result.share(3, language)
            print(f"{number} {name}: right first {first:.0%}, among three {among_three:.0%}")
        for profile in get_args(ToolProfile):
            _print_size(toolbox, caller, profile)
    return 0


def _print_size(toolbox: Toolbox, caller: Caller, profile: ToolProfile) -> None:
    for writing in (True, False):
        shown = toolbox.list_tools(caller, writing=writing, profile=profile)
        mode = "writing" if writing else "reading"
        print(f"{profile:9} {mode}: {len(shown):2} tools, {count_tokens(shown, writing=writing):5} tokens")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
