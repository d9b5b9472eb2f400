"""Every sentence people see, in one place."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

PRODUCT = "Temp File Workbench"


# Sizes ---------------------------------------------------------------------------------------

_UNITS = ("bytes", "kB", "MB", "GB")


def size_text(size: int) -> str:
    """Bytes in decimal units, as file managers and the service's documentation count them."""
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.{1 if value < 10 else 0}f}".removesuffix(".0") + f" {_UNITS[unit]}"


def part_size_text(size: int) -> str:
    """Bytes of a part, in the unit that the limits of parts are set in."""
    return f"{size / 1024**2:.1f}".removesuffix(".0") + " MiB"


def limit_text(size: int) -> str:
    """A limit as its makers set it: 2 GiB, 100 MiB, or 100 MB."""
    for unit, one in (("GiB", 1024**3), ("MiB", 1024**2)):
        if size >= one and size % one == 0:
            return f"{size // one} {unit}"
    return size_text(size)


def exact_text(size: int) -> str:
    """A size to the byte, for where it is held against a limit."""
    return f"{limit_text(size)} ({size:,} bytes)"


# Upload --------------------------------------------------------------------------------------

UPLOAD_TITLE = "Upload"
UPLOAD_PURPOSE = "Add an image or a video and get a private download link that lasts one hour."
ONLY_LOOKING = "Your role lets you look but not upload. Ask an admin for the role uploader."
ADVANCED = "Advanced: how files are sent"
SEND_AS = "Send as"
SEND_AS_OPTIONS = {"automatic": "Automatic", "single": "One PUT", "multipart": "Parts"}
PART_SIZE = "Part size in MiB"
PART_SIZE_HELP = "For the next file. The service takes parts of {least} to {most} MiB."
PARALLEL = "Parts at once"
PARALLEL_HELP = (
    "Halved whenever the store asks to slow down (429, 503), raised again as parts arrive."
)
ROUTE = "Route"
ROUTE_OPTIONS = {"automatic": "Automatic", "direct": "Direct", "relay": "Through this app"}
ROUTE_HELP = (
    "Automatic sends parts straight to the store and goes through this app only where the store "
    "does not let this page in."
)
RATE_CAP = "At most, in MB per second"
RATE_CAP_HELP = (
    "0 for no limit. A browser cannot slow a part down, so parts then go one at a time, each at "
    "full speed, and the next one waits until the average is low enough. Smaller parts make it "
    "smoother."
)
CHECK_PARTS = "Check every part (Content-MD5)"
CHECK_PARTS_HELP = (
    "Each part is sent with its MD5, so that the store refuses what was damaged on the way. Left "
    "out where a store does not take the header."
)
WHOLE_SHA256 = "SHA-256 of the whole file"
WHOLE_SHA256_HELP = (
    "Computed from the file on this machine, to hold against a download. The file is read a second "
    "time, and the upload completes once the digest is known."
)


def plan_text(kind: str, size: int, count: int, part_size: int, parallel: int) -> str:
    """One line on how a file goes and why."""
    if kind == "single":
        return f"{size_text(size)}, so it goes in one PUT."
    parts = f"{count} parts of {part_size_text(part_size)}" if count > 1 else "1 part"
    pace = f", {parallel} at a time" if parallel > 1 and count > 1 else ""
    return f"{size_text(size)}, so it goes in {parts}{pace}."


UNREADABLE = {
    "unreadable": {
        "one": "1 file or folder cannot be read and was left out:",
        "other": "{count} files or folders cannot be read and were left out:",
    },
    "unreadable_reasons": {
        "NotFoundError": "it is not there. It was moved or deleted, it is a link that leads "
        "nowhere, or its path is too long",
        "NotReadableError": "this computer does not let the browser read it. Look at its "
        "permissions, and whether another program has it open",
        "SecurityError": "the browser does not give it to pages",
        "other": "the browser says {reason}",
    },
    "unreadable_more": {"one": "and 1 more", "other": "and {count} more"},
}
UPLOADER = {
    "drop_label": "Add files",
    "drop_title": "Drop files here",
    "drop_hint": "or a folder, or choose below, or paste with Ctrl+V",
    "choose": "Choose files",
    "choose_folder": "Choose a folder",
    "sample_image": "Sample image",
    "sample_video": "Sample video",
    "sample_size": "Size of the sample video",
    "limits": "",
    "too_many": "These are {count} files. At most {limit} can be added at once, so the first "
    "{limit} were added. Add the others afterwards.",
    "folder_empty": "There is nothing to upload in this folder: no files, or hidden ones only.",
    **UNREADABLE,
    "transfers_label": "Files",
    "files_done": {"one": "{done} of 1 file done", "other": "{done} of {count} files done"},
    "files_failed": "{failed} failed",
    "bytes_of": "{bytes} of {total}",
    "files_waiting": {"one": "1 more file is waiting", "other": "{count} more files are waiting"},
    "tray_label": "Upload on its way",
    "overall_progress": "Upload of {name}",
    "parts_done": {"one": "{done} of 1 part done", "other": "{done} of {count} parts done"},
    "confirmed": "{percent} % · {confirmed} of {total} confirmed",
    "time_left": "about {time} left",
    "cancel": "Cancel",
    "pause": "Pause",
    "resume": "Resume",
    "retry": "Retry what failed",
    "restart": "Start again with new links",
    # Notices
    "links_expire": "Links expire in {time}, at {clock}.",
    "links_expire_soon": "Links expire soon: in {time}, at {clock}.",
    "links_expired": "The links expired at {clock}.",
    "late": "At this speed {time} are missing until the links expire. Raise “Parts at once” under "
    "Advanced, pause other uploads, or use a faster line. If the links expire, everything has to "
    "be sent again.",
    "fresh_start": {
        "one": "{done} of 1 part ({bytes}) had arrived. New links start from zero: all {size} are "
        "sent again.",
        "other": "{done} of {count} parts ({bytes}) had arrived. New links start from zero: all "
        "{size} are sent again.",
    },
    "fresh_start_only": "New links start from zero: all {size} are sent again.",
    "slowed": "The store asked to slow down: {limit} of {parallel} parts at once.",
    "rate_cap": "Sent at {rate} at most, as set under Advanced.",
    "relayed": {
        "cors": "Sent through this app: the store does not let this page read its answers (CORS).",
        "etag": "Sent through this app: the store does not let this page read its ETags.",
        "chosen": "Sent through this app, as set under Advanced.",
    },
    "lost": "Another window has taken this upload over. It goes on there; this window sends "
    "nothing more of it.",
    "resumed_as": "These are the bytes of “{name}”, which was not finished: that upload goes on, "
    "under its name, and only what is missing is sent.",
    "unlike": "The unfinished upload of this name is not gone on with. {why}",
    "waits_for_hash": "All parts are there. The SHA-256 of the file is still being computed.",
    "sha256": "SHA-256: {sha256}",
    # Remembered transfers
    "unfinished_label": "Not finished",
    "not_finished": "Not finished:",
    "record_bytes": "{bytes} of {size} ({percent} %)",
    "record_left": "{left} left to send",
    "choose_again": "Choose the file again",
    "discard": "Discard",
    "discard_question": {
        "one": "Discard 1 part already sent?",
        "other": "Discard {count} parts already sent?",
    },
    "keep": "Keep",
    "elsewhere": "Being sent in another window",
    # Parts
    "table_label": "Parts of {name}",
    "columns": ["Part", "Bytes", "Size", "Status", "Progress", "Tries", "Speed", "ETag"],
    "part_progress": "Part {part}",
    "retry_part": "Retry part {part}",
    "retry_part_short": "Retry",
    "show": "Show",
    "filters": {
        "all": "All",
        "waiting": "Waiting",
        "sending": "Sending",
        "retrying": "Retrying",
        "done": "Done",
        "failed": "Failed",
    },
    "none_of_status": "No part has this status now.",
    "jump": "Jump to the failing part",
    "copy_csv": "Copy as CSV",
    "copied": "Copied",
    "not_copied": "The browser does not allow copying here",
    "tries_of": "Tries of part {part}",
    "tries_columns": ["Try", "Started", "Time", "Status", "Code", "Request id", "Route"],
    "no_answer": "no answer",
    "routes": {"direct": "direct", "relay": "through this app"},
    "strip_label": "Parts of {name}: {counts}",
    "strip_cell": "Part {part}: {status}",
    "timeline": "Timeline",
    "timeline_hint": "Point at a bar, or use the arrow keys, to see its part and try.",
    "timeline_keys": "Tries over time. The arrow keys go from try to try.",
    "timeline_summary": "{tries} of {parts} in {seconds}, {failed} of them failed. The numbers in "
    "the column Tries above open the same as a table.",
    "timeline_try": "Part {part}, try {number}: {answer}. Began at {start}, took {seconds}.",
    "tries_count": {"one": "1 try", "other": "{count} tries"},
    "parts_count": {"one": "1 part", "other": "{count} parts"},
    "status": {
        "waiting": "Waiting",
        "sending": "Sending",
        "answering": "Sent, waiting for answer",
        "retrying": "Retrying (try {tries} failed)",
        "done": "Done",
        "failed": "Failed",
        "cancelled": "Cancelled",
    },
    "status_count": {
        "waiting": "waiting",
        "sending": "sending",
        "retrying": "retrying",
        "done": "done",
        "failed": "failed",
        "cancelled": "cancelled",
    },
    "states": {
        "queued": "Waiting",
        "planning": "Asking for links",
        "comparing": "Comparing with what was sent",
        "sending": "Sending",
        "offline": "Waiting for the network",
        "answering": "Waiting for the store's answer",
        "paused": "Paused",
        "completing": "Completing",
        "done": "Done",
        "failed": "Failed",
        "cancelled": "Cancelled",
    },
    "announce": {
        "planning": "Asking for upload links for {name}",
        "began": "Sending {name}",
        "sending": "{name}: {percent} percent sent",
        "resumed": "{name} goes on",
        "offline": "{name} waits for the network",
        "paused": "{name} is paused",
        "completing": "{name}: putting the parts together",
        "done": "{name} is uploaded. Its link is below",
        "failed": "{name} failed",
        "cancelled": "{name} was cancelled",
        "lost": "{name} is now sent by another window",
    },
}


def limits_text(single_limit: int, multipart_limit: int) -> str:
    """How large a file may be, and how long its link lives."""
    single, multipart = limit_text(single_limit), limit_text(multipart_limit)
    return f"Up to {single} in one PUT, up to {multipart} in parts. Links last one hour."


def uploader_words(single_limit: int, multipart_limit: int) -> dict[str, object]:
    """The uploader's words, with the limits of the service in use."""
    return {**UPLOADER, "limits": limits_text(single_limit, multipart_limit)}


# Results -------------------------------------------------------------------------------------

LINK = {
    "copy": "Copy link",
    "copy_label": "Copy the link to {name}",
    "open": "Open",
    "open_label": "Open {name} in a new tab",
    "copied": "Copied",
    "copy_by_hand": "Select and copy by hand",
    "expires": "Expires in {time}, at {clock}",
    "expires_soon": "⚠ Expires soon: in {time}, at {clock}",
    "expired": "This link has expired. Upload the file again to get a new one.",
}

LINKS_TITLE = "Your links"
NO_LINKS = "Nothing uploaded yet. Links to your files appear here, and each lasts one hour."
SHOW_ALL = "Show all {count} links"
SHOW_NEWEST = "Show the newest {count} only"
PREVIEW_ALT = "Preview of {name}"
NO_PREVIEW = "No preview: the link has expired."
NO_PREVIEW_OF = "No preview: browsers do not show {content_type}."
DETAILS = "Details: size, ETag, what was sent"
FACT_SIZE = "Size"
FACT_TYPE = "Content type"
FACT_ETAG = "ETag"
FACT_PARTS = "Parts"
SHA256_OF_FILE = "SHA-256 of the file, computed by the browser"
XML_SENT = "CompleteMultipartUpload sent"
XML_ANSWER = "Answer of the store"
FALSE_IMAGE = (
    "{name} has the name of an image, but its bytes are not those of one, so it was stored as "
    "{content_type}. Background removal will refuse it."
)
NOT_AN_IMAGE_WHEN_ASSEMBLED = (
    "Files sent in parts are stored as {content_type}, so background removal refuses this one. "
    "Send images as one PUT."
)

COPY_AS = "Copy as: curl, Python, CSV of parts, HAR"
COPY_AS_TABS = ("curl", "Python", "CSV of parts", "HAR")
AS_CURL = "The same upload: bash 4.4, curl 7.76, python3. Credentials come from the environment."
AS_PYTHON = "The same upload: Python 3.9 and requests. Credentials come from the environment."
AS_CSV = "Every part with its bytes and its ETag."
AS_HAR = "The requests of this transfer as an HTTP archive; every secret is masked."
NOTHING_KEPT = "Nothing of this is remembered of this transfer."
DOWNLOAD_FILE = "Download {name}"

OPEN_IN_PLAYGROUND = "Open in playground"
CHECK_DOWNLOAD = "Check the download"
CHECKING = "Checking the download: {done} of {size}"
CHECK_GOOD = "The download is what was uploaded"
CHECK_BAD = "The download is not what was uploaded"
CHECK_FACTS = {"size": "Size", "etag": "ETag", "sha256": "SHA-256", "md5": "MD5 against the ETag"}
FINDINGS = {
    "same": ":material/check: **{label}**: as uploaded{found}",
    "differs": ":material/close: **{label}**: differs{found}",
    "unknown": ":material/remove: **{label}**: nothing to compare with{found}",
}
FOUND = ", {found}"
SHA256_OF_DOWNLOAD = "SHA-256 of the download"

REMOVE_BACKGROUND = "Remove background"
CREATE_ASSET = "Create asset"
CREATE_ASSET_TITLE = "Create asset in Content Hub"
ASSET_NAME = "Name"
ASSET_NAME_HELP = "Unique in the account. It becomes part of the delivery URL, so no extension."
ASSET_NAME_TAKEN = "An asset named {name} exists already. Names are unique in the account."
USE_FREE_NAME = "Use {name}"
ASSET_NAME_UNCHECKED = "Whether the name is free could not be checked."
ASSET_TYPE = "Type"
ASSET_TYPES = {"IMAGE": "Image", "VIDEO": "Video"}
ASSET_TYPE_UNSURE = "The file is neither for sure: choose what it is to be."
REPOSITORY = "Repository"
FOLDER = "Folder"
NO_FOLDER = "No folder: top of the repository"
FOLDERS_CUT = "There are more folders than are listed here."
TAGS = "Tags"
TAGS_HINT = "Type a tag and press Enter"
PUBLISH = "Publish it at once"
CREATE = "Create"
TRY_AGAIN = "Try again"
CREATING = "Creating the asset"
NO_REPOSITORIES = (
    "These credentials reach no repository. Ask for an asset-store permission, then try again."
)
ASSET_CREATED = "{name} is in Content Hub."
ASSET_ID = "Asset id"
ASSET_UUID = "UUID for delivery"
PUBLISHED = "It is published."
NOT_PUBLISHED = "It is not published."
PUBLISHING = "Publishing was asked for: job {job}."
PUBLISH_NOW = "Publish"
OPEN_ASSET_FILE = "Open the asset's file"
ASSET_THUMB_ALT = "Thumbnail of {name}"
CLOSE = "Close"

SELECTED_TITLE = "Selected transfer"
SELECTED_CLOSE = "Show all transfers"
SELECTED_UNKNOWN = (
    "None of your transfers has this address. It may belong to somebody else, or it is forgotten: "
    "the newest are remembered only."
)
SELECTED_ON_ITS_WAY = "{name} is on its way. Its card above says how far it is."
SELECTED_INTERRUPTED = (
    '{name} is not finished. Press "Choose the file again" on its card above to go on; only what '
    "is missing is sent."
)
SELECTED_TOO_LATE = (
    "{name} was not finished before its links expired, so what was sent is gone. Choose the file "
    "again to upload it with new links."
)
SELECTED_CANCELLED = "{name} was cancelled. Choose the file again to upload it."

RECENT_TITLE = "Recent transfers"
RECENT_PURPOSE = "The newest {count}. Choose one to see it alone; the address then leads to it."
RECENT_LINE = "{state} · {size} · started {started} · {expiry}"
RECENT_STATES = {
    "done": ":material/check_circle: Done",
    "sending": ":material/upload: Sending",
    "interrupted": ":material/pause_circle: Interrupted",
    "failed": ":material/error: Failed",
    "cancelled": ":material/cancel: Cancelled",
    "expired": ":material/link_off: Expired",
}
EXPIRES_IN = "links expire in {time}, at {clock}"
EXPIRES_SOON = ":material/warning: links expire soon: in {time}, at {clock}"
EXPIRED_AT = "links expired at {clock}"
ANOTHER_DAY = "{clock} on {day}"


def duration_text(seconds: float) -> str:
    """Seconds as "8 s", "3 min", "1 h" or "1 h 5 min", rounded up; the same as in the browser."""
    if seconds < 60:
        return f"{max(1, math.ceil(seconds))} s"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


# Errors --------------------------------------------------------------------------------------


class ErrorText(NamedTuple):
    """An error as people read it: what, why and what next, and the code to quote."""

    title: str
    text: str
    code: str


_UNEXPECTED = (
    "Something went wrong",
    "{message} Try again; if it stays, quote the code.",
)

_ERRORS: dict[str, tuple[str, str]] = {
    "empty-file": (
        "This file is empty",
        '"{name}" has 0 bytes; an upload needs at least 1. Choose another file.',
    ),
    "not-an-image": (
        "This file is no image",
        '"{name}" is none of JPEG, PNG, GIF, WebP, TIFF, BMP and JPEG 2000 by its bytes, whatever '
        "its name says. Choose another file.",
    ),
    "size-over-2gb": (
        "This file is too big",
        '"{name}" is {size}. The limit is {limit}. Choose a smaller file or export it at a lower '
        "quality.",
    ),
    "size-over-single-limit": (
        "This file is too big for one PUT",
        '"{name}" is {size}. One PUT carries up to {limit}. Set "Send as" to Automatic.',
    ),
    "bad-part-size": (
        "This part size does not work",
        "{part_size} is outside what the service takes: {least} to {most}. Change the part size "
        "under Advanced.",
    ),
    "file-changed": (
        "The file changed or is gone",
        '"{name}" could not be read to its end as it was when you chose it. Nothing was '
        "completed. Choose the file again.",
    ),
    "link-expired": (
        "The upload links have expired",
        "Links work for one hour. A fresh start sends all parts again: choose the file once more.",
    ),
    "part-failed": (
        "Part {part} of {total} did not arrive",
        "Tries made: {tries}. Last answer: {answer}. Parts already sent are safe. Retry sends only "
        "what is missing.",
    ),
    "store-full": (
        "The store is full",
        "It has no room for part {part} of {total} ({answer}). Parts already sent are safe. Make "
        "room, or wait until files expire, then retry.",
    ),
    "store-silent": (
        "The store does not answer",
        "All of part {part} of {total} was sent, {tries} times, and no answer came within "
        "{minutes} minutes. Parts already sent are safe. Retry sends only what is missing.",
    ),
    "etag-hidden": (
        "The store hides its receipts",
        "Part {part} arrived, but the store does not let this page read its ETag, so the upload "
        "cannot be completed from the browser. Use the command line: python -m client upload.",
    ),
    "etag-mismatch": (
        "The file changed on the way",
        "What arrived does not match what was sent. Send it again.",
    ),
    "complete-failed": (
        "The parts could not be put together",
        "All parts arrived, but the store answered {storage_code}. Retry completes again without "
        "sending a byte.",
    ),
    "transfer-forgotten": (
        "This upload cannot go on",
        'Nothing is remembered of "{name}" that could be gone on with: it has ended, or its record '
        "is gone. Choose the file again.",
    ),
    "file-differs": (
        "This is another file",
        'It does not match "{name}", which was being sent: the {what} is {found} and was '
        "{expected}. Parts already sent are safe. Choose the same file, or discard the upload.",
    ),
    "transfer-elsewhere": (
        "This file is being sent in another window",
        'Another window is sending "{name}" now. Go on there, or close it and try again half a '
        "minute later.",
    ),
    "bad-event": (
        "This upload was not understood",
        "{message} Load the page again once nothing else is being sent, then add the file again.",
    ),
    "role-required": (
        "Your role lets you look",
        "Nothing is sent: only uploaders and admins may send files.",
    ),
    "records-unavailable": (
        "The app cannot keep its records",
        "{message} Make room in the data folder or check its rights, then retry.",
    ),
    "service-down": (
        "The service is not answering",
        "{host} did not reply. Check the connection and retry.",
    ),
    "sign-in-required": (
        "You are signed out",
        "The app takes no parts without a session. Sign in again in another tab, then retry here. "
        "Parts already sent are safe.",
    ),
    "credentials-refused": (
        "The service refused the credentials",
        "{host} does not accept the client id and secret. Ask an admin to check them.",
    ),
    "auth-expired": (
        "The service wants a new sign-in",
        "The access token was refused twice. Ask an admin to check the credentials.",
    ),
    "permission-denied": (
        "These credentials may not do this",
        "The service knows the credentials but they have no grant for this. Ask for an "
        "asset-store permission.",
    ),
    "file-missing": (
        "The file is not there",
        "{message} Check the name and choose the file again.",
    ),
    "bad-address": (
        "This is not an address",
        "{message} Write it as in https://files.example.com/name.",
    ),
    "not-sent": (
        "Nothing was sent",
        "{message} Put it right, then run it again.",
    ),
    "import-refused": (
        "This file was not taken",
        "{message} Choose a file that was exported from this page.",
    ),
    "connection-incomplete": (
        "The connection is not set up",
        "{message} The README lists every setting.",
    ),
    "bad-variable": (
        "A variable of the environment is wrong",
        "{message} Correct it or unset it where the app is started, then start the app again.",
    ),
    "odd-characters": (
        "A character does not belong there",
        "{message} Copy the value once more, whole and by itself, and enter it again.",
    ),
    "connection-name": (
        "The connection needs another name",
        "{message} Change the name and save again.",
    ),
    "connection-unknown": (
        "This connection is not there",
        "{message} Choose another one on the Connections page.",
    ),
    "cancelled": (
        "The upload was cancelled",
        "Nothing was completed. Choose the file again when you want to.",
    ),
    "complexity-exceeded": (
        "The request asks for too much at once",
        "{message} Ask for fewer items at a time.",
    ),
    "insufficient-credits": (
        "No credits left",
        "{message} Ask an admin for credits, then try again.",
    ),
    "picture-refused": (
        "This picture cannot be used",
        '"{name}" {message}. Nothing was charged. Choose a JPEG, PNG or WebP of up to 25 '
        "megapixels.",
    ),
    "change-refused": (
        "This change cannot be made",
        "{message} What you had is kept.",
    ),
    "cut-out-busy": (
        "Other pictures are being worked on",
        "{message} Your changes are kept.",
    ),
    "cut-out-failed": (
        "The picture could not be worked on",
        "{message} Your changes are kept.",
    ),
    "faults-refused": (
        "The fault switch was refused",
        "{message} Nothing was changed.",
    ),
    "name-taken": (
        "This name is taken",
        'An asset named "{name}" exists already, and names are unique in the account. Choose '
        "another name.",
    ),
    "outcome-unknown": (
        "The answer did not arrive",
        'It is not known whether "{name}" was created; a moment ago it was not there. Press the '
        "button again: the name is looked up first, so nothing is created twice.",
    ),
    "graphql-error": (
        "The service refused the request",
        "{message} Quote it to whoever runs the service.",
    ),
    "unexpected-answer": (
        "The service answered something unforeseen",
        "{message} Try again; if it stays, quote it to whoever runs the service.",
    ),
    "storage-refused": (
        "The store refused the request",
        "{message} Upload the file again to get new links.",
    ),
    "size-mismatch": (
        "The file did not arrive whole",
        "{message} Upload it again.",
    ),
    "rate-limited": (
        "Too many requests",
        "The service takes 60 requests a minute. Wait a moment, then retry.",
    ),
}


def error_text(code: str, details: Mapping[str, str | int], message: str = "") -> ErrorText:
    """Return the words for an error code; a code without words of its own keeps its message."""
    title, text = _ERRORS.get(code, _UNEXPECTED)
    values = _Values({"message": message, **{key: _value(key, details[key]) for key in details}})
    return ErrorText(title.format_map(values), text.format_map(values), code)


_SIZES = {"size", "limit", "least", "most", "part_size"}


def _value(name: str, value: str | int) -> str:
    return exact_text(value) if name in _SIZES and isinstance(value, int) else str(value)


class _Values(dict[str, str]):
    """A detail that an error did not bring is left out instead of failing the message."""

    def __missing__(self, key: str) -> str:
        return "?"


# Sign-in and start --------------------------------------------------------------------------

TITLE_SUFFIX = "Temp files"
PURPOSE = "Upload a file, get a link that lasts one hour."
SIGN_IN = "Sign in"
SIGN_OUT = "Sign out"
USERNAME = "User name"
PASSWORD = "Password"  # noqa: S105 - a label
SIGNING_IN = "Signing in…"
SIGNING_OUT = "Signing out…"
SIGN_IN_INCOMPLETE = "Enter your user name and your password."
SIGN_IN_REFUSED = "The user name or the password is not right. Check both and try again."
SIGN_IN_FAILED = "That did not go through. Try again in a moment."
NOT_STARTED = (
    "This page alone cannot work: the service and the sign-in are missing. Stop it and run "
    "`python app.py` (or `streamlit run app.py`) instead."
)
UNEXPECTED_TITLE = "Something went wrong on our side"
UNEXPECTED = (
    "Try again, or choose another page; uploads go on meanwhile. If it stays like this, quote {id} "
    "to whoever runs this app."
)
UNEXPECTED_EVENT = "It is in the log of this app as {id}."


def cookie_not_kept(public_url: str, page_url: str) -> str:
    """Say why a right password did not sign in, and where it does."""
    if public_url.startswith("https:") and page_url.startswith("http:"):
        return (
            "Your browser did not keep the sign-in cookie: it does so on https only. "
            f"Open {public_url} and sign in there."
        )
    return (
        "Your browser did not keep the sign-in cookie. Allow cookies for this address, then sign "
        "in again."
    )


def sign_in_wait(seconds: int) -> str:
    """Say how long to wait after too many wrong passwords."""
    unit = "second" if seconds == 1 else "seconds"
    return f"Too many tries. Wait {seconds} {unit}, then try again."


def signed_in_as(name: str, roles: Iterable[str]) -> str:
    """Name the person signed in and what they may do."""
    return f"Signed in as {name} ({', '.join(roles)})"


def waiting(seconds: float) -> str:
    """Say that a request waits for the endpoint's rate limit."""
    return f"The service takes so many requests a minute only: waiting {round(seconds)} s."
