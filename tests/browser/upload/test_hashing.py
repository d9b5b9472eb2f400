"""The digests of a large file's parts, made by the page's worker in a real browser."""

import hashlib
from pathlib import Path

from playwright.sync_api import Page

PART = 1 << 24
SIZE = 2_000_000_000
# A reader that the browser frees too early is only seen over many parts.
DIGESTS = """async part => {
  const { PartDigests } = await import(
    "/_stcore/bidi-components/temp-file-workbench.uploader/engine/hashing/digests.js"
  )
  const [file] = document.querySelector("#large").files
  const digests = new PartDigests(file)
  const made = []
  for (let start = 0, number = 1; start < file.size; start += part, number += 1)
    made.push(digests.of({ number, start, end: Math.min(start + part, file.size) }))
  window.digests = await Promise.all(made)
}"""
ADD_INPUT = """() => document.body.append(
  Object.assign(document.createElement("input"), { type: "file", id: "large" })
)"""


def md5(zeros: int) -> str:
    return hashlib.md5(bytes(zeros), usedforsecurity=False).hexdigest()


def test_every_part_of_the_largest_file_gets_its_digest(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(SIZE)  # it takes no room
    page.evaluate(ADD_INPUT)
    page.locator("#large").set_input_files(large)
    expected = [md5(PART)] * (SIZE // PART) + [md5(SIZE % PART)]
    for _ in range(3):
        page.evaluate(DIGESTS, PART)
        assert page.evaluate("window.digests") == expected
