"""What these tests read from the upload page's cards: all of it is here."""

import json
import re
from typing import TypedDict

from tests.other_browsers.tab import Tab

TABLE = """
const [name] = arguments
const [region] = found("[role=region]", `Parts of ${name}`, true)
return JSON.stringify([...region?.querySelectorAll("tr[data-status]") ?? []].map(row => ({
  status: row.dataset.status, bytes: row.cells[1].textContent, etag: row.cells[7].textContent
})))
"""


class PartRow(TypedDict):
    """A row of a part table: `bytes` is such as "0–16,777,215"."""

    status: str
    bytes: str
    etag: str


def link_of(tab: Tab, name: str) -> str:
    """Wait until a file is uploaded and return its link."""
    link = tab.find("a", f"Open: {name}")
    return str(link.get_attribute("href"))


def wait_for_links(tab: Tab, least: int) -> int:
    """Wait until there are that many finished files or more and return how many there are."""

    def count() -> int:
        found = re.search(r"Show all (\d+) links", tab.seen())
        return int(found[1]) if found else 0

    tab.wait(lambda: count() >= least, f"{least} links")
    return count()


def copy_link(tab: Tab, name: str) -> None:
    """Copy the link of a file that is done, and wait until the page says that it has."""
    tab.press(f"Copy link: {name}")
    tab.see("Copied")


def pause_and_resume(tab: Tab) -> None:
    """Stop the upload that is on its way, and let it go on."""
    tab.press("Pause")
    tab.find("button", "Resume")
    tab.press("Resume")
    tab.find("button", "Pause")


def choose_again(tab: Tab) -> None:
    """Wait until the page asks for the file of an upload that a reload has interrupted."""
    tab.find("button", "Choose the file again")


def part_table(tab: Tab, name: str) -> list[PartRow]:
    """Return the rows of the part table of a file that are shown; none while it is folded up."""
    return json.loads(tab.run(TABLE, name))


def opened_part_table(tab: Tab, name: str) -> list[PartRow]:
    """Open the parts of a file that is done and return the rows."""
    link_of(tab, name)
    tab.press("", ".link-row .part-section > summary")
    return tab.wait(lambda: part_table(tab, name), f"parts of {name}")
