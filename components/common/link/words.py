"""What a download link says."""

LINK = {
    "copy": "Copy link",
    "copy_label": "Copy link: {name}",
    "open": "Open",
    "open_label": "Open {name} in a new tab",
    "copied": "Copied",
    "copy_by_hand": "Select and copy by hand",
    "expires": "Expires in {time}, at {clock}",
    "expires_soon": "⚠ Expires soon: in {time}, at {clock}",
    "expired": "This link has expired. Upload the file again to get a new one.",
}
