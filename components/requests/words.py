"""Every sentence of the requests page."""

from collections.abc import Mapping

from client.wire.exchange import Exchange
from client.wire.filter import Kind, Outcome

TITLE = "Requests"
PURPOSE = (
    "What went over the wire during this visit: every request of these pages, and every part your "
    "browser or the relay sent. Secrets are masked before anything is kept."
)
LIVE = "Live"
LIVE_HELP = "Looks for new requests every two seconds."
CLEAR = "Clear the list"
NOTHING_YET = "No requests yet. Upload a file, and every request it takes is listed here."
NOTHING_MATCHES = "None of the {count} requests match. Clear a filter to see them."
SHOWN = "{shown} of {count} requests, {failed} failed. Sent {sent}, received {received}."
DROPPED = (
    "{count} older requests had to make room. The list keeps the newest, in at most {limit} of "
    "memory."
)

KIND = "What for"
KINDS: Mapping[Kind, str] = {
    "token": "Token",
    "graphql": "GraphQL",
    "part": "Parts",
    "complete": "Complete",
    "check": "Download and check",
    "other": "Other",
}
STATUS = "Status"
OUTCOMES: Mapping[Outcome, str] = {
    "2xx": "2xx: done",
    "3xx": "3xx: elsewhere",
    "4xx": "4xx: refused",
    "5xx": "5xx: failed there",
    "refused": "200 whose body says no",
    "none": "No answer",
}
TRANSFER = "File"
ALL_TRANSFERS = "All requests"
TEXT = "Text"
TEXT_HINT = "In address, headers, bodies, request id"

COLUMNS = (
    "Started",
    "Purpose",
    "File",
    "Method",
    "Status",
    "Time",
    "Sent",
    "Received",
    "Made by",
    "Request id",
    "URL",
)
TABLE_ALT = "Requests made during this visit, newest first"
MADE_BY = {"python": "this app", "browser": "the browser"}
TRY = "{purpose} · try {number}"
DONE, FAILED = "✓ {what}", "✕ {what}"
NO_ANSWER = "no answer: {reason}"
REFUSED = "{status}, body says no"

TRANSFERS = "Files, with their requests over time"
TRANSFERS_CAPTION = (
    "One bar for each request, from its start to its end. Tries of the same part follow each other."
)
GROUP = "{name}: {requests}, {failed} failed, {seconds}"
AND_OTHERS = "{name} and {count} more"
UNKNOWN_FILE = "a file that is not remembered any more"
WATERFALL = "{count} requests over {seconds}. The table below has the same numbers."
MORE_BARS = "The first {count} requests are drawn; the table has all {total}."
PHASES = {
    "dns": "Look-up",
    "connect": "Connect",
    "tls": "TLS",
    "send": "Send",
    "wait": "Wait",
    "receive": "Receive",
    "whole": "Whole, by the browser",
}
WATERFALL_COLUMNS = (
    "Bar",
    "Purpose",
    "Status",
    "Begins after",
    "Whole",
    "Look-up",
    "Connect",
    "TLS",
    "Send",
    "Wait",
    "Receive",
)
WATERFALL_TABLE_ALT = "The requests of this file with the seconds of every phase"

DETAILS = "One request in full"
CHOOSE = "Request"
FACTS = ("Fact", "Value")
FACT = {
    "url": "URL",
    "started": "Started",
    "time": "Time",
    "sent": "Sent",
    "received": "Received",
    "made_by": "Made by",
    "request_id": "Request id",
    "error": "What went wrong",
}
PHASE_LINE = "Where the time went: {phases}."
KEPT_CONNECTION = "The connection was there already, so nothing was looked up or connected."
NO_PHASES = "A browser tells only how long it took as a whole."
TABS = ("Request body", "Answer body", "Request headers", "Answer headers")
NO_BODY = "No body is kept: file contents never are, and this request may have had none."
NO_HEADERS = "No headers are known."
AS_SENT = "As it was on the wire"
AS_SENT_HELP = "Without line breaks added for reading. Secrets stay masked."
CUT_BODY = "Only the first {size} are kept."

EXPORT = "Take these requests along"
EXPORT_CAPTION = (
    "What the filters above leave, {count} requests, oldest first. Nothing secret is in any of "
    "these files."
)
EXPORT_AS = "As"
EXPORTS = {
    "har": "HAR 1.2",
    "curl": "curl script",
    "python": "Python script",
    "markdown": "Markdown report",
}
EXPORT_HELP = {
    "har": "An HTTP archive, for browsers' network panels, proxies and test tools.",
    "curl": "Makes the requests once more, with bash 4.4, curl 7.76 and python3: uploads from "
    "their start, from the files in the folder it runs in. ACCESS_TOKEN, or CLIENT_ID and "
    "CLIENT_SECRET, come from the environment.",
    "python": "Makes the requests once more, with Python 3.9 and requests: uploads from their "
    "start, from the files in the folder it runs in. ACCESS_TOKEN, or CLIENT_ID and "
    "CLIENT_SECRET, come from the environment.",
    "markdown": "A report for a bug ticket: what failed with headers and bodies, then every "
    "request in a table.",
}
SAVE = "Download {name}"
TOO_LONG_TO_SHOW = "Too long to show here; the download has all of it."


def status_text(exchange: Exchange) -> str:
    """The status with a sign and words, so that it can be told without colours."""
    if exchange.status is None:
        what = NO_ANSWER.format(reason=exchange.error) if exchange.error else "no answer"
    elif exchange.refused:
        what = REFUSED.format(status=exchange.status)
    else:
        what = f"{exchange.status} {exchange.error or ''}".strip()
    return (FAILED if exchange.failed else DONE).format(what=what)


def purpose_text(exchange: Exchange, number: int) -> str:
    """What a request was for, and which try it was."""
    if number == 1:
        return exchange.purpose
    return TRY.format(purpose=exchange.purpose, number=number)


def time_text(seconds: float | None) -> str:
    """A short time: "8 ms" or "1.25 s"; nothing where it is not known."""
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def requests_text(count: int) -> str:
    """So many requests, in words."""
    return "1 request" if count == 1 else f"{count} requests"
