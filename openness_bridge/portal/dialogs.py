"""Answers dialogs that come up in TIA Portal while this service works, so that nothing is lost, and keeps them.

A modal dialog stops the call that brought it up. Its texts are localised, so the service chooses by the buttons: it
presses the one that changes least. Nothing is lost by "no" to a question about unsaved work either: `projects.close`
saves before, or the request drops the changes. While no call of this service runs, the service leaves dialogs to the
person at the portal's screen. Facts: docs/facts/openness.md#threads-and-calls (events arrive on another thread, and
must not wait for the caller's), docs/facts/openness.md#dialogs.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from openness_bridge.values import enum_like

log = logging.getLogger(__name__)
LEAST_FIRST = ("Cancel", "Abort", "No", "NoToAll", "Ok")
"""The buttons that may be pressed, the first that a question has. Only people press Yes, Retry and Ignore."""
KEPT = 50


class Dialog(msgspec.Struct, rename="camel", frozen=True):
    """A dialog that came up.

    Attributes:
        text: In the language of TIA Portal.
        answer: The button that this service pressed; empty for a notice, or where it left the dialog to the user.
    """

    caption: str
    text: str
    choices: list[str]
    answer: str


class Dialogs:
    """The dialogs of one portal."""

    def __init__(self, working: Callable[[], bool]) -> None:
        """Answer while `working` says that a call of this service runs."""
        self._working = working
        self._met: deque[Dialog] = deque(maxlen=KEPT)
        self._total = 0

    def listen(self, portal: Any) -> None:
        """Listen to a portal's dialogs. On its thread."""
        portal.Confirmation += self._answer_question
        portal.Notification += self._answer_notice

    @property
    def total(self) -> int:
        """How many there were."""
        return self._total

    def since(self, total: int) -> list[Dialog]:
        """Return those that came up after there were `total`."""
        new = min(self._total - total, len(self._met))
        return list(self._met)[len(self._met) - new :]

    def _answer_question(self, _: Any, question: Any) -> None:
        if not self._working():
            return
        choices = [name for name in _BUTTONS if question.Choices.HasFlag(enum_like(question.Choices, name))]
        answer = next((name for name in LEAST_FIRST if name in choices), "")
        if answer:
            question.Result = enum_like(question.Result, answer)
            question.IsHandled = True
        self._remember(question, choices, answer)

    def _answer_notice(self, _: Any, notice: Any) -> None:
        if self._working():
            notice.IsHandled = True
            self._remember(notice, [], "")

    def _remember(self, dialog: Any, choices: list[str], answer: str) -> None:
        text = "\n".join(part for part in (str(dialog.Text), str(dialog.DetailText or "")) if part)
        self._met.append(Dialog(str(dialog.Caption), text, choices, answer))
        self._total += 1
        log.warning("TIA Portal showed a dialog: %s (%s)", text, f"answered {answer}" if answer else "left to the user")


_BUTTONS = ("Ok", "Yes", "YesToAll", "Abort", "Retry", "Ignore", "No", "NoToAll", "Cancel")
