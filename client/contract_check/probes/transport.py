"""Probes of HTTP, tokens and GraphQL: statuses, and the form of answers and errors."""

import json
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import quote_plus, urlencode, urlsplit

from client.connection.connection import ClientCredentials
from client.contract_check.outcome import NothingClearError, NotRunError, Seen
from client.contract_check.probe import probe
from client.contract_check.probes.cors import preflight_told
from client.contract_check.trial import Trial, told_failure
from client.json_object import JsonObject, as_list, as_number, as_object, parse_json
from client.wire.http import API_TIMEOUT, Answer

_NOBODY: Mapping[str, str] = {}
_WRONG = {"Authorization": "Bearer not.a.token"}
_FORM = "application/x-www-form-urlencoded"
_WRONG_SECRET = "a-secret-that-is-none"  # noqa: S105 - sent to be refused
_VIEWER = "{ viewer { __typename } }"
_REQUESTS_A_MINUTE = 60
_UPGRADE = {
    "Connection": "Upgrade, HTTP2-Settings",
    "Upgrade": "h2c",
    "HTTP2-Settings": "AAMAAABkAAQAoAAAAAIAAAAA",
}
"""What Java's HTTP client and `curl --http2` send (RFC 7540 3.2)."""


@probe("transport", "2.1", "documented", "200 with access_token and expires_in")
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


@probe("transport", "2.1", "documented", "400 with error and error_description")
def token_wrong_secret(trial: Trial) -> str:
    """A wrong client secret is refused."""
    credentials = _client(trial)
    answer = _ask_token(trial, credentials.client_id, _WRONG_SECRET)
    return _fields_told(answer, "error", "error_description")


@probe("transport", "19.2", "inferred", "Bearer")
def token_type(trial: Trial) -> Seen:
    """A token says that it is a bearer token, as RFC 6749 5.1 requires."""
    said = as_object(parse_json(_token_answer(trial).content)).get("token_type")
    return Seen(str(said or "no token_type")[:40], str(said).lower() == "bearer")


@probe("transport", "19.2", "inferred", "200 with access_token and expires_in")
def token_basic(trial: Trial) -> str:
    """A client may authenticate by HTTP Basic, as RFC 6749 2.3.1 requires."""
    client = _client(trial)
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    answer = _send_form(trial, {"grant_type": "client_credentials"}, headers)
    return _fields_told(answer, "access_token", "expires_in")


@probe("transport", "19.2", "observed", "read from the address")
def token_query(trial: Trial) -> str:
    """The parameters of a token request may stand in its address.

    Asked with credentials that are none: what is in an address, proxies and logs keep. They are
    refused in one way where they are read, and in another where nothing was found.
    """
    _client(trial)
    made_up = _token_form("a-client-that-is-none", _WRONG_SECRET)
    in_form = _refusal_of(_send_form(trial, made_up))
    nowhere = _refusal_of(_send_form(trial, {}))
    in_address = _refusal_of(_send_form(trial, {}, query=f"?{urlencode(made_up)}"))
    if in_form == nowhere:
        raise NothingClearError("Unknown credentials and none at all are refused in the same way.")
    if in_address == in_form:
        return "read from the address"
    return "not read from the address" if in_address == nowhere else f"refused: {in_address}"


@probe("transport", "19.4", "observed", "allowed")
def token_cors(trial: Trial) -> str:
    """Any page may ask for a token (CORS preflight)."""
    _client(trial)
    return preflight_told(trial, trial.api.connection.token_url, "POST", "content-type")


@probe("transport", "19.4", "observed", "allowed")
def graphql_cors(trial: Trial) -> str:
    """Any page may send operations (CORS preflight)."""
    url = trial.api.connection.graphql_url
    return preflight_told(trial, url, "POST", "authorization, content-type")


@probe("transport", "19.5", "inferred", "answered", "refused")
def introspection_without_token(trial: Trial) -> str:
    """Whether the schema is told to who shows no token."""
    answer = _post(trial, {"query": "{ __schema { queryType { name } } }"}, who=_NOBODY)
    data = as_object(as_object(parse_json(answer.content)).get("data"))
    return "answered" if as_object(data.get("__schema")) else "refused"


@probe("transport", "19.13", "inferred", "200 with data, as JSON")
def upgrade_offered(trial: Trial) -> str:
    """An operation that offers HTTP/2 by Upgrade is answered, with its body read."""
    if urlsplit(trial.api.connection.graphql_url).scheme != "http":
        raise NotRunError("Clients offer this on plain http only.")
    return _told(_post(trial, {"query": _VIEWER}, more=_UPGRADE))


@probe("transport", "19.11", "inferred", "200 with an errors entry")
def resolver_failure(trial: Trial) -> str:
    """What a resolver refuses is answered with status 200."""
    document = '{ assetSearch(keyword: "a", after: "bm9uZQ==") { total } }'
    answer = _post(trial, {"query": document})
    envelope = as_object(parse_json(answer.content))
    if as_object(envelope.get("data")) and not as_list(envelope.get("errors")):
        raise NothingClearError("The endpoint took arguments that were to be refused.")
    return _told(answer)


@probe("transport", "1", "inferred", "PERSISTED_QUERY_NOT_SUPPORTED", "PERSISTED_QUERY_NOT_FOUND")
def persisted_query(trial: Trial) -> str:
    """A query named by its digest is declined so that Apollo's clients send it whole."""
    named = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    answer = _post(trial, {"extensions": named})
    errors = as_list(as_object(parse_json(answer.content)).get("errors"))
    code = as_object(as_object(errors[0]).get("extensions")).get("code") if errors else None
    return str(code or f"{_told(answer)}, without a code")


@probe("transport", "1", "documented", "200 with data, as JSON")
def operation(trial: Trial) -> str:
    """An operation is answered."""
    return _told(_post(trial, {"query": _VIEWER}))


@probe("transport", "1", "observed", "success")
def operation_name(trial: Trial) -> str:
    """Variables and operationName are taken."""
    document = f"query First {_VIEWER} query Second($id: ID!) {{ node(id: $id) {{ id }} }}"
    return told_failure(trial.ask(document, operation_name="First"))


@probe("transport", "1", "observed", "200 with data, as JSON")
def trailing_slash(trial: Trial) -> str:
    """The address with a slash at its end works."""
    if trial.api.connection.graphql_url.endswith("/"):
        raise NotRunError("The connection's address has the slash already.")
    return _told(_post(trial, {"query": _VIEWER}, path="/"))


@probe("transport", "1", "observed", "200 with data, as JSON")
def lower_case_bearer(trial: Trial) -> str:
    """The scheme may be spelled bearer."""
    if not trial.api.tokens.token():
        raise NotRunError("The connection has no token.")
    return _told(_post(trial, {"query": _VIEWER}, scheme="bearer"))


@probe("transport", "12", "inferred", "401 with an errors entry")
def no_token(trial: Trial) -> str:
    """A request without a token is refused."""
    return _told(_post(trial, {"query": _VIEWER}, who=_NOBODY))


@probe("transport", "12", "inferred", "401 with an errors entry")
def bad_token(trial: Trial) -> str:
    """A token that is none is refused."""
    return _told(_post(trial, {"query": _VIEWER}, who=_WRONG))


@probe("transport", "12", "inferred", "400 GRAPHQL_PARSE_FAILED", "200 GRAPHQL_PARSE_FAILED")
def syntax_error(trial: Trial) -> str:
    """A document that does not parse is refused."""
    return told_failure(trial.ask("{ viewer { "))


@probe(
    "transport", "12", "inferred", "400 GRAPHQL_VALIDATION_FAILED", "200 GRAPHQL_VALIDATION_FAILED"
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


@probe("transport", "4", "documented", "400 COMPLEXITY_LIMIT_EXCEEDED")
def complexity(trial: Trial) -> str:
    """An operation above 10,000 points is refused."""
    document = '{ assetSearch(keyword: "contract check", first: 10001) { edges { cursor } } }'
    return told_failure(trial.ask(document))


@probe("transport", "4", "documented", "429 after 60 requests or fewer", cost="rate")
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
    return _send_form(trial, _token_form(client_id, secret))


def _token_form(client_id: str, secret: str) -> Mapping[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": secret,
    }


def _send_form(
    trial: Trial,
    form: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
    query: str = "",
) -> Answer:
    url, body = trial.api.connection.token_url + query, urlencode(form).encode()
    sent = {"Content-Type": _FORM, **(headers or {})}
    return trial.send("POST", url, "token", body, sent, API_TIMEOUT)


def _refusal_of(answer: Answer) -> str:
    """Say how a token was refused, by what a program would go by."""
    if answer.status < 300:
        raise NothingClearError("A token was handed out to credentials that are none.")
    return f"{answer.status} {as_object(parse_json(answer.content)).get('error', '')}".strip()


def _post(
    trial: Trial,
    body: JsonObject,
    path: str = "",
    *,
    who: Mapping[str, str] | None = None,
    scheme: str = "Bearer",
    more: Mapping[str, str] | None = None,
    once: bool = False,
) -> Answer:
    """POST to the endpoint, with the connection's token and headers unless `who` is to ask."""
    headers = {
        **(_own_headers(trial, scheme) if who is None else who),
        "Content-Type": "application/json",
        "Accept": "application/json",
        **(more or {}),
    }
    return trial.post_graphql(json.dumps(body).encode(), headers, path, once=once)


def _own_headers(trial: Trial, scheme: str) -> dict[str, str]:
    token = trial.api.tokens.token()
    bearer = {"Authorization": f"{scheme} {token}"} if token else {}
    return {**dict(trial.api.connection.headers), **bearer}


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
