"""The tray: on every page, it carries the browser's events here and our answers back."""

from typing import Any

import streamlit as st

from client.plan import UploadPlan
from client.transfers import Transfer
from components.registry import component
from components.session import browser_transfers, may_upload
from components.uploader.choices import parallel, wish
from components.words import UPLOADER, error_text, plan_text

KEY = "tray"


def tray() -> None:
    """Draw the tray. It shows itself where an upload runs and the upload page is not on show."""
    transfers = browser_transfers()
    data = {
        "seen": transfers.seen,
        "transfers": {transfer.id: _for_browser(transfer) for transfer in transfers.begun()},
        "parallel": parallel(),
        "words": UPLOADER,
    }
    component("tray")(key=KEY, data=data, on_event_change=_answer)


def _answer() -> None:
    if may_upload():
        browser_transfers().handle(st.session_state[KEY]["event"], wish())


def _for_browser(transfer: Transfer) -> dict[str, Any]:
    news: dict[str, Any] = {"answers": transfer.answers, "done": transfer.state == "done"}
    if transfer.problem:
        problem = transfer.problem
        title, text, code = error_text(problem.code, problem.details, problem.message)
        news["error"] = {"code": code, "text": f"{title}. {text} Code: {code}"}
    if transfer.state == "planned" and transfer.plan:
        news["plan"] = _plan_for_browser(transfer.plan)
    return news


def _plan_for_browser(plan: UploadPlan) -> dict[str, Any]:
    explanation = plan_text(plan.kind, plan.size, len(plan.parts), plan.part_size, parallel())
    return {
        "kind": plan.kind,
        "contentType": plan.content_type,
        "explanation": explanation,
        "parts": [(part.number, part.start, part.end, part.url) for part in plan.parts],
    }
