"""Random GraphQL documents, drawn from the schema and bent out of shape."""

import random
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)
from hypothesis import strategies as st

from service.graphql.resolvers.global_ids import global_id

IDS = [
    "",
    "x",
    "é",
    "AAAA",
    "QXNzZXRGb2xkZXI6MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw",
    *(
        global_id(name, key)
        for name in ("Asset", "AssetFolder", "AssetRepository", "Organization", "User", "Nothing")
        for key in ("x", "5d1f0c9e-0d3c-4a52-9a0a-2f6f1f1d0001", "org_DEMO0000000000", "a'; --")
    ),
]
NAMES = ["x", "__typename", "__schema", "a1", "createAsset", "viewer"]
DEEPEST = 6

URLS = ["http://127.0.0.1/files/x", "http://127.0.0.1/content-hub/x?X-Amz-Date=", "%", "_"]
TEXTS = [*IDS, *URLS]
CHARACTERS = 'abc 01"\\{}$%_\n\0\x7fé\u2028😀'
texts = st.one_of(
    st.sampled_from(TEXTS),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(allow_nan=False, allow_infinity=False),
        texts,
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)


def quoted(text: str) -> str:
    """Write a string literal."""
    escaped = "".join(
        char if char.isprintable() and char not in '"\\' else f"\\u{{{ord(char):X}}}"
        for char in text
    )
    return f'"{escaped}"'


class DocumentMaker:
    """Draws documents of one schema; most are valid, many nearly."""

    def __init__(self, schema: GraphQLSchema, seed: int) -> None:
        self._schema = schema
        self._random = random.Random(seed)  # noqa: S311
        self._variables: dict[str, str] = {}
        self._aliases = 0

    def document(self) -> str:
        """Return a document of one to three operations and fragments."""
        kind = self._random.choice(["query", "query", "mutation"])
        root = self._schema.query_type if kind == "query" else self._schema.mutation_type
        assert root
        body = self._selection(root, 0)
        declared = ", ".join(f"${name}: {of}" for name, of in self._variables.items())
        head = f"{kind} Q{f'({declared})' if declared else ''}"
        fragment = ""
        if self._one_in(16):
            fragment = " fragment F on User { id name ...F }"[: self._random.choice([27, 36])]
            fragment = fragment if fragment.endswith("}") else f"{fragment} }}"
            body = body.replace("{", "{ ...F ", 1)
        return f"{head} {body}{fragment}"

    def _selection(self, parent: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        names = list(parent.fields)
        chosen = [self._random.choice(names) for _ in range(self._random.randint(1, 3))]
        items = [self._field(name, parent.fields[name], depth) for name in chosen]
        if isinstance(parent, GraphQLInterfaceType):
            kind = self._random.choice(self._schema.get_possible_types(parent))
            items.append(f"... on {kind.name} {self._selection(kind, depth + 1)}")
        if self._one_in(60):
            items.append(self._random.choice([*NAMES, "... on Asset { id }", "...", "...G"]))
        return "{ " + " ".join(items) + " }"

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        # Fields of one name with different arguments need names of their own.
        self._aliases += 1
        alias = f"a{self._aliases}: " if field.args or self._one_in(2) else ""
        directive = ""
        if self._one_in(30):
            directive = self._random.choice([" @skip(if: false)", " @include(if: true)", " @x"])
        arguments = self._arguments(field)
        kind: Any = get_named_type(field.type)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        below = ""
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            below = (
                " { __typename }" if depth >= DEEPEST else " " + self._selection(kind, depth + 1)
            )
        return f"{alias}{name}{arguments}{directive}{below}"

    def _arguments(self, field: GraphQLField) -> str:
        shown: list[str] = []
        for name, argument in field.args.items():
            kind: Any = cast(Any, argument).type
            if isinstance(kind, GraphQLNonNull) or self._one_in(4):
                shown.append(f"{name}: {self._value(kind)}")
        return f"({', '.join(shown)})" if shown else ""

    def _value(self, kind: Any) -> str:
        odd = self._random.randrange(80)
        if odd == 0:
            return self._random.choice(["null", "1", '"x"', "[]", "{}", "ENUM", "1e999"])
        if odd == 1:
            name = f"v{len(self._variables)}"
            self._variables[name] = str(kind)
            return f"${name}"
        inner: Any = getattr(kind, "of_type", None)
        if isinstance(kind, GraphQLNonNull):
            return self._value(inner)
        if isinstance(kind, GraphQLList):
            count = self._random.randrange(4)
            return "[" + ", ".join(self._value(inner) for _ in range(count)) + "]"
        if isinstance(kind, GraphQLEnumType):
            return self._random.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            fields = [
                f"{name}: {self._value(of)}"
                for name, of in ((name, field.type) for name, field in kind.fields.items())
                if isinstance(of, GraphQLNonNull) or self._one_in(2)
            ]
            return "{" + ", ".join(fields) + "}"
        return self._scalar(kind.name)

    def _scalar(self, name: str) -> str:
        if name == "Int":
            return str(self._random.choice([0, 1, 2, 3, 5, 8, 10, 50, -1, 10_001, 2**31]))
        if name == "Float":
            sizes = [5, 5_242_881, 0, -1, 1.5, 2**31, 2**31 + 1, 1e300]
            return str(self._random.choice(sizes))
        if name == "Boolean":
            return self._random.choice(["true", "false"])
        return quoted(self._text())

    def _text(self) -> str:
        if self._one_in(3):
            characters = self._random.choices(CHARACTERS, k=self._random.randrange(30))
            return "".join(characters)
        return self._random.choice(TEXTS)

    def _one_in(self, count: int) -> bool:
        return self._random.randrange(count) == 0


def bent(text: str, seed: int) -> str:
    """Cut a piece out of a document, or put one in."""
    chance = random.Random(seed)  # noqa: S311
    at, length = chance.randint(0, len(text)), chance.randint(0, 20)
    piece = chance.choice(["", "{", "}", '"', "...", "#", "\0", "é"])
    return text[:at] + piece + text[at + length :]


def documents(schema: GraphQLSchema) -> st.SearchStrategy[str]:
    """Documents of a schema, some bent.

    They are made of a seed, not of draws: that is many times as fast, and the failing document is
    printed all the same.
    """
    seeds = st.integers(0, 2**63)
    whole = seeds.map(lambda seed: DocumentMaker(schema, seed).document())
    return st.one_of(whole, whole, whole, st.builds(bent, whole, seeds))
