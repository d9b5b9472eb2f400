"""Every sentence of the playground page."""

from collections.abc import Mapping

from components.words import duration_text, size_text

TITLE = "Playground"
PURPOSE = (
    "Try the API: start from a sample, change it, run it, and go on with what the answer brings. "
    "Requests go out from the server, so the access token never reaches this browser."
)
ONLY_LOOKING = "Your role lets you look but not run. Ask an admin for the role uploader."
HEADERS_NOTE = "Sent with Content-Type: application/json and the connection's access token."
RECORDS_PROBLEM = "What you write here is not kept until this is put right."

# Schema --------------------------------------------------------------------------------------

SCHEMA_BUNDLED = "Schema: the copy that ships with this app, because {host} did not give its own."
SCHEMA_SAME = "Schema: read from {host}; the same as the copy that ships with this app."
SCHEMA_DIFFERS = {
    "one": "Schema: read from {host}; 1 difference from the copy that ships with this app.",
    "other": "Schema: read from {host}; {count} differences from the copy that ships with this "
    "app.",
}
SCHEMA_DETAILS = "Schema in use"
SCHEMA_RELOAD = "Read it again"
SCHEMA_DOWNLOAD = "Download as SDL"
DIFFERENCE_KINDS = {
    "removed": ":material/remove: Missing here",
    "changed": ":material/edit: Different here",
    "added": ":material/add: Only here",
}
DIFFERENCES_CUT = "And {count} more."

# Tabs, collection, history -------------------------------------------------------------------

TABS = "Open operations"
NEW_TAB = "New tab"
CLOSE_TAB = "Close tab"
UNTITLED = "Untitled"
NEW_TEXT = "query {\n  \n}\n"
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
EXPORT_FILE = "operations.json"
IMPORT = "Import a file"
IMPORTED = {"one": "1 operation was taken.", "other": "{count} operations were taken."}
CLEAR_HISTORY = "Clear the history"
HISTORY_LINE = "{outcome} · {status} · {time} · {size} · {clock}"
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
NO_ANSWER_YET = "Run the operation to see an answer. Ctrl+Enter does it as well."
HARMLESS_SAMPLE = "This one asks for an upload link and changes nothing."

OUTCOMES: Mapping[str, str] = {
    "ok": ":material/check_circle: Success",
    "partial": ":material/warning: Partly failed",
    "errors": ":material/error: Failed",
    "validation": ":material/error: Not valid",
    "complexity": ":material/error: Too complex",
    "unauthorized": ":material/lock: Not let in",
    "rate-limited": ":material/hourglass_top: Too many requests",
    "not-json": ":material/error: Not a GraphQL answer",
    "no-data": ":material/error: No data",
    "no-answer": ":material/cloud_off: No answer",
    "not-sent": ":material/block: Not sent",
}
ADVICE: Mapping[str, tuple[str, str]] = {
    "partial": (
        "Some of it failed",
        "What could be had is in the data; what is null there failed, and the errors say why.",
    ),
    "errors": (
        "The service refused the operation",
        "Status {status} does not mean success here: the answer has errors and no data.",
    ),
    "validation": (
        "The operation does not fit the schema",
        "Nothing was carried out. The errors name the line and the column.",
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
        "its place, or it has more than 200 levels. What was said is shown below, as it came.",
    ),
    "no-data": (
        "The answer has neither data nor errors",
        "It is JSON but no GraphQL answer. Check the endpoint's address on the page Connections.",
    ),
}
WAIT = "Wait {time}, then run it again."
WAIT_UNKNOWN = "Wait a moment, then run it again."
ERROR_AT = "line {line}, column {column}"
ERROR_PATH = "at {path}"
ERROR_CODE = "code {code}"

NOT_SENT: Mapping[str, tuple[str, str]] = {
    "document-empty": ("There is nothing to run", "Write an operation, or start from a sample."),
    "document-syntax": ("The operation has a mistake in its syntax", "{message}"),
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
}

FACTS = "HTTP {status} · {time} · {size} · {clock}"
FACTS_NOT_SENT = "Nothing was sent · {clock}"
ANSWER = "Answer"
ANSWER_ANCHOR = "answer"
SEE_ANSWER = "See the answer"
ANSWER_TABS = ("Answer", "Table", "Headers", "As it came")

ANSWER_DOWNLOAD = "Download the answer"
ANSWER_FILE = "{operation}.{ending}"
NO_TABLE = "There is no list in this answer."
TABLE_CAPTION = {"one": "{path}: 1 entry", "other": "{path}: {count} entries"}
TABLE_CUT = "The first {shown} of {count} entries; the download has all."
HEADER_COLUMNS = ("Header", "Value")
NO_BODY = "The answer has no body."

# Next steps ----------------------------------------------------------------------------------

NEXT = "Go on with this answer"
UPLOAD_HERE = "Upload a file to this link"
UPLOAD_IN_PARTS = "Upload a file to these links"
REMOVE_BACKGROUND = "Remove its background"
CREATE_ASSET = "Create an asset of it"
LINK_NAMES = {"downloadUrl": "Download link", "imageUrl": "Image", "file": "File of the asset"}
LINKS_CUT = "And {count} more links, in the answer below."
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
ADD_ITEM = "Add to {name}"
REMOVE_ITEM = "Remove {name} {number}"
ITEM = "{name} {number}"
NOT_A_NUMBER = "{name}: this is not a number, so the operation was left as it was."
NOT_JSON = "{name}: this is not JSON, so the operation was left as it was."
FETCH_IDS = "Fetch the choices again"
CHOICES_FAILED = "The service did not give choices for some fields. Type the values."

# Snippets and link ---------------------------------------------------------------------------

TAKE_ALONG = "Take along: link, curl, PowerShell, Python"
TAKE_ALONG_TABS = ("Link", "curl", "PowerShell", "Python")
LINK_CAPTION = "Opens this operation in a new tab of the playground. Nothing secret is in it."
LINK_TOO_LONG = "The operation is too long for a link. Save it and export the file instead."
LINK_UNREADABLE = "The link's operation could not be read. It may have been cut off."
AS_CURL = "Bash 4.4 with curl 7.76 and python3. Its credentials come from the environment."
AS_POWERSHELL = "PowerShell 7.4 or newer. Its credentials come from the environment."
AS_PYTHON = "Python 3.9 and requests. Its credentials come from the environment."
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
