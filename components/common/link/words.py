"""What a download link says."""

from components.words import COPIED, COPY_LINK, LINK_ENDS, OPEN_LINK

LINK = {
    "copy": COPY_LINK,
    "copy_label": f"{COPY_LINK}: {{name}}",
    "open": OPEN_LINK,
    "open_label": f"{OPEN_LINK} {{name}} in a new tab",
    "copied": COPIED,
    "copy_by_hand": "Select and copy by hand",
    "ends": LINK_ENDS,
}
