"""Caps on a document's size, checked first: validation takes time that grows with its square.

The caps leave room: a full introspection query has 80 fields, 15 levels, no alias.
"""

from collections import Counter
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MOST_DEPTH = 30
MOST_FIELDS = 500
MOST_ALIASES = 50
MOST_REPEATS = 25  # of one field in one selection set, under whatever aliases
MOST_SPREADS = 100
MOST_DIRECTIVES = 100


@dataclass
class _Counts:
    fields: int = 0
    aliases: int = 0
    spreads: int = 0
    directives: int = 0


def broken_cap(document: DocumentNode) -> GraphQLError | None:
    """Return what is wrong with the document's size, if anything."""
    counts = _Counts()
    try:
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
                _walk(definition.selection_set, counts, 1)
        _check_depth(document)
    except GraphQLError as error:
        return error
    return None


def _walk(node: SelectionSetNode, counts: _Counts, depth: int) -> None:
    """Count what is below a selection set; fragments count once, where they are defined."""
    _require(depth, MOST_DEPTH, "levels")
    repeats: Counter[str] = Counter()
    for item in node.selections:
        counts.directives += len(item.directives or ())
        if isinstance(item, FieldNode):
            counts.fields += 1
            counts.aliases += item.alias is not None
            repeats[item.name.value] += 1
        elif isinstance(item, FragmentSpreadNode):
            counts.spreads += 1
        if isinstance(item, FieldNode | InlineFragmentNode) and item.selection_set:
            _walk(item.selection_set, counts, depth + 1)
    for name, count in repeats.most_common(1):
        _require(count, MOST_REPEATS, f'times the field "{name}" in one selection')
    _require(counts.fields, MOST_FIELDS, "fields")
    _require(counts.aliases, MOST_ALIASES, "aliases")
    _require(counts.spreads, MOST_SPREADS, "fragment spreads")
    _require(counts.directives, MOST_DIRECTIVES, "directives")


def _check_depth(document: DocumentNode) -> None:
    """Check how deep the operations are with their fragments put in; cycles are left to others."""
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    known: dict[str, int] = {}

    def depth_of(node: SelectionSetNode | None) -> int:
        return 1 + max(map(below, node.selections), default=0) if node else 0

    def below(item: object) -> int:
        if isinstance(item, FragmentSpreadNode):
            name = item.name.value
            if name not in known:
                known[name] = 0  # what a cycle comes back to
                fragment = fragments.get(name)
                known[name] = depth_of(fragment.selection_set) - 1 if fragment else 0
            return known[name]
        if isinstance(item, InlineFragmentNode):
            return depth_of(item.selection_set) - 1
        return depth_of(item.selection_set) if isinstance(item, FieldNode) else 0

    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            _require(depth_of(definition.selection_set), MOST_DEPTH, "levels with its fragments")


def _require(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise GraphQLError(f"The document has more than {limit} {what}.")
