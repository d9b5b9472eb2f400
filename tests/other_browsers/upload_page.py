"""What these tests read from the upload page's cards: all of it is here."""

from tests.other_browsers.tab import Tab


def link_of(tab: Tab, name: str) -> str:
    """Wait until a file is uploaded and return its link."""
    link = tab.find("a", f"Open {name}")
    return str(link.get_attribute("href"))


def copy_link(tab: Tab, name: str) -> None:
    """Copy the link of a file that is done, and wait until the page says that it has."""
    link_of(tab, name)
    tab.press("Copy link")
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
