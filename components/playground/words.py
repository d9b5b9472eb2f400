"""Every sentence of the playground page."""

from collections.abc import Mapping

from components.words import duration_text, size_text

TITLE = "Playground"
PURPOSE = "The server sends the requests; the token stays there."
ONLY_LOOKING = "Your role lets you look but not run. Ask an admin for the role uploader."
HEADERS_NOTE = "Sent with Content-Type: application/json and the connection's access token."
HEADERS_NOTE_NO_TOKEN = "Sent with Content-Type: application/json and no access token."  # noqa: S105
HEADERS_ALONG = "The connection's headers go along: {names}."
RECORDS_PROBLEM = "What you write here is not kept until this is put right."

# Schema --------------------------------------------------------------------------------------

SCHEMA_BUNDLED = "Schema: the copy that ships with this app, because {host} did not give its own."
SCHEMA_SAME = "Schema: read from {host}; the same as the copy that ships with this app."
SCHEMA_DIFFERS = {
    "one": "Schema: read from {host}; 1 difference from the copy that ships with this app.",
    "other": "Schema: read from {host}; {count} differences from the copy that ships with this "
    "app.",
}
SCHEMA_OTHER = "Schema: read from {host}."
SCHEMA_DETAILS = "Schema in use"
SCHEMA_RELOAD = "Read it again"
SCHEMA_DOWNLOAD = "Download as SDL"
DIFFERENCE_KINDS = {
    "removed": ":material/remove: Missing here",
    "changed": ":material/edit: Different here",
    "added": ":material/add: Only here",
}
SAMPLE_WANTS = "This sample runs once something of yours is in the place of {values}."
SAMPLE_WANTS_LINK = "Files get links on the Upload page, and a sample takes the newest that fits."
MESSAGE_CUT = "{message}… ({count} characters; the answer has them all)"
DIFFERENCES_CUT = "And {count} more."

# Tabs, collection, history -------------------------------------------------------------------

TAB_STRIP: Mapping[str, str] = {
    "tabs": "Open operations",
    "runs": "is running",
    "close": "Close {title}",
    "new": "New tab",
    "more": "More for this tab",
    "name": "Name of the tab",
    "longest": "A name has at most {most} characters.",
    "rename": "Rename",
    "duplicate": "Duplicate",
    "left": "Move left",
    "right": "Move right",
    "close_this": "Close",
    "close_others": "Close others",
    "reopen": "Reopen closed tab",
    "moved": "{title} is tab {place} of {count}",
    "closed": "{title} closed",
    "opened": "{title} opened",
    "renamed": "Renamed to {title}",
}
UNTITLED = "Untitled"
NEW_TEXT = "# Write an operation here: Ctrl+Space lists what fits.\n\n"
MADE_ROOM = (
    "{most} tabs can be open, so {title}, which was used longest ago, was closed. Reopen closed "
    "tab, in the menu beside the tabs, brings it back."
)
CHANGED_ELSEWHERE = (
    "Another window of yours changed this operation meanwhile. What you write here goes on as a "
    "tab of its own; the other tab has what was written there."
)
STAYS_OPEN_ELSEWHERE = (
    "Another window of yours changed that operation meanwhile, so it stays open there."
)
LIBRARY = "Samples, saved, history"
LIBRARY_TABS = ("Samples", "Saved", "History")
SEARCH = "Search"
SEARCH_HINT = "A name, a field, a value"
NOT_IN_SCHEMA = "Not in the schema in use."
NOTHING_FOUND = "Nothing found."
NOTHING_SAVED = "Nothing saved yet. Give the open operation a name and save it."
NO_HISTORY = "Nothing run yet. What you run is listed here and can be opened again."
SAVE_NAME = "Save the open operation as"
SAVE = "Save"
SAVED = "Saved as {name}."
DELETE = "Delete {name}"
EXPORT = "Export as a file"
EXPORT_FOR = "For"
TOOLS = {
    "workbench": "This page",
    "altair": "Altair",
    "insomnia": "Insomnia",
    "postman": "Postman",
}
IMPORT = "Import a file"
IMPORT_HELP = (
    "One of this page, or a collection of Altair, Insomnia (export format 4), Postman (2.1) or "
    "what GraphiQL keeps in the browser as graphiql:queries."
)
IMPORTED = {"one": "1 operation was taken.", "other": "{count} operations were taken."}
IMPORTED_ALONE = "Addresses and headers were not: what you run goes to the connection in use."
REQUESTS_LEFT_OUT = {
    "one": "1 request without GraphQL was left out.",
    "other": "{count} requests without GraphQL were left out.",
}
CLEAR_HISTORY = "Clear the history"
HISTORY_LINE = "{outcome} · {status} · {time} · {size} · {clock}"
HISTORY_OPEN = "{outcome} · {clock}"
NO_STATUS = "no answer"

# Running -------------------------------------------------------------------------------------

RUN = "Run"
COST = "About {points} of {limit} points."
COST_GUESSED = (
    "About {points} of {limit} points, if lists that are not told how many have {page} entries."
)
COST_TOO_MUCH = (
    "About {points} points, and one request may have {limit}: the endpoint will refuse it. Ask "
    "for fewer at a time with first."
)
CANCEL = "Cancel"
STILL_RUNS = "{operation} still runs in this tab, so nothing was sent a second time."
TOO_MANY_RUN = (
    "{count} of your operations wait for their answers already. Cancel one, or wait for one, and "
    "run this then."
)
ANSWER_AWAITED = (
    "The answer is shown here once it is there, whatever you do meanwhile: typing, other pages and "
    "closing this window do not lose it."
)
ANSWER_NOT_AWAITED = (
    "You wait no longer for the answer. What was sent is sent: the service may carry it out all "
    "the same. The history says what came of it."
)
INTERRUPTED = (
    "The app was restarted while {operation} ran ({clock}), and its answer was lost. Whether it "
    "was carried out is not known: look before you run it again."
)
NO_ANSWER_YET = "Run the operation to see an answer. Ctrl+Enter does it as well."
HARMLESS_SAMPLE = "This one asks for an upload link and changes nothing."

OUTCOMES: Mapping[str, str] = {
    "ok": ":material/check_circle: Success",
    "partial": ":material/warning: Partly failed",
    "errors": ":material/error: Failed",
    "validation": ":material/error: Not valid",
    "value-refused": ":material/error: A value is refused",
    "complexity": ":material/error: Too complex",
    "unauthorized": ":material/lock: Not let in",
    "rate-limited": ":material/hourglass_top: Too many requests",
    "not-json": ":material/error: Not a GraphQL answer",
    "not-utf-8": ":material/error: Not UTF-8",
    "cut": ":material/content_cut: Cut off",
    "empty": ":material/error: Empty answer",
    "redirect": ":material/error: Sent elsewhere",
    "stream": ":material/error: A stream",
    "batch": ":material/error: Several answers",
    "no-data": ":material/error: No data",
    "no-answer": ":material/cloud_off: No answer",
    "not-sent": ":material/block: Not sent",
    "running": ":material/hourglass_top: Running",
    "cancelled": ":material/cancel: Cancelled",
    "fault": ":material/error: Our fault",
    "interrupted": ":material/power_off: Interrupted",
}
ADVICE: Mapping[str, tuple[str, str]] = {
    "partial": (
        "Some of it failed",
        "What could be had is in the data; what is null there failed, and the errors say why.",
    ),
    "errors": (
        "The service refused the operation",
        "The answer has errors and no data; that its status is {status} says nothing about that.",
    ),
    "validation": (
        "The operation does not fit the schema",
        "Nothing was carried out. The errors name the line and the column.",
    ),
    "value-refused": (
        "A value is not accepted",
        "The operation fits the schema, but one of its values does not: the errors say which. "
        "Nothing was carried out. A value like put-…-here is for you to fill in.",
    ),
    "complexity": (
        "The operation asks for too much at once",
        "One request may have 10,000 points. Ask for fewer entries with first, or leave out "
        "nested lists.",
    ),
    "unauthorized": (
        "The service does not accept the credentials",
        "The access token was refused, also after it was renewed. Ask an admin to check the "
        "connection.",
    ),
    "rate-limited": (
        "Too many requests",
        "The service takes 60 requests a minute. {wait} Your operation is kept.",
    ),
    "not-json": (
        "The answer cannot be read as JSON",
        "It is something else, so that a gateway between here and the service may have answered in "
        "its place, or it has more than 200 levels, or NaN or Infinity, which JSON does not know. "
        "What was said is shown below, as it came.",
    ),
    "not-utf-8": (
        "The answer is not UTF-8",
        "JSON is sent as UTF-8, and these bytes are neither that nor what their Content-Type says. "
        "What can be read of them is shown below.",
    ),
    "cut": (
        "The answer is too long for this page",
        "It has more than {most}, and only so much of it was read: what is shown below, and its "
        "download, ends there. Ask for fewer entries at a time.",
    ),
    "empty": (
        "The answer is empty",
        "The service answered with status {status} and nothing else, so it is not known whether "
        "anything was carried out. The headers may say why.",
    ),
    "redirect": (
        "The service sends elsewhere",
        "The answer {said}. It was not followed, for the access token would have gone along. Check "
        "the endpoint's address on the page Connections.",
    ),
    "stream": (
        "The answer is a stream",
        "An answer here comes once and whole, and this is {said}. What came is shown below, as it "
        "came.",
    ),
    "batch": (
        "The answer is a list of answers",
        "One operation was sent, and a list came back, as for several at once. All of it is shown "
        "below.",
    ),
    "no-data": (
        "The answer has neither data nor errors",
        "It is JSON but no GraphQL answer. Check the endpoint's address on the page Connections.",
    ),
}
ADVICE_ELSEWHERE: Mapping[str, tuple[str, str]] = {
    "complexity": (
        "The operation asks for too much at once",
        "Ask for fewer entries at a time, or leave out nested lists.",
    ),
    "rate-limited": (
        "Too many requests",
        "The service takes no more for now. {wait} Your operation is kept.",
    ),
    "value-refused": (
        "A value is not accepted",
        "The operation fits the schema, but one of its values does not: the errors say which.",
    ),
    "permission-denied": (
        "These credentials may not do this",
        "The service knows the credentials, and they may not do this. Ask whoever gave them to "
        "you.",
    ),
}
"""In the place of words that hold for Amplience's API only, by outcome or code."""
WAIT = "Wait {time}, then run it again."
WAIT_UNKNOWN = "Wait a moment, then run it again."
ERROR_AT = "line {line}, column {column}"
ERROR_PATH = "at {path}"
ERROR_CODE = "code {code}"

NOT_SENT: Mapping[str, tuple[str, str]] = {
    "document-empty": ("There is nothing to run", "Write an operation, or start from a sample."),
    "document-syntax": ("The operation has a mistake in its syntax", "{message}"),
    "document-too-long": (
        "The document is too long for this page",
        "{message} Send it from a program of yours, or in several operations.",
    ),
    "subscription": (
        "This page runs no subscriptions",
        "An answer here comes once and whole. Run a query, or use another program for this.",
    ),
    "no-operation": (
        "There is no operation to run",
        "The document has fragments only. Add a query or a mutation.",
    ),
    "which-operation": (
        "It is open which operation is meant",
        "The document has several. Put the caret into the one to run.",
    ),
    "variables-json": ("The variables are not valid JSON", "{message}"),
    "variables-object": ("The variables are not a JSON object", "{message}"),
    "no-last-value": ("A value of an earlier answer is not there", "{message}"),
}

FACTS = "HTTP {status} · {time} · {size} · {clock}"
ASKED_OF = "asked of the connection {connection}"
ASKED_AT_ANOTHER_ADDRESS = "asked of {connection} at an address it had before"
FACTS_NOT_SENT = "Nothing was sent · {clock}"
ANSWER = "Answer"
PANES = {
    "label": "Parts of the workspace",
    "query": "Query",
    "variables": "Variables",
    "answer": ANSWER,
    "answer_new": f"{ANSWER} (new)",
    "skip": "Skip to the operations",
}
DIVIDER = {
    "label": "Width of the answer, in percent",
    "hint": "Drag, or use the arrow keys. Enter or a double click sets it back.",
}
ANSWER_TABS = ("Answer", "Table", "Headers", "As it came", "Compare")
NOTHING_BEFORE = "Run it again, and what differs from this answer is shown here."
COMPARED = "What differs from the answer to the run of {clock}: - was there before, + is there now."
SAME_AS_BEFORE = "Nothing differs from the answer to the run of {clock}."
TOO_LONG_TO_COMPARE = "The answers differ, and have more than the {most} lines that are compared."
TABLE_CSV = "{path} as CSV"

ANSWER_FILE = "{operation}.{ending}"
NO_TABLE = "There is no list in this answer."
TABLE_CAPTION = {"one": "{path}: 1 entry", "other": "{path}: {count} entries"}
TABLE_CUT = "The first {shown} of {count} entries; the download has all."
HEADER_COLUMNS = ("Header", "Value")
ANSWER_ENCODING = (
    "It came as {encoding}, where JSON is to be UTF-8. What you see and download is UTF-8."
)
NO_BODY = "The answer has no body."

# Next steps ----------------------------------------------------------------------------------

NEXT = "Go on with this answer"
UPLOAD_HERE = "Upload a file to this link"
UPLOAD_IN_PARTS = "Upload a file to these links"
REMOVE_BACKGROUND = "Remove its background"
CREATE_ASSET = "Create an asset of it"
LINK_NAMES = {"downloadUrl": "Download link", "imageUrl": "Image", "file": "File of the asset"}
LINKS_CUT = "And {count} more links, in the answer below."
LAST_VALUE = 'Among the variables of any tab, "{{{{last.{name}}}}}" stands for the latest one.'
PUT_LINKS = {
    "one": "1 upload link, {expiry}.",
    "other": "{count} upload links, {expiry}.",
}
SLOT_NOTICE = (
    "The next file goes to the links that you asked for in the playground; {expiry}. A file up to "
    "{limit} fits."
)
SLOT_EXPIRED = "The links that you asked for in the playground have expired. New ones are used."
SLOT_DROP = "Use new links instead"

# Form ----------------------------------------------------------------------------------------

FORM = "Form"
FORM_OPERATION = "Mutation or query"
FORM_KINDS = {"mutation": "Mutation", "query": "Query"}
FORM_ARGUMENTS = "Values"
FORM_OUTPUTS = "Fields to answer with"
FORM_OUTPUTS_HINT = "Choose fields"
NO_FORM = (
    "The operation under the caret cannot be shown as a form: it has several root fields, or the "
    "schema does not have its field, or there is a mistake in it. Choose one here to begin anew "
    "in a tab of its own."
)
OPTIONAL = "Optional values"
NO_ARGUMENTS = "It takes no values."
FIELD_LABEL = "{name} ({facts})"
REQUIRED = "required"
DEPRECATED = "deprecated"
FIELD_DEPRECATED = "Deprecated: {reason}"
ONE_OF = "Exactly one of"
ONE_OF_HINT = "Choose one"
TOO_MANY_OF_ONE = "Only one of these may be given: {names}. Choose the one to keep."
BOOLEAN = {None: "Left out", True: "true", False: "false"}
LEFT_OUT = "Left out"
NULL_REFUSED = "Written as null, which the service refuses here: a value is required."
IS_NULL = "Written as null, which is not the same as left out: it may clear what is there."
ADD_ITEM = "Add to {name}"
REMOVE_ITEM = "Remove {name} {number}"
ITEM = "{name} {number}"
NOT_WRITTEN = (
    "What you filled in for {name} was not written: the text cannot be read as it stands. {value}"
)
NOT_A_NUMBER = "{name}: this is not a number, so the operation was left as it was."
PLACEHOLDER_IN_TEXT = (
    "It is sent as it stands: a placeholder stands for another value among the variables only."
)
NOT_JSON = "{name}: this is not JSON, so the operation was left as it was."
FETCH_IDS = "Fetch the choices again"
CHOICES_FAILED = "The service did not give choices for some fields. Type the values."

# Snippets and link ---------------------------------------------------------------------------

TAKE_ALONG = "Take along: link, curl, PowerShell, Python"
TAKE_ALONG_TABS = ("Link", "curl", "PowerShell", "Python")
LINK_CAPTION = (
    "Opens this operation in a new tab of the playground, with the connection {connection}. "
    "Nothing secret is in it."
)
TOO_LONG_TO_KEEP = (
    "Only the first {most} characters of the operations, and of the variables, are kept when you "
    "leave this page. They run as they are: keep the rest in a file of your own."
)
LINK_TOO_LONG = "The operation is too long for a link. Save it and export the file instead."
LINK_UNREADABLE = "The link's operation could not be read. It may have been cut off."
AS_CURL = "Bash 4.4 with curl 7.76 and python3. Its credentials come from the environment."
AS_POWERSHELL = "PowerShell 7.4 or newer. Its credentials come from the environment."
AS_PYTHON = "Python 3.9 and requests. Its credentials come from the environment."
HOLDS_VALUES = "Values of earlier answers are in it, in the place of the placeholders."
HOLDS_SIGNED = (
    "It contains a signed link, or a token, of an earlier answer, in the place of a placeholder: "
    "whoever has the script can use it."
)
WORKS_UNTIL = "It works until {clock}."
WORKED_UNTIL = "It worked until {clock}: get a new one first."
DOWNLOAD_SCRIPT = "Download {name}"
SNIPPET_SCOPE = "What the script does"
SNIPPET_SCOPES = {"operation": "This operation", "upload": "The whole upload of a file"}
SNIPPET_UNREADY = "Put the operation right first; then it is here as a script."


def counted(texts: Mapping[str, str], count: int, **values: str) -> str:
    """Return the singular or the plural, with the number and the other values in it."""
    return texts["one" if count == 1 else "other"].format(count=f"{count:,}", **values)


def seconds_text(seconds: float | None) -> str:
    """Return how long an answer took: "34 ms" or "1.2 s"."""
    if seconds is None:
        return "-"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def wait_text(seconds: int | None) -> str:
    """Return the advice to wait, with the time where the endpoint told one."""
    return WAIT.format(time=duration_text(seconds)) if seconds is not None else WAIT_UNKNOWN


def bytes_text(size: int | None) -> str:
    """Return the size of an answer."""
    return "-" if size is None else size_text(size)
