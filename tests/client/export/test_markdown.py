from client.connection.connection import Connection, PersonalAccessToken
from client.export.markdown import LONGEST_BODY, MOST_QUOTED, markdown_report
from client.wire.exchange import Exchange

CONNECTION = Connection(
    "My *endpoint*", "https://h.example/graphql", "https://h.example/t", PersonalAccessToken("x")
)
HOSTILE = "**film** | <b> `x` [y](z)\n# head"


def failing(**other: object) -> Exchange:
    values: dict[str, object] = {"status": 403, "started": 1.5, "transfer": "t1", **other}
    return Exchange("PUT", "https://s/a?X-Amz-Signature=c0ffee", "part 3", **values)  # type: ignore[arg-type]


def report(*exchanges: Exchange) -> str:
    return markdown_report(exchanges, CONNECTION, {"t1": HOSTILE})


def test_it_says_what_was_talked_to_and_what_failed_first() -> None:
    fine = Exchange("GET", "https://s/b", "verify", 0.5, status=206, seconds=0.25)
    text = report(failing(request_id="REQ1", response_body="<Error><Code>No</Code></Error>"), fine)
    assert "- Endpoint: My \\*endpoint\\*, `h.example`" in text
    assert "- Requests: 2, of which 1 failed" in text
    assert "1970-01-01 00:00:00.500 UTC to 1970-01-01 00:00:01.500 UTC" in text
    assert text.index("### part 3: 403") < text.index("## All requests")
    assert "- Request id: `REQ1`" in text
    assert "  <Code>No</Code>" in text
    rows = [line for line in text.splitlines() if line.startswith("| 00:00")]
    assert rows[0] == "| 00:00:00.500 | verify |  | GET | 206 | 250 | 0 | 0 |  |"


def test_nothing_in_it_is_markup_and_no_cell_breaks_the_table() -> None:
    text = report(failing(error="`|` <script>"))
    row = next(line for line in text.splitlines() if line.startswith("| 00:00"))
    assert row.replace("\\|", "").count("|") == 10
    assert "\\*\\*film\\*\\*" in row
    assert "\n# head" not in text
    assert "<script>" not in text.replace("\\<script\\>", "")


def test_a_body_cannot_end_its_fence() -> None:
    text = report(failing(response_body="```\n# out\n````"))
    assert "`````\n```\n# out\n````\n`````" in text


def test_secrets_are_masked_even_when_they_were_not_before() -> None:
    text = report(failing(request_headers={"Authorization": "Bearer c0ffee"}))
    assert "c0ffee" not in text


def test_long_bodies_and_many_failures_are_cut_and_said_so() -> None:
    text = report(*[failing(response_body="x" * 10_000) for _ in range(MOST_QUOTED + 2)])
    assert text.count("### part 3") == MOST_QUOTED
    assert "… and 2 more." in text
    assert "x" * (LONGEST_BODY + 1) not in text
    assert text.count("| part 3") == MOST_QUOTED + 2


def test_a_report_of_nothing_is_one_too() -> None:
    assert "- Requests: 0, of which 0 failed" in report()
