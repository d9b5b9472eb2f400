"""Words that several pages share; what one page says is in the `words.py` of its room."""

import math

PRODUCT = "Temp File Workbench"
TITLE_SUFFIX = "Temp files"
NOT_STARTED = (
    "This page alone cannot work: the service and the sign-in are missing. Stop it and run "
    "`python app.py` (or `streamlit run app.py`) instead."
)

AWAY = "The app does not answer. This page goes on by itself once it does."
NO_SUCH_PAGE = "There is no page “{address}” here. This is the first one."

# What a refusal wants done, the same wherever one is met: on a page and in the connection's test.

ASK_FOR_PERMISSION = "Ask for a permission of the form DAM:ASSET STORE:name for these credentials."
ASK_FOR_CREDITS = "Ask an admin of the account for credits."

# QA tools ------------------------------------------------------------------------------------

QA_TOOLS = "QA tools"
QA_TOOLS_HELP = (
    "Shows on the upload page what makes things go wrong on purpose. Only you see it there; what "
    "you switch on is on for everybody."
)

# Sizes ---------------------------------------------------------------------------------------

_UNITS = ("bytes", "kB", "MB", "GB")


def size_text(size: int) -> str:
    """Bytes in decimal units, as file managers and the service's documentation count them."""
    if size == 1:
        return "1 byte"
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.{1 if value < 10 else 0}f}".removesuffix(".0") + f" {_UNITS[unit]}"


def part_size_text(size: int) -> str:
    """Bytes of a part, in the unit that the limits of parts are set in."""
    return f"{size / 1024**2:.1f}".removesuffix(".0") + " MiB"


def limit_text(size: int) -> str:
    """A limit as the API's documentation names it: 2 GB, 100 MB (contract 4).

    Where it is binary a little more is taken than that, which nobody has to know.
    """
    for unit, one in (("GB", 1024**3), ("MB", 1024**2)):
        if size >= one and size % one == 0:
            return f"{size // one} {unit}"
    return size_text(size)


def exact_text(size: int) -> str:
    """A size to the byte, for where it is compared with a limit."""
    return f"{limit_text(size)} ({size:,} bytes)"


def limits_text(single_limit: int, multipart_limit: int) -> str:
    """How large a file may be, and how long its link lives."""
    return f"Up to {limit_text(max(single_limit, multipart_limit))} a file. Links last one hour."


# Transfers -----------------------------------------------------------------------------------

TRANSFER_STATES = {
    "queued": "Waiting",
    "planning": "Asking for links",
    "comparing": "Comparing with what was sent",
    "sending": "Sending",
    "offline": "Waiting for the network",
    "answering": "Waiting for the store's answer",
    "away": "The app does not answer, waiting for it",
    "signed-out": "Waiting until you are signed in again",
    "paused": "Paused",
    "completing": "Completing",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
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


def waiting(seconds: float) -> str:
    """Say that a request waits for the endpoint's rate limit."""
    return f"The service takes so many requests a minute only: waiting {round(seconds)} s."


# Links ---------------------------------------------------------------------------------------

COPY_LINK = "Copy link"
OPEN_LINK = "Open"
COPIED = "Copied"
LINK_ENDS = {
    "far": "Link ends in {time}, at {clock}",
    "soon": "⚠ Link ends soon: in {time}, at {clock}",
    "over": "The link ended at {clock}. Upload the file again for a new one.",
}

# Times ---------------------------------------------------------------------------------------

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
