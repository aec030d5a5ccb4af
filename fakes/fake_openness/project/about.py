"""What a project knows about itself: its history and the products that it needs.

Facts: docs/facts/openness.md#projects, after the Openness manual (general properties of a project).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from fake_dotnet.system import DateTime
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.files.header import Header
from fake_openness.hardware.articles import Article
from fake_openness.hardware.hardware import Hardware


class HistoryEntry(EngineeringObject):
    """One event in the life of a project."""

    def __init__(self, parent: EngineeringObject, text: str, moment: dt.datetime) -> None:
        """Keep the event."""
        super().__init__(parent)
        self._text, self._moment = text, moment

    @property
    def Text(self) -> str:
        """What happened, in English."""
        return self._text

    @property
    def DateTime(self) -> DateTime:
        """When it happened."""
        return _date_time(self._moment)


_date_time = DateTime
"""The property of this name hides the type."""


class HistoryEntryComposition(Composition[HistoryEntry]):
    """The history of a project, oldest event first."""

    def __init__(self, parent: EngineeringObject, header: Header) -> None:
        """List the events that the project's file has."""
        super().__init__(parent)
        self._header = header
        self._list()

    def _list(self) -> None:
        """Add the events that are not here yet."""
        new = self._header.history[len(self._items) :]
        self._items += [HistoryEntry(self, text, dt.datetime.fromisoformat(moment)) for moment, text in new]


class UsedProduct(EngineeringObject):
    """A product that is needed to work on the project."""

    def __init__(self, parent: EngineeringObject, name: str) -> None:
        """Keep its name; its version is that of TIA Portal."""
        super().__init__(parent)
        self._name = name

    @property
    def Name(self) -> str:
        """Its name."""
        return self._name

    @property
    def Version(self) -> str:
        """Its version, such as V20."""
        return self._context.version.engineering


class UsedProductComposition(Composition[UsedProduct]):
    """The products that a project needs, by what is in it now."""

    def __init__(self, parent: EngineeringObject, hardware: Hardware) -> None:
        """List the products of the project's devices."""
        super().__init__(parent)
        articles = list(_articles(hardware))
        needed = [name for name, needs in _PRODUCTS.items() if any(needs(article) for article in articles)]
        self._items = [UsedProduct(self, name) for name in ("Totally Integrated Automation Portal", *needed)]


def _articles(hardware: Hardware) -> Iterator[Article]:
    for device in hardware.every_device():
        yield from (item._article for item in device._all_items() if item._article is not None)


_PRODUCTS: dict[str, Callable[[Article], bool]] = {
    "STEP 7 Professional": lambda article: article.kind == "cpu",
    "WinCC Advanced": lambda article: article.kind == "panel" and "Unified" not in article.type_name,
    "WinCC Unified": lambda article: article.kind == "panel" and "Unified" in article.type_name,
}
"""Products besides TIA Portal itself, and the modules for which a project needs them."""
