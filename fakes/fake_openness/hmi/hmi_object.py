"""What the runtime software of operator panels has in common: its name, its files and its project.

Facts: docs/facts/openness-hmi.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fake_openness.core.compile_messages import CompilerResult, _Finding, result
from fake_openness.core.compiling import ICompilable
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.texts import LanguageSettings
from fake_openness.core.versioned import _VersionedObject
from fake_openness.files.stored import _Stored
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hardware.item_parts import _Software


class _HmiSoftware(_VersionedObject, _Software):
    """The software of one panel: HmiTarget or HmiSoftware.

    Attributes:
        _folder: The folder of its files in the project's store; never changes.
    """

    def __init__(self, parent: DeviceItem, name: str, folder: str) -> None:
        """Join the runtime's device item."""
        super().__init__(parent)
        self._item, self._name, self._folder = parent, name, folder

    @property
    def Name(self) -> str:
        """The runtime's name, such as HMI_RT_1."""
        return self._name

    def _services(self) -> dict[type, Any]:
        return {ICompilable: lambda: ICompilable(self, self._compile)}

    def _compile(self) -> CompilerResult:
        self._require_offline("Compiling")
        return result(self._name, self._findings(), self._context.now())

    def _findings(self) -> list[_Finding]:
        """Return the findings of a compilation, with paths below the runtime."""
        raise NotImplementedError

    # -- surroundings -----------------------------------------------------------------

    @property
    def _basic(self) -> bool:
        """Whether it is a Basic Panel, which has less than a Comfort Panel."""
        article = self._item._module()._article
        return article is not None and article.category == "HMI Basic panel"

    def _require_offline(self, action: str) -> None:
        self._context.require_offline(self._item._device._name, action)

    def _language_settings(self) -> LanguageSettings:
        return self._item._device._hardware.project._language_settings

    # -- files ------------------------------------------------------------------------

    def _index(self) -> str:
        return f"{self._folder}/hmi.json"

    def _lines(self) -> Iterator[dict[str, Any]]:
        """Return the content of the index, an entry for each object."""
        raise NotImplementedError

    def _restore(self, line: dict[str, Any]) -> None:
        """Make the object of an entry."""
        raise NotImplementedError

    def _save(self) -> None:
        """Write the index; contents are written when they are changed."""
        lines = [json.dumps(line, ensure_ascii=False, sort_keys=True) for line in self._lines()]
        self._store.put(self._index(), ("[\n" + ",\n".join(lines) + "\n]\n").encode())

    def _load(self) -> None:
        """Read the index; no content is read."""
        if self._store.exists(self._index()):
            for line in json.loads(self._store.get(self._index())):
                self._restore(line)

    def _content_files(self) -> Iterator[str]:
        """Return the files of the contents."""
        raise NotImplementedError

    def _all_files(self) -> Iterator[str]:
        """Yield every saved file of the runtime."""
        self._save()
        yield from self._content_files()
        yield self._index()

    def _delete_files(self) -> None:
        """Delete the runtime's files; undone with the transaction."""
        for path in [*self._content_files(), self._index()]:
            self._discard(path)


class _ClassicSoftware(_HmiSoftware):
    """The software of a classic panel, whose contents are documents in trees."""

    def _all(self, tree: str) -> Iterator[Any]:
        """Return the documents of a tree."""
        raise NotImplementedError


class _HmiObject(_VersionedObject, _Stored):
    """An object below a panel's software."""

    def __init__(self, parent: EngineeringObject, software: _HmiSoftware) -> None:
        """Join the software."""
        super().__init__(parent)
        self._software = software
