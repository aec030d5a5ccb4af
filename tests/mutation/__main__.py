"""Try mutants of the core modules for some minutes, and compare those that survive with the list: `python3 dev.py mutate`."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator

from engineering_api import processes
from tests.mutation.survivors import Row, read_modules, read_survivors, write_survivors

Outcome = dict[Row, bool]
"""Whether each mutant that was tried was killed."""


def main() -> None:
    """Try the modules one after the other; end with 1 where a mutant survives that the list does not have."""
    given = _arguments()
    known = {row.key: row for row in read_survivors()}
    modules = [each for each in read_modules().items() if not given.module or each[0] in given.module]
    random.Random(given.seed).shuffle(modules)  # noqa: S311 - so that another seed tries first what this one leaves out
    end = time.monotonic() + given.minutes * 60
    tried: Outcome = {}
    for place, (module, tests) in enumerate(modules):
        seconds = (end - time.monotonic()) / (len(modules) - place)
        if seconds <= 0:
            print(f"{module}: not tried in this time", flush=True)
            continue
        all_, outcome = _try(module, tests, seconds, given.seed)
        print(_line(module, all_, outcome, known), flush=True)
        tried |= outcome
    print(_line("all", None, tried, known))
    new = [row for row, killed in tried.items() if not killed and row.key not in known]
    if given.prune:
        write_survivors(row for row in known.values() if not tried.get(row._replace(equivalent="")))
    if new:
        print("\nThese mutants survive and are not in tests/mutation/survivors.tsv; write a test that finds each:\n")
        print("\n".join("\t".join(row) for row in sorted(new)))
        sys.exit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py mutate", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long, shared by the modules (default: 10)")
    parser.add_argument("--seed", type=int, default=1, help="decides which mutants are tried in this time")
    parser.add_argument("--prune", action="store_true", help="remove the rows of the list whose mutants are killed now")
    parser.add_argument("module", nargs="*", help="modules of tests/mutation/modules.csv (default: all)")
    return parser.parse_args()


def _try(module: str, tests: list[str], seconds: float, seed: int) -> tuple[int, Outcome]:
    """Return how many mutants a module has, and what became of those that were tried."""
    command = [sys.executable, "-m", "tests.mutation.trial", module, str(seconds), str(seed), *tests]
    with processes.start(command, stdout=subprocess.PIPE, text=True) as process:
        found = list(_arrays(process))
    if process.returncode or not found:
        sys.exit(f"The trial of {module} has ended with {process.returncode}.")
    (all_,), *rows = found
    return all_, {Row(module, *key): killed for *key, killed in rows}


def _arrays(process: subprocess.Popen[str]) -> Iterator[list[object]]:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("["):
            yield json.loads(line)
        elif "fail" in line:
            print(line, end="")


def _line(name: str, all_: int | None, tried: Outcome, known: dict[tuple[str, ...], Row]) -> str:
    """Return a line with the killed share; mutants that behave as the original do not count."""
    if not tried:
        return f"{name}: none tried in this time"
    survived = [row for row, killed in tried.items() if not killed]
    equivalent = sum(row.key in known and known[row.key].equivalent != "" for row in survived)
    counted = len(tried) - equivalent
    share = 100 * (len(tried) - len(survived)) / counted if counted else 100.0
    of = f" of {all_}" if all_ is not None else ""
    return f"{name}: {share:.0f} % killed; {len(tried)}{of} tried, {len(survived)} survived, {equivalent} equivalent"


if __name__ == "__main__":
    main()
