"""How the endpoint is spoken to: tokens, statuses, and the form of answers and errors."""

import json
from urllib.parse import urlencode

from client.connection import ClientCredentials
from client.contract_check.probe import NothingClearError, NotRunError, Seen, probe
from client.contract_check.trial import Trial, told_failure
from client.json_object import JsonObject, as_list, as_number, as_object, parse_json
from client.wire import API_TIMEOUT, Answer

_FORM = "application/x-www-form-urlencoded"
_WRONG_SECRET = "a-secret-that-is-none"  # noqa: S105 - sent to be refused
_VIEWER = "{ viewer { __typename } }"
_REQUESTS_A_MINUTE = 60


@probe(
    "transport",
    "2.1",
    "documented",
    "200 with access_token and expires_in",
)
def token(trial: Trial) -> str:
    """A token is handed out."""
    return _fields_told(_token_answer(trial), "access_token", "expires_in")


@probe("transport", "2.1", "documented", "about 300 seconds")
def token_lifetime(trial: Trial) -> Seen:
    """A token lives about 300 seconds."""
    seconds = as_number(as_object(parse_json(_token_answer(trial).content)).get("expires_in"))
    if seconds is None:
        raise NothingClearError("There was no expires_in.")
    return Seen(f"{seconds:g} seconds", 240 <= seconds <= 360)


@probe(
    "transport",
    "2.1",
    "documented",
    "400 with error and error_description",
)
def token_wrong_secret(trial: Trial) -> str:
    """A wrong client secret is refused."""
    credentials = _client(trial)
    answer = _ask_token(trial, credentials.client_id, _WRONG_SECRET)
    return _fields_told(answer, "error", "error_description")


@probe("transport", "1", "documented", "200 with data, as JSON")
def operation(trial: Trial) -> str:
    """An operation is answered."""
    return _told(_post(trial, {"query": _VIEWER}))


@probe("transport", "1", "observed", "success")
def operation_name(trial: Trial) -> str:
    """Variables and operationName are taken."""
    document = f"query First {_VIEWER} query Second($id: ID!) {{ node(id: $id) {{ id }} }}"
    return told_failure(trial.ask(document, operation_name="First"))


@probe(
    "transport",
    "1",
    "observed",
    "200 with data, as JSON",
)
def trailing_slash(trial: Trial) -> str:
    """The address with a slash at its end works."""
    if trial.api.connection.graphql_url.endswith("/"):
        raise NotRunError("The connection's address has the slash already.")
    return _told(_post(trial, {"query": _VIEWER}, path="/"))


@probe("transport", "1", "observed", "200 with data, as JSON")
def lower_case_bearer(trial: Trial) -> str:
    """The scheme may be spelled bearer."""
    return _told(_post(trial, {"query": _VIEWER}, authorization=f"bearer {trial.api.token()}"))


@probe(
    "transport",
    "12",
    "inferred",
    "401 with an errors entry",
)
def no_token(trial: Trial) -> str:
    """A request without a token is refused."""
    return _told(_post(trial, {"query": _VIEWER}, authorization=None))


@probe("transport", "12", "inferred", "401 with an errors entry")
def bad_token(trial: Trial) -> str:
    """A token that is none is refused."""
    return _told(_post(trial, {"query": _VIEWER}, authorization="Bearer not.a.token"))


@probe(
    "transport",
    "12",
    "inferred",
    "400 GRAPHQL_PARSE_FAILED",
    "200 GRAPHQL_PARSE_FAILED",
)
def syntax_error(trial: Trial) -> str:
    """A document that does not parse is refused."""
    return told_failure(trial.ask("{ viewer { "))


@probe(
    "transport",
    "12",
    "inferred",
    "400 GRAPHQL_VALIDATION_FAILED",
    "200 GRAPHQL_VALIDATION_FAILED",
)
def unknown_field(trial: Trial) -> str:
    """A field that does not exist is refused."""
    return told_failure(trial.ask("{ viewer { thisFieldIsNotThere } }"))


@probe("transport", "12", "documented", "errors with a message each")
def error_form(trial: Trial) -> str:
    """Errors have the documented form."""
    errors = trial.ask("{ thisFieldIsNotThere }").errors
    if not errors:
        return "no errors entry"
    messages = [error.get("message") for error in errors]
    whole = all(isinstance(message, str) and message for message in messages)
    return "errors with a message each" if whole else "an errors entry without a message"


@probe(
    "transport",
    "4",
    "documented",
    "400 COMPLEXITY_LIMIT_EXCEEDED",
)
def complexity(trial: Trial) -> str:
    """An operation above 10,000 points is refused."""
    document = '{ assetSearch(keyword: "contract check", first: 10001) { edges { cursor } } }'
    return told_failure(trial.ask(document))


@probe(
    "transport",
    "4",
    "documented",
    "429 after 60 requests or fewer",
    cost="rate",
)
def rate_limit(trial: Trial) -> str:
    """The 61st request of a minute is refused."""
    for count in range(_REQUESTS_A_MINUTE + 1):
        answer = _post(trial, {"query": _VIEWER}, once=True)
        if answer.status != 200:
            return f"{answer.status} after 60 requests or fewer"
        if count:
            trial.evidence.pop()
    return "no refusal of 61 requests"


def _client(trial: Trial) -> ClientCredentials:
    credentials = trial.api.connection.credentials
    if not isinstance(credentials, ClientCredentials):
        raise NotRunError("The connection has a personal access token.")
    return credentials


def _token_answer(trial: Trial) -> Answer:
    credentials = _client(trial)
    return trial.shared(
        "token", lambda: _ask_token(trial, credentials.client_id, credentials.client_secret)
    )


def _ask_token(trial: Trial, client_id: str, secret: str) -> Answer:
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": secret,
    }
    url, body = trial.api.connection.token_url, urlencode(form).encode()
    return trial.send("POST", url, "token", body, {"Content-Type": _FORM}, API_TIMEOUT)


def _post(
    trial: Trial,
    body: JsonObject,
    path: str = "",
    authorization: str | None = "",
    *,
    once: bool = False,
) -> Answer:
    """POST to the endpoint; an empty authorization means the connection's own token."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if authorization is not None:
        headers["Authorization"] = authorization or f"Bearer {trial.api.token()}"
    return trial.post_graphql(json.dumps(body).encode(), headers, path, once=once)


def _told(answer: Answer) -> str:
    envelope = as_object(parse_json(answer.content))
    if not envelope:
        return f"{answer.status} and no JSON"
    if as_list(envelope.get("errors")):
        return f"{answer.status} with an errors entry"
    data = "with data" if as_object(envelope.get("data")) else "without data"
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
    return f"{answer.status} {data}, as {'JSON' if kind == 'application/json' else kind}"


def _fields_told(answer: Answer, *names: str) -> str:
    fields = as_object(parse_json(answer.content))
    missing = [name for name in names if name not in fields]
    present = " and ".join(names)
    return (
        f"{answer.status} with {present}"
        if not missing
        else (f"{answer.status} without {' and '.join(missing)}")
    )
