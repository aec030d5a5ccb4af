"""The loader for YAML of others: its size is checked before it is scanned, its values while their nodes are made.

PyYAML needs a thousand times the memory and some twenty microseconds for each value, so the values are counted where a node
begins, not in the finished data.
"""

from __future__ import annotations

from typing import Any

import yaml

from simatic_xml import limits
from simatic_xml.interruption import checkpoint


class BoundedLoader(yaml.SafeLoader):
    """Keeps the limits of YAML texts; a waiting caller can stop it."""

    def __init__(self, text: str) -> None:
        """Load a text.

        Raises:
            LimitError: It is too long.
        """
        limits.require("yaml_bytes", len(text))
        super().__init__(text)
        self._values = 0

    def fetch_flow_collection_start(self, token: Any) -> None:
        """Open a list or mapping in brackets. PyYAML's scanner takes the square of their nesting.

        Raises:
            LimitError: It is nested too deeply.
        """
        limits.require("yaml_nesting", self.flow_level + 1, line=self.line + 1)
        super().fetch_flow_collection_start(token)

    def add_indent(self, column: int) -> bool:
        """Open a list or mapping by its indentation; whether it is one.

        Raises:
            LimitError: It is nested too deeply.
        """
        limits.require("yaml_nesting", len(self.indents) + 1, line=self.line + 1)
        return bool(super().add_indent(column))

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Make a node; names of a mapping are not counted.

        Raises:
            LimitError: There are too many values.
        """
        checkpoint()
        if index is not None or not isinstance(parent, yaml.MappingNode):
            self._values += 1
            limits.require("yaml_values", self._values, line=self.peek_event().start_mark.line + 1)  # type: ignore[no-untyped-call]  # PyYAML has no types there
        return super().compose_node(parent, index)
