"""The tray: on every page, it carries the browser's events here and our answers back."""

from dataclasses import replace
from typing import Any

import streamlit as st

from client.plan import UploadPlan
from client.transfers import BrowserTransfers, Transfer, Wish
from components.registry import component
from components.session import api_for, browser_transfers, may_upload, transfer_registry, username
from components.upload_slot import close_slot, waiting_slot
from components.uploader import choices
from components.words import UPLOADER, error_text, plan_text

KEY = "tray"


def tray() -> None:
    """Draw the tray. It shows itself where an upload runs and the upload page is not on show."""
    transfers = browser_transfers()
    data = {
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
    if not may_upload():
        return
    event = st.session_state[KEY]["event"]
    own = event["kind"] == "picked" and not event["usual"]
    slot = waiting_slot() if own else None
    wish = replace(choices.wish(), slot=slot) if own else Wish()
    browser_transfers().handle(event, wish)
    if slot and _is_planned(str(event["id"])):
        close_slot()


def _is_planned(transfer_id: str) -> bool:
    """Tell whether a file got its URLs; one that does not fit leaves them for another."""
    transfer = transfer_registry().get(username(), transfer_id)
    return transfer is not None and transfer.plan is not None


def _for_browser(transfers: BrowserTransfers, transfer: Transfer) -> dict[str, Any]:
    """Return the news of a transfer; its plan, some 140 kB of URLs, only while it is needed."""
    news: dict[str, Any] = {"answers": transfer.answers, "done": transfer.state == "done"}
    if transfer.problem:
        problem = transfer.problem
        title, text, code = error_text(problem.code, problem.details, problem.message)
        news["error"] = {"code": code, "text": f"{title}. {text} Code: {code}"}
    elif transfer.plan and transfers.awaits_plan(transfer):
        news["plan"] = _plan_for_browser(transfer, transfer.plan)
    return news


def _plan_for_browser(transfer: Transfer, plan: UploadPlan) -> dict[str, Any]:
    return {
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
