"""A class name means one thing, so that a search for it finds that thing."""

import ast
from collections import defaultdict

from graphql import build_schema

from contract import SCHEMA_FILE
from tests.app_server import ROOT

PACKAGES = ("asgi", "client", "components", "content_types", "contract", "cutout", "service", "web")


def test_no_two_classes_have_the_same_name() -> None:
    """But for types of the API's schema: client and service each name the same one."""
    places: dict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert len(places) > 300
    of_the_api = build_schema(SCHEMA_FILE.read_text(encoding="utf-8")).type_map
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not {name: found for name, found in twice.items() if name not in of_the_api}
