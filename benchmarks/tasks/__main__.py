"""Plays 40 tasks in words: `python -m benchmarks.tasks --planner offline --short`. docs/task-benchmark.md explains it.

Without the name of a model nothing is sent anywhere: `offline` is the assistant's answer without a model.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.tasks.catalogue import SHORT, TASKS
from benchmarks.tasks.players import Model, Result, play
from benchmarks.tasks.task import KINDS
from engineering_api.features.assistant.provider import PRESETS
from openness_bridge.errors import Problem

ROW = "{:<16} {:<9} {:>7} {:>6} {:>8}  {}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the tasks and print a table. Returns 0, however many passed; 2 where the model cannot be used."""
    parser, options = _parse(arguments)
    if unknown := set(options.task) - set(TASKS):
        parser.error(f"there is no task {', '.join(sorted(unknown))}; there are {', '.join(TASKS)}")
    if options.json and not options.json.absolute().parent.is_dir():
        parser.error(f"there is no folder {options.json.parent}")
    tasks = [TASKS[each] for each in options.task] or (SHORT if options.short else TASKS.values())
    model = None
    if options.planner == "model":
        if not (options.base_url and options.model):
            parser.error("--planner model needs --base-url and --model")
        model = Model(options.provider, options.base_url, options.model, os.environ.get("TIA_TASKS_KEY", ""))
    print(ROW.format("task", "kind", "passed", "calls", "tokens", "why not"))
    results = []
    for task in tasks:
        try:
            results.append(play(task, model))
        except Problem as problem:
            print(f"{problem.code}: {problem.message}", file=sys.stderr)
            return 2
        print(_show(results[-1]), flush=True)
    print("\n".join(_sum_up(results)))
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")
    return 0


def _parse(arguments: Sequence[str] | None) -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tasks", description=__doc__)
    parser.add_argument("--planner", choices=["offline", "model"], default="offline", help="who does the tasks")
    parser.add_argument(
        "--base-url",
        default=os.environ.get("TIA_TASKS_URL", ""),
        help="address of the model, such as http://127.0.0.1:11434/v1; default: TIA_TASKS_URL. Its key is TIA_TASKS_KEY",
    )
    parser.add_argument("--model", default=os.environ.get("TIA_TASKS_MODEL", ""), help="default: TIA_TASKS_MODEL")
    parser.add_argument(
        "--provider", choices=PRESETS, default="custom", help="kind of address; custom: any that speaks as OpenAI's"
    )
    parser.add_argument("--task", action="append", default=[], metavar="ID", help="only this task; can be repeated")
    parser.add_argument("--short", action="store_true", help="only the first task of each kind")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results to a file, too")
    return parser, parser.parse_args(arguments)


def _show(result: Result) -> str:
    reason = "; ".join(filter(None, [result.ended, *result.faults[:1]])).replace("\n", " ")
    return ROW.format(
        result.task, result.kind, "yes" if result.passed else "no", result.tool_calls, result.tokens, reason[:120]
    ).rstrip()


def _sum_up(results: list[Result]) -> list[str]:
    """Return a row for each kind that was played, and one for all."""
    groups = {kind: [result for result in results if result.kind == kind] for kind in KINDS} | {"all": results}
    return [
        ROW.format(
            "sum",
            kind,
            f"{sum(each.passed for each in group)}/{len(group)}",
            sum(each.tool_calls for each in group),
            sum(each.tokens for each in group),
            "",
        ).rstrip()
        for kind, group in groups.items()
        if group
    ]


if __name__ == "__main__":
    sys.exit(main())
