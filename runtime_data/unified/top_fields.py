"""Counts the fields at the top of a GraphQL document, where each can cost as much as a request; fragments bring some, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphql import DocumentNode, FragmentDefinitionNode, SelectionSetNode


class TopFields:
    """The fields at the top of the operations of a document.

    Attributes:
        most: How many the largest operation has. A field that is asked for twice counts twice, and so does a fragment.
        names: The names of all of them, as the schema has them.
    """

    def __init__(self, document: DocumentNode) -> None:
        """Count them."""
        from graphql import FragmentDefinitionNode, OperationDefinitionNode

        self.names: set[str] = set()
        self._fragments: dict[str, FragmentDefinitionNode] = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._counted: dict[str, int] = {}
        operations = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
        self.most = max((self._count(each.selection_set) for each in operations), default=0)

    def _count(self, selected: SelectionSetNode) -> int:
        from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode

        found = 0
        for each in selected.selections:
            if isinstance(each, FieldNode):
                self.names.add(each.name.value)
                found += 1
            elif isinstance(each, InlineFragmentNode):
                found += self._count(each.selection_set)
            elif isinstance(each, FragmentSpreadNode):
                found += self._count_fragment(each.name.value)
        return found

    def _count_fragment(self, name: str) -> int:
        """Return how many fields a fragment brings, counted once; one that contains itself is refused when it is validated."""
        if name not in self._counted and name in self._fragments:
            self._counted[name] = 0
            self._counted[name] = self._count(self._fragments[name].selection_set)
        return self._counted.get(name, 0)
