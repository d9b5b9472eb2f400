"""The documents that the client sends."""

from pathlib import Path

import pytest
from graphql import parse, validate

from client.api.documents import FOLDER, document
from client.api.schema import bundled_schema

NAMES = sorted(file.stem for file in FOLDER.glob("*.graphql"))


@pytest.mark.parametrize("name", NAMES)
def test_every_document_is_valid(name: str) -> None:
    assert not validate(bundled_schema(), parse(document(name)))


def test_every_document_is_sent() -> None:
    root = Path(__file__).parents[3]
    code = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("client", "components")
        for file in (root / folder).rglob("*.py")
    )
    assert [name for name in NAMES if f'document("{name}")' not in code] == []
