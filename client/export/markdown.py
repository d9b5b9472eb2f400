"""A selection of exchanges as Markdown, to paste into a bug ticket."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from client.connection.connection import Connection
from client.export.pretty_body import pretty_body
from client.wire.exchange import Exchange
from client.wire.filter import tries_of

MEDIA_TYPE = "text/markdown"
LONGEST_BODY = 4_000
"""Characters of a body that are quoted; trackers cut tickets at some 60,000."""
MOST_QUOTED = 10
"""Failed requests that are quoted with headers and bodies."""
_FENCES = re.compile(r"`+")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~@&])")


def markdown_report(
    exchanges: Iterable[Exchange], connection: Connection, names: Mapping[str, str]
) -> str:
    """Return the report: what was talked to, what failed and how, and every request in a table.

    Everything comes masked, and as text: no file name or answer can make markup.

    `names` is transfer id -> name of the file.
    """
    ordered = sorted((one.masked() for one in exchanges), key=lambda one: one.started)
    failed = [exchange for exchange in ordered if exchange.failed]
    facts = [
        f"- Endpoint: {_text(connection.name)}, {_code(connection.host)}",
        f"- Requests: {len(ordered)}, of which {len(failed)} failed",
    ]
    if ordered:
        facts.append(f"- From {_moment(ordered[0].started)} to {_moment(ordered[-1].started)}")
    sections = [
        "# Requests\n",
        *facts,
        "",
        *(["## What failed\n"] if failed else []),
        *(_quoted(exchange) for exchange in failed[:MOST_QUOTED]),
        *([f"… and {len(failed) - MOST_QUOTED} more.\n"] if len(failed) > MOST_QUOTED else []),
        "## All requests\n",
        _table(ordered, names),
    ]
    return "\n".join(sections)


def _quoted(exchange: Exchange) -> str:
    lines = [
        f"### {_text(exchange.purpose)}: {_text(_outcome(exchange))}\n",
        f"- {_code(f'{exchange.method} {exchange.url}')}",
        f"- {_moment(exchange.started)}, {exchange.seconds * 1000:.0f} ms, by {exchange.made_by}",
    ]
    if exchange.request_id:
        lines.append(f"- Request id: {_code(exchange.request_id)}")
    blocks = (
        ("Request headers", _headers(exchange.request_headers)),
        ("Request", _body(exchange.request_body, exchange.request_headers)),
        ("Answer headers", _headers(exchange.response_headers)),
        ("Answer", _body(exchange.response_body, exchange.response_headers)),
    )
    for title, text in blocks:
        if text:
            fence = _fence(text, 3)
            lines.append(f"\n{title}:\n\n{fence}\n{text}\n{fence}")
    return "\n".join(lines) + "\n"


def _table(ordered: Sequence[Exchange], names: Mapping[str, str]) -> str:
    tries = tries_of(ordered)
    head = (
        "| Started (UTC) | Purpose | File | Method | Status | ms | Sent | Received | Request id |"
    )
    rows = [head, "| --- | --- | --- | --- | --- | ---: | ---: | ---: | --- |"]
    for one in ordered:
        again = f", try {tries[one.id]}" if tries[one.id] > 1 else ""
        cells = (
            _moment(one.started).partition(" ")[2].removesuffix(" UTC"),
            _text(one.purpose) + again,
            _text(", ".join(names.get(transfer, "") for transfer in one.transfers)),
            _text(one.method),
            _text(_outcome(one)),
            f"{one.seconds * 1000:.0f}",
            str(one.request_bytes),
            str(one.response_bytes),
            _text(one.request_id or ""),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _outcome(exchange: Exchange) -> str:
    if exchange.status is None:
        return exchange.error or "no answer"
    refused = ", and the body says no" if exchange.refused else ""
    reason = f" {exchange.error}" if exchange.error else ""
    return f"{exchange.status}{reason}{refused}"


def _moment(started: float) -> str:
    moment = datetime.fromtimestamp(started, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d} UTC"


def _headers(headers: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers.items())


def _body(body: str | None, headers: Mapping[str, str]) -> str:
    text = pretty_body(body, headers) if body else ""
    return text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]}\n… cut"


def _text(text: str) -> str:
    """Return a text on one line in which no letter is markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    one_line = " ".join(text.split())
    fence = _fence(one_line, 1)
    return f"{fence} {one_line} {fence}" if "`" in one_line else f"`{one_line}`"


def _fence(text: str, least: int) -> str:
    """Return more backticks than stand side by side in the text."""
    longest = max((len(found) for found in _FENCES.findall(text)), default=0)
    return "`" * max(least, longest + 1)
