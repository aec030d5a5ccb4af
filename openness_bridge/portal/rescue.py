"""Saves copies of unsaved work before it would be lost: with a portal that ends, or a project that is closed.

A portal without user interface ends with its last client, and loses unsaved work without a question
(docs/facts/openness.md#portal-and-process). When this service ends, nobody can answer a question: the saved project or
library stays unchanged, and a copy has the rest.
"""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path
from typing import Any

from openness_bridge.errors import first_line, from_openness
from openness_bridge.model import Model
from openness_bridge.values import di

log = logging.getLogger(__name__)


def rescue(model: Model, portal: Any, folder: Path) -> list[Path]:
    """Save copies of the projects and global libraries of a portal that have unsaved changes. On the portal's thread.

    A library of the system or the company cannot be changed, so it has none.

    Args:
        model: The object model.
        portal: The portal, which is about to end.
        folder: Where the copies go: a folder for each, of the project's name and the time.

    Returns:
        The folders of the copies.
    """
    changed = [each for each in portal.Projects if each.IsPrimary and each.IsModified]
    changed += [each for each in portal.GlobalLibraries if each.IsModified]
    return [copy for each in changed if (copy := _try_to_save_copy(model, each, folder)) is not None]


def save_copy(model: Model, thing: Any, folder: Path) -> Path:
    """Save a project or library with its changes into a new folder. The saved files stay unchanged.

    The portal then has the copy open. On the portal's thread.

    Args:
        model: The object model.
        thing: The project or library.
        folder: Where the copy goes: a folder of the thing's name and the time.

    Returns:
        The folder of the copy.
    """
    now = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S-%f")
    name, copy = str(thing.Name), folder / f"{thing.Name}-{now}"
    thing.SaveAs(di(model, copy))
    log.warning("'%s' had changes that were not saved: a copy with them is in %s", name, copy)
    return copy


def _try_to_save_copy(model: Model, thing: Any, folder: Path) -> Path | None:
    name = str(thing.Name)
    try:
        return save_copy(model, thing, folder)
    except Exception as error:
        log.error(
            "The unsaved changes of '%s' are lost: %s", name, first_line(error), exc_info=from_openness(error) is None
        )
        return None
