"""Plant models of tests: built-in ones, and those of Python files next to the test file.

Only who runs tests on this computer (`tia test`, pytest) executes such a file; a request over HTTP never does.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from engineering_api.features.plc_tests.surroundings.io_model import ModelOfTest
from openness_bridge.errors import Kind, Place, Problem

NOT_OVER_HTTP = (
    "A model of a Python file runs only where you run the tests yourself (tia test, pytest); over HTTP use the built-in "
    "models Drive, Tank and Valve."
)


def make_model(name: str, model: ModelOfTest, folder: Path, *, allows_code: bool) -> Any:
    """Return a model as `simulated_io.add_model` takes it: the type of a built-in one, or an object of a file's class.

    Args:
        name: its name in the test.
        model: what the test says about it.
        folder: of the test file; `file.py:Class` is below it.
        allows_code: whether Python files may be executed.

    Raises:
        Problem: code is not allowed, the file is elsewhere or cannot be executed, or it has no such class.
    """
    file, colon, kind = model.type.rpartition(":")
    if not colon:
        return kind
    if not allows_code:
        raise Problem("plc_test.model_code", NOT_OVER_HTTP, kind=Kind.FORBIDDEN, place=Place(object=name))
    path = (folder / file).resolve()
    if path.suffix != ".py" or not path.is_relative_to(folder.resolve()) or not path.is_file():
        msg = f"'{file}' is not a Python file in the folder of the test file or below it."
        raise Problem("plc_test.model", msg, kind=Kind.MISSING, place=Place(object=name, path=str(path)))
    found = getattr(_execute(path), kind, None)
    if not isinstance(found, type):
        msg = f"'{file}' has no class '{kind}'."
        raise Problem("plc_test.model", msg, kind=Kind.MISSING, place=Place(object=name, path=str(path)))
    try:
        return found()
    except Exception as error:
        raise _failed(path, error) from error


def _execute(path: Path) -> ModuleType:
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)  # noqa: S102 - the user's own file
    except Exception as error:
        raise _failed(path, error) from error
    return module


def _failed(path: Path, error: Exception) -> Problem:
    line = error.lineno if isinstance(error, SyntaxError) else None
    own = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = line if line is not None else own[-1] if own else None
    where = f"{path}:{line}" if line is not None else str(path)
    msg = f"{where}: The file of the plant model cannot be executed: {type(error).__name__}: {error}"
    return Problem("plc_test.model", msg, place=Place(path=str(path), line=line))
