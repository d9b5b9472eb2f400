"""The tray: on every page, it carries the browser's events here and our answers back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from client.transfers.browser import BrowserTransfers, UploadOptions
from client.transfers.record import Problem, Transfer
from components.common.error_words import UNEXPECTED_EVENT, error_text
from components.playground.upload_slot import close_slot, waiting_slot
from components.registry import component
from components.session import api_for, browser_transfers, may_upload, username
from components.unexpected import logged
from components.upload.uploader import choices
from components.upload.words import UPLOADER, plan_text
from components.widget_state import reported
from process import this_process

KEY = "tray"


def tray() -> None:
    """Draw the tray. It shows itself where an upload runs and the upload page is not on show."""
    transfers = browser_transfers()
    data = {
        "owner": username(),
        "seen": transfers.seen,
        "transfers": {
            transfer.id: _for_browser(transfers, transfer) for transfer in transfers.begun()
        },
        "parallel": choices.parallel(),
        "route": choices.route(),
        "rateCap": choices.rate_cap(),
        "checkParts": choices.check_parts(),
        "sha256": choices.sha256(),
        "words": UPLOADER,
    }
    component("tray")(key=KEY, data=data, on_event_change=_answer)


def _answer() -> None:
    """Answer every event, whatever happens: the browser repeats one that had no answer."""
    event = reported(KEY, "event")
    if not isinstance(event, Mapping):
        return
    event = cast("Mapping[str, Any]", event)
    transfers = browser_transfers()
    if not may_upload():
        transfers.refuse(event, Problem("role-required", {}))
        return
    try:
        own = event.get("kind") == "picked" and not event.get("defaults")
        slot = waiting_slot() if own else None
        options = replace(choices.upload_options(), slot=slot) if own else UploadOptions()
        transfers.handle(event, options)
        if slot:
            transfer = this_process().transfers.get(username(), str(event.get("id")))
            if transfer and transfer.plan:  # a file that does not fit leaves the URLs for another
                close_slot()
    except Exception as error:  # noqa: BLE001 - logged, and said on the file's card
        problem = Problem("unexpected", {}, UNEXPECTED_EVENT.format(id=logged(error)))
        transfers.refuse(event, problem)


def _for_browser(transfers: BrowserTransfers, transfer: Transfer) -> dict[str, Any]:
    """Return the news of a transfer; its plan, some 140 kB of URLs, only while it is needed."""
    news: dict[str, Any] = {"answers": transfer.answers, "done": transfer.state == "done"}
    if transfer.problem:
        problem = transfer.problem
        title, text, code = error_text(problem.code, problem.details, problem.message)
        news["error"] = {"code": code, "text": f"{title}. {text} Code: {code}"}
    elif (plan := transfer.plan) and transfers.awaits_plan(transfer):
        news["plan"] = {
            "kind": plan.kind,
            "contentType": plan.content_type,
            "explanation": plan_text(
                plan.kind, plan.size, len(plan.parts), plan.part_size, choices.parallel()
            ),
            "parts": [(part.number, part.start, part.end, part.url) for part in plan.parts],
            "deadline": plan.deadline,
            "contentMd5": api_for(transfer).content_md5.taken,
            "etags": {str(number): etag for number, etag in transfer.etags.items()},
        }
    return news
