"""Every sentence people see, in one place."""

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
LINKS_TITLE = "Your links"
NO_LINKS = "Nothing uploaded yet. Links to your files appear here, and each lasts one hour."
PREVIEW_ALT = "Preview of {name}"
DETAILS = "Details: size, ETag, what was sent, the same as curl"
XML_SENT = "CompleteMultipartUpload sent"
XML_ANSWER = "Answer of the store"
AS_CURL = "The same upload with curl"
FALSE_IMAGE = (
    "{name} has the name of an image, but its bytes are not those of one, so it was stored as "
    "{content_type}. Background removal will refuse it."
)
NOT_AN_IMAGE_WHEN_ASSEMBLED = (
    "Files sent in parts are stored as {content_type}, so background removal refuses this one. "
    "Send images as one PUT."
)


def plan_text(kind: str, size: int, count: int, part_size: int, parallel: int) -> str:
    """One line on how a file goes and why."""
    if kind == "single":
        return f"{size_text(size)}, so it goes in one PUT."
    parts = f"{count} parts of {part_size_text(part_size)}" if count > 1 else "1 part"
    pace = f", {parallel} at a time" if parallel > 1 and count > 1 else ""
    return f"{size_text(size)}, so it goes in {parts}{pace}."


UPLOADER = {
    "drop_label": "Add files",
    "drop_title": "Drop files here",
    "drop_hint": "or choose them, or paste with Ctrl+V",
    "choose": "Choose files",
    "sample_image": "Sample image",
    "sample_video": "Sample video",
    "sample_size": "Size of the sample video",
    "limits": "",
    "folder_refused": "Folders cannot be added. Choose the files inside instead.",
    "transfers_label": "Files",
    "table_label": "Parts of {name}",
    "columns": ["Part", "Bytes", "Size", "Status", "Progress", "Tries", "Speed", "ETag"],
    "part_progress": "Part {part}",
    "overall_progress": "Upload of {name}",
    "parts_done": "{count} of {total} parts done",
    "confirmed": "{percent} % · {confirmed} of {total} confirmed",
    "time_left": "about {time} left",
    "cancel": "Cancel",
    "pause": "Pause",
    "resume": "Resume",
    "retry": "Retry what failed",
    "status": {
        "waiting": "Waiting",
        "sending": "Sending",
        "retrying": "Retrying (try {tries} failed)",
        "done": "Done",
        "failed": "Failed",
        "cancelled": "Cancelled",
    },
    "states": {
        "queued": "Waiting",
        "planning": "Asking for links",
        "sending": "Sending",
        "offline": "Waiting for the network",
        "paused": "Paused",
        "completing": "Completing",
        "done": "Done",
        "failed": "Failed",
        "cancelled": "Cancelled",
    },
    "announce": {
        "planning": "Asking for upload links for {name}",
        "sending": "{name}: {percent} percent sent",
        "paused": "{name} is paused",
        "completing": "{name}: putting the parts together",
        "done": "{name} is uploaded. Its link is below.",
        "failed": "{name} failed",
        "cancelled": "{name} was cancelled",
    },
}


def limits_text(single_limit: int, multipart_limit: int) -> str:
    """How large a file may be, and how long its link lives."""
    single, multipart = limit_text(single_limit), limit_text(multipart_limit)
    return f"Up to {single} in one PUT, up to {multipart} in parts. Links last one hour."


def uploader_words(single_limit: int, multipart_limit: int) -> dict[str, object]:
    """The uploader's words, with the limits of the service in use."""
    return {**UPLOADER, "limits": limits_text(single_limit, multipart_limit)}


LINK = {
    "copy": "Copy link",
    "copy_label": "Copy the link to {name}",
    "open_label": "Open {name} in a new tab",
    "copied": "Copied",
    "copy_by_hand": "Select and copy by hand",
    "expires": "Expires in {time}, at {clock}",
    "expires_soon": "⚠ Expires soon: in {time}, at {clock}",
    "expired": "This link has expired. Upload the file again to get a new one.",
}


# Requests ------------------------------------------------------------------------------------

REQUESTS_TITLE = "Requests"
REQUESTS_PURPOSE = "What went over the wire during this visit, with every secret masked."
NO_REQUESTS = "No requests yet. Upload a file, and every request it takes is listed here."
REQUEST_COLUMNS = ("Started", "Purpose", "Method", "Status", "Time", "Sent", "Received", "URL")
REQUESTS_ALT = "Requests made during this visit, newest first"


# Connections ---------------------------------------------------------------------------------

CONNECTIONS_TITLE = "Connections"
CONNECTIONS_PURPOSE = "Which service these pages talk to."
EMBEDDED_NOTE = "Local demo service: nothing leaves this machine."
REMOTE_NOTE = "Connected to {host}."
GRAPHQL_ENDPOINT = "GraphQL endpoint"
TOKEN_URL = "Token URL"  # noqa: S105 - a label
TEST_CONNECTION = "Test the connection"
CONNECTION_WORKS = "The service answers, and the credentials work. Signed in as {name}."


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
        "The app was restarted",
        '"{name}" was on its way when the app restarted, so it cannot be completed. Choose the '
        "file again.",
    ),
    "service-down": (
        "The service is not answering",
        "{host} did not reply. Check the connection and retry.",
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
    "connection-incomplete": (
        "The connection is not set up",
        "{message} The README lists every setting.",
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
SIGN_IN_FAILED = "That did not go through. Load the page again and retry."
NOT_STARTED = (
    "This page alone cannot work: the service and the sign-in are missing. Stop it and run "
    "`python app.py` (or `streamlit run app.py`) instead."
)
UNEXPECTED_TITLE = "Something went wrong on our side"
UNEXPECTED = "Load the page again. If it stays like this, quote {id} to whoever runs this app."


def sign_in_wait(seconds: int) -> str:
    """Say how long to wait after too many wrong passwords."""
    unit = "second" if seconds == 1 else "seconds"
    return f"Too many tries. Wait {seconds} {unit}, then try again."


def signed_in_as(name: str, roles: Iterable[str]) -> str:
    """Name the person signed in and what they may do."""
    return f"Signed in as {name} ({', '.join(roles)})"
