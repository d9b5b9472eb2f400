"""One log line for each request, as text or as JSON; never a query, a token or a signature."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from service.monitoring.middleware import FinishedRequest

FIELDS = "request"  # the attribute of a log record that holds a request's fields
TEXT_FORMAT = "%(asctime)s %(levelname)s %(message)s"

log = logging.getLogger(__name__)


def write_access_line(finished: FinishedRequest) -> None:
    """Log a request that is over."""
    if not log.isEnabledFor(logging.INFO):
        return
    fields = request_fields(finished)
    log.info(
        "%s %s %s %d in=%d out=%d %.1f ms%s%s",
        finished.request_id,
        finished.method,
        ascii(finished.path),
        finished.status,
        finished.bytes_in,
        finished.bytes_out,
        fields["ms"],
        f" {finished.error_code}" if finished.error_code else "",
        f" faults={','.join(finished.faults)}" if finished.faults else "",
        extra={FIELDS: fields},
    )


class JsonLines(logging.Formatter):
    """Writes each record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a request's fields stand beside time and level."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        fields: dict[str, Any] | None = getattr(record, FIELDS, None)
        line |= fields if fields else {"message": record.getMessage()}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure_logging(form: str, logger: logging.Logger) -> None:
    """Write the logger's lines to standard error.

    Args:
        form: `text`, `json`, or `off` for warnings and errors only, as text.
        logger: the service's own when it shares its process, the root when it runs alone.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(TEXT_FORMAT))
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING if form == "off" else logging.INFO)


def request_fields(finished: FinishedRequest) -> dict[str, Any]:
    """Return what a line says of a request."""
    fields: dict[str, Any] = {
        "request_id": finished.request_id,
        "method": finished.method,
        "path": finished.path,
        "status": finished.status,
        "bytes_in": finished.bytes_in,
        "bytes_out": finished.bytes_out,
        "ms": round(finished.seconds * 1000, 1),
    }
    if finished.error_code:
        fields["error_code"] = finished.error_code
    if finished.faults:
        fields["faults"] = list(finished.faults)
    return fields
