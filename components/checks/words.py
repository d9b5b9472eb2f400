"""What the page of the contract check says."""

from client.contract_check.outcome import Cost

TITLE = "Checks"
PURPOSE = (
    "Try the connected endpoint against the wire contract, one small question at a time, and see "
    "where it differs. About 40 MB go to temp files, which the service removes by itself."
)
ONLY_LOOKING = "Your role lets you look but not run checks. Ask an admin for the role uploader."
GROUPS = "What to check"
PERMISSIONS = "The check may also"
PERMISSIONS_CAPTION = (
    "Nothing that costs something is done unless you tick it. After 61 requests the next ones, "
    "also those of other people, may be refused for a minute."
)
COST_LABELS: dict[Cost, str] = {
    "credit": "spend up to 2 credits on background removal",
    "asset": "create an asset and delete it again",
    "rate": "send 61 requests in a row",
}
RUN = "Run the check"
STOP = "Stop"
STOPPING = "Stopping, and putting away what was made."
NOTHING_CHOSEN = "Choose at least one group."
EMPTY_TITLE = "Nothing checked yet"
EMPTY = "A check takes some seconds here and about a minute over the internet."
PROGRESS = "{done} of {total} questions asked"
NEXT = "Next: {title}"
PASSED = "Nothing differs from what is documented, {met} of {total} are as expected."
FAILED = {
    "one": "1 answer differs from the contract.",
    "other": "{count} answers differ from the contract.",
}
SILENT = "Nothing was as expected: the endpoint could not be asked. The reasons are in the table."
SETTLED = {
    "one": "The check settles, for this endpoint, 1 item that the contract only infers.",
    "other": "The check settles, for this endpoint, {count} items that the contract only infers.",
}
STOPPED = "The check was stopped; {done} of {total} questions were asked."
LEFT_BEHIND = "This could not be put away: {reason}"
RAN = "{endpoint}, {moment}, {seconds:.0f} s"
DIFFERENCES_TITLE = "Where it differs"
EXPECTED, SEEN, EVIDENCE = "Expected", "Seen", "Evidence"
TABLE_TITLE = "All questions"
TABLE_ALT = "Every question with its verdict, what was expected and what was seen."
SHOW = "Show"
SHOW_ALL = "All"
COLUMNS = ("Verdict", "Question", "Expected", "Seen", "Contract", "Basis", "Settles")
DETAILS = "Details of"
NO_EVIDENCE = "It rests on no exchange of its own."
REPORTS_TITLE = "Report"
REPORT_LABELS = {"json": "JSON", "junit": "JUnit XML", "html": "HTML"}
YES = "yes"


def counted(forms: dict[str, str], count: int) -> str:
    """Return the singular or the plural, with the number in it."""
    return forms["one" if count == 1 else "other"].format(count=count)
