"""Every sentence on connections: the page, the banner, the test and the form."""

from collections.abc import Mapping

from components.words import ASK_FOR_CREDITS, ASK_FOR_PERMISSION

TITLE = "Connections"
PURPOSE = "Which service these pages talk to. The choice is yours alone and lasts for this visit."

# Banner and choice

EMBEDDED_NOTE = "Local demo service: nothing leaves this machine."
REMOTE_NOTE = "Connected to {host}."
REMOTE_BANNER = "**{name}** on {host}: what you do on these pages is done there."
LINK_UNKNOWN = (
    "The address names a connection that is not there: {name}. These pages stay on {current}."
)
LOAD_AGAIN = (
    "This page was loaded before {name} was added, so the browser may not reach its store yet: "
    "files go through this app. Load the page again, once nothing is being sent, to have them go "
    "straight there."
)
LIST_TITLE = "All connections"
ROW = "**{name}** · {host}"
IN_USE = ":material/check: In use"
USE = "Use {name}"
CHANGE = "Change {name}"
REMOVE = "Remove {name}"
REMOVE_QUESTION = "The address and the secret are forgotten. Uploads that go there cannot end."
REMOVE_NOW = "Remove it"
FROM_SETTINGS = "From the settings"
ADDED = "Added by an admin"

# Facts

IN_USE_TITLE = "In use: {name}"
GRAPHQL_ENDPOINT = "GraphQL endpoint"
TOKEN_URL = "Token URL"  # noqa: S105 - a label
DEEP_LINK = "Link to these pages on this connection"
LIMITS = "A file of up to {single} goes in one PUT, a larger one, up to {multipart}, in parts."
TECHNICAL = "Technical details: addresses and access"
SIGNS_IN_WITH = {
    "client": "Signs in with a client id and a secret; the token is renewed 30 s before it ends.",
    "pat": "Signs in with a personal access token.",
    "none": "Sends no token.",
}
SENDS_HEADERS = "Sends these headers along, with values that are kept secret: {names}."
ORGANIZATION_IN_USE = "Background removal is paid by the organization {id}."
REPOSITORY_IN_USE = "New assets go to the repository {id} unless another is chosen."
RATE = (
    "At most {limit} GraphQL requests a minute, all visitors of this app together. {ready} can go "
    "at once now."
)
RATE_WAIT = (
    "At most {limit} GraphQL requests a minute, all visitors of this app together. The next one "
    "waits {seconds} s."
)


# Test

TEST = "Test the connection"
TESTING = "Asking the service"
TEST_AGAIN_HINT = "Asks the service up to eight questions; nothing is changed and nothing charged."
TEST_TITLE = "What the test found"
GOOD_OUTCOME = "Everything works."
WARNING_OUTCOME = "It works, with reservations."
BAD_OUTCOME = "It does not work yet."
VERDICTS = {
    "good": ":material/check_circle: Good",
    "warning": ":material/warning: Look at this",
    "bad": ":material/error: Not working",
    "skipped": ":material/remove: Not tested",
}
STEPS = {
    "address": "Address",
    "token": "Token",
    "introspection": "Schema",
    "viewer": "Organization",
    "grants": "Repositories",
    "credits": "Credits",
    "clock": "Clock",
}
FINDING = "{verdict} · **{step}**: {text}"
NEXT_STEP = "Next: {step}"

_FINDINGS: Mapping[str, tuple[str, str]] = {
    "address-good": ("{host}", ""),
    "address-unencrypted": (
        "{host} is asked without encryption, so others on the way can read the token.",
        "Use an address that begins with https.",
    ),
    "token-fetched": ("The credentials are accepted. A token lasts {seconds} s.", ""),
    "token-short": (
        "The credentials are accepted. A token lasts {seconds} s only.",
        "Ask whoever runs the service why: nearly every request needs a new one.",
    ),
    "token-personal": (
        "A personal access token is used as it is. The next line shows whether it is accepted.",
        "",
    ),
    "token-none": ("No token is sent. The next line shows whether one is wanted.", ""),
    "token-form": (
        "The personal access token does not begin with {prefix}.",
        "If the next line fails, make a new one in Dynamic Content's Development menu.",
    ),
    "introspection-good": ("Uploads are there. The size is spelled {spelling}.", ""),
    "introspection-open": (
        "Uploads are there. The size is spelled {spelling}. The schema is told without a token as "
        "well.",
        "",
    ),
    "introspection-without-token": (
        "The service tells its schema without a token, and not to these credentials. The size is "
        "spelled {spelling}.",
        "",
    ),
    "introspection-address-good": (
        "Asked without the credentials, the service tells its schema: the address is right, and "
        "uploads are there.",
        "Only the credentials above are wrong. Look where they were copied from.",
    ),
    "introspection-off": (
        "The service keeps its schema to itself.",
        "Nothing to do: how the size is spelled is found out with the first upload in parts.",
    ),
    "introspection-no-uploads": (
        "This is GraphQL, but it has no createTempFileMultipartUploadUrl.",
        "Check the endpoint: Amplience's is https://api.amplience.net/graphql.",
    ),
    "viewer-good": ("{names}", ""),
    "viewer-none": (
        "The credentials reach no organization, so background removal has nobody to pay.",
        "Ask an admin of the account to add these credentials to an organization.",
    ),
    "viewer-other": (
        "The organization set for this connection is not among those reached: {names}.",
        "Correct the organization, or leave it empty.",
    ),
    "grants-good": ("{count} reached: {names}", ""),
    "grants-none": (
        "The credentials reach no repository. Uploads work; assets cannot be made.",
        ASK_FOR_PERMISSION,
    ),
    "grants-other": (
        "The repository set for this connection is not among those reached: {names}.",
        "Correct the repository, or leave it empty.",
    ),
    "credits-good": ("{count} left; a background removal costs one.", ""),
    "credits-none": (
        "None left: background removal is refused.",
        f"{ASK_FOR_CREDITS} Everything else works without.",
    ),
    "credits-unknown": (
        "The service does not tell how many are left.",
        "Nothing to do: a background removal says so when there are none.",
    ),
    "clock-good": ("This machine and the service agree.", ""),
    "clock-off": (
        "This machine is {seconds} s {way}, and so is every countdown of a link.",
        "Set the clock of this machine by a time server.",
    ),
    "clock-wrong": (
        "This machine is {seconds} s {way}; signatures more than 900 s off are refused.",
        "Set the clock of this machine by a time server.",
    ),
    "clock-unknown": ("The service did not tell its time.", ""),
    "skipped": ("Not asked, since what stands above must work first.", ""),
}
_FAILED_NEXT: Mapping[str, str] = {
    "credentials-refused": "Enter the client id and secret again, both whole.",
    "auth-expired": "Make a new token, and check that it is for this service.",
    "token-wanted": "Take the tick from “Send no token”, or check the connection's headers.",
    "service-down": (
        "Check the address. Behind a company proxy set HTTPS_PROXY, and REQUESTS_CA_BUNDLE to the "
        "file with its certificates, then start the app again."
    ),
    "rate-limited": "Wait a minute, then test again.",
    "unexpected-answer": "Check that the address is the GraphQL endpoint and not a web page.",
    "bad-address": "Correct the address.",
}


def finding_text(code: str, details: Mapping[str, str | int]) -> tuple[str, str]:
    """Return what a step found and what to do next; the second is empty where nothing is."""
    text, step = _FINDINGS[code]
    return text.format_map(details), step.format_map(details)


def failure_next(code: str) -> str:
    """Return what to do about an error that a step met; empty where its own words say it."""
    return _FAILED_NEXT.get(code, "")


# Form

ADD_TITLE = "Add a connection"
CHANGE_TITLE = "Change {name}"
FORM_PURPOSE = (
    "Everybody who signs in here may then use it. Secrets are stored encrypted and are never shown "
    "again."
)
NAME = "Name"
NAME_HELP = "What people choose it by, and what its link has: letters, digits, spaces."
ORGANIZATION = "Organization (optional)"
ORGANIZATION_HELP = (
    "Who pays for background removal: the id as the API has it, or org_ and 16 characters. Empty: "
    "the first that the credentials reach."
)
REPOSITORY = "Repository (optional)"
REPOSITORY_HELP = "Where new assets go unless another is chosen: the id as the API has it."
CLIENT_ID = "Client id"
CLIENT_SECRET = "Client secret"  # noqa: S105 - a label
PAT = "Personal access token"
PAT_HELP = "Instead of client id and secret. It begins with amp_pat_."
RATE_LIMIT = "Requests a minute"
RATE_LIMIT_HELP = "Amplience takes 60. 0: as many as there are."
CREDENTIALS_HINT = "Either a client id with its secret, or a personal access token."
NO_TOKEN = "Send no token"  # noqa: S105 - a label
NO_TOKEN_HELP = "For an endpoint that wants none, or that is told by a header who asks."  # noqa: S105
HEADERS_HINT = (
    "Headers to send along with GraphQL requests, such as x-hasura-admin-secret or "
    "X-Shopify-Access-Token (optional). Their values are secrets."
)
HEADER_NAME = "Name of header {number}"
HEADER_VALUE = "Value of header {number}"
KEEP_SECRET_HINT = "Leave a secret empty to keep the one that is stored."  # noqa: S105 - a hint
SAVE = "Save"
CANCEL = "Cancel"
SAVED = "{name} is saved. Test it before others use it."
REMOVED = "{name} is removed."
