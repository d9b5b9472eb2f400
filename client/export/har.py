"""Exchanges as an HTTP archive, HAR 1.2 (W3C Web Performance group's draft, sections 3 and 4).

Browsers' network panels, proxies and test tools open these files. What we did not measure is
written the way the draft says: -1 for unknown sizes, empty lists for cookies that are never kept.

The draft lets a document have no pages, but Firefox's importer fails without them, Safari's reads
when the first began, and readers of pages find only entries that name one. So there is one page,
also when nothing was asked.
"""

import http.client
import json
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from client.wire.exchange import Exchange

CREATOR = "Temp File Workbench"
PAGE = "page_1"
"""The id of the one page; some readers look for this form."""
MEDIA_TYPE = "application/json"
_HTTP_VERSION = "HTTP/1.1"
_UNKNOWN_SIZE = -1

Entry = dict[str, Any]


def har(exchanges: Iterable[Exchange]) -> str:
    """Return a HAR 1.2 document, pretty-printed JSON; the exchanges' secrets are masked.

    Bodies of files are left out: `bodySize` says how large they were. Times are milliseconds, -1
    for a phase that did not happen; time that belongs to no phase is `blocked`. Of an exchange
    whose phases are not known, a browser's, the whole time stands under `wait`. The oldest entry
    is first; the page begins with it, or now when there is none.
    """
    ordered = sorted(exchanges, key=lambda exchange: exchange.started)
    page: Entry = {
        "startedDateTime": _moment(ordered[0].started if ordered else time.time()),
        "id": PAGE,
        "title": CREATOR,
        "pageTimings": {},
    }
    log: Entry = {
        "version": "1.2",
        "creator": {"name": CREATOR, "version": _own_version()},
        "pages": [page],
        "entries": [_entry(exchange.masked()) for exchange in ordered],
    }
    return json.dumps({"log": log}, indent=2, ensure_ascii=False)


def _own_version() -> str:
    try:
        return version("temp-file-workbench")
    except PackageNotFoundError:  # run from a checkout
        return "0"


def _moment(seconds: float) -> str:
    """Return a moment as ISO 8601 with milliseconds and `+00:00`."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _entry(exchange: Exchange) -> Entry:
    timings = _timings(exchange)
    entry: Entry = {
        "pageref": PAGE,
        "startedDateTime": _moment(exchange.started),
        "time": round(
            sum(spent for name, spent in timings.items() if name != "ssl" and spent >= 0), 3
        ),
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": timings,
        "comment": f"{exchange.purpose}, made by {exchange.made_by}",
    }
    if exchange.request_id:
        entry["_requestId"] = exchange.request_id
    if exchange.error:
        entry["_error"] = exchange.error
    return entry


def _timings(exchange: Exchange) -> dict[str, float]:
    """Return the phases as HAR has them: `connect` includes `ssl`."""
    found = exchange.timings
    if found.wait is None:
        return {"send": 0, "wait": _milliseconds(exchange.seconds), "receive": 0}
    connect = None if found.connect is None else found.connect + (found.tls or 0)
    return {
        "blocked": _milliseconds(max(0.0, exchange.seconds - found.known)),
        "dns": _milliseconds(found.dns),
        "connect": _milliseconds(connect),
        "ssl": _milliseconds(found.tls),
        "send": _milliseconds(found.send or 0),
        "wait": _milliseconds(found.wait),
        "receive": _milliseconds(found.receive or 0),
    }


def _milliseconds(seconds: float | None) -> float:
    return -1 if seconds is None else round(seconds * 1000, 3)


def _request(exchange: Exchange) -> Entry:
    request: Entry = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": _HTTP_VERSION,
        "cookies": [],
        "headers": _named(exchange.request_headers.items()),
        "queryString": _named(parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)),
        "headersSize": _UNKNOWN_SIZE,
        "bodySize": exchange.request_bytes,
    }
    if exchange.request_body is not None:
        request["postData"] = {
            "mimeType": _header(exchange.request_headers, "Content-Type"),
            "text": exchange.request_body,
        }
    return request


def _response(exchange: Exchange) -> Entry:
    headers = exchange.response_headers
    content: Entry = {
        "size": exchange.response_bytes,
        "mimeType": _header(headers, "Content-Type") or "x-unknown",
    }
    if exchange.response_body is not None:
        content["text"] = exchange.response_body
    return {
        "status": exchange.status or 0,
        "statusText": http.client.responses.get(exchange.status or 0, ""),
        "httpVersion": _HTTP_VERSION,
        "cookies": [],
        "headers": _named(headers.items()),
        "content": content,
        "redirectURL": _header(headers, "Location"),
        "headersSize": _UNKNOWN_SIZE,
        "bodySize": exchange.response_bytes if exchange.status else _UNKNOWN_SIZE,
    }


def _named(pairs: Iterable[tuple[str, str]]) -> list[Entry]:
    return [{"name": name, "value": value} for name, value in pairs]


def _header(headers: Mapping[str, str], wanted: str) -> str:
    matches = (value for name, value in headers.items() if name.lower() == wanted.lower())
    return next(matches, "")
