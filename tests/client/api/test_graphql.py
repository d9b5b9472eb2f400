import threading

import pytest

from client.api.api import Api
from client.api.operations import multipart_upload
from client.connection.connection import Connection, NoToken, PersonalAccessToken
from client.errors import (
    AuthExpiredError,
    ClientError,
    ComplexityExceededError,
    CredentialsRefusedError,
    CreditsExhaustedError,
    GraphQLFailedError,
    PermissionDeniedError,
    RateLimitedError,
    ServiceDownError,
    UnexpectedAnswerError,
)
from client.export.har import har
from client.export.markdown import markdown_report
from client.wire.retry import RetryPolicy
from tests.client.scripted_endpoint import (
    HTML,
    QUICK,
    Action,
    ScriptedEndpoint,
    answer,
    drop,
    graphql_error,
    lose_answer,
)

ECHO = "query Echo($x: Int) { echo }"


def test_an_operation_returns_its_data(endpoint: ScriptedEndpoint) -> None:
    assert endpoint.api().graphql.execute(ECHO, {"x": 1}, "Echo") == {"echo": {"x": 1}}


def test_one_token_serves_several_operations(endpoint: ScriptedEndpoint) -> None:
    api = endpoint.api()
    for _ in range(3):
        api.graphql.execute(ECHO)
    assert endpoint.times("token") == 1


def test_the_id_and_secret_are_form_encoded(endpoint: ScriptedEndpoint) -> None:
    endpoint.api().tokens.token()
    sent = endpoint.last("token")
    assert (
        sent.body == b"grant_type=client_credentials&client_id=demo&client_secret=s%2Bcret%2Fvalue"
    )
    assert sent.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_token_with_less_than_30_seconds_left_is_renewed(endpoint: ScriptedEndpoint) -> None:
    endpoint.expires_in = 30
    api = endpoint.api()
    assert api.tokens.token() != api.tokens.token()
    endpoint.expires_in = 60
    assert api.tokens.token() == api.tokens.token()


def test_threads_share_one_renewal(endpoint: ScriptedEndpoint) -> None:
    api = endpoint.api()
    tokens: list[str] = []
    threads = [threading.Thread(target=lambda: tokens.append(api.tokens.token())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(tokens), len(set(tokens)), endpoint.tokens) == (8, 1, 1)


HEADERS = (("x-hasura-admin-secret", "canary"), ("X-Shop", "two words"))


def test_without_a_token_headers_say_who_asks(endpoint: ScriptedEndpoint) -> None:
    api = endpoint.api(credentials=NoToken(), headers=HEADERS)
    api.graphql.execute(ECHO)
    sent = endpoint.last("graphql").headers
    assert "Authorization" not in sent
    assert [sent[name] for name, _ in HEADERS] == ["canary", "two words"]
    assert endpoint.times("token") == 0
    endpoint.on("graphql", answer(401, b"{}"))
    with pytest.raises(AuthExpiredError):
        api.graphql.execute(ECHO)
    assert endpoint.times("graphql") == 2


def test_headers_go_along_with_a_token_to_the_api_and_nowhere_else(
    endpoint: ScriptedEndpoint,
) -> None:
    api = endpoint.api(headers=HEADERS)
    api.graphql.execute(ECHO)
    sent = endpoint.last("graphql").headers
    assert sent["Authorization"] == "Bearer eyJraWQi.token.1"
    assert sent["X-Shop"] == "two words"
    assert "X-Shop" not in endpoint.last("token").headers
    api.graphql.ask_without_token("{ __schema { a } }")
    assert "X-Shop" not in endpoint.last("introspection").headers


def test_the_log_names_headers_and_masks_their_values(endpoint: ScriptedEndpoint) -> None:
    api = endpoint.api(headers=HEADERS)
    api.graphql.execute(ECHO)
    [entry] = [one for one in api.log.entries() if one.purpose == "echo"]
    assert [entry.request_headers[name] for name, _ in HEADERS] == ["***", "***"]
    assert "canary" not in har([entry]) + markdown_report([entry], api.connection, {})


def test_wrong_credentials_are_refused_at_once(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("token", answer(400, b'{"error_description": "client secret not valid"}'))
    with pytest.raises(CredentialsRefusedError, match="client secret not valid"):
        endpoint.api().operations.viewer()
    assert endpoint.times("token") == 1


@pytest.mark.parametrize("failure", [drop, answer(503, HTML), answer(429, Retry_After="0")])
def test_a_token_request_is_tried_again(endpoint: ScriptedEndpoint, failure: Action) -> None:
    endpoint.on("token", failure)
    assert endpoint.api().tokens.token() == "eyJraWQi.token.1"


@pytest.mark.parametrize("body", [HTML, b"{}", b"[]", b'{"access_token": 5}'])
def test_an_answer_without_a_token_is_unexpected(endpoint: ScriptedEndpoint, body: bytes) -> None:
    endpoint.on("token", answer(200, body))
    with pytest.raises(UnexpectedAnswerError, match="access_token"):
        endpoint.api().tokens.token()


def test_a_personal_access_token_is_used_as_it_is(endpoint: ScriptedEndpoint) -> None:
    api = endpoint.api(credentials=PersonalAccessToken("amp_pat_x.y"))
    api.graphql.execute(ECHO)
    assert endpoint.last("graphql").headers["Authorization"] == "Bearer amp_pat_x.y"
    assert endpoint.times("token") == 0


def test_a_refused_token_is_renewed_once(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", answer(401, b"{}"))
    endpoint.api().graphql.execute(ECHO)
    assert endpoint.last("graphql").headers["Authorization"] == "Bearer eyJraWQi.token.2"


def test_a_token_refused_twice_is_auth_expired(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", *[graphql_error("no", "UNAUTHENTICATED", 401)] * 3)
    with pytest.raises(AuthExpiredError):
        endpoint.api().graphql.execute(ECHO)
    assert endpoint.times("graphql") == 2


def test_a_refused_personal_access_token_is_not_tried_again(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", answer(401))
    with pytest.raises(AuthExpiredError):
        endpoint.api(credentials=PersonalAccessToken("amp_pat_x")).graphql.execute(ECHO)
    assert endpoint.times("graphql") == 1


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (graphql_error('Request failed with status code: "403"'), PermissionDeniedError),
        (graphql_error("no", "FORBIDDEN"), PermissionDeniedError),
        (graphql_error("no", "ACCESS_DENIED", 403), PermissionDeniedError),
        (
            graphql_error("Complexity limit exceeded", "COMPLEXITY_LIMIT_EXCEEDED", 400),
            ComplexityExceededError,
        ),
        (graphql_error("none left", "INSUFFICIENT_CREDITS"), CreditsExhaustedError),
        (graphql_error("bad", "BAD_USER_INPUT", 400), GraphQLFailedError),
        (graphql_error("14031 is too many"), GraphQLFailedError),
        (answer(200, b'{"errors": ["plain"]}'), GraphQLFailedError),
        (
            answer(200, b'{"errors": [{"message": "x", "code": "FORBIDDEN"}]}'),
            PermissionDeniedError,
        ),
        (answer(403, HTML), PermissionDeniedError),
        (answer(200, b'{"data": null}'), UnexpectedAnswerError),
        (answer(200, HTML), UnexpectedAnswerError),
        (answer(500, HTML), UnexpectedAnswerError),
        (answer(302, b"", Location="/token"), UnexpectedAnswerError),
    ],
)
def test_answers_are_told_apart_and_not_repeated(
    endpoint: ScriptedEndpoint, failure: Action, kind: type[ClientError]
) -> None:
    endpoint.on("graphql", failure)
    with pytest.raises(kind):
        endpoint.api().graphql.execute(ECHO)
    assert endpoint.times("graphql") == 1


def test_a_body_that_is_no_json_is_quoted_with_its_status(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", answer(500, HTML))
    with pytest.raises(
        UnexpectedAnswerError, match=r"status 500 and no JSON: <html><body>Bad gateway"
    ):
        endpoint.api().graphql.execute(ECHO)


@pytest.mark.parametrize(
    "failure", [answer(502, HTML), answer(503), answer(504), answer(429, Retry_After="0")]
)
def test_a_mutation_is_sent_again_after(endpoint: ScriptedEndpoint, failure: Action) -> None:
    endpoint.on("graphql", failure)
    assert endpoint.api().graphql.execute("mutation { echo }") == {"echo": None}


@pytest.mark.parametrize("failure", [drop, lose_answer])
def test_a_mutation_whose_answer_was_lost_is_not_sent_again(
    endpoint: ScriptedEndpoint, failure: Action
) -> None:
    endpoint.on("graphql", failure)
    with pytest.raises(ServiceDownError) as info:
        endpoint.api().graphql.execute("mutation { createAsset }")
    assert info.value.request_sent
    assert endpoint.times("graphql") == 1


def test_a_long_rate_limit_is_told_with_its_seconds(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", answer(429, HTML, Retry_After="42"))
    with pytest.raises(RateLimitedError) as info:
        endpoint.api().graphql.execute(ECHO)
    assert info.value.details["retry_after"] == 42


def test_a_refused_connection_is_tried_again_and_then_names_the_host() -> None:
    connection = Connection("c", "http://127.0.0.1:9/graphql", "", PersonalAccessToken("amp_pat_x"))
    api = Api(connection, policy=QUICK)
    with pytest.raises(ServiceDownError, match=r"127\.0\.0\.1:9 did not answer"):
        api.graphql.execute(ECHO)
    assert len(api.log.entries()) == QUICK.tries


def test_partial_data_is_shown_beside_the_errors(endpoint: ScriptedEndpoint) -> None:
    body = b'{"data": {"a": 1}, "errors": [{"message": "b failed"}]}'
    endpoint.on("graphql", answer(200, body), answer(200, body))
    found = endpoint.api().graphql.ask("{ a b }")
    assert (found.data, found.errors) == ({"a": 1}, ({"message": "b failed"},))
    assert isinstance(found.failure, GraphQLFailedError)
    with pytest.raises(GraphQLFailedError, match="b failed"):
        endpoint.api().graphql.execute("{ a b }")


def test_a_message_with_a_signed_url_is_masked(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", graphql_error("cannot read https://s/t?X-Amz-Signature=abc123"))
    with pytest.raises(GraphQLFailedError) as info:
        endpoint.api().graphql.execute(ECHO)
    assert "abc123" not in str(info.value)


def test_the_size_is_a_literal_integer_inside_an_inline_input() -> None:
    assert "(input: { filesize: 2147483648 })" in multipart_upload(2_147_483_648, "filesize")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("filesize",), "filesize"),
        (("fileSize",), "fileSize"),
        (("fileSize", "filesize"), "filesize"),
    ],
)
def test_the_size_field_follows_the_schema(
    endpoint: ScriptedEndpoint, fields: tuple[str, ...], expected: str
) -> None:
    endpoint.size_fields = fields
    api = endpoint.api()
    for _ in range(2):
        api.plan_upload("clip", 100, "video/mp4")
    assert api.operations.size_field() == expected
    assert endpoint.times("introspection") == 1
    assert endpoint.times("graphql") == 2


@pytest.mark.parametrize(("field", "calls"), [("filesize", 2), ("fileSize", 3)])
def test_without_introspection_the_other_spelling_is_tried_once_and_remembered(
    endpoint: ScriptedEndpoint, field: str, calls: int
) -> None:
    endpoint.introspection = False
    endpoint.size_fields = (field,)
    api = endpoint.api()
    for _ in range(2):
        api.plan_upload("clip", 100, "video/mp4")
    assert endpoint.times("graphql") == calls
    assert api.operations.size_field() == field


def test_another_refusal_of_the_mutation_is_not_taken_for_the_spelling(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.on("graphql", graphql_error("no room left"))
    with pytest.raises(GraphQLFailedError, match="no room left"):
        endpoint.api().plan_upload("clip", 100, "video/mp4")
    assert endpoint.times("graphql") == 1


@pytest.mark.parametrize(
    "payload",
    [
        b'{"data": {}}',
        b'{"data": {"createTempFileMultipartUploadUrl": {}}}',
        b'{"data": {"createTempFileMultipartUploadUrl": {"uploadPartUrls": []}}}',
        b'{"data": {"createTempFileMultipartUploadUrl": {"uploadPartUrls": ["u"]}}}',
        b'{"data": {"createTempFileMultipartUploadUrl": {"uploadPartUrls": ["u"],'
        b' "completeUrl": "c", "downloadUrl": "d", "minPartSize": 0}}}',
    ],
)
def test_a_payload_without_what_is_needed_is_unexpected(
    endpoint: ScriptedEndpoint, payload: bytes
) -> None:
    endpoint.on("graphql", answer(200, payload))
    with pytest.raises(UnexpectedAnswerError, match="without a usable"):
        endpoint.api().plan_upload("clip", 100, "video/mp4")


def test_the_viewer_lists_organizations(endpoint: ScriptedEndpoint) -> None:
    body = b"""{"data": {"viewer": {"organizations": {"edges": [
      {"node": {"id": "o1", "name": "Shop"}}, {"node": null}]}}}}"""
    endpoint.on("graphql", answer(200, body))
    assert endpoint.api().operations.viewer() == {
        "name": "Shop",
        "organizations": [{"id": "o1", "name": "Shop"}],
    }


def test_a_policy_of_one_try_never_repeats(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", answer(503))
    with pytest.raises(UnexpectedAnswerError, match="503"):
        endpoint.api(policy=RetryPolicy(tries=1)).graphql.execute(ECHO)
