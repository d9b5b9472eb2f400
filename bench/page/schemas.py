"""The large schemas that editors are measured with, and what is typed into them.

None of them is committed. GitHub's comes in a package; Saleor's is fetched once, by an address of
one commit, and left out where that cannot be reached; Hasura's is made here.
"""

import hashlib
import json
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import URLError

from graphql import GraphQLSchema, build_schema, introspection_from_schema

from bench.page.graphiql_page import PACKAGES
from tests.large_schema import tables_schema

GITHUB = PACKAGES / "node_modules" / "@octokit" / "graphql-schema" / "schema.graphql"
SALEOR = Path(__file__).with_name("saleor.graphql")
SALEOR_ADDRESS = (
    "https://raw.githubusercontent.com/saleor/saleor/723cd4eba87dfc72822ade45dc08a3caa548428d/"
    "saleor/graphql/schema.graphql"
)
SALEOR_SHA256 = "3c82e765faf402a31cca93976c63002c30cde4df4c80b052871c39a8307a5b88"
COPIES = 30
"""Of the 11 tables: 330 tables, 2,989 types, 330 of them filters that hold each other."""


@dataclass(frozen=True)
class LargeSchema:
    """A schema, and what is typed with it.

    Attributes:
        fields: of the query type, each completed to from its first letters.
        text: an operation without mistakes.
        sought: what is looked for in the explorer.
        found: a label of what is found.
        mutation: whose form is made.
    """

    name: str
    sdl: str
    fields: tuple[str, ...]
    text: str
    sought: str
    found: str
    mutation: str

    @cached_property
    def schema(self) -> GraphQLSchema:
        """What the text says; GitHub's names two fields twice, which has no effect."""
        return build_schema(self.sdl, assume_valid=True, assume_valid_sdl=True)

    @cached_property
    def introspection(self) -> bytes:
        """What an endpoint answers that is asked for its schema."""
        content: dict[str, Any] = {"data": introspection_from_schema(self.schema)}
        return json.dumps(content).encode()

    @property
    def size(self) -> str:
        """Lines and types."""
        return f"{self.sdl.count(chr(10)):,} lines, {len(self.schema.type_map):,} types"


def large_schemas() -> Sequence[LargeSchema]:
    """Return the schemas that there are on this machine."""
    saleor = _saleor()
    return [
        LargeSchema(
            "GitHub",
            GITHUB.read_text(encoding="utf-8"),
            ("repository", "organization", "search", "viewer", "licenses"),
            'query Q { repository(owner: "a", name: "b") { issues(first: 3) { nodes { title '
            "author { login } } } } } ",
            "pullrequestreview",
            "PullRequestReview",
            "updateProjectV2ItemFieldValue",
        ),
        *(
            [
                LargeSchema(
                    "Saleor",
                    saleor,
                    ("products", "orders", "channels", "warehouses", "giftCards"),
                    'query Q { products(first: 3, channel: "a") { edges { node { name '
                    "category { name } } } } } ",
                    "productvariant",
                    "ProductVariant",
                    "productBulkCreate",
                )
            ]
            if saleor
            else []
        ),
        LargeSchema(
            "Hasura-like",
            tables_schema(COPIES),
            ("Artist", "Invoice", "Playlist", "Customer", "Employee"),
            "query Q { Artist(limit: 3, where: { _not: { Id: { _eq: 1 } } }) { Name to_Album "
            "{ Name } } } ",
            "track7_bool",
            "Track7_bool_exp",
            "update_Track",
        ),
    ]


def _saleor() -> str | None:
    if not SALEOR.exists():
        try:
            with urllib.request.urlopen(SALEOR_ADDRESS, timeout=30) as answer:
                SALEOR.write_bytes(answer.read())
        except URLError as error:
            print(f"Saleor's schema cannot be fetched: {error.reason}")
            return None
    content = SALEOR.read_bytes()
    if hashlib.sha256(content).hexdigest() != SALEOR_SHA256:
        raise ValueError(f"{SALEOR} is not the file it was; remove it to fetch it anew.")
    return content.decode()
