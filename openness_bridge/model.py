"""The types of an object model, whichever it is: the real one or a stand-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from openness_bridge.errors import Kind, Problem


class Model:
    """The types of one object model, as attributes by their simple .NET names."""

    def __init__(
        self,
        version: str,
        find: Callable[[str], Any],
        backend: str,
        *,
        product: str = "TIA Portal",
        plcsim: Callable[[], Model] | None = None,
    ) -> None:
        """Search types with `find`, which raises KeyError for one that is not there.

        Args:
            version: The product's version, such as "20".
            find: Type by simple name.
            backend: Where the types come from: shown to people, never used by the bridge.
            product: Their product, for people.
            plcsim: Loads the object model of PLCSIM Advanced on the same computer.
        """
        self.version, self.backend, self.product = version, backend, product
        self._find, self._load_plcsim = find, plcsim
        self._known: dict[str, Any] = {}

    @cached_property
    def plcsim(self) -> Model:
        """The object model of PLCSIM Advanced on the same computer.

        Raises:
            Problem: It is not installed.
        """
        if self._load_plcsim is None:
            raise Problem(
                "plcsim.not_installed", "PLCSIM Advanced is not to be had with this backend.", kind=Kind.UNSUPPORTED
            )
        return self._load_plcsim()

    def __getattr__(self, name: str) -> Any:
        """Return the type of that name.

        Raises:
            Problem: This version of the object model has no such type.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._known[name]
        except KeyError:
            pass
        try:
            return self._known.setdefault(name, self._find(name))
        except KeyError:
            msg = f"{self.product} V{self.version} has no type {name}: use a newer version for this operation."
            raise Problem("tia.type_missing", msg, kind=Kind.UNSUPPORTED) from None

    def has(self, name: str) -> bool:
        """Return whether this version has a type."""
        try:
            getattr(self, name)
        except Problem:
            return False
        return True
