"""Changing the type of a CPU or module in place (from V19).

Items that the new type also has keep their addresses and network settings. The program
stays. Modules that no longer fit become unplugged. Facts: docs/facts/openness.md#version-gates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_dotnet.system import require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.hardware import plugging
from fake_openness.hardware.articles import Article
from fake_openness.hardware.item_parts import catalog_attributes
from fake_openness.hardware.structures import Part, parts_of

if TYPE_CHECKING:
    from fake_openness.hardware.device_items import DeviceItem


def change_type(item: DeviceItem, type_identifier: str) -> None:
    """Turn an item into another article of the same kind.

    Raises:
        EngineeringTargetInvocationException: Not in the catalogue, another kind, or online.
    """
    require_type(type_identifier, str, "typeIdentifier")
    item._device._require_offline("Changing a module's type")
    article = plugging.require_article(type_identifier, item._context.version)
    old = item._article
    if old is None or _kind(old) != _kind(article):
        msg = f"'{item._name}' cannot become '{article.type_name}': only an article of the same kind can replace it."
        raise EngineeringTargetInvocationException(msg, code="module.change_type", place={"device": item._device._name})
    item._assign("_article", article)
    item._assign("_type_identifier", article.type_identifier)
    item._assign("_dynamic", item._dynamic | catalog_attributes(article) | _texts(item))
    _rebuild(item, article)
    item._device._unplug_what_does_not_fit()
    item._device._touch()


def _kind(article: Article) -> tuple[str, str, bool]:
    """Return what must not change: a Unified panel has another software than the others."""
    return article.system, article.kind, article.category == "HMI Unified panel"


def _texts(item: DeviceItem) -> dict[str, str]:
    return {name: item._dynamic.get(name, "") for name in ("Author", "Comment")}


def _rebuild(item: DeviceItem, article: Article) -> None:
    """Replace the built-in items that differ."""
    wanted = {part.name: part for part in parts_of(article, item._name, item._position)}
    for below in [i for i in item._list_plugged() if i._built_in]:
        part = wanted.pop(below._part.name, None)
        if part is None or not _same(below, part):
            below._vanish()
            if part is not None:
                item._build(part)
    for part in wanted.values():
        item._build(part)


def _same(item: DeviceItem, part: Part) -> bool:
    own = item._part
    return (own.network, own.channels, len(item._device_items._items)) == (part.network, part.channels, len(part.parts))
