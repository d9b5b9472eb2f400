"""What people read when something fails: the words of every error code."""

from collections.abc import Mapping
from typing import NamedTuple

from components.words import ASK_FOR_CREDITS, ASK_FOR_PERMISSION, exact_text

UNEXPECTED_TITLE = "Something went wrong on our side"
UNEXPECTED = (
    "Try again, or choose another page; uploads go on meanwhile. If it stays like this, quote {id} "
    "to whoever runs this app."
)
TRY_AGAIN = "Try again"


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
    "bad-request": (
        "This upload was not understood",
        "{message} Load the page again once nothing else is being sent, then add the file again.",
    ),
    "slot-gone": (
        "The links for this file are gone",
        "They were used for another file, or have expired. Add the file again to send it with new "
        "links.",
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
    "token-wanted": (
        "The service wants a token",
        "The connection sends none, and the request was refused. Have it send a token, or check "
        "its headers.",
    ),
    "permission-denied": (
        "These credentials may not do this",
        "The service knows the credentials but they have no grant for this. " + ASK_FOR_PERMISSION,
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
    "bad-header": (
        "This header cannot be sent along",
        "{message} Correct it and save again.",
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
        "{message} " + ASK_FOR_CREDITS,
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
    values = _Values(message=message)
    for name, value in details.items():
        if isinstance(value, int) and name in _SIZES:
            values[name] = exact_text(value)
        else:
            values[name] = str(value)
    return ErrorText(title.format_map(values), text.format_map(values), code)


def spoken(code: str, details: Mapping[str, str | int], message: str = "") -> dict[str, str]:
    """Return an error as the page's JavaScript shows it: its code, and one text."""
    title, text, code = error_text(code, details, message)
    return {"code": code, "text": f"{title}. {text} Code: {code}"}


_SIZES = {"size", "limit", "least", "most", "part_size"}


class _Values(dict[str, str]):
    """The values of a message; one that the error did not bring is "?" instead of a failure."""

    def __missing__(self, key: str) -> str:
        return "?"
