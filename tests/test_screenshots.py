"""docs/ holds the pictures that its documents and the README show, and no others."""

from tests.browser.screenshots import DOCS, shown_in_documents


def test_pictures_in_docs_are_those_that_documents_show() -> None:
    assert {path.name for path in DOCS.glob("**/*.png")} == shown_in_documents()
    assert shown_in_documents()
